package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"quittance/payments"
	"quittance/portal/outbox"
)

var (
	_ outbox.Events   = (*Store)(nil)
	_ outbox.Books    = (*Store)(nil)
	_ outbox.Sequence = (*Store)(nil)
)

const eventColumns = `id, type, account_id, payment_id, endpoint_id, creditors, facts, occurred_at, position`

// AppendEvent implements outbox.Events.
func (s *Store) AppendEvent(ctx context.Context, e outbox.Event) error {
	facts, err := s.lasting.text(string(e.Facts), "events.facts:"+string(e.ID))
	if err != nil {
		return fmt.Errorf("append event: %w", err)
	}
	steps := []step{{
		query: `INSERT INTO events (id, type, account_id, payment_id, endpoint_id, creditors, facts, occurred_at) VALUES (?,?,?,?,?,?,?,?)`,
		args: []any{string(e.ID), string(e.Type), e.AccountID, string(e.PaymentID), string(e.EndpointID), lines(e.Creditors),
			facts, at(e.OccurredAt)}, touches: 1,
	}}
	for _, t := range e.Transfers {
		steps = append(steps, step{query: `INSERT INTO transfer_postings (transfer_id, event_id) VALUES (?,?)
			ON CONFLICT (transfer_id) DO NOTHING`, args: []any{t, string(e.ID)}, touches: anyRows})
	}
	if err = s.InTx(ctx, func(ctx context.Context) error { return s.batch(ctx, steps...) }); err != nil {
		return fmt.Errorf("append event: %w", err)
	}
	return nil
}

// lines writes each reference on a line of its own, with a line end before the
// first, so that "\nref\n" finds exactly that one.
func lines(refs []string) string {
	if len(refs) == 0 {
		return ""
	}
	return "\n" + strings.Join(refs, "\n") + "\n"
}

func (s *Store) scanEvent(r row) (outbox.Event, error) {
	var e outbox.Event
	var creditors, facts string
	var occurred stamp
	var position sql.NullInt64
	err := r.Scan(&e.ID, &e.Type, &e.AccountID, &e.PaymentID, &e.EndpointID, &creditors, &facts, &occurred, &position)
	if creditors != "" {
		e.Creditors = strings.Split(strings.Trim(creditors, "\n"), "\n")
	}
	if err == nil {
		facts, err = s.lasting.plain(facts, "events.facts:"+string(e.ID))
	}
	e.Facts, e.OccurredAt, e.Position = []byte(facts), occurred.Time, position.Int64
	return e, err
}

func (s *Store) events(ctx context.Context, where string, args ...any) ([]outbox.Event, error) {
	var list []outbox.Event
	err := s.query(ctx, func(r row) error {
		e, err := s.scanEvent(r)
		list = append(list, e)
		return err
	}, `SELECT `+eventColumns+` FROM events `+where, args...)
	return list, err
}

// LatestEvent implements outbox.Events.
func (s *Store) LatestEvent(ctx context.Context, paymentID payments.ID, t outbox.Type) (outbox.EventID, error) {
	var id string
	err := s.queryRow(ctx, []any{&id}, `SELECT id FROM events WHERE payment_id = ? AND payment_id <> '' AND type = ?
		ORDER BY row_number DESC LIMIT 1`, string(paymentID), string(t))
	if errors.Is(err, sql.ErrNoRows) {
		return "", outbox.ErrNoEvent
	}
	return outbox.EventID(id), err
}

// LockSequence implements outbox.Sequence: the only row of sequencer is locked.
func (s *Store) LockSequence(ctx context.Context) (int64, error) {
	query := `SELECT last FROM sequencer WHERE id = 1`
	if s.engine == postgresEngine {
		query += ` FOR UPDATE SKIP LOCKED`
	}
	var last int64
	err := s.queryRow(ctx, []any{&last}, query)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, outbox.ErrBusy
	}
	return last, err
}

// Unsequenced implements outbox.Sequence.
func (s *Store) Unsequenced(ctx context.Context, limit int) ([]outbox.Event, error) {
	return s.events(ctx, `WHERE position IS NULL ORDER BY row_number LIMIT ?`, limit)
}

// OpenEndpoints implements outbox.Sequence.
func (s *Store) OpenEndpoints(ctx context.Context) ([]outbox.Endpoint, error) {
	return s.endpoints(ctx, "status <> ?", string(outbox.Closed))
}

// SaveNumbering implements outbox.Sequence.
func (s *Store) SaveNumbering(ctx context.Context, n outbox.Numbering) error {
	steps := []step{{query: `UPDATE sequencer SET last = ? WHERE id = 1`, args: []any{n.Last}, touches: 1}}
	for _, id := range sortedKeys(n.Positions, func(a, b outbox.EventID) int { return cmp.Compare(n.Positions[a], n.Positions[b]) }) {
		steps = append(steps, step{
			query: `UPDATE events SET position = ? WHERE id = ? AND position IS NULL`,
			args:  []any{n.Positions[id], string(id)}, touches: 1,
		})
	}
	for _, id := range sortedKeys(n.Sequences, cmp.Compare[outbox.EndpointID]) {
		steps = append(steps, step{
			query: `UPDATE endpoints SET last_sequence = ? WHERE id = ?`,
			args:  []any{n.Sequences[id], string(id)}, touches: 1,
		})
	}
	err := s.InTx(ctx, func(ctx context.Context) error {
		if err := s.batch(ctx, steps...); err != nil {
			return err
		}
		return s.saveDeliveries(ctx, n.Deliveries)
	})
	if err != nil {
		return fmt.Errorf("save numbering: %w", err)
	}
	return nil
}

func (s *Store) saveDeliveries(ctx context.Context, list []outbox.Delivery) error {
	bodies := make([]string, len(list))
	for i, d := range list {
		var err error
		if bodies[i], err = s.lasting.text(string(d.Body), bodyAt(d)); err != nil {
			return err
		}
	}
	return s.insert(ctx, bulk{
		table: "deliveries", rows: len(list),
		columns: []string{"endpoint_id", "sequence", "event_id", "type", "body", "occurred_at", "state", "attempts",
			"next_at", "leased_until", "delivered_at"},
		values: func(i int) []any {
			d := list[i]
			return []any{string(d.Endpoint), d.Sequence, string(d.Event), string(d.Type), bodies[i], micros(d.OccurredAt),
				string(d.State), int64(d.Attempts), micros(d.NextAt), micros(d.LeasedUntil), micros(d.DeliveredAt)}
		},
	})
}

func sortedKeys[K comparable, V any](m map[K]V, compare func(a, b K) int) []K {
	return slices.SortedFunc(maps.Keys(m), compare)
}
