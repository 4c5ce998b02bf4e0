package payments_test

import (
	"testing"
	"time"

	"quittance/payments"
)

// TestASVS241_OnlyACardThatAPersonGaveIsADecline.
func TestASVS241_OnlyACardThatAPersonGaveIsADecline(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	card := payments.Payment{ID: "pay_1", Amount: 100, Method: payments.Card, Status: payments.Submitting, IntentID: "pi_1"}
	truth := payments.Truth{PaymentID: "pay_1", IntentID: "pi_1", Amount: 100, Currency: "usd", State: payments.IntentOpen, ChargeID: "ch_1",
		Failure: payments.Failure{Code: "card_declined"}, ObservedAt: now}
	hosted := card
	hosted.Status, hosted.CheckoutID = payments.NeedsAction, "cs_1"
	tried := hosted
	tried.ChargeID = "ch_1"
	for name, c := range map[string]struct {
		change func(p *payments.Payment, truth *payments.Truth)
		want   bool
	}{
		"a card":                        {func(*payments.Payment, *payments.Truth) {}, true},
		"before any charge":             {func(_ *payments.Payment, truth *payments.Truth) { truth.ChargeID = "" }, true},
		"on the hosted page":            {func(p *payments.Payment, _ *payments.Truth) { *p = hosted }, true},
		"the same one told again there": {func(p *payments.Payment, _ *payments.Truth) { *p = tried }, false},
		"a second one there":            {func(p *payments.Payment, truth *payments.Truth) { *p = tried; truth.ChargeID = "ch_2" }, true},
		"an installment":                {func(p *payments.Payment, _ *payments.Truth) { p.Unattended = true }, false},
		"a bank account":                {func(p *payments.Payment, _ *payments.Truth) { p.Method = payments.BankAccount }, false},
		"it goes through": {func(_ *payments.Payment, truth *payments.Truth) {
			truth.State, truth.Received, truth.Failure = payments.IntentSucceeded, 100, payments.Failure{}
		}, false},
		"refused by the processor, not by the bank": {func(_ *payments.Payment, truth *payments.Truth) {
			truth.Failure.Code, truth.ChargeID = payments.FailureRefused, ""
		}, false},
	} {
		p, said := card, truth
		c.change(&p, &said)
		got, err := payments.Apply(p, said, now)
		if err != nil || got.Declined != c.want {
			t.Errorf("%s: declined %v, %v", name, got.Declined, err)
		}
	}
}
