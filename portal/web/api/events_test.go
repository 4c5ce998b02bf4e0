package api_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/portal/audit"
	"quittance/portal/outbox"
	"quittance/portal/web/api"
)

// spy remembers the last key that was begun.
type spy struct {
	api.Keys
	last api.Key
}

func (s *spy) BeginKey(ctx context.Context, k api.Key) (api.Key, bool, error) {
	s.last = k
	return s.Keys.BeginKey(ctx, k)
}

func TestTheFeedIsReadOnFromWhereOneStopped(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	p.place(t, token)
	for range 5 {
		p.pay(t)
	}
	var sequences []float64
	after := 0.0
	for {
		a := p.ask(t, token, "GET", fmt.Sprintf("/api/v1/events?limit=2&after=%.0f", after), "")
		if a.status != 200 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		events := a.field(t, "events").([]any)
		if len(events) == 0 {
			break
		}
		for _, e := range events {
			event := e.(map[string]any)
			sequences = append(sequences, event["sequence"].(float64))
			if data := event["data"].(map[string]any); data["sequence"] != event["sequence"] || data["schema"] != "payment.confirmed/1" {
				t.Errorf("event %v", event)
			}
		}
		after = a.field(t, "after").(float64)
	}
	if !slices.Equal(sequences, []float64{1, 2, 3, 4, 5}) {
		t.Errorf("sequences %v", sequences)
	}
	rows, err := p.store.LooseAudit(t.Context(), 1000)
	reads := slices.DeleteFunc(rows, func(r audit.Stored) bool { return r.Action != "read.events" || !strings.HasPrefix(r.Actor, "token:") })
	if err != nil || len(reads) != 3 || reads[2].Refs[0] != "1" {
		t.Errorf("the log tells of %d looks at events, %v", len(reads), err)
	}
	p.mu.Lock()
	p.now = p.now.AddDate(0, 14, 0)
	p.mu.Unlock()
	if a := p.ask(t, p.token(t, ""), "GET", "/api/v1/events", ""); len(a.field(t, "events").([]any)) != 0 {
		t.Error("the feed reaches further back than 13 months")
	}
}

func TestAWaitingReaderGetsAnEventWhenItComes(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	p.place(t, token)
	got := make(chan answer, 1)
	go func() { got <- p.ask(t, token, "GET", "/api/v1/events?wait=20", "") }()
	p.pay(t)
	if a := <-got; len(a.field(t, "events").([]any)) != 1 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestAnEventIsAcknowledgedWithTheTransactionOfTheSystemOfRecord(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	p.place(t, token)
	payment := p.pay(t)
	event, err := p.store.LatestEvent(t.Context(), payment, outbox.PaymentConfirmed)
	if err != nil {
		t.Fatal(err)
	}
	path := "/api/v1/events/" + string(event) + "/posting"
	for i, c := range []struct {
		path, body string
		want       int
	}{
		{path, `{}`, 422},
		{path, `{"transaction_id":"T-1","refusal_reason":"x"}`, 422},
		{"/api/v1/events/evt_none/posting", `{"transaction_id":"T-1"}`, 404},
		{path, `{"refusal_reason":"unknown account"}`, 200},
		{path, `{"transaction_id":"T-1"}`, 200},
		{path, `{"transaction_id":"T-1"}`, 200},
		{path, `{"transaction_id":"T-2"}`, 409},
	} {
		if a := p.ask(t, token, "PUT", c.path, c.body); a.status != c.want {
			t.Errorf("%d: %d %s, want %d", i, a.status, a.body, c.want)
		}
	}
	posted, err := p.store.Posting(t.Context(), event, "")
	if err != nil || posted.TransactionID != "T-1" {
		t.Errorf("%+v, %v", posted, err)
	}
}

// TestS10_ACreditorsTokenSeesItsOwnDebtsOnly asks for everything there is with
// the token of a creditor and reads every byte for the other one's.
func TestS10_ACreditorsTokenSeesItsOwnDebtsOnly(t *testing.T) {
	t.Parallel()
	p := setup(t)
	agency, mercy, stranger := p.token(t, ""), p.token(t, "mercy"), p.token(t, "somebody")
	p.place(t, agency)
	payment := p.pay(t)
	event, err := p.store.LatestEvent(t.Context(), payment, outbox.PaymentConfirmed)
	if err != nil {
		t.Fatal(err)
	}
	theirs := p.ask(t, agency, "POST", "/api/v1/endpoints", `{"url":"https://hooks.example.com/north-secret","creditor_ref":"north"}`, "Idempotency-Key", "n")
	own := p.ask(t, mercy, "POST", "/api/v1/endpoints", `{"url":"https://hooks.example.com/mercy"}`, "Idempotency-Key", "m")
	if own.status != 201 || own.field(t, "creditor_ref") != "mercy" {
		t.Fatalf("%d %s", own.status, own.body)
	}
	foreign := "/api/v1/endpoints/" + fmt.Sprint(theirs.field(t, "id"))
	for _, c := range []struct {
		method, path, body string
		mercy, stranger    int
	}{
		{"GET", "/api/v1/events", "", 200, 200},
		{"GET", "/api/v1/payments/" + string(payment), "", 200, 404},
		{"GET", "/api/v1/accounts/A-1/balance", "", 200, 404},
		{"GET", "/api/v1/endpoints", "", 200, 200},
		{"GET", foreign, "", 404, 404},
		{"PATCH", foreign, `{"status":"closed"}`, 404, 404},
		{"POST", foreign + "/rotate", "", 404, 404},
		{"POST", foreign + "/resume", "", 404, 404},
		{"POST", foreign + "/test", "", 404, 404},
		{"POST", foreign + "/replay", `{}`, 404, 404},
		{"GET", foreign + "/deliveries", "", 404, 404},
		{"GET", foreign + "/deliveries/1/attempts", "", 404, 404},
		{"GET", "/api/v1/events?endpoint=" + fmt.Sprint(theirs.field(t, "id")), "", 404, 404},
		{"POST", "/api/v1/endpoints", `{"url":"https://hooks.example.com","creditor_ref":"north"}`, 403, 403},
		{"POST", "/api/v1/placements", "[]", 403, 403},
		{"POST", "/api/v1/links", `{"account_ref":"A-1","channel":"sms"}`, 403, 403},
		{"GET", "/api/v1/links/lnk_1", "", 403, 403},
		{"PUT", "/api/v1/events/" + string(event) + "/posting", `{"transaction_id":"M-1"}`, 200, 404},
	} {
		for token, want := range map[string]int{mercy: c.mercy, stranger: c.stranger} {
			a := p.ask(t, token, c.method, c.path, c.body, "Idempotency-Key", c.path)
			if a.status != want {
				t.Errorf("%s %s: %d %s, want %d", c.method, c.path, a.status, a.body, want)
			}
			for _, secret := range []string{"north", "D-2", "15000", "pi_pay", `5000,`, `5000}`} {
				if strings.Contains(a.body, secret) {
					t.Errorf("%s %s tells a creditor %q: %s", c.method, c.path, secret, a.body)
				}
			}
		}
	}
	for token, want := range map[string]int{agency: 1, mercy: 1, stranger: 0} {
		if events := p.ask(t, token, "GET", "/api/v1/events", "").field(t, "events").([]any); len(events) != want {
			t.Errorf("%d events instead of %d", len(events), want)
		}
	}
	if _, err := p.store.Posting(t.Context(), event, ""); err == nil {
		t.Error("a creditor's posting counts for the collector's books")
	}
	if a := p.ask(t, agency, "GET", "/api/v1/payments/"+string(payment), ""); a.field(t, "amount_cents") != 15000.0 {
		t.Errorf("%s", a.body)
	}
}

func TestAnEndpointIsMadeChangedRotatedPausedAndClosed(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	p.place(t, token)
	made := p.ask(t, token, "POST", "/api/v1/endpoints", `{"url":"https://hooks.example.com/q","types":["payment.confirmed"]}`, "Idempotency-Key", "1")
	path := made.header.Get("Location")
	payment := p.pay(t)
	got := p.ask(t, token, "GET", path, "")
	if got.status != 200 || got.field(t, "secret") != nil || got.field(t, "last_sequence") != 1.0 {
		t.Errorf("%d %s", got.status, got.body)
	}
	rotated := p.ask(t, token, "POST", path+"/rotate", "", "Idempotency-Key", "2")
	if rotated.status != 200 || rotated.field(t, "secret") == nil || rotated.field(t, "secret") == made.field(t, "secret") {
		t.Errorf("%d %s", rotated.status, rotated.body)
	}
	if again := p.ask(t, token, "POST", path+"/rotate", "", "Idempotency-Key", "2"); again.body != rotated.body {
		t.Errorf("a repeated rotation made another secret: %s", again.body)
	}
	for i, c := range []struct {
		body   string
		want   int
		status string
	}{
		{`{"status":"paused","description":"nightly"}`, 200, "paused"},
		{`{"status":"disabled"}`, 422, ""},
		{`{"types":["consumer.verified","link.sent"]}`, 200, "paused"},
		{`{"status":"active"}`, 200, "active"},
	} {
		if a := p.ask(t, token, "PATCH", path, c.body); a.status != c.want || c.status != "" && a.field(t, "status") != c.status {
			t.Errorf("%d: %d %s", i, a.status, a.body)
		}
	}
	deliveries := p.ask(t, token, "GET", path+"/deliveries", "")
	if deliveries.status != 200 || !strings.Contains(deliveries.body, `"type":"payment.confirmed"`) {
		t.Errorf("%d %s", deliveries.status, deliveries.body)
	}
	event, err := p.store.LatestEvent(t.Context(), payment, outbox.PaymentConfirmed)
	if err != nil {
		t.Fatal(err)
	}
	replayed := p.ask(t, token, "POST", path+"/replay", `{"event_id":"`+string(event)+`"}`, "Idempotency-Key", "3")
	if replayed.status != 200 || replayed.field(t, "deliveries") != 1.0 {
		t.Errorf("%d %s", replayed.status, replayed.body)
	}
	same := p.ask(t, token, "GET", "/api/v1/events?endpoint="+strings.TrimPrefix(path, "/api/v1/endpoints/"), "")
	if same.status != 200 || !strings.Contains(same.body, `"sequence":1`) {
		t.Errorf("%d %s", same.status, same.body)
	}
	if a := p.ask(t, token, "PATCH", path, `{"status":"closed"}`); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := p.ask(t, token, "POST", path+"/resume", ""); a.status != 409 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// TestAnAnswerThatIsKeptIsSealed looks for a signing secret in what is kept of
// the request that made it.
func TestAnAnswerThatIsKeptIsSealed(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	made := p.ask(t, token, "POST", "/api/v1/endpoints", `{"url":"https://hooks.example.com/q"}`, "Idempotency-Key", "1")
	secret := fmt.Sprint(made.field(t, "secret"))
	keys := &spy{Keys: storeKeys{p.store}}
	tokens, err := p.store.APITokens(t.Context())
	if err != nil || len(tokens) != 1 {
		t.Fatal(len(tokens), err)
	}
	held, fresh, err := keys.BeginKey(t.Context(), api.Key{Token: string(tokens[0].ID), Route: "POST /api/v1/endpoints", Key: "1", BodyHash: []byte("x"), At: p.Now(), LeasedUntil: p.Now().Add(time.Minute)})
	if err != nil || fresh || len(held.Answer) == 0 {
		t.Fatalf("%v %v %d", err, fresh, len(held.Answer))
	}
	if strings.Contains(string(held.Answer), secret) {
		t.Error("the signing secret is kept in the clear")
	}
	if strings.Contains(p.logs.String(), secret) {
		t.Error("the signing secret is in the log")
	}
}
