package plans_test

import (
	"errors"
	"testing"

	"quittance/payments"
	"quittance/plans"
	"quittance/plans/schedule"
)

// impossible expects a problem and looks at the nearest thing that can be.
func impossible(t *testing.T, name string, err error, want plans.Problem) plans.Impossible {
	t.Helper()
	var i *plans.Impossible
	if !errors.As(err, &i) || i.Problem != want || i.Error() == "" {
		t.Errorf("%s: %v, want %s", name, err, want)
		return plans.Impossible{}
	}
	return *i
}

func TestADraftTakesAnotherFirstDayUntilItIsSigned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wish := plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 20000}
	d, _, err := w.Begin(t.Context(), "acc_1", "dbt_1", wish)
	if err != nil {
		t.Fatal(err)
	}
	wish.Rule = monthly("2026-12-08")
	if _, q, err := w.Revise(t.Context(), "acc_1", d.ID, wish); err != nil || q.Lines[0].Due != day(t, "2026-12-08") {
		t.Errorf("%+v, %v", q.Lines, err)
	}
	wish.Rule = monthly("2027-12-08")
	if _, _, err := w.Revise(t.Context(), "acc_1", d.ID, wish); true {
		impossible(t, "a year later", err, plans.DateTooLate)
	}
	if _, q, err := w.Service.Draft(t.Context(), "acc_1", d.ID); err != nil || q.Lines[0].Due != day(t, "2026-12-08") {
		t.Errorf("what could not be was kept: %+v, %v", q.Lines, err)
	}
	if _, _, err := w.Revise(t.Context(), "acc_2", d.ID, wish); !errors.Is(err, plans.ErrNotFound) {
		t.Errorf("another's draft: %v", err)
	}
}

func TestSTR11_WhoeverOpensAPlanLearnsThatItsAccountWasVerified(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setup.State, w.setup.VerifyURL = payments.SetupVerifying, "https://pay.example/verify"
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 20000}, plans.Automatic)
	if setup, err := w.Verify(t.Context(), "acc_1", p.ID); err != nil || setup.VerifyURL != w.setup.VerifyURL {
		t.Errorf("%+v, %v", setup, err)
	}
	w.setup.State = payments.SetupReady
	if p, err := w.Service.Plan(t.Context(), "acc_1", p.ID); err != nil || p.Status != plans.Active {
		t.Errorf("%s, %v", p.Status, err)
	}
	if _, err := w.Verify(t.Context(), "acc_1", p.ID); !errors.Is(err, plans.ErrNotNow) {
		t.Errorf("nothing waits any more: %v", err)
	}
	if _, err := w.Service.Plan(t.Context(), "acc_2", p.ID); !errors.Is(err, plans.ErrNotFound) {
		t.Errorf("another's plan: %v", err)
	}
	if all, err := w.PlansOf(t.Context(), "acc_1"); err != nil || len(all) != 1 {
		t.Errorf("%d plans, %v", len(all), err)
	}
}

func TestSTR12_AMethodThatWasRemovedRestsThePlanAndEndsOneThatWaitsForIt(t *testing.T) {
	t.Parallel()
	for state, want := range map[payments.SetupState]plans.Status{payments.SetupReady: plans.Paused, payments.SetupVerifying: plans.Canceled} {
		w := newWorld(t)
		w.setup.State = state
		p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 20000}, plans.Automatic)
		for _, method := range []string{"pm_9", "pm_1", "pm_1"} {
			if err := w.MethodGone(t.Context(), method); err != nil {
				t.Fatal(err)
			}
		}
		w.days(t, 60)
		if p = w.plan(t, p.ID); p.Status != want || len(w.charges) != 0 {
			t.Errorf("%s: %s after %d charges", state, p.Status, len(w.charges))
		}
	}
}

func TestPDN03_ANoticeThatReachedNobodyIsNoNotice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 60000}, plans.Automatic)
	for len(w.sent) == 0 {
		w.now = w.now.AddDate(0, 0, 1)
		if _, err := w.Tidy(t.Context(), 9); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.NoticeLost(t.Context(), "msg_1"); err != nil {
		t.Fatal(err)
	}
	if err := w.NoticeLost(t.Context(), "msg_9"); err != nil {
		t.Errorf("a message that is no notice: %v", err)
	}
	if err := w.NoticeLost(t.Context(), "msg_1"); err != nil || len(w.paper) != 1 {
		t.Errorf("said twice, %d letters were asked for, %v", len(w.paper), err)
	}
	w.now = w.now.AddDate(0, 0, 13)
	w.work(t)
	if p = w.plan(t, p.ID); len(w.charges) != 0 || !p.Installments[0].Due.After(w.today()) {
		t.Errorf("%d charges, due %s", len(w.charges), p.Installments[0].Due)
	}
	w.days(t, 60)
	if p = w.plan(t, p.ID); p.Status != plans.Completed || len(w.sent) != 2 {
		t.Errorf("%s after %d notices", p.Status, len(w.sent))
	}
}

func TestPDN03_ALetterInTimeMakesUpForALostEmailAndALateOneDoesNot(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lost, mailed int // days after the e-mail
		asked        int
		charged      bool
	}{{0, 2, 1, true}, {4, 5, 1, true}, {10, 11, 0, false}, {0, 11, 1, false}} {
		w := newWorld(t)
		p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 60000}, plans.Automatic)
		due := p.Installments[0].Due
		for len(w.sent) == 0 {
			w.days(t, 1)
		}
		sent := w.now
		for day := range 30 {
			w.now = sent.AddDate(0, 0, day)
			if day == c.lost && w.NoticeLost(t.Context(), "msg_1") != nil {
				t.Fatal("the loss was not taken")
			}
			if day == c.mailed && len(w.paper) > 0 && w.NoticeSent(t.Context(), "evt_1", w.now) != nil {
				t.Fatal("the letter was not taken")
			}
			if w.work(t); w.today() == due {
				break
			}
		}
		if asked, charged := len(w.paper), len(w.charges) == 1; asked != c.asked || charged != c.charged {
			t.Errorf("%+v: %d letters, charged %v", c, asked, charged)
		}
	}
}

// TestAChargeThatIsTurnedAwayIsLookedAtAgain lets the payments say that more is
// asked for than may be paid, which the plan did not know.
func TestAChargeThatIsTurnedAwayIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-11-24"), Each: 60000}, plans.Automatic)
	w.pending = -1000 // the plan sees more than there is
	w.owed["dbt_1"] = 59900
	w.days(t, 2)
	if p = w.plan(t, p.ID); p.Installments[0].Status == plans.InFlight || p.Installments[0].Status == plans.Failed {
		t.Errorf("it is %s", p.Installments[0].Status)
	}
	w.pending, w.owed["dbt_1"] = 0, 60000
	w.days(t, 2)
	if p = w.plan(t, p.ID); len(w.charges) != 1 {
		t.Errorf("%d charges, %s", len(w.charges), p.Status)
	}
}

func TestOnlyTheConsumersOwnPauseEndsByItself(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ends bool
		want plans.Status
	}{{false, plans.Paused}, {true, plans.Canceled}} {
		w := newWorld(t)
		p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 20000}, plans.Automatic)
		p, err := w.Bend(t.Context(), "acc_1", p.ID, plans.Bend{Action: plans.Pause, To: day(t, "2026-12-21")}, p.Revision, "Maria Lopez", signature)
		if err != nil || p.ResumeOn != day(t, "2026-12-21") {
			t.Fatalf("%s, %v", p.ResumeOn, err)
		}
		w.refusal, w.ends = "bankruptcy", c.ends
		w.days(t, 40)
		if p = w.plan(t, p.ID); p.Status != c.want || p.Reason != "bankruptcy" || !p.ResumeOn.IsZero() || len(w.charges) != 0 {
			t.Errorf("%s because of %s until %q, %d charges", p.Status, p.Reason, p.ResumeOn, len(w.charges))
		}
	}
}

func TestWhatAChangeCannotBeNamesTheNearestThatCan(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 20000}, plans.Automatic)
	ask := func(name string, b plans.Bend, want plans.Problem) plans.Impossible {
		t.Helper()
		_, err := w.Preview(t.Context(), "acc_1", p.ID, b)
		return impossible(t, name, err, want)
	}
	if i := ask("yesterday", plans.Bend{Action: plans.Move, Number: 1, To: day(t, "2026-11-22")}, plans.DateTooEarly); i.Date != day(t, "2026-11-23") {
		t.Errorf("nearest %s", i.Date)
	}
	if i := ask("two months on", plans.Bend{Action: plans.Move, Number: 1, To: day(t, "2027-02-16")}, plans.DateTooLate); i.Date != day(t, "2027-01-15") {
		t.Errorf("nearest %s", i.Date)
	}
	if i := ask("a Sunday", plans.Bend{Action: plans.Move, Number: 1, To: day(t, "2026-12-20")}, plans.DateClosed); i.Date != day(t, "2026-12-21") {
		t.Errorf("nearest %s", i.Date)
	}
	if i := ask("on another's day", plans.Bend{Action: plans.Move, Number: 1, To: day(t, "2027-01-15")}, plans.DateTaken); i.Date != day(t, "2027-01-19") {
		t.Errorf("nearest %s", i.Date) // Monday is a holiday
	}
	ask("a break that began", plans.Bend{Action: plans.Pause, To: day(t, "2026-11-23")}, plans.DateTooEarly)
	ask("a break of half a year", plans.Bend{Action: plans.Pause, To: day(t, "2027-05-03")}, plans.PauseTooLong)
	ask("a rhythm that is none", plans.Bend{Action: plans.Rebeat, Rule: schedule.Rule{Rhythm: "daily"}}, plans.BadRhythm)
	ask("a rhythm from yesterday", plans.Bend{Action: plans.Rebeat, Rule: schedule.Rule{Rhythm: schedule.Weekly, First: day(t, "2026-11-20")}}, plans.DateTooEarly)
	w.days(t, 25) // the first is paid
	ask("one that is paid", plans.Bend{Action: plans.Skip, Number: 1}, plans.AlreadyCharged)
	for _, number := range []int{2, 3} {
		p = w.plan(t, p.ID)
		if _, err := w.Bend(t.Context(), "acc_1", p.ID, plans.Bend{Action: plans.Skip, Number: number}, p.Revision, "Maria Lopez", signature); err != nil {
			t.Fatal(err)
		}
	}
	ask("a third skip", plans.Bend{Action: plans.Skip, Number: 2}, plans.NoSkipsLeft)
	if _, err := w.Preview(t.Context(), "acc_1", p.ID, plans.Bend{Action: plans.Skip, Number: 77}); !errors.Is(err, plans.ErrNotFound) {
		t.Errorf("one that is none: %v", err)
	}
	w.refusal = "disputed"
	ask("on a disputed debt", plans.Bend{Action: plans.Split, Number: 2}, plans.NotAllowed)
}

func TestABrokenPlanIsWellAgainWhenWhatWasMissedIsPaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.enroll(t, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-11-30"), Count: 6}, plans.ByHand)
	w.days(t, 50)
	if p = w.plan(t, p.ID); p.Status != plans.Broken {
		t.Fatalf("%s", p.Status)
	}
	w.payByHand(t, 10000)
	if p = w.plan(t, p.ID); p.Status != plans.Broken {
		t.Errorf("with one still missed it is %s", p.Status)
	}
	w.payByHand(t, 10000)
	if p = w.plan(t, p.ID); p.Status != plans.Active || p.Reason != "" {
		t.Errorf("%s %s", p.Status, p.Reason)
	}
}

func TestTheSameWorksheetIsOneStatement(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 2 {
		if _, err := w.Submit(t.Context(), "acc_1", "form", budget(100000, 97000)); err != nil {
			t.Fatal(err)
		}
	}
	if len(w.statements) != 1 {
		t.Errorf("%d statements", len(w.statements))
	}
	if _, err := w.Submit(t.Context(), "acc_1", "", budget(100000, 97000)); !errors.Is(err, plans.ErrNoKey) {
		t.Errorf("without a key: %v", err)
	}
}
