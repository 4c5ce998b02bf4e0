package schedule

import (
	"time"

	"quittance/plans/civil"
)

// chargeHour is the hour of the consumer's day from which charges are submitted.
const chargeHour = 9

// DueAt is the first instant at which a payment may be submitted: 09:00 on its
// due date in the last of the zones to reach it, so that it is early in none
// (PDN-04). With no zone, or a nil one, it is that of the westernmost place in
// the country (GEN-03).
func DueAt(due civil.Date, zones ...*time.Location) time.Time {
	if len(zones) == 0 {
		zones = []*time.Location{nil}
	}
	var latest time.Time
	for _, zone := range zones {
		if zone == nil {
			zone = time.FixedZone("westernmost", -11*60*60) // American Samoa
		}
		if at := firstInstant(due, chargeHour, zone); at.After(latest) {
			latest = at
		}
	}
	return latest.UTC()
}

// firstInstant is when a day's hour strikes in a zone. When the clocks jump over
// it, it is the moment of the jump.
func firstInstant(day civil.Date, hour int, zone *time.Location) time.Time {
	at := time.Date(day.Year, day.Month, day.Day, hour, 0, 0, 0, zone)
	struck, wanted := wall(at), day.In(time.UTC).Add(time.Duration(hour)*time.Hour)
	before, after := at.ZoneBounds()
	switch struck.Compare(wanted) {
	case -1:
		return after
	case +1:
		return before
	}
	return at
}

// wall is what a clock on the spot shows, as if it were UTC.
func wall(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.Add(time.Duration(offset) * time.Second).UTC()
}
