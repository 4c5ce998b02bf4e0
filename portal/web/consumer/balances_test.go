package consumer_test

import (
	"strings"
	"testing"

	"quittance/payments/gatewaytest"
	"quittance/payments/money"
	"quittance/portal/debt"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// saysNot fails where a page says one of these.
func saysNot(t *testing.T, a view, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(a.body, part) {
			t.Errorf("the page says %q", part)
		}
	}
}

const doorToPay = `href="/payments/new"`

// TestDIS02_F4_WhatIsDisputedIsInNoSumThatIsAskedFor disputes one of two debts by
// the form: the account asks for the other alone, and the debt for nothing.
func TestDIS02_F4_WhatIsDisputedIsInNoSumThatIsAskedFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(640_00), owing(118_90))
		v := b.signedIn(t, p)
		says(t, v.get("/account"), ">$758.90<")
		v.disputeIt(p, "reason_not_mine", "yes")
		account := v.get("/account")
		says(t, account, ">$118.90<", "$640.00 is in dispute: you need not pay it.", doorToPay)
		saysNot(t, account, "$758.90")
		page := v.get("/debts/" + string(p.debts[0].ID))
		says(t, page, "In dispute", "We have stopped collecting it.", `href="/disputes/DSP-`)
		saysNot(t, page, "You owe", doorToPay, `href="/plans/new`, "Pay over time")
	})
}

func TestDIS02_F4_WhereAllIsDisputedNothingIsAskedFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(231_40))
		v := b.signedIn(t, p)
		v.disputeIt(p, "reason_not_mine", "yes")
		account := v.get("/account")
		says(t, account, "In dispute", ">$231.40<", "We have stopped collecting")
		saysNot(t, account, "You owe", "trying to collect", doorToPay, "Pay over time")
	})
}

// TestDIS04_F4_APartlyDisputedDebtSaysWhichPart asks on the three pages.
func TestDIS04_F4_APartlyDisputedDebtSaysWhichPart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(282_17))
		v := b.signedIn(t, p)
		v.disputeIt(p, "reason_wrong_amount", "yes", "scope", "amount", "amount", "32.17")
		id := string(p.debts[0].ID)
		account, page, pay, plan := v.get("/account"), v.get("/debts/"+id), v.get("/payments/new"), v.get("/debts/"+id+"/plan")
		says(t, account, ">$250.00<", "$32.17 is in dispute: you need not pay it.", doorToPay)
		for _, a := range []view{account, page} {
			says(t, a, ">$250.00<", "You told us that $32.17 of this is wrong. We have stopped collecting that part.")
			saysNot(t, a, "We have stopped collecting it.")
		}
		says(t, page, doorToPay, `href="/disputes/DSP-`)
		says(t, pay, "All of the rest", "$250.00", "$32.17 is in dispute: you need not pay it.")
		says(t, plan, "You told us that $32.17 of this is wrong.", doorToPay)
		saysNot(t, plan, "You told us this is wrong.")
	})
}

// TestSTS03_F4_WhatIsOnHoldIsInNoSumThatIsAskedFor: one debt of two is with a
// lawyer.
func TestSTS03_F4_WhatIsOnHoldIsInNoSumThatIsAskedFor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.signedIn(t, b.place(t, owingAs(500_00, debt.Medical, debt.Attorney), owing(118_90)))
	account := v.get("/account")
	says(t, account, ">$118.90<", "$500.00 is on hold: you need not pay it here now.")
	saysNot(t, account, "$618.90")
}

// TestVAL05_F3_OnePageHasOneBalance pays and looks at the debt before any newer
// file: the rows lead to the sum at the head.
func TestVAL05_F3_OnePageHasOneBalance(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(332_17))
		v := b.signedIn(t, p)
		id := string(p.debts[0].ID)
		pay := func(amount money.Cents) {
			began := v.ready(gatewaytest.CardDebit, "choice_"+id, "other", "amount_"+id, amount.Decimal())
			v.goes(303, "/payments/"+began, v.post("/payments/"+began+"/review"))
		}
		pay(50_00)
		page := v.get("/debts/" + id)
		says(t, page, "Total on January 20, 2026:", "$332.17", "Paid here since:", "$50.00", "Total now:", "$282.17",
			"as of January 20, 2026, less what you paid here since", "$50.00, already taken off.")
		saysNot(t, page, "Total amount of the debt now", "does not have it yet", "and today:")
		says(t, v.get("/account"), "less what you paid here since", "$282.17")
		pay(282_17)
		page = v.get("/debts/" + id)
		says(t, page, "Paid here since:", "$332.17", "Total now:", "$0.00")
		saysNot(t, page, "already taken off", "Total amount of the debt now")
	})
}
