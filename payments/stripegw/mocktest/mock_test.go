package mocktest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/gatewaytest"
	"quittance/payments/stripegw/stripetest"
)

// judge stands before the sandbox: each request is shown to stripe-mock as
// well, and each of the sandbox's answers to the document.
type judge struct {
	t    testing.TB
	next http.Handler
	mu   sync.Mutex
	seen map[string]int // "POST /v1/refunds" -> times
}

func judged(t testing.TB) (*judge, func(http.Handler) http.Handler) {
	j := &judge{t: t, seen: map[string]int{}}
	return j, func(h http.Handler) http.Handler { j.next = h; return j }
}

func (j *judge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		j.t.Error(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	if strings.Contains(r.URL.Path, "/test_helpers/") || strings.HasPrefix(r.URL.Path, "/3ds/") {
		j.next.ServeHTTP(w, r)
		return
	}
	j.ask(r, raw)
	out := &recorder{ResponseWriter: w, status: http.StatusOK}
	j.next.ServeHTTP(out, r)
	j.check(r, out)
}

// ask requires that stripe-mock accepts the request as it is.
func (j *judge) ask(r *http.Request, raw []byte) {
	stub, err := mock()
	if err != nil {
		j.t.Error(err)
		return
	}
	again := r.Clone(r.Context())
	again.Body = io.NopCloser(bytes.NewReader(raw))
	rec := httptest.NewRecorder()
	stub.ServeHTTP(rec, again)
	if rec.Code >= 400 {
		j.t.Errorf("stripe-mock refuses %s %s with %s: %s", r.Method, r.URL, raw, rec.Body)
	}
}

func (j *judge) check(r *http.Request, out *recorder) {
	if out.hijacked || out.body.Len() == 0 {
		return
	}
	template, op := operation(document(j.t), r.Method, r.URL.Path)
	if op == nil {
		j.t.Errorf("the document has no %s %s", r.Method, r.URL.Path)
		return
	}
	j.mu.Lock()
	j.seen[r.Method+" "+template]++
	j.mu.Unlock()
	if err := checkAnswer(op, out.status, out.body.Bytes()); err != nil {
		j.t.Errorf("answer %d to %s %s: %v", out.status, r.Method, template, err)
	}
}

// recorder keeps a copy of what is answered.
type recorder struct {
	http.ResponseWriter
	status   int
	body     bytes.Buffer
	hijacked bool
}

func (r *recorder) WriteHeader(status int) { r.status = status; r.ResponseWriter.WriteHeader(status) }

func (r *recorder) Write(b []byte) (int, error) { r.body.Write(b); return r.ResponseWriter.Write(b) }

func (r *recorder) Unwrap() http.ResponseWriter { r.hijacked = true; return r.ResponseWriter }

// ready reads the document once, before any deadline runs.
func ready(t *testing.T) {
	t.Helper()
	document(t)
	if _, err := mock(); err != nil {
		t.Fatal(err)
	}
}

// asked are all requests that the gateway can make and, beside them, the one by
// which a consumer verifies an account.
var asked = []string{
	"GET /v1/checkout/sessions/{session}",
	"GET /v1/confirmation_tokens/{confirmation_token}",
	"GET /v1/disputes",
	"GET /v1/events",
	"GET /v1/payment_intents",
	"GET /v1/payment_intents/{intent}",
	"GET /v1/payment_methods/{payment_method}",
	"GET /v1/refunds",
	"GET /v1/setup_intents/{intent}",
	"GET /v1/webhook_endpoints",
	"POST /v1/checkout/sessions",
	"POST /v1/checkout/sessions/{session}/expire",
	"POST /v1/customers",
	"POST /v1/payment_intents",
	"POST /v1/payment_intents/{intent}/cancel",
	"POST /v1/payment_intents/{intent}/confirm",
	"POST /v1/payment_methods/{payment_method}/detach",
	"POST /v1/refunds",
	"POST /v1/setup_intents",
	"POST /v1/setup_intents/{intent}/cancel",
	"POST /v1/setup_intents/{intent}/verify_microdeposits",
}

// TestEveryRequestIsAcceptedAndEveryAnswerIsValid runs the whole suite of a
// gateway with a judge between the gateway and the sandbox.
func TestEveryRequestIsAcceptedAndEveryAnswerIsValid(t *testing.T) {
	ready(t)
	seen, mu := map[string]int{}, sync.Mutex{}
	t.Run("suite", func(t *testing.T) {
		gatewaytest.Run(t, func(t *testing.T) gatewaytest.Rig {
			j, wrap := judged(t)
			b, _ := bench(t, "", wrap)
			t.Cleanup(func() {
				mu.Lock()
				defer mu.Unlock()
				for k, n := range j.seen {
					seen[k] += n
				}
			})
			return b.Rig(t)
		})
	})
	t.Run("lists", func(t *testing.T) {
		j, wrap := judged(t)
		b, _ := bench(t, "http://127.0.0.1:1/hooks/stripe", wrap)
		pay(t, b, gatewaytest.CardDisputed, payments.Card)
		if _, err := b.Gateway.Events(t.Context(), time.Now().Add(-time.Hour)); err != nil {
			t.Error(err)
		}
		if _, err := b.Gateway.Payments(t.Context(), time.Now().Add(-time.Hour), time.Now().Add(time.Hour), 9); err != nil {
			t.Error(err)
		}
		if err := b.Gateway.CheckVersion(t.Context(), "http://127.0.0.1:1/hooks/stripe"); err != nil {
			t.Error(err)
		}
		for k, n := range j.seen {
			seen[k] += n
		}
	})
	var got []string
	for k := range seen {
		got = append(got, k)
	}
	sort.Strings(got)
	if strings.Join(got, "\n") != strings.Join(asked, "\n") {
		t.Errorf("requests made:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(asked, "\n"))
	}
}

func pay(t *testing.T, b stripetest.Bench, k gatewaytest.Kind, m payments.Method) payments.Payment {
	t.Helper()
	p := gatewaytest.Pay("pay_"+strings.ReplaceAll(string(k), " ", "_"), m, 15000)
	p.Token = b.Token(t, k)
	var err error
	if p.IntentID, err = b.Gateway.Begin(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Gateway.Charge(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestEveryEventIsValid lets payments of each outcome happen and validates the
// events that the sandbox sends, and the objects inside them.
func TestEveryEventIsValid(t *testing.T) {
	var mu sync.Mutex
	bodies := map[string][]byte{}
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		var e struct{ Type string }
		json.Unmarshal(raw, &e)
		mu.Lock()
		bodies[e.Type] = raw
		mu.Unlock()
	}))
	t.Cleanup(srv.Close)
	b, sb := bench(t, srv.URL, nil)
	for _, k := range []gatewaytest.Kind{gatewaytest.CardCredit, gatewaytest.CardDisputed, gatewaytest.CardNoFunds, gatewaytest.CardChallenge} {
		pay(t, b, k, payments.Card)
		sb.Advance(time.Hour)
	}
	for _, k := range []gatewaytest.Kind{gatewaytest.BankGood, gatewaytest.BankNoFunds, gatewaytest.BankRevoked} {
		pay(t, b, k, payments.BankAccount)
	}
	saveAndLose(t, b)
	sb.Advance(40 * 24 * time.Hour)
	sb.Tick(t.Context())
	for _, kind := range []string{
		"payment_intent.succeeded", "payment_intent.payment_failed", "charge.dispute.funds_withdrawn", "customer.created",
		"setup_intent.succeeded", "setup_intent.setup_failed", "setup_intent.requires_action", "setup_intent.canceled",
		"mandate.updated", "payment_method.detached",
	} {
		if bodies[kind] == nil {
			t.Errorf("no %s came", kind)
		}
	}
	schemas := document(t).Components.Schemas
	for kind, raw := range bodies {
		if err := visit(schemas["event"].Value, raw); err != nil {
			t.Errorf("event %s: %v", kind, err)
		}
		var e struct {
			Data struct{ Object json.RawMessage }
		}
		var o struct{ Object string }
		if json.Unmarshal(raw, &e) != nil || json.Unmarshal(e.Data.Object, &o) != nil || schemas[o.Object] == nil {
			t.Errorf("event %s carries %q", kind, o.Object)
			continue
		}
		if err := visit(schemas[o.Object].Value, e.Data.Object); err != nil {
			t.Errorf("object of %s: %v", kind, err)
		}
	}
}

// saveAndLose saves methods, each of which comes to another end.
func saveAndLose(t *testing.T, b stripetest.Bench) {
	t.Helper()
	save := func(k gatewaytest.Kind, m payments.Method) payments.Setup {
		s, err := b.Gateway.SaveMethod(t.Context(), payments.SaveRequest{
			Key: "drf_" + strings.ReplaceAll(string(k), " ", "_"), AccountID: "acc_1", Method: m, Token: b.Token(t, k),
			Consent: payments.Consent{IP: "203.0.113.9", UserAgent: "suite"},
		})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	save(gatewaytest.CardNoFunds, payments.Card)
	for _, id := range []string{save(gatewaytest.CardDebit, payments.Card).ID, save(gatewaytest.BankTyped, payments.BankAccount).ID} {
		if err := b.Gateway.CancelSetup(t.Context(), id); err != nil {
			t.Error(err)
		}
	}
	s := save(gatewaytest.BankRevoked, payments.BankAccount)
	p := gatewaytest.Pay("pay_saved", payments.BankAccount, 15000)
	p.Saved, p.Unattended = s.Saved, true
	var err error
	if p.IntentID, err = b.Gateway.Begin(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Gateway.Charge(t.Context(), p); err != nil {
		t.Error(err)
	}
}

// TestTheJudgesCanSayNo plants faults that must be found, or the tests above
// prove nothing.
func TestTheJudgesCanSayNo(t *testing.T) {
	stub, err := mock()
	if err != nil {
		t.Fatal(err)
	}
	for form, path := range map[string]string{
		"amount=100":                            "/v1/payment_intents",
		"amount=x&currency=usd":                 "/v1/payment_intents",
		"amount=1&currency=usd&made_up=1":       "/v1/payment_intents",
		"reason=sorry&payment_intent=pi_1":      "/v1/refunds",
		"mandate_data[customer_acceptance][x]=": "/v1/payment_intents/pi_1/confirm",
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(form))
		r.Header.Set("Authorization", "Bearer "+stripetest.SecretKey)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		rec := httptest.NewRecorder()
		stub.ServeHTTP(rec, r)
		if rec.Code < 400 {
			t.Errorf("stripe-mock accepts %s %s", path, form)
		}
	}
	_, op := operation(document(t), http.MethodPost, "/v1/payment_intents")
	for _, body := range []string{`{}`, `{"id":"pi_1","object":"payment_intent"}`, `[]`} {
		if checkAnswer(op, http.StatusOK, []byte(body)) == nil {
			t.Errorf("the document accepts %s", body)
		}
	}
}
