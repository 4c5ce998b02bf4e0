package plans

import (
	"context"
	"errors"
	"time"

	"quittance/payments/money"
)

// AccountsChanged hears, in the transaction that changed them, that debts of
// these accounts may stand otherwise than before, or that less is owed on one:
// each running plan that may not be charged now rests or ends at once, with all
// that was not submitted (DIS-02, WHK-06), and none asks for more than is owed.
// Nothing resumes by itself (DIS-03). All plans of a person are looked at: some
// statuses are the person's, whichever debt they were reported on (STS-01).
func (s *Service) AccountsChanged(ctx context.Context, accountIDs ...string) error {
	running, err := s.Index.RunningOf(ctx, accountIDs)
	if err != nil {
		return err
	}
	for _, id := range running {
		if _, err := s.change(ctx, id, s.stood); err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	return nil
}

// stood decides what becomes of a plan as its debt stands now.
func (s *Service) stood(ctx context.Context, p Plan) (Change, error) {
	if !p.Status.Running() {
		return unmoved(p), nil
	}
	subject, ends, err := s.Debts.Unattended(ctx, p)
	switch {
	case err != nil:
		return unmoved(p), err
	case subject.Refusal == "":
		return fits(p, subject, s.now()), nil
	}
	next := p.clone()
	if ends {
		if err := next.cancel(Reason(subject.Refusal)); err != nil {
			return unmoved(p), err
		}
		return moved(p, next, Housekeeping, s.now(), NewsCanceled), nil
	}
	switch {
	case p.Status == Paused && p.Reason == ByConsumer: // it would wake by itself
		next.Reason = Reason(subject.Refusal)
		return moved(p, next, Housekeeping, s.now()), nil
	case p.Status != Active:
		return unmoved(p), nil
	}
	next.Status, next.Reason = Paused, Reason(subject.Refusal)
	return moved(p, next, Housekeeping, s.now(), NewsPaused), nil
}

// fits lets a plan ask for no more than is owed on its debt, and for nothing
// where nothing is.
func fits(p Plan, s Subject, now time.Time) Change {
	next := p.clone()
	if s.Owed <= 0 {
		return gone(p, next, now)
	}
	if cut := next.shrink(s.Owed - next.inFlight()); !cut && next.Forgiven == p.Forgiven {
		return unmoved(p)
	}
	return moved(p, next, BalanceFell, now, NewsChanged)
}

// gone ends a plan on whose debt nothing is owed any more. One that was never
// begun, and a deal to pay less, are not completed by that: nobody paid them.
func gone(p, next Plan, now time.Time) Change {
	news, status := NewsCompleted, Completed
	if next.Kind == Settlement || !May(next.Status, Completed) {
		news, status = NewsCanceled, Canceled
	}
	next.drop(Scheduled, Failed)
	next.Status, next.Reason = status, DebtGone
	return moved(p, next, BalanceFell, now, news)
}

// shrink cuts what is to be paid, from the end, until no more is left than a
// sum; what failed is cut last, for it is due. Of a deal to pay less, what is let
// go is what remains: it falls first, and what was agreed on stays as long as
// that much is owed. It reports whether anything was cut.
func (p *Plan) shrink(most money.Cents) bool {
	left := p.open()
	over := left - most
	if p.Kind == Settlement {
		p.Forgiven = min(p.Forgiven, max(0, -over))
	}
	if over <= 0 {
		return false
	}
	for _, status := range []InstallmentStatus{Scheduled, Failed} {
		for n := len(p.Installments) - 1; n >= 0 && over > 0; n-- {
			if i := &p.Installments[n]; i.Status == status {
				cut := min(over, i.Owed())
				over, p.Total = over-cut, p.Total-cut
				i.cut(cut)
			}
		}
	}
	return true
}

// cut takes an amount off what is owed on an installment.
func (i *Installment) cut(amount money.Cents) {
	switch {
	case amount == i.Amount:
		i.Status, i.Missed, i.Notice = Dropped, false, Notice{}
	case amount == i.Owed():
		i.Amount, i.Status, i.Missed = i.Paid, Paid, false
	default:
		i.Amount -= amount
	}
}

// open is what is still to be paid and not on its way.
func (p *Plan) open() money.Cents {
	var sum money.Cents
	for _, i := range p.Installments {
		if i.Open() {
			sum += i.Owed()
		}
	}
	return sum
}
