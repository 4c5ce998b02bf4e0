package outbox_test

import (
	"strings"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/outbox"
	"quittance/portal/represent"
)

// TestDSC05_EventsSayWhoSpokeForTheConsumerAndCreditorsAreNotTold: that somebody
// died or is a child is no business of theirs (WHK-04, DSC-06).
func TestDSC05_EventsSayWhoSpokeForTheConsumerAndCreditorsAreNotTold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	now := b.clock.Now()
	b.owed["dbt_1"] = 50000
	b.apply(t, payments.Payment{
		ID: "pay_01", Reference: "PAY-7KQ2M9XD", AccountID: "acc_1", By: "executor", Amount: 10000, Method: payments.Card, Status: payments.Submitting,
		IntentID: "pi_1", SubmittedAt: now, Allocations: []payments.Allocation{{DebtID: "dbt_1", DebtRef: "D-1001", CreditorRef: "mercy", Amount: 10000}},
	}, payments.Truth{
		PaymentID: "pay_01", IntentID: "pi_1", Currency: money.Currency, Amount: 10000, Received: 10000, State: payments.IntentSucceeded, ObservedAt: now,
	}, now)
	d := disputed()
	d.By = represent.Executor
	b.mustRecord(t, b.recorder.DisputeChanged(t.Context(), dispute.Change{Dispute: d, News: dispute.Opened}))
	who := represent.Representative{
		ID: "rep_01", AccountID: "acc_1", Role: represent.Executor, Person: represent.Person{Name: "Eva Garcia", Phone: "+12125550123"},
		DocumentID: "DOC-311", From: civil.Of(now), Until: civil.Of(now.Add(48 * time.Hour)),
	}
	for _, revoked := range []bool{false, true} {
		b.mustRecord(t, b.recorder.RepresentativeChanged(t.Context(), represent.Change{Representative: who, Revoked: revoked, By: "staff:stf_1"}))
	}
	told := 0
	for _, e := range b.events {
		body, err := outbox.Body(e, 7, debt.CreditorsOf(""))
		if err != nil {
			t.Fatal(err)
		}
		for _, problem := range validateBody(t, e.Type, body) {
			t.Errorf("%s: %s", e.Type, problem)
		}
		if strings.Contains(string(body), `"by":"executor"`) || strings.Contains(string(body), `"role":"executor"`) {
			told++
		}
		if strings.Contains(string(body), "Garcia") || strings.Contains(string(body), "5550123") {
			t.Errorf("%s names the representative", e.Type)
		}
		if body, err = outbox.Body(e, 7, debt.CreditorsOf("mercy")); outbox.Sees(e, debt.CreditorsOf("mercy"), nil) && (err != nil || strings.Contains(string(body), "executor")) {
			t.Errorf("%s tells the creditor: %s, %v", e.Type, body, err)
		}
	}
	if told < 4 {
		t.Errorf("%d of %d events say who it was", told, len(b.events))
	}
}
