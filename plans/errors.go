package plans

import (
	"errors"

	"quittance/payments/money"
	"quittance/plans/civil"
)

// Errors of this package.
var (
	ErrNotFound  = errors.New("no such plan")
	ErrStale     = errors.New("the plan was changed by someone else")
	ErrNotNow    = errors.New("the plan is not in a state for that")
	ErrRunning   = errors.New("the debt already has a plan")
	ErrKeyReused = errors.New("the request key was used for another plan")
	ErrNoKey     = errors.New("a plan needs a request key")
	ErrNoConsent = errors.New("a plan needs the consumer's signature")
)

// Problem says in one key word why a wish cannot be met.
type Problem string

// Problems of a wish; pages have words for each.
const (
	TooSmall       Problem = "too_small" // each installment would be below the least
	TooLarge       Problem = "too_large" // more than is owed
	TooLong        Problem = "too_long"  // it would take longer than is allowed
	BadRhythm      Problem = "bad_rhythm"
	DateTooEarly   Problem = "date_too_early" // in the past, or too soon for the notice (PDN-02)
	DateTooLate    Problem = "date_too_late"
	DateClosed     Problem = "date_closed"   // weekend or holiday
	DateTaken      Problem = "date_taken"    // another installment is due then
	NoSettlement   Problem = "no_settlement" // no such offer, or not any more
	NoSkipsLeft    Problem = "no_skips_left"
	PauseTooLong   Problem = "pause_too_long"
	NothingToSplit Problem = "nothing_to_split"
	NotAllowed     Problem = "not_allowed"     // Refusal says why: the debt's status (rules.md O)
	AlreadyCharged Problem = "already_charged" // the payment was submitted
	NothingOwed    Problem = "nothing_owed"
)

// Impossible is why a wish cannot be met, beside the field it is about, and
// the nearest thing that is possible.
type Impossible struct {
	Problem Problem
	Field   string      // "amount", "first", "rhythm", "count", "date", "parts", ""
	Refusal string      // of NotAllowed
	Amount  money.Cents // nearest possible; 0 for none
	Date    civil.Date  // nearest possible; zero for none
	Count   int         // nearest possible; 0 for none
}

func (i *Impossible) Error() string { return "not possible: " + string(i.Problem) }
