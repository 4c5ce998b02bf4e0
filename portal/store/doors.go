package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"quittance/portal/debt"
	"quittance/portal/identity"
)

// mostUnder is how many accounts under guesses are listed.
const mostUnder = 50

// Doors reads how the doors stand.
func (s *Store) Doors(ctx context.Context, now time.Time) (identity.Doors, error) {
	var d identity.Doors
	accounts, err := s.AccountsAbout(ctx, now)
	if err != nil {
		return d, err
	}
	d.Budget = identity.AgencyBudget(int(accounts))
	if d.Failed, err = s.BudgetedFailures(ctx, now.Add(-time.Hour)); err != nil {
		return d, fmt.Errorf("failures: %w", err)
	}
	err = s.query(ctx, func(r row) error {
		var kind identity.TallyKind
		var n int
		if err := r.Scan(&kind, &n); err != nil {
			return err
		}
		if kind == identity.TallyNobody {
			d.Nobody = n
		} else {
			d.Paused = n
		}
		return nil
	}, `SELECT kind, CAST(SUM(n) AS BIGINT) FROM tallies WHERE hour = ? AND kind IN ('nobody', 'paused') GROUP BY kind`, now.Unix()/3600)
	if err != nil {
		return d, fmt.Errorf("tallies: %w", err)
	}
	d.Under, err = s.underGuess(ctx, now.Add(-24*time.Hour))
	return d, err
}

func (s *Store) underGuess(ctx context.Context, since time.Time) ([]identity.UnderGuess, error) {
	var list []identity.UnderGuess
	var codes []string
	err := s.query(ctx, func(r row) error {
		var bucket string
		var u identity.UnderGuess
		err := r.Scan(&bucket, &u.Misses)
		codes, list = append(codes, strings.TrimPrefix(bucket, "code:")), append(list, u)
		return err
	}, `SELECT bucket, COUNT(*) FROM attempts WHERE budgeted = 1 AND outcome = 'failed' AND at >= ? AND bucket NOT LIKE '%/%'
		AND NOT EXISTS (SELECT 1 FROM attempts later WHERE later.bucket = attempts.bucket AND later.id > attempts.id
			AND later.outcome <> 'refused' AND later.outcome IN ('passed', 'cleared'))
		GROUP BY bucket HAVING COUNT(*) >= ? ORDER BY COUNT(*) DESC, bucket LIMIT ?`, at(since), identity.RingMisses, mostUnder)
	if err != nil {
		return nil, fmt.Errorf("codes under guesses: %w", err)
	}
	known := list[:0]
	for i, u := range list {
		hash, err := hex.DecodeString(codes[i])
		if err != nil {
			return nil, fmt.Errorf("bucket: %w", err)
		}
		err = s.queryRow(ctx, []any{&u.AccountID, &u.AccountRef}, `SELECT id, ref FROM accounts WHERE code_hash = ?
			UNION ALL SELECT a.id, a.ref FROM accounts a JOIN representatives r ON r.account_id = a.id WHERE r.code_hash = ?`, hash, hash)
		if errors.Is(err, sql.ErrNoRows) { // the code was renewed
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("account under guesses: %w", err)
		}
		known = append(known, u)
	}
	return known, nil
}

// RenewCode implements identity.People.
func (s *Store) RenewCode(ctx context.Context, id debt.AccountID, hash, sealed []byte) error {
	n, err := s.exec(ctx, `UPDATE accounts SET code_hash = ?, code_sealed = ? WHERE id = ? AND erased_at IS NULL`, hash, sealed, string(id))
	if err == nil && n == 0 {
		err = identity.ErrNotFound
	}
	return err
}
