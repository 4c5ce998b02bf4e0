package store

import (
	"context"
	"fmt"
	"time"

	"quittance/payments"
)

var _ payments.Doubts = (*Store)(nil)

// RaiseDoubts implements payments.Doubts. It locks no payment: whoever submits
// one locks it before its debts, and whoever calls this has locked debts.
func (s *Store) RaiseDoubts(ctx context.Context, accountIDs []string, when time.Time) error {
	match, list := s.oneOf("c.id", accountIDs)
	with, again := s.oneOf("mine.account_id", accountIDs)
	_, err := s.exec(ctx, `INSERT INTO payment_doubts (payment_id, raised, look_at)
		SELECT p.id, 1, ? FROM payments p WHERE p.account_id IN (SELECT c.id FROM accounts c WHERE `+match+` UNION `+owingWith+with+`) AND p.status IN ('started', 'ready', 'submitting', 'checking', 'needs_action') ORDER BY p.id
		ON CONFLICT (payment_id) DO UPDATE SET raised = payment_doubts.raised + 1, look_at = excluded.look_at`, at(when), list, again)
	if err != nil {
		return fmt.Errorf("raise doubts: %w", err)
	}
	return nil
}

// DoubtsDue implements payments.Doubts.
func (s *Store) DoubtsDue(ctx context.Context, now time.Time, limit int) ([]payments.Doubt, error) {
	var due []payments.Doubt
	err := s.query(ctx, func(r row) error {
		var d payments.Doubt
		err := r.Scan(&d.PaymentID, &d.Raised)
		due = append(due, d)
		return err
	}, `SELECT payment_id, raised FROM payment_doubts WHERE look_at <= ? ORDER BY look_at, payment_id LIMIT ?`, at(now), limit)
	if err != nil {
		return nil, fmt.Errorf("read doubts: %w", err)
	}
	return due, nil
}

// EndDoubt implements payments.Doubts.
func (s *Store) EndDoubt(ctx context.Context, d payments.Doubt) error {
	_, err := s.exec(ctx, `DELETE FROM payment_doubts WHERE payment_id = ? AND raised = ?`, string(d.PaymentID), d.Raised)
	return err
}

// PutOffDoubt implements payments.Doubts.
func (s *Store) PutOffDoubt(ctx context.Context, d payments.Doubt, until time.Time) error {
	_, err := s.exec(ctx, `UPDATE payment_doubts SET look_at = ? WHERE payment_id = ? AND raised = ?`, at(until), string(d.PaymentID), d.Raised)
	return err
}
