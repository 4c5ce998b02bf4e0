package sms

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // it is Twilio's choice, and HMAC-SHA1 is not broken
	"encoding/base64"
	"errors"
	"maps"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

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

// Hook believes what Twilio signed.
type Hook struct {
	token     []byte
	addresses []string // as Twilio may have signed the public one
}

// NewHook returns the hook of an account at its public address. Twilio signs
// an address now with the port of its scheme and now without.
func NewHook(authToken, address string) *Hook {
	h := &Hook{token: []byte(authToken)}
	u, err := url.Parse(address)
	if err != nil {
		return h // which believes nobody
	}
	host, port := u.Hostname(), u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	with, without := *u, *u
	with.Host, without.Host = net.JoinHostPort(host, port), host
	if strings.Contains(host, ":") {
		without.Host = "[" + host + "]"
	}
	h.addresses = []string{with.String(), without.String()}
	return h
}

// Parse reads a form that was posted with X-Twilio-Signature; ErrSignature.
func (h *Hook) Parse(body []byte, signature string) (Event, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil || !h.signed(form, signature) {
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

// signed reports whether Twilio signed a form: the address, then each field's
// name and first value in the order of the names, under HMAC-SHA1 with the
// account's token. Later values of a name are not signed, and nobody reads them.
func (h *Hook) signed(form url.Values, signature string) bool {
	fields := ""
	for _, name := range slices.Sorted(maps.Keys(form)) {
		fields += name + form.Get(name)
	}
	return slices.ContainsFunc(h.addresses, func(address string) bool {
		mac := hmac.New(sha1.New, h.token)
		mac.Write([]byte(address + fields))
		return hmac.Equal([]byte(base64.StdEncoding.EncodeToString(mac.Sum(nil))), []byte(signature))
	})
}
