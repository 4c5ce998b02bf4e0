package payments

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// A doubt is about a payment that is open: begun here or at the processor, with
// nothing taken yet. Whatever changes what may be paid on a debt (a row, a hold,
// a claim, a dispute, a lower balance) raises one for each of the account's open
// payments, in its own transaction; so a crash loses none. Sweep then asks the
// gate again, and takes back what may not be paid any more like that, at the
// processor first: nobody pays on a page that was opened before.

// Doubt is the mark on one payment. Raised grows each time that it is raised.
type Doubt struct {
	PaymentID ID
	Raised    int64
}

// Doubts keeps the marks.
type Doubts interface {
	// RaiseDoubts marks every open payment of the accounts, in the caller's
	// transaction; one that is marked is marked again.
	RaiseDoubts(ctx context.Context, accountIDs []string, at time.Time) error
	// DoubtsDue lists marks that are to be looked at by now, the oldest first.
	DoubtsDue(ctx context.Context, now time.Time, limit int) ([]Doubt, error)
	// EndDoubt forgets a mark, unless it was raised again.
	EndDoubt(ctx context.Context, d Doubt) error
	// PutOffDoubt lets a mark be looked at later.
	PutOffDoubt(ctx context.Context, d Doubt, until time.Time) error
}

// Doubt raises doubts about the open payments of accounts whose debts stand
// otherwise than before, in the caller's transaction.
func (s *Service) Doubt(ctx context.Context, accountIDs ...string) error {
	if len(accountIDs) == 0 {
		return nil
	}
	return s.Doubts.RaiseDoubts(ctx, accountIDs, s.now())
}

// resolve looks at payments in doubt, and returns how many.
func (s *Service) resolve(ctx context.Context, limit int) (int, error) {
	if s.Doubts == nil {
		return 0, nil
	}
	due, err := s.Doubts.DoubtsDue(ctx, s.now(), limit)
	if err != nil {
		return 0, err
	}
	var failed error
	for n, d := range due {
		if ctx.Err() != nil {
			return n, errors.Join(failed, ctx.Err())
		}
		if err := s.reconsider(ctx, d); err != nil {
			failed = errors.Join(failed, fmt.Errorf("take back %s: %w", d.PaymentID, err), s.Doubts.PutOffDoubt(ctx, d, s.now().Add(s.StaleAfter)))
			continue
		}
		failed = errors.Join(failed, s.Doubts.EndDoubt(ctx, d))
	}
	return len(due), failed
}

// reconsider takes a payment back that may not be made any more. What the bank
// is moving already is not ours to stop.
func (s *Service) reconsider(ctx context.Context, d Doubt) error {
	stands := false
	c, err := s.change(ctx, d.PaymentID, func(ctx context.Context, p Payment) (Change, error) {
		if !p.Status.open() {
			stands = true
			return kept(p), nil
		}
		var err error
		if stands, err = s.stillMay(ctx, p); err != nil || stands {
			return kept(p), err
		}
		return giveUp(p, Canceled, "", s.now()), nil
	})
	if err != nil || stands || c.Moved {
		return err
	}
	s.Log.InfoContext(ctx, "a payment is taken back: it may not be made any more", slog.String("payment", string(d.PaymentID)))
	p, _, err := s.recall(ctx, c.After)
	if err == nil && p.Status.open() {
		err = ErrUnknownOutcome
	}
	return err
}

// stillMay asks whether an open payment could be begun like that now, by whoever
// began it.
func (s *Service) stillMay(ctx context.Context, p Payment) (bool, error) {
	accounts := s.Accounts
	if p.Unattended {
		accounts = s.Unattended
	}
	payables, err := accounts.Still(ctx, p)
	return err == nil && Check(amounts(p.Allocations), payables) == nil, err
}

// open reports whether a payment in this status may still be taken back: nothing
// is on its way from a bank.
func (s Status) open() bool { return s.Holds() && s != Processing }
