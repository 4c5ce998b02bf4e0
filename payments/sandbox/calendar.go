package sandbox

import "time"

// eastern is the Federal Reserve's zone without daylight saving: days are
// counted, not hours, so the hour does not matter.
var eastern = time.FixedZone("ET", -5*60*60)

// businessDaysAfter returns the first moment of the n-th banking day after t.
func businessDaysAfter(t time.Time, n int) time.Time {
	y, m, d := t.In(eastern).Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, eastern)
	for n > 0 {
		day = day.AddDate(0, 0, 1)
		if isBusinessDay(day) {
			n--
		}
	}
	return day.UTC()
}

func isBusinessDay(day time.Time) bool {
	if w := day.Weekday(); w == time.Saturday || w == time.Sunday {
		return false
	}
	return !isBankHoliday(day) && (day.Weekday() != time.Monday || !isFixedHoliday(day.AddDate(0, 0, -1)))
}

// isBankHoliday knows the Federal Reserve's holidays. One on a Sunday is kept on
// Monday; one on a Saturday is not kept at all.
func isBankHoliday(day time.Time) bool {
	if isFixedHoliday(day) {
		return true
	}
	week := (day.Day() + 6) / 7
	last := day.AddDate(0, 0, 7).Month() != day.Month()
	switch day.Weekday() {
	case time.Monday:
		switch day.Month() {
		case time.January, time.February: // King, Presidents
			return week == 3
		case time.May: // Memorial
			return last
		case time.September: // Labor
			return week == 1
		case time.October: // Columbus
			return week == 2
		}
	case time.Thursday: // Thanksgiving
		return day.Month() == time.November && week == 4
	}
	return false
}

func isFixedHoliday(day time.Time) bool {
	_, month, d := day.Date()
	switch month {
	case time.January:
		return d == 1
	case time.June:
		return d == 19
	case time.July:
		return d == 4
	case time.November:
		return d == 11
	case time.December:
		return d == 25
	}
	return false
}
