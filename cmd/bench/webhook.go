package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"quittance/portal/outbox"
	"quittance/portal/store"
)

// post is a portal with one endpoint that is owed every event of a till.
type post struct {
	*portal
	endpoint outbox.Endpoint
	owed     int // deliveries
}

// newPost numbers all events for a new endpoint and delivers them once.
func newPost(ctx context.Context, p *portal, receiver string) (*post, error) {
	e, _, err := p.Endpoints.Create(ctx, outbox.NewEndpoint{URL: "http://" + receiver + "/hook"})
	if err != nil {
		return nil, err
	}
	for {
		n, err := p.Sequencer.Step(ctx)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			break
		}
	}
	if e, err = p.Store.Endpoint(ctx, e.ID); err != nil {
		return nil, err
	}
	o := &post{portal: p, endpoint: e, owed: int(e.LastSequence)}
	_, err = o.deliver(ctx, meter{})
	return o, err
}

// longAgo is before any claim: what is due then is due whenever it is asked.
func longAgo() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }

// again makes all deliveries of an endpoint due.
func (p *post) again(ctx context.Context, id outbox.EndpointID) error {
	_, err := p.Store.Requeue(ctx, outbox.Selection{Endpoint: id}, longAgo())
	return err
}

// deliver delivers everything once.
func (p *post) deliver(ctx context.Context, spent meter) (outcome, error) {
	begun := time.Now()
	if err := p.Deliverer.Drain(ctx); err != nil {
		return outcome{}, err
	}
	done := spent.outcome(float64(p.owed)/time.Since(begun).Seconds(), p.owed)
	list, err := store.History{Store: p.Store}.Deliveries(ctx, p.endpoint.ID, int64(p.owed)-1, 1)
	if err != nil {
		return outcome{}, err
	}
	if len(list) != 1 || list[0].State != outbox.Delivered {
		return outcome{}, fmt.Errorf("the last webhook is not delivered: %+v", list)
	}
	due, err := p.Store.DueEndpoints(ctx, time.Now())
	if err != nil {
		return outcome{}, err
	}
	if len(due) > 0 {
		return outcome{}, fmt.Errorf("webhooks to %v are still due", due)
	}
	return done, nil
}

// firstTwin and farSequence are numbers that stand out in what is sent to the
// database.
const (
	firstTwin   = 20_000_001
	farSequence = 81_000_000
)

// twin is the endpoint of one of pgbench's clients.
func twin(i int) outbox.EndpointID { return outbox.EndpointID("ep_" + strconv.Itoa(firstTwin+i)) }

const copyEndpoint = `INSERT INTO endpoints (id, url, description, creditor_ref, types, status, reason, secrets, last_sequence, failures, created_at)
	SELECT '%s', url, description, creditor_ref, types, status, reason, secrets, last_sequence, failures, created_at FROM endpoints WHERE id = '%s'`

const copyDeliveries = `INSERT INTO deliveries (endpoint_id, sequence, event_id, type, body, occurred_at, state, attempts, next_at)
	SELECT '%s', sequence + %d, event_id, type, body, occurred_at, 'delivered', 0, 1 FROM deliveries
	WHERE endpoint_id = '%s' AND sequence <= %d`

// webhookScript is what one batch of deliveries says to the database: the
// claim, and the record of its results.
func (b *bench) webhookScript(ctx context.Context, p *post, database string) (string, error) {
	var tried outbox.EndpointID
	trips, err := b.tapped(ctx, database, func(own *portal, tap *wiretap) ([]trip, error) {
		e, _, err := own.Endpoints.Create(ctx, outbox.NewEndpoint{URL: p.endpoint.URL})
		if err != nil {
			return nil, err
		}
		tried, own.Deliverer.Lanes = e.ID, 1
		if err := b.sql(ctx, database, fmt.Sprintf(copyDeliveries, e.ID, farSequence, p.endpoint.ID, 2*deliveryBatch)); err != nil {
			return nil, err
		}
		for range 2 { // the first prepares the statements
			if err := p.again(ctx, e.ID); err != nil {
				return nil, err
			}
			if trips, err := tap.during(func() error { return own.Deliverer.Drain(ctx) }); err != nil {
				return trips, err
			}
		}
		return tap.trips, nil
	})
	if err != nil {
		return "", err
	}
	if trips, err = secondBatch(trips); err != nil {
		return "", err
	}
	vars := map[string]string{strings.TrimPrefix(string(tried), "ep_"): "e"}
	prelude := []string{`\set i :i + 1`, fmt.Sprintf(`\set e %d + :client_id`, firstTwin)}
	for i := range deliveryBatch + 1 { // the first is the last of the batch before
		name := "s" + strconv.Itoa(i)
		prelude = append(prelude, fmt.Sprintf(`\set %s :i * %d + %d`, name, deliveryBatch, i))
		vars[strconv.Itoa(farSequence+deliveryBatch+i)] = name
	}
	return script(prelude, trips, vars), nil
}

// secondBatch cuts out what lies between the second claim and its commit: the
// claim that goes on from where the first one ended.
func secondBatch(trips []trip) ([]trip, error) {
	claims, from := 0, 0
	for i, t := range trips {
		if strings.Contains(t[0].sql, "LIMIT") && strings.HasPrefix(t[0].sql, "UPDATE deliveries") {
			claims, from = claims+1, i
		}
		if claims == 2 && strings.EqualFold(t[0].sql, "commit") {
			return trips[from : i+1], nil
		}
	}
	return nil, fmt.Errorf("no second claim with its commit among %d round trips", len(trips))
}

// twins gives pgbench an endpoint for each of its clients, owed their share of
// the same deliveries.
func (b *bench) twins(ctx context.Context, p *post, database string) (each int, err error) {
	each = p.owed / deliveryLanes / deliveryBatch
	if each == 0 {
		return 0, fmt.Errorf("%d webhooks are too few to measure", p.owed)
	}
	for i := range deliveryLanes {
		if err := b.sql(ctx, database, fmt.Sprintf(copyEndpoint, twin(i), p.endpoint.ID)); err != nil {
			return 0, err
		}
		if err := b.sql(ctx, database, fmt.Sprintf(copyDeliveries, twin(i), 0, p.endpoint.ID, each*deliveryBatch)); err != nil {
			return 0, err
		}
	}
	return each, nil
}

// webhookCeiling claims and records by pgbench, and returns deliveries a second.
func (b *bench) webhookCeiling(ctx context.Context, p *post, c *ceiling, script string, each int) (outcome, error) {
	for i := range deliveryLanes {
		if err := p.again(ctx, twin(i)); err != nil {
			return outcome{}, err
		}
	}
	if err := b.tidy(ctx, c.url); err != nil {
		return outcome{}, err
	}
	o, err := c.run(ctx, run{
		name: "webhooks", script: script, clients: deliveryLanes, each: each, define: map[string]int{"i": -1},
	})
	if err != nil {
		return outcome{}, err
	}
	for i := range deliveryLanes {
		id := twin(i)
		list, err := store.History{Store: p.Store}.Deliveries(ctx, id, int64(each*deliveryBatch)-1, 1)
		if err != nil || len(list) != 1 || list[0].State != outbox.Delivered {
			return outcome{}, fmt.Errorf("pgbench did not record the last webhook of %s: %+v, %w", id, list, err)
		}
	}
	return outcome{rate: o.rate * deliveryBatch, own: o.own / deliveryBatch, server: o.server / deliveryBatch}, nil
}

// deliver makes everything due again and delivers it once.
func (b *bench) deliver(ctx context.Context, p *post, database string) (outcome, error) {
	if err := p.again(ctx, p.endpoint.ID); err != nil {
		return outcome{}, err
	}
	if err := b.tidy(ctx, database); err != nil {
		return outcome{}, err
	}
	return p.deliver(ctx, b.meter())
}

// tidy removes what the last round left behind, so that each begins alike.
func (b *bench) tidy(ctx context.Context, database string) error {
	if database == "" {
		return nil // SQLite reuses what is free by itself
	}
	return b.sql(ctx, database, "TRUNCATE delivery_attempts", "VACUUM ANALYZE deliveries")
}
