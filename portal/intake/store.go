package intake

import (
	"context"
	"errors"
	"time"

	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/portal/debt"
)

// ErrConflict is what SavePlacements returns (wrapped) when another import or a
// payment changed the same rows meanwhile: a unique or serialization failure.
// The batch is then loaded and decided again.
var ErrConflict = errors.New("placements were changed by someone else meanwhile")

// Transactor runs fn in one transaction: all of it is kept or none. The
// context handed to fn carries the transaction.
type Transactor interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// Store keeps placements. All methods are called inside one transaction, once
// a batch, each with up to a few thousand rows.
type Store interface {
	// HeldPlacements loads, and locks where the engine locks rows, all that is
	// held of the given references, in as few statements as the engine allows.
	// Both lists are sorted and without duplicates; unknown references are
	// simply missing from the answer.
	HeldPlacements(ctx context.Context, accountRefs, debtRefs []string) (Held, error)
	// HeldTasks adds the tasks about the given references, the oldest first, each
	// with the holds that are open for it, and the creditors.
	HeldTasks(ctx context.Context, into *Held, subjects, creditorRefs []string) error
	// SavePlacements writes a decided batch: COPY on PostgreSQL. It returns
	// ErrConflict when the batch should be decided again.
	SavePlacements(ctx context.Context, b Batch) error
}

// Codes makes the reference code of a new account: the code as printed in a
// letter, its blind index and its sealed copy.
type Codes interface {
	New() (code string, hash, sealed []byte)
}

// Held is what is known before a batch, by the collector's own references.
type Held struct {
	Accounts  map[string]HeldAccount
	Debts     map[string]HeldDebt
	Creditors map[string]Creditor
	Tasks     []Task
}

// Creditor is a creditor's name and of when the row is that it came from; zero is
// not known.
type Creditor struct {
	Name string
	AsOf time.Time
}

// HeldAccount is an account as it stands. AsOf is the latest Snapshot.AsOf of
// any of its debts: a row older than that does not change the consumer's
// details.
type HeldAccount struct {
	Account debt.Account
	AsOf    time.Time
	Debt    debt.ID // any one of its debts
	Left    []Left  // what the person changed themselves, as it was
}

// HeldDebt is a debt as it stands.
type HeldDebt struct {
	Debt       debt.Debt
	AccountRef string
	// Owed is the fold of the debt's ledger account now, Kept that of its account of
	// credits, Waived of what was let go of it, both above zero.
	Owed, Kept, Waived money.Cents
	// Payments is what payments moved on the debt, one line for what moved at a time
	// and was posted at a time.
	Payments []Credit
	// Used reports whether the itemization was used with the consumer (a
	// validation notice was shown or sent): from then on its type and date
	// are fixed (VAL-02).
	Used bool
	// Debtors are those who owe the debt together, by account_ref; none where one
	// person owes it.
	Debtors map[string]debt.Debtor
}

// Credit is what a payment moved on a debt at a time: above zero what it paid or
// what was reinstated, below what was refunded or reversed. PostedAt is when the
// system of record acknowledged that it posted this very movement; zero when it
// has not.
type Credit struct {
	Amount       money.Cents
	At, PostedAt time.Time
}

// Batch is what is written in one transaction. A debt or account stands in at
// most one of its two lists. Transfers are of kind ledger.Placement.
type Batch struct {
	NewAccounts     []NewAccount
	ChangedAccounts []debt.Account // consumer's details replaced as a whole
	Recoded         []NewAccount   // changed ones that get a code again
	NewDebts        []debt.Debt
	ChangedDebts    []debt.Debt // replaced as a whole
	Transfers       []ledger.Transfer
	Debtors         []Debtor // of joint debts
	Tasks           []Task   // new ones
	Answered        []string // ids of tasks that a later row answered
	At              time.Time
}

// NewAccount is an account that was not held, with its reference code in the
// two forms that are stored.
type NewAccount struct {
	Account    debt.Account
	CodeHash   []byte // blind index, unique
	CodeSealed []byte // sealed copy, for letters and the collector's staff
}
