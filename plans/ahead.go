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

// Ahead is what can be paid by hand before an automatic plan charges it.
type Ahead struct {
	Next  Installment // the one in whose place a payment can be made
	Extra money.Cents // the most that can come on top of it; zero: nothing can
}

// Ahead decides it as of a day. Moving is what is on its way on the debt, or held
// for it, by whichever payment: all of it may come to this plan, and no more is taken
// ahead than the plan then still asks for. A deal to pay less asks for less than is
// owed. Where something is late a payment by hand goes there.
func (p Plan) Ahead(today civil.Date, moving money.Cents) (Ahead, bool) {
	if p.Status != Active || p.Charging != Automatic || p.late(today) {
		return Ahead{}, false
	}
	n := slices.IndexFunc(p.Installments, func(i Installment) bool { return i.Status == Scheduled && i.Owed() > 0 })
	if n < 0 {
		return Ahead{}, false
	}
	next := p.Installments[n]
	rest := p.room(moving) - next.Owed()
	if next.Owed() < payments.MinAmount || rest < 0 {
		return Ahead{}, false
	}
	if rest < payments.MinAmount {
		rest = 0
	}
	return Ahead{Next: next, Extra: rest}, true
}

// Freed is the plan once the consumer gives up payments that wait for them: what
// waited for those is free again.
func (p Plan) Freed(gone func(payments.ID) bool) Plan {
	p = p.clone()
	for n := range p.Installments {
		if i := &p.Installments[n]; i.Status == InFlight && i.PaymentID != "" && gone(i.PaymentID) {
			i.Status, i.PaymentID = Scheduled, ""
		}
	}
	return p
}

// Chargeable reports whether what the plan saved can be charged on a day.
func (p Plan) Chargeable(today civil.Date) bool {
	return p.Saved.MethodID != "" && CardEnds(p.Details, today).IsZero()
}

// Scrap is what an extra amount would leave of an installment where that is less
// than can be charged at all; zero: nothing, or enough.
func (p Plan) Scrap(amount, moving money.Cents) money.Cents {
	next := p.clone()
	order := next.fromEnd()
	next.pay(order, "", max(0, moving-next.sent()))
	next.pay(order, "", amount)
	for n, i := range next.Installments {
		if i.Open() && i.Owed() < payments.MinAmount && i.Owed() < p.Installments[n].Owed() {
			return i.Owed()
		}
	}
	return 0
}

// late reports whether anything that is still to be paid is past its day.
func (p *Plan) late(today civil.Date) bool {
	return slices.ContainsFunc(p.Installments, func(i Installment) bool {
		return i.Open() && (i.Status == Failed || i.Due.Before(today))
	})
}

// room is what the plan still asks for beside what is on its way on its debt, and
// beside charges that are about to be sent.
func (p *Plan) room(moving money.Cents) money.Cents {
	return p.Left() - moving - p.inFlight() + p.sent()
}

// sent is what is on its way in the place of installments, with a payment.
func (p *Plan) sent() (sum money.Cents) {
	for _, i := range p.Installments {
		if i.Status == InFlight && i.PaymentID != "" {
			sum += i.Owed()
		}
	}
	return sum
}

// chosen follows a payment that says what it is to a plan. When it is sent it is
// asked once more, under the lock of the plan, whether it may still be made for that:
// payments.ErrMoved. Of the payment and the charge on the day, whichever comes first
// takes the installment.
func (s *Service) chosen(ctx context.Context, id ID, number int, c payments.Change) error {
	pay, elsewhere := c.After, false
	sent := c.Before.SubmittedAt.IsZero() && !pay.SubmittedAt.IsZero()
	err := s.credit(ctx, id, func(ctx context.Context, p Plan) (Change, []Credit, error) {
		if sent {
			if err := s.offered(ctx, p, number, pay); err != nil {
				return unmoved(p), nil, err
			}
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
		change, credits := paidAhead(p, number, pay, landed[0].Amount, today, s.now())
		return change, credits, nil
	})
	if err != nil || !elsewhere {
		return err
	}
	return s.elsewhere(ctx, pay.ID, c.Landed()[0])
}

// offered asks whether a payment that is being sent may be made for what it says. The
// payment itself is on its way by now.
func (s *Service) offered(ctx context.Context, p Plan, number int, pay payments.Payment) error {
	subject, _, err := s.Debts.Unattended(ctx, p)
	if err != nil {
		return err
	}
	if !p.takes(number, pay, subject.Today, subject.Owed-subject.Payable-pay.Amount) {
		return payments.ErrMoved
	}
	return nil
}

// takes reports whether a payment may be made for what it says.
func (p Plan) takes(number int, pay payments.Payment, today civil.Date, moving money.Cents) bool {
	a, ok := p.Ahead(today, moving)
	ours := pay.AccountID == p.AccountID && len(pay.Allocations) == 1 && pay.Allocations[0].DebtID == p.Debt.ID
	saved := pay.Saved.MethodID == "" || pay.Saved == p.Saved && p.Chargeable(today)
	switch {
	case !ok || !ours || !saved:
		return false
	case number == 0:
		return pay.Amount <= a.Extra && p.Scrap(pay.Amount, moving) == 0
	}
	return a.Next.Number == number && a.Next.Owed() == pay.Amount
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
	case pay.Status.InFlight() && n >= 0 && p.Status.Running() && p.Installments[n].Status == Scheduled && p.Installments[n].Owed() == pay.Amount:
		next.Installments[n].Status, next.Installments[n].PaymentID = InFlight, pay.ID
		return moved(*p, next, Housekeeping, now)
	case !pay.Status.Ended() && pay.Status != payments.Reversed && pay.Status != payments.Refunded:
		return unmoved(*p)
	case p.waitsFor(number, pay):
		next.Installments[n].free(pay, p.pays(pay), p.Status.Running(), today)
	}
	return next.heard(*p, pay, now)
}

// free lets an installment wait for its day again. Of one whose day has passed, and of
// one on which more is owed than was said, the consumer chooses another day, as of a
// charge that did not work.
func (i *Installment) free(pay payments.Payment, ours, running bool, today civil.Date) {
	i.Status, i.PaymentID = Scheduled, ""
	switch {
	case !running:
		i.Status, i.Notice = Dropped, Notice{}
	case i.Due.Before(today), i.Owed() > pay.Amount:
		i.Status, i.PaymentID = Failed, pay.ID
		if ours {
			i.Failure = pay.Failure
		}
	}
}

// pays reports whether a payment was made by what the plan is charged with, whether
// it was saved or given anew: what its bank says holds for the plan too (STR-09).
func (p *Plan) pays(pay payments.Payment) bool {
	d, own := pay.Details, p.Details
	again := d.Type == own.Type && d.Brand == own.Brand && d.Last4 == own.Last4
	return pay.Unattended || again || pay.Saved.MethodID != "" && pay.Saved.MethodID == p.Saved.MethodID
}

// heard is the plan once nothing came of a payment.
func (p *Plan) heard(before Plan, pay payments.Payment, now time.Time) Change {
	a := payments.Advise(pay.Failure, pay.Method)
	of := pay.Failure != (payments.Failure{}) && p.pays(pay) && before.Status == Active && before.Charging == Automatic
	failed := slices.ContainsFunc(p.Installments, func(i Installment) bool { return i.Status == Failed && i.PaymentID == pay.ID })
	switch {
	case of && (a.Cancel || a.MethodOff || a.Pause && a.Rule != "STR-08"):
		return p.advised(before, pay, InstallmentFailed, now)
	case slices.Equal(before.Installments, p.Installments):
		return unmoved(before)
	case failed:
		return moved(before, *p, InstallmentFailed, now, NewsChanged)
	}
	return moved(before, *p, Housekeeping, now)
}

// paidAhead credits a payment to the installment in whose place it was made, and
// what is left of it as any other; what is extra comes off the end.
func paidAhead(p Plan, number int, pay payments.Payment, amount money.Cents, today civil.Date, now time.Time) (Change, []Credit) {
	next := p.clone()
	if n := p.index(number); p.waitsFor(number, pay) {
		next.Installments[n].Status = Scheduled
	}
	order := next.order(today)
	if next.Status == Active && next.Charging == Automatic {
		order = next.fromEnd()
	}
	if n := slices.IndexFunc(order, func(n int) bool { return next.Installments[n].Number == number }); n >= 0 {
		order = slices.Insert(slices.Delete(slices.Clone(order), n, n+1), 0, order[n])
	}
	credits := next.pay(order, pay.ID, amount)
	if n := next.index(number); n >= 0 && len(credits) > 0 && credits[0].Number == number {
		i := &next.Installments[n]
		i.PaymentID, i.Failure = pay.ID, payments.Failure{}
		if i.Open() { // what came back meanwhile is charged on no day that nobody chose
			i.Status = Failed
		}
	}
	if len(credits) == 0 {
		return unmoved(p), nil
	}
	next.lowered(p, today)
	return finished(p, next, PaidAhead, now), credits
}

// fromEnd is the order in which what is extra is credited: what did not work first,
// then the last ones. What is charged today is charged all the same.
func (p *Plan) fromEnd() []int {
	var failed, later []int
	for n, i := range p.Installments {
		switch {
		case !i.Open():
		case i.Status == Failed:
			failed = append(failed, n)
		default:
			later = append(later, n)
		}
	}
	slices.Reverse(later)
	return append(failed, later...)
}
