package plans_test

import (
	"slices"
	"testing"
	"time"

	"quittance/plans"
)

func TestWHK05_WithoutAFreshAnswerNothingIsChargedAndNothingIsMissed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Record = w
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 20000}, plans.Automatic)
	w.days(t, 21)
	w.silent = true
	told := len(w.told)
	for range 48 {
		w.now = w.now.Add(time.Hour)
		w.work(t)
	}
	p = w.plan(t, p.ID)
	first := p.Installments[0]
	if len(w.charges) != 0 || first.Status != plans.Scheduled || !first.Unanswered || first.Missed || first.Due != day(t, "2026-12-15") {
		t.Fatalf("%d charges, %+v", len(w.charges), first)
	}
	news := 0
	for _, c := range w.told[told:] {
		if c.Why == plans.RecordSilent && slices.Contains(c.News, plans.NewsChanged) {
			news++
		}
	}
	if news != 1 {
		t.Errorf("the consumer was told %d times", news)
	}
	if pulls := len(w.pulls); pulls < 5 || pulls > 48 {
		t.Errorf("asked %d times", pulls)
	}
	w.days(t, 10)
	p = w.plan(t, p.ID)
	if moved := p.Installments[len(p.Installments)-1]; moved.Number != 1 || moved.Missed || moved.Unanswered {
		t.Errorf("after three days the first stands at %+v", moved)
	}
	w.silent = false
	w.days(t, 120)
	if p = w.plan(t, p.ID); p.Status != plans.Completed || len(w.charges) != 3 {
		t.Errorf("%s after %d charges", p.Status, len(w.charges))
	}
}

func TestWHK05_AnAnswerInTimeChargesOnTheDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Record = w
	w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 60000}, plans.Automatic)
	w.days(t, 21)
	w.silent = true
	w.now = w.now.Add(24 * time.Hour)
	w.work(t)
	w.silent = false
	w.now = w.now.Add(3 * time.Hour)
	w.work(t)
	if len(w.charges) != 1 {
		t.Errorf("%d charges", len(w.charges))
	}
}

// TestWHK05_AChargeThatDiedBeforeItWasAskedWaitsForAnAnswerToo claims an
// installment and dies; then the system of record falls silent.
func TestWHK05_AChargeThatDiedBeforeItWasAskedWaitsForAnAnswerToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-11-24"), Each: 60000}, plans.Automatic)
	p.Installments[0].Status, p.Installments[0].Attempts = plans.InFlight, 1
	w.plans[p.ID] = p
	w.silent = true
	w.days(t, 2)
	if len(w.charges) != 0 {
		t.Fatal("it was charged")
	}
	w.silent = false
	w.days(t, 1)
	if len(w.charges) != 1 {
		t.Errorf("%d charges", len(w.charges))
	}
}
