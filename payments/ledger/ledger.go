// Package ledger is double entry bookkeeping in cents: every movement is a
// Transfer whose entries sum to zero, transfers are only ever added, and every
// balance is a fold of entries.
package ledger

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"quittance/payments/money"
)

// Account names one side of a transfer. A debt's account holds what is owed
// on it: placements raise it, payments lower it.
type Account string

// Clearing holds, as a positive balance, what the processor has taken from
// consumers and not given back.
const Clearing Account = "clearing"

// Lost holds, as a positive balance, what banks took back of payments that had
// been given back already: the agency's own loss, which nobody is asked for again.
const Lost Account = "lost"

// Debt is the account of what is owed on one debt.
func Debt(id string) Account { return Account("debt:" + id) }

// Held holds, as a negative balance, what was taken for a debt and may not stand
// on it: it is put there later, or given back.
func Held(debtID string) Account { return Account("held:" + debtID) }

// Credit holds, as a negative balance, what was paid beyond a debt and is not on
// the debt's own account any more, because a later snapshot does not show it. It
// is the consumer's until it is sent back.
func Credit(id string) Account { return Account("credit:" + id) }

// Waived holds what was let go of a debt after a settlement, as a positive balance.
func Waived(id string) Account { return Account("waived:" + id) }

// Placed is the other side of a creditor's placements: minus what that
// creditor's debts were placed at.
func Placed(creditorRef string) Account { return Account("placed:" + creditorRef) }

// DebtID returns the debt whose account this is, and false for other accounts.
func (a Account) DebtID() (string, bool) { return strings.CutPrefix(string(a), "debt:") }

// WaivedOf returns the debt of which something was let go, and false for other
// accounts.
func (a Account) WaivedOf() (string, bool) { return strings.CutPrefix(string(a), "waived:") }

// CreditOf returns the debt beyond which the account's money was paid, and false
// for other accounts.
func (a Account) CreditOf() (string, bool) { return strings.CutPrefix(string(a), "credit:") }

// Entry is one line of a transfer: a signed amount on an account.
type Entry struct {
	Account Account
	Amount  money.Cents
}

// Kind says why money moved.
type Kind string

// Kinds of transfers.
const (
	Placement Kind = "placement" // a snapshot of the system of record changed what is owed
	Payment   Kind = "payment"   // a payment was confirmed
	Refund    Kind = "refund"
	Reversal  Kind = "reversal" // a bank return or a chargeback took money back
	Reinstate Kind = "reinstatement"
	Release   Kind = "release" // held money was put on its debt
	Waiver    Kind = "waiver"  // the rest of a settlement was let go
	Settled   Kind = "settled" // a credit was given back another way than through the processor
)

// Transfer moves money between accounts. Its ID is unique for ever, so that a
// movement can be recorded once only.
type Transfer struct {
	ID        string
	Kind      Kind
	PaymentID string // empty for placements
	At        time.Time
	Entries   []Entry
}

// Errors of Check.
var (
	ErrUnbalanced = errors.New("entries of a transfer do not sum to zero")
	ErrEmpty      = errors.New("a transfer needs an id and at least two entries, none of them zero")
)

// Check refuses a transfer that does not sum to zero or says nothing.
func (t Transfer) Check() error {
	if t.ID == "" || len(t.Entries) < 2 {
		return ErrEmpty
	}
	var sum money.Cents
	for _, e := range t.Entries {
		if e.Amount == 0 || e.Account == "" {
			return ErrEmpty
		}
		sum += e.Amount
	}
	if sum != 0 {
		return fmt.Errorf("%w: off by %d cents", ErrUnbalanced, sum)
	}
	return nil
}

// Balance folds the entries of one account.
func Balance(transfers []Transfer, account Account) money.Cents {
	var sum money.Cents
	for _, t := range transfers {
		for _, e := range t.Entries {
			if e.Account == account {
				sum += e.Amount
			}
		}
	}
	return sum
}
