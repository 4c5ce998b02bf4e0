package gate

import (
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

// Status is the status of a debt that counts on a day: the person's first,
// then the debt's own, an active debt past its limitation date being
// time-barred (STS-07).
func (p Person) Status(d debt.Debt, day civil.Date) debt.Status {
	for _, s := range ofPerson {
		for _, other := range p.Debts {
			if other.Status == s {
				return s
			}
		}
	}
	if p.minor(day) {
		return debt.Minor
	}
	return d.StatusOn(day)
}

func (p Person) minor(day civil.Date) bool {
	grown := p.Born
	grown.Year += adult
	return !p.Born.IsZero() && day.Before(grown)
}

// Rules answers for pages what may be shown and offered to the consumer who is
// looking. Nothing is decided or kept here: services ask a Keeper, under lock,
// before anything moves.
type Rules struct{}

// May says whether the consumer may do something about a debt on a day.
func (Rules) May(d debt.Debt, a Action, day civil.Date) Decision {
	return Decide(a, d.StatusOn(day), Facts{ByConsumer: true})
}

// WholeOnly reports whether only the whole balance may be paid (STS-07).
func (r Rules) WholeOnly(d debt.Debt, day civil.Date) bool { return r.May(d, Pay, day).WholeOnly }

// CreditCards reports whether any card may be used for the debt (STR-02).
func (Rules) CreditCards(d debt.Debt) bool { return Card(d.Type, "").Allowed }
