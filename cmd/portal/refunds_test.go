package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/outbox"
	"quittance/portal/store/storetest"
)

// paysOver pays on several debts of a sample person at once, in their order.
func (r *rehearsal) paysOver(t *testing.T, ref, key string, method payments.Method, card string, amounts ...money.Cents) (payments.Payment, error) {
	t.Helper()
	ctx, all := t.Context(), r.debtsOf(t, ref)
	of := payments.Request{AccountID: string(all[0].Debt.AccountID), RequestKey: key, Method: method}
	for i, amount := range amounts {
		if amount > 0 {
			of.Amounts = append(of.Amounts, payments.Amount{DebtID: string(all[i].Debt.ID), Amount: amount})
		}
	}
	p, err := r.Portal.Payments.Start(ctx, of)
	if err != nil {
		return p, err
	}
	token, err := r.Token(ctx, card, false)
	if err == nil {
		_, err = r.Portal.Payments.Choose(ctx, of.AccountID, p.ID, token)
	}
	if err != nil {
		return p, err
	}
	return r.Portal.Payments.Submit(ctx, of.AccountID, p.ID, payments.Consent{Text: "I agree.", SessionID: "ses_1", IP: "203.0.113.9", UserAgent: "rehearsal", Language: "en"})
}

// atProcessor asks the processor for something, as people do on its own pages.
func (r *rehearsal) atProcessor(t *testing.T, method, path string, form url.Values, into any) int {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), method, r.Portal.Config.Stripe.APIURL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+string(r.Portal.Config.Stripe.SecretKey))
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode
}

// dashboard sends some of a payment back on the processor's pages, where nobody
// names a debt.
func (r *rehearsal) dashboard(t *testing.T, p payments.Payment, amount money.Cents) bool {
	t.Helper()
	var made struct{ ID string }
	return r.atProcessor(t, http.MethodPost, "/v1/refunds", url.Values{"payment_intent": {p.IntentID}, "amount": {fmt.Sprint(int64(amount))}}, &made) == http.StatusOK
}

// changes is what the only event of a type says of each debt.
func (r *rehearsal) changes(t *testing.T, id debt.AccountID, of outbox.Type) map[string]outbox.AllocationFacts {
	t.Helper()
	told := r.told(t, id, of)
	if len(told) != 1 {
		t.Fatalf("%s is told %d times", of, len(told))
	}
	all := map[string]outbox.AllocationFacts{}
	for _, a := range told[0].Payment.Allocations {
		all[a.DebtRef] = a
	}
	return all
}

// TestAMT05_F10_WhatGoesBackLeavesItsOwnDebtInEveryBook sends a credit of the first
// of two debts of a payment back: by one press, from that debt, in the ledger, the
// event, the answer of the API, the processor's refund, the page and the receipt.
func TestAMT05_F10_WhatGoesBackLeavesItsOwnDebtInEveryBook(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := rehearse(t, database)
		before := r.debtsOf(t, "A-1001")
		first, second := before[0], before[1]
		paid, err := r.paysOver(t, "A-1001", "key-1", payments.Card, "pm_card_visa", first.Owed, 40_00)
		if err != nil || paid.Status != payments.Confirmed {
			t.Fatal(paid.Status, err)
		}
		r.places(t, r.row(t, "A-1001", 0, 2, first.Debt.Snapshot.Balance-30_00, debt.Active))
		fin := r.finance(t)
		fin.sees("Send back $30.00", true)
		if status, page := fin.presses(fin.waits(), "refund"); status != http.StatusSeeOther {
			t.Fatalf("%d %s", status, textOf(page))
		}
		r.moves(t, 1)
		after := r.debtsOf(t, "A-1001")
		if after[0].Owed != 0 || after[0].Credit != 0 || after[1].Owed != second.Owed-40_00 {
			t.Errorf("%s and %s are owed, a credit of %s", after[0].Owed, after[1].Owed, after[0].Credit)
		}
		r.finance(t).sees("crd_", false)
		told := r.changes(t, first.Debt.AccountID, outbox.PaymentRefunded)
		if told[first.Debt.Ref].ChangeCents != 30_00 || told[second.Debt.Ref].ChangeCents != 0 {
			t.Errorf("told %+v", told)
		}
		var refunds struct {
			Data []struct{ Metadata map[string]string }
		}
		r.atProcessor(t, http.MethodGet, "/v1/refunds?payment_intent="+paid.IntentID, nil, &refunds)
		if len(refunds.Data) != 1 || refunds.Data[0].Metadata["debt_id"] != string(first.Debt.ID) {
			t.Errorf("the processor has %+v", refunds)
		}
		_, body := r.call(t, r.bearer(t, "", identity.PaymentsRead), http.MethodGet, "/api/v1/payments/"+string(paid.ID), "", nil)
		if !strings.Contains(body, fmt.Sprintf(`"net_cents":%d`, first.Owed-30_00)) || !strings.Contains(body, `"net_cents":4000`) {
			t.Error(body)
		}
		ana := r.visitor(t, "A-1001")
		for _, path := range []string{"/payments/" + string(paid.ID), "/receipts/" + paid.Reference} {
			ana.says(t, path, "We sent $30.00 of it back to you.", "Sent back from "+first.Debt.CreditorName)
			if page, _ := ana.get(path); strings.Contains(page, "Sent back from "+second.Debt.CreditorName) {
				t.Errorf("%s names the wrong debt", path)
			}
		}
		r.balanced(t)
	})
}

// TestAMT05_F10_FinanceSendsAPartBackFromTheDebtThatItNames on the page of the
// payment: no more than stands there, and once.
func TestAMT05_F10_FinanceSendsAPartBackFromTheDebtThatItNames(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := rehearse(t, database)
		paid, err := r.paysOver(t, "A-1001", "key-1", payments.Card, "pm_card_visa", 50_00, 40_00)
		if err != nil {
			t.Fatal(err)
		}
		before := r.debtsOf(t, "A-1001")
		fin := r.finance(t)
		if status, page := fin.get("/console/refunds?reference=PAY-00000000"); status != http.StatusUnprocessableEntity || !strings.Contains(page, "There is no such payment") {
			t.Errorf("%d %s", status, textOf(page))
		}
		for _, c := range []struct {
			debt   debt.ID
			amount string
			status int
			says   string
		}{
			{before[0].Debt.ID, "50.01", http.StatusUnprocessableEntity, "no more than still stands on this debt"},
			{before[0].Debt.ID, "some", http.StatusUnprocessableEntity, "no more than still stands on this debt"},
			{"dbt_other", "1.00", http.StatusUnprocessableEntity, "did not send it back"},
			{before[0].Debt.ID, "20.00", http.StatusSeeOther, ""},
			{before[0].Debt.ID, "20.00", http.StatusSeeOther, ""}, // the same form again
		} {
			fin.get("/console/refunds?reference=" + paid.Reference)
			status, page := fin.do(http.MethodPost, "/console/refunds", values("reference", paid.Reference, "debt", string(c.debt), "key", "form-1", "amount-"+string(c.debt), c.amount))
			if status != c.status || !strings.Contains(page, c.says) {
				t.Errorf("%s from %s: %d %s", c.amount, c.debt, status, textOf(page))
			}
		}
		r.moves(t, 1)
		after := r.debtsOf(t, "A-1001")
		if after[0].Owed != before[0].Owed+20_00 || after[1].Owed != before[1].Owed {
			t.Errorf("%s and %s are owed", after[0].Owed, after[1].Owed)
		}
		if told := r.changes(t, before[0].Debt.AccountID, outbox.PaymentRefunded); told[before[0].Debt.Ref].ChangeCents != 20_00 || told[before[1].Debt.Ref].ChangeCents != 0 {
			t.Errorf("told %+v", told)
		}
		if _, page := r.finance(t).get("/console/refunds?reference=" + strings.ToLower(paid.Reference)); !strings.Contains(page, "$20.00 of it went back so far") || !strings.Contains(page, "$30.00") {
			t.Error(textOf(page))
		}
	})
}

// values is a form of names and values in turn.
func values(pairs ...string) url.Values {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// TestSTR13_ARefundAtTheProcessorThatNamesNoDebtComesOffTheLastOne is what there
// is to go by where nobody says more.
func TestSTR13_ARefundAtTheProcessorThatNamesNoDebtComesOffTheLastOne(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := rehearse(t, database)
		paid, err := r.paysOver(t, "A-1001", "key-1", payments.Card, "pm_card_visa", 50_00, 40_00)
		if err != nil || !r.dashboard(t, paid, 55_00) {
			t.Fatal(err)
		}
		r.moves(t, 1)
		all := r.debtsOf(t, "A-1001")
		told := r.changes(t, all[0].Debt.AccountID, outbox.PaymentRefunded)
		if told[all[0].Debt.Ref].ChangeCents != 15_00 || told[all[1].Debt.Ref].ChangeCents != 40_00 {
			t.Errorf("told %+v", told)
		}
	})
}

// unshown is a payment of a debt that was paid another way too, of which no file
// shows that it was too much.
func (r *rehearsal) unshown(t *testing.T) payments.Payment {
	t.Helper()
	paid, err := r.Pay(t.Context(), "A-1002", "key-1", 482_17, payments.BankAccount, "pm_usBankAccount_success")
	if err != nil {
		t.Fatal(err)
	}
	r.owe(t, "A-1002", 2, 0, debt.Paid)
	r.moves(t, 8)
	r.owe(t, "A-1002", 3, 0, debt.Paid)
	if owed, credit := r.standsAt(t, "A-1002"); owed != 0 || credit != 482_17 {
		t.Fatalf("owed %s, a credit of %s", owed, credit)
	}
	return paid
}

// TestAMT07_F1_WhatNoFileShowsGoesBackByOnePress and is not owed again, in no book.
func TestAMT07_F1_WhatNoFileShowsGoesBackByOnePress(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := rehearse(t, database)
		paid := r.unshown(t)
		fin := r.finance(t)
		fin.sees("Send back $482.17", true)
		if status, page := fin.presses(fin.waits(), "refund"); status != http.StatusSeeOther {
			t.Fatalf("%d %s", status, textOf(page))
		}
		fin.sees("$482.17 is on its way back", true)
		r.moves(t, 8)
		if owed, credit := r.standsAt(t, "A-1002"); owed != 0 || credit != 0 {
			t.Errorf("afterwards: owed %s, a credit of %s", owed, credit)
		}
		id, st, _ := r.FirstDebt(t.Context(), "A-1002")
		if told := r.changes(t, id, outbox.PaymentRefunded)[st.Debt.Ref]; told.ChangeCents != 0 || told.CreditChangeCents != -482_17 || told.BalanceAfterCents != 0 {
			t.Errorf("told %+v", told)
		}
		r.finance(t).sees("crd_", false)
		r.owe(t, "A-1002", 4, 0, debt.Paid)
		if owed, credit := r.standsAt(t, "A-1002"); owed != 0 || credit != 0 {
			t.Errorf("with the next file: owed %s, a credit of %s", owed, credit)
		}
		r.visitor(t, "A-1002").says(t, "/receipts/"+paid.Reference, "We sent this payment back to you.")
		r.balanced(t)
	})
}

// TestAMT07_F1_WhatTheBankTakesBackOfACreditIsNotOwedAgain and is no credit any
// more: there is nothing left to send back.
func TestAMT07_F1_WhatTheBankTakesBackOfACreditIsNotOwedAgain(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := rehearse(t, database)
		paid := r.unshown(t)
		paid, err := r.Portal.Store.Payment(t.Context(), paid.ID)
		if err != nil || !r.Processor.Return(paid.IntentID, "R10") {
			t.Fatal("the debit does not come back", err)
		}
		r.moves(t, 1)
		if owed, credit := r.standsAt(t, "A-1002"); owed != 0 || credit != 0 {
			t.Errorf("owed %s, a credit of %s", owed, credit)
		}
		id, st, _ := r.FirstDebt(t.Context(), "A-1002")
		if told := r.changes(t, id, outbox.PaymentReversed)[st.Debt.Ref]; told.ChangeCents != 0 || told.CreditChangeCents != -482_17 {
			t.Errorf("told %+v", told)
		}
		r.finance(t).sees("crd_", false)
		r.balanced(t)
	})
}
