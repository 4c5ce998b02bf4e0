package identity

import (
	"crypto/hmac"
	"errors"
	"strings"
	"time"
	"unicode"

	"quittance/plans/civil"
)

// ErrMalformedFactor is returned for what cannot be a ZIP code or a day, before
// anything is looked up.
var ErrMalformedFactor = errors.New("not a ZIP code or date of birth")

// FactorKind is the personal fact an agency matches consumers by. There is only
// ever one: it shows that the right person holds the code, and is no secret.
type FactorKind string

// The two facts, named as the configuration names them.
const (
	PostalCode  FactorKind = "postal_code"
	DateOfBirth FactorKind = "date_of_birth"
)

// Factor is a fact as given by a visitor, in one spelling.
type Factor struct{ kind, value string }

// ZIP reads a ZIP code; of ZIP+4 the first five digits count.
func ZIP(typed string) (Factor, error) {
	digits, ok := zipDigits(typed)
	if !ok {
		return Factor{}, ErrMalformedFactor
	}
	return Factor{kind: string(PostalCode), value: digits}, nil
}

// Birth takes a date of birth that is no later than today.
func Birth(d civil.Date, now time.Time) (Factor, error) {
	if d.IsZero() || civil.Of(now).Before(d) {
		return Factor{}, ErrMalformedFactor
	}
	return Factor{kind: string(DateOfBirth), value: d.String()}, nil
}

// zipDigits drops spaces and hyphens and keeps the first five of five or nine
// digits.
func zipDigits(s string) (string, bool) {
	var b strings.Builder
	for _, r := range s {
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Dash, r):
		case r >= '0' && r <= '9' && b.Len() < 9:
			b.WriteRune(r)
		default:
			return "", false
		}
	}
	if b.Len() != 5 && b.Len() != 9 {
		return "", false
	}
	return b.String()[:5], true
}

// factorOf is the fact of the given kind that is held of a person. Someone of
// whom it is not held matches nothing.
func factorOf(p Person, kind FactorKind) string {
	if kind == DateOfBirth {
		return p.DateOfBirth.String()
	}
	zip, _ := zipDigits(p.PostalCode)
	return zip
}

// matches compares keyed hashes, so that neither length nor content shows in
// the time it takes, and makes two of them whatever is held.
func (f Factor) matches(hash func(parts ...string) []byte, held string) bool {
	label := "held"
	if held == "" {
		label = "nothing is held"
	}
	return hmac.Equal(hash("held", f.kind, f.value), hash(label, f.kind, held))
}
