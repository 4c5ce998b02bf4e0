package consumer

import (
	"slices"

	"quittance/frontend/pages/consumer"
	"quittance/payments"
	"quittance/plans/civil"
	"quittance/portal/debt"
)

func (v view) accountDebt(b consumer.Base, s debt.Statement) consumer.AccountDebt {
	status, day := v.standing(s)
	sum := v.balances(s)
	return consumer.AccountDebt{
		ID: string(s.Debt.ID), Creditor: s.Debt.CreditorName, What: s.Debt.Description, Amount: sum.total(), Disputed: sum.disputed,
		Status: status, Day: day, Pending: v.onTheWay(s), Notices: v.notices(b, s.Debt),
		Credit: credited(s), Provisional: v.provisional(s),
	}
}

// provisional is until when what counts as paid may be taken back; zero: nothing
// may, or the debt does not count as paid.
func (v view) provisional(s debt.Statement) civil.Date {
	if status, _ := v.standing(s); status != consumer.DebtPaid {
		return civil.Date{}
	}
	return v.reversible(string(s.Debt.ID))
}

// credited is what was paid beyond a debt.
func credited(s debt.Statement) consumer.Credit {
	return consumer.Credit{Amount: s.Credit, Stated: s.Credit > 0 && s.Credit <= s.Debt.Snapshot.Stated()}
}

func (v view) debtPage(b consumer.Base, s debt.Statement) consumer.Debt {
	status, day := v.standing(s)
	d, i := s.Debt, s.Debt.Itemization
	sum := v.balances(s)
	paid, other := sum.since(s)
	page := consumer.Debt{
		Base: b, ID: string(d.ID), Creditor: d.CreditorName, OriginalCreditor: d.OriginalCreditorName,
		AccountEnding: d.AccountNumberLast4, What: d.Description, Since: d.ContractDate,
		Itemization: consumer.Itemization{Date: i.Date, Owed: i.Amount, Interest: i.Interest, Fees: i.Fees, Paid: i.Credits, Now: i.Total(), PaidHere: paid, Changed: other},
		Current:     sum.owed, Disputed: sum.disputed, OnHold: sum.onHold, CurrentAsOf: v.snapshotDay(d.Snapshot.AsOf),
		Status: status, Day: day, Pending: v.onTheWay(s), Notices: v.notices(b, d), Credit: credited(s), Provisional: v.provisional(s),
	}
	for _, out := range s.Excluded {
		page.LeftOut = append(page.LeftOut, consumer.LeftOut{Fees: out.Part == debt.Fees, Law: out.Rule != debt.NoAuthority, Amount: out.Amount})
	}
	page.CanPay = v.canPay(s) && !page.PaymentsOff
	return page
}

// standing says in one word where a debt stands, and the day that goes with it.
func (v view) standing(s debt.Statement) (consumer.DebtStatus, civil.Date) {
	status := v.status(s.Debt)
	switch {
	case status == debt.Recalled:
		return consumer.DebtClosed, civil.Date{}
	case status == debt.Disputed:
		return consumer.DebtDisputed, civil.Date{}
	case status == debt.Paid || s.Owed <= 0:
		return consumer.DebtPaid, v.paidOn(s.Debt.ID)
	case v.closed(s) == consumer.ClosedHold:
		return consumer.DebtHold, civil.Date{}
	case v.closed(s) != consumer.ClosedNot:
		return consumer.DebtPending, civil.Date{}
	}
	if day, returned := v.returnedOn(s.Debt.ID); returned != "" {
		return returned, day
	}
	if status == debt.TimeBarred {
		return consumer.DebtTimeBarred, civil.Date{}
	}
	return consumer.DebtOpen, civil.Date{}
}

func (v view) paidOn(id debt.ID) civil.Date {
	for _, p := range v.payments {
		if p.Status == payments.Confirmed && landed(p, id) {
			return v.dayOf(p.ConfirmedAt)
		}
	}
	return civil.Date{}
}

// landed reports whether a part of a payment stands on a debt.
func landed(p payments.Payment, id debt.ID) bool {
	return slices.ContainsFunc(p.Allocations, func(a payments.Allocation) bool { return a.DebtID == string(id) && a.Held == "" })
}

// returnedOn is the day on which the newest payment of a debt came back, and how;
// empty when it did not.
func (v view) returnedOn(id debt.ID) (civil.Date, consumer.DebtStatus) {
	for _, p := range v.payments {
		if allocated(p, id) == 0 || replaceable(p) || p.Status == payments.Canceled {
			continue
		}
		switch {
		case chargedBack(p) && p.WithdrawnOf(string(id)) > 0:
			return v.dayOf(p.ClosedAt), consumer.DebtChargeback
		case sentBack(p):
			return v.dayOf(p.ClosedAt), consumer.DebtReturned
		}
		return civil.Date{}, ""
	}
	return civil.Date{}, ""
}

// chargedBack reports whether the bank took a card payment, or a part of one, back
// because of a dispute (STR-14).
func chargedBack(p payments.Payment) bool {
	return p.Method == payments.Card && p.Withdrawn > p.Lost()
}

// onTheWay lists the payments of a debt that were sent and have no outcome yet,
// and those that were paid since the balance that the collector told.
func (v view) onTheWay(s debt.Statement) []consumer.OnTheWay {
	var list []consumer.OnTheWay
	for _, p := range v.payments {
		amount := allocated(p, s.Debt.ID)
		if amount == 0 || !p.Status.InFlight() || replaceable(p) {
			continue
		}
		list = append(list, consumer.OnTheWay{
			Reference: p.Reference, PaymentID: string(p.ID), Amount: amount, ClearsBy: v.expected(p),
		})
	}
	for _, m := range s.OnTheWay {
		if m.Confirmed {
			list = append(list, consumer.OnTheWay{
				Reference: m.PaymentReference, Amount: m.Amount, Paid: v.dayOf(m.At), Held: m.Held,
			})
		}
	}
	return list
}

// expected is the day by which a payment should clear, or none where that day is
// past: nothing is promised that was not kept.
func (v view) expected(p payments.Payment) civil.Date {
	by := v.today
	switch {
	case !p.ExpectedBy.IsZero():
		by = v.dayOf(p.ExpectedBy)
	case p.Method == payments.BankAccount:
		by = v.clearsBy(p.SubmittedAt)
	}
	if by.Before(v.today) {
		return civil.Date{}
	}
	return by
}

// notices are the texts that the law wants beside a debt's amount (STS-07).
func (v view) notices(b consumer.Base, d debt.Debt) []consumer.Notice {
	_, effects := v.place(d)
	return v.lawNotices(b, d, effects.Beside)
}

// paymentLines are the payments that were sent, but for those of debts that are
// hidden from who is here.
func (v view) paymentLines() []consumer.PaymentLine {
	var lines []consumer.PaymentLine
	hidden := v.hidden()
	for _, p := range v.payments {
		if p.Status == payments.Started || p.Status == payments.Ready || p.SubmittedAt.IsZero() {
			continue
		}
		if slices.ContainsFunc(debtsOf(p), func(id string) bool { return hidden[debt.ID(id)] }) {
			continue
		}
		lines = append(lines, consumer.PaymentLine{
			PaymentID: string(p.ID), Reference: p.Reference, Amount: p.Amount,
			Date: v.dayOf(p.SubmittedAt), State: stateOf(p, false), SentBack: p.Refunded, Taken: p.Withdrawn - p.Lost(),
		})
	}
	return lines
}
