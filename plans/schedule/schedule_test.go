package schedule

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/rickar/cal/v2/us"

	"quittance/payments/money"
	"quittance/plans/civil"
)

// day reads a date of a test.
func day(s string) civil.Date {
	d, err := civil.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func rule(r Rhythm, first string) Rule { return Rule{Rhythm: r, First: day(first)} }

func amounts(lines []Line) string {
	var all []money.Cents
	for _, l := range lines {
		all = append(all, l.Amount)
	}
	return fmt.Sprint(all)
}

func TestREG04_OnlyTheLastPaymentMayBeSmaller(t *testing.T) {
	t.Parallel()
	monthly := rule(Monthly, "2026-11-16")
	for _, c := range []struct {
		why   string
		total money.Cents
		n     int
		want  string
		err   error
	}{
		{"it comes out even", 30000, 3, "[$100.00 $100.00 $100.00]", nil},
		{"a cent is left over", 10000, 3, "[$33.34 $33.34 $33.32]", nil},
		{"one payment", 48217, 1, "[$482.17]", nil},
		{"a cent each", 3, 3, "[$0.01 $0.01 $0.01]", nil},
		{"less than a cent each", 2, 3, "[]", ErrTooSmall},
		{"two cents each would leave nothing for the last", 5, 4, "[]", ErrTooSmall},
		{"nothing is owed", 0, 1, "[]", ErrTooSmall},
		{"a credit", -500, 4, "[]", ErrTooSmall},
		{"no payment", 500, 0, "[]", ErrTooSmall},
		{"less than no payment", 500, -1, "[]", ErrTooSmall},
		{"more than there may be", 5_000_000, Most + 1, "[]", ErrTooMany},
	} {
		got, err := Even(c.total, c.n, monthly)
		if amounts(got) != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: %s, %v", c.why, amounts(got), err)
		}
	}
}

func TestREG04_AnAmountOfOnesOwnIsTakenUntilTheTotalIsReached(t *testing.T) {
	t.Parallel()
	weekly := rule(Weekly, "2026-11-16")
	for _, c := range []struct {
		why         string
		total, each money.Cents
		want        string
		err         error
	}{
		{"the last is smaller", 10000, 3000, "[$30.00 $30.00 $30.00 $10.00]", nil},
		{"it comes out even", 9000, 3000, "[$30.00 $30.00 $30.00]", nil},
		{"more than is owed", 2500, 3000, "[$25.00]", nil},
		{"nothing each time", 2500, 0, "[]", ErrTooSmall},
		{"nothing is owed", 0, 100, "[]", ErrTooSmall},
		{"a cent a week for a lifetime", money.Max, 1, "[]", ErrTooMany},
	} {
		got, err := By(c.total, c.each, weekly)
		if amounts(got) != c.want || !errors.Is(err, c.err) || len(got) != 0 && len(got) != Count(c.total, c.each) {
			t.Errorf("%s: %s, %v", c.why, amounts(got), err)
		}
	}
}

func TestARuleHasNoMoreDatesThanItsRhythm(t *testing.T) {
	t.Parallel()
	for why, r := range map[string]Rule{
		"once is not twice":     rule(Once, "2026-11-16"),
		"no first day":          {Rhythm: Monthly},
		"no rhythm":             {First: day("2026-11-16")},
		"an unknown rhythm":     rule("hourly", "2026-11-16"),
		"what was once is over": rule(Once, "2026-11-16").From(day("2026-11-17")),
	} {
		if got, err := Even(1000, 2, r); got != nil || !errors.Is(err, ErrNoSuchDate) {
			t.Errorf("%s: %v, %v", why, got, err)
		}
	}
	if got, err := Even(1000, 1, rule(Once, "2026-11-14")); err != nil || len(got) != 1 || got[0] != (Line{Due: day("2026-11-16"), Amount: 1000}) {
		t.Errorf("once: %v, %v", got, err)
	}
}

// closedDays are the days of 2022 to 2040 without Reg F or without banking, as a
// holiday library has them, each year by month and day.
type closedDays [2041][13][32]bool

func (c *closedDays) on(d civil.Date) bool { return c[d.Year][d.Month][d.Day] }

func (c *closedDays) close(d civil.Date) { c[d.Year][d.Month][d.Day] = true }

func closedByTheLibrary() *closedDays {
	closed := new(closedDays)
	for year := 2022; year <= 2040; year++ {
		for _, h := range us.Holidays {
			actual, _ := h.Calc(year)
			closed.close(civil.Of(actual))
			if actual.Weekday() == time.Sunday {
				closed.close(civil.Of(actual).AddDays(1))
			}
		}
	}
	for d := day("2022-01-01"); d.Year <= 2040; d = d.AddDays(1) {
		if w := d.Weekday(); w == time.Saturday || w == time.Sunday {
			closed.close(d)
		}
	}
	return closed
}

// nominals walks the calendar day by day and takes those of the rhythm.
func nominals(r Rule, n int) []civil.Date {
	second := r.OtherDay
	if second == 0 || second == r.First.Day {
		if second = r.First.Day + 15; second > 30 {
			second = r.First.Day - 15
		}
	}
	falls := func(d civil.Date, wanted int) bool {
		return d.Day == wanted || d.Day < wanted && d.Day >= 28 && d.AddDays(1).Day == 1
	}
	all := make([]civil.Date, 0, n+1)
	for d, since := r.First, 0; len(all) < n; d, since = d.AddDays(1), since+1 {
		if r.Rhythm == Weekly && since%7 == 0 || r.Rhythm == EveryTwoWeeks && since%14 == 0 {
			all = append(all, d)
		}
		if (r.Rhythm == Monthly || r.Rhythm == TwiceAMonth) && falls(d, r.First.Day) {
			all = append(all, d)
		}
		if r.Rhythm == TwiceAMonth && falls(d, second) {
			all = append(all, d)
		}
	}
	return all[:n]
}

// in37Months is how many payments each rhythm has in that time.
var in37Months = map[Rhythm]int{Weekly: 161, EveryTwoWeeks: 81, TwiceAMonth: 74, Monthly: 37}

// anyRule draws a rule that begins between 2025 and 2035.
func anyRule(rng *rand.Rand) Rule {
	rhythms := []Rhythm{Weekly, EveryTwoWeeks, TwiceAMonth, Monthly}
	return Rule{Rhythm: rhythms[rng.IntN(4)], First: day("2025-01-01").AddDays(rng.IntN(3652)), OtherDay: rng.IntN(32)}
}

func TestPDN04_TenThousandPlansOf37MonthsAreExactToTheCentAndNeverEarly(t *testing.T) {
	t.Parallel()
	closed := closedByTheLibrary()
	rng := rand.New(rand.NewPCG(808, 1006))
	for range 10_000 {
		r := anyRule(rng)
		n := in37Months[r.Rhythm]
		total := money.Cents(n*n) + money.Cents(rng.Int64N(5_000_000))
		lines, err := Even(total, n, r)
		if err != nil || len(lines) != n {
			t.Fatalf("%v in %d payments by %+v: %d lines, %v", total, n, r, len(lines), err)
		}
		checkAmounts(t, lines, total)
		checkDates(t, lines, nominals(r, n), closed)
	}
}

func checkAmounts(t *testing.T, lines []Line, total money.Cents) {
	t.Helper()
	each, last := lines[0].Amount, lines[len(lines)-1].Amount
	if Sum(lines) != total || last < 1 || last > each {
		t.Fatalf("%v comes to %v, of which %v each and %v at last", total, Sum(lines), each, last)
	}
	for _, l := range lines[:len(lines)-1] {
		if l.Amount != each {
			t.Fatalf("%v differs from %v before the last payment", l.Amount, each)
		}
	}
}

// checkDates holds each due date to the first open day on or after its nominal
// one that is later than the due date before it.
func checkDates(t *testing.T, lines []Line, nominal []civil.Date, closed *closedDays) {
	t.Helper()
	var before civil.Date
	for k, l := range lines {
		want := nominal[k]
		for closed.on(want) || k > 0 && !want.After(before) {
			want = want.AddDays(1)
		}
		if l.Due != want {
			t.Fatalf("payment %d of nominally %s is due %s, want %s", k+1, nominal[k], l.Due, want)
		}
		if alone := k == 0 || before.Before(nominal[k]); alone && civil.DaysBetween(nominal[k], l.Due) > 3 {
			t.Fatalf("payment %d of nominally %s is more than three days late: %s", k+1, nominal[k], l.Due)
		}
		before = l.Due
	}
}

func FuzzEvenIsExact(f *testing.F) {
	f.Add(int64(48217), 12, 30, 0, uint8(2))
	f.Add(int64(10000), 3, 58, 31, uint8(3))
	f.Add(int64(5), 4, 0, -7, uint8(0))
	f.Fuzz(func(t *testing.T, total int64, n, from, other int, rhythm uint8) {
		if total > int64(money.Max) || n > Most || from < 0 || from > 3652 {
			return
		}
		r := Rule{Rhythm: []Rhythm{Weekly, EveryTwoWeeks, TwiceAMonth, Monthly}[rhythm%4], First: day("2025-01-01").AddDays(from), OtherDay: other}
		lines, err := Even(money.Cents(total), n, r)
		if err != nil {
			if !errors.Is(err, ErrTooSmall) || n >= 1 && total >= int64(n)*int64(n) {
				t.Fatalf("%d cents in %d payments: %v", total, n, err)
			}
			return
		}
		checkAmounts(t, lines, money.Cents(total))
		for k, l := range lines {
			if Roll(l.Due) != l.Due || k > 0 && !l.Due.After(lines[k-1].Due) {
				t.Fatalf("%+v: payment %d is due %s", r, k+1, l.Due)
			}
		}
	})
}

func FuzzByNeverTakesMoreThanIsOwed(f *testing.F) {
	f.Add(int64(10000), int64(3000))
	f.Add(int64(1), int64(-1))
	f.Add(int64(1)<<62, int64(1)<<53)
	f.Fuzz(func(t *testing.T, total, each int64) {
		lines, err := By(money.Cents(total), money.Cents(each), rule(Weekly, "2026-11-16"))
		if err != nil {
			return
		}
		checkAmounts(t, lines, money.Cents(total))
		if lines[0].Amount != money.Cents(min(total, each)) || len(lines) != Count(money.Cents(total), money.Cents(each)) {
			t.Fatalf("%d by %d: %s", total, each, amounts(lines))
		}
	})
}

// BenchmarkSchedule lays out plans of 37 months.
func BenchmarkSchedule(b *testing.B) {
	for _, r := range []Rhythm{Monthly, TwiceAMonth, EveryTwoWeeks, Weekly} {
		b.Run(string(r), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Even(482_170, in37Months[r], rule(r, "2026-01-31")); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
