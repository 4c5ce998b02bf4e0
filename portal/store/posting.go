package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"quittance/portal/outbox"
)

var _ outbox.Postings = (*Store)(nil)

// Posting implements outbox.Postings.
func (s *Store) Posting(ctx context.Context, event outbox.EventID, creditorRef string) (outbox.Posting, error) {
	var p outbox.Posting
	var posted stamp
	err := s.queryRow(ctx, []any{&p.Event, &p.CreditorRef, &p.TransactionID, &p.Refusal, &posted},
		`SELECT o.event_id, o.creditor_ref, o.transaction_id, o.refusal, o.posted_at FROM postings o
		WHERE o.event_id = ? AND o.creditor_ref = ?`+s.forUpdate(ctx, "o"), string(event), creditorRef)
	p.PostedAt = posted.Time
	if errors.Is(err, sql.ErrNoRows) {
		return outbox.Posting{}, outbox.ErrNoPosting
	}
	return p, err
}

// SavePosting implements outbox.Postings.
func (s *Store) SavePosting(ctx context.Context, p outbox.Posting) error {
	steps := keepPosting(p)
	steps[0].touches, steps[0].otherwise = 1, outbox.ErrPosted
	err := s.InTx(ctx, func(ctx context.Context) error { return s.batch(ctx, steps...) })
	if err != nil {
		return fmt.Errorf("save posting: %w", err)
	}
	return nil
}

// Unposted implements outbox.Postings.
func (s *Store) Unposted(ctx context.Context, types []outbox.Type, from, before time.Time, limit int) ([]outbox.Unposted, error) {
	match, list := s.oneOf("d.type", texts(types))
	var all []outbox.Unposted
	err := s.query(ctx, func(r row) error {
		var u outbox.Unposted
		var delivered stamp
		err := r.Scan(&u.Event, &u.Type, &u.PaymentID, &u.Endpoint, &u.Sequence, &delivered, &u.Refusal)
		u.DeliveredAt = delivered.Time
		all = append(all, u)
		return err
	}, `SELECT d.event_id, d.type, e.payment_id, d.endpoint_id, d.sequence, d.delivered_at, COALESCE(o.refusal, '')
		FROM deliveries d
		JOIN endpoints p ON p.id = d.endpoint_id AND p.creditor_ref = ''
		JOIN events e ON e.id = d.event_id
		LEFT JOIN postings o ON o.event_id = d.event_id AND o.creditor_ref = ''
		WHERE d.delivered_at IS NOT NULL AND d.state = 'delivered' AND d.delivered_at >= COALESCE(CAST(? AS BIGINT), 0) AND d.delivered_at < ? AND `+match+`
			AND (o.event_id IS NULL OR o.refusal <> '')
		ORDER BY d.delivered_at, d.endpoint_id, d.sequence LIMIT ?`, at(from), at(before), list, limit)
	return all, err
}
