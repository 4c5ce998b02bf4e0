package gatewaytest

import (
	"testing"
	"time"

	"quittance/payments"
)

// saving is what any gateway must do about methods that are charged later.
var saving = []testCase{
	{"STR08_ASavedCardIsChargedWhileNobodyIsWatching", saveCard},
	{"STR07_ASavedCardIsChargedOnceAPayment", saveAndChargeTwice},
	{"STR07_SavingAgainWithTheSameKeySavesOnce", saveTwice},
	{"STR08_ACardWhoseBankAsksEachTimeIsDeclinedWhileNobodyIsWatching", asksAlways},
	{"ADeclinedCardIsNotSaved", saveDeclined},
	{"ASavedCardMayBeDeclinedLater", declinedLater},
	{"STR11_AnAccountIsSavedOnceItsMicrodepositsAreVerified", verified},
	{"STR11_AnAccountThatIsNeverVerifiedIsNotSaved", neverVerified},
	{"ACH05_ADebitOfASavedAccountComesBackBeforeItSettles", comesBack},
	{"STR12_AReturnAfterSuccessEndsTheMandate", endsMandate},
	{"AForgottenMethodIsNeverChargedAgain", forgotten},
	{"ACanceledSetupSavesNothing", canceledSetup},
	{"ACanceledSetupThatWasReadyIsForgotten", canceledReady},
	{"NobodyAtTheOtherEndOfASetupIsUnknown", nobodySaves},
	{"WhatIsNoIdOfASetupIsRefused", noIDs},
}

// Save is a wish to save a method.
func Save(t *testing.T, r Rig, k Kind) payments.SaveRequest {
	t.Helper()
	return payments.SaveRequest{
		Key: "drf_" + t.Name()[len(t.Name())-12:], AccountID: "acc_1", Method: k.method(), Token: r.Token(t, k),
		Consent: payments.Consent{IP: "203.0.113.9", UserAgent: "suite"},
	}
}

func save(t *testing.T, r Rig, k Kind) payments.Setup {
	t.Helper()
	return setUp(t)(r.Saver.SaveMethod(t.Context(), Save(t, r, k)))
}

func fetchSetup(t *testing.T, r Rig, s payments.Setup) payments.Setup {
	t.Helper()
	return setUp(t)(r.Saver.FetchSetup(t.Context(), s.ID))
}

func setUp(t *testing.T) func(payments.Setup, error) payments.Setup {
	return func(s payments.Setup, err error) payments.Setup {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

// due is a payment of a saved method, begun.
func due(t *testing.T, r Rig, s payments.Setup, name string) payments.Payment {
	t.Helper()
	p := Pay("pay_"+name+t.Name()[len(t.Name())-12:], s.Details.Type, 12050)
	p.Saved, p.Unattended = s.Saved, true
	var err error
	if p.IntentID, err = r.Gateway.Begin(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	return p
}

// charge charges a saved method.
func charge(t *testing.T, r Rig, s payments.Setup, name string) (payments.Payment, payments.Truth) {
	t.Helper()
	p := due(t, r, s, name)
	truth, err := r.Gateway.Charge(t.Context(), p)
	if err != nil {
		t.Fatalf("charge: %v", err)
	}
	return p, truth
}

func saveCard(t *testing.T, r Rig) {
	s := save(t, r, CardDebit)
	want(t, "state", s.State, payments.SetupReady)
	want(t, "type", s.Details.Type, payments.Card)
	want(t, "funding", s.Details.Funding, "debit")
	want(t, "digits shown", len(s.Details.Last4), 4)
	if s.ID == "" || s.Saved.CustomerID == "" || s.Saved.MethodID == "" {
		t.Errorf("setup lacks its ids: %+v", s)
	}
	want(t, "setup fetched", fetchSetup(t, r, s), s)
	for _, name := range []string{"1", "2"} {
		p, truth := charge(t, r, s, name)
		want(t, "state", truth.State, payments.IntentSucceeded)
		want(t, "payment", truth.PaymentID, p.ID)
		want(t, "received", truth.Received, p.Amount)
		want(t, "method", truth.Details.HolderID, s.Saved.MethodID)
		want(t, "charges", r.Charges(t, p.ID), 1)
	}
}

func saveAndChargeTwice(t *testing.T, r Rig) {
	p := due(t, r, save(t, r, CardCredit), "")
	r.LoseAnswer(t)
	_, err := r.Gateway.Charge(t.Context(), p)
	wantUnknown(t, "charge", err)
	truth, err := r.Gateway.Charge(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "state", truth.State, payments.IntentSucceeded)
	want(t, "charges", r.Charges(t, p.ID), 1)
}

func saveTwice(t *testing.T, r Rig) {
	request := Save(t, r, BankGood)
	r.LoseAnswer(t)
	_, err := r.Saver.SaveMethod(t.Context(), request)
	wantUnknown(t, "save", err)
	first := setUp(t)(r.Saver.SaveMethod(t.Context(), request))
	want(t, "state", first.State, payments.SetupReady)
	want(t, "setup", setUp(t)(r.Saver.SaveMethod(t.Context(), request)), first)
	request = Save(t, r, CardDebit)
	request.Key, request.CustomerID = request.Key+"2", first.Saved.CustomerID
	second := setUp(t)(r.Saver.SaveMethod(t.Context(), request))
	want(t, "customer", second.Saved.CustomerID, first.Saved.CustomerID)
}

func asksAlways(t *testing.T, r Rig) {
	s := save(t, r, CardAsksAlways)
	want(t, "state", s.State, payments.SetupNeedsAction)
	if s.ActionURL == "" {
		t.Error("there is no page to lead the consumer to")
	}
	r.Prove(t, s)
	s = fetchSetup(t, r, s)
	want(t, "state once proven", s.State, payments.SetupReady)
	p, truth := charge(t, r, s, "")
	want(t, "state", truth.State, payments.IntentOpen)
	want(t, "failure", truth.Failure, payments.Failure{Code: payments.FailureNeedsConsumer})
	want(t, "failure fetched", fetch(t, r, p).Failure, truth.Failure)
	truth, err := r.Gateway.Cancel(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "state given up", truth.State, payments.IntentCanceled)
	want(t, "charges", r.Charges(t, p.ID), 0)
}

func saveDeclined(t *testing.T, r Rig) {
	s := save(t, r, CardNoFunds)
	want(t, "state", s.State, payments.SetupFailed)
	want(t, "failure", s.Failure, payments.Failure{Code: "insufficient_funds"})
	later := fetchSetup(t, r, s)
	want(t, "state fetched", later.State, payments.SetupFailed)
	want(t, "failure fetched", later.Failure, s.Failure)
}

func declinedLater(t *testing.T, r Rig) {
	s := save(t, r, CardFailsLater)
	want(t, "state", s.State, payments.SetupReady)
	p, truth := charge(t, r, s, "")
	want(t, "state", truth.State, payments.IntentOpen)
	want(t, "failure", truth.Failure, payments.Failure{Code: "generic_decline"})
	want(t, "charges", r.Charges(t, p.ID), 0)
}

func verified(t *testing.T, r Rig) {
	s := save(t, r, BankTyped)
	want(t, "state", s.State, payments.SetupVerifying)
	if left := time.Until(s.VerifyBy); s.VerifyURL == "" || left < 9*24*time.Hour || left > 11*24*time.Hour {
		t.Errorf("verified at %q until %v", s.VerifyURL, s.VerifyBy)
	}
	r.Verify(t, s)
	s = fetchSetup(t, r, s)
	want(t, "state once verified", s.State, payments.SetupReady)
	if s.Saved.MandateID == "" {
		t.Error("the account has no mandate")
	}
	p, truth := charge(t, r, s, "")
	want(t, "state of the debit", truth.State, payments.IntentProcessing)
	r.Days(t, 12)
	truth = fetch(t, r, p)
	want(t, "state after days", truth.State, payments.IntentSucceeded)
	want(t, "received", truth.Received, p.Amount)
}

func neverVerified(t *testing.T, r Rig) {
	s := save(t, r, BankTyped)
	r.Days(t, 12)
	s = fetchSetup(t, r, s)
	want(t, "state", s.State, payments.SetupFailed)
	if s.Failure.Code == "" {
		t.Error("nothing says why")
	}
}

func comesBack(t *testing.T, r Rig) {
	for _, code := range []string{"R01", "R02", "R07", "R08", "R10"} {
		request := Save(t, r, BankGood)
		request.Key += code
		s := setUp(t)(r.Saver.SaveMethod(t.Context(), request))
		p, truth := charge(t, r, s, code)
		want(t, "state", truth.State, payments.IntentProcessing)
		r.Return(t, p.IntentID, code)
		truth = fetch(t, r, p)
		want(t, "state returned", truth.State, payments.IntentOpen)
		want(t, "return code", truth.Failure.ReturnCode, code)
	}
}

func endsMandate(t *testing.T, r Rig) {
	for _, code := range []string{"R01", "R02", "R07", "R08", "R10"} {
		request := Save(t, r, BankGood)
		request.Key += code
		s := setUp(t)(r.Saver.SaveMethod(t.Context(), request))
		p, _ := charge(t, r, s, code)
		r.Days(t, 12)
		r.Return(t, p.IntentID, code)
		truth := fetch(t, r, p)
		want(t, "withdrawn", truth.Withdrawn, p.Amount)
		want(t, "return code", truth.Failure.ReturnCode, code)
		_, truth = charge(t, r, s, code+"again")
		want(t, "state of the next", truth.State, payments.IntentOpen)
		want(t, "failure of the next", truth.Failure, payments.Failure{Code: "payment_intent_mandate_invalid"})
	}
}

func forgotten(t *testing.T, r Rig) {
	s := save(t, r, CardCredit)
	p := due(t, r, s, "")
	for range 2 {
		if err := r.Saver.Forget(t.Context(), s.Saved); err != nil {
			t.Fatal(err)
		}
	}
	_, err := r.Gateway.Charge(t.Context(), p)
	wantRefused(t, "charge", err)
	want(t, "charges", r.Charges(t, p.ID), 0)
}

func canceledSetup(t *testing.T, r Rig) {
	s := save(t, r, BankTyped)
	for range 2 {
		if err := r.Saver.CancelSetup(t.Context(), s.ID); err != nil {
			t.Fatal(err)
		}
	}
	want(t, "state", fetchSetup(t, r, s).State, payments.SetupFailed)
}

func canceledReady(t *testing.T, r Rig) {
	s := save(t, r, CardCredit)
	if err := r.Saver.CancelSetup(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	_, err := r.Gateway.Charge(t.Context(), due(t, r, s, ""))
	wantRefused(t, "charge", err)
}

func nobodySaves(t *testing.T, r Rig) {
	s, g := save(t, r, CardCredit), r.Unreachable
	_, err := g.SaveMethod(t.Context(), Save(t, r, CardCredit))
	wantUnknown(t, "save", err)
	_, err = g.FetchSetup(t.Context(), s.ID)
	wantUnknown(t, "fetch", err)
	wantUnknown(t, "cancel", g.CancelSetup(t.Context(), s.ID))
	wantUnknown(t, "forget", g.Forget(t.Context(), s.Saved))
}

func noIDs(t *testing.T, r Rig) {
	for _, id := range []string{"", "seti_", "pm_1", "seti_1/cancel", "seti_none", "ctoken_1"} {
		_, err := r.Saver.FetchSetup(t.Context(), id)
		wantRefused(t, "fetch", err)
		wantRefused(t, "cancel", r.Saver.CancelSetup(t.Context(), id))
		wantRefused(t, "forget", r.Saver.Forget(t.Context(), payments.Saved{MethodID: id}))
		_, err = r.Saver.SaveMethod(t.Context(), payments.SaveRequest{Key: "drf_none" + id, Token: id, Method: payments.Card})
		wantRefused(t, "save", err)
	}
}
