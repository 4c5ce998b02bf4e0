package retention

import (
	"context"
	"errors"
	"time"
)

// Hold is a legal hold: while it stands nothing of an account is erased.
type Hold struct {
	By     string // who placed it: "token:tok_…" and whom they name, or "command"
	Reason string // a case number
	At     time.Time
}

// HoldStore keeps legal holds. All of it runs in the caller's transaction.
type HoldStore interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// LegalHold loads the hold of an account; false when there is none. In a
	// transaction it locks the account first.
	LegalHold(ctx context.Context, account string) (Hold, bool, error)
	// PlaceLegalHold keeps a hold, in the place of one that stands.
	PlaceLegalHold(ctx context.Context, account string, h Hold) error
	// LiftLegalHold lifts it.
	LiftLegalHold(ctx context.Context, account string) error
}

// Holds places and lifts legal holds. All fields are required.
type Holds struct {
	Store HoldStore
	Audit Audit
	Now   func() time.Time
}

// ErrHold is returned for a hold that does not say who wants it and why.
var ErrHold = errors.New("a legal hold says who wants it and why (REC-01)")

// Place holds an account, and returns the hold that stands. The same again
// changes nothing.
func (s *Holds) Place(ctx context.Context, account, by, reason string) (Hold, error) {
	made := Hold{By: by, Reason: reason, At: s.Now().UTC().Truncate(time.Microsecond)}
	if by == "" || reason == "" {
		return Hold{}, ErrHold
	}
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		stands, there, err := s.Store.LegalHold(ctx, account)
		if err != nil {
			return err
		}
		if there && stands.By == by && stands.Reason == reason {
			made = stands
			return nil
		}
		if err := s.Store.PlaceLegalHold(ctx, account, made); err != nil {
			return err
		}
		return s.Audit.Note(ctx, "legal_hold.placed", account, "")
	})
	return made, err
}

// Lift ends the hold of an account; false when there was none.
func (s *Holds) Lift(ctx context.Context, account string) (lifted bool, err error) {
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		if _, lifted, err = s.Store.LegalHold(ctx, account); err != nil || !lifted {
			return err
		}
		if err := s.Store.LiftLegalHold(ctx, account); err != nil {
			return err
		}
		return s.Audit.Note(ctx, "legal_hold.lifted", account, "")
	})
	return lifted, err
}

// Of returns the hold of an account; false when there is none.
func (s *Holds) Of(ctx context.Context, account string) (Hold, bool, error) {
	return s.Store.LegalHold(ctx, account)
}
