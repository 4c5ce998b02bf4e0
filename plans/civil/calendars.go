package civil

import (
	"time"

	"quittance/payments/banking"
)

// Three calendars are kept apart (GEN-02): calendar days (AddDays), the days
// of Regulation F, and the days on which banks settle. None stands for another:
// Friday, July 3, 2026 counts for Regulation F and for banks, although offices
// close; Monday, July 5, 2027 counts for Regulation F and banks are closed.

// juneteenthSince is the year in which June 19 was added to 5 USC 6103(a).
const juneteenthSince = 2021

// IsRegFDay reports whether Regulation F counts the day: neither Saturday nor
// Sunday nor a holiday on the date that 5 USC 6103(a) names. Days on which a
// holiday is merely observed count (GEN-02 a).
func IsRegFDay(d Date) bool { return isRegFDay(d, d.Weekday()) }

func isRegFDay(d Date, w time.Weekday) bool {
	return w != time.Saturday && w != time.Sunday && !isLegalHoliday(d, w)
}

// IsBankingDay reports whether the Federal Reserve settles on the day (GEN-02 b).
// Banks keep the same holidays; only on the Monday after one on a Sunday may
// they rest alone.
func IsBankingDay(d Date) bool {
	w := d.Weekday()
	if w == time.Monday && isLegalHoliday(d.AddDays(-1), time.Sunday) {
		return banking.Open(d.Year, d.Month, d.Day)
	}
	return isRegFDay(d, w)
}

// isLegalHoliday reports whether 5 USC 6103(a) names d, which falls on w. A
// third Monday is one between the 15th and the 21st.
func isLegalHoliday(d Date, w time.Weekday) bool {
	monday := w == time.Monday
	switch d.Month {
	case time.January:
		return d.Day == 1 || monday && d.Day >= 15 && d.Day <= 21
	case time.February:
		return monday && d.Day >= 15 && d.Day <= 21
	case time.May:
		return monday && d.Day >= 25
	case time.June:
		return d.Day == 19 && d.Year >= juneteenthSince
	case time.July:
		return d.Day == 4
	case time.September:
		return monday && d.Day <= 7
	case time.October:
		return monday && d.Day >= 8 && d.Day <= 14
	case time.November:
		return d.Day == 11 || w == time.Thursday && d.Day >= 22 && d.Day <= 28
	case time.December:
		return d.Day == 25
	}
	return false
}

// AddRegFDays returns the n-th Reg F day after d, or before it for negative n;
// d itself is not counted and may be any day. For n = 0 it returns d.
func AddRegFDays(d Date, n int) Date {
	step := 1
	if n < 0 {
		step = -1
	}
	for n != 0 {
		if d = d.AddDays(step); IsRegFDay(d) {
			n -= step
		}
	}
	return d
}

// RegFDaysBetween counts the Reg F days from a until the day before b: how many
// a lies before b. From a Saturday to the Wednesday after it are two, Monday and
// Tuesday. It is negative when b is the earlier one.
func RegFDaysBetween(a, b Date) int {
	if b.Before(a) {
		return -RegFDaysBetween(b, a)
	}
	n := 0
	for ; a.Before(b); a = a.AddDays(1) {
		if IsRegFDay(a) {
			n++
		}
	}
	return n
}
