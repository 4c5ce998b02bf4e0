package web

import (
	"errors"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a form. The longest asks two things of each debt of a person, and
// the longest field takes 3000 characters of any script.
const (
	maxFields     = 1000
	maxFieldBytes = 4 * 3000
)

// ErrBadForm is a body that no form of ours sends: a field twice, too many
// fields, or a broken encoding.
var ErrBadForm = errors.New("form is not one that this page sends")

// Form is what a consumer typed, each field once.
type Form struct{ values map[string]string }

// parseForm reads an urlencoded body strictly. A field that comes twice is
// refused rather than guessed at. NUL bytes, other control characters and
// broken UTF-8 become U+FFFD, which no field accepts: the answer then stands
// beside the field like for any other slip.
func parseForm(body string) (Form, error) {
	form := Form{values: map[string]string{}}
	if body == "" {
		return form, nil
	}
	pairs := strings.Split(body, "&")
	if len(pairs) > maxFields {
		return Form{}, ErrBadForm
	}
	for _, pair := range pairs {
		name, value, err := unescape(pair)
		if err != nil {
			return Form{}, err
		}
		if _, twice := form.values[name]; twice {
			return Form{}, ErrBadForm
		}
		form.values[name] = value
	}
	return form, nil
}

func unescape(pair string) (name, value string, err error) {
	name, value, _ = strings.Cut(pair, "=")
	if name, err = url.QueryUnescape(name); err != nil {
		return "", "", ErrBadForm
	}
	if value, err = url.QueryUnescape(value); err != nil {
		return "", "", ErrBadForm
	}
	if name == "" || len(name) > maxFieldBytes || len(value) > maxFieldBytes || !utf8.ValidString(name) {
		return "", "", ErrBadForm
	}
	return name, clean(value), nil
}

// clean keeps line ends and tabs, and marks what no person types.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' {
			return r
		}
		if unicode.IsControl(r) || r == utf8.RuneError {
			return utf8.RuneError
		}
		return r
	}, s)
}

// Text returns what was typed into a field, without the spaces around it.
func (f Form) Text(name string) string { return strings.TrimSpace(f.values[name]) }

// Typed returns a field exactly as it was typed, to be shown again.
func (f Form) Typed(name string) string { return f.values[name] }

// Has reports whether the field came at all.
func (f Form) Has(name string) bool {
	_, ok := f.values[name]
	return ok
}

// FormOf makes a form from values, for a page that is filled in again.
func FormOf(values map[string]string) Form { return Form{values: values} }
