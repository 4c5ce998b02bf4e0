package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/outbox"
	"quittance/portal/store/storetest"
)

// decides lets a bank decide a dispute, and a day pass.
func (r *rehearsal) decides(t *testing.T, dispute string, won bool) {
	t.Helper()
	if !r.Processor.DecideDispute(dispute, won) {
		t.Fatal("there is no dispute to decide")
	}
	r.moves(t, 1)
}

// TestSTR14_APartThatTheBankTakesBackDoesNotCountAndTheRestDoes disputes $15.00 of
// a card payment of $40.00 at the bank: in the ledger, the events, the API, on the
// pages and in the console only that part is gone, and it comes again when the
// dispute is won. While it is open nothing of the payment is given back (STR-13).
func TestSTR14_APartThatTheBankTakesBackDoesNotCountAndTheRestDoes(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := rehearseStill(t, database)
		ctx := t.Context()
		id, st, err := r.FirstDebt(ctx, "A-1002")
		if err != nil {
			t.Fatal(err)
		}
		paid, err := r.Pay(ctx, "A-1002", "key-1", 40_00, payments.Card, "pm_card_visa")
		if err != nil || paid.Status != payments.Confirmed {
			t.Fatal(paid.Status, err)
		}
		dispute := r.Processor.DisputePart(paid.IntentID, 15_00, "fraudulent")
		r.moves(t, 1)
		now := must(r.Portal.Store.Payment(ctx, paid.ID))
		if now.Status != payments.Confirmed || now.Net() != 25_00 {
			t.Errorf("the payment is %s, %s of it is left", now.Status, now.Net())
		}
		if owed, credit := r.standsAt(t, "A-1002"); owed != st.Owed-25_00 || credit != 0 {
			t.Errorf("%s of %s is owed, a credit of %s", owed, st.Owed, credit)
		}
		told := r.changes(t, id, outbox.PaymentReversed)
		if a := told[st.Debt.Ref]; a.ChangeCents != 15_00 || a.BalanceAfterCents != st.Owed-25_00 {
			t.Errorf("told %+v", told)
		}
		_, body := r.call(t, r.bearer(t, "", identity.PaymentsRead), http.MethodGet, "/api/v1/payments/"+string(paid.ID), "", nil)
		for _, want := range []string{`"status":"confirmed"`, `"withdrawn_cents":1500`, `"net_cents":2500`} {
			if !strings.Contains(body, want) {
				t.Errorf("the API does not say %s: %s", want, body)
			}
		}
		ben := r.visitor(t, "A-1002")
		for _, path := range []string{"/payments/" + string(paid.ID), "/receipts/" + paid.Reference} {
			ben.says(t, path, "Your bank took $15.00 of this payment back", "that part does not count", "Taken back by your bank, "+st.Debt.CreditorName)
			if page, _ := ben.get(path); strings.Contains(page, "Sent back from") || strings.Contains(page, "this payment does not count") {
				t.Errorf("%s says what is not so:\n%s", path, textOf(page))
			}
		}
		ben.says(t, "/account", "Paid, $15.00 taken back by the bank", "Your bank took money of a card payment back on")
		ben.says(t, "/debts/"+string(st.Debt.ID), "because of a dispute")
		fin := r.finance(t)
		fin.get("/console/refunds?reference=" + paid.Reference)
		if status, page := fin.do(http.MethodPost, "/console/refunds", url.Values{
			"reference": {paid.Reference}, "debt": {string(st.Debt.ID)}, "key": {"part"}, "amount-" + string(st.Debt.ID): {"5.00"},
		}); status != http.StatusUnprocessableEntity {
			t.Errorf("sent back while the bank has a part: %d\n%s", status, textOf(page))
		}
		r.decides(t, dispute, true)
		now = must(r.Portal.Store.Payment(ctx, paid.ID))
		if owed, _ := r.standsAt(t, "A-1002"); now.Status != payments.Confirmed || now.Net() != 40_00 || owed != st.Owed-40_00 {
			t.Errorf("after it was won: %s, %s is left, %s owed", now.Status, now.Net(), owed)
		}
		if again := r.changes(t, id, outbox.PaymentReinstated); again[st.Debt.Ref].ChangeCents != -15_00 {
			t.Errorf("told %+v", again)
		}
		if page, _ := ben.get("/payments/" + string(paid.ID)); strings.Contains(page, "took $15.00") {
			t.Errorf("it came again:\n%s", textOf(page))
		}
		r.balanced(t)
	})
}

// proven pays on both debts of A-1001 with a card that the bank checks; the first
// debt is taken back by a file after the check, and before anybody hears of it.
func (r *rehearsal) proven(t *testing.T, first, second money.Cents) payments.Payment {
	t.Helper()
	ctx, all := t.Context(), r.debtsOf(t, "A-1001")
	p, err := r.Portal.Payments.Start(ctx, payments.Request{
		AccountID: string(all[0].Debt.AccountID), RequestKey: "key-1", Method: payments.Card,
		Amounts: []payments.Amount{{DebtID: string(all[0].Debt.ID), Amount: first}, {DebtID: string(all[1].Debt.ID), Amount: second}},
	})
	if err != nil {
		t.Fatal(err)
	}
	address := r.waitsAt(t, p, url.Values{"payment_method": {"pm_card_threeDSecure2Required"}})
	posts(t, address, url.Values{"action": {"complete"}})
	r.places(t, r.row(t, "A-1001", 0, 2, all[0].Debt.Snapshot.Balance, debt.Recalled))
	r.moves(t, 1)
	return must(r.Portal.Store.Payment(ctx, p.ID))
}

// TestSTR14_TheRestOfAPartlyHeldPaymentIsOnTheListWhileTheBankHasAPart holds $60.00
// of $100.00, and disputes $25.00 at the bank: $35.00 stays on the list, and $40.00
// on the other debt.
func TestSTR14_TheRestOfAPartlyHeldPaymentIsOnTheListWhileTheBankHasAPart(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := rehearseStill(t, database)
		ctx := t.Context()
		before := r.debtsOf(t, "A-1001")
		paid := r.proven(t, 60_00, 40_00)
		listed := func(want money.Cents) {
			t.Helper()
			all := must(r.Portal.Held.List(ctx, 10))
			if len(all) != 1 || all[0].Amount != want || all[0].DebtID != before[0].Debt.ID {
				t.Errorf("held: %+v, want %s", all, want)
			}
			if _, page := r.finance(t).get("/console/held"); !strings.Contains(page, want.String()) {
				t.Errorf("the console does not show %s:\n%s", want, textOf(page))
			}
			if after := r.debtsOf(t, "A-1001"); after[0].Held != want || after[1].Owed != before[1].Owed-40_00 {
				t.Errorf("%s held, %s of %s owed on the other debt", after[0].Held, after[1].Owed, before[1].Owed)
			}
		}
		listed(60_00)
		dispute := r.Processor.DisputePart(paid.IntentID, 25_00, "fraudulent")
		r.moves(t, 1)
		listed(35_00)
		told := r.changes(t, before[0].Debt.AccountID, outbox.PaymentReversed)
		if a := told[before[0].Debt.Ref]; a.HeldChangeCents != -25_00 || a.ChangeCents != 0 || told[before[1].Debt.Ref].ChangeCents != 0 {
			t.Errorf("told %+v", told)
		}
		fin := r.finance(t)
		fin.get("/console/held")
		now := url.Values{"payment": {string(paid.ID)}, "debt": {string(before[0].Debt.ID)}, "do": {"now"}, "risk": {"yes"}}
		if status, _ := fin.decidesHeld(now); status != http.StatusUnprocessableEntity {
			t.Errorf("sent back while the bank has a part: %d", status)
		}
		r.decides(t, dispute, true)
		listed(60_00)
		fin = r.finance(t)
		fin.get("/console/held")
		if status, page := fin.decidesHeld(now); status != http.StatusSeeOther {
			t.Errorf("%d %s", status, textOf(page))
		}
		r.moves(t, 1)
		if left := must(r.Portal.Held.List(ctx, 10)); len(left) != 0 {
			t.Errorf("held: %+v", left)
		}
		r.balanced(t)
	})
}

// TestSTR14_APartThatTheBankTookBackIsOwedOnThePlanAgain disputes $20.00 of the
// first payment of a plan.
func TestSTR14_APartThatTheBankTookBackIsOwedOnThePlanAgain(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := rehearseStill(t, database)
		ctx := t.Context()
		first := civil.Of(r.Clock.Now()).AddDays(20)
		p, id := r.signUp(t, "A-1002", payments.Card, "pm_card_visa", plans.Wish{
			Kind: plans.Installments, Rule: schedule.Rule{Rhythm: schedule.Monthly, First: first}, Count: 3,
		})
		r.moves(t, 25)
		before, paid := must(r.Portal.Store.Plan(ctx, p.ID)), must(r.Portal.Store.PaymentsOfAccount(ctx, string(id), 10))
		if len(paid) != 1 || before.PaidSoFar() != paid[0].Amount {
			t.Fatalf("%s paid by %+v", before.PaidSoFar(), paid)
		}
		dispute := r.Processor.DisputePart(paid[0].IntentID, 20_00, "fraudulent")
		r.moves(t, 1)
		if now := must(r.Portal.Store.Plan(ctx, p.ID)); now.Left() != before.Left()+20_00 || now.PaidSoFar() != before.PaidSoFar()-20_00 {
			t.Errorf("%s, %s left, %s paid", now.Status, now.Left(), now.PaidSoFar())
		}
		r.decides(t, dispute, true)
		if now := must(r.Portal.Store.Plan(ctx, p.ID)); now.Left() != before.Left() || now.PaidSoFar() != before.PaidSoFar() {
			t.Errorf("%s, %s left, %s paid", now.Status, now.Left(), now.PaidSoFar())
		}
	})
}
