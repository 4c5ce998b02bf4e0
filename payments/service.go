package payments

import (
	"context"
	"log/slog"
	"time"

	"quittance/payments/money"
)

// Transactor runs fn in one transaction: all of it is kept or none. The
// context handed to fn carries the transaction; a nested call joins it.
type Transactor interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// Store keeps payments.
type Store interface {
	// CreatePayment stores a new payment.
	// When the account already has a payment with the same request key it
	// returns that one and false.
	CreatePayment(ctx context.Context, p Payment) (Payment, bool, error)
	// Payment loads and, in a transaction, locks a payment; ErrNotFound.
	Payment(ctx context.Context, id ID) (Payment, error)
	// PaymentByKey finds the account's payment of a request key; ErrNotFound.
	PaymentByKey(ctx context.Context, accountID, requestKey string) (Payment, error)
	// PaymentOf finds the payment of an intent or hosted page; ErrNotFound.
	PaymentOf(ctx context.Context, intentID, checkoutID string) (ID, error)
	// SavePayment stores all of c.After and posts c.Transfers; ErrStale when
	// the stored revision is not c.Before's.
	SavePayment(ctx context.Context, c Change) error
}

// Watchlist says whom to ask the processor about, should no event come.
type Watchlist interface {
	// DuePayments lists the payments whose CheckAt is set and not after now,
	// the longest due first.
	DuePayments(ctx context.Context, now time.Time, limit int) ([]ID, error)
	// NoteCheck stores ObservedAt and CheckAt of a payment and nothing else;
	// the revision stays.
	NoteCheck(ctx context.Context, id ID, observedAt, checkAt time.Time) error
}

// Inbox remembers the processor's events. RecordEvent returns false when the
// event id was recorded before.
type Inbox interface {
	RecordEvent(ctx context.Context, e Event, at time.Time) (bool, error)
	SeenEvent(ctx context.Context, id string) (bool, error)
}

// Payable is one debt as far as paying is concerned.
type Payable struct {
	DebtID, DebtRef, CreditorRef string
	Max                          money.Cents // most that may be paid now: owed less what is on its way
	Min                          money.Cents // least that may be paid now: Max where part payment is not offered (STS-07)
	Refusal                      string      // why it may not be paid at all; empty when it may
}

// Accounts answers, under lock, what may be paid, and keeps each answer. The
// payment named in except does not count against itself.
type Accounts interface {
	Payables(ctx context.Context, accountID string, debtIDs []string, except ID) ([]Payable, error)
	// MayUse returns ErrMethodRefused when this kind of card may not be used
	// for the payment's debts (STR-02).
	MayUse(ctx context.Context, p Payment, d Details) error
	// Still answers as Payables does, of an open payment of whoever began it.
	Still(ctx context.Context, p Payment) ([]Payable, error)
	// Keep says, when the payment's money has come, for which of its debts it may
	// not be kept as things stand now, and why, by the debt's id.
	Keep(ctx context.Context, p Payment) (map[string]string, error)
}

// Gateway asks the processor. Every method has a deadline of its own and never
// retries blindly; each returns ErrUnknownOutcome when the answer was lost and
// ErrRefused when the request itself was refused.
type Gateway interface {
	// Inspect reads what kind of method a one-time token stands for.
	Inspect(ctx context.Context, token string) (Details, error)
	// Begin creates an intent for the payment that is not yet confirmed, so no
	// money can move, and returns its id. Asking again with the same payment
	// returns the same intent.
	Begin(ctx context.Context, p Payment) (string, error)
	// Charge confirms the payment's intent with its token. A decline is a
	// Truth, not an error.
	Charge(ctx context.Context, p Payment) (Truth, error)
	// Fetch returns what the processor holds now.
	Fetch(ctx context.Context, p Payment) (Truth, error)
	// Cancel gives up the payment's intent or hosted page. If money was taken
	// meanwhile the Truth says so.
	Cancel(ctx context.Context, p Payment) (Truth, error)
}

// Hosted opens the processor's own page for a payment, for browsers without
// JavaScript.
type Hosted interface {
	OpenPage(ctx context.Context, p Payment, returnURL, cancelURL string) (checkoutID, url string, err error)
}

// Refunder gives money back, and remembers from which debt. The Truth is what the
// processor holds afterwards, not the answer as first given.
type Refunder interface {
	Refund(ctx context.Context, p Payment, b Back) (Truth, error)
}

// Ask is what of a debt may be asked for, and what is owed beside it that nobody
// may be asked for (AMT-04).
type Ask struct{ Owed, Excluded money.Cents }

// Credits knows what was paid beyond debts and no snapshot of them shows.
type Credits interface {
	// Kept returns it by the debt's id and, in a transaction, locks the debts.
	Kept(ctx context.Context, debtIDs []string) (map[string]money.Cents, error)
	// Asks returns by the debt's id what may be asked for of an account's debts; in
	// a transaction it locks them.
	Asks(ctx context.Context, accountID string, debtIDs []string) (map[string]Ask, error)
}

// Watcher is told of each change inside its transaction; its error undoes it.
type Watcher interface {
	PaymentChanged(ctx context.Context, c Change) error
}

// Alarm is told, inside a transaction, that the processor's record of a
// payment is not what was asked for (ErrWrongTruth). It hears of the same
// difference each time that it is met.
type Alarm interface {
	Mismatch(ctx context.Context, m Mismatch) error
}

// Service is how payments are made. All fields are required but Watchers,
// Alarms, Warnings, List, ExpectLive, Paused, Unattended, Methods, Declines,
// Credits and, where nobody calls Doubt, Doubts.
type Service struct {
	Tx       Transactor
	Store    Store
	Watch    Watchlist
	Inbox    Inbox
	Accounts Accounts
	// Unattended answers as Accounts does, of charges that are made when nobody
	// is watching. Nil means that none may be made.
	Unattended Accounts
	Gateway    Gateway
	Hosted     Hosted
	Refunds    Refunder
	Orders     Orders
	Watchers   []Watcher
	Alarms     []Alarm
	Warnings   WarningWatcher
	List       Lister // of Reconcile alone
	Methods    MethodWatcher
	Declines   Declines // nil: declined cards are not counted
	Credits    Credits  // nil: nothing was ever paid beyond what a snapshot shows
	Doubts     Doubts
	Now        func() time.Time
	NewID      func() (ID, string) // id and human reference
	Log        *slog.Logger
	// StaleAfter is how long a payment may stay submitting or checking before
	// Sweep asks the processor what became of it.
	StaleAfter time.Duration
	// AbandonAfter is how long an unsubmitted payment waits for the consumer.
	AbandonAfter time.Duration
	// ExpectLive is whether the processor's events must be of its live mode.
	ExpectLive bool
	// Paused says whether the books do not balance; then no new money moves.
	// Nil means never.
	Paused func() bool
}
