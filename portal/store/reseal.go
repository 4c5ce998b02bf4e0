package store

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"

	"quittance/portal/debt"
)

// unsealed is one account as Reseal finds it.
type unsealed struct {
	account debt.Account
	vault   []byte
	person  []byte
	erased  bool
}

// Reseal seals the next accounts after an id again: with the key of today what
// was sealed by the one before, and for the first time what stands plain. It
// returns the last id it looked at, empty at the end, and how many it changed.
// What changes meanwhile is sealed by whoever changes it.
func (s *Store) Reseal(ctx context.Context, after string, limit int) (last string, changed int, err error) {
	if s.opts.Box == nil {
		return "", 0, ErrSealed
	}
	var found []unsealed
	err = s.query(ctx, func(r row) error {
		var u unsealed
		var gone stamp
		var wrapped, sealed []byte
		a, err := s.scanAccount(before{r, []any{&wrapped, &sealed, &gone}})
		u.account, u.vault, u.person, u.erased = a, wrapped, sealed, !gone.IsZero()
		found = append(found, u)
		return err
	}, `SELECT `+accountColumns+`, c.vault, c.person, c.erased_at FROM accounts c WHERE c.id > ? ORDER BY c.id LIMIT ?`, after, limit)
	if err != nil || len(found) == 0 {
		return "", 0, err
	}
	var steps []step
	for _, u := range found {
		next, err := s.resealed(u)
		if err != nil {
			return "", 0, err
		}
		steps = append(steps, next...)
	}
	if err := s.batch(ctx, steps...); err != nil {
		return "", 0, fmt.Errorf("seal again: %w", err)
	}
	last = string(found[len(found)-1].account.ID)
	if err := s.sealColumns(ctx, ` BETWEEN ? AND ?`, string(found[0].account.ID), last); err != nil {
		return "", 0, fmt.Errorf("seal again: %w", err)
	}
	return last, len(steps), nil
}

// before scans columns that stand after those of a known row.
type before struct {
	row
	last []any
}

func (b before) Scan(dest ...any) error { return b.row.Scan(append(dest, b.last...)...) }

func (s *Store) resealed(u unsealed) ([]step, error) {
	id := string(u.account.ID)
	switch {
	case u.erased:
		return nil, nil
	case len(u.vault) == 0:
		v, err := s.newVault(id)
		if err != nil {
			return nil, err
		}
		values, err := s.sealPerson(v, id, u.account.Consumer)
		return []step{{query: sealedUpdate + ` WHERE id = ? AND length(vault) = 0`, args: append(values, id), touches: anyRows}}, err
	case s.opts.Box.Current(u.vault):
		return nil, nil
	}
	key, err := s.opts.Box.Open(u.vault, "accounts.vault:"+id)
	if err != nil {
		return nil, fmt.Errorf("the key of account %s: %w", id, err)
	}
	wrapped, err := s.opts.Box.Seal(key, "accounts.vault:"+id)
	return []step{{query: `UPDATE accounts SET vault = ? WHERE id = ? AND vault = ?`, args: []any{wrapped, id, bytes.Clone(u.vault)}, touches: anyRows}}, err
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
