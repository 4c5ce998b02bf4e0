package schedule

import (
	"iter"

	"quittance/plans/civil"
)

// Rhythm is how often a payment is due.
type Rhythm string

// The rhythms. Paydays are EveryTwoWeeks from one of them.
const (
	Weekly        Rhythm = "weekly"
	EveryTwoWeeks Rhythm = "every_two_weeks"
	TwiceAMonth   Rhythm = "twice_a_month"
	Monthly       Rhythm = "monthly"
	Once          Rhythm = "once"
)

// Rule says on which days payments are due: from First on, in a rhythm. A rule
// without a first day or with an unknown rhythm has no dates.
type Rule struct {
	Rhythm   Rhythm
	First    civil.Date // as the consumer named it; it may be a closed day
	OtherDay int        // the second day of the month of TwiceAMonth (1 to 31); else 15 days from First's
	Passed   int        // how many of its dates lie behind; see From
}

// Dates returns the first n due dates, fewer when the rule has fewer. A nominal
// date on which banks or Regulation F rest is moved to the next open day, never
// to an earlier one (PDN-04); those after it keep their nominal dates. The dates
// rise strictly.
func (r Rule) Dates(n int) []civil.Date {
	if n < 1 {
		return nil
	}
	var dates []civil.Date
	for due := range r.dates() {
		if dates = append(dates, due); len(dates) == n {
			break
		}
	}
	return dates
}

// After returns the rule's first due date after a day, the zero Date when
// there is none.
func (r Rule) After(day civil.Date) civil.Date {
	for due := range r.dates() {
		if due.After(day) {
			return due
		}
	}
	return civil.Date{}
}

// From returns the rule as it goes on from a day: its dates are those of r that
// are not before the day. It remembers the days that First stands for: after a
// 28 February that was to be the 31st comes 31 March. Once that lies behind has
// no dates.
func (r Rule) From(day civil.Date) Rule {
	for due := range r.dates() {
		if !due.Before(day) {
			break
		}
		r.Passed++
	}
	return r
}

// dates are the rule's due dates without end, or the only one of Once.
func (r Rule) dates() iter.Seq[civil.Date] {
	return func(yield func(civil.Date) bool) {
		var last civil.Date
		if r.Passed > 0 {
			last = Roll(r.nominal(r.Passed - 1))
		}
		for k := r.Passed; ; k++ {
			due := r.nominal(k)
			if due.IsZero() {
				return
			}
			if due = Roll(due); !due.After(last) {
				due = Roll(last.AddDays(1))
			}
			if last = due; !yield(due) {
				return
			}
		}
	}
}

// nominal is the k-th date, counted from 0, as the rhythm alone gives it, or
// the zero Date. Each is reckoned from First, so none drifts.
func (r Rule) nominal(k int) civil.Date {
	switch {
	case r.First.IsZero():
		return civil.Date{}
	case r.Rhythm == Weekly:
		return r.First.AddDays(7 * k)
	case r.Rhythm == EveryTwoWeeks:
		return r.First.AddDays(14 * k)
	case r.Rhythm == Monthly:
		return r.First.AddMonths(k, r.First.Day)
	case r.Rhythm == TwiceAMonth:
		return r.halfMonth(k)
	case r.Rhythm == Once && k == 0:
		return r.First
	}
	return civil.Date{}
}

// halfMonth is the k-th date of TwiceAMonth: First's day and the other one take
// turns, and the month changes when the earlier of them comes again.
func (r Rule) halfMonth(k int) civil.Date {
	first, other := r.First.Day, r.otherDay()
	months, day := k/2, first
	if k%2 == 1 {
		day = other
		if other < first {
			months++
		}
	}
	return r.First.AddMonths(months, day)
}

func (r Rule) otherDay() int {
	switch first := r.First.Day; {
	case r.OtherDay >= 1 && r.OtherDay <= 31 && r.OtherDay != first:
		return r.OtherDay
	case first > 15:
		return first - 15
	default:
		return first + 15
	}
}

// Roll returns the first open day on or after a day: one on which banks settle
// and which Regulation F counts (PDN-04).
func Roll(day civil.Date) civil.Date {
	for !civil.IsRegFDay(day) || !civil.IsBankingDay(day) {
		day = day.AddDays(1)
	}
	return day
}
