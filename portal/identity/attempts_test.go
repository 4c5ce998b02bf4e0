package identity_test

import (
	"testing"
	"time"

	"quittance/portal/identity"
)

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
		if d.Wait != wait || d.Allowed != (wait == 0) || d.Locked {
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

func TestSEC07_TwentyADayAndAHundredEver(t *testing.T) {
	t.Parallel()
	hourly := func(n int) []identity.Attempt {
		var ago []time.Duration
		for i := n; i > 0; i-- {
			ago = append(ago, time.Duration(i)*time.Hour)
		}
		return failedAgo(ago...)
	}
	if d := identity.Decide(hourly(19), noon); !d.Allowed {
		t.Errorf("19 in a day: %+v", d)
	}
	if d := identity.Decide(hourly(20), noon); d.Allowed || d.Wait != 4*time.Hour {
		t.Errorf("20 in a day: %+v", d)
	}
	long := hourly(99)
	if d := identity.Decide(long, noon.Add(24*time.Hour)); !d.Allowed {
		t.Errorf("99 ever: %+v", d)
	}
	if d := identity.Decide(hourly(100), noon.Add(10_000*time.Hour)); d.Allowed || !d.Locked {
		t.Errorf("100 ever: %+v", d)
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

// attack tries without pause for as long as it may and says how often it was
// looked at. It stands for any number of addresses: tries are counted by code.
func attack(from time.Time, d time.Duration, every time.Duration) (looked []time.Time) {
	var past []identity.Attempt
	for now := from; now.Before(from.Add(d)); now = now.Add(every) {
		if !identity.Decide(past, now).Allowed {
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
	if len(year) != identity.MostInARow {
		t.Errorf("%d tries at one account in a year; want %d", len(year), identity.MostInARow)
	}
	for i, at := range year {
		if i >= 5 && at.Sub(year[i-5]) < time.Hour {
			t.Errorf("tries %d to %d fall within an hour", i-5, i)
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

// TestS3_TheBudgetStopsASpray runs the real service on a clock that moves.
func TestS3_TheBudgetStopsASpray(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var codes []string
	for i := range 600 {
		codes = append(codes, b.person(account(i)))
	}
	looked := 0
	for _, code := range codes {
		if _, err := b.try(t, code, "99999"); err == nil {
			t.Fatal("a wrong ZIP code passed")
		}
		b.clock.move(time.Second)
	}
	for _, a := range b.attempts {
		if a.Outcome == identity.Failed {
			looked++
		}
	}
	if looked != identity.BudgetAnHour {
		t.Errorf("%d guesses were looked at; the budget is %d", looked, identity.BudgetAnHour)
	}
	if _, err := b.try(t, codes[599], "10001"); err == nil {
		t.Error("a typed code passed beyond the budget")
	}
	b.clock.move(time.Hour)
	if _, err := b.try(t, codes[599], "10001"); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

func TestS3_CodesThatDoNotExistKeepNobodyOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	code := b.person("acc_1")
	for range identity.BudgetAnHour + 10 {
		madeUp, _, _ := b.codes.New()
		_, _ = b.try(t, madeUp, "99999")
	}
	if _, err := b.try(t, code, "10001"); err != nil {
		t.Errorf("the holder of a code: %v", err)
	}
}
