package plans

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans/civil"
)

// A payment by hand may say what it is to a plan: instead of one installment, which
// waits for it and is then not charged, or extra. Its purpose names the plan, and
// the installment where there is one.

// Instead is the purpose of a payment that takes the place of an installment.
func Instead(id ID, number int) string { return string(id) + "/" + strconv.Itoa(number) }

// Extra is the purpose of a payment that comes on top of what is agreed.
func Extra(id ID) string { return string(id) }

// PurposeOf reads a payment's purpose: its plan, and the number of the installment
// in whose place it is made; 0: it is extra.
func PurposeOf(p payments.Payment) (id ID, number int, ok bool) {
	plan, rest, instead := strings.Cut(p.Purpose, "/")
	if !strings.HasPrefix(plan, "pln_") {
		return "", 0, false
	}
	if !instead {
		return ID(plan), 0, true
	}
	number, err := strconv.Atoi(rest)
	return ID(plan), number, err == nil && number > 0
}

// chosen follows a payment that says what it is to a plan. When it is sent, the
// installment must still wait and the saved method still be the plan's:
// payments.ErrMoved. Of the payment and the charge on the day, whichever comes
// first takes the installment.
func (s *Service) chosen(ctx context.Context, id ID, number int, c payments.Change) error {
	pay, elsewhere := c.After, false
	sent := c.Before.SubmittedAt.IsZero() && !pay.SubmittedAt.IsZero()
	err := s.credit(ctx, id, func(ctx context.Context, p Plan) (Change, []Credit, error) {
		if sent && !p.takes(number, pay) {
			return unmoved(p), nil, payments.ErrMoved
		}
		today, _, err := s.Debts.Calendar(ctx, p.AccountID)
		if err != nil {
			return unmoved(p), nil, err
		}
		landed := c.Landed()
		if len(landed) == 0 {
			return p.awaits(number, pay, today, s.now()), nil, nil
		}
		if !p.Status.Running() && !p.waitsFor(number, pay) {
			elsewhere = true
			return unmoved(p), nil, nil
		}
		change, credits := paidInstead(p, number, pay, landed[0].Amount, today, s.now())
		return change, credits, nil
	})
	if err != nil || !elsewhere {
		return err
	}
	return s.elsewhere(ctx, pay.ID, c.Landed()[0])
}

// takes reports whether a payment may be made for what it says.
func (p *Plan) takes(number int, pay payments.Payment) bool {
	if saved := pay.Saved.MethodID; saved != "" && (!p.Status.Running() || saved != p.Saved.MethodID) {
		return false
	}
	i, ok := p.Installment(number)
	return number == 0 || ok && p.Status.Running() && i.Status == Scheduled && i.Owed() == pay.Amount
}

// waitsFor reports whether an installment waits for a payment made in its place.
func (p *Plan) waitsFor(number int, pay payments.Payment) bool {
	i, ok := p.Installment(number)
	return ok && i.Status == InFlight && i.PaymentID == pay.ID
}

// awaits is what a payment that has not landed does: while it is open, the
// installment waits for it. Where nothing is taken the plan is as it was; but what
// was due meanwhile is charged on no day that nobody chose.
func (p *Plan) awaits(number int, pay payments.Payment, today civil.Date, now time.Time) Change {
	next, n := p.clone(), p.index(number)
	switch {
	case pay.Status.InFlight() && n >= 0 && p.takes(number, pay):
		next.Installments[n].Status, next.Installments[n].PaymentID = InFlight, pay.ID
		return moved(*p, next, Housekeeping, now)
	case !pay.Status.Ended() && pay.Status != payments.Reversed && pay.Status != payments.Refunded:
		return unmoved(*p)
	case p.waitsFor(number, pay):
		next.Installments[n].free(pay, p.Status.Running(), today)
		return next.heard(*p, pay, now)
	}
	return next.heard(*p, pay, now)
}

// free lets an installment wait for its day again.
func (i *Installment) free(pay payments.Payment, running bool, today civil.Date) {
	i.Status, i.PaymentID = Scheduled, ""
	switch {
	case !running:
		i.Status = Dropped
	case pay.Status != payments.Canceled && i.Due.Before(today):
		i.Status, i.PaymentID, i.Failure = Failed, pay.ID, pay.Failure
	}
}

// heard is the plan once nothing came of a payment: if that was by the method
// that the plan is charged with, what its bank said holds for the plan too (STR-09).
func (p *Plan) heard(before Plan, pay payments.Payment, now time.Time) Change {
	a := payments.Advise(pay.Failure, pay.Method)
	of := pay.Failure != (payments.Failure{}) && pay.Saved.MethodID != "" && pay.Saved.MethodID == p.Saved.MethodID
	switch {
	case of && before.Status == Active && before.Charging == Automatic && (a.Cancel || a.MethodOff || a.Pause && a.Rule != "STR-08"):
		return p.advised(before, pay, InstallmentFailed, now)
	case slices.Equal(before.Installments, p.Installments):
		return unmoved(before)
	}
	return moved(before, *p, Housekeeping, now)
}

// paidInstead credits a payment to the installment in whose place it was made, and
// what is left of it as any other.
func paidInstead(p Plan, number int, pay payments.Payment, amount money.Cents, today civil.Date, now time.Time) (Change, []Credit) {
	next := p.clone()
	if n := p.index(number); p.waitsFor(number, pay) {
		next.Installments[n].Status = Scheduled
	}
	order := next.order(today)
	if n := slices.IndexFunc(order, func(n int) bool { return next.Installments[n].Number == number }); n >= 0 {
		order = slices.Insert(slices.Delete(slices.Clone(order), n, n+1), 0, order[n])
	}
	credits := next.pay(order, pay.ID, amount)
	if n := next.index(number); n >= 0 && len(credits) > 0 && credits[0].Number == number {
		next.Installments[n].PaymentID, next.Installments[n].Failure = pay.ID, payments.Failure{}
	}
	if len(credits) == 0 {
		return unmoved(p), nil
	}
	return finished(p, next, PaidAhead, now), credits
}
