package gate

import (
	"slices"
	"time"

	"quittance/payments"
	"quittance/portal/debt"
)

// Moving is a payment that did not fail, with the moment at which the system of
// record acknowledged it (zero: not yet).
type Moving struct {
	payments.Payment
	PostedAt time.Time
	// Others means that somebody else who owes a debt of the account too made it: it
	// counts, and nobody here is told of it.
	Others bool
}

// AddPayments adds an account's payments to the statements of its debts: what is
// reserved, what of it waits for the consumer, what is held apart, and what is on
// its way to the collector's books (AMT-07). What a payment keeps stands on its
// debts as payments.Spread says.
func AddPayments(all []debt.Statement, paid []Moving) {
	for _, p := range paid {
		for i, stays := range p.Shares() {
			a := p.Allocations[i]
			at := slices.IndexFunc(all, func(st debt.Statement) bool { return st.Debt.ID == debt.ID(a.DebtID) })
			if at >= 0 {
				p.addTo(&all[at], a, debt.Movement{
					PaymentReference: p.Reference, Amount: stays, Held: a.Held != "", Confirmed: !p.ConfirmedAt.IsZero(),
					At: slices.MaxFunc([]time.Time{p.CreatedAt, p.SubmittedAt, p.ConfirmedAt}, time.Time.Compare),
				})
			}
		}
	}
}

// addTo adds one allocation, of which the movement's amount stays.
func (p Moving) addTo(st *debt.Statement, a payments.Allocation, m debt.Movement) {
	switch {
	case p.Status.InFlight(): // a draft is not money: nothing of it is reserved or on its way
		m.Amount, m.Held = a.Amount, false
		if st.Pending += a.Amount; p.Others {
			return
		}
		if p.Status == payments.NeedsAction {
			st.Waiting += a.Amount
		}
	case m.Amount <= 0:
		return
	case m.Held:
		st.Held += m.Amount
		if p.Others {
			return
		}
	case p.Others:
		return
	case st.Debt.Snapshot.Absorbs(p.PostedAt):
		return
	}
	st.OnTheWay = append(st.OnTheWay, m)
}
