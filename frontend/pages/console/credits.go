package console

import (
	"context"
	"io"
	"slices"
	"time"

	"quittance/frontend/locale"
	"quittance/payments/money"
	"quittance/plans/civil"
)

// Credits is what people paid beyond their debts, the earliest due first.
//
// POST /console/credits/{id} with "act": "refund" sends back what can go by the
// payments behind it; "elsewhere" and "not_a_debt" say what became of it. "amount"
// is what was shown: of another one nothing is done.
type Credits struct {
	Base
	Credits []Credit
	Problem CreditProblem
}

// Credit is one line of it.
type Credit struct {
	ID                             string
	AccountID, AccountRef, DebtRef string
	Creditor                       string
	Amount, Kept                   money.Cents // all of it, and what of it the last file does not show
	Back                           money.Cents // can be sent back by one press
	OnItsWay                       money.Cents // asked of the processor
	Changed                        bool        // it was another amount when somebody pressed
	Since                          time.Time
	Due                            civil.Date
	Late                           bool
	RiskUntil                      civil.Date // until then the bank may take a payment behind it back; zero: it may not
}

// CreditProblem says why nothing was done.
type CreditProblem string

// The problems.
const (
	CreditNothing CreditProblem = "nothing" // it is on its way, or nothing can go back here
	CreditRefused CreditProblem = "refused" // by the processor
)

var creditProblems = map[CreditProblem]locale.Key{CreditNothing: "console.credit_nothing", CreditRefused: "console.credit_refused"}

// AnyChanged reports whether a line was another one when somebody pressed.
func (p Credits) AnyChanged() bool {
	return slices.ContainsFunc(p.Credits, func(c Credit) bool { return c.Changed })
}

// Render writes the page.
func (p Credits) Render(ctx context.Context, w io.Writer) error { return creditsPage(p).Render(ctx, w) }
