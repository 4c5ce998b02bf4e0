package consumer

import (
	"time"

	"quittance/payments/money"
	"quittance/plans/civil"
)

// OutcomeState is where a payment stands, in the words the page has for it.
type OutcomeState string

// The states. Only Paid says that a debt was paid; Checking is for every answer
// that has not arrived.
const (
	OutcomePaid          OutcomeState = "paid"
	OutcomePending       OutcomeState = "pending"       // the bank is sending it
	OutcomeChecking      OutcomeState = "checking"      // no answer yet: do not pay again
	OutcomeAction        OutcomeState = "action"        // the card's bank asks for one more step
	OutcomeMicrodeposits OutcomeState = "microdeposits" // two small deposits prove the account first
	OutcomeFailed        OutcomeState = "failed"
	OutcomeCanceled      OutcomeState = "canceled"
	OutcomeReturned      OutcomeState = "returned" // came back after it had been sent
	OutcomeRefunded      OutcomeState = "refunded"
	OutcomeHeld          OutcomeState = "held" // taken, and it counts on no debt yet
)

// Reason is why a payment failed or came back, as far as a person can do
// something about it. The processor's codes stay behind.
type Reason string

// The reasons, each with what to do next.
const (
	ReasonOther          Reason = ""
	ReasonDeclined       Reason = "declined"
	ReasonFunds          Reason = "funds"
	ReasonExpired        Reason = "expired"
	ReasonIncorrect      Reason = "incorrect"
	ReasonAccountClosed  Reason = "account_closed" // closed, or not found
	ReasonNotAuthorized  Reason = "not_authorized" // the bank was told the payment was not allowed
	ReasonStopped        Reason = "stopped"        // a stop order at the bank
	ReasonAuthentication Reason = "authentication" // the bank's check was not passed
	ReasonLimit          Reason = "limit"          // the card or account does not take this kind of payment
)

// Outcome is what became of a payment: one page for every state, safe to reload,
// to bookmark and to come back to.
//
// The bank's step (OutcomeAction) is a page of its own that leads back here; the
// handler asks the processor how things stand.
type Outcome struct {
	Base
	PaymentID  string
	Reference  string
	State      OutcomeState
	Reason     Reason
	Amount     money.Cents
	Date       civil.Date // of the state: paid on, came back on, refunded on
	ClearsBy   civil.Date // pending; zero: that day is past
	Method     MethodView
	Lines      []OutcomeLine
	Chargeback bool     // of OutcomeReturned: a dispute of a card payment at the bank
	Plan       *ForPlan // what it was made for; nil: its debts alone
	// RefreshSeconds, above zero, lets the page look again by itself.
	RefreshSeconds int
	// LongWait is set after ten minutes of checking: what we do and how they hear.
	LongWait bool
	// Once, of a payment that took nothing, makes a second sending of the same
	// amounts by another method find the first; empty: they cannot be sent again.
	Once string
	// CanPay is whether anything on the account may be paid now: where nothing may,
	// no door leads to paying.
	CanPay bool
	// VerifyURL is, of OutcomeAction, the page of the bank's check (empty: there
	// is none to lead to), and of OutcomeMicrodeposits the processor's page for
	// the two small deposits.
	VerifyURL string
}

// OutcomeLine is one debt of the payment and what is left of it.
type OutcomeLine struct {
	DebtID   string
	Creditor string
	Amount   money.Cents
	Left     money.Cents // still asked for after this payment
	Disputed money.Cents // not asked for until it is answered
	OnHold   money.Cents // not asked for as the debt stands
	Plan     *PlanNext   // of the plan that runs; nil: none
	Held     bool        // this part was taken and does not count yet
	Credit   money.Cents // paid beyond it, and sent back
	SentBack money.Cents // of Amount
	Taken    money.Cents // of Amount: by the bank, in a dispute
}

// Receipt is the record of a payment that can be kept and printed.
type Receipt struct {
	Base
	Reference string
	State     OutcomeState // paid, pending, held, returned or refunded
	Amount    money.Cents
	At        time.Time // when it was made, in the consumer's zone
	ClearsBy  civil.Date
	Payer     string
	Method    MethodView
	Lines     []OutcomeLine
	// ReversibleUntil is the last day a bank may take the payment back; zero for
	// a card and once it is final.
	ReversibleUntil civil.Date
	// Refunded is what has been sent back so far.
	Refunded money.Cents
}
