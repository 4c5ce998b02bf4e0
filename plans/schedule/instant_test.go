package schedule

import (
	"testing"
	"time"

	"quittance/plans/civil"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestPDN04_AChargeWaitsForNineInTheConsumersMorning(t *testing.T) {
	t.Parallel()
	east, west, islands := zone(t, "America/New_York"), zone(t, "America/Los_Angeles"), zone(t, "Pacific/Honolulu")
	for _, c := range []struct {
		why, due string
		zones    []*time.Location
		want     string
	}{
		{"New York in winter", "2026-12-31", []*time.Location{east}, "2026-12-31T14:00:00Z"},
		{"New York in summer", "2026-07-06", []*time.Location{east}, "2026-07-06T13:00:00Z"},
		{"Honolulu on December 31", "2026-12-31", []*time.Location{islands}, "2026-12-31T19:00:00Z"},
		{"two zones: the one further west", "2026-12-31", []*time.Location{west, east}, "2026-12-31T17:00:00Z"},
		{"the order does not matter", "2026-12-31", []*time.Location{east, west}, "2026-12-31T17:00:00Z"},
		{"before the clocks go forward", "2026-03-06", []*time.Location{west}, "2026-03-06T17:00:00Z"},
		{"after the clocks went forward", "2026-03-09", []*time.Location{west}, "2026-03-09T16:00:00Z"},
		{"after the clocks went back", "2026-11-02", []*time.Location{west}, "2026-11-02T17:00:00Z"},
		{"no zone is known: the strictest (GEN-03)", "2026-12-31", nil, "2026-12-31T20:00:00Z"},
		{"one of two is unknown: the strictest (GEN-03)", "2026-12-31", []*time.Location{nil, east}, "2026-12-31T20:00:00Z"},
	} {
		if got := DueAt(day(c.due), c.zones...).Format(time.RFC3339); got != c.want {
			t.Errorf("%s: %s, want %s", c.why, got, c.want)
		}
	}
}

func TestPDN04_AnHourThatTheClocksJumpOverStrikesAtTheJump(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why, zone, day string
		hour           int
		want           string
	}{
		{"Los Angeles has no two o'clock", "America/Los_Angeles", "2026-03-08", 2, "2026-03-08T10:00:00Z"},
		{"Berlin has no two o'clock", "Europe/Berlin", "2026-03-29", 2, "2026-03-29T01:00:00Z"},
		{"Samoa had no December 30", "Pacific/Apia", "2011-12-30", 9, "2011-12-30T10:00:00Z"},
		{"a station has no two to five o'clock", "Antarctica/Casey", "2009-10-18", 4, "2009-10-17T18:00:00Z"},
		{"one o'clock comes twice: the first", "America/Los_Angeles", "2026-11-01", 1, "2026-11-01T08:00:00Z"},
		{"the hour before the jump", "America/Los_Angeles", "2026-03-08", 1, "2026-03-08T09:00:00Z"},
		{"the hour after the jump", "America/Los_Angeles", "2026-03-08", 3, "2026-03-08T10:00:00Z"},
	} {
		if got := firstInstant(day(c.day), c.hour, zone(t, c.zone)).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s: %s, want %s", c.why, got, c.want)
		}
	}
}

func TestPDN04_NoChargeIsEarlyInAnyOfTheSixZonesOf2025To2029(t *testing.T) {
	t.Parallel()
	var six []*time.Location
	for _, name := range []string{"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu"} {
		six = append(six, zone(t, name))
	}
	for due := day("2025-01-01"); due.Year < 2030; due = due.AddDays(1) {
		all := DueAt(due, six...)
		for _, z := range six {
			if at := DueAt(due, z).In(z); civil.Of(at) != due || at.Hour() != 9 || at.Minute() != 0 {
				t.Errorf("%s in %s begins at %v", due, z, at)
			}
			if at := all.In(z); civil.Of(at) != due || at.Hour() < 9 || at.Hour() > 15 {
				t.Errorf("%s in all six begins in %s at %v", due, z, at)
			}
		}
	}
}
