package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"quittance/portal/debt"
	"quittance/portal/talk"
)

var _ talk.Untold = (*Store)(nil)

// LastTold implements talk.Untold. The lock is of the kind that needs no row.
func (s *Store) LastTold(ctx context.Context, id debt.AccountID) (time.Time, error) {
	if err := s.lockName(ctx, "told:"+string(id)); err != nil {
		return time.Time{}, err
	}
	var last stamp
	err := s.queryRow(ctx, []any{&last}, `SELECT told_at FROM thread_told WHERE account_id = ?`, string(id))
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return last.Time, err
}

// AddUntold implements talk.Untold.
func (s *Store) AddUntold(ctx context.Context, n talk.Note) error {
	_, err := s.exec(ctx, `INSERT INTO thread_untold (message_id, account_id, via, at) VALUES (?, ?, ?, ?)`, n.ID, string(n.AccountID), string(n.Via), at(n.At))
	return err
}

// TakeUntold implements talk.Untold.
func (s *Store) TakeUntold(ctx context.Context, id debt.AccountID, limit int, now time.Time) ([]talk.Note, error) {
	var all []talk.Note
	err := s.query(ctx, func(r row) error {
		n := talk.Note{AccountID: id, By: talk.Consumer}
		var written stamp
		err := r.Scan(&n.ID, &n.Via, &written)
		n.At = written.Time
		all = append(all, n)
		return err
	}, `SELECT message_id, via, at FROM thread_untold WHERE account_id = ? ORDER BY at, message_id LIMIT ?`, string(id), limit)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	for _, n := range all {
		if _, err := s.exec(ctx, `DELETE FROM thread_untold WHERE message_id = ?`, n.ID); err != nil {
			return nil, err
		}
	}
	_, err = s.exec(ctx, `INSERT INTO thread_told (account_id, told_at) VALUES (?, ?)
		ON CONFLICT (account_id) DO UPDATE SET told_at = excluded.told_at`, string(id), at(now))
	return all, err
}

// Untold implements talk.Untold.
func (s *Store) Untold(ctx context.Context, before time.Time, limit int) ([]debt.AccountID, error) {
	var ids []debt.AccountID
	err := s.query(ctx, func(r row) error {
		var id debt.AccountID
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT u.account_id FROM thread_untold u LEFT JOIN thread_told t ON t.account_id = u.account_id
		WHERE t.told_at IS NULL OR t.told_at <= ? GROUP BY u.account_id ORDER BY MIN(u.at) LIMIT ?`, at(before), limit)
	return ids, err
}
