package consumer_test

import (
	"strings"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/gatewaytest"
	"quittance/payments/sandbox"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// TestTheOutcomeComesByEventsWhenNobodyLooks pays from a bank account, closes
// the browser and lets the processor's events do the rest, some of them twice
// and out of order.
func TestTheOutcomeComesByEventsWhenNobodyLooks(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{events: true})
		p := b.place(t, owing(15000))
		v := b.signedIn(t, p)
		id := v.ready(gatewaytest.BankGood, "choice_"+string(p.debts[0].ID), "all")
		v.authorize(id)
		b.bench.Sandbox.SetEventFaults(sandbox.EventFaults{DuplicatePercent: 50, Seed: 1, Shuffle: true})
		b.bench.Sandbox.Advance(6 * 24 * time.Hour)
		b.bench.Sandbox.Tick(t.Context())
		payment, err := b.pay.Payment(t.Context(), string(p.account.ID), payments.ID(id))
		must(t, err)
		if payment.Status != payments.Confirmed {
			t.Errorf("the payment is %s\n%s", payment.Status, b.log)
		}
		if log := b.log.String(); !strings.Contains(log, "handling=applied") || strings.Contains(log, "Ana") || strings.Contains(log, "45501") {
			t.Errorf("log:\n%s", log)
		}
	})
}

func TestR18_WhilePaymentsAreOffBalancesAreShownAndNothingIsTaken(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	all := "choice_" + string(p.debts[0].ID)
	id := v.ready(gatewaytest.CardDebit, all, "all")
	b.pay.Paused = func() bool { return true }
	if a := v.get("/account"); a.status != 200 || !strings.Contains(a.body, "$150.00") {
		t.Errorf("the account: %d", a.status)
	}
	if a := v.post("/payments/" + id + "/review"); a.status != 503 || !strings.Contains(a.body, "cannot take payments here right now") {
		t.Errorf("paying: %d\n%s", a.status, a.body)
	}
	if a := v.choose("card", all, "all"); a.status != 503 || !strings.Contains(a.body, "cannot take payments here right now") {
		t.Errorf("choosing: %d", a.status)
	}
	if got := len(b.bench.Sandbox.Charges()); got != 0 {
		t.Errorf("%d charges", got)
	}
}

func TestAPaymentThatWaitsForOneDebtIsNotGivenUpForAnother(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000), owing(9900))
	v := b.signedIn(t, p)
	waiting := v.ready(gatewaytest.CardChallenge, "choice_"+string(p.debts[0].ID), "all")
	v.post("/payments/" + waiting + "/review")
	other := v.ready(gatewaytest.CardDebit, "choice_"+string(p.debts[1].ID), "all")
	v.post("/payments/" + other + "/review")
	if a := v.get("/payments/" + waiting); !strings.Contains(a.body, "/3ds/") {
		t.Error("the first payment was given up")
	}
	if a := v.get("/payments/" + other); !strings.Contains(a.body, "You paid $99.00") {
		t.Error("the second payment was not made")
	}
}
