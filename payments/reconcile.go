package payments

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Lister lists what the processor holds; the gateway does.
type Lister interface {
	// Payments lists what was begun at the processor from one time to before
	// another. More than most are an error: a part says nothing of the rest.
	// Refunds and disputes are left out.
	Payments(ctx context.Context, from, to time.Time, most int) ([]Truth, error)
}

// Reconciliation looks back over as many days as a bank debit may take, ten for
// its microdeposits among them, and leaves out what was begun just now.
const (
	reconcileDays = 21 * 24 * time.Hour
	reconcileLag  = time.Hour
	reconcileMost = 100_000
	// overlooked is how late a payment's next check may be before a difference in
	// its state is one: until then it is about to be asked about.
	overlooked = time.Hour
)

var (
	errNotTaken = errors.New("the processor took the money and the portal has not posted it")
	errNotThere = errors.New("the portal posted it and the processor did not take the money")
	errUnknown  = errors.New("the portal knows of no such payment")
)

// Compare returns how the processor's record differs from ours, if it does
// (STR-05). A payment of which our next check is due or still to come may be
// behind in its state, but never in its amount. An intent beside the payment's
// own counts once money moves by it.
func Compare(p Payment, t Truth, now time.Time) (Mismatch, bool) {
	if p.IntentID != t.IntentID && !t.moves() {
		return Mismatch{}, false
	}
	if err := match(p, t); err != nil {
		return mismatch(p, t, err), true
	}
	taken := t.State == IntentSucceeded
	if taken == p.Status.Taken() || !p.CheckAt.IsZero() && now.Sub(p.CheckAt) < overlooked {
		return Mismatch{}, false
	}
	m := mismatch(p, t, errNotTaken)
	if taken {
		m.Expected = 0
	} else {
		m.Found, m.Reason = 0, errNotThere.Error()
	}
	return m, true
}

// moves reports whether money moved, or moves, by the intent.
func (t Truth) moves() bool { return t.State == IntentSucceeded || t.State == IntentProcessing }

// Reconcile compares the processor's list of the last days with the books and
// tells the alarms of each difference. It moves nothing.
func (s *Service) Reconcile(ctx context.Context) error {
	now := s.now()
	listed, err := s.List.Payments(ctx, now.Add(-reconcileDays), now.Add(-reconcileLag), reconcileMost)
	if err != nil {
		return fmt.Errorf("list the processor's payments: %w", err)
	}
	var failed error // one that cannot be compared keeps none of the others from it
	for _, t := range listed {
		m, differs, err := s.compare(ctx, t)
		if err == nil && differs {
			err = s.commit(ctx, func(ctx context.Context) error { return s.alarm(ctx, m) })
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("compare %s: %w", t.IntentID, err))
		}
	}
	return failed
}

// compare finds the payment of a truth. One of which we know nothing counts when
// money moved, or moves, by it.
func (s *Service) compare(ctx context.Context, t Truth) (Mismatch, bool, error) {
	p, err := s.about(ctx, Event{PaymentID: t.PaymentID, IntentID: t.IntentID})
	if errors.Is(err, ErrNotFound) {
		return Mismatch{IntentID: t.IntentID, Found: t.Amount, Reason: errUnknown.Error()}, t.moves(), nil
	}
	if err != nil {
		return Mismatch{}, false, err
	}
	if p, err = s.Store.Payment(ctx, p.ID); err != nil {
		return Mismatch{}, false, err
	}
	m, differs := Compare(p, t, s.now())
	return m, differs, nil
}
