package banking

import (
	"testing"
	"time"
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestSTR10_ABankPaymentClearsFourBankingDaysAfterItIsSent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ why, asked, day string }{
		{"Monday noon", "2026-11-16T17:00:00Z", "2026-11-20"},
		{"a minute before the cut-off in winter", "2026-11-16T22:59:00Z", "2026-11-20"},
		{"at the cut-off in winter", "2026-11-16T23:00:00Z", "2026-11-23"},
		{"a minute before the cut-off in summer", "2026-06-01T21:59:00Z", "2026-06-05"},
		{"at the cut-off in summer", "2026-06-01T22:00:00Z", "2026-06-08"},
		{"Saturday counts from Monday", "2026-11-14T15:00:00Z", "2026-11-20"},
		{"Friday evening counts from Monday", "2026-11-14T00:30:00Z", "2026-11-20"},
		{"over Thanksgiving", "2026-11-23T15:00:00Z", "2026-11-30"},
		{"July 3, 2026 is a banking day: July 4 is a Saturday", "2026-06-29T15:00:00Z", "2026-07-03"},
		{"Juneteenth on a Saturday is not moved to Friday", "2027-06-14T15:00:00Z", "2027-06-18"},
		{"Christmas on a Sunday is kept on Monday", "2022-12-20T15:00:00Z", "2022-12-27"},
		{"over New Year", "2026-12-28T15:00:00Z", "2027-01-04"},
	} {
		got := ClearsBy(at(c.asked))
		if got.Format(time.DateOnly) != c.day {
			t.Errorf("%s: %s, want %s", c.why, got.Format(time.DateOnly), c.day)
		}
		if h := got.Hour(); h != 17 || !open(got) {
			t.Errorf("%s: %v is not noon of a banking day", c.why, got)
		}
	}
}

func TestSTR10_TheFederalReservesHolidaysOf2026And2027(t *testing.T) {
	t.Parallel()
	closed := map[string]bool{
		"2026-01-01": true, "2026-01-19": true, "2026-02-16": true, "2026-05-25": true, "2026-06-19": true,
		"2026-09-07": true, "2026-10-12": true, "2026-11-11": true, "2026-11-26": true, "2026-12-25": true,
		"2027-01-01": true, "2027-01-18": true, "2027-02-15": true, "2027-05-31": true, "2027-07-05": true,
		"2027-09-06": true, "2027-10-11": true, "2027-11-11": true, "2027-11-25": true,
	}
	for day := at("2026-01-01T12:00:00Z"); day.Year() < 2028; day = day.AddDate(0, 0, 1) {
		weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
		if want := !weekend && !closed[day.Format(time.DateOnly)]; open(day) != want {
			t.Errorf("%s: banking is %v", day.Format(time.DateOnly), !want)
		}
	}
}

func TestGEN02_ADayIsOpenWhenTheFederalReserveSettles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why   string
		year  int
		month time.Month
		day   int
		open  bool
	}{
		{"a Friday before a holiday on a Saturday", 2026, time.July, 3, true},
		{"that Saturday", 2026, time.July, 4, false},
		{"the Monday after it", 2026, time.July, 6, true},
		{"a Sunday that is a holiday", 2027, time.July, 4, false},
		{"the Monday after a holiday on a Sunday", 2027, time.July, 5, false},
		{"Thanksgiving", 2026, time.November, 26, false},
		{"the day after Thanksgiving", 2026, time.November, 27, true},
	} {
		if got := Open(c.year, c.month, c.day); got != c.open {
			t.Errorf("%s: open is %v", c.why, got)
		}
	}
}

func TestTheClockOfNewYorkFollowsTheZoneDatabase(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for u := at("2026-01-01T00:30:00Z"); u.Year() < 2028; u = u.Add(time.Hour) {
		if got, want := eastern(u).Hour(), u.In(zone).Hour(); got != want {
			t.Fatalf("%v: %d o'clock, want %d", u, got, want)
		}
	}
}
