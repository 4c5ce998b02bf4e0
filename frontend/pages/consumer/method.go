package consumer

import (
	"quittance/payments/money"
	"quittance/plans/civil"
)

// PayMethod is the card or bank step. The fields are the processor's own, in a
// frame of its own; no card number ever reaches us (SEC-01).
//
// POST /payments/{id}/method with "confirmation_token", which the page's script
// fills in; GET /payments/{id}/hosted is the way by the partner's page, which
// works without JavaScript.
type PayMethod struct {
	Base
	PaymentID      string
	Amount         money.Cents
	Method         Method
	PublishableKey string
	ScriptURL      string // of the processor's script
	CreditCards    bool   // as in Choose
	BankClears     civil.Date
	Refused        Refused // what the check of the last card or account said
	Hosted         bool    // the partner's page is offered
}

// Refused is why the card or account just given cannot be used. Nothing was
// charged.
type Refused string

// The reasons of the funding gate (STR-02) and of a token that went stale.
const (
	RefusedNot     Refused = ""
	RefusedCredit  Refused = "credit"
	RefusedPrepaid Refused = "prepaid"
	RefusedUnknown Refused = "unknown" // the kind of card cannot be told
	RefusedBlocked Refused = "blocked" // this bank account cannot be used
	RefusedAgain   Refused = "again"   // the details did not arrive; give them once more
)

// Review is the last look. Its POST pays, or goes on to the partner's page
// where the card or account is given there.
//
// POST /payments/{id}/review, or …/hosted, with, for a bank account,
// "authorize" = "yes"; and "tell" = "yes" to hear what becomes of it.
type Review struct {
	Base
	PaymentID string
	Amount    money.Cents
	Lines     []ReviewLine
	Method    MethodView
	// Authorization is set for a bank account and for what a plan saved, and nil for a
	// card that is given just then (ACH-03).
	Authorization *Authorization
	Plan          *ForPlan // what the payment is to a plan; nil: nothing is said
	// AuthorizeProblem stands beside the box that was left empty, or says that
	// the text is another one than was shown.
	AuthorizeProblem string
	// Seen marks what is agreed to and comes back with the form.
	Seen    string
	Notices []Notice
	// Tell asks whether we may write of it, where nobody said so yet; nil: they did,
	// or we may not ask.
	Tell *Tell
}

// Tell is the box by which a person is told what becomes of their money (COM-03,
// COM-05). It is never ticked beforehand.
type Tell struct {
	ByText bool
	To     string // masked
	AtWork bool   // the address may be one at work (COM-04)
	On     bool   // as it was sent
}

// ReviewLine is one debt of the payment with what Visa's rule asks to be shown
// before paying (AMT-08).
type ReviewLine struct {
	DebtID           string
	Creditor         string
	OriginalCreditor string
	AccountEnding    string
	What             string
	Since            civil.Date
	Amount           money.Cents
}

// Authorization holds the terms of one bank debit, or charge of a saved card. It is a single payment on
// one day; it authorizes nothing else (REG-08).
type Authorization struct {
	AgencyLegalName string
	AgencyPhone     string
	Account         MethodView
	Amount          money.Cents
	On              civil.Date // the day the debit is sent
	ClearsBy        civil.Date
	Saved           bool // it is what a plan is charged with
}
