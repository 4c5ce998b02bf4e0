package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"quittance/payments"
)

var _ payments.Inbox = (*Store)(nil)

// RecordEvent implements payments.Inbox: an event id is recorded once only.
func (s *Store) RecordEvent(ctx context.Context, e payments.Event, received time.Time) (bool, error) {
	rows, err := s.exec(ctx, `INSERT INTO processor_events
		(id, type, intent_id, checkout_id, payment_id, live, created_at, received_at)
		VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (id) DO NOTHING`,
		e.ID, e.Type, e.IntentID, e.CheckoutID, string(e.PaymentID), flag(e.LiveMode), at(e.Created), at(received))
	return rows == 1, err
}

// SeenEvent implements payments.Inbox.
func (s *Store) SeenEvent(ctx context.Context, id string) (bool, error) {
	var one int
	err := s.queryRow(ctx, []any{&one}, `SELECT 1 FROM processor_events WHERE id = ?`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
