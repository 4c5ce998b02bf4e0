package payments

import (
	"context"
	"errors"
	"time"
)

// refusal is an error that moves nothing but commits its transaction, so that
// what was decided or recorded on the way to it is kept (GEN-01).
type refusal struct{ error }

// commit runs fn in a transaction. A refusal commits it and is returned bare.
func (s *Service) commit(ctx context.Context, fn func(ctx context.Context) error) error {
	var refused refusal
	ctx, done := bounded(ctx)
	defer done()
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		err := fn(ctx)
		if errors.As(err, &refused) {
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	return refused.error
}

// recordWithin is how long a transaction may take that has no other deadline.
const recordWithin = 10 * time.Second

// bounded gives a context without a deadline one, so that nothing waits for
// the store for ever.
func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, has := ctx.Deadline(); has {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, recordWithin)
}

// change is the one shape in which a payment changes: load under lock, decide
// once, save what was decided, tell the watchers, all in one transaction.
func (s *Service) change(ctx context.Context, id ID, decide func(ctx context.Context, p Payment) (Change, error)) (Change, error) {
	var c Change
	err := s.commit(ctx, func(ctx context.Context) error {
		p, err := s.Store.Payment(ctx, id)
		if err != nil {
			return err
		}
		c, err = decide(ctx, p)
		if err != nil || !c.Moved {
			return err
		}
		c.After.CheckAt = s.nextCheck(c.After)
		if err := s.Store.SavePayment(ctx, c); err != nil {
			return err
		}
		if err := s.noteDecline(ctx, c); err != nil {
			return err
		}
		return s.tell(ctx, c)
	})
	if err != nil && c.Moved {
		c = kept(c.Before) // it was undone
	}
	return c, err
}

func (s *Service) tell(ctx context.Context, c Change) error {
	for _, w := range s.Watchers {
		if err := w.PaymentChanged(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// changeOwn is change for a payment of the account; another's is ErrNotFound
// and nothing of it is returned.
func (s *Service) changeOwn(ctx context.Context, accountID string, id ID, decide func(ctx context.Context, p Payment) (Change, error)) (Change, error) {
	return s.change(ctx, id, func(ctx context.Context, p Payment) (Change, error) {
		if p.AccountID != accountID {
			return Change{}, ErrNotFound
		}
		return decide(ctx, p)
	})
}
