package payments_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/paymentstest"
)

var agreedBefore = payments.Consent{Text: "I authorize these debits.", IP: "192.0.2.1", At: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}

func (b bench) saved(key string, m payments.Method, o paymentstest.Outcome) payments.SavedRequest {
	b.t.Helper()
	r := b.request(key, 150_00)
	r.Method = m
	d, err := b.Processor.Inspect(b.t.Context(), paymentstest.Token(m, o))
	if err != nil {
		b.t.Fatal(err)
	}
	return payments.SavedRequest{Request: r, Saved: paymentstest.Saved(m, o), Details: d, Consent: agreedBefore}
}

func TestSTR08_WhatAnUnattendedChargeComesTo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		method  payments.Method
		outcome paymentstest.Outcome
		want    payments.Status
		failure string
		intent  payments.IntentState
	}{
		{payments.Card, paymentstest.Succeeds, payments.Confirmed, "", payments.IntentSucceeded},
		{payments.Card, paymentstest.Vanishes, payments.Checking, "", payments.IntentSucceeded},
		{payments.Card, paymentstest.Declines, payments.Failed, "card_declined", payments.IntentCanceled},
		{payments.Card, paymentstest.Challenges, payments.Failed, payments.FailureNeedsConsumer, payments.IntentCanceled},
		{payments.Card, paymentstest.Refuses, payments.Failed, payments.FailureRefused, payments.IntentCanceled},
		{payments.BankAccount, paymentstest.Processes, payments.Processing, "", payments.IntentProcessing},
	} {
		b := setup(t)
		r := b.saved("pln_1/1/1", c.method, c.outcome)
		p, err := b.ChargeSaved(t.Context(), r)
		b.is(p, err, c.want, nil)
		truth, _ := b.Processor.Holds(p.ID)
		if p.Failure.Code != c.failure || truth.State != c.intent {
			t.Errorf("%s %s: failure %q, intent %s", c.method, c.outcome, p.Failure.Code, truth.State)
		}
		if !p.Unattended || p.Saved != r.Saved || p.Token != "" || p.Consent.At != agreedBefore.At || p.Consent.TextHash == "" {
			t.Errorf("kept %+v", p)
		}
		again, err := b.ChargeSaved(t.Context(), r)
		b.is(again, err, c.want, nil)
		if again.ID != p.ID || b.Processor.Calls("Charge") != 1 {
			t.Errorf("%s %s: the same key made %s and %s and asked %d times", c.method, c.outcome, p.ID, again.ID, b.Processor.Calls("Charge"))
		}
	}
}

func TestSTR07_FiftyEqualChargesAtOnceTakeTheMoneyOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.saved("pln_1/1/1", payments.Card, paymentstest.Succeeds)
	var wg sync.WaitGroup
	ids := make(chan payments.ID, 50)
	for range 50 {
		wg.Go(func() {
			p, err := b.ChargeSaved(t.Context(), r)
			if err != nil {
				t.Error(err)
			}
			ids <- p.ID
		})
	}
	wg.Wait()
	close(ids)
	first := <-ids
	for id := range ids {
		if id != first {
			t.Errorf("made %s and %s", first, id)
		}
	}
	if n := b.Processor.Calls("Charge"); n != 1 {
		t.Errorf("asked %d times", n)
	}
	b.owed(332_17, 0)
}

func TestWhatIsNotChargedUnattended(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(b bench, r *payments.SavedRequest)
		want   error
	}{
		"without a key":             {func(_ bench, r *payments.SavedRequest) { r.RequestKey = "" }, payments.ErrNoKey},
		"where nothing may be":      {func(b bench, _ *payments.SavedRequest) { b.Unattended = nil }, payments.ErrNotNow},
		"without a method":          {func(_ bench, r *payments.SavedRequest) { r.Saved = payments.Saved{} }, payments.ErrMethodRefused},
		"with details of another":   {func(_ bench, r *payments.SavedRequest) { r.Method = payments.BankAccount }, payments.ErrMethodRefused},
		"without an agreement":      {func(_ bench, r *payments.SavedRequest) { r.Consent = payments.Consent{} }, payments.ErrNeedsConsent},
		"more than is owed":         {func(_ bench, r *payments.SavedRequest) { r.Amounts[0].Amount = 482_18 }, payments.ErrTooMuch},
		"while the books are wrong": {func(b bench, _ *payments.SavedRequest) { b.Paused = func() bool { return true } }, payments.ErrPaused},
		"a debt that was disputed":  {func(b bench, _ *payments.SavedRequest) { b.m.refusal["dbt_1"] = "disputed" }, payments.ErrDebtClosed},
		"a card that may not be used (STR-02)": {func(b bench, r *payments.SavedRequest) {
			b.m.noCredit, r.Details.Funding = true, "credit"
		}, payments.ErrMethodRefused},
		"when a watcher objects": {func(b bench, _ *payments.SavedRequest) { b.m.broken = errDeaf }, errDeaf},
		"when the store is down": {func(b bench, _ *payments.SavedRequest) { b.Unattended = downAccounts{b.m} }, errDeaf},
		"when it cannot be kept": {func(b bench, _ *payments.SavedRequest) { b.Store = fullStore{b.m} }, errDeaf},
	} {
		b := setup(t)
		r := b.saved("pln_1/1/1", payments.Card, paymentstest.Succeeds)
		c.change(b, &r)
		p, err := b.ChargeSaved(t.Context(), r)
		if !errors.Is(err, c.want) || p.ID != "" || len(b.m.payments) != 0 || b.Processor.Calls("Begin") != 0 {
			t.Errorf("%s: %v, payment %q, %d stored", name, err, p.ID, len(b.m.payments))
		}
	}
}

type downAccounts struct{ payments.Accounts }

func (downAccounts) Payables(context.Context, string, []string, payments.ID) ([]payments.Payable, error) {
	return nil, errDeaf
}

type fullStore struct{ payments.Store }

func (fullStore) CreatePayment(context.Context, payments.Payment) (payments.Payment, bool, error) {
	return payments.Payment{}, false, errDeaf
}

func TestGEN01_TheDecisionBehindAnUnattendedRefusalIsKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.m.refusal["dbt_1"] = "disputed"
	if _, err := b.ChargeSaved(t.Context(), b.saved("pln_1/1/1", payments.Card, paymentstest.Succeeds)); err == nil || b.m.decisions != 1 {
		t.Errorf("%v, %d decisions kept", err, b.m.decisions)
	}
}

func TestAKeyStandsForOneChargeAndForNoFormOfAPage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.saved("pln_1/1/1", payments.Card, paymentstest.Succeeds)
	first, err := b.ChargeSaved(t.Context(), r)
	b.is(first, err, payments.Confirmed, nil)
	if _, err := b.Start(t.Context(), r.Request); !errors.Is(err, payments.ErrKeyReused) {
		t.Errorf("the form: %v", err)
	}
	r.Amounts[0].Amount = 10_00
	p, err := b.ChargeSaved(t.Context(), r)
	b.is(p, err, payments.Confirmed, payments.ErrKeyReused)
	if p.ID != first.ID || p.Amount != 150_00 || b.Processor.Calls("Charge") != 1 {
		t.Errorf("%s of %s, asked %d times", p.ID, p.Amount, b.Processor.Calls("Charge"))
	}
}

// dying is a gateway at whose call the process dies.
type dying struct {
	payments.Gateway
	at string
}

func (d dying) Begin(ctx context.Context, p payments.Payment) (string, error) {
	if d.at == "before begin" {
		panic(d.at)
	}
	id, err := d.Gateway.Begin(ctx, p)
	if d.at == "after begin" {
		panic(d.at)
	}
	return id, err
}

func (d dying) Charge(ctx context.Context, p payments.Payment) (payments.Truth, error) {
	if d.at == "before charge" {
		panic(d.at)
	}
	truth, err := d.Gateway.Charge(ctx, p)
	if d.at == "after charge" {
		panic(d.at)
	}
	return truth, err
}

func TestSTR07_AChargeThatDiedIsResolvedBySweepingAndNeverMadeTwice(t *testing.T) {
	t.Parallel()
	for at, c := range map[string]struct {
		want   payments.Status
		owed   int64
		intent payments.IntentState
	}{
		"before begin":  {payments.Canceled, 482_17, ""},
		"after begin":   {payments.Canceled, 482_17, payments.IntentOpen}, // never confirmed, and nobody knows its id
		"before charge": {payments.Canceled, 482_17, payments.IntentCanceled},
		"after charge":  {payments.Confirmed, 332_17, payments.IntentSucceeded},
	} {
		b := setup(t)
		r := b.saved("pln_1/1/1", payments.Card, paymentstest.Succeeds)
		b.Gateway = dying{b.Processor, at}
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("it did not die %s", at)
				}
			}()
			_, _ = b.ChargeSaved(t.Context(), r)
		}()
		b.Gateway = b.Processor
		charges := b.Processor.Calls("Charge")
		p, err := b.ChargeSaved(t.Context(), r)
		b.is(p, err, payments.Submitting, nil)
		b.Clock.Advance(paymentstest.StaleAfter)
		if err := b.Settle(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		p, err = b.ChargeSaved(t.Context(), r)
		b.is(p, err, c.want, nil)
		truth, _ := b.Processor.Holds(p.ID)
		if truth.State != c.intent || b.Processor.Calls("Charge") != charges {
			t.Errorf("died %s: intent %s, asked %d times more", at, truth.State, b.Processor.Calls("Charge")-charges)
		}
		if owed, pending, _ := b.m.Owed(t.Context(), "acc_1", "dbt_1"); int64(owed) != c.owed || pending != 0 {
			t.Errorf("died %s: owed %s, pending %s", at, owed, pending)
		}
	}
}

func TestSTR08_AFailedIntentIsClosedBySweepingWhenItCouldNotBeAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.Processor.Fail("Cancel", payments.ErrUnknownOutcome)
	p, err := b.ChargeSaved(t.Context(), b.saved("pln_1/1/1", payments.Card, paymentstest.Challenges))
	b.is(p, err, payments.Failed, nil)
	if truth, _ := b.Processor.Holds(p.ID); truth.State != payments.IntentNeedsAction {
		t.Fatalf("intent %s", truth.State)
	}
	if err := b.Settle(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	p, err = b.Payment(t.Context(), "acc_1", p.ID)
	b.is(p, err, payments.Failed, nil)
	if truth, _ := b.Processor.Holds(p.ID); truth.State != payments.IntentCanceled || p.Failure.Code != payments.FailureNeedsConsumer {
		t.Errorf("intent %s, failure %v", truth.State, p.Failure)
	}
}

// nudged notes what it was told of methods.
type nudged struct {
	told []string
	err  error
}

func (n *nudged) SetupChanged(_ context.Context, id string) error {
	n.told = append(n.told, "setup "+id)
	return n.err
}

func (n *nudged) MethodGone(_ context.Context, id string) error {
	n.told = append(n.told, "gone "+id)
	return n.err
}

func TestAnEventAboutASavedMethodIsToldUntilItIsTakenIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	setup, gone := payments.Event{ID: "evt_1", SetupID: "seti_1"}, payments.Event{ID: "evt_2", GoneID: "pm_1"}
	b.handle(payments.Event{ID: "evt_0", SetupID: "seti_1"}, payments.Unknown, nil) // nobody is there to tell
	n := &nudged{err: errDeaf}
	b.Methods = n
	b.handle(setup, "", errDeaf)
	b.handle(gone, "", errDeaf)
	n.err = nil
	for _, want := range []payments.Handling{payments.Applied, payments.Duplicate} {
		b.handle(setup, want, nil)
		b.handle(gone, want, nil)
	}
	b.handle(payments.Event{ID: "evt_3"}, payments.Unknown, nil)
	if len(n.told) != 4 || n.told[2] != "setup seti_1" || n.told[3] != "gone pm_1" {
		t.Errorf("told %v", n.told)
	}
}
