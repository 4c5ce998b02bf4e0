package main

import (
	"net/http"
	"slices"
	"testing"

	"quittance/cmd/demo"
	"quittance/payments"
	"quittance/payments/money"
	"quittance/portal/outbox"
	"quittance/portal/store/storetest"
)

// TestAMT04_AMT07_WhatNobodyMayBeAskedForIsNotPaidByWhatIsTooMuch has $20.00 of
// interest on a bill of a hospital, which in Minnesota nobody may be asked for. What
// may be asked for falls to $380.00, or to nothing, while the bank moves $462.17: the
// rest was paid too much, and none of it pays the interest, in no later file either.
func TestAMT04_AMT07_WhatNobodyMayBeAskedForIsNotPaidByWhatIsTooMuch(t *testing.T) {
	t.Parallel()
	for owed, asked := range map[string]money.Cents{"400.00": 380_00, "20.00": 0} {
		t.Run(owed, func(t *testing.T) {
			t.Parallel()
			storetest.EachURL(t, func(t *testing.T, database string) { unasked(t, database, owed, asked) })
		})
	}
}

func unasked(t *testing.T, database, stays string, asks money.Cents) {
	t.Helper()
	r := rehearseStill(t, database)
	ctx := t.Context()
	stated := func(version int, owed string) {
		t.Helper()
		r.filed(t, version, "A-1002-1", "city", "Minneapolis", "state", "MN", "postal_code", "55401", "interest_added", "20.00", "interest_authority", "contract", "owed", owed)
	}
	stands := func(when string, asked, credit, ledger money.Cents) {
		t.Helper()
		id, st, err := r.FirstDebt(ctx, "A-1002")
		if err != nil {
			t.Fatal(err)
		}
		owed := must(r.Portal.Store.Owed(ctx, []string{string(st.Debt.ID)}))[string(st.Debt.ID)]
		if st.Owed != asked || st.Credit != credit || owed != ledger {
			t.Errorf("%s: %s asked for, a credit of %s, %s in the ledger; want %s, %s and %s", when, st.Owed, st.Credit, owed, asked, credit, ledger)
		}
		var listed money.Cents
		for _, l := range must(r.Portal.Credits.Waiting(ctx, 10)) {
			listed += l.Amount()
		}
		if told := r.told(t, id, outbox.PaymentOverpaid); listed != credit || credit > 0 && told[len(told)-1].Credit.AmountCents != credit {
			t.Errorf("%s: %s on the list, told %+v", when, listed, told)
		}
	}
	stated(2, "482.17")
	stands("placed", 462_17, 0, 482_17)
	paid, err := r.Pay(ctx, "A-1002", "key-1", 462_17, payments.BankAccount, "pm_usBankAccount_success")
	if err != nil || paid.Status != payments.Processing {
		t.Fatal(paid.Status, err)
	}
	stated(3, stays)
	r.moves(t, 7)
	stands("it came", 0, 462_17-asks, 20_00)
	id, st, _ := r.FirstDebt(ctx, "A-1002")
	if a := r.changes(t, id, outbox.PaymentConfirmed)[st.Debt.Ref]; a.ChangeCents != -asks || a.CreditChangeCents != 462_17-asks {
		t.Errorf("told %+v", a)
	}
	ben := slices.IndexFunc(r.Accounts, func(a demo.Account) bool { return a.Ref == "A-1002" })
	r.comesIn(t, r.Accounts[ben].ReferenceCode, "55401").says(t, "/account", "You paid "+(462_17-asks).String()+" more than was owed. We send it back.")
	stated(4, "20.00")
	stands("a file has it", 0, 462_17-asks, 20_00)
	fin := r.finance(t)
	if status, page := fin.presses(fin.waits(), "refund"); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, textOf(page))
	}
	r.moves(t, 8)
	stands("it went back", 0, 0, 20_00)
	r.balanced(t)
}
