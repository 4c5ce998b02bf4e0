package stripegw_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/gatewaytest"
	"quittance/payments/sandbox"
	"quittance/payments/stripegw/stripetest"
)

// bench puts a gateway before a sandbox of its own, whose requests pass through
// wrap (nil: straight) and whose events go to webhookURL (empty: to nobody).
func bench(t testing.TB, webhookURL string, wrap func(http.Handler) http.Handler) (stripetest.Bench, *sandbox.Server) {
	t.Helper()
	sb := sandbox.New(sandbox.Config{
		SecretKey: stripetest.SecretKey, WebhookSecret: stripetest.WebhookSecret, WebhookURL: webhookURL, Seed: 1,
	})
	s := stripetest.Server{
		Handler: sb.Handler(), Advance: sb.Advance,
		LoseAnswer: func() { sb.FailNext(1, sandbox.ModeErrorAfter) },
		Break:      func() { sb.FailNext(1, sandbox.ModeError) },
		Return:     sb.Return,
		Charges: func(id payments.ID) int {
			taken := slices.DeleteFunc(sb.Charges(), func(c sandbox.Charge) bool { return c.Metadata["payment_id"] != string(id) })
			return len(taken)
		},
	}
	if wrap != nil {
		s.Handler = wrap(s.Handler)
	}
	return stripetest.New(t, s), sb
}

func TestTheGatewayDoesWhatAnyGatewayMustDo(t *testing.T) {
	t.Parallel()
	gatewaytest.Run(t, func(t *testing.T) gatewaytest.Rig {
		b, _ := bench(t, "", nil)
		return b.Rig(t)
	})
}

// hook receives the sandbox's events as the portal does.
type hook struct {
	mu      sync.Mutex
	gateway interface {
		ParseEvent(raw []byte, header string) (payments.Event, error)
	}
	events []payments.Event
	errs   []error
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	e, err := h.gateway.ParseEvent(raw, r.Header.Get("Stripe-Signature"))
	h.mu.Lock()
	defer h.mu.Unlock()
	if err != nil {
		h.errs = append(h.errs, err)
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	h.events = append(h.events, e)
}

// TestSTR05_TheListOfEventsHoldsWhatWasSent pays once and reads the events on
// both paths.
func TestSTR05_TheListOfEventsHoldsWhatWasSent(t *testing.T) {
	t.Parallel()
	h := &hook{}
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	b, sb := bench(t, srv.URL, nil)
	h.gateway = b.Gateway
	p := paid(t, b, "pay_events")
	sb.Tick(t.Context())
	listed, err := b.Gateway.Events(t.Context(), time.Now().Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if len(h.errs) > 0 || len(h.events) < 3 || len(listed) < len(h.events) {
		t.Fatalf("%d sent, %d listed, refused: %v", len(h.events), len(listed), h.errs)
	}
	known := map[string]payments.Event{}
	for _, e := range listed {
		known[e.ID] = e
	}
	of := 0
	for _, e := range h.events {
		if known[e.ID] != e {
			t.Errorf("sent %+v, listed %+v", e, known[e.ID])
		}
		if e.IntentID == p.IntentID {
			of++
		}
	}
	if of < 2 {
		t.Errorf("only %d events lead to the payment", of)
	}
}

func TestSTR05_TheListOfPaymentsIsWholeAndIsReadAsTheBooksAre(t *testing.T) {
	t.Parallel()
	b, _ := bench(t, "", nil)
	p := paid(t, b, "pay_listed")
	paid(t, b, "pay_other")
	day := 24 * time.Hour
	all, err := b.Gateway.Payments(t.Context(), time.Now().Add(-day), time.Now().Add(day), 2)
	i := slices.IndexFunc(all, func(one payments.Truth) bool { return one.PaymentID == p.ID })
	if err != nil || len(all) != 2 || i < 0 || all[i].IntentID != p.IntentID || all[i].State != payments.IntentSucceeded || all[i].Received != p.Amount {
		t.Fatalf("%+v, %v", all, err)
	}
	if none, err := b.Gateway.Payments(t.Context(), time.Now().Add(-2*day), time.Now().Add(-day), 2); err != nil || len(none) != 0 {
		t.Errorf("of another day: %+v, %v", none, err)
	}
	if part, err := b.Gateway.Payments(t.Context(), time.Now().Add(-day), time.Now().Add(day), 1); err == nil {
		t.Errorf("a part was taken for the whole: %+v", part)
	}
}

func paid(t *testing.T, b stripetest.Bench, id string) payments.Payment {
	t.Helper()
	p := gatewaytest.Pay(id, payments.Card, 15000)
	p.Token = b.Token(t, gatewaytest.CardCredit)
	var err error
	if p.IntentID, err = b.Gateway.Begin(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Gateway.Charge(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestSTR07_EveryKindOfBreakTakesTheMoneyAtMostOnce breaks the confirmation in
// each way the sandbox knows and then asks what became of it.
func TestSTR07_EveryKindOfBreakTakesTheMoneyAtMostOnce(t *testing.T) {
	t.Parallel()
	for _, mode := range sandbox.Modes {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			b, sb := bench(t, "", nil)
			p := gatewaytest.Pay("pay_broken", payments.Card, 15000)
			p.Token = b.Token(t, gatewaytest.CardCredit)
			var err error
			if p.IntentID, err = b.Gateway.Begin(t.Context(), p); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			sb.FailNextOn("/confirm", 1, mode)
			truth, err := b.Gateway.Charge(ctx, p)
			if err != nil && !errors.Is(err, payments.ErrUnknownOutcome) {
				t.Errorf("%+v, %v, want ErrUnknownOutcome", truth, err)
			}
			fetched, ferr := b.Gateway.Fetch(t.Context(), p)
			taken := len(sb.Charges())
			if ferr != nil || taken > 1 || (fetched.State == payments.IntentSucceeded) != (taken == 1) {
				t.Errorf("%d charges, state %q, %v", taken, fetched.State, ferr)
			}
			if err == nil && truth.State != fetched.State {
				t.Errorf("answered %q, is %q", truth.State, fetched.State)
			}
		})
	}
}

func TestACallerThatGaveUpGetsAnUnknownOutcome(t *testing.T) {
	t.Parallel()
	b, _ := bench(t, "", nil)
	p := paid(t, b, "pay_gone")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Gateway.Fetch(ctx, p); !errors.Is(err, payments.ErrUnknownOutcome) {
		t.Errorf("%v", err)
	}
}
