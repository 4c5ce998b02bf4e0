// Package banking knows the days on which US banks settle (GEN-02 b): it says
// when an ACH debit is known to have worked.
package banking

import "time"

// ClearsBy is when a bank debit that was asked for at t is known to have worked:
// four banking days after the day on which it is sent, and after 18:00 Eastern
// or on a day without banking that is the next banking day (STR-10). The answer
// is noon Eastern, which is the same day everywhere in the country.
func ClearsBy(t time.Time) time.Time {
	local := eastern(t)
	day := time.Date(local.Year(), local.Month(), local.Day(), 12, 0, 0, 0, time.UTC)
	if local.Hour() >= 18 {
		day = day.AddDate(0, 0, 1)
	}
	for !open(day) {
		day = day.AddDate(0, 0, 1)
	}
	for left := 4; left > 0; {
		if day = day.AddDate(0, 0, 1); open(day) {
			left--
		}
	}
	return day.Add(5 * time.Hour)
}

// Open reports whether banks settle on a day of the calendar (GEN-02 b).
func Open(year int, month time.Month, day int) bool {
	return open(time.Date(year, month, day, 12, 0, 0, 0, time.UTC))
}

// eastern shows t on the clock of New York without a zone database: daylight
// saving runs from the second Sunday of March to the first of November.
func eastern(t time.Time) time.Time {
	u := t.UTC()
	begins := nth(u.Year(), time.March, time.Sunday, 2).Add(7 * time.Hour)
	ends := nth(u.Year(), time.November, time.Sunday, 1).Add(6 * time.Hour)
	hours := -5
	if !u.Before(begins) && u.Before(ends) {
		hours = -4
	}
	return u.Add(time.Duration(hours) * time.Hour)
}

// open reports whether the Federal Reserve settles on a day. A holiday on a
// Sunday is kept on Monday; one on a Saturday is not moved to Friday.
func open(day time.Time) bool {
	switch day.Weekday() {
	case time.Saturday, time.Sunday:
		return false
	case time.Monday:
		if fixedHoliday(day.AddDate(0, 0, -1)) {
			return false
		}
	}
	return !fixedHoliday(day) && !movingHoliday(day)
}

func fixedHoliday(day time.Time) bool {
	switch md := [2]int{int(day.Month()), day.Day()}; md {
	case [2]int{1, 1}, [2]int{6, 19}, [2]int{7, 4}, [2]int{11, 11}, [2]int{12, 25}:
		return true
	}
	return false
}

func movingHoliday(day time.Time) bool {
	y := day.Year()
	for _, h := range []time.Time{
		nth(y, time.January, time.Monday, 3),
		nth(y, time.February, time.Monday, 3),
		nth(y, time.June, time.Monday, 1).AddDate(0, 0, -7), // last Monday of May
		nth(y, time.September, time.Monday, 1),
		nth(y, time.October, time.Monday, 2),
		nth(y, time.November, time.Thursday, 4),
	} {
		if h.Month() == day.Month() && h.Day() == day.Day() {
			return true
		}
	}
	return false
}

// nth is the n-th such weekday of a month.
func nth(year int, month time.Month, weekday time.Weekday, n int) time.Time {
	first := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	days := (int(weekday)-int(first.Weekday())+7)%7 + 7*(n-1)
	return first.AddDate(0, 0, days)
}
