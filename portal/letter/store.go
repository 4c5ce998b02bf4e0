package letter

import (
	"context"

	"quittance/plans"
	"quittance/plans/civil"
	"quittance/portal/debt"
)

// Transactor runs fn in one transaction; a nested call joins it.
type Transactor interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// Store keeps letters. It runs in the caller's transaction.
type Store interface {
	// AddLetter keeps a letter; false when its account has one of the occasion.
	AddLetter(ctx context.Context, l Letter) (bool, error)
	// SaveLetter stores its state, amount, way, message, days and times and, where there
	// is one, the sealed text.
	SaveLetter(ctx context.Context, l Letter, sealed []byte) error
	// LockLetter loads one and locks it in a transaction; ErrNotFound.
	LockLetter(ctx context.Context, id string) (Letter, error)
	// SealedLetter is the text of one as it was written; ErrNotFound.
	SealedLetter(ctx context.Context, id string) ([]byte, error)
	// Letters lists by a query, the earliest due first.
	Letters(ctx context.Context, q Query) ([]Letter, error)
}

// Query says which letters are meant; empty fields ask for nothing.
type Query struct {
	Account debt.AccountID
	State   State
	Message string
	By      civil.Date // to be written on or before
	Most    int
}

// Records reads what letters are about.
type Records interface {
	Account(ctx context.Context, id debt.AccountID) (debt.Account, error)
	AccountStatements(ctx context.Context, id debt.AccountID) ([]debt.Statement, error)
	// Plan loads and, in a transaction, locks a plan; plans.ErrNotFound.
	Plan(ctx context.Context, id plans.ID) (plans.Plan, error)
}

// Courier sends what is written, in the caller's transaction.
type Courier interface {
	// Email queues word of a letter to a person who agreed to electronic letters,
	// and returns the message's id; empty where no e-mail may be used.
	Email(ctx context.Context, l Letter) (message string, err error)
	// Mail asks the system of record to mail a letter, and returns the event's id.
	Mail(ctx context.Context, l Letter) (event string, err error)
	// Sent tells the system of record that a letter was given.
	Sent(ctx context.Context, l Letter) error
}

// Sealer keeps the text of a letter unreadable while it is stored.
type Sealer interface {
	Seal(plain []byte, row string) ([]byte, error)
	Open(sealed []byte, row string) ([]byte, error)
}
