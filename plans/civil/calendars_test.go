package civil

import (
	"testing"
	"time"

	"github.com/rickar/cal/v2/us"

	"quittance/payments/banking"
)

// legalHolidays asks the library for the dates that 5 USC 6103(a) names, not
// for those on which they are observed.
func legalHolidays(from, to int) map[Date]bool {
	days := map[Date]bool{}
	for year := from; year <= to; year++ {
		for _, h := range us.Holidays {
			if actual, _ := h.Calc(year); !actual.IsZero() {
				days[Of(actual)] = true
			}
		}
	}
	return days
}

func weekend(d Date) bool { return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday }

// day reads a date of a test.
func day(s string) Date {
	d, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestGEN02_RegFDaysOf2000To2100AreThoseOfTheStatute(t *testing.T) {
	t.Parallel()
	holidays := legalHolidays(2000, 2100)
	if n := 11*80 + 10*21; len(holidays) != n {
		t.Fatalf("the library names %d holidays, want %d: eleven a year, ten before 2021", len(holidays), n)
	}
	for d := day("2000-01-01"); d.Year <= 2100; d = d.AddDays(1) {
		if got, want := IsRegFDay(d), !weekend(d) && !holidays[d]; got != want {
			t.Errorf("%s %s: Reg F day is %v", d.Weekday(), d, got)
		}
	}
}

func TestGEN02_BanksMoveSundayHolidaysToMondayAndSaturdayHolidaysNowhere(t *testing.T) {
	t.Parallel()
	holidays := legalHolidays(2022, 2100)
	for d := day("2022-01-01"); d.Year <= 2100; d = d.AddDays(1) {
		moved := d.Weekday() == time.Monday && holidays[d.AddDays(-1)]
		if got, want := IsBankingDay(d), !weekend(d) && !holidays[d] && !moved; got != want {
			t.Errorf("%s %s: banking day is %v", d.Weekday(), d, got)
		}
		if want := banking.Open(d.Year, d.Month, d.Day); IsBankingDay(d) != want {
			t.Errorf("%s %s: banks settle is %v where debits are expected to clear", d.Weekday(), d, want)
		}
	}
}

func TestGEN02_TheThreeCalendarsDiffer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, day   string
		regF, bank bool
	}{
		{"Independence Day is observed that Friday, which counts all the same", "2026-07-03", true, true},
		{"Independence Day on a Saturday", "2026-07-04", false, false},
		{"Independence Day on a Sunday", "2027-07-04", false, false},
		{"the Monday after it: banks are closed, Regulation F counts it", "2027-07-05", true, false},
		{"Christmas on a Sunday is kept by banks on Monday", "2022-12-26", true, false},
		{"New Year's Day on a Saturday takes nothing from the old year", "2027-12-31", true, true},
		{"Juneteenth before it was a holiday", "2020-06-19", true, true},
		{"Juneteenth on a Friday", "2026-06-19", false, false},
		{"an Inauguration Day is in 6103(c), not in (a)", "2021-01-20", true, true},
		{"the day after Thanksgiving", "2026-11-27", true, true},
	} {
		if d := day(c.day); IsRegFDay(d) != c.regF || IsBankingDay(d) != c.bank {
			t.Errorf("%s: Reg F %v, banking %v", c.why, IsRegFDay(d), IsBankingDay(d))
		}
	}
}

func TestGEN02_RegFDaysAreCountedForwardAndBack(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, from string
		n         int
		to        string
	}{
		{"none", "2026-11-21", 0, "2026-11-21"},
		{"a weekend is not counted", "2026-11-20", 1, "2026-11-23"},
		{"from a Saturday", "2026-11-21", 1, "2026-11-23"},
		{"over Thanksgiving", "2026-11-25", 1, "2026-11-27"},
		{"back over Thanksgiving", "2026-11-30", -3, "2026-11-24"},
		{"back from a Sunday", "2026-11-22", -1, "2026-11-20"},
		{"July 3, 2026 counts", "2026-07-02", 2, "2026-07-06"},
		{"over the New Year", "2026-12-31", 1, "2027-01-04"},
	} {
		if got := AddRegFDays(day(c.from), c.n); got != day(c.to) {
			t.Errorf("%s: %s and %d Reg F days are %s, want %s", c.why, c.from, c.n, got, c.to)
		}
	}
}

func TestGEN02_RegFDaysBetweenIsHowManyADayLiesBefore(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, a, b string
		n         int
	}{
		{"the same day", "2026-11-23", "2026-11-23", 0},
		{"a weekend between", "2026-11-20", "2026-11-23", 1},
		{"Saturday to Wednesday: Monday and Tuesday", "2026-11-14", "2026-11-18", 2},
		{"Thanksgiving between", "2026-11-25", "2026-11-27", 1},
		{"the other way round", "2026-11-23", "2026-11-20", -1},
	} {
		if got := RegFDaysBetween(day(c.a), day(c.b)); got != c.n {
			t.Errorf("%s: %d, want %d", c.why, got, c.n)
		}
	}
	for d := day("2025-01-01"); d.Year < 2030; d = d.AddDays(1) {
		for n := 0; IsRegFDay(d) && n <= 12; n++ {
			if back := AddRegFDays(d, -n); RegFDaysBetween(back, d) != n || AddRegFDays(back, n) != d {
				t.Fatalf("%d Reg F days back from %s is %s, and not the same way again", n, d, back)
			}
		}
	}
}
