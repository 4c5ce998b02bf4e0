package outbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"quittance/payments/money"
	"quittance/portal/debt"
)

// envelope is the body of Standard Webhooks: what, when, and the data.
type envelope struct {
	Type      Type   `json:"type"`
	Timestamp string `json:"timestamp"`
	Data      Data   `json:"data"`
}

// Data is what an event says. Each type fills one of the parts; none holds a
// name, a date of birth or a number of a card or bank account; only
// contact.changed, which no creditor sees, holds an address (WHK-04).
type Data struct {
	Schema          string           `json:"schema"`
	Sequence        int64            `json:"sequence"`
	AccountRef      string           `json:"account_ref,omitempty"`
	OriginalEventID EventID          `json:"original_event_id,omitempty"`
	Payment         *PaymentFacts    `json:"payment,omitempty"`
	Credit          *CreditFacts     `json:"credit,omitempty"`
	Plan            *PlanFacts       `json:"plan,omitempty"`
	Notice          *NoticeFacts     `json:"notice,omitempty"`
	Extension       *ExtensionFacts  `json:"extension,omitempty"`
	Dispute         *DisputeFacts    `json:"dispute,omitempty"`
	Statement       *StatementFacts  `json:"statement,omitempty"`
	Claim           *ClaimFacts      `json:"claim,omitempty"`
	Consumer        *ConsumerFacts   `json:"consumer,omitempty"`
	Link            *LinkFacts       `json:"link,omitempty"`
	Message         *MessageFacts    `json:"message,omitempty"`
	Consent         *ConsentFacts    `json:"consent,omitempty"`
	Contact         *ContactFacts    `json:"contact,omitempty"`
	Received        *ReceivedFacts   `json:"received,omitempty"`
	Cease           *CeaseFacts      `json:"cease,omitempty"`
	Endpoint        *EndpointFacts   `json:"endpoint,omitempty"`
	Reconciliation  *ReconciledFacts `json:"reconciliation,omitempty"`
	Audit           *SealedFacts     `json:"audit,omitempty"`
}

// SealedFacts are the ends of the chains of proof on a day, in UTC.
type SealedFacts struct {
	Day    string       `json:"day"`
	Chains []ChainFacts `json:"chains"`
}

// ChainFacts are the end of one chain: how many rows it has, and the link of the
// last in hex.
type ChainFacts struct {
	Name     string `json:"name"`
	Position int64  `json:"position"`
	Link     string `json:"link"`
}

// PaymentFacts are what is told of a payment. Times are RFC 3339 in UTC.
type PaymentFacts struct {
	ID              string            `json:"id"`
	Reference       string            `json:"reference"`
	By              string            `json:"by,omitempty"` // role of who pays for the consumer
	AmountCents     money.Cents       `json:"amount_cents"`
	Currency        string            `json:"currency"`
	Method          string            `json:"method"`
	SubmittedAt     string            `json:"submitted_at,omitempty"`
	ExpectedBy      string            `json:"expected_by,omitempty"`
	ConfirmedAt     string            `json:"confirmed_at,omitempty"`
	ReversibleUntil string            `json:"reversible_until,omitempty"`
	ProcessorRef    string            `json:"processor_ref,omitempty"`
	Failure         *FailureFacts     `json:"failure,omitempty"`
	Allocations     []AllocationFacts `json:"allocations"`
}

// FailureFacts say why money did not come or went back, in codes.
type FailureFacts struct {
	Code       string `json:"code,omitempty"`
	ReturnCode string `json:"return_code,omitempty"`
}

// AllocationFacts are one debt's part of a payment. ChangeCents is what this
// very event does to the debt's balance: minus what was paid, plus what went
// back, 0 when nothing was booked.
type AllocationFacts struct {
	DebtRef           string      `json:"debt_ref"`
	CreditorRef       string      `json:"creditor_ref"`
	AmountCents       money.Cents `json:"amount_cents"`
	ChangeCents       money.Cents `json:"change_cents"`
	BalanceAfterCents money.Cents `json:"balance_after_cents"`
	// HeldChangeCents is what the event does to what is held for the debt: taken,
	// and not on it. HeldReason is why, while it is held; no creditor is told.
	HeldChangeCents money.Cents `json:"held_change_cents,omitempty"`
	// CreditChangeCents is what the event does to what was paid beyond the debt and
	// no balance that was stated shows: it goes back, and the debt stays as it is.
	CreditChangeCents money.Cents `json:"credit_change_cents,omitempty"`
	HeldReason        string      `json:"held_reason,omitempty"`
}

// CreditFacts are what was paid beyond a debt and is the consumer's: nothing is to
// be booked by it, what goes back is told as payment.refunded. AmountCents is all
// of it by now. The payment is the one by which it came to that; empty where a
// balance that was stated did it.
type CreditFacts struct {
	ID               string      `json:"id"`
	DebtRef          string      `json:"debt_ref"`
	CreditorRef      string      `json:"creditor_ref"`
	AmountCents      money.Cents `json:"amount_cents"`
	SendBackBy       string      `json:"send_back_by"` // YYYY-MM-DD
	PaymentID        string      `json:"payment_id,omitempty"`
	PaymentReference string      `json:"payment_reference,omitempty"`
}

// ConsumerFacts say how a person was matched to the account.
type ConsumerFacts struct {
	Via string `json:"via"`          // "code" or "link"
	By  string `json:"by,omitempty"` // role of who came in for the consumer
}

// LinkFacts name a texted or mailed link, never its token or address.
type LinkFacts struct {
	ID      string `json:"id,omitempty"`      // empty where no link led to it
	Channel string `json:"channel,omitempty"` // "sms" or "email"
}

// MessageFacts name a message that could not be delivered.
type MessageFacts struct {
	ID      string `json:"id"`
	Channel string `json:"channel"`
	Reason  string `json:"reason"` // a code, never the carrier's words
}

// EndpointFacts name an endpoint that stopped or goes on.
type EndpointFacts struct {
	ID           EndpointID `json:"id"`
	Reason       string     `json:"reason,omitempty"`
	FailingSince string     `json:"failing_since,omitempty"`
}

// ReconciledFacts are a difference between two books on one day.
type ReconciledFacts struct {
	Day             string      `json:"day"`
	Subject         string      `json:"subject"` // which two books: "processor" or "system_of_record"
	ExpectedCents   money.Cents `json:"expected_cents"`
	FoundCents      money.Cents `json:"found_cents"`
	DifferenceCents money.Cents `json:"difference_cents"`
	PaymentID       string      `json:"payment_id,omitempty"`    // empty: none of the portal's
	ProcessorRef    string      `json:"processor_ref,omitempty"` // empty: none of the processor's
	Reason          string      `json:"reason,omitempty"`
}

// Body writes an event as one receiver sees it: with that receiver's sequence
// and, for a creditor, with its own debts only (DSC-06). The same event, number
// and creditors give the same bytes.
func Body(e Event, sequence int64, to debt.Creditors) ([]byte, error) {
	var d Data
	if err := json.Unmarshal(e.Facts, &d); err != nil {
		return nil, fmt.Errorf("read facts of event %s: %w", e.ID, err)
	}
	d.Sequence = sequence
	if !to.All() {
		d = d.forCreditor(to)
	}
	body, err := json.Marshal(envelope{Type: e.Type, Timestamp: stamp(e.OccurredAt), Data: d})
	if err != nil {
		return nil, fmt.Errorf("write event %s: %w", e.ID, err)
	}
	return body, nil
}

// forCreditor keeps what a creditor may know: its own allocations, their sum
// instead of the payment's, the kind of method, and no reference that leads to
// the rest of the payment; of a plan not what the bank or the consumer's life
// has to do with it (WHK-04).
func (d Data) forCreditor(of debt.Creditors) Data {
	if d.Plan != nil {
		p := *d.Plan
		p.Reason = ""
		d.Plan = &p
	}
	if d.Dispute != nil {
		f := d.Dispute.forCreditor()
		d.Dispute = &f
	}
	if d.Credit != nil {
		c := *d.Credit
		c.PaymentID, c.PaymentReference = "", ""
		d.Credit = &c
	}
	if d.Payment == nil {
		return d
	}
	p := *d.Payment
	p.ProcessorRef, p.Failure, p.By = "", nil, ""
	p.Allocations = slices.DeleteFunc(slices.Clone(p.Allocations), func(a AllocationFacts) bool { return !of.See(a.CreditorRef) })
	p.AmountCents = 0
	for i := range p.Allocations {
		p.Allocations[i].HeldReason = ""
		p.AmountCents += p.Allocations[i].AmountCents
	}
	d.Payment = &p
	return d
}

// Sees reports whether a receiver is told of an event: everybody who asked for
// its type, and a creditor only when one of its own debts is touched (DSC-06).
func Sees(e Event, of debt.Creditors, types []Type) bool {
	if len(types) > 0 && !slices.Contains(types, e.Type) {
		return false
	}
	return of.SeeAny(e.Creditors)
}

// stamp writes a time as the bodies carry it; a zero time is left out.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
