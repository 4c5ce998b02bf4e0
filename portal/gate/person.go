package gate

import (
	"slices"

	"quittance/plans/civil"
	"quittance/portal/debt"
)

// adult is the age in years below which a parent or guardian is the consumer
// (STS-06).
const adult = 18

// ofPerson are the statuses that are a person's and not one debt's: they count
// for every debt of the account (STS-01, STS-02, STS-06).
var ofPerson = []debt.Status{debt.Bankruptcy, debt.Deceased, debt.Minor}

// Person is the consumer behind a debt: when they were born, and all their
// debts.
type Person struct {
	Born  civil.Date
	Debts []debt.Debt
}

// Standing is all that a debt counts as on a day: the person's statuses first,
// whichever debt they were reported on, then the debt's own and those of its
// holds, an active debt past its limitation date being time-barred (STS-07).
func (p Person) Standing(d debt.Debt, day civil.Date) Standing {
	var all []debt.Status
	for _, s := range ofPerson {
		if s == debt.Minor && p.minor(day) || slices.ContainsFunc(p.Debts, func(d debt.Debt) bool { return d.Counts(s) }) {
			all = append(all, s)
		}
	}
	for _, s := range d.StatusesOn(day) {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	part, whole := d.InDispute()
	if whole || d.Status == debt.Disputed {
		part = 0
	}
	return Standing{Statuses: all, DisputedPart: part, Joint: d.Joint}
}

// Status is the one status that a page speaks of: the strictest.
func (p Person) Status(d debt.Debt, day civil.Date) debt.Status {
	return p.Standing(d, day).Strictest()
}

func (p Person) minor(day civil.Date) bool {
	grown := p.Born
	grown.Year += adult
	return !p.Born.IsZero() && day.Before(grown)
}
