package payments

import (
	"context"
	"time"

	"quittance/payments/money"
)

// WarningKind is what a warning is about.
type WarningKind string

// Kinds of warnings, after the processor's events (rules.md K).
const (
	DisputeWarning  WarningKind = "dispute"           // a bank or cardholder takes money back: answer by DueAt (STR-14)
	FraudWarning    WarningKind = "fraud_warning"     // a card network takes a payment for fraud
	ReviewWarning   WarningKind = "review"            // the processor holds a payment for a look
	RefundFailed    WarningKind = "refund_failed"     // an order to give money back came to nothing, and nobody was looking (STR-13)
	PayoutFailed    WarningKind = "payout_failed"     // collected money did not reach the agency's bank
	PayoutReconcile WarningKind = "payout_reconciled" // a payout's parts are known and can be compared
)

// Warning is what the processor says that a person has to look at. No money
// moves by it: what moved is in the Truth of the payment.
type Warning struct {
	Kind    WarningKind
	Subject string    // the processor's id of it; one Subject is one thing to look at
	State   string    // how it stands, in the processor's word
	DueAt   time.Time // until when it wants an answer; zero when it wants none
}

// WarningWatcher is told, inside the transaction that records the event, of a warning
// and the payment that it is about; empty when it is about none of ours. At is
// when the processor said so: warnings come in any order.
type WarningWatcher interface {
	Warn(ctx context.Context, w Warning, about ID, at time.Time) error
}

// Mismatch is a difference between the processor's record and ours. Nothing has
// moved by it.
type Mismatch struct {
	PaymentID ID     // empty: the processor holds what we know nothing of
	IntentID  string // empty: of a payment that the processor does not know
	Expected  money.Cents
	Found     money.Cents
	Reason    string // without personal data
}
