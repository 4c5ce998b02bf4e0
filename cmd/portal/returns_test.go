package main

import (
	"errors"
	"fmt"
	"testing"

	"quittance/payments"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/store/storetest"
)

// TestACH06_ThePortalTakesNoNewMandateWhileTooManyDebitsComeBack agrees to plans
// of the wired portal, which asks the system of record before each charge: with
// a hundred debits of which none came back, and with one that was unauthorized.
func TestACH06_ThePortalTakesNoNewMandateWhileTooManyDebitsComeBack(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		id, st, err := r.FirstDebt(t.Context(), "A-1002")
		if err != nil {
			t.Fatal(err)
		}
		debit := func(name, code string) {
			p := payments.Payment{
				ID: payments.ID("pay_" + name), Reference: "PAY-" + name, AccountID: string(id), RequestKey: name, RequestHash: "hash", Amount: 100,
				Method: payments.BankAccount, Status: payments.Failed, Failure: payments.Failure{ReturnCode: code},
				CreatedAt: r.Clock.Now(), SubmittedAt: r.Clock.Now(),
				Allocations: []payments.Allocation{{DebtID: string(st.Debt.ID), DebtRef: st.Debt.Ref, CreditorRef: st.Debt.CreditorRef, Amount: 100}},
			}
			if _, made, err := r.Portal.Store.CreatePayment(t.Context(), p); err != nil || !made {
				t.Fatal(made, err)
			}
		}
		for i := range 100 {
			debit(fmt.Sprint(i), "")
		}
		wish := plans.Wish{Kind: plans.Installments, Rule: schedule.Rule{Rhythm: schedule.Monthly, First: civil.Of(r.Clock.Now()).AddDays(20)}, Count: 3}
		r.signUp(t, "A-1002", payments.BankAccount, "pm_usBankAccount_success", wish)
		debit("came back", "R10")
		if _, _, err := r.AgreeToPlan(t.Context(), "A-1007", payments.BankAccount, "pm_usBankAccount_success", wish); !errors.Is(err, payments.ErrMethodRefused) {
			t.Errorf("a new mandate while too many debits come back: %v, want %v", err, payments.ErrMethodRefused)
		}
		r.signUp(t, "A-1007", payments.Card, "pm_card_visa", wish)
	})
}
