// Package schedule lays amounts on dates: when each payment of a plan is due,
// how much it is to the cent, and when its notice goes out. It is pure.
package schedule

import (
	"errors"

	"quittance/payments/money"
	"quittance/plans/civil"
)

// Line is one payment of a schedule.
type Line struct {
	Due    civil.Date
	Amount money.Cents
}

// Most bounds the payments of a schedule: a payment each week for twenty years.
const Most = 1040

// Errors of Even and By.
var (
	ErrTooSmall   = errors.New("the amount is too small for that many payments")
	ErrTooMany    = errors.New("more payments than a schedule may have")
	ErrNoSuchDate = errors.New("the rhythm does not have that many dates")
)

// Even spreads a total over n payments of one fixed amount, of which only the
// last may be smaller (REG-04). It returns ErrTooSmall when n is not positive or
// no such amount exists, ErrTooMany beyond Most, and ErrNoSuchDate when the rule
// has fewer than n dates.
func Even(total money.Cents, n int, r Rule) ([]Line, error) {
	if n < 1 {
		return nil, ErrTooSmall
	}
	each := (total + money.Cents(n) - 1) / money.Cents(n)
	if each*money.Cents(n-1) >= total {
		return nil, ErrTooSmall
	}
	return lay(total, each, n, r)
}

// By takes each time the same amount until the total is reached; the last
// payment may be smaller, never larger (REG-04). Its errors are those of Even.
func By(total, each money.Cents, r Rule) ([]Line, error) {
	n := Count(total, each)
	if n < 1 {
		return nil, ErrTooSmall
	}
	return lay(total, each, n, r)
}

// Count is how many payments of an amount reach a total, the last being what is
// left; 0 when either is not positive.
func Count(total, each money.Cents) int {
	if total < 1 || each < 1 {
		return 0
	}
	return int((total-1)/each) + 1
}

// Sum is what the lines come to.
func Sum(lines []Line) money.Cents {
	var total money.Cents
	for _, l := range lines {
		total += l.Amount
	}
	return total
}

// lay puts the amount on the rule's first n dates and what is left on the last.
func lay(total, each money.Cents, n int, r Rule) ([]Line, error) {
	if n > Most {
		return nil, ErrTooMany
	}
	lines := make([]Line, 0, n)
	for due := range r.dates() {
		amount := min(each, total)
		lines = append(lines, Line{Due: due, Amount: amount})
		if total -= amount; len(lines) == n {
			return lines, nil
		}
	}
	return nil, ErrNoSuchDate
}
