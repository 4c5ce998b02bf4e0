package main

import (
	"strings"
	"testing"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/portal/debt"
	"quittance/portal/letter"
	"quittance/portal/store/storetest"
)

// TestWHK06_WhatGoesBackAfterARecallWakesNoPlan sends payments of a plan that was
// paid back, in part and as a whole, after the creditor took the debt back: nobody
// is asked to pay them again.
func TestWHK06_WhatGoesBackAfterARecallWakesNoPlan(t *testing.T) {
	t.Parallel()
	for name, part := range map[string]money.Cents{"a part": 20_00, "all of one": 0} {
		t.Run(name, func(t *testing.T) {
			storetest.EachURL(t, func(t *testing.T, url string) {
				r := rehearse(t, url)
				p, id := r.settles(t)
				r.moves(t, 66)
				paid, err := r.Portal.Store.PaymentsOfAccount(t.Context(), string(id), 10)
				if p = r.planNow(t, p); err != nil || p.Status != plans.Completed || len(paid) != 2 {
					t.Fatalf("%s, %d payments, %v", p.Status, len(paid), err)
				}
				r.owe(t, "A-1002", 2, p.Forgiven, debt.Recalled)
				back := part
				if back == 0 {
					back = paid[0].Amount
				}
				if _, err := r.Portal.Payments.Refund(t.Context(), paid[0].ID, payments.Back{Amount: back, Key: "refund-1"}); err != nil {
					t.Fatal(err)
				}
				r.moves(t, 8)
				if p = r.planNow(t, p); p.Status != plans.Canceled || p.Reason != "recalled" || p.Left() != 0 {
					t.Errorf("the plan is %s because of %q, and asks for %s", p.Status, p.Reason, p.Left())
				}
				page, _ := r.visitor(t, "A-1002").get("/plans/" + string(p.ID))
				if text := textOf(page); !strings.Contains(text, "We do not handle this debt any more.") || strings.Contains(text, "You owe") {
					t.Errorf("the plan's page: %s", text)
				}
				r.balanced(t)
			})
		})
	}
}

// TestSTS01_NobodyIsWrittenToThatTheyOweAgainWhoIsBankruptByNow lets a bank take
// back what paid a debt off, after a file told of the bankruptcy.
func TestSTS01_NobodyIsWrittenToThatTheyOweAgainWhoIsBankruptByNow(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		paid, err := r.Pay(t.Context(), "A-1002", "key-1", 482_17, payments.BankAccount, "pm_usBankAccount_success")
		if err != nil {
			t.Fatal(err)
		}
		r.moves(t, 7)
		r.owe(t, "A-1002", 2, 0, debt.Bankruptcy)
		if !r.Processor.Return(paid.IntentID, "R10") {
			t.Fatal("the bank could not take it back")
		}
		r.moves(t, 2)
		id, st, err := r.FirstDebt(t.Context(), "A-1002")
		if err != nil || st.Owed != 482_17 {
			t.Fatalf("%s owed, %v", st.Owed, err)
		}
		all, err := r.Portal.Papers.Of(t.Context(), id)
		if err != nil || len(all) != 1 || all[0].Kind != letter.Satisfaction {
			t.Errorf("%+v, %v", all, err)
		}
	})
}
