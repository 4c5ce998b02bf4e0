package consumer

import (
	"context"
	"io"
	"strings"
	"time"

	"quittance/frontend/components/summary"
	"quittance/frontend/locale"
	"quittance/plans/civil"
)

// Access is where a person is signed in, and how they come back: their own code
// is shown after the personal detail alone, and on no paper.
//
// POST /account/access/sign-out ends all sessions; POST /account/access/code
// with the personal detail, as in Verify, shows the code.
type Access struct {
	Base
	Sessions []SignedIn
	Verify   Verify // the field and what is wrong with it
	Code     string // "K7Q2-9MXD-4F"; empty: it is asked for
}

// SignedIn is one place where the person is signed in.
type SignedIn struct {
	Device      string // in words of ours, "android chrome"; empty is not known
	Since, Seen time.Time
	Here        bool
}

// Render writes the page.
func (p Access) Render(ctx context.Context, w io.Writer) error { return accessPage(p).Render(ctx, w) }

func (p Access) problems() []summary.Line {
	if p.Verify.Failed {
		return line("zip", p.T("verify.failed"))
	}
	return p.Verify.problems()
}

var (
	deviceSystems = map[string]locale.Key{
		"iphone": "device.iphone", "ipad": "device.ipad", "android": "device.android", "chromebook": "device.chromebook",
		"windows": "device.windows", "mac": "device.mac", "linux": "device.linux",
	}
	deviceBrowsers = map[string]string{
		"edge": "Edge", "opera": "Opera", "samsung": "Samsung Internet", "firefox": "Firefox", "chrome": "Chrome", "safari": "Safari",
	}
)

// device names a browser as people do: "Android phone or tablet, Chrome".
func (p Access) device(s SignedIn) string { return DeviceName(p.Words, s.Device) }

// DeviceName does so of words of ours, "android chrome".
func DeviceName(words *locale.Printer, device string) string {
	name, browser := words.T("device.other"), ""
	for word := range strings.FieldsSeq(device) {
		if key, known := deviceSystems[word]; known {
			name = words.T(key)
		} else if known := deviceBrowsers[word]; known != "" {
			browser = ", " + known
		}
	}
	return name + browser
}

func (p Access) moment(at time.Time) string {
	return p.Words.Date(civil.Of(at)) + ", " + p.Words.Clock(at)
}
