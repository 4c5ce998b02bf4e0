package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"quittance/portal/outbox"
)

var _ outbox.Queue = (*Store)(nil)

const deliveryColumns = `endpoint_id, sequence, event_id, type, body, occurred_at, state, attempts, next_at,
	leased_until, delivered_at`

func (s *Store) scanDelivery(r row) (outbox.Delivery, error) {
	var d outbox.Delivery
	var body string
	var occurred, next, leased, delivered stamp
	err := r.Scan(&d.Endpoint, &d.Sequence, &d.Event, &d.Type, &body, &occurred, &d.State, &d.Attempts, &next, &leased, &delivered)
	if err == nil {
		body, err = s.lasting.plain(body, bodyAt(d))
	}
	d.Body = []byte(body)
	d.OccurredAt, d.NextAt, d.LeasedUntil, d.DeliveredAt = occurred.Time, next.Time, leased.Time, delivered.Time
	return d, err
}

// bodyAt is where a body stands sealed.
func bodyAt(d outbox.Delivery) string {
	return "deliveries.body:" + string(d.Event)
}

// replyAt is where a receiver's answer stands sealed: nobody knows what it says.
func replyAt(endpoint outbox.EndpointID, sequence int64) string {
	return fmt.Sprintf("delivery_attempts.reply:%s/%d", endpoint, sequence)
}

// DueEndpoints implements outbox.Queue.
func (s *Store) DueEndpoints(ctx context.Context, now time.Time) ([]outbox.EndpointID, error) {
	var due []outbox.EndpointID
	err := s.query(ctx, func(r row) error {
		var id outbox.EndpointID
		err := r.Scan(&id)
		due = append(due, id)
		return err
	}, `SELECT p.id FROM endpoints p WHERE p.status = 'active' AND (p.hold_until IS NULL OR p.hold_until <= ?)
		AND EXISTS (SELECT 1 FROM deliveries d WHERE d.endpoint_id = p.id AND d.state = 'pending' AND d.next_at <= ?
			AND (d.leased_until IS NULL OR d.leased_until <= ?)) ORDER BY p.id`, at(now), at(now), at(now))
	return due, err
}

// claimDeliveries leases due deliveries and returns them in one statement; the
// part that picks them is answered by the index of pending deliveries alone.
const claimDeliveries = `UPDATE deliveries SET leased_until = ?
	WHERE endpoint_id = ? AND sequence IN (
		SELECT d.sequence FROM deliveries d WHERE d.endpoint_id = ? AND d.sequence > ? AND d.state = 'pending'
			AND d.next_at <= ? AND (d.leased_until IS NULL OR d.leased_until <= ?)
			AND EXISTS (SELECT 1 FROM endpoints p WHERE p.id = d.endpoint_id AND p.status = 'active'
				AND (p.hold_until IS NULL OR p.hold_until <= ?))
		ORDER BY d.sequence LIMIT ?%s)
	RETURNING ` + deliveryColumns

// Claim implements outbox.Queue: two statements in one round trip on
// PostgreSQL.
func (s *Store) Claim(ctx context.Context, c outbox.Claim) (to outbox.Endpoint, list []outbox.Delivery, err error) {
	skip := ""
	if s.engine == postgresEngine {
		skip = " FOR UPDATE OF d SKIP LOCKED"
	}
	claim := lookup{
		query: fmt.Sprintf(claimDeliveries, skip),
		args:  []any{at(c.Until), string(c.Endpoint), string(c.Endpoint), c.After, at(c.Now), at(c.Now), at(c.Now), c.Limit},
		scan: func(r row) error {
			d, err := s.scanDelivery(r)
			list = append(list, d)
			return err
		},
	}
	err = s.together(ctx, func(ctx context.Context) error { return s.lookups(ctx, claim, s.endpointLookup(c.Endpoint, &to)) })
	if err != nil {
		return outbox.Endpoint{}, nil, fmt.Errorf("claim deliveries: %w", err)
	}
	if to.ID == "" {
		return outbox.Endpoint{}, nil, outbox.ErrNoEndpoint
	}
	slices.SortFunc(list, func(a, b outbox.Delivery) int { return cmp.Compare(a.Sequence, b.Sequence) })
	return to, list, nil
}

// together keeps what is done by one round trip: PostgreSQL does so by itself.
func (s *Store) together(ctx context.Context, fn func(ctx context.Context) error) error {
	if s.engine == postgresEngine {
		return fn(ctx)
	}
	return s.InTx(ctx, fn)
}

// Record implements outbox.Queue: all statements of a batch of results are one
// round trip on PostgreSQL.
func (s *Store) Record(ctx context.Context, results []outbox.Result) error {
	var steps []step
	var tried []any
	for _, r := range results {
		steps = append(steps, recordResult(r))
		a := r.Attempt
		reply, err := s.lasting.text(a.Reply, replyAt(r.Endpoint, r.Sequence))
		if err != nil {
			return err
		}
		tried = append(tried, string(r.Endpoint), r.Sequence, at(a.At), int64(a.Duration), a.Status, string(a.Class), reply)
		if r.Posting != nil {
			steps = append(steps, keepPosting(*r.Posting)...)
		}
	}
	if len(results) == 0 {
		return nil
	}
	steps = append(steps, step{
		query: `INSERT INTO delivery_attempts (endpoint_id, sequence, at, duration, status, class, reply)
			VALUES ` + tuples(len(results), 7),
		args: tried, touches: anyRows,
	})
	if err := s.batch(ctx, steps...); err != nil {
		return fmt.Errorf("record deliveries: %w", err)
	}
	return nil
}

// recordResult ends a lease. A failure that comes late does not undo a success.
func recordResult(r outbox.Result) step {
	query := `UPDATE deliveries SET leased_until = NULL, state = ?, attempts = ?, next_at = COALESCE(?, next_at), delivered_at = ?
		WHERE endpoint_id = ? AND sequence = ?`
	if r.State != outbox.Delivered {
		query += ` AND state = 'pending'`
	}
	return step{query: query, touches: anyRows, args: []any{
		string(r.State), r.Attempts, at(r.NextAt), at(r.DeliveredAt), string(r.Endpoint), r.Sequence,
	}}
}

// keepPosting stores what a receiver said unless a booked transaction is held; a
// mere receipt replaces nothing that was said. The collector's own word on what an
// event told of is what lets a later snapshot absorb those very movements, and a
// refusal takes back what its receipt said. payments.posted_at, of a confirmed
// payment, is what a release before this one went by.
func keepPosting(p outbox.Posting) []step {
	query := `INSERT INTO postings (event_id, creditor_ref, transaction_id, refusal, posted_at) VALUES (?,?,?,?,?)
		ON CONFLICT (event_id, creditor_ref) DO `
	if said := p.TransactionID + p.Refusal; said == "" {
		query += `NOTHING`
	} else {
		query += `UPDATE SET transaction_id = excluded.transaction_id, refusal = excluded.refusal, posted_at = excluded.posted_at
			WHERE postings.transaction_id = ''`
	}
	steps := []step{{query: query, args: []any{string(p.Event), p.CreditorRef, p.TransactionID, p.Refusal, at(p.PostedAt)}, touches: anyRows}}
	if p.CreditorRef != "" {
		return steps
	}
	const paid = ` AND id = (SELECT payment_id FROM events WHERE id = ? AND type = 'payment.confirmed')`
	const moved = ` AND event_id = ?`
	for _, what := range []string{`transfer_postings SET posted_at = %s` + moved, `payments SET posted_at = %s` + paid} {
		if p.Refusal != "" {
			steps = append(steps, step{query: `UPDATE ` + fmt.Sprintf(what, `NULL WHERE posted_at IS NOT NULL`), args: []any{string(p.Event)}, touches: anyRows})
			continue
		}
		steps = append(steps, step{
			query: `UPDATE ` + fmt.Sprintf(what, `? WHERE posted_at IS NULL`) + `
				AND EXISTS (SELECT 1 FROM postings o WHERE o.event_id = ? AND o.creditor_ref = '' AND o.refusal = '')`,
			args: []any{at(p.PostedAt), string(p.Event), string(p.Event)}, touches: anyRows,
		})
	}
	return steps
}
