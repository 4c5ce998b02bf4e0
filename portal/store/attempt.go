package store

import (
	"context"
	"slices"
	"time"

	"quittance/portal/identity"
)

var _ identity.AttemptStore = (*Store)(nil)

// Attempts implements identity.AttemptStore. The lock on the bucket is of the
// kind that needs no row.
func (s *Store) Attempts(ctx context.Context, bucket string, limit int) ([]identity.Attempt, error) {
	var list []identity.Attempt
	reads := []lookup{{
		query: `SELECT bucket, at, outcome, budgeted, visitor FROM attempts
			WHERE bucket = ? AND outcome <> 'refused' ORDER BY id DESC LIMIT ?`,
		args: []any{bucket, limit},
		scan: func(r row) error {
			var a identity.Attempt
			var when stamp
			var budgeted int
			err := r.Scan(&a.Bucket, &when, &a.Outcome, &budgeted, &a.Visitor)
			if err == nil {
				a.Visitor, err = s.lasting.plain(a.Visitor, "attempts.visitor:"+a.Bucket)
			}
			a.At, a.Budgeted = when.Time, budgeted == 1
			list = append(list, a)
			return err
		},
	}}
	if s.engine == postgresEngine && s.txn(ctx) != nil {
		reads = append([]lookup{{
			query: `SELECT pg_advisory_xact_lock(hashtextextended(?, 0))`, args: []any{bucket},
			scan: func(row) error { return nil },
		}}, reads...)
	}
	err := s.lookups(ctx, reads...)
	slices.Reverse(list)
	return list, err
}

// SaveAttempt implements identity.AttemptStore.
func (s *Store) SaveAttempt(ctx context.Context, a identity.Attempt) error {
	visitor, err := s.lasting.text(a.Visitor, "attempts.visitor:"+a.Bucket)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, `INSERT INTO attempts (bucket, at, outcome, budgeted, visitor) VALUES (?,?,?,?,?)`,
		a.Bucket, at(a.At), string(a.Outcome), flag(a.Budgeted), visitor)
	return err
}

// BudgetedFailures implements identity.AttemptStore.
func (s *Store) BudgetedFailures(ctx context.Context, since time.Time) (int, error) {
	var n int
	err := s.queryRow(ctx, []any{&n}, `SELECT COUNT(*) FROM attempts
		WHERE budgeted = 1 AND outcome = 'failed' AND at >= ?`, at(since))
	return n, err
}
