package identity

import (
	"crypto/hmac"
	"errors"
	"strings"
	"time"

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

// oldest is more years than anybody has lived.
const oldest = 125

// Birth takes a date of birth that somebody alive can have: no later than today
// and not before anybody's. What no record can hold is no guess.
func Birth(d civil.Date, now time.Time) (Factor, error) {
	if d.IsZero() || civil.Of(now).Before(d) || d.Year < now.Year()-oldest {
		return Factor{}, ErrMalformedFactor
	}
	return Factor{kind: string(DateOfBirth), value: d.String()}, nil
}

// zipDigits reads five or nine digits, whatever sets them apart, and keeps the
// first five.
func zipDigits(s string) (string, bool) {
	if len(s) > maxTyped {
		return "", false
	}
	digits := joined(Plain(s))
	if len(digits) != 5 && len(digits) != 9 || strings.Trim(digits, "0123456789") != "" {
		return "", false
	}
	return digits[:5], true
}

// facts are those of one kind that are held of a person, and how each counts.
// Someone of whom nothing is held matches nothing.
type facts struct {
	opens  [2]string
	silent string // it is right, opens nothing yet, and is no guess either
}

// factsOf says what opens at a time. For some days after the person changed
// their mailing address here, the ZIP code before it opens and the new one does
// not: whoever came in once does not choose what opens next. After a change by a
// file or by the agency both open (debt.MoveFor).
func factsOf(p Person, kind FactorKind, now time.Time) facts {
	if kind == DateOfBirth {
		return facts{opens: [2]string{p.DateOfBirth.String()}}
	}
	zip, _ := zipDigits(p.PostalCode)
	was, _ := zipDigits(p.Moved.PostalCode)
	switch {
	case was == "" || was == zip || !p.Moved.Lately(now):
		return facts{opens: [2]string{zip}}
	case p.Moved.Own:
		return facts{opens: [2]string{was}, silent: zip}
	}
	return facts{opens: [2]string{zip, was}}
}

// judge compares keyed hashes, so that neither length nor content shows in the
// time it takes, and makes four of them whatever is held (S2).
func (f Factor) judge(hash func(parts ...string) []byte, held facts) (opens, silent bool) {
	given := hash("held", f.kind, f.value)
	same := func(held string) bool {
		label := "held"
		if held == "" {
			label = "nothing is held"
		}
		return hmac.Equal(given, hash(label, f.kind, held))
	}
	first, second, third := same(held.opens[0]), same(held.opens[1]), same(held.silent)
	return first || second, third
}
