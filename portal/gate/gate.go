// Package gate is the one decision point of GEN-01: may this be shown, paid,
// planned, sent or disputed, for a debt in this status, now? The answers stand
// in tables with the rules they come from; what is not in a table is denied.
package gate

// Action is what someone wants to do with one debt.
type Action string

// Actions that are asked about.
const (
	View     Action = "view"     // show the debt and its amounts
	Pay      Action = "pay"      // take a payment that the consumer starts
	Plan     Action = "plan"     // agree on a new payment plan
	Autopay  Action = "autopay"  // charge an installment nobody is watching
	Outbound Action = "outbound" // write to the consumer
	Dispute  Action = "dispute"  // offer the dispute form
)

// Decision is an answer, the reason in one key word, and the ids of the rules
// of rules.md behind it. Every decision has at least one.
type Decision struct {
	Allowed bool
	Reason  Reason
	RuleIDs []string
}

// Reason is the key of the sentence a person is told.
type Reason string
