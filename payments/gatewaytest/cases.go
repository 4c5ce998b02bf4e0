package gatewaytest

import (
	"testing"
	"time"

	"quittance/payments"
)

func inspect(t *testing.T, r Rig) {
	seen := map[string]bool{}
	for kind, funding := range map[Kind]string{CardCredit: "credit", CardDebit: "debit", CardPrepaid: "prepaid"} {
		d, err := r.Gateway.Inspect(t.Context(), r.Token(t, kind))
		if err != nil {
			t.Fatal(err)
		}
		want(t, "type", d.Type, payments.Card)
		want(t, "funding", d.Funding, funding)
		want(t, "digits shown", len(d.Last4), 4)
		again, err := r.Gateway.Inspect(t.Context(), r.Token(t, kind))
		if err != nil {
			t.Fatal(err)
		}
		if d.Fingerprint == "" || again.Fingerprint != d.Fingerprint || seen[d.Fingerprint] {
			t.Errorf("%s is not known again: %q and %q", kind, d.Fingerprint, again.Fingerprint)
		}
		seen[d.Fingerprint] = true
	}
	d, err := r.Gateway.Inspect(t.Context(), r.Token(t, BankGood))
	if err != nil {
		t.Fatal(err)
	}
	want(t, "type", d.Type, payments.BankAccount)
	want(t, "digits shown", len(d.Last4), 4)
}

func begin(t *testing.T, r Rig) {
	p := begun(t, r, CardCredit)
	want(t, "state", fetch(t, r, p).State, payments.IntentOpen)
	again := p
	again.IntentID = ""
	id, err := r.Gateway.Begin(t.Context(), again)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "intent", id, p.IntentID)
	want(t, "charges", r.Charges(t, p.ID), 0)
}

func chargeCard(t *testing.T, r Rig) {
	p, truth := charged(t, r, CardDebit)
	want(t, "payment", truth.PaymentID, p.ID)
	want(t, "intent", truth.IntentID, p.IntentID)
	want(t, "state", truth.State, payments.IntentSucceeded)
	want(t, "amount", truth.Amount, p.Amount)
	want(t, "received", truth.Received, p.Amount)
	want(t, "currency", truth.Currency, "usd")
	want(t, "funding", truth.Details.Funding, "debit")
	want(t, "failure", truth.Failure, payments.Failure{})
	if truth.ChargeID == "" || truth.ObservedAt.IsZero() {
		t.Errorf("truth lacks its charge or time: %+v", truth)
	}
	later := fetch(t, r, p)
	want(t, "state fetched", later.State, payments.IntentSucceeded)
	want(t, "charges", r.Charges(t, p.ID), 1)
}

func chargeTwice(t *testing.T, r Rig) {
	p, _ := charged(t, r, CardCredit)
	again, err := r.Gateway.Charge(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "state", again.State, payments.IntentSucceeded)
	p.Token = r.Token(t, CardCredit)
	if other, err := r.Gateway.Charge(t.Context(), p); err == nil {
		want(t, "state with another token", other.State, payments.IntentSucceeded)
	} else {
		wantUnknown(t, "another token under the same key", err)
	}
	want(t, "charges", r.Charges(t, p.ID), 1)
}

func decline(t *testing.T, r Rig) {
	p, truth := charged(t, r, CardNoFunds)
	want(t, "state", truth.State, payments.IntentOpen)
	want(t, "failure", truth.Failure, payments.Failure{Code: "insufficient_funds"})
	want(t, "payment", truth.PaymentID, p.ID)
	want(t, "type", truth.Details.Type, payments.Card)
	if d, err := r.Gateway.Inspect(t.Context(), r.Token(t, CardNoFunds)); err != nil || truth.Details.Fingerprint == "" || d.Fingerprint != truth.Details.Fingerprint {
		t.Errorf("the card that was declined is %q, and shown again %q, %v", truth.Details.Fingerprint, d.Fingerprint, err)
	}
	want(t, "failure fetched", fetch(t, r, p).Failure, truth.Failure)
	want(t, "charges", r.Charges(t, p.ID), 0)
}

func lostCharge(t *testing.T, r Rig) {
	p := begun(t, r, CardCredit)
	r.LoseAnswer(t)
	_, err := r.Gateway.Charge(t.Context(), p)
	wantUnknown(t, "charge", err)
	want(t, "state", fetch(t, r, p).State, payments.IntentSucceeded)
}

func lostThenAgain(t *testing.T, r Rig) {
	p := Pay("pay_lostagain", payments.Card, 4200)
	p.Token = r.Token(t, CardCredit)
	r.LoseAnswer(t)
	_, err := r.Gateway.Begin(t.Context(), p)
	wantUnknown(t, "begin", err)
	if p.IntentID, err = r.Gateway.Begin(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	r.LoseAnswer(t)
	_, err = r.Gateway.Charge(t.Context(), p)
	wantUnknown(t, "charge", err)
	truth, err := r.Gateway.Charge(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "state", truth.State, payments.IntentSucceeded)
	want(t, "charges", r.Charges(t, p.ID), 1)
}

func broken(t *testing.T, r Rig) {
	p := begun(t, r, CardCredit)
	r.Break(t)
	_, err := r.Gateway.Charge(t.Context(), p)
	wantUnknown(t, "charge", err)
	want(t, "state", fetch(t, r, p).State, payments.IntentOpen)
	want(t, "charges", r.Charges(t, p.ID), 0)
}

func unreachable(t *testing.T, r Rig) {
	p, g := begun(t, r, CardCredit), r.Unreachable
	_, err := g.Inspect(t.Context(), p.Token)
	wantUnknown(t, "inspect", err)
	_, err = g.Begin(t.Context(), Pay("pay_nobody", payments.Card, 100))
	wantUnknown(t, "begin", err)
	_, err = g.Charge(t.Context(), p)
	wantUnknown(t, "charge", err)
	_, err = g.Fetch(t.Context(), p)
	wantUnknown(t, "fetch", err)
	_, err = g.Cancel(t.Context(), p)
	wantUnknown(t, "cancel", err)
}

func challenge(t *testing.T, r Rig) {
	p, truth := charged(t, r, CardChallenge)
	want(t, "state", truth.State, payments.IntentNeedsAction)
	if truth.ActionURL == "" {
		t.Error("there is no page to lead the consumer to")
	}
	want(t, "charges", r.Charges(t, p.ID), 0)
}

func bankSettles(t *testing.T, r Rig) {
	p, truth := charged(t, r, BankGood)
	want(t, "state", truth.State, payments.IntentProcessing)
	want(t, "type", truth.Details.Type, payments.BankAccount)
	if days := truth.ExpectedBy.Sub(truth.ObservedAt); days < 3*24*time.Hour || days > 10*24*time.Hour {
		t.Errorf("expected by %v, asked at %v", truth.ExpectedBy, truth.ObservedAt)
	}
	r.Days(t, 12)
	truth = fetch(t, r, p)
	want(t, "state after days", truth.State, payments.IntentSucceeded)
	want(t, "received", truth.Received, p.Amount)
	want(t, "withdrawn", truth.Withdrawn, 0)
}

func bankFails(t *testing.T, r Rig) {
	p, truth := charged(t, r, BankNoFunds)
	want(t, "state", truth.State, payments.IntentProcessing)
	r.Days(t, 12)
	truth = fetch(t, r, p)
	want(t, "state after days", truth.State, payments.IntentOpen)
	want(t, "return code", truth.Failure.ReturnCode, "R01")
	want(t, "received", truth.Received, 0)
}

func bankReturns(t *testing.T, r Rig) {
	p, _ := charged(t, r, BankRevoked)
	r.Days(t, 30)
	truth := fetch(t, r, p)
	want(t, "state", truth.State, payments.IntentSucceeded)
	want(t, "withdrawn", truth.Withdrawn, p.Amount)
	want(t, "return code", truth.Failure.ReturnCode, "R10")
}

func disputed(t *testing.T, r Rig) {
	p, _ := charged(t, r, CardDisputed)
	r.Days(t, 1)
	truth := fetch(t, r, p)
	want(t, "state", truth.State, payments.IntentSucceeded)
	want(t, "withdrawn", truth.Withdrawn, p.Amount)
	want(t, "return code", truth.Failure.ReturnCode, "")
}

func cancelOpen(t *testing.T, r Rig) {
	p := begun(t, r, CardCredit)
	for range 2 {
		truth, err := r.Gateway.Cancel(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		want(t, "state", truth.State, payments.IntentCanceled)
		want(t, "payment", truth.PaymentID, p.ID)
	}
	if truth, err := r.Gateway.Charge(t.Context(), p); err == nil {
		want(t, "state when charged anyway", truth.State, payments.IntentCanceled)
	}
	want(t, "charges", r.Charges(t, p.ID), 0)
}

func cancelTaken(t *testing.T, r Rig) {
	p, _ := charged(t, r, CardCredit)
	truth, err := r.Gateway.Cancel(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "state", truth.State, payments.IntentSucceeded)
	want(t, "received", truth.Received, p.Amount)
}

func neverBegun(t *testing.T, r Rig) {
	p := Pay("pay_never", payments.Card, 100)
	truth := fetch(t, r, p)
	want(t, "state", truth.State, payments.IntentOpen)
	want(t, "payment", truth.PaymentID, p.ID)
	want(t, "amount", truth.Amount, p.Amount)
	truth, err := r.Gateway.Cancel(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "state canceled", truth.State, payments.IntentCanceled)
}

func refundOnce(t *testing.T, r Rig) {
	p, _ := charged(t, r, CardCredit)
	for range 2 {
		truth, err := r.Refunds.Refund(t.Context(), p, payments.Back{Amount: 5000, Key: "rfd_1"})
		if err != nil {
			t.Fatal(err)
		}
		want(t, "refunded", truth.Refunded, 5000)
		want(t, "state", truth.State, payments.IntentSucceeded)
	}
	truth, err := r.Refunds.Refund(t.Context(), p, payments.Back{DebtID: "dbt_1", Amount: 10000, Key: "rfd_2"})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "refunded in all", truth.Refunded, p.Amount)
	if len(truth.Directed) != 1 || truth.Directed[0] != (payments.Amount{DebtID: "dbt_1", Amount: 10000}) {
		t.Errorf("from which debt: %+v", truth.Directed)
	}
	_, err = r.Refunds.Refund(t.Context(), p, payments.Back{Amount: 1, Key: "rfd_3"})
	wantRefused(t, "more than was paid", err)
}

func refundDisputed(t *testing.T, r Rig) {
	p, _ := charged(t, r, CardDisputed)
	r.Days(t, 1)
	_, err := r.Refunds.Refund(t.Context(), p, payments.Back{Amount: p.Amount, Key: "rfd_4"})
	wantRefused(t, "refund", err)
	want(t, "refunded", fetch(t, r, p).Refunded, 0)
}

// refundOnItsWay sends back all that a bank payment paid on one of its debts. For
// days nothing of it is refunded; another order must not take the other debt's
// money for it, the same order may be repeated.
func refundOnItsWay(t *testing.T, r Rig) {
	p, _ := charged(t, r, BankGood)
	p.Allocations = []payments.Allocation{{DebtID: "dbt_1", Amount: 5000}, {DebtID: "dbt_2", Amount: 10000}}
	r.Days(t, 10)
	for range 2 {
		truth, err := r.Refunds.Refund(t.Context(), p, payments.Back{DebtID: "dbt_1", Amount: 5000, Key: "rfd_1"})
		if err != nil {
			t.Fatal(err)
		}
		want(t, "refunded by now", truth.Refunded, 0)
	}
	_, err := r.Refunds.Refund(t.Context(), p, payments.Back{DebtID: "dbt_1", Amount: 5000, Key: "rfd_2"})
	wantRefused(t, "the same money again", err)
	if _, err := r.Refunds.Refund(t.Context(), p, payments.Back{DebtID: "dbt_2", Amount: 10000, Key: "rfd_3"}); err != nil {
		t.Errorf("the other debt's: %v", err)
	}
	r.Days(t, 10)
	want(t, "refunded in the end", fetch(t, r, p).Refunded, p.Amount)
}

func unknownToken(t *testing.T, r Rig) {
	for _, token := range []string{"", "ctoken_none", "../charges", "pm_1", "ctoken_1?expand=x"} {
		_, err := r.Gateway.Inspect(t.Context(), token)
		wantRefused(t, "inspect", err)
	}
}

func samePage(t *testing.T, r Rig) {
	p := Pay("pay_hosted", payments.Card, 2500)
	id, url, err := r.Hosted.OpenPage(t.Context(), p, "https://pay.example/back", "https://pay.example/stop")
	if err != nil || id == "" || url == "" {
		t.Fatalf("open: %q %q %v", id, url, err)
	}
	again, _, err := r.Hosted.OpenPage(t.Context(), p, "https://pay.example/back", "https://pay.example/stop")
	if err != nil {
		t.Fatal(err)
	}
	want(t, "page", again, id)
}

func closePage(t *testing.T, r Rig) {
	p := Pay("pay_closed", payments.BankAccount, 2500)
	id, url, err := r.Hosted.OpenPage(t.Context(), p, "https://pay.example/back", "https://pay.example/stop")
	if err != nil {
		t.Fatal(err)
	}
	p.CheckoutID = id
	truth := fetch(t, r, p)
	want(t, "state", truth.State, payments.IntentNeedsAction)
	want(t, "page", truth.ActionURL, url)
	want(t, "payment", truth.PaymentID, p.ID)
	for range 2 {
		if truth, err = r.Gateway.Cancel(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		want(t, "state canceled", truth.State, payments.IntentCanceled)
	}
}
