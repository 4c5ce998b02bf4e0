package frontend

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

// DefaultAccent is the color used when the agency names none.
const DefaultAccent = "#0f5f59"

// MinContrast is what WCAG 2.2 AA asks between text and what is behind it.
const MinContrast = 4.5

// ErrAccentFormat and ErrAccentContrast say why an agency's color is refused.
var (
	ErrAccentFormat   = errors.New("the accent color is not of the form #0f5f59")
	ErrAccentContrast = errors.New("the accent color is too light to read on white; choose a darker one")
)

// The papers of tokens.css as sRGB: white sheets and warm paper by day, sheets
// by night. Links and buttons in the accent stand on them.
var (
	paperLight = rgb{0.988, 0.976, 0.957}
	sheetDark  = rgb{0.137, 0.157, 0.184}
)

// CheckAccent refuses a color below 4.5:1 on the light pages, where it is both
// the color of links and, under white words, of buttons. The dark pages use a
// lighter tint of it that is made to be readable.
func CheckAccent(hex string) error {
	c, err := parseHex(hex)
	if err != nil {
		return err
	}
	ratio := min(contrast(c, rgb{1, 1, 1}), contrast(c, paperLight))
	if ratio < MinContrast {
		return fmt.Errorf("%w (%s has %.1f:1, at least %.1f:1 is needed)", ErrAccentContrast, hex, ratio, MinContrast)
	}
	return nil
}

// agencyCSS writes the agency's color by day and by night. It is a style sheet
// of its own because the pages allow no inline styles.
func agencyCSS(accent string) ([]byte, error) {
	if accent == "" {
		accent = DefaultAccent
	}
	if err := CheckAccent(accent); err != nil {
		return nil, err
	}
	day, err := parseHex(accent)
	if err != nil {
		return nil, err
	}
	night := lighten(day)
	return fmt.Appendf(nil,
		":root{--agency-accent:%s;--agency-on-accent:#fff}\n"+
			"@media (prefers-color-scheme:dark){:root{--agency-accent:%s;--agency-on-accent:#0d1417}}\n",
		day.hex(), night.hex()), nil
}

// lighten mixes white into the color until it reads well on dark sheets, with
// room to spare for the washes behind it.
func lighten(c rgb) rgb {
	for step := 0.0; step < 1; step += 0.02 {
		mixed := rgb{c.r + (1-c.r)*step, c.g + (1-c.g)*step, c.b + (1-c.b)*step}
		if contrast(mixed, sheetDark) >= MinContrast+2.5 {
			return mixed
		}
	}
	return rgb{1, 1, 1}
}

// rgb is a color in sRGB, each part from 0 to 1.
type rgb struct{ r, g, b float64 }

func parseHex(hex string) (rgb, error) {
	if len(hex) != 7 || hex[0] != '#' {
		return rgb{}, ErrAccentFormat
	}
	v, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		return rgb{}, ErrAccentFormat
	}
	return rgb{float64(v>>16) / 255, float64(v>>8&255) / 255, float64(v&255) / 255}, nil
}

func (c rgb) hex() string {
	part := func(f float64) int { return int(math.Round(f * 255)) }
	return fmt.Sprintf("#%02x%02x%02x", part(c.r), part(c.g), part(c.b))
}

// contrast is WCAG's ratio between two colors, from 1 to 21.
func contrast(a, b rgb) float64 {
	la, lb := a.luminance(), b.luminance()
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func (c rgb) luminance() float64 {
	linear := func(f float64) float64 {
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.r) + 0.7152*linear(c.g) + 0.0722*linear(c.b)
}
