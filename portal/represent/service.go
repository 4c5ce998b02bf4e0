package represent

import (
	"context"
	"errors"
	"fmt"
	"time"

	"quittance/plans/civil"
	"quittance/portal/debt"
)

// Transactor runs fn in one transaction; a nested call joins it.
type Transactor interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// Store keeps representatives. All of it runs in the caller's transaction.
type Store interface {
	// AddRepresentative keeps one; ErrTaken when its code's index exists. Where the
	// account has one that this is again, that one is returned and nothing is
	// added; see Representative.Again.
	AddRepresentative(ctx context.Context, r Representative) (kept Representative, added bool, err error)
	// Representative loads and, in a transaction, locks one; ErrNotFound.
	Representative(ctx context.Context, id ID) (Representative, error)
	// RepresentativesOf lists an account's, the newest first.
	RepresentativesOf(ctx context.Context, id debt.AccountID) ([]Representative, error)
	// SaveRepresentative writes RevokedAt and RevokedBy.
	SaveRepresentative(ctx context.Context, r Representative) error
}

// Codes makes reference codes; identity.Codes does.
type Codes interface {
	New() (code string, hash, sealed []byte)
	// Print reads a sealed code back as it is printed.
	Print(sealed, hash []byte) (string, error)
}

// Fits says whether a role fits what an account counts as now; gate.Keeper
// knows.
type Fits interface {
	RoleFits(ctx context.Context, id debt.AccountID, r Role) (bool, error)
}

// Sessions ends what a representative has open.
type Sessions interface {
	EndSessionsOfRepresentative(ctx context.Context, id ID, at time.Time, why string) error
}

// Change is what happened to a representative: recorded, or revoked.
type Change struct {
	Representative Representative
	Revoked        bool
	By             string // "staff:…" or "token:…"
}

// Watcher hears of representatives in their transaction.
type Watcher interface {
	RepresentativeChanged(ctx context.Context, c Change) error
}

// Service records representatives and ends them. All fields are required but
// Watchers.
type Service struct {
	Tx       Transactor
	Store    Store
	Codes    Codes
	Fits     Fits
	Sessions Sessions
	Factor   string // "postal_code" or "date_of_birth": what people are matched by
	Watchers []Watcher
	Now      func() time.Time
	NewID    func() ID
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// Record lets somebody speak for a consumer. The same person by the same role
// and paper again is the one that is held. The error is Problems where a field is wrong, ErrRole
// where the account does not stand as the role needs.
func (s *Service) Record(ctx context.Context, id debt.AccountID, e Entry, by string) (Representative, error) {
	now := s.now()
	e, problems := check(e, s.Factor, civil.Of(now))
	if len(problems) > 0 {
		return Representative{}, problems
	}
	var kept Representative
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		fits, err := s.Fits.RoleFits(ctx, id, e.Role)
		if err != nil {
			return err
		}
		if !fits {
			return ErrRole
		}
		r := Representative{
			ID: s.NewID(), AccountID: id, Role: e.Role, Person: e.Person, DocumentID: e.DocumentID, CheckedBy: e.CheckedBy,
			From: e.From, Until: e.Until, RecordedBy: by, CreatedAt: now,
		}
		var added bool
		if kept, added, err = s.add(ctx, r); err != nil || !added {
			return err
		}
		return s.tell(ctx, Change{Representative: kept, By: by})
	})
	if err != nil {
		return Representative{}, fmt.Errorf("record representative: %w", err)
	}
	return kept, nil
}

// add takes another code where one exists already.
func (s *Service) add(ctx context.Context, r Representative) (kept Representative, added bool, err error) {
	for range 3 {
		_, r.CodeHash, r.CodeSealed = s.Codes.New()
		if kept, added, err = s.Store.AddRepresentative(ctx, r); !errors.Is(err, ErrTaken) {
			return kept, added, err
		}
	}
	return kept, added, err
}

// Revoke ends what a representative may do: at once, also where they are signed
// in. Revoked again nothing happens; ErrNotFound for another account's.
func (s *Service) Revoke(ctx context.Context, account debt.AccountID, id ID, by string) error {
	return s.Tx.InTx(ctx, func(ctx context.Context) error {
		r, err := s.Store.Representative(ctx, id)
		if err != nil {
			return err
		}
		switch {
		case r.AccountID != account:
			return ErrNotFound
		case !r.RevokedAt.IsZero():
			return nil
		}
		r.RevokedAt, r.RevokedBy = s.now(), by
		if err := s.Store.SaveRepresentative(ctx, r); err != nil {
			return err
		}
		if err := s.Sessions.EndSessionsOfRepresentative(ctx, id, r.RevokedAt, "representative revoked"); err != nil {
			return err
		}
		return s.tell(ctx, Change{Representative: r, Revoked: true, By: by})
	})
}

// Of lists an account's representatives, the newest first.
func (s *Service) Of(ctx context.Context, id debt.AccountID) ([]Representative, error) {
	return s.Store.RepresentativesOf(ctx, id)
}

// Code is the reference code of a representative, as it is printed.
func (s *Service) Code(r Representative) (string, error) {
	return s.Codes.Print(r.CodeSealed, r.CodeHash)
}

func (s *Service) tell(ctx context.Context, c Change) error {
	for _, w := range s.Watchers {
		if err := w.RepresentativeChanged(ctx, c); err != nil {
			return err
		}
	}
	return nil
}
