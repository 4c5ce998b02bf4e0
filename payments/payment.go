// Package payments moves money: it knows what a payment is, which moves of its
// state are legal, how the processor's word changes it and what is then posted
// to the ledger. It compiles on the standard library alone; the processor, the
// store and those who watch are interfaces declared here.
//
//	started ──► ready ──► submitting ──► checking            ours: chosen, reviewed, asked, unanswered
//	   └──────────┴───────────┴─────────────┘
//	                  │  the processor's word, at any time
//	   ┌──────────────┼──────────────┬──────────────┐
//	needs_action ─► processing     failed        canceled    nothing is taken yet, or never was
//	   └──────────────┴──────┬───────┴──────────────┘
//	                         ▼
//	held ─► confirmed ◄──► reversed ◄──► refunded            money was taken; this is never forgotten
//
// Money that comes for a debt that may not be paid any more is held: it is the
// processor's, stands on no debt, and is put on its debt later or given back.
//
// Until money is taken the processor's latest word wins, whatever was thought
// before: a payment that seemed failed or canceled still becomes confirmed when
// the processor holds the money, and what it holds is always posted. Beside
// that word we move a payment ourselves to needs_action (the consumer was sent
// to the hosted page), failed (the processor was never asked) and canceled
// (given up with no intent begun).
package payments

import (
	"slices"
	"time"

	"quittance/payments/ledger"
	"quittance/payments/money"
)

// ID is the portal's id of a payment ("pay_…"). It is stored before the
// processor is asked for anything and every idempotency key is made from it.
type ID string

// Method is the kind of payment method the consumer chose.
type Method string

// The two kinds of methods, named as the processor does.
const (
	Card        Method = "card"
	BankAccount Method = "us_bank_account"
)

// Status is where a payment stands. Legal moves are in moves.
type Status string

// Statuses of a payment.
const (
	Started     Status = "started"      // debts and amounts are chosen
	Ready       Status = "ready"        // a method was chosen and checked; the consumer is reviewing
	Submitting  Status = "submitting"   // the consumer said pay; the processor is being asked
	Checking    Status = "checking"     // the processor's answer was lost: the outcome is unknown
	NeedsAction Status = "needs_action" // 3-D Secure, microdeposits or the hosted page wait for the consumer
	Processing  Status = "processing"   // the bank is moving the money (ACH)
	Confirmed   Status = "confirmed"    // the processor holds the money
	Failed      Status = "failed"       // nothing was taken
	Canceled    Status = "canceled"     // given up before anything was taken
	Held        Status = "held"         // money was taken, and none of it may stand on its debt
	Reversed    Status = "reversed"     // the bank took the money back, and nothing of it is left
	Refunded    Status = "refunded"     // all of it was given back
)

// moves is the table of legal moves.
var moves = map[Status][]Status{
	Started:     {Ready, NeedsAction, Processing, Failed, Canceled, Confirmed, Held, Reversed, Refunded},
	Ready:       {Ready, Submitting, NeedsAction, Processing, Failed, Canceled, Confirmed, Held, Reversed, Refunded},
	Submitting:  {Checking, NeedsAction, Processing, Failed, Canceled, Confirmed, Held, Reversed, Refunded},
	Checking:    {NeedsAction, Processing, Failed, Canceled, Confirmed, Held, Reversed, Refunded},
	NeedsAction: {Processing, Failed, Canceled, Confirmed, Held, Reversed, Refunded},
	Processing:  {NeedsAction, Failed, Canceled, Confirmed, Held, Reversed, Refunded},
	Failed:      {NeedsAction, Processing, Confirmed, Held, Reversed, Refunded},
	Canceled:    {Processing, Confirmed, Held, Reversed, Refunded},
	Confirmed:   {Reversed, Refunded},
	Held:        {Confirmed, Reversed, Refunded},
	Reversed:    {Confirmed, Held, Refunded},
	Refunded:    {Confirmed, Held, Reversed},
}

// May reports whether a payment may move from one status to another.
func May(from, to Status) bool {
	return slices.Contains(moves[from], to)
}

// Ended reports whether the payment ended with nothing taken, so that the
// consumer may try again.
func (s Status) Ended() bool { return s == Failed || s == Canceled }

// Taken reports whether the processor took the money, even when it went back
// later.
func (s Status) Taken() bool { return s == Confirmed || s == Held || s == Reversed || s == Refunded }

// Holds reports whether the outcome of a payment in this status is open.
func (s Status) Holds() bool {
	return s == Started || s == Ready || s.InFlight()
}

// InFlight reports whether money may be moving right now. A payment in this
// status reserves its amounts: the same debts must not be paid by another one
// meanwhile (AMT-07), and the consumer is told not to pay again.
func (s Status) InFlight() bool {
	return s == Submitting || s == Checking || s == NeedsAction || s == Processing
}

// Allocation is the part of a payment that the consumer directs to one debt
// (AMT-05).
type Allocation struct {
	DebtID      string
	DebtRef     string
	CreditorRef string
	Amount      money.Cents
	// Held is why the money may not stand on the debt, in the gate's word; empty:
	// it does, or has not come.
	Held string
	// Refunded is what the processor was told to give back from this very debt.
	// What it gave back without a word comes off as Spread says.
	Refunded money.Cents
	// FromCredit is what of the money that went back was too much in the first
	// place, and shown by no snapshot: nobody owes it again.
	FromCredit money.Cents
	// Ordered is what was ordered to go back from this debt and is not known to
	// have gone. It is the sum of open orders and is saved with none of this.
	Ordered money.Cents
}

// account is where the allocation's money stands in the ledger.
func (a Allocation) account() ledger.Account {
	if a.Held != "" {
		return ledger.Held(a.DebtID)
	}
	return ledger.Debt(a.DebtID)
}

// Details is what is known of the method behind a payment; never a number.
type Details struct {
	Type     Method
	Brand    string // card network or bank name
	Last4    string
	Funding  string // "credit", "debit", "prepaid", "unknown"
	Wallet   string
	Country  string
	HolderID string // processor's id of the method
	Expires  string // of a card: its last month, "2027-01"; empty: not known, or no card
	// Fingerprint is a keyed hash by which the same card is known again, whoever
	// uses it; the processor's own is kept nowhere. Empty: not known, or no card.
	Fingerprint string
}

// Consent is the proof of what the consumer agreed to when submitting: the
// hash of the text shown, and who said yes from where (ACH-03, REG-02).
type Consent struct {
	TextHash  string
	Text      string // the authorization exactly as shown
	SessionID string
	IP        string
	UserAgent string
	Language  string
	At        time.Time
}

// Payment is one attempt to move one amount.
type Payment struct {
	ID              ID
	Reference       string // for people: "PAY-7KQ2M9XD"
	AccountID       string
	By              string // in what capacity somebody pays for the consumer, "executor"; empty is the consumer
	ByID            string // which of those it is, "rep_…"; empty is the consumer
	RequestKey      string // the form's one-time key: the same key never makes two payments
	RequestHash     string
	Purpose         string // what it is made for, in the words of whoever watches payments; empty: its debts alone
	Amount          money.Cents
	Method          Method
	Allocations     []Allocation
	Status          Status
	Token           string // the processor's one-time token of the method
	Saved           Saved  // the method, where a saved one is charged; then there is no token
	Unattended      bool   // charged when nobody was watching (STR-08)
	Details         Details
	Consent         Consent
	IntentID        string
	CheckoutID      string // set when the consumer pays on the processor's hosted page
	ChargeID        string
	Failure         Failure
	Refunded        money.Cents // given back in all
	Withdrawn       money.Cents // taken back by the bank and not returned
	Revision        int64       // rises by one with each saved change
	CreatedAt       time.Time
	SubmittedAt     time.Time
	ExpectedBy      time.Time // when a bank payment should clear
	ConfirmedAt     time.Time
	ReversibleUntil time.Time // until then a bank may still take it back (ACH-08)
	ClosedAt        time.Time // failed, canceled, wholly refunded, or when the bank took it, or a part, back
	ObservedAt      time.Time // when the processor's last applied word was asked for
	CheckAt         time.Time // when to ask the processor again should no event come; zero for never
}

// Net is what the ledger holds for this payment: nothing until it is
// confirmed, then the amount less what went back.
func (p Payment) Net() money.Cents {
	if p.ConfirmedAt.IsZero() {
		return 0
	}
	return max(0, p.Amount-p.Refunded-p.Withdrawn)
}

// apart reports whether none of the payment's money may stand on its debt.
func (p Payment) apart() bool {
	return len(p.Allocations) > 0 && !slices.ContainsFunc(p.Allocations, func(a Allocation) bool { return a.Held == "" })
}

// Lost is what the bank took back although it had been given back already.
func (p Payment) Lost() money.Cents { return max(0, p.Refunded+p.Withdrawn-p.Amount) }

// Shares says where the payment's net amount stands: how much of it each
// allocation has, held or not.
func (p Payment) Shares() []money.Cents { return Spread(p.Allocations, p.Net()) }

// RefundedOf is what was given back from one debt in all, named or not.
func (p Payment) RefundedOf(debtID string) (back money.Cents) {
	for i, stays := range Spread(p.Allocations, max(0, p.Amount-p.Refunded)) {
		if p.Allocations[i].DebtID == debtID {
			back += p.Allocations[i].Amount - stays
		}
	}
	return back
}

// WithdrawnOf is what the bank took back of what was paid on one debt.
func (p Payment) WithdrawnOf(debtID string) (back money.Cents) {
	kept := Spread(p.Allocations, max(0, p.Amount-p.Refunded))
	for i, stays := range p.Shares() {
		if p.Allocations[i].DebtID == debtID {
			back += kept[i] - stays
		}
	}
	return back
}

// Failure says why a payment did not work or came back, in codes. Code is the
// processor's; ReturnCode is Nacha's where there is one ("R01").
type Failure struct {
	Code       string
	ReturnCode string
}
