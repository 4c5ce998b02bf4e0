// Package gate is the one decision point of GEN-01: may this be shown, paid,
// planned, sent or disputed, for a debt in this status? The answers stand in
// tables with the rules they come from; what is not in a table is denied.
package gate

import (
	"quittance/payments/money"
	"quittance/portal/debt"
	"quittance/portal/represent"
)

// Action is what someone wants to do with one debt.
type Action string

// Actions that are asked about.
const (
	View     Action = "view"     // show the debt and its amounts
	Pay      Action = "pay"      // take a payment
	Keep     Action = "keep"     // let money that has come stand on the debt: the answer of Pay
	Plan     Action = "plan"     // agree on a new payment plan
	Autopay  Action = "autopay"  // charge an installment nobody is watching
	Outbound Action = "outbound" // write to the consumer
	Dispute  Action = "dispute"  // offer the dispute form
	UseCard  Action = "use_card" // pay with this kind of card; asked of Card
	UseBank  Action = "use_bank" // authorize debits of a bank account; asked of Debit
)

// Reason says in one key word why something is denied or, beside an allowed
// action, in what way it is to be done.
type Reason string

// Ways in which an allowed action is to be done. Plain is the usual one.
const (
	Plain         Reason = ""
	WithStatus    Reason = "with_status"     // the debt is shown with its dispute
	Limited       Reason = "limited"         // shown without pressing for payment
	History       Reason = "history"         // shown as past
	WithNotice    Reason = "with_notice"     // the state's time-barred notice stands beside the amount
	FixedNoCharge Reason = "fixed_no_charge" // a plan of fixed installments without interest
	Recheck       Reason = "recheck"         // the status is asked for again before each charge
)

// Why an action is denied.
const (
	UnknownStatus  Reason = "unknown_status"
	UnknownAction  Reason = "unknown_action"
	IsDisputed     Reason = "disputed"
	IsCeased       Reason = "cease"
	HasAttorney    Reason = "attorney"
	IsBankrupt     Reason = "bankruptcy"
	IsDeceased     Reason = "deceased"
	IsIdentity     Reason = "identity_theft"
	IsMinor        Reason = "minor"
	IsTimeBarred   Reason = "time_barred"
	IsPaid         Reason = "paid"
	IsRecalled     Reason = "recalled"
	IsUnderReview  Reason = "under_review" // a person must look at what was said of it
	Paused         Reason = "paused"       // autopay waits until the status changes
	Canceled       Reason = "canceled"     // autopay ends
	CreditRefused  Reason = "credit_card_refused"
	AnyCardRefused Reason = "card_refused"
	NotForRole     Reason = "not_for_role" // who speaks for the consumer may not do this
	IsJoint        Reason = "joint"        // others owe the debt too: no plan of one of them begins here
	IsGone         Reason = "gone"         // the debt is not the account's any more
)

// Facts are what is known beside the status. The zero Facts are the strictest.
type Facts struct {
	ByConsumer bool // the consumer, or who speaks for them, asks for it here and now
	Answer     bool // the message is a receipt, or an answer that the consumer is owed
	Template   bool // the words are of a template approved for this status (GEN-04)
	Consent    bool // prior consent to deal directly although represented is recorded (STS-03)
	// Role is in what capacity a verified representative is on the other side;
	// empty is the consumer (DSC-05).
	Role represent.Role
}

// Decision is an answer, its reason, and the ids of the rules of rules.md
// behind it. Every decision has at least one rule.
type Decision struct {
	Allowed   bool
	WholeOnly bool        // of Pay: only the whole balance, no part of it (STS-07)
	Withheld  money.Cents // of Pay: the disputed part, which may not be paid (DIS-04)
	Reason    Reason
	RuleIDs   []string
}

// Decide says whether the action may be taken on a debt in this one status. A
// debt may stand in several at once: Standing.Decide asks for all of them.
func Decide(a Action, status debt.Status, f Facts) Decision {
	row, known := statuses[status]
	if !known {
		return Decision{Reason: UnknownStatus, RuleIDs: []string{"GEN-01", "GEN-03"}}
	}
	c, known := row[a]
	if !known {
		return Decision{Reason: UnknownAction, RuleIDs: []string{"GEN-01"}}
	}
	if !f.meet(c.when) {
		return Decision{Reason: c.denied, RuleIDs: c.rules}
	}
	return Decision{Allowed: true, WholeOnly: c.whole, Reason: c.how, RuleIDs: c.rules}
}

// condition is what has to be so for an action to be allowed.
type condition string

const (
	never      condition = ""
	always     condition = "always"
	byConsumer condition = "by the consumer"
	answer     condition = "an answer"
	template   condition = "an approved template"
	consent    condition = "a recorded consent"
	estate     condition = "an executor or the spouse"
	executor   condition = "an executor, by hand"
	guardian   condition = "a guardian or parent"
)

func (f Facts) meet(c condition) bool {
	switch c {
	case always:
		return true
	case byConsumer:
		return f.ByConsumer
	case answer:
		return f.Answer
	case template:
		return f.Template
	case consent:
		return f.Consent
	case estate:
		return f.Role == represent.Executor || f.Role == represent.Spouse
	case executor:
		return f.Role == represent.Executor && f.ByConsumer
	case guardian:
		return f.Role == represent.Guardian || f.Role == represent.Parent
	}
	return false
}
