package credit

import (
	"context"

	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/portal/debt"
)

// Store keeps credits. Its methods run in the caller's transaction.
type Store interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// OpenCredits lists the open credits of debts, or of all when none is named, with
	// what was asked of the processor, the earliest due first. Their balances are
	// Beyond's. In a transaction it locks the debts that are named, and the credits.
	OpenCredits(ctx context.Context, debts []debt.ID, most int) ([]Credit, error)
	// Credit loads an open one and, in a transaction, locks its debt and it;
	// ErrNotFound.
	Credit(ctx context.Context, id string) (Credit, error)
	// AddCredit keeps a new one; false when the debt has an open one.
	AddCredit(ctx context.Context, c Credit) (bool, error)
	// SaveCredit stores what was told and how it ended.
	SaveCredit(ctx context.Context, c Credit) error
}

// Books are what is paid, and what of it goes beyond debts.
type Books interface {
	// Beyond reads what was paid beyond each of the debts, also where nothing was.
	Beyond(ctx context.Context, debts []debt.ID) ([]Balance, error)
	// PostTransfer adds a transfer to the ledger.
	PostTransfer(ctx context.Context, t ledger.Transfer) error
	// PaymentsOn lists payments on a debt, of whoever made them, the newest first.
	PaymentsOn(ctx context.Context, id debt.ID, limit int) ([]payments.Payment, error)
	// LockPayments holds payments as they are until the caller's transaction ends.
	LockPayments(ctx context.Context, ids []payments.ID) error
}

// Orders keeps what is asked of the processor.
type Orders interface {
	AskRefund(ctx context.Context, credit string, r Refund) error
}

// Watcher is told, inside the transaction, that more was paid on a debt than was
// owed, or more than was told before: c is all of it. It came by a payment, or
// with none, where a balance was stated anew.
type Watcher interface {
	MoreThanOwed(ctx context.Context, c Credit, by payments.Payment) error
}

// Returner gives money back; payments.Service is one.
type Returner interface {
	Order(ctx context.Context, id payments.ID, b payments.Back) error
	Refund(ctx context.Context, id payments.ID, b payments.Back) (payments.Payment, error)
}
