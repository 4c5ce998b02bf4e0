package debt

import (
	"slices"
	"time"

	"quittance/payments/money"
	"quittance/plans/civil"
)

// Hold is a reason, beside the system of record's own status, why a debt may
// not be collected as before: a dispute, a request, an event in somebody's life.
// It takes effect when it is opened and ends only when its source is answered or
// cleared (DIS-02, DIS-03, rules.md O).
type Hold struct {
	ID        string // "hld_…"
	AccountID AccountID
	DebtID    ID
	Status    Status      // what the debt counts as while the hold is open
	Amount    money.Cents // of a dispute of a part: the disputed cents; 0 for the whole debt (DIS-04)
	Source    string      // the id of what opened it
	OpenedAt  time.Time
}

// StatusesOn are all the statuses that count on a day, each once: the system of
// record's first, then those of the open holds. A dispute of a part is among
// them as Disputed.
func (d Debt) StatusesOn(day civil.Date) []Status {
	all := []Status{d.StatusOn(day)}
	for _, h := range d.Holds {
		if !slices.Contains(all, h.Status) {
			all = append(all, h.Status)
		}
	}
	return all
}

// Counts reports whether the system of record, or an open hold, says a status of
// the debt.
func (d Debt) Counts(s Status) bool {
	return d.Status == s || slices.ContainsFunc(d.Holds, func(h Hold) bool { return h.Status == s })
}

// InDispute says how much of a debt is disputed by its open holds: all of it,
// or so many cents of a debt that is otherwise free. A status of the system of
// record is not looked at.
func (d Debt) InDispute() (part money.Cents, whole bool) {
	for _, h := range d.Holds {
		if h.Status == Disputed {
			part, whole = part+h.Amount, whole || h.Amount == 0
		}
	}
	return part, whole
}
