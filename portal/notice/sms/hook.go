package sms

import (
	"errors"
	"net/url"
	"strconv"

	"github.com/twilio/twilio-go/client"

	"quittance/portal/notice"
)

// ErrSignature is returned for a request that Twilio did not sign.
var ErrSignature = errors.New("request is not signed by twilio")

// Event is what Twilio tells: a text that came in, or what became of one that
// went out.
type Event struct {
	MessageID string
	From      string
	Body      string
	// Answered is true when Twilio has answered a keyword itself.
	Answered bool
	// Status is of a text that went out: "delivered", "undelivered", "failed", …
	Status string
	Code   int // why it reached nobody; 0 is unknown
}

// Incoming reports whether the event is a text that came in.
func (e Event) Incoming() bool { return e.Status == "" || e.Status == "received" }

// Lost reports whether a text that went out reached nobody.
func (e Event) Lost() bool { return e.Status == "undelivered" || e.Status == "failed" }

// Hook believes what Twilio signed.
type Hook struct {
	validator client.RequestValidator
	url       string
}

// Problem is what a lost text is kept with: a number that takes no texts is not
// used again, a phone that is off may be on tomorrow.
func (e Event) Problem() string {
	switch {
	case e.Code == 0:
		return notice.ProblemUndeliverable
	case errors.Is(meaning(e.Code), notice.ErrBounced):
		return notice.ProblemBounced
	case errors.Is(meaning(e.Code), notice.ErrStopped):
		return notice.ProblemStopped
	}
	return notice.ProblemUndeliverable
}

// NewHook returns the hook of an account at its public address.
func NewHook(authToken, url string) *Hook {
	return &Hook{validator: client.NewRequestValidator(authToken), url: url}
}

// Parse reads a request; ErrSignature.
func (h *Hook) Parse(body []byte, signature string) (Event, error) {
	if signature == "" || !h.validator.ValidateBody(h.url, body, signature) {
		return Event{}, ErrSignature
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return Event{}, ErrSignature
	}
	e := Event{MessageID: form.Get("MessageSid"), From: form.Get("From"), Body: form.Get("Body"), Status: form.Get("MessageStatus"),
		Answered: form.Get("OptOutType") != ""}
	e.Code, _ = strconv.Atoi(form.Get("ErrorCode")) // what is no number is no reason that we know
	if e.Status == "" {
		e.Status = form.Get("SmsStatus")
	}
	return e, nil
}
