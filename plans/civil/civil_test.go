package civil

import (
	"testing"
	"time"
)

func TestParseAcceptsOnlyRealDays(t *testing.T) {
	t.Parallel()
	for in, ok := range map[string]bool{"2026-11-22": true, "2024-02-29": true, "": true, "2026-02-29": false, "2026-13-01": false, "11/22/2026": false, "2026-11-22T00:00:00Z": false, "0000-00-00": false} {
		d, err := Parse(in)
		if (err == nil) != ok {
			t.Errorf("Parse(%q) = %v, %v", in, d, err)
		}
		if err == nil && d.String() != in {
			t.Errorf("Parse(%q) writes back %q", in, d)
		}
	}
}

func TestDaysAreCountedAcrossMonthsAndLeapYears(t *testing.T) {
	t.Parallel()
	d, err := New(2024, 2, 28)
	if err != nil {
		t.Fatal(err)
	}
	if got := d.AddDays(2).String(); got != "2024-03-01" {
		t.Errorf("two days after %s is %s", d, got)
	}
	if _, err := New(2023, 2, 29); err == nil {
		t.Error("29 February 2023 was accepted")
	}
	if !d.Before(d.AddDays(1)) || !d.AddDays(1).After(d) || d.Before(d) {
		t.Error("order of days is wrong")
	}
}

func TestAMonthLaterKeepsTheDayAndMonthEndsAreClipped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, from string
		n, day    int
		want      string
	}{
		{"the 31st in February", "2026-01-31", 1, 31, "2026-02-28"},
		{"the 31st in a leap February", "2028-01-31", 1, 31, "2028-02-29"},
		{"the 31st again in March", "2026-02-28", 1, 31, "2026-03-31"},
		{"29 February a year later", "2028-02-29", 12, 29, "2029-02-28"},
		{"29 February four years later", "2028-02-29", 48, 29, "2032-02-29"},
		{"1900 was no leap year", "1900-01-31", 1, 31, "1900-02-28"},
		{"over the New Year", "2026-12-15", 1, 15, "2027-01-15"},
		{"back over the New Year", "2027-01-31", -2, 30, "2026-11-30"},
		{"the same month", "2026-04-01", 0, 31, "2026-04-30"},
		{"a day below one", "2026-04-10", 0, 0, "2026-04-01"},
	} {
		if got := day(c.from).AddMonths(c.n, c.day); got != day(c.want) {
			t.Errorf("%s: %s, want %s", c.why, got, c.want)
		}
	}
}

func TestGEN02_CalendarDaysAreCountedBothWaysAndOverCenturies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		n    int
	}{
		{"2026-11-20", "2026-11-20", 0}, {"2026-12-31", "2027-01-01", 1}, {"2028-03-01", "2028-02-28", -2},
		{"2000-01-01", "2400-01-01", 146097}, {"2026-03-07", "2026-03-09", 2},
	} {
		if got := DaysBetween(day(c.a), day(c.b)); got != c.n {
			t.Errorf("from %s to %s: %d days, want %d", c.a, c.b, got, c.n)
		}
	}
}

func TestADayIsTheOneOfItsOwnPlaceAndTheZeroDayIsNotGiven(t *testing.T) {
	t.Parallel()
	west := time.FixedZone("west", -8*60*60)
	late := time.Date(2026, 12, 31, 23, 0, 0, 0, west)
	if Of(late) != day("2026-12-31") || Of(late.UTC()) != day("2027-01-01") {
		t.Errorf("%v falls on %s", late, Of(late))
	}
	if got := day("2026-12-31").In(west); !got.Equal(late.Add(-23 * time.Hour)) {
		t.Errorf("the day begins at %v", got)
	}
	if (Date{}).String() != "" || !(Date{}).IsZero() || day("2026-12-31").IsZero() {
		t.Error("the zero day is not told from one that was given")
	}
}
