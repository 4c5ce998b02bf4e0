package validation_test

import (
	"testing"
	"time"

	"quittance/plans/civil"
	"quittance/portal/validation"
)

func day(s string) civil.Date {
	d, err := civil.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestVAL09_ThePeriodIsFiveRegFDaysAndThirtyCalendarDays(t *testing.T) {
	t.Parallel()
	for provided, end := range map[string]string{
		"2026-11-02": "2026-12-09",
		"2026-11-06": "2026-12-16", // Veterans Day is skipped
		"2026-12-23": "2027-01-30",
		"2027-01-15": "2027-02-24",
		"2026-06-12": "2026-07-22",
	} {
		receipt, got := validation.Period(day(provided))
		if got != day(end) || receipt != got.AddDays(-30) {
			t.Errorf("provided %s: received %s, ends %s, want %s", provided, receipt, got, end)
		}
	}
}

func TestVAL09_TheLastDayIsWithinThePeriodAndTheNextIsNot(t *testing.T) {
	t.Parallel()
	n := validation.Notice{ID: "vn_1", Provided: day("2026-11-02"), End: day("2026-12-09")}
	for on, want := range map[string]bool{"2026-11-02": true, "2026-12-09": true, "2026-12-10": false} {
		if validation.Timely(n, day(on)) != want || validation.Running(n, day(on)) != want {
			t.Errorf("%s: want %v", on, want)
		}
	}
	if !validation.Timely(validation.Notice{}, day("2031-01-01")) {
		t.Error("without a known notice the period has not ended")
	}
}

// TestGEN03_NobodyIsLateByATimeZone: 1:00 on the 10th in New York is still the
// 9th in Honolulu.
func TestGEN03_NobodyIsLateByATimeZone(t *testing.T) {
	t.Parallel()
	var zones []*time.Location
	for _, name := range []string{"America/New_York", "Pacific/Honolulu"} {
		z, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		zones = append(zones, z)
	}
	at := time.Date(2026, time.December, 10, 6, 0, 0, 0, time.UTC)
	if got := validation.Day(at, zones); got != day("2026-12-09") {
		t.Errorf("the day is %s", got)
	}
	if got := validation.Day(at, nil); got.After(day("2026-12-09")) {
		t.Errorf("nowhere known: %s", got)
	}
}

func TestDIS09_AnOfferMayNotEndBeforeThePeriod(t *testing.T) {
	t.Parallel()
	n := validation.Notice{ID: "vn_1", End: day("2026-12-09")}
	if got := validation.LastDay(n, day("2026-11-22")); got != day("2026-12-09") {
		t.Errorf("a known period: %s", got)
	}
	// The notice may still go out on the 27th, a Friday.
	if got := validation.LastDay(validation.Notice{}, day("2026-11-22")); got != day("2027-01-03") {
		t.Errorf("an unknown period: %s", got)
	}
}

func TestANoticeGivenAgainLengthensThePeriodAndNeverShortensIt(t *testing.T) {
	t.Parallel()
	all := []validation.Notice{
		{ID: "vn_1", DebtID: "dbt_1", End: day("2026-12-09")}, {ID: "vn_2", DebtID: "dbt_1", End: day("2026-12-16")},
		{ID: "vn_3", DebtID: "dbt_1", End: day("2026-12-01")}, {ID: "vn_4", DebtID: "dbt_2", End: day("2027-12-01")},
	}
	if got := validation.Latest(all, "dbt_1"); got.ID != "vn_2" {
		t.Errorf("got %s", got.ID)
	}
	if got := validation.Latest(all, "dbt_3"); got.ID != "" {
		t.Errorf("got %s", got.ID)
	}
}
