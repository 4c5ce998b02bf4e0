package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"quittance/portal/identity"
	"quittance/portal/outbox"
)

type attemptBody struct {
	At           time.Time `json:"at"`
	Milliseconds int64     `json:"milliseconds"`
	Status       int       `json:"status,omitempty" doc:"The HTTP status; left out when there was no answer."`
	Class        string    `json:"class" doc:"ok, status, redirect, gone, throttle, timeout, dns, tls, refused, blocked, network or secret."`
	Reply        string    `json:"reply,omitempty" doc:"The first 1 KB of the answer."`
}

type deliveryBody struct {
	Sequence    int64      `json:"sequence"`
	EventID     string     `json:"event_id"`
	Type        string     `json:"type"`
	State       string     `json:"state" enum:"pending,delivered,exhausted"`
	Attempts    int        `json:"attempts" doc:"In this round; a replay starts a new one."`
	NextAt      *time.Time `json:"next_at,omitempty"`
	DeliveredAt *time.Time `json:"delivered_at,omitempty"`
}

type replayRequest struct {
	EventID     string     `json:"event_id,omitempty" maxLength:"64" doc:"One event."`
	Types       []string   `json:"types,omitempty" maxItems:"64"`
	From        *time.Time `json:"from,omitempty" doc:"Events that happened at this time or later."`
	To          *time.Time `json:"to,omitempty" doc:"Events that happened before this time."`
	Undelivered bool       `json:"undelivered,omitempty" doc:"Only those that did not arrive."`
}

type replayOutput struct {
	Body struct {
		Deliveries int64 `json:"deliveries" doc:"How many are sent again, each with its first webhook-id and a fresh timestamp."`
	}
}

type deliveriesInput struct {
	ToEndpoint
	After int64 `query:"after" minimum:"0"`
	Limit int   `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

type deliveriesOutput struct {
	Body struct {
		Deliveries []deliveryBody `json:"deliveries"`
	}
}

type attemptsOutput struct {
	Body struct {
		Attempts []attemptBody `json:"attempts"`
	}
}

func (s *server) deliveryRoutes(one string) {
	replay := keyed(operation(http.MethodPost, one+"/replay", "replay", "Send deliveries again", identity.EndpointsWrite,
		http.StatusNotFound, http.StatusUnprocessableEntity))
	huma.Register(s.api, replay, s.replay)
	huma.Register(s.api, operation(http.MethodGet, one+"/deliveries", "deliveries", "An endpoint's deliveries", identity.EndpointsRead, http.StatusNotFound), s.deliveries)
	attempts := operation(http.MethodGet, one+"/deliveries/{sequence}/attempts", "attempts", "What was tried for a delivery", identity.EndpointsRead, http.StatusNotFound)
	huma.Register(s.api, attempts, s.attempts)
}

func (s *server) replay(ctx context.Context, in *struct {
	ToEndpoint
	Body replayRequest
}) (*replayOutput, error) {
	e, err := s.ownEndpoint(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	selection := outbox.Selection{
		Endpoint: e.ID, Event: outbox.EventID(in.Body.EventID), Types: types(in.Body.Types), Undelivered: in.Body.Undelivered,
	}
	if in.Body.From != nil {
		selection.From = in.Body.From.UTC()
	}
	if in.Body.To != nil {
		selection.To = in.Body.To.UTC()
	}
	out := &replayOutput{}
	if out.Body.Deliveries, err = s.Desk.Replay(ctx, selection); err != nil {
		return nil, s.fail(ctx, err)
	}
	return out, nil
}

func (s *server) test(ctx context.Context, in *ToEndpoint) (*struct{ Body attemptBody }, error) {
	e, err := s.ownEndpoint(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	a, err := s.Desk.Test(ctx, e.ID)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	return &struct{ Body attemptBody }{describeAttempt(a)}, nil
}

func (s *server) deliveries(ctx context.Context, in *deliveriesInput) (*deliveriesOutput, error) {
	e, err := s.ownEndpoint(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	rows, err := s.History.Deliveries(ctx, e.ID, in.After, in.Limit)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	out := &deliveriesOutput{}
	out.Body.Deliveries = []deliveryBody{}
	for _, d := range rows {
		body := deliveryBody{
			Sequence: d.Sequence, EventID: string(d.Event), Type: string(d.Type), State: string(d.State),
			Attempts: d.Attempts, DeliveredAt: when(d.DeliveredAt),
		}
		if d.State == outbox.Pending {
			body.NextAt = when(d.NextAt)
		}
		out.Body.Deliveries = append(out.Body.Deliveries, body)
	}
	return out, nil
}

func (s *server) attempts(ctx context.Context, in *struct {
	ToEndpoint
	Sequence int64 `path:"sequence" minimum:"1"`
}) (*attemptsOutput, error) {
	e, err := s.ownEndpoint(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	rows, err := s.History.Attempts(ctx, e.ID, in.Sequence)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	out := &attemptsOutput{}
	out.Body.Attempts = []attemptBody{}
	for _, a := range rows {
		out.Body.Attempts = append(out.Body.Attempts, describeAttempt(a))
	}
	return out, nil
}

func describeAttempt(a outbox.Attempt) attemptBody {
	return attemptBody{At: a.At, Milliseconds: a.Duration.Milliseconds(), Status: a.Status, Class: string(a.Class), Reply: a.Reply}
}
