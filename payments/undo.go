package payments

import (
	"context"
	"time"

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

// Release puts what is held of a payment for a debt on that debt. Where the debt
// may not be paid now either, for any reason but the waived one, nothing moves:
// ErrDebtClosed.
func (s *Service) Release(ctx context.Context, id ID, debtID, waived string) (Payment, error) {
	c, err := s.change(ctx, id, func(ctx context.Context, p Payment) (Change, error) {
		why, err := s.Accounts.Keep(ctx, p)
		if err != nil {
			return kept(p), err
		}
		if reason := why[debtID]; reason != "" && reason != waived {
			return kept(p), refusal{ErrDebtClosed}
		}
		c, err := release(p, debtID, s.now())
		if err != nil || !c.Moved {
			return c, err
		}
		return s.beyond(ctx, c)
	})
	return c.After, err
}

// Back is money of a payment that is to be given back.
type Back struct {
	DebtID string // from which it is; may be empty where the payment is of one debt
	Amount money.Cents
	Key    string // makes a repeated request harmless
	By     string // who says so
}

// of names the debt where the payment is of one.
func (b Back) of(p Payment) Back {
	if b.DebtID == "" && len(p.Allocations) == 1 {
		b.DebtID = p.Allocations[0].DebtID
	}
	return b
}

// Refund gives some of what a payment paid on a debt back: it leaves that debt and
// no other (AMT-05). A payment that the bank took back or disputes is not
// refunded, or it would be paid back twice (STR-13): ErrNotNow. ErrWhichDebt where
// no debt of the payment is named, ErrTooMuch also where other orders leave less,
// ErrBadAmount, ErrNoKey, ErrKeyReused, ErrPaused; after ErrUnknownOutcome Sweep
// finds out what happened, and finishes it. Ordered again under the same key it is
// the same order. What the bank takes back after it is lost.
func (s *Service) Refund(ctx context.Context, id ID, b Back) (Payment, error) {
	return s.refund(ctx, id, b, time.Time{})
}

// RefundFinal is Refund of what no bank can take back any more; ErrTooEarly until
// the payment's ReversibleUntil. What is given back by itself is given back so.
func (s *Service) RefundFinal(ctx context.Context, id ID, b Back) (Payment, error) {
	return s.refund(ctx, id, b, s.now())
}

// refund gives back; with a time only what is final by then.
func (s *Service) refund(ctx context.Context, id ID, b Back, final time.Time) (Payment, error) {
	if b.Key == "" {
		return Payment{}, ErrNoKey
	}
	if s.Paused != nil && s.Paused() {
		return Payment{}, ErrPaused
	}
	p, b, ended, err := s.keepOrder(ctx, id, b, final)
	if err != nil || ended {
		return p, err
	}
	return s.give(ctx, p, b, false)
}
