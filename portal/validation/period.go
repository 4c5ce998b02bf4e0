package validation

import (
	"time"

	"quittance/plans/civil"
)

// Lengths that the rule names. Receipt is counted in the days of Regulation F,
// the rest in calendar days (GEN-02).
const (
	receiptDays = 5  // Reg F days until a notice counts as received
	periodDays  = 30 // calendar days of the period, the last one included
	dutyDays    = 5  // calendar days after the first communication
	alertDays   = 3  // of them, after which somebody is told
)

// Period is when a notice that was provided on a day counts as received, and
// the last day of its validation period (VAL-09).
func Period(provided civil.Date) (receipt, end civil.Date) {
	receipt = civil.AddRegFDays(provided, receiptDays)
	return receipt, receipt.AddDays(periodDays)
}

// Timely reports whether what a consumer writes on a day is within the period
// of a notice. The day is theirs, see Day. While no notice is known the period
// has not ended, so everything is in time.
func Timely(n Notice, on civil.Date) bool { return n.End.IsZero() || !on.After(n.End) }

// Running reports whether the validation period still runs on a day: until its
// end nothing may overshadow the consumer's rights (DIS-09).
func Running(n Notice, today civil.Date) bool { return Timely(n, today) }

// LastDay is the earliest day on which an offer that is made today may expire
// (DIS-09): the end of the period, or, where no notice is known, the end that it
// would have if the notice were given on the last day on which it may be.
func LastDay(n Notice, today civil.Date) civil.Date {
	if !n.End.IsZero() {
		return n.End
	}
	_, end := Period(today.AddDays(dutyDays))
	return end
}

// Day is the day of an instant for the consumer: where they may be in several
// zones, the earliest, so that nobody is late by a zone (GEN-03).
func Day(at time.Time, zones []*time.Location) civil.Date {
	if len(zones) == 0 {
		return civil.Of(at.UTC().Add(-12 * time.Hour))
	}
	day := civil.Of(at.In(zones[0]))
	for _, z := range zones[1:] {
		if d := civil.Of(at.In(z)); d.Before(day) {
			day = d
		}
	}
	return day
}
