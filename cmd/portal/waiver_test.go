package main

import (
	"net/http"
	"strings"
	"testing"

	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/letter"
	"quittance/portal/outbox"
	"quittance/portal/store/storetest"
)

// settles signs a settlement of half of Ben's debt in two payments from a bank
// account.
func (r *rehearsal) settles(t *testing.T) (plans.Plan, debt.AccountID) {
	t.Helper()
	terms := plans.DefaultTerms()
	terms.ID, terms.Scope, terms.Effective = "riverside", plans.Scope{CreditorRef: "C-102"}, civil.Of(r.Clock.Now()).AddDays(-10)
	terms.Settlements = []plans.SettlementFloor{{MinAgeDays: 30, Percent: 50, Payments: 2, ValidDays: 30}}
	if err := r.Portal.Store.AddTerms(t.Context(), []plans.Terms{terms}, r.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	return r.signUp(t, "A-1002", payments.BankAccount, "pm_usBankAccount_success", plans.Wish{
		Kind: plans.Settlement, Rule: schedule.Rule{First: civil.Of(r.Clock.Now()).AddDays(20)}, Count: 2,
	})
}

// fold is what an account of the ledger holds.
func (r *rehearsal) fold(t *testing.T, account ledger.Account) money.Cents {
	t.Helper()
	all, err := r.Portal.Store.Transfers(t.Context(), account)
	if err != nil {
		t.Fatal(err)
	}
	return ledger.Balance(all, account)
}

// TestACH08_F12_WhatASettlementLeavesIsLetGoInTheBooksOnceItIsFinal pays a
// settlement to its end, and waits until no bank can take a payment back.
func TestACH08_F12_WhatASettlementLeavesIsLetGoInTheBooksOnceItIsFinal(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		p, id := r.settles(t)
		_, st, _ := r.FirstDebt(t.Context(), "A-1002")
		page := "/plans/" + string(p.ID)
		ben := r.visitor(t, "A-1002")
		ben.says(t, page, "You will no longer owe once all is paid", p.Forgiven.String())
		if text, _ := ben.get(page); strings.Contains(textOf(text), "You no longer owe "+p.Forgiven.String()) {
			t.Error("it is said to be let go before anything is paid")
		}
		r.moves(t, 66)
		if p, err := r.Portal.Store.Plan(t.Context(), p.ID); err != nil || p.Status != plans.Completed {
			t.Fatalf("%s, %v", p.Status, err)
		}
		r.runs(t, "settlements")
		account := ledger.Debt(string(st.Debt.ID))
		if left := r.fold(t, account); left != p.Forgiven {
			t.Errorf("%s left in the books while a bank may take it back", left)
		}
		ben = r.visitor(t, "A-1002")
		ben.says(t, page, "You no longer owe", "A bank can take back a bank payment for 60 days.")
		ben.says(t, "/debts/"+string(st.Debt.ID), "A bank can take back a bank payment for 60 days.")
		r.moves(t, 66)
		r.runs(t, "settlements")
		r.runs(t, "settlements")
		if left, waived := r.fold(t, account), r.fold(t, ledger.Waived(string(st.Debt.ID))); left != 0 || waived != p.Forgiven {
			t.Errorf("%s left, %s let go", left, waived)
		}
		for version, balance := range []money.Cents{p.Forgiven, 0} {
			r.owe(t, "A-1002", 2+version, balance, debt.Active)
			if owed, credit := r.standsAt(t, "A-1002"); owed != 0 || credit != 0 || r.fold(t, account) != 0 {
				t.Errorf("a file with %s: %s owed, a credit of %s", balance, owed, credit)
			}
		}
		if told := r.told(t, id, outbox.PlanCompleted); len(told) != 1 || told[0].Plan.ForgivenCents != p.Forgiven {
			t.Errorf("told: %+v", told)
		}
		_, body := r.call(t, r.bearer(t, "", identity.AccountsRead), http.MethodGet, "/api/v1/accounts/A-1002/balance", "", nil)
		if !strings.Contains(body, `"balance_cents":0`) {
			t.Error(body)
		}
		r.balanced(t)
	})
}

// TestACH08_F13_ALetterThatNothingIsOwedIsWithdrawnInWriting pays all of a debt
// from an account whose holder takes the payment back on a late day.
func TestACH08_F13_ALetterThatNothingIsOwedIsWithdrawnInWriting(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		paid, err := r.Pay(t.Context(), "A-1002", "key-1", 482_17, payments.BankAccount, "pm_usBankAccount_success")
		if err != nil {
			t.Fatal(err)
		}
		r.moves(t, 7)
		id, st, _ := r.FirstDebt(t.Context(), "A-1002")
		all, err := r.Portal.Papers.Of(t.Context(), id)
		if err != nil || len(all) != 1 || all[0].Kind != letter.Satisfaction {
			t.Fatalf("%+v, %v", all, err)
		}
		ben := r.visitor(t, "A-1002")
		ben.says(t, "/letters/"+all[0].ID, "You owe nothing more on it.", "A bank can take back a bank payment for 60 days.")
		ben.says(t, "/debts/"+string(st.Debt.ID), "A bank can take back a bank payment for 60 days.")
		if !r.Processor.Return(paid.IntentID, "R10") {
			t.Fatal("the bank could not take it back")
		}
		r.moves(t, 2)
		after, err := r.Portal.Papers.Of(t.Context(), id)
		if err != nil || len(after) != 2 || after[0].Kind != letter.Withdrawal || after[0].State != letter.Given || after[0].Amount != 482_17 {
			t.Fatalf("%+v, %v", after, err)
		}
		ben = r.visitor(t, "A-1002")
		ben.says(t, "/letters/"+all[0].ID, "This letter does not hold any more.")
		ben.says(t, "/letters/"+after[0].ID, "You owe on this debt again", "you owe $482.17 on it")
		ben.says(t, "/debts/"+string(st.Debt.ID), "You owe on this debt again")
		if told := r.told(t, id, outbox.NoticeSent); len(told) == 0 || told[len(told)-1].Notice.Kind != string(letter.Withdrawal) {
			t.Errorf("told: %+v", told)
		}
	})
}

// TestSTR14_F29_APageOfAChargebackSaysWhatPayingAgainMeans opens a dispute of a
// card payment at the bank.
func TestSTR14_F29_APageOfAChargebackSaysWhatPayingAgainMeans(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		paid, err := r.Pay(t.Context(), "A-1002", "key-1", 40_00, payments.Card, "pm_card_visa")
		if err != nil || r.Processor.Dispute(paid.IntentID, "fraudulent") == "" {
			t.Fatal(err)
		}
		r.moves(t, 1)
		_, st, _ := r.FirstDebt(t.Context(), "A-1002")
		ben := r.visitor(t, "A-1002")
		for _, path := range []string{"/account", "/debts/" + string(st.Debt.ID), "/payments/" + string(paid.ID)} {
			ben.says(t, path, "dispute", "If you pay again and the bank then gives", "end back what is too much")
		}
	})
}

// TestAMT05_F10_WhatGoesBackInPartIsOwedOnThePlanAgain sends part of a payment of
// a settlement back at the processor.
func TestAMT05_F10_WhatGoesBackInPartIsOwedOnThePlanAgain(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		p, id := r.settles(t)
		r.moves(t, 66)
		p, err := r.Portal.Store.Plan(t.Context(), p.ID)
		if err != nil || p.Status != plans.Completed {
			t.Fatalf("%s, %v", p.Status, err)
		}
		paid, err := r.Portal.Store.PaymentsOfAccount(t.Context(), string(id), 10)
		if err != nil || len(paid) != 2 {
			t.Fatal(paid, err)
		}
		if _, err := r.Portal.Payments.Refund(t.Context(), paid[0].ID, payments.Back{Amount: 20_00, Key: "refund-1"}); err != nil {
			t.Fatal(err)
		}
		r.moves(t, 8)
		if p, err = r.Portal.Store.Plan(t.Context(), p.ID); err != nil || p.Status != plans.Active || p.Left() != 20_00 || p.PaidSoFar() != p.Total-20_00 {
			t.Errorf("%s, %s left, %s paid, %v", p.Status, p.Left(), p.PaidSoFar(), err)
		}
		if owed, credit := r.standsAt(t, "A-1002"); owed != p.Forgiven+20_00 || credit != 0 {
			t.Errorf("%s owed, a credit of %s", owed, credit)
		}
		ben := r.visitor(t, "A-1002")
		ben.says(t, "/payments/"+string(paid[0].ID), "We sent $20.00 of it back to you.", "Sent back from Riverside Hospital")
		ben.says(t, "/receipts/"+paid[0].Reference, "We sent $20.00 of it back to you.")
		ben.says(t, "/account", "Paid, $20.00 sent back")
		for _, l := range must(r.Portal.Papers.Of(t.Context(), id)) {
			if l.Kind == letter.Satisfaction {
				ben.says(t, "/letters/"+l.ID, "This letter does not hold any more.")
			}
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
