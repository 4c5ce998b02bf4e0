package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"quittance/portal/alert"
	"quittance/portal/store/storetest"
)

// TestSTR05_AChargeOfNoPaymentRings takes money at the processor beside the
// portal, and lets the daily comparison run.
func TestSTR05_AChargeOfNoPaymentRings(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := rehearse(t, database)
		ctx := t.Context()
		token, err := r.Token(ctx, "pm_card_visa", false)
		if err != nil {
			t.Fatal(err)
		}
		r.charge(t, url.Values{"amount": {"777"}, "currency": {"usd"}, "confirm": {"true"}, "confirmation_token": {token}})
		if err := r.MoveDays(ctx, 3); err != nil {
			t.Fatal(err)
		}
		r.runs(t, "reconciliation")
		all, err := r.Portal.Alerts.List(ctx, 10)
		if err != nil || len(all) != 1 || all[0].Kind != alert.Mismatch {
			t.Errorf("alerts: %+v, %v", all, err)
		}
	})
}

// runs runs a job of the portal once.
func (r *rehearsal) runs(t *testing.T, name string) {
	t.Helper()
	for _, job := range r.Portal.Jobs() {
		if job.Name != name {
			continue
		}
		if _, err := job.Run(t.Context()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return
	}
	t.Fatalf("no job %q", name)
}

// charge asks the processor for a payment, as another program of the agency would.
func (r *rehearsal) charge(t *testing.T, form url.Values) {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.Portal.Config.Stripe.APIURL+"/v1/payment_intents", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("Idempotency-Key", "beside the portal")
	q.SetBasicAuth(string(r.Portal.Config.Stripe.SecretKey), "")
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("the processor says %d", answer.StatusCode)
	}
}
