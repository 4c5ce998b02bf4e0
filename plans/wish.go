package plans

import (
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/plans/schedule"
)

// Wish is what the consumer asks for, before any plan is made.
type Wish struct {
	Kind Kind
	Rule schedule.Rule // its First may be zero: then the earliest usual day is taken
	Each money.Cents   // "I can pay … each time"; 0 leaves it to Count
	// Count is how many installments; 0 leaves it to Each. Of a settlement, in
	// how many payments.
	Count int
}

// Quote is a plan as it would be: every date and amount, the last payment and
// the total, before anything is agreed.
type Quote struct {
	Kind     Kind
	Rule     schedule.Rule
	Lines    []schedule.Line
	Total    money.Cents
	Forgiven money.Cents
	Each     money.Cents // the usual installment
	Terms    Terms
	Today    civil.Date // on which it was made
	Expires  civil.Date // last day on which it can be agreed on; zero for today
	Until    civil.Date // before which it may not expire (DIS-09); zero for any
}

// Last is the last payment of a quote.
func (q Quote) Last() schedule.Line { return q.Lines[len(q.Lines)-1] }

// Options are what a consumer is offered on a debt, nothing of it chosen.
type Options struct {
	Subject     Subject
	Terms       Terms
	Plans       []Quote // at sensible rhythms, the smallest installments last
	Settlements []Quote
	Later       *Quote
	Least       money.Cents // least of an installment a month, for the consumer's own number
	FirstFrom   civil.Date  // earliest and latest day of a first payment
	FirstUntil  civil.Date
	Running     *Plan // the debt's plan, where there is one; then nothing is offered
}

// Bend is a change that the consumer wishes for in a running plan.
type Bend struct {
	Action BendAction
	Number int           // of the installment: move, skip, split, retry
	To     civil.Date    // move, retry: the new day; pause: until
	Each   money.Cents   // amount: the new installment
	Rule   schedule.Rule // rhythm
}

// BendAction is a kind of change.
type BendAction string

// Kinds of changes.
const (
	Move   BendAction = "move"
	Skip   BendAction = "skip"
	Split  BendAction = "split" // in two halves, the second half a period later
	Resize BendAction = "amount"
	Rebeat BendAction = "rhythm"
	Pause  BendAction = "pause"
	Resume BendAction = "resume"
	Retry  BendAction = "retry" // a failed installment, on a day of the consumer's choice
	Cancel BendAction = "cancel"
	Hand   BendAction = "by_hand" // go on without automatic charges
)

// Draft is a wish on its way to becoming a plan: what was chosen so far, so
// that nothing of it stands in an address. Its id is the plan's request key.
// With a Plan it is another method on its way into that one, and no wish.
type Draft struct {
	ID        string // "drf_…"
	Plan      ID
	AccountID string
	DebtID    string
	Wish      Wish
	Charging  Charging // empty until chosen
	Method    payments.Method
	Token     string // the processor's one-time token, where Automatic
	Details   payments.Details
	CreatedAt time.Time
}
