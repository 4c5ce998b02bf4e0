package intake

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"quittance/portal/debt"
)

// another lists the columns by which a row's person is another than the one held
// under its account_ref; none where it is the same person. Where both birth dates
// are known they decide: people marry and move. Else it takes two of surname,
// first name and ZIP code (1692c(b), 1006.6(d)).
func (h HeldAccount) another(row debt.Consumer) []column {
	held := h.Account.Consumer
	if h.nobody() {
		return nil
	}
	if !held.DateOfBirth.IsZero() && !row.DateOfBirth.IsZero() {
		if held.DateOfBirth != row.DateOfBirth {
			return []column{dateOfBirth}
		}
		return nil
	}
	differs := otherName(held, row)
	if !h.livedAt(row.Address.PostalCode) {
		differs = append(differs, postalCode)
	}
	if len(differs) < 2 {
		return nil
	}
	return differs
}

// nobody reports whether the account's person was erased (REC-01): whoever is
// placed under its reference now is taken as they come.
func (h HeldAccount) nobody() bool {
	return h.Account.Consumer.FirstName == "" && h.Account.Consumer.LastName == ""
}

// livedAt reports whether the person is, or was, known at a ZIP code. One that is
// not said is no other.
func (h HeldAccount) livedAt(zip string) bool {
	c := h.Account.Consumer
	known := []string{c.Address.PostalCode, c.Moved.PostalCode}
	for _, l := range h.Left {
		known = append(known, l.Address.PostalCode)
	}
	return zip == "" || c.Address.PostalCode == "" || slices.ContainsFunc(known, func(k string) bool { return k != "" && five(k) == five(zip) })
}

func five(zip string) string { return zip[:min(5, len(zip))] }

// otherName lists which of two names differ. Where somebody has one name only the
// whole names are compared, and another one counts as two.
func otherName(held, row debt.Consumer) []column {
	first, last := sameName(held.FirstName, row.FirstName), sameName(held.LastName, row.LastName)
	if held.FirstName == "" || held.LastName == "" || row.FirstName == "" || row.LastName == "" {
		whole, said := words(held.FirstName+" "+held.LastName), words(row.FirstName+" "+row.LastName)
		shorter, longer := whole, said
		if len(shorter) > len(longer) {
			shorter, longer = longer, shorter
		}
		missing := func(w string) bool { return !slices.Contains(longer, w) }
		first = !slices.ContainsFunc(shorter, missing)
		last = first
	}
	var differs []column
	if !last {
		differs = append(differs, lastName)
	}
	if !first {
		differs = append(differs, firstName)
	}
	return differs
}

// sameName compares two names by their letters: capitals, accents, blanks and
// hyphens do not count, nor do second names and suffixes that one of them lacks.
func sameName(a, b string) bool {
	if a == b {
		return true
	}
	one, other := words(a), words(b)
	if len(one) > len(other) {
		one, other = other, one
	}
	return len(one) > 0 && slices.Equal(one, other[:len(one)]) || strings.Join(one, "") == strings.Join(other, "")
}

// words are the words of a name in small letters without accents.
func words(name string) []string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r), r == '\'', r == '’':
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(name))
	return strings.FieldsFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
