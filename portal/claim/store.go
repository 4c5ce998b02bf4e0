package claim

import (
	"context"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
)

// Transactor runs fn in one transaction; a nested call joins it.
type Transactor interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// Store keeps claims and what was said with each.
type Store interface {
	// OpenClaim finds the account's open claim of a kind; ErrNotFound. In a
	// transaction it locks the account first, so that two visits make one claim.
	OpenClaim(ctx context.Context, id debt.AccountID, k Kind) (Claim, error)
	AddClaim(ctx context.Context, c Claim) error
	// ClaimByID loads and, in a transaction, locks one; ErrNotFound.
	ClaimByID(ctx context.Context, id ID) (Claim, error)
	// SaveClaim writes State, Door, the decision and ConsentAt.
	SaveClaim(ctx context.Context, c Claim) error
	AddReport(ctx context.Context, r Report) error
}

// Lists is what is read of many claims at once.
type Lists interface {
	// Claims lists the newest, open ones only when so asked, at most limit.
	Claims(ctx context.Context, openOnly bool, limit int) ([]Claim, error)
	ClaimsOfAccount(ctx context.Context, id debt.AccountID) ([]Claim, error)
	// Reports lists what was said with a claim, the oldest first.
	Reports(ctx context.Context, id ID) ([]Report, error)
	// OverduePauses lists claims whose pause has ended.
	OverduePauses(ctx context.Context, now time.Time, limit int) ([]ID, error)
	// Agreed lists claims whose status the system of record gave to a debt of
	// the account itself since.
	Agreed(ctx context.Context, limit int) ([]ID, error)
}

// Going counts what would still happen by itself on an account.
type Going interface {
	Going(ctx context.Context, id debt.AccountID, now time.Time) (Stopped, error)
}

// Accounts reads an account and its debts.
type Accounts interface {
	Account(ctx context.Context, id debt.AccountID) (debt.Account, error)
	AccountStatements(ctx context.Context, id debt.AccountID) ([]debt.Statement, error)
}

// Holds stops collection; package hold does.
type Holds interface {
	Place(ctx context.Context, holds []debt.Hold) error
	Release(ctx context.Context, source string) ([]debt.Hold, error)
}

// Links ends texted links and says whose a link is.
type Links interface {
	RevokeAll(ctx context.Context, id debt.AccountID) error
	// Holder finds the link of a token, usable or not; identity.ErrLinkEnded.
	Holder(ctx context.Context, token string) (identity.Link, error)
	// HolderPending does so for a visit that pressed Continue; identity.ErrPending.
	HolderPending(ctx context.Context, pending string) (identity.Link, error)
}

// Addresses keeps an address from being used again; package contact does.
type Addresses interface {
	Hash(ch contact.Channel, address string) []byte
	Suppress(ctx context.Context, id debt.AccountID, ch contact.Channel, hash []byte, why contact.Reason) error
}

// Sealer hides what a person said while it is stored.
type Sealer interface {
	Seal(plain []byte, row string) ([]byte, error)
	Open(sealed []byte, row string) ([]byte, error)
}

// Watcher is told of each claim, and of what is added to one, in its
// transaction.
type Watcher interface {
	ClaimMade(ctx context.Context, n News) error
}

// News is what watchers are told.
type News struct {
	Claim   Claim
	Effect  Effect
	Details Details
	Debts   []debt.Debt // of the account, as they stood before
}

// Report is one time that somebody said so. Reports are only ever added.
type Report struct {
	ID      string // "clr_…"
	ClaimID ID
	At      time.Time
	Door    Door
	By      string // "session:ses_…", "link:lnk_…" or "token:tok_…"
	Sealed  []byte // Details
}
