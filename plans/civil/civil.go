// Package civil holds days without a time of day or a zone: itemization dates,
// due dates, dates of birth. A midnight time.Time is never used for a day.
package civil

import (
	"errors"
	"fmt"
	"time"
)

// Date is a day of the Gregorian calendar. The zero Date means "not given".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ErrNotADate is returned by Parse for anything but a real day as YYYY-MM-DD.
var ErrNotADate = errors.New("not a date of the form YYYY-MM-DD")

// Of returns the day on which t falls in its own location.
func Of(t time.Time) Date {
	y, m, d := t.Date()
	return Date{Year: y, Month: m, Day: d}
}

// New returns the day, or ErrNotADate when the calendar has no such day.
func New(year int, month time.Month, day int) (Date, error) {
	d := Date{Year: year, Month: month, Day: day}
	if year < 1 || year > 9999 || Of(d.midnight()) != d {
		return Date{}, ErrNotADate
	}
	return d, nil
}

// Parse reads YYYY-MM-DD. An empty string is the zero Date.
func Parse(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, ErrNotADate
	}
	return Of(t), nil
}

// String writes YYYY-MM-DD, and nothing for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// IsZero reports whether no day was given.
func (d Date) IsZero() bool { return d == Date{} }

// Before reports whether d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.midnight().Before(other.midnight()) }

// After reports whether d is a later day than other.
func (d Date) After(other Date) bool { return other.Before(d) }

// AddDays returns the day n days later (earlier for negative n).
func (d Date) AddDays(n int) Date { return Of(d.midnight().AddDate(0, 0, n)) }

// AddMonths returns the wanted day of the month n months later (earlier for
// negative n), or that month's last day when it is shorter: 31 is 28 or 29 in
// February, and 31 again in March.
func (d Date) AddMonths(n, day int) Date {
	last := Of(time.Date(d.Year, d.Month+time.Month(n)+1, 0, 0, 0, 0, 0, time.UTC))
	last.Day = max(1, min(day, last.Day))
	return last
}

// DaysBetween counts the calendar days from a to b (GEN-02 c); it is negative
// when b is the earlier one.
func DaysBetween(a, b Date) int {
	return int((b.midnight().Unix() - a.midnight().Unix()) / (24 * 60 * 60))
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.midnight().Weekday() }

// In returns the first instant of the day in the location.
func (d Date) In(loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
}

func (d Date) midnight() time.Time { return d.In(time.UTC) }
