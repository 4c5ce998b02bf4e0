package dispute

import (
	"errors"
	"time"

	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/represent"
)

// Errors of this package.
var (
	ErrNotFound  = errors.New("no such dispute")
	ErrNotNow    = errors.New("the dispute is not in a state in which this can be done")
	ErrNotOpen   = errors.New("the form is not open for this debt")
	ErrNoProof   = errors.New("a dispute is answered with a document, its method and the day it was sent")
	ErrNoFavor   = errors.New("the debt does not stand as the consumer said it should")
	ErrNoConsent = errors.New("an answer by electronic means alone needs the consumer's consent")
	ErrStays     = errors.New("a dispute of this kind is not taken back on a page")
	ErrFull      = errors.New("the dispute has as many files as it may have")
)

// ID is the portal's own id of a dispute, a request or a complaint ("dsp_…").
type ID string

// Kind is what the consumer sent.
type Kind string

// The three kinds. Only the first two hold a debt.
const (
	OfDebt    Kind = "dispute"
	Creditor  Kind = "original_creditor" // who was it first owed to? (DIS-06)
	Complaint Kind = "complaint"
)

// Prefix stands before the eight characters of a reference.
func (k Kind) Prefix() string {
	switch k {
	case OfDebt:
		return "DSP-"
	case Creditor:
		return "OCR-"
	case Complaint:
		return "CMP-"
	}
	return ""
}

// Holds reports whether the kind stops collection.
func (k Kind) Holds() bool { return k == OfDebt || k == Creditor }

// Reason is what the consumer says is wrong; several may be.
type Reason string

// The reasons there are.
const (
	NotMine       Reason = "not_mine"
	IdentityTheft Reason = "identity_theft" // STS-05
	AlreadyPaid   Reason = "already_paid"
	PaidCreditor  Reason = "paid_creditor" // paid the creditor directly
	WrongAmount   Reason = "wrong_amount"
	Coerced       Reason = "coerced" // STS-08
	Other         Reason = "other"   // in the consumer's own words
)

// Reasons lists them in the order in which they are asked.
var Reasons = []Reason{NotMine, WrongAmount, AlreadyPaid, PaidCreditor, IdentityTheft, Coerced, Other}

// Scope is how much of the debt is disputed.
type Scope string

// The scopes. Whole is what counts when nothing is said (DIS-04).
const (
	Whole Scope = "whole"
	Lines Scope = "lines"
	Part  Scope = "amount"
)

// Line is one row of the itemization that adds to the debt.
type Line string

// The rows.
const (
	LineOwed     Line = "owed" // on the itemization date
	LineInterest Line = "interest"
	LineFees     Line = "fees"
)

// AllLines lists them in the order of the notice.
var AllLines = []Line{LineOwed, LineInterest, LineFees}

// Of is the amount of the row.
func (l Line) Of(i debt.Itemization) money.Cents {
	switch l {
	case LineOwed:
		return i.Amount
	case LineInterest:
		return i.Interest
	case LineFees:
		return i.Fees
	}
	return 0
}

// Story is what the consumer wrote. It is kept sealed.
type Story struct {
	Words       string `json:"words,omitempty"`
	PaidTo      string `json:"paid_to,omitempty"`
	SafeContact string `json:"safe_contact,omitempty"` // how to reach a person who is not safe (STS-08)
}

// Filing is what a consumer sends.
type Filing struct {
	Kind     Kind
	Scope    Scope
	Lines    []Line
	Amount   money.Cents // of Part
	Reasons  []Reason
	PaidOn   civil.Date // when it was paid before, if the consumer said so
	Story    Story
	Language string
}

// Dispute is a filing as it was received. It never changes; what came of it
// stands in its Steps.
type Dispute struct {
	ID         ID
	Reference  string
	RequestKey string // the same key is the same dispute
	AccountID  debt.AccountID
	DebtID     debt.ID // empty for a complaint about no debt
	DebtRef    string
	// CreditorRef is the current creditor, who is told where its debt is concerned.
	CreditorRef string
	// By is in what capacity somebody sent it for the consumer; empty is the
	// consumer (DSC-05).
	By represent.Role
	Filing
	Disputed money.Cents // of the debt, in cents
	Owed     money.Cents // on the debt when the dispute came
	Timely   bool        // in the validation period, or not known (DIS-02, DIS-07)
	Earlier  ID          // one that this may repeat (DIS-05): for the collector to say
	OpenedAt time.Time
	AnswerBy civil.Date
	Hash     string // SHA-256 of what was sent (DIS-01)
	Steps    []Step
	Sealed   []byte // the story, sealed; the Story itself is filled in only where it is read
}

// All reports whether the whole debt is disputed.
func (d Dispute) All() bool { return d.Disputed >= d.Owed }

// Has reports whether a reason was given.
func (d Dispute) Has(r Reason) bool {
	for _, given := range d.Reasons {
		if given == r {
			return true
		}
	}
	return false
}

// State is where a dispute stands.
type State string

// The states. A dispute is open until it is answered on proof, closed in the
// consumer's favor, or taken back by them.
const (
	Open     State = "open"
	Answered State = "answered"
	Closed   State = "closed"
)

// moves is the table of what may follow what.
var moves = map[State][]State{Open: {Answered, Closed}, Answered: {}, Closed: {}}

// State is the one that the last step led to.
func (d Dispute) State() State {
	if len(d.Steps) == 0 {
		return Open
	}
	return d.Steps[len(d.Steps)-1].State
}

// Outcome is how a dispute ended.
type Outcome string

// The outcomes.
const (
	Verified     Outcome = "verified"           // proof was sent (DIS-03)
	Duplicative  Outcome = "duplicative"        // the notice of 1006.38(d)(2)(ii)(A) was sent (DIS-05)
	CreditorSent Outcome = "creditor_sent"      // name and address of the original creditor (DIS-06)
	InFavor      Outcome = "in_consumers_favor" // the debt now stands as the consumer said
	Replied      Outcome = "replied"            // to a complaint
	Withdrawn    Outcome = "withdrawn"          // the consumer took it back, by their own written act
)

// Step is one thing that came of a dispute. Steps are only ever added.
type Step struct {
	State      State
	Outcome    Outcome
	DocumentID string // the system of record's own number of the paper
	Method     string // how it was sent: "mail", "portal" or "email"
	SentOn     civil.Date
	By         string // "api:…" or "staff:…"; "portal" when it answered by itself
	File       FileID // the paper, where it came along
	At         time.Time
}

// Last is the newest step.
func (d Dispute) Last() (Step, bool) {
	if len(d.Steps) == 0 {
		return Step{}, false
	}
	return d.Steps[len(d.Steps)-1], true
}
