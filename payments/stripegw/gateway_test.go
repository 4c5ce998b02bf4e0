package stripegw

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"quittance/payments"
)

// canned is a processor that answers what it is told and remembers what it was asked.
type canned struct {
	mu      sync.Mutex
	answers map[string]string // "GET /v1/…" -> "200 {…}"
	seen    []*http.Request
	forms   []url.Values
}

func (c *canned) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(raw))
	c.mu.Lock()
	c.seen, c.forms = append(c.seen, r), append(c.forms, form)
	answer, ok := c.answers[r.Method+" "+r.URL.Path]
	c.mu.Unlock()
	if !ok {
		answer = `404 {"error":{"type":"invalid_request_error","code":"resource_missing"}}`
	}
	status, text, _ := strings.Cut(answer, " ")
	code := 0
	for _, d := range status {
		code = code*10 + int(d-'0')
	}
	w.Header().Set("Request-Id", "req_1")
	w.WriteHeader(code)
	io.WriteString(w, text)
}

func with(t *testing.T, answers map[string]string, change ...func(*Config)) (*Gateway, *canned) {
	t.Helper()
	c := &canned{answers: answers}
	srv := httptest.NewServer(c)
	t.Cleanup(srv.Close)
	change = append([]func(*Config){func(cfg *Config) { cfg.APIURL = srv.URL }}, change...)
	return gateway(t, change...), c
}

func payment() payments.Payment {
	return payments.Payment{
		ID: "pay_1", Reference: "PAY-7KQ2M9XD", Amount: 15000, Method: payments.Card, Token: "ctoken_1", IntentID: "pi_1",
		Consent: payments.Consent{IP: "203.0.113.9", UserAgent: "Mozilla/5.0", At: noon},
	}
}

const confirmPath = "POST /v1/payment_intents/pi_1/confirm"

func TestWhatIsNotCertainlyARefusalIsUnknown(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]error{
		`500 {"error":{"type":"api_error"}}`: payments.ErrUnknownOutcome,
		`502 <html>bad gateway</html>`:       payments.ErrUnknownOutcome,
		`503 {}`:                             payments.ErrUnknownOutcome,
		`409 {"error":{"type":"idempotency_error","code":"idempotency_key_in_use"}}`: payments.ErrUnknownOutcome,
		`400 {"error":{"type":"idempotency_error"}}`:                                 payments.ErrUnknownOutcome,
		`429 {"error":{"type":"rate_limit_error","code":"rate_limit"}}`:              payments.ErrUnknownOutcome,
		`429 {"error":{"type":"invalid_request_error","code":"lock_timeout"}}`:       payments.ErrUnknownOutcome,
		`200 not json`: payments.ErrUnknownOutcome,
		`302 {}`:       payments.ErrUnknownOutcome,
		`400 {"error":{"type":"invalid_request_error","code":"parameter_unknown"}}`: payments.ErrRefused,
		`401 {"error":{"type":"invalid_request_error"}}`:                            payments.ErrRefused,
		`403 {"error":{"type":"invalid_request_error"}}`:                            payments.ErrRefused,
		`404 {"error":{"type":"invalid_request_error","code":"resource_missing"}}`:  payments.ErrRefused,
		`400 {"error":{"type":"invalid_request_error","code":"amount_too_small"}}`:  payments.ErrTooLittle,
		`400 {"error":{"code":"payment_method_bank_account_blocked"}}`:              payments.ErrRefused,
	} {
		g, c := with(t, map[string]string{confirmPath: answer})
		truth, err := g.Charge(t.Context(), payment())
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", answer, err, want)
		}
		if !reflect.DeepEqual(truth, payments.Truth{}) {
			t.Errorf("%s: %+v", answer, truth)
		}
		if len(c.seen) != 1 {
			t.Errorf("%s: asked %d times", answer, len(c.seen))
		}
	}
}

// TestABankAsksOnAPageOfItsOwn: whatever the token says of scripts, a payment
// and a saved method name the page to which the bank's check leads back.
func TestABankAsksOnAPageOfItsOwn(t *testing.T) {
	t.Parallel()
	g, c := with(t, map[string]string{"POST /v1/customers": `200 {"id":"cus_1","object":"customer"}`})
	g.Charge(t.Context(), payment())
	g.SaveMethod(t.Context(), payments.SaveRequest{Key: "k", AccountID: "acc_1", Token: "ctoken_1", Method: payments.Card})
	asked := map[string]string{}
	for i, form := range c.forms {
		if form.Has("confirmation_token") {
			asked[c.seen[i].URL.Path] = form.Get("use_stripe_sdk") + " " + form.Get("return_url")
		}
	}
	if len(asked) != 2 || asked["/v1/payment_intents/pi_1/confirm"] != "false https://pay.example/payments/pay_1" ||
		asked["/v1/setup_intents"] != "false https://pay.example/payments/" {
		t.Errorf("asked %v", asked)
	}
}

func TestSTR07_TheKeyOfACallIsMadeOfThePaymentsID(t *testing.T) {
	t.Parallel()
	g, c := with(t, nil)
	p := payment()
	g.Charge(t.Context(), p)
	g.Cancel(t.Context(), p)
	p.IntentID = ""
	g.Begin(t.Context(), p)
	g.OpenPage(t.Context(), p, "https://a/b", "https://a/c")
	want := []string{"pay_1/confirm", "pay_1/cancel/0", "pay_1/begin", "pay_1/checkout/auto"}
	for i, r := range c.seen {
		if got := r.Header.Get("Idempotency-Key"); got != want[i] {
			t.Errorf("%s: key %q, want %q", r.URL.Path, got, want[i])
		}
		if v := r.Header.Get("Stripe-Version"); v != "2024-06-20" {
			t.Errorf("%s: version %q", r.URL.Path, v)
		}
		if r.Header.Get("X-Stripe-Client-Telemetry") != "" {
			t.Errorf("%s: telemetry is sent", r.URL.Path)
		}
	}
}

func TestACH03_ABankDebitCarriesTheConsumersAcceptance(t *testing.T) {
	t.Parallel()
	g, c := with(t, nil)
	p := payment()
	g.Charge(t.Context(), p)
	p.Method = payments.BankAccount
	g.Charge(t.Context(), p)
	for name, want := range map[string]string{
		"mandate_data[customer_acceptance][type]":               "online",
		"mandate_data[customer_acceptance][online][ip_address]": "203.0.113.9",
		"mandate_data[customer_acceptance][online][user_agent]": "Mozilla/5.0",
	} {
		if c.forms[0].Has(name) {
			t.Errorf("a card payment sends %s", name)
		}
		if got := c.forms[1].Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
}

func TestAMT02_NothingButTheAmountIsAskedFor(t *testing.T) {
	t.Parallel()
	g, c := with(t, nil)
	p := payment()
	p.IntentID = ""
	g.Begin(t.Context(), p)
	g.OpenPage(t.Context(), p, "https://a/b", "https://a/c")
	if got := c.forms[0].Get("amount"); got != "15000" {
		t.Errorf("amount %q", got)
	}
	if got := c.forms[1].Get("line_items[0][price_data][unit_amount]"); got != "15000" {
		t.Errorf("unit amount %q", got)
	}
	for _, form := range c.forms {
		for name := range form {
			for _, word := range []string{"fee", "tax", "tip", "discount", "shipping", "line_items[1]"} {
				if strings.Contains(name, word) {
					t.Errorf("%s is sent", name)
				}
			}
		}
	}
}

func TestADeadlineEndsACallAsUnknown(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	t.Cleanup(srv.Close)
	g := gateway(t, func(c *Config) { c.APIURL, c.Deadline = srv.URL, 50*time.Millisecond })
	started := time.Now()
	_, err := g.Charge(t.Context(), payment())
	if !errors.Is(err, payments.ErrUnknownOutcome) || time.Since(started) > 5*time.Second {
		t.Errorf("%v after %v", err, time.Since(started))
	}
}

func intentJSON(change ...string) string {
	return strings.NewReplacer(change...).Replace(`{"id":"pi_1","object":"payment_intent","amount":15000,"amount_received":15000,
		"currency":"usd","livemode":false,"status":"succeeded","client_secret":"pi_1_secret_2","metadata":{"payment_id":"pay_1"},
		"latest_charge":{"id":"ch_1","created":1763812800,"payment_method":"pm_1","disputed":false,"amount_refunded":0,
			"payment_method_details":{"type":"card","card":{"brand":"visa","last4":"4242","funding":"debit","country":"US"}}}}`)
}

func TestATruthIsReadFromTheIntentItsChargeRefundsAndDisputes(t *testing.T) {
	t.Parallel()
	g, _ := with(t, map[string]string{
		"GET /v1/payment_intents/pi_1": "200 " + intentJSON(`"disputed":false,"amount_refunded":0`, `"disputed":true,"amount_refunded":9000`),
		"GET /v1/refunds": `200 {"object":"list","has_more":false,"data":[{"id":"re_1","status":"succeeded","amount":4000},
			{"id":"re_2","status":"pending","amount":3000},{"id":"re_3","status":"failed","amount":2000},{"id":"re_4","status":"canceled","amount":1},
			{"id":"re_5","status":"succeeded","amount":500,"metadata":{"debt_id":"dbt_1"}},{"id":"re_6","status":"pending","amount":5,"metadata":{"debt_id":"dbt_1"}}]}`,
		"GET /v1/disputes": `200 {"object":"list","has_more":false,"data":[{"id":"dp_1","status":"won","amount":100},
			{"id":"dp_2","status":"warning_needs_response","amount":200},{"id":"dp_3","status":"needs_response","amount":1000,"reason":"fraudulent"},
			{"id":"dp_4","status":"warning_closed","amount":400},{"id":"dp_5","status":"lost","amount":5000,"reason":"duplicate"}]}`,
	})
	got, err := g.Fetch(t.Context(), payment())
	want := payments.Truth{
		PaymentID: "pay_1", IntentID: "pi_1", State: payments.IntentSucceeded, Amount: 15000, Received: 15000, Currency: "usd",
		ChargeID: "ch_1", Details: payments.Details{Type: "card", Brand: "visa", Last4: "4242", Funding: "debit", Country: "US", HolderID: "pm_1"},
		Refunded: 4500, Directed: []payments.Amount{{DebtID: "dbt_1", Amount: 500}}, Withdrawn: 6000, Failure: payments.Failure{Code: "duplicate"}, ObservedAt: noon,
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v, %v\nwant %+v", got, err, want)
	}
}

func TestAnIntentInAStateNewToUsIsUnknown(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"requires_capture", "paused", ""} {
		g, _ := with(t, map[string]string{"GET /v1/payment_intents/pi_1": "200 " + intentJSON(`"succeeded"`, `"`+status+`"`)})
		if _, err := g.Fetch(t.Context(), payment()); !errors.Is(err, payments.ErrUnknownOutcome) {
			t.Errorf("%q: %v", status, err)
		}
	}
}

func TestALostAnswerAboutRefundsOrDisputesIsUnknownNotZero(t *testing.T) {
	t.Parallel()
	for change, path := range map[string]string{`"amount_refunded":1`: "GET /v1/refunds", `"disputed":true`: "GET /v1/disputes"} {
		name, _, _ := strings.Cut(change, ":")
		var intent string
		if name == `"disputed"` {
			intent = intentJSON(`"disputed":false`, change)
		} else {
			intent = intentJSON(`"amount_refunded":0`, change)
		}
		g, _ := with(t, map[string]string{"GET /v1/payment_intents/pi_1": "200 " + intent, path: "500 {}"})
		if truth, err := g.Fetch(t.Context(), payment()); !errors.Is(err, payments.ErrUnknownOutcome) {
			t.Errorf("%s: %+v, %v", path, truth, err)
		}
	}
}

func TestACH_ReturnCodesComeFromTheBankOrTheTable(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"insufficient_funds": "R01", "account_closed": "R02", "no_account": "R03", "account_number_invalid": "R04",
		"debit_not_authorized": "R10", "bank_account_restricted": "R16", "bank_account_unusable": "R20", "something_new": "",
	} {
		for blocked, code2 := range map[string]string{"": want, `,"status_details":{"blocked":{"network_code":"R07"}}`: "R07"} {
			failed := `{"id":"pi_1","amount":15000,"currency":"usd","status":"requires_payment_method","metadata":{"payment_id":"pay_1"},
				"last_payment_error":{"type":"card_error","code":"` + code + `","payment_method":{"id":"pm_1","type":"us_bank_account",
				"us_bank_account":{"bank_name":"TEST BANK","last4":"6789"` + blocked + `}}}}`
			g, _ := with(t, map[string]string{"GET /v1/payment_intents/pi_1": "200 " + failed})
			truth, err := g.Fetch(t.Context(), payment())
			if err != nil || truth.State != payments.IntentOpen || truth.Failure != (payments.Failure{Code: code, ReturnCode: code2}) {
				t.Errorf("%s%s: %+v, %v", code, blocked, truth, err)
			}
		}
	}
}

func TestSTR11_MicrodepositsLeadToTheProcessorsPage(t *testing.T) {
	t.Parallel()
	for action, want := range map[string]payments.Truth{
		`{"type":"verify_with_microdeposits","verify_with_microdeposits":{"hosted_verification_url":"https://p/v"}}`: {Microdeposits: true, ActionURL: "https://p/v"},
		`{"type":"redirect_to_url","redirect_to_url":{"url":"https://p/3ds"}}`:                                       {ActionURL: "https://p/3ds"},
		`{"type":"use_stripe_sdk","use_stripe_sdk":{}}`:                                                              {},
	} {
		g, _ := with(t, map[string]string{"GET /v1/payment_intents/pi_1": "200 " + intentJSON(`"status":"succeeded"`, `"status":"requires_action","next_action":`+action)})
		got, err := g.Fetch(t.Context(), payment())
		if err != nil || got.State != payments.IntentNeedsAction || got.ActionURL != want.ActionURL || got.Microdeposits != want.Microdeposits {
			t.Errorf("%s: %+v, %v", action, got, err)
		}
	}
}

// TestS9_TheProcessorsWordsAboutAPersonStayOut plants a name in every text the
// processor may send and looks for it in errors and log lines.
func TestS9_TheProcessorsWordsAboutAPersonStayOut(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	for _, answer := range []string{
		`400 {"error":{"type":"invalid_request_error","message":"No such thing: CANARY","code":"x"}}`,
		`500 {"error":{"type":"api_error","message":"CANARY"}}`, `200 CANARY`, `503 CANARY`,
		`402 {"error":{"type":"card_error","code":"card_declined","message":"CANARY"}}`,
	} {
		g, _ := with(t, map[string]string{confirmPath: answer, "GET /v1/payment_intents/pi_1": answer}, func(c *Config) {
			c.Log = slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
		})
		truth, err := g.Charge(t.Context(), payment())
		said, _ := json.Marshal(truth)
		if err == nil || strings.Contains(err.Error()+string(said), "CANARY") {
			t.Errorf("%s: %v %s", answer, err, said)
		}
	}
	if strings.Contains(out.String(), "CANARY") || !strings.Contains(out.String(), "req_1") {
		t.Errorf("log: %s", out.String())
	}
}

func TestSTR03_CheckVersionReadsTheEndpoints(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]error{
		`{"id":"we_1","url":"https://p/hooks/stripe","status":"enabled","api_version":"2024-06-20"}`:       nil,
		`{"id":"we_1","url":"https://p/hooks/stripe","status":"enabled","api_version":"2025-03-31.basil"}`: ErrVersion,
		`{"id":"we_1","url":"https://p/hooks/stripe","status":"enabled","api_version":null}`:               ErrVersion,
		`{"id":"we_1","url":"https://p/hooks/stripe","status":"disabled","api_version":"2024-06-20"}`:      ErrNoEndpoint,
		`{"id":"we_1","url":"https://other/","status":"enabled","api_version":"2024-06-20"}`:               ErrNoEndpoint,
	} {
		g, _ := with(t, map[string]string{"GET /v1/webhook_endpoints": `200 {"object":"list","data":[` + data + `]}`})
		if err := g.CheckVersion(t.Context(), "https://p/hooks/stripe"); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", data, err, want)
		}
	}
}

func TestEventsAreListedOldestFirst(t *testing.T) {
	t.Parallel()
	newer := string(body("charge.refunded", `{"object":"charge","payment_intent":"pi_2"}`, "evt_1", "evt_2"))
	older := string(body("payment_intent.succeeded", intentObject))
	g, c := with(t, map[string]string{"GET /v1/events": `200 {"object":"list","has_more":false,"data":[` + newer + `,` + older + `]}`})
	got, err := g.Events(t.Context(), noon.Add(-time.Hour))
	if err != nil || len(got) != 2 || got[0].ID != "evt_1" || got[0].IntentID != "pi_1" || got[1].IntentID != "pi_2" {
		t.Fatalf("%+v, %v", got, err)
	}
	if q := c.seen[0].URL.Query().Get("created[gte]"); q == "" {
		t.Error("the list is not bounded by time")
	}
}
