package dispute

import (
	"context"
	"time"

	"quittance/payments"
	"quittance/portal/debt"
	"quittance/portal/gate"
)

// Transactor runs fn in a transaction; a nested call joins the outer one.
type Transactor interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// Store keeps disputes and what came of them. All of it runs in the caller's
// transaction.
type Store interface {
	// AddDispute keeps a dispute with its sealed story; false, and the one that
	// is held, when its account has sent the same key before.
	AddDispute(ctx context.Context, d Dispute) (Dispute, bool, error)
	// AddStep adds what came of a dispute; ErrNotNow when it is not at the step
	// before any more.
	AddStep(ctx context.Context, id ID, s Step) error
	// Dispute loads one with its steps and locks it in a transaction; ErrNotFound.
	Dispute(ctx context.Context, id ID) (Dispute, error)
	// DisputesOf lists an account's, newest first.
	DisputesOf(ctx context.Context, account debt.AccountID) ([]Dispute, error)
}

// Queue lists disputes for those who answer them.
type Queue interface {
	// Disputes lists what is about debts of the creditors by the day by which an
	// answer is due: the open ones alone, or all; after the given one in that order.
	// A complaint about no debt is about all that its account owes.
	Disputes(ctx context.Context, of debt.Creditors, q Query) ([]Dispute, error)
}

// Query says which disputes a queue lists.
type Query struct {
	State        State // empty: all
	NoComplaints bool
	After        ID
	Limit        int
}

// Files keeps evidence and papers.
type Files interface {
	// AddFile keeps a file with its sealed bytes.
	AddFile(ctx context.Context, f File, sealed []byte) error
	// FilesOf lists the files of a form that is not sent, of a dispute or of a
	// claim, in the order they came.
	FilesOf(ctx context.Context, of Owner) ([]File, error)
	// FileBytes loads one file with its sealed bytes; ErrNotFound.
	FileBytes(ctx context.Context, id FileID) (File, []byte, error)
	// AttachFiles gives the files of a form to the dispute that was sent with it.
	AttachFiles(ctx context.Context, draft string, to ID) error
	// DropFile forgets a file of a form that is not sent; ErrNotFound.
	DropFile(ctx context.Context, account debt.AccountID, id FileID) error
}

// Scans is the queue of files to look into.
type Scans interface {
	PendingScans(ctx context.Context, limit int) ([]FileID, error)
	SetScan(ctx context.Context, id FileID, s Scan) error
}

// Drafts keeps what was typed until it is sent.
type Drafts interface {
	// SaveDisputeDraft keeps or replaces a draft of the account; ErrNotFound for one of
	// another.
	SaveDisputeDraft(ctx context.Context, d Draft) error
	// DisputeDraft loads a draft; ErrNotFound.
	DisputeDraft(ctx context.Context, id string) (Draft, error)
	// TidyDisputeDrafts forgets drafts, and their files that were never sent, of
	// before a time.
	TidyDisputeDrafts(ctx context.Context, before time.Time) error
	// UnsentDrafts counts the forms of an account that are not sent. It locks the
	// account in a transaction.
	UnsentDrafts(ctx context.Context, of debt.AccountID) (int, error)
	// SentSince counts the files, and their bytes, that the consumer of an account
	// sent since a time and that are still there. It locks the account in a
	// transaction.
	SentSince(ctx context.Context, of debt.AccountID, since time.Time) (files int, bytes int64, err error)
}

// Draft is a form that is not sent yet: the fields as they were typed, sealed.
type Draft struct {
	ID        string // "drd_…"
	AccountID debt.AccountID
	DebtID    debt.ID
	Sealed    []byte
	At        time.Time
}

// Debts reads debts and asks the gate about them.
type Debts interface {
	Account(ctx context.Context, id debt.AccountID) (debt.Account, error)
	// Statements locks in a transaction.
	Statements(ctx context.Context, id debt.AccountID, debtIDs []debt.ID, except payments.ID) ([]debt.Statement, error)
}

// Gate decides whether the form is open (GEN-01) and keeps the decision.
type Gate interface {
	Ask(ctx context.Context, a gate.Action, account debt.Account, debts []debt.Debt, f gate.Facts) ([]gate.Decision, error)
}

// Holds stops and frees debts, in the caller's transaction.
type Holds interface {
	Place(ctx context.Context, holds []debt.Hold) error
	Release(ctx context.Context, source string) ([]debt.Hold, error)
}

// Sealer hides what people wrote and sent while it is stored.
type Sealer interface {
	Seal(plain []byte, row string) ([]byte, error)
	Open(sealed []byte, row string) ([]byte, error)
}

// Change is what happened to a dispute.
type Change struct {
	Dispute Dispute
	News    News
	File    File // of EvidenceAdded
	Files   int  // how many came with it, of Opened
}

// News is what a watcher is told.
type News string

// The news.
const (
	Opened        News = "opened"
	EvidenceAdded News = "evidence_added"
	Ended         News = "ended" // answered, or closed in the consumer's favor
)

// Watcher hears of disputes in their transaction.
type Watcher interface {
	DisputeChanged(ctx context.Context, c Change) error
}
