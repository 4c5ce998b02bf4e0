package payments

import (
	"time"

	"quittance/payments/money"
)

// IntentState is the processor's state of a payment intent, in our words.
type IntentState string

// States of an intent. Open means that the processor waits for a method: it
// was never confirmed, or an attempt was declined (then Failure is set).
const (
	IntentOpen        IntentState = "open"
	IntentNeedsAction IntentState = "needs_action"
	IntentProcessing  IntentState = "processing"
	IntentSucceeded   IntentState = "succeeded"
	IntentCanceled    IntentState = "canceled"
)

// Truth is what the processor holds about a payment at one moment: cumulative
// facts, not events, so that applying it again or in any order ends the same.
type Truth struct {
	PaymentID  ID // from the intent's metadata
	IntentID   string
	CheckoutID string
	State      IntentState
	Amount     money.Cents
	Received   money.Cents
	Currency   string
	ChargeID   string
	Details    Details
	Failure    Failure
	Elsewhere  bool        // of IntentCanceled: somebody did it at the processor, we did not
	Refunded   money.Cents // successfully refunded in all
	Directed   []Amount    // of it, what names the debt that it is from
	Orders     []Ordered   // what became of orders to give back, of those that it knows
	Withdrawn  money.Cents // out because of a return or dispute that is open or lost
	ExpectedBy time.Time
	// ObservedAt is set by Service: by our clock, when a question was asked or
	// when an order (charge, cancel, refund) was answered.
	ObservedAt time.Time
	// ActionURL is the page on which the consumer goes on; never stored. Empty:
	// there is none to lead to.
	ActionURL     string
	Microdeposits bool
}

// Event is a signed word of the processor that something changed. Only its ids
// are used: the truth is fetched.
type Event struct {
	ID         string
	Type       string
	IntentID   string
	CheckoutID string
	PaymentID  ID     // from metadata, when the object carries it
	SetupID    string // of a setup that changed
	GoneID     string // of a saved method that may not be charged any more
	Warning    Warning
	LiveMode   bool
	Created    time.Time
}
