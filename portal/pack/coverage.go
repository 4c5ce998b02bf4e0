package pack

import (
	"slices"
	"strings"

	"quittance/plans/civil"
)

// Why the portal is off for a consumer.
const (
	NotListed      = "state_off"       // the agency did not turn the state on
	LicenseMissing = "license_missing" // a license number must be printed there and none is given
	PlaceUnknown   = "state_unknown"   // nobody knows where the consumer lives
)

// Places is the law where the agency works: the book, the states that are on,
// and the license numbers.
type Places struct {
	Book     Book
	States   []string // two letters each; empty: every state that has a pack
	Licenses []string // "California 10123-99", as the agency writes them
}

// Resolve says what holds for a consumer and a debt, and whether the portal is
// on for them: everywhere they may live has to be turned on, with its license
// number where one must be printed (STA-03, STA-05).
func (p Places) Resolve(f Facts) Effects {
	e := Resolve(p.Book, f)
	candidates := Candidates(f.State, f.PostalCode)
	if len(candidates) == 0 {
		e.Off, e.Reason = true, PlaceUnknown
		return e
	}
	for _, state := range candidates {
		if !p.listed(state) {
			e.Off, e.Reason = true, NotListed
			return e
		}
	}
	for _, place := range e.LicenseOf {
		if p.License(place) == "" {
			e.Off, e.Reason = true, LicenseMissing
		}
	}
	return e
}

func (p Places) listed(state string) bool {
	if len(p.States) > 0 {
		return slices.Contains(p.States, state)
	}
	return slices.ContainsFunc(p.Book.Packs, func(q Pack) bool { return q.State() == state && !q.City() })
}

// License is the agency's license of a jurisdiction as it is printed, or
// nothing. A license is known by the place's English name or its letters, with
// which it begins.
func (p Places) License(jurisdiction string) string {
	for _, license := range p.Licenses {
		if p.placeOf(license) == jurisdiction && strings.ContainsAny(license, "0123456789") {
			return license
		}
	}
	return ""
}

// placeOf is the jurisdiction whose name a license begins with; the longest
// name wins, so that New York City is not New York.
func (p Places) placeOf(license string) string {
	best, length := "", 0
	for _, q := range p.Book.Packs {
		for _, name := range []string{q.Name["en"], q.Jurisdiction, strings.TrimPrefix(q.Jurisdiction, "US-")} {
			if len(name) > length && begins(license, name) {
				best, length = q.Jurisdiction, len(name)
			}
		}
	}
	return best
}

func begins(s, word string) bool {
	if len(s) <= len(word) || !strings.EqualFold(s[:len(word)], word) {
		return false
	}
	return strings.ContainsRune(" :,-#", rune(s[len(word)]))
}

// Standing is one state as `portal check` shows it.
type Standing struct {
	State  string
	On     bool
	Pack   string // the stamp of its pack; empty: none, so the federal rules alone
	Reason string // why it is off
}

// Standings lists every state that has a pack or was turned on, with what it
// lacks on the day.
func (p Places) Standings(day civil.Date) []Standing {
	stamps := map[string]string{}
	for q := range p.Book.On(Day(day)) {
		if q.State() != "" && !q.City() {
			stamps[q.State()] = q.Stamp()
		}
	}
	var all []Standing
	for state := range prefixes {
		if stamps[state] == "" && !slices.Contains(p.States, state) {
			continue
		}
		e := p.Resolve(Facts{State: state, PostalCode: anywhereIn(state), Day: day})
		all = append(all, Standing{State: state, On: !e.Off, Pack: stamps[state], Reason: e.Reason})
	}
	slices.SortFunc(all, func(a, b Standing) int { return strings.Compare(a.State, b.State) })
	return all
}

// anywhereIn is a postal code of the state outside the cities that have packs.
func anywhereIn(state string) string {
	stretch := prefixes[state][len(prefixes[state])-1]
	return stretch[4:] + "99"
}

// States lists every place in the US by its two letters.
func States() []string {
	var all []string
	for state := range prefixes {
		all = append(all, state)
	}
	slices.Sort(all)
	return all
}
