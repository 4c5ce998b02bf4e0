package identity_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"quittance/portal/identity"
)

const day = 24 * time.Hour

// past builds attempts from "how long ago" and outcomes.
func failedAgo(ago ...time.Duration) []identity.Attempt {
	var all []identity.Attempt
	for _, a := range ago {
		all = append(all, identity.Attempt{At: noon.Add(-a), Outcome: identity.Failed})
	}
	return all
}

func TestSEC07_WaitsGrowFromHalfAMinuteToAnHour(t *testing.T) {
	t.Parallel()
	for n, wait := range []time.Duration{0, 0, 0, 30 * time.Second, 5 * time.Minute, time.Hour, time.Hour, time.Hour} {
		past := failedAgo(make([]time.Duration, n)...)
		d := identity.Decide(past, noon)
		if d.Wait != wait || d.Allowed != (wait == 0) || d.Capped() {
			t.Errorf("after %d failures: %+v, want a wait of %s", n, d, wait)
		}
		if n == 0 {
			continue
		}
		if d := identity.Decide(past, noon.Add(wait)); !d.Allowed {
			t.Errorf("after %d failures and %s: %+v", n, wait, d)
		}
		if d := identity.Decide(past, noon.Add(wait-time.Microsecond)); wait > 0 && d.Allowed {
			t.Errorf("after %d failures: allowed too early", n)
		}
	}
}

// TestSEC07_BeyondTwentyADayOrAHundredNoFactAloneIsLookedAt: it waits until fewer
// misses are a day, or ninety days, old; then it is over (F5).
func TestSEC07_BeyondTwentyADayOrAHundredNoFactAloneIsLookedAt(t *testing.T) {
	t.Parallel()
	hourly := func(n int) []identity.Attempt {
		var ago []time.Duration
		for i := n; i > 0; i-- {
			ago = append(ago, time.Duration(i)*time.Hour)
		}
		return failedAgo(ago...)
	}
	for _, c := range []struct {
		failures int
		later    time.Duration
		capped   bool
	}{
		{19, 0, false}, {20, 0, true}, {20, 4*time.Hour - 1, true}, {20, 4 * time.Hour, false},
		{99, day, false}, {100, day, true}, {100, 90*day - 100*time.Hour - 1, true}, {100, 90*day - 100*time.Hour, false}, {100, 200 * day, false},
	} {
		d := identity.Decide(hourly(c.failures), noon.Add(c.later))
		if d.Allowed == c.capped {
			t.Errorf("%d failures, %s later: %+v", c.failures, c.later, d)
		}
	}
	for n := range 200 {
		longest := time.Hour // the pause that the page names; then it says "longer"
		switch {
		case n >= identity.MostInARow:
			longest = identity.FailuresFor
		case n >= identity.MostADay:
			longest = day
		}
		if d := identity.Decide(failedAgo(make([]time.Duration, n)...), noon); d.Wait > longest || d.Capped() != (longest > time.Hour) {
			t.Errorf("after %d failures: %+v, at most %s", n, d, longest)
		}
	}
}

func TestF4_BudgetsSlowAndChallengeAndTheAgencysGrows(t *testing.T) {
	t.Parallel()
	slow, both := identity.Challenge{Ticket: true}, identity.Challenge{Ticket: true, Possession: true}
	for _, c := range []struct {
		spent    identity.Spent
		accounts int
		want     identity.Challenge
	}{
		{identity.Spent{}, 0, identity.Challenge{}},
		{identity.Spent{Visitor: 9, Network: 59, Agency: 499}, 200, identity.Challenge{}},
		{identity.Spent{Visitor: 10}, 200, slow},
		{identity.Spent{Network: 60}, 200, slow},
		{identity.Spent{Agency: 500}, 200, both},
		{identity.Spent{Agency: 500}, 20_000, both},
		{identity.Spent{Agency: 500}, 100_000, identity.Challenge{}},
		{identity.Spent{Agency: 2499}, 100_000, identity.Challenge{}},
		{identity.Spent{Agency: 2500}, 100_000, both},
	} {
		if got := identity.Budget(c.spent, c.accounts); got != c.want {
			t.Errorf("%+v of %d accounts: %+v, want %+v", c.spent, c.accounts, got, c.want)
		}
	}
}

func TestASuccessOrACollectorsHelpLetsTheCountBeginAnew(t *testing.T) {
	t.Parallel()
	for _, o := range []identity.Outcome{identity.Passed, identity.Cleared} {
		past := append(failedAgo(make([]time.Duration, 100)...), identity.Attempt{At: noon, Outcome: o})
		if d := identity.Decide(past, noon); !d.Allowed {
			t.Errorf("after %s: %+v", o, d)
		}
	}
	past := append(failedAgo(0, 0), identity.Attempt{At: noon, Outcome: identity.Refused})
	if d := identity.Decide(past, noon); !d.Allowed {
		t.Errorf("a try that was not looked at was counted: %+v", d)
	}
}

// attack tries whenever a right guess would be looked at, and says how often that was. It stands for any number of addresses: tries are counted by code.
func attack(from time.Time, d time.Duration, every time.Duration) (looked []time.Time) {
	var past []identity.Attempt
	for now := from; now.Before(from.Add(d)); now = now.Add(every) {
		if d := identity.Decide(past, now); !d.Allowed {
			continue
		}
		looked = append(looked, now)
		past = append(past, identity.Attempt{At: now, Outcome: identity.Failed})
		past = past[max(0, len(past)-identity.MostInARow):] // as the store hands them out
	}
	return looked
}

// TestS3_GuessingIsBounded is the simulator of quality.md S3: 10,000 addresses
// against one account, then one guess at each of 100,000.
func TestS3_GuessingIsBounded(t *testing.T) {
	t.Parallel()
	looked := attack(noon, 24*time.Hour, 8640*time.Millisecond) // 10,000 tries a day
	if len(looked) > identity.MostADay {
		t.Errorf("%d tries at one account in a day; at most %d", len(looked), identity.MostADay)
	}
	year := attack(noon, 365*24*time.Hour, 10*time.Minute)
	for i, at := range year {
		if i >= 5 && at.Sub(year[i-5]) < time.Hour {
			t.Errorf("tries %d to %d fall within an hour", i-5, i)
		}
		if i >= identity.MostInARow && at.Sub(year[i-identity.MostInARow]) < identity.FailuresFor {
			t.Errorf("tries %d to %d fall within ninety days", i-identity.MostInARow, i)
		}
		if i >= 20 && at.Sub(year[i-20]) < 24*time.Hour {
			t.Errorf("tries %d to %d fall within a day", i-20, i)
		}
	}
	spray := min(100_000, identity.BudgetAnHour*24)
	const zips, days = 1.0 / 41_000, 1.0 / 29_000
	report := func(what string, tries int) {
		t.Logf("%-52s %6d tries  expected successes: %.4f by ZIP code, %.4f by date of birth",
			what, tries, float64(tries)*zips, float64(tries)*days)
	}
	report("one stolen code, 10,000 addresses, 24 hours", len(looked))
	report("one stolen code, a year", len(year))
	report("100,000 stolen codes, one guess each, 24 hours", spray)
	t.Logf("%-52s %6d tries  expected successes: %.1e", "codes made up, a million accounts, a million tries", 1_000_000, 1e6*1e6/(1<<45))
}

// through gives a code and a ZIP code from an address, with the patience of a
// person: whoever is asked to wait does so.
func (b *bundle) through(t *testing.T, code, typed, address string) (identity.Result, error) {
	t.Helper()
	from := identity.Visitor{Address: address, Browser: "browser of " + address}
	pending, err := b.verifier.Begin(code)
	if err != nil {
		t.Fatal(err)
	}
	for {
		r, err := b.verifier.Verify(t.Context(), pending, zip(t, typed), from)
		var held identity.Hold
		if !errors.As(err, &held) {
			return r, err
		}
		if held.Pending == "" || held.For > identity.TicketWait {
			t.Fatalf("held: %+v", held)
		}
		pending = held.Pending
		b.clock.move(held.For)
	}
}

// TestS3_F4_TheAgencysBudgetChallengesAndRefusesNobody runs the real service on
// a clock that moves.
func TestS3_F4_TheAgencysBudgetChallengesAndRefusesNobody(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range identity.BudgetAnHour {
		code := b.person(account(i))
		if _, err := b.through(t, code, "99999", fmt.Sprintf("10.%d.%d.7", i/200, i%200)); !errors.Is(err, identity.ErrNoMatch) {
			t.Fatalf("guess %d: %v", i, err)
		}
	}
	reached := b.person("acc_reached")
	alone := b.person("acc_alone", func(p *identity.Person) { p.Phone, p.Email = "", "" })
	if r, err := b.through(t, reached, "10001", "203.0.113.9"); err != nil || r.StepUp == "" || r.Cookie != "" {
		t.Errorf("with a contact on file: %+v, %v", r, err)
	}
	if r, err := b.through(t, alone, "10001", "203.0.113.9"); err != nil || r.Cookie == "" {
		t.Errorf("without a contact on file: %+v, %v", r, err)
	}
	b.clock.move(time.Hour)
	if r, err := b.try(t, reached, "10001"); err != nil || r.Cookie == "" {
		t.Errorf("an hour later: %+v, %v", r, err)
	}
}

func TestS3_CodesThatDoNotExistKeepNobodyOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	code := b.person("acc_1")
	for range identity.BudgetAnHour + 10 {
		madeUp, _, _ := b.codes.New()
		_, _ = b.through(t, madeUp, "99999", "203.0.113.7")
	}
	if len(b.attempts) > 0 {
		t.Errorf("%d rows are kept of codes that nobody has", len(b.attempts))
	}
	before := b.clock.now()
	if r, err := b.through(t, code, "10001", "203.0.113.7"); err != nil || r.Cookie == "" || b.clock.now().Sub(before) > 5*time.Second {
		t.Errorf("the holder of a code, after %s: %v", b.clock.now().Sub(before), err)
	}
}

// TestF7_ATicketIsOfOneCodeAndOneBrowserAndWorksOnce tries to use one otherwise.
func TestF7_ATicketIsOfOneCodeAndOneBrowserAndWorksOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	code := b.person("acc_1")
	for i := range identity.VisitorBudget {
		madeUp, _, _ := b.codes.New()
		if _, err := b.try(t, madeUp, fmt.Sprint(20000+i)); !errors.Is(err, identity.ErrNoMatch) {
			t.Fatal(err)
		}
	}
	from := identity.Visitor{Address: "203.0.113.7", Browser: "mine"}
	begin, _ := b.verifier.Begin(code)
	ask := func(pending, typed string, from identity.Visitor) (identity.Hold, error) {
		_, err := b.verifier.Verify(t.Context(), pending, zip(t, typed), from)
		var held identity.Hold
		errors.As(err, &held)
		return held, err
	}
	ticket, _ := ask(begin, "99999", from)
	if ticket.Pending == "" || ticket.For != identity.TicketWait {
		t.Fatalf("no ticket: %+v", ticket)
	}
	if early, _ := ask(ticket.Pending, "99999", from); early.Pending != "" || early.For != identity.TicketWait {
		t.Errorf("too early: %+v", early)
	}
	b.clock.move(identity.TicketWait)
	if other, _ := ask(ticket.Pending, "99999", identity.Visitor{Address: "203.0.113.7", Browser: "another"}); other.Pending == "" {
		t.Error("another browser's ticket works")
	}
	if _, err := ask(ticket.Pending, "99999", from); !errors.Is(err, identity.ErrNoMatch) {
		t.Errorf("the ticket does not work: %v", err)
	}
	if again, _ := ask(ticket.Pending, "99998", from); again.Pending == "" {
		t.Error("the ticket works twice")
	}
}

// TestG07_TheSameWrongAnswerAgainIsNoNewGuess: sent ten times it counts once.
func TestG07_TheSameWrongAnswerAgainIsNoNewGuess(t *testing.T) {
	t.Parallel()
	b := setup(t)
	code := b.person("acc_1")
	for range 8 {
		if _, err := b.try(t, code, "99999"); !errors.Is(err, identity.ErrNoMatch) {
			t.Fatal(err)
		}
	}
	if len(b.attempts) != 1 {
		t.Errorf("%d guesses were counted", len(b.attempts))
	}
	if _, err := b.try(t, code, "10001"); err != nil {
		t.Errorf("the right one: %v", err)
	}
}

// TestS4_ABrowserThatWasInBeforeIsCountedApart: strangers who guess at a code
// keep its owner's own browser out by nothing.
func TestS4_ABrowserThatWasInBeforeIsCountedApart(t *testing.T) {
	t.Parallel()
	b := setup(t)
	code := b.person("acc_1")
	in, err := b.try(t, code, "10001")
	if err != nil || in.Mark == "" {
		t.Fatalf("%+v, %v", in, err)
	}
	b.exhausted(t, code)
	known := identity.Visitor{Address: "198.51.100.4", Mark: in.Mark}
	pending, _ := b.verifier.Begin(code)
	if _, err := b.verifier.Verify(t.Context(), pending, zip(t, "10001"), identity.Visitor{Address: "198.51.100.4"}); !errors.Is(err, identity.ErrNoMatch) {
		t.Errorf("a browser that nobody knows: %v", err)
	}
	if _, err := b.verifier.Verify(t.Context(), pending, zip(t, "10001"), known); err != nil {
		t.Errorf("the owner's own browser: %v", err)
	}
	other, _ := b.verifier.Begin(b.exhausted(t, b.person("acc_2")))
	if _, err := b.verifier.Verify(t.Context(), other, zip(t, "10001"), known); !errors.Is(err, identity.ErrNoMatch) {
		t.Errorf("the mark fits another code: %v", err)
	}
	for i := range 6 {
		_, _ = b.verifier.Verify(t.Context(), pending, zip(t, fmt.Sprint(30000+i)), known)
	}
	if _, err := b.verifier.Verify(t.Context(), pending, zip(t, "10001"), known); !errors.Is(err, identity.ErrNoMatch) {
		t.Errorf("a known browser guesses without end: %v", err)
	}
}
