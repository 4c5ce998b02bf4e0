package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"quittance/payments"
	"quittance/portal/alert"
	"quittance/portal/dispute"
	"quittance/portal/outbox"
	"quittance/portal/store/storetest"
)

// TestAMT06_ABankPaymentThatClearsBehindADisputeIsParked sends a payment from a
// bank account, disputes the debt before it clears, and lets days pass.
func TestAMT06_ABankPaymentThatClearsBehindADisputeIsParked(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		ctx := t.Context()
		paid, err := r.Pay(ctx, "A-1002", "key-1", 2500, payments.BankAccount, "pm_usBankAccount_success")
		if err != nil || paid.Status.Ended() {
			t.Fatalf("%s, %v", paid.Status, err)
		}
		id, st, err := r.FirstDebt(ctx, "A-1002")
		if err != nil {
			t.Fatal(err)
		}
		d, err := r.Portal.Disputes.Open(ctx, id, st.Debt.ID, dispute.Filing{Kind: dispute.OfDebt, Scope: dispute.Whole, Language: "en", Reasons: []dispute.Reason{dispute.WrongAmount}}, "key-2")
		if err != nil {
			t.Fatal(err)
		}
		if err := r.MoveDays(ctx, 7); err != nil {
			t.Fatal(err)
		}
		parked, err := r.Portal.Parked.Of(ctx, d.ID)
		if err != nil || len(parked) != 1 || parked[0].PaymentID != paid.ID || parked[0].Amount != 2500 {
			t.Errorf("parked: %+v, %v", parked, err)
		}
		if told := r.told(t, id, outbox.PaymentConfirmed); len(told) != 1 {
			t.Errorf("confirmed %d times", len(told))
		}
	})
}

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
