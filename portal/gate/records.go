package gate

import (
	"context"
	"time"

	"quittance/payments"
	"quittance/portal/debt"
	"quittance/portal/represent"
)

// Records is what a Keeper needs of the store. All of it runs in the caller's
// transaction.
type Records interface {
	// Account loads the consumer's account.
	Account(ctx context.Context, id debt.AccountID) (debt.Account, error)
	// Statements loads and, in a transaction, locks the named debts of the
	// account, in a fixed order, and the account itself: some statuses are the person's,
	// whichever debt they are reported on. Debts of other accounts are left out. The
	// payment named in except is left out of Pending; empty excepts none.
	Statements(ctx context.Context, id debt.AccountID, debtIDs []debt.ID, except payments.ID) ([]debt.Statement, error)
	// LockAccount lets nobody else place or hold debts of the account, or begin a payment
	// on one, until the caller's transaction ends. Statements does it too.
	LockAccount(ctx context.Context, id debt.AccountID) error
	// AccountStatements loads all debts of the account; nothing is locked.
	AccountStatements(ctx context.Context, id debt.AccountID) ([]debt.Statement, error)
	// KeepDecisions appends decisions; they are never changed (GEN-01, REC-02).
	KeepDecisions(ctx context.Context, kept []Kept) error
}

// Kept is one decision as it is stored: what was asked about which debt, when,
// and the answer with its rules.
type Kept struct {
	At        time.Time
	AccountID debt.AccountID
	DebtID    debt.ID
	PaymentID payments.ID // empty when no payment is behind the question yet
	Action    Action
	Channel   Channel
	Status    debt.Status // that counted on the consumer's day
	Decision  Decision
	Packs     []string          // the stamps of the compliance packs that were asked
	By        represent.Speaker // who asked for the consumer; zero for the consumer and for nobody
}
