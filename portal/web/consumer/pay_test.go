package consumer_test

import (
	"strings"
	"testing"

	"quittance/payments/gatewaytest"
)

func TestAPersonPaysByCard(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(33217), owing(15000))
	v := b.signedIn(t, p)
	account := v.get("/account")
	for _, want := range []string{"$482.17", "Mercy Clinic", "Ana"} {
		if !strings.Contains(account.body, want) {
			t.Errorf("the account lacks %q", want)
		}
	}
	if d := v.get("/debts/" + string(p.debts[0].ID)); d.status != 200 || !strings.Contains(d.body, "$332.17") {
		t.Errorf("the debt: %d", d.status)
	}
	id := v.ready(gatewaytest.CardDebit, "choice_"+string(p.debts[1].ID), "all")
	review := v.get("/payments/" + id + "/review")
	if !strings.Contains(review.body, "Pay $150.00 now") || !strings.Contains(review.body, "Mercy Clinic") {
		t.Errorf("the review page:\n%s", review.body)
	}
	if a := v.post("/payments/" + id + "/review"); a.status != 303 || a.location != "/payments/"+id {
		t.Fatalf("paying led to %d %s", a.status, a.location)
	}
	outcome := v.get("/payments/" + id)
	if !strings.Contains(outcome.body, "You paid $150.00") {
		t.Fatalf("the outcome:\n%s", outcome.body)
	}
	if got := len(b.bench.Sandbox.Charges()); got != 1 {
		t.Errorf("%d charges", got)
	}
	if a := v.get("/account"); !strings.Contains(a.body, "$332.17") || strings.Contains(a.body, "$482.17") {
		t.Error("the balance did not go down")
	}
}
