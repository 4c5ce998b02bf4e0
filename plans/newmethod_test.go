package plans_test

import (
	"errors"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/plans/schedule"
)

var debitCard = payments.Setup{
	ID: "seti_2", State: payments.SetupReady, Saved: payments.Saved{CustomerID: "cus_1", MethodID: "pm_2"},
	Details: payments.Details{Type: payments.Card, Brand: "visa", Last4: "4242", Funding: "debit"},
}

// newMethod gives a plan another method, up to the signature.
func (w *world) newMethod(t *testing.T, p plans.Plan, setup payments.Setup) plans.Draft {
	t.Helper()
	w.setup = setup
	d, err := w.BeginMethod(t.Context(), "acc_1", p.ID, setup.Details.Type)
	if err != nil {
		t.Fatal(err)
	}
	if d, err = w.Choose(t.Context(), "acc_1", d.ID, plans.Automatic, d.Method, "ctoken_2"); err != nil {
		t.Fatal(err)
	}
	return d
}

func (w *world) changeMethod(t *testing.T, p plans.Plan, setup payments.Setup) (plans.Plan, error) {
	t.Helper()
	d := w.newMethod(t, p, setup)
	return w.ChangeMethod(t.Context(), "acc_1", d.ID, p.Revision, "Maria Lopez", signature)
}

func TestSTR02_AnotherMethodIsChargedFromThenOnAndTheOldPaperIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 20000}, plans.Automatic)
	w.days(t, 25) // the first is charged
	p = w.plan(t, p.ID)
	d := w.newMethod(t, p, debitCard)
	_, look, err := w.MethodDraft(t.Context(), "acc_1", p.ID, d.ID)
	if err != nil || !look.Moved || look.After.Saved.MethodID != "" || w.plan(t, p.ID).Saved.MethodID != "pm_1" {
		t.Fatalf("the look at it changed something, or shows nothing: %v", err)
	}
	after, err := w.ChangeMethod(t.Context(), "acc_1", d.ID, p.Revision, "Maria Lopez", signature)
	if err != nil || after.Saved.MethodID != "pm_2" || after.Details.Last4 != "4242" || after.Version != 2 || w.forgot != 1 {
		t.Fatalf("%+v, version %d, forgot %d, %v", after.Saved, after.Version, w.forgot, err)
	}
	again, err := w.ChangeMethod(t.Context(), "acc_1", d.ID, p.Revision, "Maria Lopez", signature)
	if err != nil || again.Revision != after.Revision {
		t.Errorf("the same form again: revision %d, %v", again.Revision, err)
	}
	papers, err := w.Service.Agreements(t.Context(), "acc_1", p.ID)
	if err != nil || len(papers) != 2 || papers[1].Why != plans.MethodChanged || schedule.Sum(papers[1].Lines) != 40000 {
		t.Errorf("%d papers, %v", len(papers), err)
	}
	var charged []string
	w.answer = func(_ int, r payments.SavedRequest) payments.Payment {
		charged = append(charged, r.Saved.MethodID)
		return payments.Payment{Status: payments.Confirmed}
	}
	w.days(t, 80)
	if p = w.plan(t, p.ID); p.Status != plans.Completed || len(charged) != 2 || charged[0] != "pm_2" || charged[1] != "pm_2" {
		t.Errorf("%s, charged %v", p.Status, charged)
	}
}

func TestSTR11_UntilTheNewAccountIsVerifiedTheOldOneIsCharged(t *testing.T) {
	t.Parallel()
	for _, works := range []bool{true, false} {
		w := newWorld(t)
		p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-11-25"), Each: 30000}, plans.Automatic)
		setup := debitCard
		setup.State, setup.Details = payments.SetupVerifying, payments.Details{Type: payments.BankAccount, Brand: "Ally", Last4: "1111"}
		p, err := w.changeMethod(t, p, setup)
		if err != nil || !p.Incoming.Pending() || p.Saved.MethodID != "pm_1" || p.Status != plans.Active {
			t.Fatalf("%+v, %v", p.Incoming, err)
		}
		w.days(t, 3)
		if p = w.plan(t, p.ID); p.PaidSoFar() != 30000 || p.Saved.MethodID != "pm_1" {
			t.Fatalf("%s paid while the account is verified", p.PaidSoFar())
		}
		w.setup.State = payments.SetupFailed
		if works {
			w.setup.State = payments.SetupReady
		}
		w.days(t, 1) // nobody tells us: the processor is asked
		p = w.plan(t, p.ID)
		if works && (p.Saved.MethodID != "pm_2" || p.Details.Last4 != "1111" || p.Incoming != (plans.Incoming{}) || w.forgot != 1) {
			t.Errorf("verified: %+v, %+v, forgot %d", p.Saved, p.Incoming, w.forgot)
		}
		if !works && (p.Saved.MethodID != "pm_1" || !p.Incoming.Refused() || p.Status != plans.Active || w.forgot != 0) {
			t.Errorf("not verified: %s, %+v, %+v, forgot %d", p.Status, p.Saved, p.Incoming, w.forgot)
		}
		w.days(t, 60)
		if p = w.plan(t, p.ID); p.Status != plans.Completed || len(w.charges) != 2 {
			t.Errorf("verified %v: %s after %d charges", works, p.Status, len(w.charges))
		}
	}
}

func TestSTR08_ANewMethodIsTheWayBackOfAPlanThatStoodStill(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"R02", "R08"} {
		w := newWorld(t)
		p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-11-24"), Each: 20000}, plans.Automatic)
		w.answer = failed("", code)
		w.days(t, 10)
		if p = w.plan(t, p.ID); p.Status != plans.Paused || p.Installments[0].Status != plans.Failed {
			t.Fatalf("%s: %s", code, p.Status)
		}
		w.answer = nil
		p, err := w.changeMethod(t, p, debitCard)
		if err != nil || p.Status != plans.Active || p.Left() != 60000 {
			t.Fatalf("%s: %s, %s left, %v", code, p.Status, p.Left(), err)
		}
		for _, i := range p.Installments {
			if i.Status != plans.Scheduled || i.Due.Before(w.today()) {
				t.Errorf("%s: installment %d is %s on %s", code, i.Number, i.Status, i.Due)
			}
		}
		w.days(t, 150)
		if p = w.plan(t, p.ID); p.Status != plans.Completed || w.owed["dbt_1"] != 0 {
			t.Errorf("%s: %s with %s owed", code, p.Status, w.owed["dbt_1"])
		}
	}
}

// TestPDN02_APlanByHandThatBecomesAutomaticAnnouncesItsCharges takes a late one
// along, at once and after a verification.
func TestPDN02_APlanByHandThatBecomesAutomaticAnnouncesItsCharges(t *testing.T) {
	t.Parallel()
	for _, state := range []payments.SetupState{payments.SetupReady, payments.SetupVerifying} {
		w := newWorld(t)
		p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: schedule.Rule{Rhythm: schedule.Weekly, First: day(t, "2026-11-30")}, Each: 10000}, plans.ByHand)
		w.days(t, 9) // the first was not paid
		setup := debitCard
		setup.State = state
		p, err := w.changeMethod(t, w.plan(t, p.ID), setup)
		if err != nil || (p.Charging == plans.Automatic) != (state == payments.SetupReady) {
			t.Fatalf("%s: %s, %v", state, p.Charging, err)
		}
		signedOn := w.today()
		w.days(t, 2)
		w.setup.State = payments.SetupReady
		w.days(t, 100)
		if p = w.plan(t, p.ID); p.Status != plans.Completed || len(w.charges) != 6 {
			t.Errorf("%s: %s after %d charges", state, p.Status, len(w.charges))
		}
		for _, i := range p.Installments {
			noticed := i.Notice.State == plans.NoticeGiven && schedule.Timely(i.Notice.On, i.Due)
			if !noticed && i.Due.After(signedOn.AddDays(5)) {
				t.Errorf("%s: installment %d of %s was announced %s on %s", state, i.Number, i.Due, i.Notice.State, i.Notice.On)
			}
			if i.Notice.SentAt.After(w.now) || i.Notice.State == plans.NoticeGiven && i.Notice.SentAt.IsZero() {
				t.Errorf("%s: the notice of %d was sent at %s", state, i.Number, i.Notice.SentAt)
			}
		}
	}
}

func TestAnotherMethodForAPlanThatWaitsForItsFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setup.State = payments.SetupVerifying
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 20000}, plans.Automatic)
	if p.Status != plans.Awaiting {
		t.Fatalf("%s", p.Status)
	}
	second := debitCard
	second.State = payments.SetupVerifying
	p, err := w.changeMethod(t, p, second)
	if err != nil || p.Status != plans.Awaiting || p.SetupID != "seti_2" || p.Incoming.Pending() || len(w.givenUp) != 1 || w.givenUp[0] != "seti_1" {
		t.Fatalf("%s waits for %s, gave up %v, %v", p.Status, p.SetupID, w.givenUp, err)
	}
	third := debitCard
	third.ID = "seti_3"
	if p, err = w.changeMethod(t, p, third); err != nil || p.Status != plans.Active || p.Saved.MethodID != "pm_2" || len(w.givenUp) != 2 {
		t.Errorf("%s with %+v, gave up %v, %v", p.Status, p.Saved, w.givenUp, err)
	}
}

func TestWhatAnotherMethodCannotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 20000}, plans.Automatic)
	d := w.newMethod(t, p, debitCard)
	say := func(name string, want error, change func() error) {
		t.Helper()
		if err := change(); !errors.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
		if now := w.plan(t, p.ID); now.Saved.MethodID != "pm_1" || now.Version != 1 {
			t.Errorf("%s: the plan has %+v", name, now.Saved)
		}
	}
	try := func(draft string, revision int64, name string) error {
		_, err := w.ChangeMethod(t.Context(), "acc_1", draft, revision, name, signature)
		return err
	}
	say("unsigned", plans.ErrNoConsent, func() error { return try(d.ID, p.Revision, "") })
	say("of a draft that is none", plans.ErrNotFound, func() error { return try("drf_9", p.Revision, "Maria Lopez") })
	say("of another plan than was shown", plans.ErrStale, func() error { return try(d.ID, p.Revision+7, "Maria Lopez") })
	say("declined", payments.ErrMethodRefused, func() error {
		w.setup.State = payments.SetupFailed
		defer func() { w.setup.State = payments.SetupReady }()
		return try(d.ID, p.Revision, "Maria Lopez")
	})
	say("a card that may not be used (STR-02)", payments.ErrMethodRefused, func() error {
		w.barred = true
		defer func() { w.barred = false }()
		return try(d.ID, p.Revision, "Maria Lopez")
	})
	var impossible *plans.Impossible
	w.refusal = "disputed"
	if err := try(d.ID, p.Revision, "Maria Lopez"); !errors.As(err, &impossible) || impossible.Problem != plans.NotAllowed {
		t.Errorf("on a disputed debt: %v", err)
	}
	w.refusal = ""
	say("before a method was given", plans.ErrNotNow, func() error {
		bare, err := w.BeginMethod(t.Context(), "acc_1", p.ID, payments.Card)
		if err != nil {
			return err
		}
		return try(bare.ID, p.Revision, "Maria Lopez")
	})
	say("another's plan", plans.ErrNotFound, func() error { _, err := w.BeginMethod(t.Context(), "acc_2", p.ID, payments.Card); return err })
	say("a draft as a wish", plans.ErrNotFound, func() error { _, _, err := w.Service.Draft(t.Context(), "acc_1", d.ID); return err })
	if _, _, err := w.MethodDraft(t.Context(), "acc_1", "pln_9", d.ID); !errors.Is(err, plans.ErrNotFound) {
		t.Errorf("for a plan that is none: %v", err)
	}
	if _, err := w.Bend(t.Context(), "acc_1", p.ID, plans.Bend{Action: plans.Cancel}, 0, "", payments.Consent{}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.BeginMethod(t.Context(), "acc_1", p.ID, payments.Card); !errors.Is(err, plans.ErrNotNow) {
		t.Errorf("for a plan that was stopped: %v", err)
	}
	if _, _, err := w.MethodDraft(t.Context(), "acc_1", p.ID, d.ID); !errors.Is(err, plans.ErrNotNow) {
		t.Errorf("a draft for a plan that was stopped: %v", err)
	}
}

func TestREG05_WhatIsStoppedOrPaidByHandTakesNoMethodThatWasToCome(t *testing.T) {
	t.Parallel()
	for _, action := range []plans.BendAction{plans.Cancel, plans.Hand} {
		w := newWorld(t)
		p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 20000}, plans.Automatic)
		setup := debitCard
		setup.State = payments.SetupVerifying
		p, err := w.changeMethod(t, p, setup)
		if err != nil {
			t.Fatal(err)
		}
		if p, err = w.Bend(t.Context(), "acc_1", p.ID, plans.Bend{Action: action}, p.Revision, "Maria Lopez", signature); err != nil {
			t.Fatal(err)
		}
		w.setup.State = payments.SetupReady
		if err := w.SetupChanged(t.Context(), "seti_2"); err != nil {
			t.Fatal(err)
		}
		w.days(t, 60)
		if p = w.plan(t, p.ID); p.Incoming != (plans.Incoming{}) || len(w.charges) != 0 || len(w.givenUp) != 1 || w.forgot != 1 {
			t.Errorf("%s: %+v, %d charges, gave up %v, forgot %d", action, p.Incoming, len(w.charges), w.givenUp, w.forgot)
		}
	}
}

// TestPDN01_ADayThatNobodySignedForIsAlwaysAnnounced verifies a weekly plan so
// late that its last installment moves to a day near by.
func TestPDN01_ADayThatNobodySignedForIsAlwaysAnnounced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setup.State = payments.SetupVerifying
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: schedule.Rule{Rhythm: schedule.Weekly, First: day(t, "2026-11-30")}, Each: 30000}, plans.Automatic)
	w.now = w.now.AddDate(0, 0, 30)
	w.setup.State = payments.SetupReady
	w.work(t)
	for _, i := range w.plan(t, p.ID).Installments {
		if i.Due.Before(w.today()) || i.Notice.State == plans.NoticeNone || i.Notice.State == plans.NoticeGiven {
			t.Errorf("installment %d on %s needs a notice and has %q", i.Number, i.Due, i.Notice.State)
		}
	}
	w.days(t, 60)
	for n, s := range w.sent {
		if s.at.After(w.charges[min(n, len(w.charges)-1)].at.Add(-3 * 24 * time.Hour)) {
			t.Errorf("notice %d went out at %s", n, s.at)
		}
	}
	if p = w.plan(t, p.ID); p.Status != plans.Completed || p.PaidSoFar() != money.Cents(60000) {
		t.Errorf("%s, %s paid", p.Status, p.PaidSoFar())
	}
}
