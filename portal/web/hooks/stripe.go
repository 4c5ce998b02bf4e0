// Package hooks takes the signed events of others.
package hooks

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"quittance/payments"
	"quittance/portal/web"
)

// Parser believes an event when one of the processor's secrets signed it; it is
// the gateway.
type Parser interface {
	ParseEvent(raw []byte, header string) (payments.Event, error)
}

// Handler applies an event once; it is payments.Service.
type Handler interface {
	Handle(ctx context.Context, e payments.Event) (payments.Handling, error)
}

// Stripe takes the processor's events. It answers 200 only after the effects
// are committed, 400 for what nobody can prove to come from the processor, and
// 503 when the fault is ours, so that the event comes again.
type Stripe struct {
	Parser  Parser
	Handler Handler
	Log     *slog.Logger
}

// mostEvent is how large an event of the processor may be, in bytes.
const mostEvent = 256 << 10

// Routes is the one address.
func (s *Stripe) Routes() []web.Route {
	return []web.Route{{
		Method: http.MethodPost, Pattern: "/hooks/stripe", Access: web.Hook, Body: web.JSONBody,
		MostBytes: mostEvent, Deadline: web.PayDeadline, Handler: s.take,
	}}
}

func (s *Stripe) take(r *web.Request) error {
	event, err := s.Parser.ParseEvent(r.Body(), r.Header("Stripe-Signature"))
	if err != nil {
		return s.refuse(r, event, err)
	}
	handling, err := s.Handler.Handle(r.Context(), event)
	switch {
	case errors.Is(err, payments.ErrWrongMode):
		return s.refuse(r, event, err)
	case err != nil && handling == "":
		return web.Unready(err)
	}
	s.Log.Info("event", "event", event.ID, "type", event.Type, "handling", string(handling))
	return r.Bytes(http.StatusOK, "text/plain; charset=utf-8", []byte("ok\n"))
}

// refuse answers alike to every event that is not believed. Why stands in the
// log, by ids only.
func (s *Stripe) refuse(r *web.Request, event payments.Event, why error) error {
	s.Log.Warn("event refused", "event", event.ID, "reason", why.Error(), "reference", r.Reference())
	return r.Problem(http.StatusBadRequest)
}
