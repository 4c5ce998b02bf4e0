package payments

import (
	"context"

	"quittance/payments/money"
)

// Cancel gives up a payment before money is taken, at the processor first
// where it knows of it. A payment that has ended is returned as it is;
// ErrNotNow while money may be moving or after it was taken.
func (s *Service) Cancel(ctx context.Context, accountID string, id ID) (Payment, error) {
	c, err := s.changeOwn(ctx, accountID, id, func(_ context.Context, p Payment) (Change, error) {
		return cancel(p, s.now())
	})
	if err != nil || c.After.Status != NeedsAction {
		return c.After, err
	}
	p, _, err := s.recall(ctx, c.After)
	return p, err
}

// Refund gives part or all of a payment back. The key makes a repeated request
// harmless. A payment that the bank took back or disputes is not refunded, or
// it would be paid back twice (STR-13): ErrNotNow. ErrTooMuch, ErrBadAmount,
// ErrNoKey, ErrPaused; after ErrUnknownOutcome Sweep finds out what happened.
func (s *Service) Refund(ctx context.Context, id ID, amount money.Cents, key string) (Payment, error) {
	if key == "" {
		return Payment{}, ErrNoKey
	}
	if s.Paused != nil && s.Paused() {
		return Payment{}, ErrPaused
	}
	var p Payment
	err := s.Tx.InTx(ctx, func(ctx context.Context) (err error) {
		if p, err = s.Store.Payment(ctx, id); err != nil {
			return err
		}
		if err = refundable(p, amount); err != nil {
			return err
		}
		// Whatever happens to the answer, the processor is asked soon.
		return s.Watch.NoteCheck(ctx, id, p.ObservedAt, s.now().Add(s.StaleAfter))
	})
	if err != nil {
		return p, err
	}
	ctx = context.WithoutCancel(ctx) // the answer is recorded whoever has gone
	truth, err := s.Refunds.Refund(ctx, p, amount, key)
	if err != nil {
		return p, err
	}
	return s.settle(ctx, id, s.answered(p, truth))
}
