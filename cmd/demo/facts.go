package demo

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"quittance/payments/money"
)

// telling is what one book, or one place of one page, tells of a fact.
type telling struct {
	where  string // "in our ledger", "on /account of S-01, its card"
	amount money.Cents
}

// facts are what all books tell, by what it is about: "owed:S-01-1".
type facts map[string][]telling

func (f facts) tell(fact, where string, amount money.Cents) {
	f[fact] = append(f[fact], telling{where, amount})
}

// read takes what a page told.
func (f facts) read(page string, r *reader) {
	for _, at := range slices.SortedFunc(maps.Keys(r.told), func(a, b spot) int {
		return strings.Compare(a.fact+"\x00"+a.place, b.fact+"\x00"+b.place)
	}) {
		f.tell(at.fact, "on "+page+" ("+at.place+")", r.told[at])
	}
}

// differing is a fact of which not everybody tells the same.
type differing struct {
	fact string
	told []telling
}

// off is by how many cents.
func (d differing) off() money.Cents {
	least, most := d.told[0].amount, d.told[0].amount
	for _, t := range d.told {
		least, most = min(least, t.amount), max(most, t.amount)
	}
	return most - least
}

// words name the fact, and say who tells how much of it, those together who tell
// the same.
func (d differing) words(called func(string) string) string {
	by := map[money.Cents][]string{}
	for _, t := range d.told {
		by[t.amount] = append(by[t.amount], t.where)
	}
	var all []string
	for _, amount := range slices.Sorted(maps.Keys(by)) {
		all = append(all, fmt.Sprintf("%s %s", amount, strings.Join(by[amount], ", ")))
	}
	what, of, _ := strings.Cut(d.fact, ":")
	return fmt.Sprintf("%s of %s: %s", what, called(of), strings.Join(all, "; "))
}

// compare returns the facts of which the books tell different amounts, in the
// order of their names. Of what is in left, by its name, nothing is asked.
func (f facts) compare(left map[string]bool) (all []differing) {
	for _, fact := range slices.Sorted(maps.Keys(f)) {
		_, of, _ := strings.Cut(fact, ":")
		if d := (differing{fact, f[fact]}); !left[of] && d.off() != 0 {
			all = append(all, d)
		}
	}
	return all
}
