package store

import (
	"context"
	"fmt"

	"quittance/portal/alert"
)

var _ alert.Store = (*Store)(nil)

// KeepAlert implements alert.Store.
func (s *Store) KeepAlert(ctx context.Context, a alert.Alert) (bool, error) {
	n, err := s.exec(ctx, `INSERT INTO processor_alerts (kind, subject, state, payment_id, due_at, at, seen_by) VALUES (?,?,?,?,?,?,'')
		ON CONFLICT (kind, subject) DO UPDATE SET state = excluded.state, payment_id = excluded.payment_id, due_at = excluded.due_at,
			at = excluded.at, seen_at = NULL, seen_by = ''
		WHERE excluded.at >= processor_alerts.at
			AND (excluded.state <> processor_alerts.state OR COALESCE(excluded.due_at, 0) <> COALESCE(processor_alerts.due_at, 0))`,
		string(a.Kind), a.Subject, a.State, string(a.PaymentID), at(a.DueAt), at(a.At))
	return n > 0, err
}

// Alerts implements alert.Store.
func (s *Store) Alerts(ctx context.Context, most int) ([]alert.Alert, error) {
	var list []alert.Alert
	err := s.query(ctx, func(r row) error {
		var a alert.Alert
		var due, when, seen stamp
		err := r.Scan(&a.Kind, &a.Subject, &a.State, &a.PaymentID, &due, &when, &seen, &a.SeenBy)
		a.DueAt, a.At, a.SeenAt = due.Time, when.Time, seen.Time
		list = append(list, a)
		return err
	}, `SELECT kind, subject, state, payment_id, due_at, at, seen_at, seen_by FROM processor_alerts
		ORDER BY CASE WHEN seen_at IS NULL THEN 0 ELSE 1 END, CASE WHEN kind = 'payout_reconciled' THEN 1 ELSE 0 END,
		CASE WHEN due_at IS NULL THEN 1 ELSE 0 END, due_at, at DESC, kind, subject LIMIT ?`, most)
	if err != nil {
		return nil, fmt.Errorf("alerts: %w", err)
	}
	return list, nil
}

// SeeAlert implements alert.Store.
func (s *Store) SeeAlert(ctx context.Context, a alert.Alert) (bool, error) {
	n, err := s.exec(ctx, `UPDATE processor_alerts SET seen_at = ?, seen_by = ? WHERE kind = ? AND subject = ? AND at = ? AND seen_at IS NULL`,
		at(a.SeenAt), a.SeenBy, string(a.Kind), a.Subject, at(a.At))
	return n > 0, err
}
