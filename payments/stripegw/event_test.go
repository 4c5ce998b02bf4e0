package stripegw

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v79/webhook"

	"quittance/payments"
)

var (
	oldSecret = "whsec_" + strings.Repeat("o", 32)
	newSecret = "whsec_" + strings.Repeat("n", 32)
	noon      = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
)

func back(id payments.ID) string { return "https://pay.example/payments/" + string(id) }

func gateway(t *testing.T, change ...func(*Config)) *Gateway {
	t.Helper()
	cfg := Config{
		SecretKey: "sk_test_1", WebhookSecrets: []string{newSecret, oldSecret}, APIURL: "http://127.0.0.1:1",
		Now: func() time.Time { return noon }, Back: back,
	}
	for _, c := range change {
		c(&cfg)
	}
	g, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func body(kind, object string, change ...string) []byte {
	s := `{"id":"evt_1","object":"event","api_version":"2024-06-20","created":1763812800,"livemode":false,"type":"` +
		kind + `","data":{"object":` + object + `}}`
	return []byte(strings.NewReplacer(change...).Replace(s))
}

func sign(raw []byte, secret string, at time.Time) string {
	return webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: raw, Secret: secret, Timestamp: at}).Header
}

const intentObject = `{"id":"pi_1","object":"payment_intent","metadata":{"payment_id":"pay_1"}}`

func TestSTR04_OnlyEventsOfTheProcessorAreBelieved(t *testing.T) {
	t.Parallel()
	raw := body("payment_intent.succeeded", intentObject)
	other := "whsec_" + strings.Repeat("x", 32)
	good := sign(raw, newSecret, noon)
	for name, c := range map[string]struct {
		raw    []byte
		header string
		ok     bool
	}{
		"signed with the new secret":            {raw, good, true},
		"signed with the old secret":            {raw, sign(raw, oldSecret, noon), true},
		"299 seconds old":                       {raw, sign(raw, newSecret, noon.Add(-299*time.Second)), true},
		"299 seconds ahead":                     {raw, sign(raw, newSecret, noon.Add(299*time.Second)), true},
		"301 seconds old":                       {raw, sign(raw, newSecret, noon.Add(-301*time.Second)), false},
		"301 seconds ahead":                     {raw, sign(raw, newSecret, noon.Add(301*time.Second)), false},
		"a day ahead":                           {raw, sign(raw, newSecret, noon.Add(24*time.Hour)), false},
		"signed with another secret":            {raw, sign(raw, other, noon), false},
		"signed with an empty secret":           {raw, sign(raw, "", noon), false},
		"not signed":                            {raw, "", false},
		"no signature in the header":            {raw, "t=1763812800", false},
		"a body that differs by a newline":      {append(bytes.Clone(raw), '\n'), good, false},
		"a second time laid over the first":     {raw, good + ",t=1", false},
		"the old scheme only":                   {raw, strings.Replace(good, "v1=", "v0=", 1), false},
		"signed rubbish":                        {[]byte("rubbish"), sign([]byte("rubbish"), newSecret, noon), false},
		"a signed empty object":                 {[]byte("{}"), sign([]byte("{}"), newSecret, noon), false},
		"a signed list where an object belongs": {[]byte(`[1]`), sign([]byte(`[1]`), newSecret, noon), false},
	} {
		e, err := gateway(t).ParseEvent(c.raw, c.header)
		if c.ok && (err != nil || e.ID != "evt_1") {
			t.Errorf("%s: refused: %v", name, err)
		}
		if !c.ok && !errors.Is(err, payments.ErrUnsigned) {
			t.Errorf("%s: %v, want ErrUnsigned", name, err)
		}
		if !c.ok && e != (payments.Event{}) {
			t.Errorf("%s: something of it was read: %+v", name, e)
		}
	}
}

func TestSTR03_AnEventOfAnotherVersionIsRefusedByName(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"2024-09-30.acacia", "2025-03-31.basil", "2026-08-26.dahlia", "2023-10-16", ""} {
		raw := body("payment_intent.succeeded", intentObject, "2024-06-20", version)
		_, err := gateway(t).ParseEvent(raw, sign(raw, newSecret, noon))
		if !errors.Is(err, ErrVersion) || !errors.Is(err, payments.ErrUnsigned) {
			t.Errorf("%q: %v, want ErrVersion", version, err)
		}
	}
}

func TestS15_ATestEventDoesNotReachALivePortal(t *testing.T) {
	t.Parallel()
	for key, ok := range map[string]bool{"sk_live_1": false, "rk_live_1": false, "sk_test_1": true, "rk_test_1": true} {
		raw := body("payment_intent.succeeded", intentObject)
		_, err := gateway(t, func(c *Config) { c.SecretKey = key }).ParseEvent(raw, sign(raw, newSecret, noon))
		if ok != (err == nil) || (!ok && !errors.Is(err, payments.ErrWrongMode)) {
			t.Errorf("%s: %v", key, err)
		}
		raw = body("payment_intent.succeeded", intentObject, `"livemode":false`, `"livemode":true`)
		_, err = gateway(t, func(c *Config) { c.SecretKey = key }).ParseEvent(raw, sign(raw, newSecret, noon))
		if ok == (err == nil) {
			t.Errorf("%s with a live event: %v", key, err)
		}
	}
}

func TestSTR_EveryEventOfTheTableLeadsToItsPayment(t *testing.T) {
	t.Parallel()
	charge := `{"id":"ch_1","object":"charge","payment_intent":"pi_1","metadata":{"payment_id":"pay_1"}}`
	dispute := `{"id":"dp_1","object":"dispute","payment_intent":"pi_1","metadata":{}}`
	refund := `{"id":"re_1","object":"refund","payment_intent":"pi_1","metadata":{"payment_id":"pay_1"}}`
	review := `{"id":"prv_1","object":"review","payment_intent":{"id":"pi_1","object":"payment_intent"}}`
	warning := `{"id":"issfr_1","object":"radar.early_fraud_warning","payment_intent":"pi_1"}`
	page := `{"id":"cs_1","object":"checkout.session","payment_intent":"pi_1","client_reference_id":"pay_1"}`
	objects := map[string]string{
		"payment_intent": intentObject, "charge": charge, "charge.dispute": dispute, "charge.refund": refund,
		"refund": refund, "review": review, "radar.early_fraud_warning": warning, "checkout.session": page,
	}
	for kind := range handled {
		family := kind[:strings.LastIndexByte(kind, '.')]
		if saving[family] {
			continue // below
		}
		raw := body(kind, objects[family])
		e, err := gateway(t).ParseEvent(raw, sign(raw, newSecret, noon))
		if err != nil || e.IntentID != "pi_1" || e.Type != kind {
			t.Errorf("%s: %+v, %v", kind, e, err)
		}
		if family == "checkout.session" && (e.CheckoutID != "cs_1" || e.PaymentID != "pay_1") {
			t.Errorf("%s: %+v", kind, e)
		}
	}
}

// saving are the families of events about methods and payouts, not payments.
var saving = map[string]bool{"setup_intent": true, "mandate": true, "payment_method": true, "payout": true}

func TestSTR08_EveryEventOfASavedMethodLeadsToIt(t *testing.T) {
	t.Parallel()
	setup := payments.Event{SetupID: "seti_1"}
	gone := payments.Event{GoneID: "pm_1"}
	for _, c := range []struct {
		kind, object string
		want         payments.Event
	}{
		{"setup_intent.succeeded", `{"id":"seti_1","object":"setup_intent","status":"succeeded","payment_method":"pm_1"}`, setup},
		{"setup_intent.setup_failed", `{"id":"seti_1","object":"setup_intent","payment_method":null}`, setup},
		{"setup_intent.requires_action", `{"id":"seti_1","object":"setup_intent"}`, setup},
		{"setup_intent.canceled", `{"id":"seti_1","object":"setup_intent"}`, setup},
		{"mandate.updated", `{"id":"mandate_1","object":"mandate","status":"inactive","payment_method":"pm_1"}`, gone},
		{"mandate.updated", `{"id":"mandate_1","object":"mandate","status":"active","payment_method":"pm_1"}`, payments.Event{}},
		{"payment_method.detached", `{"id":"pm_1","object":"payment_method","customer":null}`, gone},
		{"payment_method.automatically_updated", `{"id":"pm_1","object":"payment_method"}`, payments.Event{}},
	} {
		raw := body(c.kind, c.object)
		e, err := gateway(t).ParseEvent(raw, sign(raw, newSecret, noon))
		c.want.ID, c.want.Type, c.want.Created = "evt_1", c.kind, time.Unix(1763812800, 0).UTC()
		if err != nil || e != c.want {
			t.Errorf("%s: %+v, %v", c.kind, e, err)
		}
	}
}

func TestSTR14_EventsThatAPersonHasToSeeSayWhatAndUntilWhen(t *testing.T) {
	t.Parallel()
	due := time.Unix(1764417600, 0).UTC()
	for _, c := range []struct {
		kind, object, intent string
		want                 payments.Warning
	}{
		{"charge.dispute.created", `{"id":"dp_1","object":"dispute","payment_intent":"pi_1","status":"needs_response","evidence_details":{"due_by":1764417600}}`, "pi_1",
			payments.Warning{Kind: payments.DisputeWarning, Subject: "dp_1", State: "needs_response", DueAt: due}},
		{"charge.dispute.updated", `{"id":"dp_1","object":"dispute","payment_intent":"pi_1","status":"warning_needs_response","evidence_details":{"due_by":1764417600}}`, "pi_1",
			payments.Warning{Kind: payments.DisputeWarning, Subject: "dp_1", State: "warning_needs_response", DueAt: due}},
		{"charge.dispute.created", `{"id":"dp_2","object":"dispute","payment_intent":"pi_1","status":"lost","evidence_details":{"due_by":0}}`, "pi_1",
			payments.Warning{Kind: payments.DisputeWarning, Subject: "dp_2", State: "lost"}},
		{"charge.dispute.closed", `{"id":"dp_1","object":"dispute","payment_intent":"pi_1","status":"won","evidence_details":{"due_by":1764417600}}`, "pi_1",
			payments.Warning{Kind: payments.DisputeWarning, Subject: "dp_1", State: "won"}},
		{"radar.early_fraud_warning.created", `{"id":"issfr_1","object":"radar.early_fraud_warning","payment_intent":"pi_1"}`, "pi_1",
			payments.Warning{Kind: payments.FraudWarning, Subject: "issfr_1", State: "created"}},
		{"review.closed", `{"id":"prv_1","object":"review","payment_intent":"pi_1"}`, "pi_1",
			payments.Warning{Kind: payments.ReviewWarning, Subject: "prv_1", State: "closed"}},
		{"payout.failed", `{"id":"po_1","object":"payout","status":"failed"}`, "", payments.Warning{Kind: payments.PayoutFailed, Subject: "po_1", State: "failed"}},
		{"payout.reconciliation_completed", `{"id":"po_1","object":"payout","status":"paid"}`, "", payments.Warning{Kind: payments.PayoutReconcile, Subject: "po_1", State: "completed"}},
		{"charge.succeeded", `{"id":"ch_1","object":"charge","payment_intent":"pi_1","status":"succeeded"}`, "pi_1", payments.Warning{}},
	} {
		raw := body(c.kind, c.object)
		e, err := gateway(t).ParseEvent(raw, sign(raw, newSecret, noon))
		if err != nil || e.Warning != c.want || e.IntentID != c.intent {
			t.Errorf("%s: %+v, %v", c.kind, e, err)
		}
	}
}

func TestAnEventThatIsNotOfTheTableIsRecordedOnly(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"payout.paid", "customer.created", "made.up"} {
		raw := body(kind, `{"id":"x_1","object":"payout","payment_intent":"pi_1","metadata":{"payment_id":"pay_1"}}`)
		e, err := gateway(t).ParseEvent(raw, sign(raw, newSecret, noon))
		want := payments.Event{ID: "evt_1", Type: kind, Created: time.Unix(1763812800, 0).UTC()}
		if err != nil || e != want {
			t.Errorf("%s: %+v, %v", kind, e, err)
		}
	}
}

func TestAPageWithoutAnIntentYetIsFoundByItsOwnID(t *testing.T) {
	t.Parallel()
	raw := body("checkout.session.expired", `{"id":"cs_1","object":"checkout.session","payment_intent":null,"metadata":null}`)
	e, err := gateway(t).ParseEvent(raw, sign(raw, newSecret, noon))
	if err != nil || e.CheckoutID != "cs_1" || e.IntentID != "" {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestARefusedEventLeavesNothingOfItInTheLog(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	g := gateway(t, func(c *Config) { c.Log = slog.New(slog.NewTextHandler(&out, nil)) })
	raw := body("charge.succeeded", `{"billing_details":{"email":"ana@example.com"}}`, "2024-06-20", "2020-01-01")
	for _, header := range []string{"", sign(raw, newSecret, noon)} {
		if _, err := g.ParseEvent(raw, header); err == nil || strings.Contains(err.Error(), "ana") {
			t.Errorf("error: %v", err)
		}
	}
	if strings.Contains(out.String(), "ana@") || !strings.Contains(out.String(), "another API version") {
		t.Errorf("log: %s", out.String())
	}
}

func TestNewRefusesEmptyAndWeakSecrets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key     string
		secrets []string
		want    error
	}{
		{"", []string{newSecret}, ErrNoSecretKey},
		{"  ", []string{newSecret}, ErrNoSecretKey},
		{"sk_test_1", nil, ErrNoWebhookSecret},
		{"sk_test_1", []string{""}, ErrNoWebhookSecret},
		{"sk_test_1", []string{newSecret, ""}, ErrNoWebhookSecret},
		{"sk_test_1", []string{"whsec_"}, ErrNoWebhookSecret},
		{"sk_test_1", []string{newSecret}, nil},
	} {
		if _, err := New(Config{SecretKey: c.key, WebhookSecrets: c.secrets, Back: back}); !errors.Is(err, c.want) {
			t.Errorf("%q %q: %v, want %v", c.key, c.secrets, err, c.want)
		}
	}
	if _, err := New(Config{SecretKey: "sk_test_1", WebhookSecrets: []string{newSecret}}); !errors.Is(err, ErrNoWayBack) {
		t.Errorf("without a way back: %v", err)
	}
}

func FuzzParseEvent(f *testing.F) {
	f.Add(string(body("payment_intent.succeeded", intentObject)), "t=1,v1=00")
	f.Add(`{"id":"e","api_version":"2024-06-20","type":"charge.failed","data":{"object":{"object":"charge","payment_intent":{}}}}`, "")
	f.Add(`{"data":null}`, "t=-1,v1=zz")
	g, err := New(Config{SecretKey: "sk_test_1", WebhookSecrets: []string{newSecret}, Now: func() time.Time { return noon }, Back: back})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw, header string) {
		if _, err := g.ParseEvent([]byte(raw), header); err == nil {
			t.Fatal("believed without a signature")
		}
		e, err := g.ParseEvent([]byte(raw), sign([]byte(raw), newSecret, noon))
		if err == nil && e.ID == "" {
			t.Fatalf("an event without an id: %+v", e)
		}
	})
}
