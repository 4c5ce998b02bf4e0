package stripegw_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v79/webhook"

	"quittance/payments"
	"quittance/payments/gatewaytest"
	"quittance/payments/ledger"
	"quittance/payments/stripegw/stripetest"
)

// shelf keeps one payment and what was posted for it.
type shelf struct {
	payment payments.Payment
	posted  []ledger.Transfer
	events  map[string]bool
	alarms  int
}

func (s *shelf) InTx(ctx context.Context, fn func(ctx context.Context) error) error { return fn(ctx) }

func (s *shelf) CreatePayment(context.Context, payments.Payment) (payments.Payment, bool, error) {
	return s.payment, false, nil
}

func (s *shelf) Payment(_ context.Context, id payments.ID) (payments.Payment, error) {
	if id != s.payment.ID {
		return payments.Payment{}, payments.ErrNotFound
	}
	return s.payment, nil
}

func (s *shelf) PaymentByKey(context.Context, string, string) (payments.Payment, error) {
	return payments.Payment{}, payments.ErrNotFound
}

func (s *shelf) PaymentOf(_ context.Context, intentID, _ string) (payments.ID, error) {
	if intentID != s.payment.IntentID {
		return "", payments.ErrNotFound
	}
	return s.payment.ID, nil
}

func (s *shelf) SavePayment(_ context.Context, c payments.Change) error {
	s.payment, s.posted = c.After, append(s.posted, c.Transfers...)
	return nil
}

func (s *shelf) DuePayments(context.Context, time.Time, int) ([]payments.ID, error) { return nil, nil }

func (s *shelf) NoteCheck(context.Context, payments.ID, time.Time, time.Time) error { return nil }

func (s *shelf) SeenEvent(_ context.Context, id string) (bool, error) { return s.events[id], nil }

func (s *shelf) RecordEvent(_ context.Context, e payments.Event, _ time.Time) (bool, error) {
	fresh := !s.events[e.ID]
	s.events[e.ID] = true
	return fresh, nil
}

func (s *shelf) Mismatch(context.Context, payments.Mismatch) error { s.alarms++; return nil }

// keepsAll is the accounts of debts on which all money may be kept.
type keepsAll struct{ payments.Accounts }

func (keepsAll) Keep(context.Context, payments.Payment) (map[string]string, error) { return nil, nil }

// court is a bank payment under way, before the real gateway and the sandbox.
// What the gateway is answered can be forged on its way.
type court struct {
	stripetest.Bench
	*shelf
	service *payments.Service
	forge   [2]string // old and new text of answers
}

func newCourt(t *testing.T) *court {
	t.Helper()
	c := &court{shelf: &shelf{events: map[string]bool{}}}
	c.Bench, _ = bench(t, "", func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rec := httptest.NewRecorder()
			next.ServeHTTP(rec, r)
			w.WriteHeader(rec.Code)
			io.WriteString(w, strings.ReplaceAll(rec.Body.String(), c.forge[0], c.forge[1]))
		})
	})
	c.service = &payments.Service{
		Tx: c.shelf, Store: c.shelf, Watch: c.shelf, Inbox: c.shelf, Accounts: keepsAll{}, Gateway: c.Gateway, Alarms: []payments.Alarm{c.shelf},
		Now: time.Now, Log: slog.New(slog.DiscardHandler), StaleAfter: time.Hour, AbandonAfter: time.Hour,
	}
	p := gatewaytest.Pay("pay_trust", payments.BankAccount, 15000)
	p.Token = c.Token(t, gatewaytest.BankGood)
	p.AccountID, p.Status, p.CreatedAt, p.SubmittedAt = "acc_1", payments.Submitting, time.Now(), time.Now()
	p.Allocations = []payments.Allocation{{DebtID: "dbt_1", Amount: 15000}}
	var err error
	if p.IntentID, err = c.Gateway.Begin(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	c.payment = p
	if _, err = c.Gateway.Charge(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	return c
}

// post sends an event of an intent to the portal: signature, then Handle.
func (c *court) post(t *testing.T, id, intent string, change func(raw []byte, header string) ([]byte, string)) error {
	t.Helper()
	raw := []byte(fmt.Sprintf(`{"id":%q,"object":"event","api_version":"2024-06-20","created":1,"livemode":false,"type":"payment_intent.succeeded",
		"data":{"object":{"id":%q,"object":"payment_intent","status":"succeeded","amount":15000,"amount_received":15000,"currency":"usd",
		"metadata":{"payment_id":"pay_trust"}}}}`, id, intent))
	header := webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: raw, Secret: stripetest.WebhookSecret, Timestamp: time.Now()}).Header
	if change != nil {
		raw, header = change(raw, header)
	}
	e, err := c.Gateway.ParseEvent(raw, header)
	if err != nil {
		return err
	}
	_, err = c.service.Handle(t.Context(), e)
	return err
}

// foreign makes another intent at the processor that carries the payment's id
// and was paid.
func (c *court) foreign(t *testing.T, amount string) string {
	t.Helper()
	form := url.Values{"amount": {amount}, "currency": {"usd"}, "metadata[payment_id]": {"pay_trust"}, "payment_method": {"pm_card_visa"}, "confirm": {"true"}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.URL+"/v1/payment_intents", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+stripetest.SecretKey)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, _ := io.ReadAll(res.Body)
	_, rest, _ := bytes.Cut(raw, []byte(`"id":"pi_`))
	id, _, found := bytes.Cut(rest, []byte(`"`))
	if !found {
		t.Fatalf("%d %s", res.StatusCode, raw)
	}
	return "pi_" + string(id)
}

func (c *court) settled() { c.Server.Advance(12 * 24 * time.Hour) }

// TestS15_NothingIsPostedOnAnyonesWordButTheProcessors tries each way to have a
// payment posted that was not taken as asked.
func TestS15_STR06_NothingIsPostedOnAnyonesWordButTheProcessors(t *testing.T) {
	t.Parallel()
	signedBy := func(secret string, at time.Time) func([]byte, string) ([]byte, string) {
		return func(raw []byte, _ string) ([]byte, string) {
			return raw, webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: raw, Secret: secret, Timestamp: at}).Header
		}
	}
	for name, try := range map[string]func(t *testing.T, c *court) error{
		"a forged return address asks the processor, who knows better": func(t *testing.T, c *court) error {
			_, _, err := c.service.Refresh(t.Context(), "pay_trust")
			if err != nil || c.payment.Status != payments.Processing {
				t.Errorf("%s, %v", c.payment.Status, err)
			}
			return payments.ErrUnsigned // as the others: nothing was believed
		},
		"an event that says succeeded too early": func(t *testing.T, c *court) error {
			if err := c.post(t, "evt_1", c.payment.IntentID, nil); err != nil || c.payment.Status != payments.Processing {
				t.Errorf("%s, %v", c.payment.Status, err)
			}
			return payments.ErrUnsigned
		},
		"an unsigned event": func(t *testing.T, c *court) error {
			c.settled()
			return c.post(t, "evt_1", c.payment.IntentID, func(raw []byte, _ string) ([]byte, string) { return raw, "" })
		},
		"an event signed by a stranger": func(t *testing.T, c *court) error {
			c.settled()
			return c.post(t, "evt_1", c.payment.IntentID, signedBy("whsec_"+strings.Repeat("x", 32), time.Now()))
		},
		"an event that was changed on its way": func(t *testing.T, c *court) error {
			c.settled()
			return c.post(t, "evt_1", c.payment.IntentID, func(raw []byte, header string) ([]byte, string) {
				return bytes.Replace(raw, []byte("15000"), []byte("15001"), 1), header
			})
		},
		"an event kept back for an hour": func(t *testing.T, c *court) error {
			c.settled()
			return c.post(t, "evt_1", c.payment.IntentID, signedBy(stripetest.WebhookSecret, time.Now().Add(-time.Hour)))
		},
		"an event of live mode": func(t *testing.T, c *court) error {
			c.settled()
			return c.post(t, "evt_1", c.payment.IntentID, func(raw []byte, _ string) ([]byte, string) {
				return signedBy(stripetest.WebhookSecret, time.Now())(bytes.Replace(raw, []byte(`"livemode":false`), []byte(`"livemode":true`), 1), "")
			})
		},
		"another intent of a smaller amount": func(t *testing.T, c *court) error {
			return c.post(t, "evt_1", c.foreign(t, "100"), nil)
		},
		"another intent of the same amount": func(t *testing.T, c *court) error {
			return c.post(t, "evt_1", c.foreign(t, "15000"), nil)
		},
		"an answer in another currency": func(t *testing.T, c *court) error {
			c.settled()
			c.forge = [2]string{`"currency":"usd"`, `"currency":"cad"`}
			return c.post(t, "evt_1", c.payment.IntentID, nil)
		},
		"an answer with another amount received": func(t *testing.T, c *court) error {
			c.settled()
			c.forge = [2]string{`"amount_received":15000`, `"amount_received":1500`}
			return c.post(t, "evt_1", c.payment.IntentID, nil)
		},
		"an answer about another payment": func(t *testing.T, c *court) error {
			c.settled()
			c.forge = [2]string{`"payment_id":"pay_trust"`, `"payment_id":"pay_other"`}
			return c.post(t, "evt_1", c.payment.IntentID, nil)
		},
		"an answer of live mode": func(t *testing.T, c *court) error {
			c.settled()
			c.forge = [2]string{`"livemode":false`, `"livemode":true`}
			return c.post(t, "evt_1", c.payment.IntentID, nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCourt(t)
			if err := try(t, c); err == nil {
				t.Error("it was believed")
			}
			if len(c.posted) != 0 || !c.payment.ConfirmedAt.IsZero() {
				t.Errorf("posted: %+v", c.posted)
			}
		})
	}
}

func TestS15_AReplayedEventPostsNothingMore(t *testing.T) {
	t.Parallel()
	c := newCourt(t)
	c.settled()
	for _, id := range []string{"evt_1", "evt_1", "evt_2", "evt_1"} {
		if err := c.post(t, id, c.payment.IntentID, nil); err != nil {
			t.Fatal(err)
		}
	}
	if len(c.posted) != 1 || c.payment.Status != payments.Confirmed || c.alarms != 0 {
		t.Errorf("%s, posted %+v, %d alarms", c.payment.Status, c.posted, c.alarms)
	}
	if ledger.Balance(c.posted, ledger.Debt("dbt_1")) != -15000 {
		t.Errorf("posted %+v", c.posted)
	}
}
