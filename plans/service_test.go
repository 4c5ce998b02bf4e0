package plans_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
)

func monthly(first string) schedule.Rule {
	d, err := civil.Parse(first)
	if err != nil {
		panic(err)
	}
	return schedule.Rule{Rhythm: schedule.Monthly, First: d}
}

func day(t *testing.T, s string) civil.Date {
	t.Helper()
	d, err := civil.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestAPlanIsChargedToItsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 10000}, plans.Automatic)
	if p.Status != plans.Active || p.Total != 60000 || len(p.Installments) != 6 {
		t.Fatalf("%s of %s in %d", p.Status, p.Total, len(p.Installments))
	}
	w.days(t, 200)
	p = w.plan(t, p.ID)
	if p.Status != plans.Completed || p.Left() != 0 || w.owed["dbt_1"] != 0 || len(w.charges) != 6 {
		t.Errorf("%s, %s left, %s owed, %d charges", p.Status, p.Left(), w.owed["dbt_1"], len(w.charges))
	}
	if first, last := w.told[0], w.told[len(w.told)-1]; first.News[0] != plans.NewsCreated || last.News[0] != plans.NewsCompleted {
		t.Errorf("told %v first and %v last", first.News, last.News)
	}
}

// TestPDN01_EachChargeIsAnnouncedThreeToTenRegFDaysBefore looks at every charge
// that is more than five days away from the signature.
func TestPDN01_EachChargeIsAnnouncedThreeToTenRegFDaysBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: schedule.Rule{Rhythm: schedule.Weekly, First: day(t, "2026-11-25")}, Each: 5000}, plans.Automatic)
	if n := p.Installments[0].Notice.State; n != plans.NoticeNone {
		t.Errorf("a charge in two days needs no notice, not %q", n)
	}
	if n := p.Installments[1].Notice.State; n != plans.NoticeGiven {
		t.Errorf("the signed schedule is the notice of a charge in nine days, not %q", n)
	}
	w.days(t, 120)
	if len(w.charges) != 12 || len(w.sent) != 10 {
		t.Fatalf("%d charges, %d notices", len(w.charges), len(w.sent))
	}
	for _, s := range w.sent {
		if n := civil.RegFDaysBetween(civil.Of(s.at), s.due); n < 3 || n > 10 {
			t.Errorf("the notice of %s went out %d Reg F days before", s.due, n)
		}
	}
}

func TestPDN03_WithoutANoticeNothingIsCharged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.email = false
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Count: 6}, plans.Automatic)
	w.days(t, 60)
	if len(w.charges) != 0 {
		t.Errorf("%d charges without a notice", len(w.charges))
	}
	p = w.plan(t, p.ID)
	if due := p.Installments[0].Due; !due.After(day(t, "2026-12-15")) {
		t.Errorf("the installment still stands on %s", due)
	}
	if p.Status != plans.Active || p.Installments[0].Missed {
		t.Error("the consumer is blamed for our missing notice")
	}
}

// TestPDN04_NothingIsChargedBeforeItsDay asks at every hour in the six zones.
func TestPDN04_NothingIsChargedBeforeItsDay(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu"} {
		w := newWorld(t)
		w.zones = []*time.Location{zone(t, name)}
		w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-11-24"), Count: 6}, plans.Automatic)
		for range 48 {
			w.now = w.now.Add(time.Hour)
			w.work(t)
		}
		if len(w.charges) != 1 {
			t.Fatalf("%s: %d charges", name, len(w.charges))
		}
		if at := w.charges[0].at.In(w.zones[0]); civil.Of(at) != day(t, "2026-11-24") || at.Hour() < 9 {
			t.Errorf("%s: charged at %s", name, at)
		}
	}
}

func TestAMT07_APaymentElsewhereShortensThePlanFromItsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 10000}, plans.Automatic)
	w.payByHand(t, 25000)
	p = w.plan(t, p.ID)
	if got := []money.Cents{p.Installments[0].Owed(), p.Installments[3].Owed(), p.Installments[4].Owed(), p.Installments[5].Owed()}; got[0] != 10000 || got[1] != 5000 || got[2] != 0 || got[3] != 0 {
		t.Errorf("owed %v", got)
	}
	w.days(t, 200)
	if p = w.plan(t, p.ID); p.Status != plans.Completed || w.owed["dbt_1"] != 0 || len(w.charges) != 4 {
		t.Errorf("%s, %s owed after %d charges", p.Status, w.owed["dbt_1"], len(w.charges))
	}
}

func TestABalanceThatFallsShrinksThePlanBeforeItCharges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 10000}, plans.Automatic)
	w.owed["dbt_1"] = 15000
	w.days(t, 100)
	p = w.plan(t, p.ID)
	if p.Status != plans.Completed || w.owed["dbt_1"] != 0 || len(w.charges) != 2 || w.charges[1].amount != 5000 {
		t.Errorf("%s, %s owed, charges %v", p.Status, w.owed["dbt_1"], w.charges)
	}
}

func TestAMT07_APlanWaitsForAnotherPaymentAndIsNotCutByIt(t *testing.T) {
	t.Parallel()
	for _, works := range []bool{true, false} {
		w := newWorld(t)
		p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-11-24"), Each: 30000}, plans.Automatic)
		w.pending = 45000
		w.days(t, 2)
		if len(w.charges) != 0 || w.plan(t, p.ID).Left() != 60000 {
			t.Fatalf("%d charges and %s left while $450.00 is on its way", len(w.charges), w.plan(t, p.ID).Left())
		}
		w.pending = 0
		if works {
			w.payByHand(t, 45000)
		}
		w.days(t, 60)
		if p = w.plan(t, p.ID); p.Status != plans.Completed || w.owed["dbt_1"] != 0 || p.PaidSoFar() != 60000 {
			t.Errorf("works %v: %s with %s owed, %s paid", works, p.Status, w.owed["dbt_1"], p.PaidSoFar())
		}
	}
}

func TestWHK05_AStatusThatCameMeanwhileStopsTheCharge(t *testing.T) {
	t.Parallel()
	for _, ends := range []bool{true, false} {
		w := newWorld(t)
		p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 10000}, plans.Automatic)
		w.refusal, w.ends = "bankruptcy", ends
		w.days(t, 40)
		p = w.plan(t, p.ID)
		want := map[bool]plans.Status{true: plans.Canceled, false: plans.Paused}[ends]
		if len(w.charges) != 0 || p.Status != want || p.Reason != "bankruptcy" || p.Installments[0].Missed {
			t.Errorf("%d charges, %s because of %s", len(w.charges), p.Status, p.Reason)
		}
	}
}

func failed(code, returned string) func(int, payments.SavedRequest) payments.Payment {
	return func(int, payments.SavedRequest) payments.Payment {
		return payments.Payment{Status: payments.Failed, Failure: payments.Failure{Code: code, ReturnCode: returned}}
	}
}

func TestACH05_AFailedInstallmentIsTriedAgainOnlyOnADayOfTheConsumersChoice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-11-24"), Each: 10000}, plans.Automatic)
	w.answer = failed("", "R01")
	w.days(t, 3)
	if p = w.plan(t, p.ID); len(w.charges) != 1 || p.Installments[0].Status != plans.Failed || p.Status != plans.Active {
		t.Fatalf("%d charges, %+v", len(w.charges), p.Installments[0])
	}
	again := plans.Bend{Action: plans.Retry, Number: 1, To: day(t, "2026-12-01")}
	p, err := w.Bend(t.Context(), "acc_1", p.ID, again, p.Revision, "Maria Lopez", signature)
	if err != nil {
		t.Fatal(err)
	}
	w.days(t, 10)
	if len(w.charges) != 2 || w.charges[1].key == w.charges[0].key {
		t.Fatalf("charges %v", w.charges)
	}
	p = w.plan(t, p.ID)
	again.To = day(t, "2026-12-08")
	if _, err = w.Bend(t.Context(), "acc_1", p.ID, again, p.Revision, "Maria Lopez", signature); !errors.Is(err, plans.ErrNotNow) {
		t.Errorf("a second retry where the terms allow one: %v", err)
	}
}

func TestSTR07_WhatNobodyRefusedIsAskedAgainUnderANewKey(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]payments.Payment{
		"the processor was not reached":           {Status: payments.Failed, Failure: payments.Failure{Code: payments.FailureUnreachable}},
		"given up before the processor was asked": {Status: payments.Canceled},
	} {
		w := newWorld(t)
		p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-11-24"), Each: 60000}, plans.Automatic)
		w.answer = func(n int, _ payments.SavedRequest) payments.Payment {
			if n == 1 {
				return first
			}
			return payments.Payment{Status: payments.Confirmed}
		}
		w.days(t, 2)
		p = w.plan(t, p.ID)
		if len(w.charges) != 2 || w.charges[0].key == w.charges[1].key || p.Status != plans.Completed || p.Installments[0].Retries != 0 {
			t.Errorf("%s: charges %v, the plan is %s", name, w.charges, p.Status)
		}
	}
}

func TestDIS02_APlanRestsOrEndsAtOnceWhenItsDebtStandsOtherwise(t *testing.T) {
	t.Parallel()
	for _, charging := range []plans.Charging{plans.Automatic, plans.ByHand} {
		for _, ends := range []bool{true, false} {
			w := newWorld(t)
			p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 10000}, charging)
			w.refusal, w.ends = "disputed", ends
			if err := w.AccountsChanged(t.Context(), "acc_other"); err != nil || w.plan(t, p.ID).Status != plans.Active {
				t.Errorf("another account: %v, %s", err, w.plan(t, p.ID).Status)
			}
			for range 2 {
				if err := w.AccountsChanged(t.Context(), "acc_1"); err != nil {
					t.Fatal(err)
				}
			}
			want := map[bool]plans.Status{true: plans.Canceled, false: plans.Paused}[ends]
			if got := w.plan(t, p.ID); got.Status != want || got.Reason != "disputed" || got.Revision != p.Revision+1 {
				t.Errorf("%s: %s because of %s, revision %d of %d", charging, got.Status, got.Reason, got.Revision, p.Revision)
			}
			w.refusal = ""
			if err := w.AccountsChanged(t.Context(), "acc_1"); err != nil || w.plan(t, p.ID).Status != want {
				t.Errorf("DIS-03: it went on by itself: %v, %s", err, w.plan(t, p.ID).Status)
			}
			w.days(t, 60)
			if len(w.charges) != 0 {
				t.Errorf("charged %v", w.charges)
			}
		}
	}
}

// dead is a charger whose process ends before the processor is asked.
type dead struct{ keys []string }

func (d *dead) ChargeSaved(_ context.Context, r payments.SavedRequest) (payments.Payment, error) {
	d.keys = append(d.keys, r.RequestKey)
	return payments.Payment{}, errors.New("the process ended")
}

func TestSTR07_WhoDiedBeforeAskingAsksAgainUnderTheSameKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-11-24"), Each: 60000}, plans.Automatic)
	alive, ends := w.Charger, &dead{}
	w.Charger, w.now = ends, w.now.Add(24*time.Hour)
	if _, err := w.Run(t.Context(), 10); err == nil || len(ends.keys) != 1 {
		t.Fatalf("%v, asked for %v", err, ends.keys)
	}
	w.Charger, w.now = alive, w.now.Add(time.Hour) // its lease is over
	w.work(t)
	p = w.plan(t, p.ID)
	if len(w.charges) != 1 || w.charges[0].key != ends.keys[0] || p.Installments[0].Attempts != 1 || p.Status != plans.Completed {
		t.Errorf("asked for %v, then charged %v in %d attempts; the plan is %s", ends.keys, w.charges, p.Installments[0].Attempts, p.Status)
	}
}

func TestSTR07_WhatSomebodyCanceledAtTheProcessorIsNotAskedAgainUnasked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-11-24"), Each: 60000}, plans.Automatic)
	w.answer = failed(payments.FailureElsewhere, "")
	w.days(t, 20)
	if p = w.plan(t, p.ID); len(w.charges) != 1 || p.Installments[0].Status != plans.Failed || p.Status != plans.Active {
		t.Fatalf("%d charges, %s in a plan that is %s", len(w.charges), p.Installments[0].Status, p.Status)
	}
	again := plans.Bend{Action: plans.Retry, Number: 1, To: day(t, "2026-12-18")}
	if _, err := w.Bend(t.Context(), "acc_1", p.ID, again, p.Revision, "Maria Lopez", signature); err != nil {
		t.Errorf("the consumer's own new day: %v", err)
	}
}

func TestAnAttemptThatWorksAfterAllIsCreditedAndNotLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-11-24"), Each: 30000}, plans.Automatic)
	w.answer = func(n int, _ payments.SavedRequest) payments.Payment {
		if n == 1 {
			return payments.Payment{Status: payments.Failed, Failure: payments.Failure{Code: payments.FailureUnreachable}}
		}
		return payments.Payment{Status: payments.Confirmed}
	}
	w.days(t, 2)
	first := w.paid[w.charges[0].key]
	late := first
	late.Status = payments.Confirmed
	if err := w.becomes(t.Context(), first, late); err != nil {
		t.Fatal(err)
	}
	w.days(t, 90)
	if p = w.plan(t, p.ID); p.PaidSoFar() != 60000 || p.Status != plans.Completed || len(w.charges) != 2 {
		t.Errorf("%s of %s paid by %d charges, the plan is %s", p.PaidSoFar(), p.Total, len(w.charges), p.Status)
	}
}

func TestACH05_ARevokedAuthorizationTurnsTheMethodOff(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"R02", "R07", "R10", "R29"} {
		w := newWorld(t)
		p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-11-24"), Each: 10000}, plans.Automatic)
		w.answer = failed("", code)
		w.days(t, 100)
		p = w.plan(t, p.ID)
		if len(w.charges) != 1 || p.Status == plans.Active {
			t.Errorf("%s: %d charges, the plan is %s", code, len(w.charges), p.Status)
		}
	}
}

func TestACH08_APaymentThatComesBackIsOwedOnTheSameInstallment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-11-24"), Each: 60000}, plans.Automatic)
	w.days(t, 2)
	if p = w.plan(t, p.ID); p.Status != plans.Completed {
		t.Fatalf("%s", p.Status)
	}
	paid := w.paid[w.charges[0].key]
	back := paid
	back.Status, back.Failure = payments.Reversed, payments.Failure{ReturnCode: "R01"}
	if err := w.becomes(t.Context(), paid, back); err != nil {
		t.Fatal(err)
	}
	if p = w.plan(t, p.ID); p.Status != plans.Active || p.Left() != 60000 || p.Installments[0].Status != plans.Failed {
		t.Errorf("%s, %s left, %s", p.Status, p.Left(), p.Installments[0].Status)
	}
	w.days(t, 100)
	if len(w.charges) != 1 {
		t.Errorf("it was charged again without being asked for: %v", w.charges)
	}
}

func TestACH08_WhatComesBackReopensNoPlanThatAnotherReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wish := plans.Wish{Kind: plans.Installments, Rule: monthly("2026-11-24"), Each: 60000}
	first := w.enroll(t, wish, plans.Automatic)
	w.days(t, 2)
	w.owed["dbt_1"] = 60000
	wish.Rule = monthly("2026-11-30")
	second := w.enroll(t, wish, plans.Automatic)
	paid := w.paid[w.charges[0].key]
	back := paid
	back.Status, back.Failure = payments.Reversed, payments.Failure{ReturnCode: "R01"}
	if err := w.becomes(t.Context(), paid, back); err != nil {
		t.Fatal(err)
	}
	first, second = w.plan(t, first.ID), w.plan(t, second.ID)
	if first.Status != plans.Completed || first.PaidSoFar() != 0 || first.Left() != 0 || second.Status != plans.Active || second.Left() != 60000 {
		t.Errorf("%s with %s left beside %s with %s", first.Status, first.Left(), second.Status, second.Left())
	}
}

func TestAPlanBreaksKindlyAndFindsItsWayBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-11-30"), Count: 6}, plans.ByHand)
	w.days(t, 50)
	if p = w.plan(t, p.ID); p.Status != plans.Broken || p.Reason != plans.MissedTooMany {
		t.Fatalf("%s %s", p.Status, p.Reason)
	}
	p, err := w.Bend(t.Context(), "acc_1", p.ID, plans.Bend{Action: plans.Resume}, p.Revision, "Maria Lopez", signature)
	if err != nil || p.Status != plans.Active || p.Left() != 60000 {
		t.Fatalf("%s, %v", p.Status, err)
	}
	for _, i := range p.Installments {
		if i.Due.Before(w.today()) {
			t.Errorf("installment %d is due on %s, in the past", i.Number, i.Due)
		}
	}
	w.payByHand(t, 60000)
	if p = w.plan(t, p.ID); p.Status != plans.Completed {
		t.Errorf("%s after all was paid", p.Status)
	}
}

// TestAnOutageIsFollowedByNoBurst stops all work for three months.
func TestAnOutageIsFollowedByNoBurst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: schedule.Rule{Rhythm: schedule.Weekly, First: day(t, "2026-12-08")}, Each: 5000}, plans.Automatic)
	w.days(t, 16) // the first is charged
	w.now = w.now.AddDate(0, 3, 0)
	before := len(w.charges)
	w.days(t, 14)
	if n := len(w.charges) - before; n > 3 {
		t.Errorf("%d charges in the two weeks after the outage", n)
	}
	w.days(t, 400)
	if p = w.plan(t, p.ID); p.Status != plans.Completed || len(w.charges) != 12 {
		t.Errorf("%s after %d charges", p.Status, len(w.charges))
	}
	for i := 1; i < len(w.charges); i++ {
		if gap := w.charges[i].at.Sub(w.charges[i-1].at); gap < 3*24*time.Hour {
			t.Errorf("charges %d and %d are %v apart", i-1, i, gap)
		}
	}
}

func TestREG05_AStoppedPlanChargesNothingEverAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-11-24"), Each: 10000}, plans.Automatic)
	w.now = w.now.Add(20 * time.Hour) // the day has come, the hour nearly
	if _, err := w.Bend(t.Context(), "acc_1", p.ID, plans.Bend{Action: plans.Cancel}, 0, "", payments.Consent{}); err != nil {
		t.Fatal(err)
	}
	w.days(t, 300)
	if p = w.plan(t, p.ID); len(w.charges) != 0 || p.Status != plans.Canceled || w.forgot != 1 || p.Left() != 0 {
		t.Errorf("%d charges, %s, forgotten %d times", len(w.charges), p.Status, w.forgot)
	}
	if _, err := w.Bend(t.Context(), "acc_1", p.ID, plans.Bend{Action: plans.Cancel}, 0, "", payments.Consent{}); err != nil {
		t.Errorf("stopping it again: %v", err)
	}
	if w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2027-10-24"), Each: 10000}, plans.Automatic).ID == p.ID {
		t.Error("a new plan is the old one")
	}
}

func TestTheSameDraftIsTheSamePlanAndADebtHasOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, _, err := w.Begin(t.Context(), "acc_1", "dbt_1", plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 10000})
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := w.Begin(t.Context(), "acc_1", "dbt_1", plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 20000})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{d.ID, other.ID} {
		if _, err := w.Choose(t.Context(), "acc_1", id, plans.ByHand, "", ""); err != nil {
			t.Fatal(err)
		}
	}
	first, err := w.Enroll(t.Context(), "acc_1", d.ID, "Maria Lopez", signature)
	if err != nil {
		t.Fatal(err)
	}
	again, err := w.Enroll(t.Context(), "acc_1", d.ID, "Maria Lopez", signature)
	if err != nil || again.ID != first.ID {
		t.Errorf("%s and %s, %v", first.ID, again.ID, err)
	}
	if _, err := w.Enroll(t.Context(), "acc_1", other.ID, "Maria Lopez", signature); !errors.Is(err, plans.ErrRunning) {
		t.Errorf("a second plan: %v", err)
	}
	if _, err := w.Enroll(t.Context(), "acc_2", d.ID, "Somebody", signature); !errors.Is(err, plans.ErrNotFound) {
		t.Errorf("another's draft: %v", err)
	}
}

func TestREG02_WithoutASignatureThereIsNoPlan(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, _, err := w.Begin(t.Context(), "acc_1", "dbt_1", plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 10000})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Enroll(t.Context(), "acc_1", d.ID, "Maria Lopez", signature); !errors.Is(err, plans.ErrNotNow) {
		t.Errorf("nobody said who pays: %v", err)
	}
	if _, err := w.Choose(t.Context(), "acc_1", d.ID, plans.Automatic, payments.BankAccount, "ctoken_1"); err != nil {
		t.Fatal(err)
	}
	for name, consent := range map[string]payments.Consent{"": signature, "  ": signature, "Maria": {}} {
		if _, err := w.Enroll(t.Context(), "acc_1", d.ID, strings.TrimSpace(name), consent); !errors.Is(err, plans.ErrNoConsent) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if len(w.plans) != 0 {
		t.Error("a plan was made")
	}
}

func TestSTR11_APlanIsNotActiveBeforeTheAccountIsVerified(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setup.State = payments.SetupVerifying
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-11-24"), Each: 10000}, plans.Automatic)
	w.days(t, 5)
	if p = w.plan(t, p.ID); p.Status != plans.Awaiting || len(w.charges) != 0 {
		t.Fatalf("%s, %d charges", p.Status, len(w.charges))
	}
	w.setup.State = payments.SetupReady
	if err := w.SetupChanged(t.Context(), "seti_1"); err != nil {
		t.Fatal(err)
	}
	if p = w.plan(t, p.ID); p.Status != plans.Active {
		t.Fatalf("%s after it was verified", p.Status)
	}
	w.days(t, 220)
	if p = w.plan(t, p.ID); p.Status != plans.Completed || len(w.charges) != 6 {
		t.Errorf("%s after %d charges", p.Status, len(w.charges))
	}
}

func TestAMethodThatIsGonePausesThePlanAndItGoesOnByHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 10000}, plans.Automatic)
	if err := w.MethodGone(t.Context(), "pm_1"); err != nil {
		t.Fatal(err)
	}
	if p = w.plan(t, p.ID); p.Status != plans.Paused || p.Reason != plans.MethodFailed {
		t.Fatalf("%s %s", p.Status, p.Reason)
	}
	if _, err := w.Bend(t.Context(), "acc_1", p.ID, plans.Bend{Action: plans.Resume}, p.Revision, "Maria", signature); !errors.Is(err, plans.ErrNotNow) {
		t.Errorf("it resumed with a method that is gone: %v", err)
	}
	p, err := w.Bend(t.Context(), "acc_1", p.ID, plans.Bend{Action: plans.Hand}, p.Revision, "Maria", signature)
	if err != nil || p.Status != plans.Active || p.Charging != plans.ByHand {
		t.Errorf("%s %s, %v", p.Status, p.Charging, err)
	}
	w.days(t, 30)
	if len(w.charges) != 0 {
		t.Error("a plan by hand was charged")
	}
}

func TestASettlementLetsTheRestGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	terms := plans.DefaultTerms()
	terms.Settlements = []plans.SettlementFloor{{MinAgeDays: 180, MinBalance: 10000, Percent: 60, Payments: 3, ValidDays: 30}}
	w.terms = []plans.Terms{terms}
	o, err := w.Options(t.Context(), "acc_1", "dbt_1")
	if err != nil || len(o.Settlements) != 2 || o.Settlements[0].Total != 36000 || o.Settlements[0].Forgiven != 24000 {
		t.Fatalf("%+v, %v", o.Settlements, err)
	}
	p := w.enroll(t, plans.Wish{Kind: plans.Settlement, Rule: monthly("2026-12-01"), Count: 3}, plans.Automatic)
	w.days(t, 100)
	if p = w.plan(t, p.ID); p.Status != plans.Completed || p.PaidSoFar() != 36000 || w.owed["dbt_1"] != 24000 {
		t.Errorf("%s, paid %s, %s left to be let go", p.Status, p.PaidSoFar(), w.owed["dbt_1"])
	}
}

func TestASettlementStandsForItsDaysAndNotOneMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	terms := plans.DefaultTerms()
	terms.FirstWithinDays = 90
	terms.Settlements = []plans.SettlementFloor{{Percent: 60, Payments: 1, ValidDays: 30}}
	w.terms = []plans.Terms{terms}
	d, q, err := w.Begin(t.Context(), "acc_1", "dbt_1", plans.Wish{Kind: plans.Settlement, Rule: monthly("2027-01-20"), Count: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Choose(t.Context(), "acc_1", d.ID, plans.ByHand, "", ""); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.AddDate(0, 0, 30)
	if _, again, err := w.Service.Draft(t.Context(), "acc_1", d.ID); err != nil || again.Expires != q.Expires {
		t.Fatalf("on its last day: %v until %s, first %s", err, again.Expires, q.Expires)
	}
	w.now = w.now.AddDate(0, 0, 1)
	var impossible *plans.Impossible
	if _, err := w.Enroll(t.Context(), "acc_1", d.ID, "Maria Lopez", signature); !errors.As(err, &impossible) || impossible.Problem != plans.NoSettlement {
		t.Errorf("a day later: %v", err)
	}
}

func TestASettlementKeepsItsShape(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Later, Rule: schedule.Rule{First: day(t, "2026-12-15")}}, plans.ByHand)
	for _, b := range []plans.Bend{{Action: plans.Skip, Number: 1}, {Action: plans.Split, Number: 1}, {Action: plans.Resize, Each: 5000}, {Action: plans.Rebeat, Rule: monthly("2026-12-20")}, {Action: plans.Pause, To: day(t, "2026-12-20")}} {
		if _, err := w.Preview(t.Context(), "acc_1", p.ID, b); !errors.Is(err, plans.ErrNotNow) {
			t.Errorf("%s: %v", b.Action, err)
		}
	}
	if _, err := w.Preview(t.Context(), "acc_1", p.ID, plans.Bend{Action: plans.Move, Number: 1, To: day(t, "2026-12-21")}); err != nil {
		t.Errorf("it cannot be moved: %v", err)
	}
}

// TestPlansBendAndStillSumToWhatWasAgreed makes every kind of change and looks
// at dates, amounts and notices after each.
func TestPlansBendAndStillSumToWhatWasAgreed(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]plans.Bend{
		"move":   {Action: plans.Move, Number: 2, To: day(t, "2027-01-25")},
		"skip":   {Action: plans.Skip, Number: 1},
		"split":  {Action: plans.Split, Number: 3},
		"amount": {Action: plans.Resize, Each: 7500},
		"rhythm": {Action: plans.Rebeat, Rule: schedule.Rule{Rhythm: schedule.EveryTwoWeeks}},
		"pause":  {Action: plans.Pause, To: day(t, "2027-01-20")},
		"hand":   {Action: plans.Hand},
	} {
		w := newWorld(t)
		p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 10000}, plans.Automatic)
		look, err := w.Preview(t.Context(), "acc_1", p.ID, b)
		if err != nil || w.plan(t, p.ID).Revision != p.Revision {
			t.Fatalf("%s: the preview changed something or failed: %v", name, err)
		}
		after, err := w.Bend(t.Context(), "acc_1", p.ID, b, p.Revision, "Maria Lopez", signature)
		if err != nil || len(after.Installments) != len(look.After.Installments) {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := w.Bend(t.Context(), "acc_1", p.ID, b, p.Revision, "Maria Lopez", signature); !errors.Is(err, plans.ErrStale) {
			t.Errorf("%s: the other tab got %v", name, err)
		}
		days := map[civil.Date]bool{}
		for _, i := range after.Installments {
			if i.Status != plans.Scheduled {
				continue
			}
			if days[i.Due] || schedule.Roll(i.Due) != i.Due {
				t.Errorf("%s: two installments on %s, or it is closed", name, i.Due)
			}
			days[i.Due] = true
		}
		papers, err := w.Service.Agreements(t.Context(), "acc_1", p.ID)
		if err != nil || len(papers) != 2 || schedule.Sum(papers[1].Lines) != 60000 || after.Left() != 60000 || after.Version != 2 {
			t.Errorf("%s: %d agreements, %s left, %v", name, len(papers), after.Left(), err)
		}
		w.days(t, 320)
		if p = w.plan(t, p.ID); after.Charging == plans.Automatic && (p.Status != plans.Completed || w.owed["dbt_1"] != 0) {
			t.Errorf("%s: the plan ends %s with %s owed", name, p.Status, w.owed["dbt_1"])
		}
	}
}
