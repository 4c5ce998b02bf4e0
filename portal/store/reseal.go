package store

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Reseal seals the keys of the next accounts after an id again, with the key of
// today. It returns the last id it looked at, empty at the end, and how many it
// changed. What changes meanwhile is sealed by whoever changes it.
func (s *Store) Reseal(ctx context.Context, after string, limit int) (last string, changed int, err error) {
	if s.opts.Box == nil {
		return "", 0, ErrSealed
	}
	var steps []step
	err = s.query(ctx, func(r row) error {
		var wrapped []byte
		if err := r.Scan(&last, &wrapped); err != nil || len(wrapped) == 0 || s.opts.Box.Current(wrapped) {
			return err // an account without a key was erased
		}
		next, err := s.resealed(last, wrapped)
		steps = append(steps, next)
		return err
	}, `SELECT id, vault FROM accounts WHERE id > ? ORDER BY id LIMIT ?`, after, limit)
	if err == nil {
		err = s.batch(ctx, steps...)
	}
	if err != nil {
		return "", 0, fmt.Errorf("seal again: %w", err)
	}
	return last, len(steps), nil
}

func (s *Store) resealed(id string, wrapped []byte) (step, error) {
	key, err := s.opts.Box.Open(wrapped, "accounts.vault:"+id)
	if err != nil {
		return step{}, fmt.Errorf("the key of account %s: %w", id, err)
	}
	again, err := s.opts.Box.Seal(key, "accounts.vault:"+id)
	return step{query: `UPDATE accounts SET vault = ? WHERE id = ? AND vault = ?`, args: []any{again, id, wrapped}, touches: anyRows}, err
}

// ResealRoot seals the root key with the key of today.
func (s *Store) ResealRoot(ctx context.Context) error {
	if s.opts.Box == nil || s.root == nil {
		return ErrSealed
	}
	sealed, err := s.opts.Box.Seal(s.root, "data_keys.sealed:root")
	if err == nil {
		_, err = s.exec(ctx, `UPDATE data_keys SET sealed = ? WHERE name = 'root'`, sealed)
	}
	if err != nil {
		return fmt.Errorf("seal the root key again: %w", err)
	}
	return nil
}

// accountsAbout is a count of the accounts, kept for a minute.
type accountsAbout struct {
	mu sync.Mutex
	n  int64
	at time.Time
}

// AccountsAbout says how many accounts there are, or were a minute ago. Counting
// reads them all, and the doors ask at each try.
func (s *Store) AccountsAbout(ctx context.Context, now time.Time) (int64, error) {
	if n, fresh := s.about.last(now); fresh {
		return n, nil
	}
	n, err := s.CountAccounts(ctx) // not under the lock: it may wait for a connection
	if err == nil {
		s.about.keep(n, now)
	}
	return n, err
}

func (a *accountsAbout) last(now time.Time) (n int64, fresh bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	old := now.Sub(a.at)
	return a.n, old >= 0 && old < time.Minute
}

func (a *accountsAbout) keep(n int64, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.n, a.at = n, now
}

// CountAccounts says how many accounts there are.
func (s *Store) CountAccounts(ctx context.Context) (n int64, err error) {
	err = s.queryRow(ctx, []any{&n}, `SELECT COUNT(*) FROM accounts`)
	return n, err
}
