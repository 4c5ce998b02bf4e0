package schedule

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"quittance/plans/civil"
)

func TestPDN04_DatesKeepTheirRhythmAndRollLaterNeverEarlier(t *testing.T) {
	t.Parallel()
	twice := func(first string, other int) Rule {
		return Rule{Rhythm: TwiceAMonth, First: day(first), OtherDay: other}
	}
	for _, c := range []struct {
		why  string
		rule Rule
		want string
	}{
		{"the 31st is the last day of short months and the 31st again", rule(Monthly, "2026-12-31"), "[2026-12-31 2027-02-01 2027-03-01 2027-03-31 2027-04-30]"},
		{"29 February", rule(Monthly, "2028-02-29"), "[2028-02-29 2028-03-29 2028-05-01 2028-05-30 2028-06-29]"},
		{"a rolled date does not carry over", rule(Monthly, "2026-07-04"), "[2026-07-06 2026-08-04 2026-09-04 2026-10-05 2026-11-04]"},
		{"July 3, 2026 is open", rule(Weekly, "2026-06-26"), "[2026-06-26 2026-07-03 2026-07-10 2026-07-17 2026-07-24]"},
		{"the Monday after a holiday on a Sunday is open to Regulation F, not to banks", rule(Weekly, "2027-06-28"), "[2027-06-28 2027-07-06 2027-07-12 2027-07-19 2027-07-26]"},
		{"paydays over Christmas and New Year", rule(EveryTwoWeeks, "2026-12-11"), "[2026-12-11 2026-12-28 2027-01-08 2027-01-22 2027-02-05]"},
		{"the 1st and the 15th", twice("2026-10-01", 15), "[2026-10-01 2026-10-15 2026-11-02 2026-11-16 2026-12-01]"},
		{"the 15th and the last", twice("2027-01-15", 31), "[2027-01-15 2027-02-01 2027-02-16 2027-03-01 2027-03-15]"},
		{"the last and the 15th", twice("2026-12-31", 15), "[2026-12-31 2027-01-15 2027-02-01 2027-02-16 2027-03-01]"},
		{"fifteen days apart, from the first half", twice("2026-10-07", 0), "[2026-10-07 2026-10-22 2026-11-09 2026-11-23 2026-12-07]"},
		{"fifteen days apart, from the second half", twice("2026-10-22", 0), "[2026-10-22 2026-11-09 2026-11-23 2026-12-07 2026-12-22]"},
		{"the same day twice is fifteen days apart", twice("2026-10-07", 7), "[2026-10-07 2026-10-22 2026-11-09 2026-11-23 2026-12-07]"},
		{"a day that no month has is fifteen days apart", twice("2026-10-07", 32), "[2026-10-07 2026-10-22 2026-11-09 2026-11-23 2026-12-07]"},
		{"two days that fall on one are not taken twice", twice("2026-04-30", 31), "[2026-04-30 2026-05-01 2026-06-01 2026-06-02 2026-06-30]"},
		{"once", rule(Once, "2026-11-11"), "[2026-11-12]"},
		{"no rhythm", Rule{First: day("2026-11-11")}, "[]"},
	} {
		if got := fmt.Sprint(c.rule.Dates(5)); got != c.want {
			t.Errorf("%s: %s, want %s", c.why, got, c.want)
		}
	}
	if got := rule(Weekly, "2026-11-11").Dates(0); got != nil {
		t.Errorf("no dates were asked for, %v were given", got)
	}
}

func TestTheNextDateAfterADayIsOneOfTheRules(t *testing.T) {
	t.Parallel()
	monthly := rule(Monthly, "2026-07-04")
	for _, c := range []struct {
		why  string
		rule Rule
		day  string
		want string
	}{
		{"before the first", monthly, "2026-01-01", "2026-07-06"},
		{"on the nominal day", monthly, "2026-07-04", "2026-07-06"},
		{"on the due date", monthly, "2026-07-06", "2026-08-04"},
		{"years on", monthly, "2029-07-05", "2029-08-06"},
		{"once, before it", rule(Once, "2026-11-11"), "2026-11-11", "2026-11-12"},
		{"once, past it", rule(Once, "2026-11-11"), "2026-11-12", ""},
	} {
		if got := c.rule.After(day(c.day)); got.String() != c.want {
			t.Errorf("%s: %s, want %s", c.why, got, c.want)
		}
	}
}

func TestARuleThatGoesOnKeepsTheDaysItBeganWith(t *testing.T) {
	t.Parallel()
	if got := fmt.Sprint(rule(Monthly, "2026-01-31").From(day("2026-03-01")).Dates(3)); got != "[2026-03-02 2026-03-31 2026-04-30]" {
		t.Errorf("the 31st goes on as %s", got)
	}
	rng := rand.New(rand.NewPCG(4, 5))
	for range 500 {
		r := anyRule(rng)
		all := r.Dates(60)
		from := all[0].AddDays(rng.IntN(300))
		k := slices.IndexFunc(all, func(d civil.Date) bool { return !d.Before(from) })
		if got := r.From(from).Dates(60 - k); !slices.Equal(got, all[k:]) {
			t.Fatalf("%+v goes on from %s with %v, want %v", r, from, got[:3], all[k:k+3])
		}
		if again := r.From(all[0]).From(from); again != r.From(from) {
			t.Fatalf("%+v goes on from %s as %+v", r, from, again)
		}
	}
}

func TestPDN04_ADayRollsToTheFirstOpenOneAtMostThreeDaysOn(t *testing.T) {
	t.Parallel()
	closed := closedByTheLibrary()
	for d := day("2022-01-01"); d.Year < 2040; d = d.AddDays(1) {
		open := Roll(d)
		if late := civil.DaysBetween(d, open); late < 0 || late > 3 || closed.on(open) {
			t.Errorf("%s rolls to %s", d, open)
		}
		for passed := d; passed.Before(open); passed = passed.AddDays(1) {
			if !closed.on(passed) {
				t.Errorf("%s rolls to %s past %s, which is open", d, open, passed)
			}
		}
	}
}
