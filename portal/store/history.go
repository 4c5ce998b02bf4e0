package store

import (
	"context"
	"time"

	"quittance/portal/debt"
	"quittance/portal/outbox"
)

// History is the Store as outbox.History, whose Attempts are those of a
// delivery and not those of identity.
type History struct{ *Store }

var _ outbox.History = History{}

// Event implements outbox.History.
func (s *Store) Event(ctx context.Context, id outbox.EventID) (outbox.Event, error) {
	found, err := s.events(ctx, `WHERE id = ?`, string(id))
	if err == nil && len(found) == 0 {
		err = outbox.ErrNoEvent
	}
	if err != nil {
		return outbox.Event{}, err
	}
	return found[0], nil
}

// Feed implements outbox.History.
func (s *Store) Feed(ctx context.Context, of debt.Creditors, q outbox.FeedQuery) ([]outbox.Event, error) {
	where, args := `WHERE position > ?`, []any{q.After}
	if !q.Since.IsZero() {
		where, args = where+` AND occurred_at >= ?`, append(args, at(q.Since))
	}
	touched, refs := touching(of)
	where, args = where+` AND `+touched, append(args, refs...)
	return s.events(ctx, where+` ORDER BY position LIMIT ?`, append(args, q.Limit)...)
}

// Deliveries implements outbox.History.
func (s *Store) Deliveries(ctx context.Context, endpoint outbox.EndpointID, after int64, limit int) ([]outbox.Delivery, error) {
	var list []outbox.Delivery
	err := s.query(ctx, func(r row) error {
		d, err := s.scanDelivery(r)
		list = append(list, d)
		return err
	}, `SELECT `+deliveryColumns+` FROM deliveries WHERE endpoint_id = ? AND sequence > ? ORDER BY sequence LIMIT ?`,
		string(endpoint), after, limit)
	return list, err
}

// Attempts implements outbox.History.
func (h History) Attempts(ctx context.Context, endpoint outbox.EndpointID, sequence int64) ([]outbox.Attempt, error) {
	var list []outbox.Attempt
	err := h.query(ctx, func(r row) error {
		var a outbox.Attempt
		var when stamp
		var duration int64
		err := r.Scan(&when, &duration, &a.Status, &a.Class, &a.Reply)
		if err == nil {
			a.Reply, err = h.lasting.plain(a.Reply, replyAt(endpoint, sequence))
		}
		a.At, a.Duration = when.Time, time.Duration(duration)
		list = append(list, a)
		return err
	}, `SELECT at, duration, status, class, reply FROM delivery_attempts
		WHERE endpoint_id = ? AND sequence = ? ORDER BY id`, string(endpoint), sequence)
	return list, err
}
