package console

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"quittance/frontend/pages/console"
	"quittance/frontend/paths"
	"quittance/portal/identity"
	"quittance/portal/outbox"
	"quittance/portal/web"
)

// How much of the past the page shows.
const (
	lastDeliveries = 100
	lastAttempts   = 10 // deliveries of an endpoint whose attempts are listed
)

// webhooks shows the endpoints, what was received but not posted, and what was
// tried last.
func (p *Pages) webhooks(r *web.Request, who identity.Staff) error {
	page := console.Webhooks{Base: base(r, who), Done: r.Query("done") == "1"}
	endpoints, err := p.Webhooks.Endpoints(r.Context())
	if err != nil {
		return err
	}
	for _, e := range endpoints {
		if e.Status == outbox.Closed {
			continue
		}
		line, attempts, err := p.endpoint(r.Context(), e)
		if err != nil {
			return err
		}
		page.Endpoints = append(page.Endpoints, line)
		page.Attempts = append(page.Attempts, attempts...)
	}
	slices.SortStableFunc(page.Attempts, func(a, b console.Attempt) int { return b.At.Compare(a.At) })
	if page.Unposted, err = p.unposted(r.Context()); err != nil {
		return err
	}
	return r.Page(http.StatusOK, page)
}

// replay sends one event to one endpoint again, under the same id.
func (p *Pages) replay(r *web.Request, who identity.Staff) error {
	found, err := p.Outbox.Replay(r.Context(), outbox.Selection{
		Endpoint: outbox.EndpointID(r.Form().Text("endpoint")), Event: outbox.EventID(r.Form().Text("event")),
	})
	if err == nil && found == 0 || errors.Is(err, outbox.ErrClosed) {
		err = web.ErrNotFound
	}
	if err != nil {
		return err
	}
	p.record(r, who, "replay", "")
	return r.SeeOther(paths.ConsoleWebhooks + "?done=1")
}

var endpointStates = map[outbox.EndpointStatus]console.EndpointState{
	outbox.Active: console.EndpointActive, outbox.Paused: console.EndpointPaused, outbox.Disabled: console.EndpointOff,
}

func (p *Pages) endpoint(ctx context.Context, e outbox.Endpoint) (console.Endpoint, []console.Attempt, error) {
	line := console.Endpoint{ID: string(e.ID), URL: e.URL, Scope: e.CreditorRef, State: endpointStates[e.Status], Sequence: e.LastSequence}
	deliveries, err := p.Webhooks.Deliveries(ctx, e.ID, max(0, e.LastSequence-lastDeliveries), lastDeliveries)
	if err != nil {
		return line, nil, err
	}
	for _, d := range deliveries {
		if d.DeliveredAt.After(line.LastOK) {
			line.LastOK = d.DeliveredAt.In(p.Zone)
		}
		if d.State != outbox.Delivered {
			line.Waiting++
		}
		if d.State == outbox.Pending && (line.NextTry.IsZero() || d.NextAt.Before(line.NextTry)) {
			line.NextTry = d.NextAt.In(p.Zone)
		}
	}
	attempts, err := p.attempts(ctx, deliveries[max(0, len(deliveries)-lastAttempts):])
	return line, attempts, err
}

func (p *Pages) attempts(ctx context.Context, deliveries []outbox.Delivery) ([]console.Attempt, error) {
	var lines []console.Attempt
	for _, d := range deliveries {
		attempts, err := p.Webhooks.Attempts(ctx, d.Endpoint, d.Sequence)
		if err != nil {
			return nil, err
		}
		for _, a := range attempts {
			lines = append(lines, console.Attempt{
				EndpointID: string(d.Endpoint), EventID: string(d.Event), Type: string(d.Type), At: a.At.In(p.Zone),
				Millis: a.Duration.Milliseconds(), Status: a.Status, Class: string(a.Class), Reply: a.Reply,
			})
		}
	}
	return lines, nil
}

func (p *Pages) unposted(ctx context.Context) ([]console.Unposted, error) {
	waiting, err := p.Webhooks.Unposted(ctx, outbox.PostingTypes(), time.Time{}, p.Now().Add(time.Second), mostUnposted)
	var lines []console.Unposted
	for _, u := range waiting {
		lines = append(lines, console.Unposted{
			EventID: string(u.Event), Type: string(u.Type), Sequence: u.Sequence, Since: u.DeliveredAt.In(p.Zone), Refused: u.Refusal,
		})
	}
	return lines, err
}
