package payments_test

import (
	"testing"

	"quittance/payments"
)

// TestTheAdviceOfEachCode is the tables of rules.md, cell by cell: what is
// tried again, what turns the method off, pauses or ends the plan, asks for
// another method and who must look.
func TestTheAdviceOfEachCode(t *testing.T) {
	t.Parallel()
	const yes, no = true, false
	for _, c := range []struct {
		name                         string
		method                       payments.Method
		codes                        []string
		retry, off, pause, end, asks bool
		review                       payments.ReviewKind
		rule                         string
	}{
		{"ACH05_R01", payments.BankAccount, []string{"R01"}, yes, no, no, no, no, "", "ACH-05"},
		{"ACH05_R02", payments.BankAccount, []string{"R02"}, no, yes, no, no, yes, "", "ACH-05"},
		{"ACH05_R03", payments.BankAccount, []string{"R03"}, no, yes, no, no, yes, "", "ACH-05"},
		{"ACH05_R04", payments.BankAccount, []string{"R04"}, no, yes, no, no, yes, "", "ACH-05"},
		{"ACH05_R05", payments.BankAccount, []string{"R05"}, no, yes, no, no, yes, payments.ReviewOurError, "ACH-05"},
		{"ACH05_R07", payments.BankAccount, []string{"R07"}, no, yes, no, yes, no, "", "ACH-05"},
		{"ACH05_R08", payments.BankAccount, []string{"R08"}, no, no, yes, no, no, "", "ACH-05"},
		{"ACH05_R09", payments.BankAccount, []string{"R09"}, yes, no, no, no, no, "", "ACH-05"},
		{"ACH05_R10", payments.BankAccount, []string{"R10"}, no, yes, no, yes, no, payments.ReviewIdentity, "ACH-05"},
		{"ACH05_R11", payments.BankAccount, []string{"R11"}, no, no, yes, no, no, payments.ReviewOurError, "ACH-05"},
		{"STS02_R14_R15", payments.BankAccount, []string{"R14", "R15"}, no, yes, no, yes, no, payments.ReviewDeceased, "STS-02"},
		{"ACH05_R16", payments.BankAccount, []string{"R16"}, no, yes, no, no, no, payments.ReviewCompliance, "ACH-05"},
		{"ACH05_R20", payments.BankAccount, []string{"R20"}, no, yes, no, no, yes, "", "ACH-05"},
		{"ACH05_R29_R31", payments.BankAccount, []string{"R29", "R31"}, no, yes, no, no, yes, payments.ReviewIdentity, "ACH-05"},
		{"STR12_MandateInvalid", payments.BankAccount, []string{"payment_intent_mandate_invalid"}, no, yes, no, no, yes, "", "STR-12"},
		{"STR15_BlockedAccount", payments.BankAccount, []string{"payment_method_bank_account_blocked"}, no, yes, no, no, yes, "", "STR-15"},
		{"STR08_BankWantsTheConsumer", payments.BankAccount, []string{"authentication_required"}, no, no, yes, no, no, "", "STR-08"},
		{"STR08_CardWantsTheConsumer", payments.Card, []string{"authentication_required"}, no, no, yes, no, no, "", "STR-08"},
		{"STR09_SoftDeclines", payments.Card, []string{
			"insufficient_funds", "withdrawal_count_limit_exceeded", "card_velocity_exceeded", "issuer_not_available",
			"processing_error", "reenter_transaction", "try_again_later",
		}, yes, no, no, no, no, "", "STR-09"},
		{"STR09_HardDeclines", payments.Card, []string{
			"stolen_card", "lost_card", "pickup_card", "do_not_try_again", "transaction_not_allowed", "expired_card",
			"incorrect_number", "invalid_number", "invalid_account", "card_not_supported", "restricted_card",
		}, no, yes, no, no, yes, "", "STR-09"},
		{"STR09_StopPayment", payments.Card, []string{"stop_payment_order"}, no, no, yes, no, no, "", "STR-09"},
		{"STR09_Revocation", payments.Card, []string{"revocation_of_authorization", "revocation_of_all_authorizations"}, no, yes, no, yes, no, "", "STR-09"},
		{"UnknownCodesOfAnAccountAreNotTriedAgain", payments.BankAccount, []string{"", "R99", "C01", "generic_decline"}, no, no, no, no, no, "", ""},
		{"UnknownCodesOfACardAreNotTriedAgain", payments.Card, []string{"", "generic_decline", "do_not_honor", "new_of_today"}, no, no, no, no, no, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			want := payments.Advice{
				MayRetry: c.retry, MethodOff: c.off, Pause: c.pause, Cancel: c.end, AskNewMethod: c.asks, Review: c.review, Rule: c.rule,
			}
			for _, code := range c.codes {
				f := payments.Failure{Code: code}
				if len(code) == 3 {
					f = payments.Failure{Code: "debit_returned", ReturnCode: code}
				}
				if got := payments.Advise(f, c.method); got != want {
					t.Errorf("%s of %s: %+v, want %+v", f, c.method, got, want)
				}
			}
		})
	}
}

// TestSTR12_WhatComesBackAfterSuccessTurnsTheMethodOff holds for each reason
// that the processor gives a dispute of a debit, with the return code that the
// gateway reads from it.
func TestSTR12_WhatComesBackAfterSuccessTurnsTheMethodOff(t *testing.T) {
	t.Parallel()
	for reason, code := range map[string]string{
		"incorrect_account_details": "R03", "bank_cannot_process": "R16", "debit_not_authorized": "R10",
	} {
		a := payments.Advise(payments.Failure{Code: reason, ReturnCode: code}, payments.BankAccount)
		if !a.MethodOff || a.MayRetry {
			t.Errorf("%s: %+v", reason, a)
		}
	}
}
