package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"quittance/portal/debt"
	"quittance/portal/identity"
)

// doorGauges tells how the doors of consumers stand, without an id.
func (p *portal) doorGauges() error {
	doors := &lastDoors{read: p.store.Doors, now: p.in.now}
	var errs []error
	for name, g := range map[string]struct {
		help string
		of   func(identity.Doors) int
	}{
		"portal_sign_in_failures":     {"Failures at codes that exist within an hour.", func(d identity.Doors) int { return d.Failed }},
		"portal_sign_in_budget":       {"How many of those an hour bears before possession is asked for.", func(d identity.Doors) int { return d.Budget }},
		"portal_sign_in_nobody":       {"Tries within the hour at codes and addresses that nobody has.", func(d identity.Doors) int { return d.Nobody }},
		"portal_sign_in_paused":       {"Tries within the hour that were not looked at.", func(d identity.Doors) int { return d.Paused }},
		"portal_codes_under_guessing": {"Accounts whose code had five misses within a day.", func(d identity.Doors) int { return len(d.Under) }},
	} {
		errs = append(errs, p.metrics.Gauge(name, g.help, func() float64 {
			d, err := doors.get()
			if err != nil {
				return -1
			}
			return float64(g.of(d))
		}))
	}
	return errors.Join(errs...)
}

// lastDoors reads how the doors stand once for all the gauges of one look.
type lastDoors struct {
	read func(context.Context, time.Time) (identity.Doors, error)
	now  func() time.Time

	mu    sync.Mutex
	at    time.Time
	doors identity.Doors
	err   error
}

// doorsFor is how long one reading serves.
const doorsFor = 2 * time.Second

func (l *lastDoors) get() (identity.Doors, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if old := now.Sub(l.at); old >= 0 && old < doorsFor {
		return l.doors, l.err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	l.doors, l.err = l.read(ctx, now)
	l.at = now
	return l.doors, l.err
}

// opens lets the person of an account in again, by the agency's own number. An
// account that was erased has no code and nobody to let in (REC-01).
func (p program) opens(ctx context.Context, args []string, use, done string, do func(*portal) func(context.Context, debt.AccountID) error) error {
	ref, err := one(args, use)
	if err != nil {
		return err
	}
	return withPortal(ctx, p, func(w *portal) error {
		return w.store.InTx(ctx, func(ctx context.Context) error {
			code, err := w.store.SealedCode(ctx, ref)
			if errors.Is(err, identity.ErrNotFound) {
				return errors.New("no account with this number has a code")
			}
			if err != nil {
				return err
			}
			if err := do(w)(ctx, code.AccountID); err != nil {
				return err
			}
			return w.audit.Note(ctx, done, string(code.AccountID), "")
		})
	})
}

func (p program) unlockCode(ctx context.Context, args []string) error {
	return p.opens(ctx, args, "portal codes unlock ACCOUNT_REF", "code.unlocked", func(w *portal) func(context.Context, debt.AccountID) error { return w.visits.Help })
}

func (p program) renewCode(ctx context.Context, args []string) error {
	return p.opens(ctx, args, "portal codes renew ACCOUNT_REF", "code.renewed", func(w *portal) func(context.Context, debt.AccountID) error { return w.visits.Renew })
}

func (p program) unlockStaff(ctx context.Context, args []string) error {
	email, err := one(args, "portal staff unlock ADDRESS")
	if err != nil {
		return err
	}
	return withPortal(ctx, p, func(w *portal) error {
		return w.store.InTx(ctx, func(ctx context.Context) error {
			who, err := w.desk.Unlock(ctx, email)
			if errors.Is(err, identity.ErrNotFound) {
				return errors.New("nobody has this address: see portal staff list")
			}
			if err != nil {
				return fmt.Errorf("unlock: %w", err)
			}
			return w.audit.Note(ctx, "staff.unlocked", "", string(who.ID))
		})
	})
}
