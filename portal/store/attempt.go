package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"quittance/portal/identity"
)

var (
	_ identity.AttemptStore = (*Store)(nil)
	_ identity.TallyStore   = (*Store)(nil)
)

// Attempts implements identity.AttemptStore. The lock on the bucket is of the
// kind that needs no row.
func (s *Store) Attempts(ctx context.Context, bucket string, limit int) ([]identity.Attempt, error) {
	var list []identity.Attempt
	reads := []lookup{{
		query: `SELECT bucket, at, outcome, budgeted, visitor, given FROM attempts
			WHERE bucket = ? AND outcome <> 'refused' ORDER BY id DESC LIMIT ?`,
		args: []any{bucket, limit},
		scan: func(r row) error {
			var a identity.Attempt
			var when stamp
			var budgeted int
			err := r.Scan(&a.Bucket, &when, &a.Outcome, &budgeted, &a.Visitor, &a.Given)
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

// SaveAttempt implements identity.AttemptStore: one statement, whatever it is.
func (s *Store) SaveAttempt(ctx context.Context, a identity.Attempt) error {
	visitor, err := s.lasting.text(a.Visitor, "attempts.visitor:"+a.Bucket)
	if err != nil {
		return err
	}
	if !a.Kept() {
		return s.AddTallies(ctx, a.At.Unix()/3600, a.Tally)
	}
	_, err = s.exec(ctx, `INSERT INTO attempts (bucket, at, outcome, budgeted, visitor, given) VALUES (?,?,?,?,?,?)`,
		a.Bucket, at(a.At), string(a.Outcome), flag(a.Budgeted), visitor, a.Given)
	return err
}

// ClearAttempts implements identity.AttemptStore.
func (s *Store) ClearAttempts(ctx context.Context, when time.Time, buckets ...string) error {
	args := []any{at(when)}
	for _, bucket := range buckets {
		args = append(args, bucket)
	}
	_, err := s.exec(ctx, clearAttempts(len(buckets)), args...)
	return err
}

// clearAttempts names each bucket: the index of the buckets finds them, in any
// collation.
func clearAttempts(buckets int) string {
	return `INSERT INTO attempts (bucket, at, outcome, budgeted, visitor)
		SELECT DISTINCT bucket, CAST(? AS BIGINT), 'cleared', 0, '' FROM attempts
		WHERE outcome <> 'refused' AND outcome = 'failed' AND bucket IN (` + marks(buckets) + `)`
}

// BudgetedFailures implements identity.AttemptStore.
func (s *Store) BudgetedFailures(ctx context.Context, since time.Time) (int, error) {
	var n int
	err := s.queryRow(ctx, []any{&n}, `SELECT COUNT(*) FROM attempts
		WHERE budgeted = 1 AND outcome = 'failed' AND at >= ?`, at(since))
	return n, err
}

// Tallies implements identity.TallyStore.
func (s *Store) Tallies(ctx context.Context, hour int64, slots ...identity.Slot) ([]int, error) {
	n := make([]int, len(slots))
	var reads []lookup
	for i, slot := range slots {
		reads = append(reads, lookup{
			query: `SELECT n FROM tallies WHERE kind = ? AND slot = ? AND hour = ?`, args: []any{string(slot.Kind), slot.Number, hour},
			scan: func(r row) error { return r.Scan(&n[i]) },
		})
	}
	return n, s.lookups(ctx, reads...)
}

// AddTallies implements identity.TallyStore. An hour that is over leaves its row
// to the next.
func (s *Store) AddTallies(ctx context.Context, hour int64, slots ...identity.Slot) error {
	var values []any
	for _, slot := range slots {
		values = append(values, string(slot.Kind), slot.Number, hour)
	}
	marks := strings.TrimSuffix(strings.Repeat("(?,?,?,1),", len(slots)), ",")
	_, err := s.exec(ctx, `INSERT INTO tallies (kind, slot, hour, n) VALUES `+marks+`
		ON CONFLICT (kind, slot) DO UPDATE SET n = CASE WHEN tallies.hour = excluded.hour THEN tallies.n + 1 ELSE 1 END, hour = excluded.hour`,
		values...)
	return err
}

// ClaimTicket implements identity.TallyStore.
func (s *Store) ClaimTicket(ctx context.Context, slot int, issued, now time.Time) (bool, error) {
	n, err := s.exec(ctx, `INSERT INTO tickets (slot, at) VALUES (?,?)
		ON CONFLICT (slot) DO UPDATE SET at = excluded.at WHERE tickets.at < ?`, slot, at(now), at(issued))
	return n > 0, err
}
