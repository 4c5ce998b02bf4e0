package plans_test

import (
	"errors"
	"slices"
	"testing"

	"quittance/payments"
	"quittance/plans"
)

// methods are what a plan may be charged to. Of a card it may be unknown how it
// is funded, and then it may be a debit card.
var methods = map[string]payments.Details{
	"a bank account":       {Type: payments.BankAccount, Brand: "Test Bank", Last4: "6789"},
	"a debit card":         {Type: payments.Card, Brand: "visa", Last4: "5556", Funding: "debit"},
	"a prepaid card":       {Type: payments.Card, Brand: "visa", Last4: "5100", Funding: "prepaid"},
	"a credit card":        {Type: payments.Card, Brand: "visa", Last4: "4242", Funding: "credit"},
	"a card of no funding": {Type: payments.Card, Brand: "visa", Last4: "1117"},
}

func TestREG01_EveryPlanThatChargesByItselfIsSignedWhateverItCharges(t *testing.T) {
	t.Parallel()
	for name, details := range methods {
		w := newWorld(t)
		w.setup.Details = details
		d, _, err := w.Begin(t.Context(), "acc_1", "dbt_1", plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 10000})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Choose(t.Context(), "acc_1", d.ID, plans.Automatic, details.Type, "ctoken_1"); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := w.Enroll(t.Context(), "acc_1", d.ID, "Maria Lopez", payments.Consent{}); !errors.Is(err, plans.ErrNoConsent) {
			t.Errorf("%s: a plan without a signed text: %v", name, err)
		}
		p, err := w.Enroll(t.Context(), "acc_1", d.ID, "Maria Lopez", signature)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		w.days(t, 30)
		if p = w.plan(t, p.ID); len(w.charges) != 1 || p.Installments[0].Notice.SentAt.IsZero() {
			t.Errorf("%s: %d charges, notice at %s", name, len(w.charges), p.Installments[0].Notice.SentAt)
		}
	}
}

// TestREG03_STA04_TheSignerHasACopyAtOnce: the written confirmation that some
// states want within five days (STA-04) is there with the signature.
func TestREG03_STA04_TheSignerHasACopyAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 10000}, plans.Automatic)
	papers, err := w.Service.Agreements(t.Context(), "acc_1", p.ID)
	if err != nil || len(papers) != 1 {
		t.Fatalf("%d papers, %v", len(papers), err)
	}
	copied := papers[0]
	if copied.Consent.Text != signature.Text || copied.Name != "Maria Lopez" || len(copied.Lines) != len(p.Installments) || !copied.AgreedAt.Equal(w.now) {
		t.Errorf("the copy: %+v", copied)
	}
	if _, err := w.Service.Agreements(t.Context(), "acc_2", p.ID); err == nil {
		t.Error("another reads it")
	}
}

func TestREG07_AnotherDateIsANewSignedScheduleAndTheOldOneIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 10000}, plans.Automatic)
	move := plans.Bend{Action: plans.Move, Number: 2, To: day(t, "2027-01-25")}
	if _, err := w.Bend(t.Context(), "acc_1", p.ID, move, p.Revision, "Maria Lopez", payments.Consent{}); !errors.Is(err, plans.ErrNoConsent) {
		t.Errorf("a date moved without a signature: %v", err)
	}
	before, err := w.Service.Agreements(t.Context(), "acc_1", p.ID)
	if err != nil || len(before) != 1 {
		t.Fatalf("%d papers, %v", len(before), err)
	}
	if _, err := w.Bend(t.Context(), "acc_1", p.ID, move, p.Revision, "Maria Lopez", signature); err != nil {
		t.Fatal(err)
	}
	after, err := w.Service.Agreements(t.Context(), "acc_1", p.ID)
	if err != nil || len(after) != 2 || !slices.Equal(after[0].Lines, before[0].Lines) || slices.Equal(after[1].Lines, before[0].Lines) {
		t.Errorf("papers: %+v, %v", after, err)
	}
}
