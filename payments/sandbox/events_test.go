package sandbox_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"quittance/payments/sandbox"
)

// signed is a hand-written check of the Stripe-Signature header.
func signed(header, secret string, body []byte) bool {
	var stamp string
	var found bool
	for part := range strings.SplitSeq(header, ",") {
		if t, ok := strings.CutPrefix(part, "t="); ok {
			stamp = t
		}
	}
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%s.%s", stamp, body)
	for part := range strings.SplitSeq(header, ",") {
		found = found || part == "v1="+hex.EncodeToString(mac.Sum(nil))
	}
	return found
}

func TestSTR04_EventsAreSignedWithEachSecret(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *sandbox.Config) { c.WebhookSecret = "whsec_old,whsec_new" })
	h.post(200, "/v1/payment_intents", cardIntent+"pm_card_visa")
	h.events()
	for _, e := range h.received {
		header := e.header.Get("Stripe-Signature")
		if !signed(header, "whsec_old", e.body) || !signed(header, "whsec_new", e.body) {
			t.Errorf("%s is not signed with both secrets: %s", e.kind, header)
		}
		if signed(header, "whsec_other", e.body) || signed(header, "whsec_new", append(e.body, '\n')) {
			t.Errorf("%s: the signature says nothing", e.kind)
		}
		if !strings.HasPrefix(header, fmt.Sprintf("t=%d,", monday.Unix())) {
			t.Errorf("%s: signed at another time than the clock's: %s", e.kind, header)
		}
	}
}

func TestSTR03_EventsSayTheirVersionAndTheirRequest(t *testing.T) {
	t.Parallel()
	h := start(t)
	h.must(200, request{method: http.MethodPost, path: "/v1/payment_intents", fields: cardIntent + "pm_card_visa", key: "key-1"})
	e := h.get("/v1/events", "type=payment_intent.succeeded").data()[0]
	same(t, "version", e.text("api_version"), "2024-06-20")
	same(t, "key", e.text("request", "idempotency_key"), "key-1")
	same(t, "object", e.text("object"), "event")
	same(t, "by id", h.get("/v1/events/"+e.text("id"), "").text("type"), "payment_intent.succeeded")
}

func TestAnEventShowsTheObjectAsItThenWas(t *testing.T) {
	t.Parallel()
	h := start(t)
	h.post(200, "/v1/payment_intents", cardIntent+"pm_card_visa")
	h.events()
	same(t, "at creation", h.received[0].object.text("status"), "requires_payment_method")
	same(t, "at success", h.received[2].object.text("status"), "succeeded")
}

func TestSTR05_ARefusedEventIsSentAgainWithGrowingWaits(t *testing.T) {
	t.Parallel()
	h := start(t)
	h.refuse = 1
	h.post(200, "/v1/payment_intents", "amount=500&currency=usd")
	same(t, "refused", len(h.events()), 0)
	same(t, "undelivered", len(h.get("/v1/events", "delivery_success=false").data()), 1)
	same(t, "still waiting", len(h.events()), 0)
	h.Advance(3 * time.Second)
	sameList(t, "sent again", h.events(), "payment_intent.created")
	same(t, "undelivered", len(h.get("/v1/events", "delivery_success=false").data()), 0)
}

func TestEventsAreDroppedButListed(t *testing.T) {
	t.Parallel()
	h := start(t)
	h.SetEventFaults(sandbox.EventFaults{DropPercent: 100})
	h.post(200, "/v1/payment_intents", cardIntent+"pm_card_visa")
	same(t, "received", len(h.events()), 0)
	same(t, "listed", len(h.get("/v1/events", "delivery_success=false").data()), 4)
}

func TestEventsAreDoubledDelayedAndShuffled(t *testing.T) {
	t.Parallel()
	h := start(t)
	h.SetEventFaults(sandbox.EventFaults{DuplicatePercent: 100, Delay: time.Hour, Shuffle: true, Seed: 3})
	for range 5 {
		h.post(200, "/v1/payment_intents", cardIntent+"pm_card_visa")
	}
	if n := len(h.events()); n == 40 {
		t.Error("no event was delayed")
	}
	h.Advance(2 * time.Hour)
	h.ClearFaults()
	h.Advance(2 * time.Hour)
	kinds := h.events()
	if len(kinds) < 30 || slices.IsSorted(kinds) {
		t.Errorf("%d events: %v", len(kinds), kinds)
	}
	first := slices.Index(kinds, "payment_intent.succeeded")
	if first < 0 || first > slices.Index(kinds, "payment_intent.created") && first > 20 {
		t.Errorf("the order was kept: %v", kinds)
	}
}

func TestMemoryOfEventsIsBoundedAndChargesAreKept(t *testing.T) {
	t.Parallel()
	h := start(t, func(c *sandbox.Config) { c.MaxEvents, c.WebhookURL = 20, "" })
	for range 50 {
		h.post(200, "/v1/payment_intents", cardIntent+"pm_card_visa")
	}
	if n := h.Stats().Events; n > 30 {
		t.Errorf("%d events are kept", n)
	}
	same(t, "charges", len(h.Charges()), 50)
	if newest := h.get("/v1/events", "limit=1").data()[0]; h.get("/v1/events/"+newest.text("id"), "") == nil {
		t.Error("the newest event is gone")
	}
}

func TestEndpointsAreMadeWithTheirOwnSecret(t *testing.T) {
	t.Parallel()
	h := start(t)
	h.post(400, "/v1/webhook_endpoints", "url=http://127.0.0.1:1/x&enabled_events[]=*&api_version=2020-08-27")
	e := h.post(200, "/v1/webhook_endpoints", "url=http://127.0.0.1:1/x&enabled_events[]=charge.refunded&api_version=2024-06-20")
	if !strings.HasPrefix(e.text("secret"), "whsec_") {
		t.Errorf("secret: %q", e.text("secret"))
	}
	for _, listed := range h.get("/v1/webhook_endpoints", "").data() {
		same(t, "secret in the list", listed.text("secret"), "")
	}
}

func TestRunSendsByItself(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{}, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { arrived <- struct{}{} }))
	t.Cleanup(receiver.Close)
	h := start(t, func(c *sandbox.Config) { c.WebhookURL = receiver.URL })
	go func() { _ = h.Run(t.Context()) }()
	h.post(200, "/v1/payment_intents", "amount=500&currency=usd")
	select {
	case <-arrived:
	case <-time.After(30 * time.Second):
		t.Fatal("nothing was sent")
	}
}

func TestAnEventOfAnyTypeCanBeOrdered(t *testing.T) {
	t.Parallel()
	h := start(t)
	p := h.post(200, "/v1/payment_intents", cardIntent+"pm_card_visa")
	same(t, "sent", h.Emit("payment_method.automatically_updated", p.text("payment_method")), true)
	same(t, "object", h.last("payment_method.automatically_updated").text("id"), p.text("payment_method"))
	same(t, "nothing to speak of", h.Emit("payout.failed", "po_none"), false)
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestDeliverWaitsForWhatAnotherCallerSends holds an event on its way while one
// caller sends it: the second caller returns after it has arrived.
func TestDeliverWaitsForWhatAnotherCallerSends(t *testing.T) {
	t.Parallel()
	var arrived atomic.Bool
	sent, free := make(chan struct{}, 10), make(chan struct{})
	h := start(t, func(c *sandbox.Config) {
		c.Client = &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			sent <- struct{}{}
			<-free
			arrived.Store(true)
			return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
		})}
	})
	h.post(200, "/v1/payment_intents", "amount=500&currency=usd")
	go h.Deliver(t.Context())
	<-sent
	time.AfterFunc(50*time.Millisecond, func() { close(free) })
	h.Deliver(t.Context())
	if !arrived.Load() {
		t.Error("the second caller returned before the event arrived")
	}
}
