package hooks

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"quittance/portal/notice"
	"quittance/portal/notice/sms"
	"quittance/portal/talk"
	"quittance/portal/web"
)

// TextParser believes a request that the carrier signed; it is sms.Hook.
type TextParser interface {
	Parse(body []byte, signature string) (sms.Event, error)
}

// TextTaker takes texts that came in; it is talk.Inbound.
type TextTaker interface {
	Take(ctx context.Context, t talk.Text) error
}

// LossTaker hears of texts that reached nobody; it is notice.Reports.
type LossTaker interface {
	LostBy(ctx context.Context, providerID, problem string) error
}

// Twilio takes texts and delivery reports. What nobody signed is answered with
// 403 and does nothing; an answer other than 200 makes Twilio ask again.
type Twilio struct {
	Parser TextParser
	Texts  TextTaker
	Losses LossTaker
	Log    *slog.Logger
}

// Routes is the one address.
func (h *Twilio) Routes() []web.Route {
	return []web.Route{{Method: http.MethodPost, Pattern: "/hooks/twilio", Access: web.Hook, Body: web.FormBody, Handler: h.take}}
}

// nothing is the answer that sends no text back: answers go through the queue.
const nothing = `<?xml version="1.0" encoding="UTF-8"?><Response></Response>`

func (h *Twilio) take(r *web.Request) error {
	event, err := h.Parser.Parse(r.Body(), r.Header("X-Twilio-Signature"))
	if err != nil {
		h.Log.Warn("text event refused", "reason", err.Error(), "reference", r.Reference())
		return r.Problem(http.StatusForbidden)
	}
	switch {
	case event.Lost():
		if err = h.Losses.LostBy(r.Context(), event.MessageID, event.Problem()); errors.Is(err, notice.ErrUnknown) {
			err = nil
		}
	case event.Incoming():
		err = h.Texts.Take(r.Context(), talk.Text{ProviderID: event.MessageID, From: event.From, Body: event.Body, Answered: event.Answered})
	}
	if err != nil {
		return web.Unready(err)
	}
	return r.Bytes(http.StatusOK, "text/xml; charset=utf-8", []byte(nothing))
}
