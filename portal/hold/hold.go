// Package hold stops collection on a debt, at once and for everybody: whoever
// opens a hold does it in the transaction of the dispute, request or claim
// behind it, and those who act on debts hear of it there and then.
package hold

import (
	"context"
	"errors"
	"time"

	"quittance/payments"
	"quittance/portal/debt"
)

// ErrIncomplete is returned for a hold that does not say what it is about.
var ErrIncomplete = errors.New("a hold needs an account, a debt, a status and a source")

// Store keeps holds. All of it runs in the caller's transaction.
type Store interface {
	// Statements loads and locks the debts, so that no payment begins on one
	// while a hold is opened.
	Statements(ctx context.Context, id debt.AccountID, debtIDs []debt.ID, except payments.ID) ([]debt.Statement, error)
	// OpenHold adds a hold; false when its source has opened the same before.
	OpenHold(ctx context.Context, h debt.Hold) (opened bool, err error)
	// CloseHolds ends the open holds of a source and returns them.
	CloseHolds(ctx context.Context, source string, at time.Time) ([]debt.Hold, error)
}

// Change is what happened to the holds of one account.
type Change struct {
	AccountID      debt.AccountID
	Opened, Closed []debt.Hold
	At             time.Time
}

// Watcher hears of holds in the transaction that opens or closes them.
type Watcher interface {
	HoldsChanged(ctx context.Context, c Change) error
}

// Service opens and closes holds.
type Service struct {
	Tx       payments.Transactor
	Store    Store
	Watchers []Watcher
	Now      func() time.Time
	NewID    func() string
}

// Place opens holds on debts of one account, in the caller's transaction where
// there is one. ID and OpenedAt are filled in. A hold that its source opened
// before is left as it is.
func (s *Service) Place(ctx context.Context, holds []debt.Hold) error {
	if len(holds) == 0 {
		return nil
	}
	c := Change{AccountID: holds[0].AccountID, At: s.Now().UTC().Truncate(time.Microsecond)}
	var ids []debt.ID
	for _, h := range holds {
		if h.AccountID != c.AccountID || h.AccountID == "" || h.DebtID == "" || h.Source == "" || !h.Status.Valid() && h.Status != debt.UnderReview || h.Amount < 0 {
			return ErrIncomplete
		}
		ids = append(ids, h.DebtID)
	}
	return s.Tx.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.Store.Statements(ctx, c.AccountID, ids, ""); err != nil {
			return err
		}
		for _, h := range holds {
			h.ID, h.OpenedAt = s.NewID(), c.At
			opened, err := s.Store.OpenHold(ctx, h)
			if err != nil {
				return err
			}
			if opened {
				c.Opened = append(c.Opened, h)
			}
		}
		return s.tell(ctx, c)
	})
}

// Release closes what a source opened, in the caller's transaction where there
// is one, and returns it; nothing when it was closed before. Whoever calls it
// has the proof in hand (DIS-03).
func (s *Service) Release(ctx context.Context, source string) ([]debt.Hold, error) {
	var closed []debt.Hold
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		now := s.Now().UTC().Truncate(time.Microsecond)
		var err error
		if closed, err = s.Store.CloseHolds(ctx, source, now); err != nil || len(closed) == 0 {
			return err
		}
		return s.tell(ctx, Change{AccountID: closed[0].AccountID, Closed: closed, At: now})
	})
	return closed, err
}

func (s *Service) tell(ctx context.Context, c Change) error {
	if len(c.Opened)+len(c.Closed) == 0 {
		return nil
	}
	for _, w := range s.Watchers {
		if err := w.HoldsChanged(ctx, c); err != nil {
			return err
		}
	}
	return nil
}
