package plans

import (
	"slices"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/plans/schedule"
)

// What a payment does to a plan. A plan's own payments name their installment
// in the request key; any other payment of the debt pays what is due first.

// charged notes what became of an installment's own payment.
func charged(p Plan, number, attempt int, pay payments.Payment, now time.Time) (Change, []Credit) {
	n := p.index(number)
	if n < 0 || p.Installments[n].Attempts != attempt {
		return unmoved(p), nil // of an attempt that a later one replaced
	}
	next := p.clone()
	i := &next.Installments[n]
	switch {
	case pay.Status == payments.Confirmed:
		if i.Status == Paid {
			return unmoved(p), nil
		}
		i.Paid += pay.Amount
		i.Status, i.PaymentID, i.Failure, i.Missed = Paid, pay.ID, payments.Failure{}, false
		if pay.Details.HolderID == next.Saved.MethodID && pay.Details.Expires != "" {
			next.Details.Expires = pay.Details.Expires // the bank renewed the card, and the processor knows
		}
		c := finished(p, next, InstallmentPaid, now)
		return c, []Credit{{Payment: pay.ID, Plan: p.ID, Number: number, Amount: int64(pay.Amount)}}
	case pay.Status.Ended():
		if i.Status != InFlight {
			return unmoved(p), nil
		}
		if pay.Status == payments.Canceled || pay.Failure.Code == payments.FailureUnreachable {
			// Nobody said no and nothing was taken: we died before the processor was
			// asked, or it was not reached. It is tried again under a new key once its
			// lease has run out.
			i.Status, i.PaymentID = Scheduled, ""
			if !next.Status.Running() {
				i.Status = Dropped // the plan ended meanwhile
			}
			return moved(p, next, Housekeeping, now), nil
		}
		i.Status, i.PaymentID, i.Failure = Failed, pay.ID, pay.Failure
		return next.advised(p, pay, InstallmentFailed, now), nil
	case i.Status == InFlight && (pay.Status == payments.Reversed || pay.Status == payments.Refunded):
		// It never stood on the debt, and went back: the installment is open, unless
		// the plan ended meanwhile.
		i.Status, i.PaymentID, i.Failure = Failed, pay.ID, pay.Failure
		if !next.Status.Running() {
			i.Status = Dropped
		}
		return moved(p, next, InstallmentFailed, now, NewsChanged), nil
	case pay.Status.InFlight() && i.Status == InFlight && i.PaymentID != pay.ID:
		i.PaymentID = pay.ID
		return moved(p, next, Housekeeping, now), nil
	}
	return unmoved(p), nil
}

// advised applies what a bank's refusal means for the rest of the plan.
func (p *Plan) advised(before Plan, pay payments.Payment, why Why, now time.Time) Change {
	a := payments.Advise(pay.Failure, p.Details.Type)
	news := []News{NewsChanged}
	switch {
	case p.Charging != Automatic || p.Status != Active:
	case a.Cancel:
		if p.cancel(MethodFailed) == nil {
			news = []News{NewsCanceled}
		}
	case a.MethodOff:
		p.Status, p.Reason = Paused, MethodFailed
		news = []News{NewsPaused}
	case a.Pause:
		p.Status, p.Reason = Paused, StopPayment
		if a.Rule == "STR-08" {
			p.Reason = NeedsSignIn
		}
		news = []News{NewsPaused}
	}
	return moved(before, *p, why, now, news...)
}

// paidElsewhere credits a payment that the consumer made by hand: first to what
// is late or due, then to the next installment of a plan by hand, or to the last
// ones of an automatic plan, so that no agreed charge changes its day.
func paidElsewhere(p Plan, pay payments.ID, amount money.Cents, today civil.Date, now time.Time) (Change, []Credit) {
	next := p.clone()
	credits := next.pay(next.order(today), pay, amount)
	if len(credits) == 0 {
		return unmoved(p), nil
	}
	next.lowered(p, today)
	return finished(p, next, PaidAhead, now), credits
}

// pay credits an amount to installments, in an order of places in the list.
func (p *Plan) pay(order []int, pay payments.ID, amount money.Cents) (credits []Credit) {
	for _, n := range order {
		i := &p.Installments[n]
		part := min(amount, i.Owed())
		if part == 0 {
			continue
		}
		amount -= part
		i.Paid += part
		if i.Owed() == 0 {
			i.Status, i.Missed = Paid, false
		}
		credits = append(credits, Credit{Payment: pay, Plan: p.ID, Number: i.Number, Amount: int64(part)})
	}
	return credits
}

// noticeSpare is how many Reg F days a second notice may take to get through.
const noticeSpare = 2

// lowered lets a charge that was announced with a higher amount be announced again, as
// long as that can be in time, also after a night or a message that bounced (REG-04): no
// charge waits for it.
func (p *Plan) lowered(before Plan, today civil.Date) {
	for n := range p.Installments {
		i := &p.Installments[n]
		told := i.Notice.State == NoticeQueued || i.Notice.State == NoticeGiven
		if told && p.Charging == Automatic && i.Status == Scheduled && i.Owed() < before.Installments[n].Owed() && schedule.Timely(civil.AddRegFDays(today, noticeSpare), i.Due) {
			i.Notice = Notice{State: NoticeWaiting, On: today}
		}
	}
}

// order is how payments by hand are credited, as places in the list.
func (p *Plan) order(today civil.Date) []int {
	var due, later []int
	for n, i := range p.Installments {
		switch {
		case !i.Open():
		case i.Status == Failed || !i.Due.After(today):
			due = append(due, n)
		default:
			later = append(later, n)
		}
	}
	if p.Charging == Automatic {
		slices.Reverse(later)
	}
	return append(due, later...)
}

// finished completes a plan on which nothing is left.
func finished(before, next Plan, why Why, now time.Time) Change {
	if next.Left() == 0 && May(next.Status, Completed) {
		next.Status, next.Reason = Completed, ""
		return moved(before, next, why, now, NewsCompleted)
	}
	if next.Status == Broken && !next.anyMissed() {
		next.Status, next.Reason = Active, ""
		return moved(before, next, why, now, NewsResumed)
	}
	return moved(before, next, why, now, NewsChanged)
}

func (p *Plan) anyMissed() bool {
	return slices.ContainsFunc(p.Installments, func(i Installment) bool { return i.Missed })
}

// cameBack takes a payment's credits away again: the bank took it back, or it
// was refunded. What it paid is owed on the same installments; an automatic
// plan charges it only on a new day of the consumer's choice. A plan that another
// one replaced meanwhile asks for nothing any more.
func cameBack(p Plan, pay payments.Payment, credits []Credit, replaced bool, today civil.Date, now time.Time) Change {
	next := p.clone()
	touched, ours := false, p.Charging != Automatic || p.pays(pay)
	for _, c := range credits {
		n := next.index(c.Number)
		if c.Plan != p.ID || n < 0 {
			continue
		}
		i := &next.Installments[n]
		touched = true
		if ours { // else what the plan's own bank said stays
			i.Failure = pay.Failure
		}
		i.owedAgain(money.Cents(c.Amount), replaced, next.Charging == ByHand && i.Due.After(today))
	}
	if !touched {
		return unmoved(p)
	}
	next.reopen(replaced)
	if !ours { // what another card's bank said holds for that card alone
		return moved(p, next, PaymentReturned, now, NewsChanged)
	}
	return next.advised(p, pay, PaymentReturned, now)
}

// reopen lets a completed plan ask again for what came back. What was dropped with a
// closed debt does not come again, and is no part of the total any more.
func (p *Plan) reopen(replaced bool) {
	if p.Status == Completed && !replaced && p.Left() > 0 {
		p.Status, p.Reason, p.EndedAt = Active, "", time.Time{}
		p.Total = p.PaidSoFar() + p.Left()
	}
}

// overdue notes that the grace days of an installment passed, and that a plan
// with too many of those is broken. A day on which we did not charge is no
// fault of the consumer's.
func overdue(p Plan, number int, today civil.Date, now time.Time) Change {
	n := p.index(number)
	if n < 0 || p.Status != Active {
		return unmoved(p)
	}
	i := p.Installments[n]
	waits := i.Status == Failed || i.Status == Scheduled && p.Charging == ByHand
	if !waits || i.Missed || i.Owed() == 0 || !today.After(i.Due.AddDays(p.Terms.GraceDays)) {
		return unmoved(p)
	}
	next := p.clone()
	next.Installments[n].Missed = true
	missed := 0
	for _, i := range next.Installments {
		if i.Missed && i.Owed() > 0 {
			missed++
		}
	}
	if p.Terms.BreakAfter > 0 && missed >= p.Terms.BreakAfter {
		next.Status, next.Reason = Broken, MissedTooMany
		return moved(p, next, InstallmentMissed, now, NewsBroken)
	}
	return moved(p, next, InstallmentMissed, now, NewsChanged)
}
