package contact

import (
	"context"
	"time"

	"quittance/portal/debt"
)

// Store keeps consents and the addresses that must not be used. Addresses are
// known by their keyed hash only.
type Store interface {
	// AddConsent appends; consents are never changed.
	AddConsent(ctx context.Context, c Consent) error
	// Consents lists those of an account for a channel and address, newest
	// first, at most 20, withdrawals included.
	Consents(ctx context.Context, id debt.AccountID, ch Channel, addressHash []byte) ([]Consent, error)
	// Suppress stores that an address must not be used; of the same reason on
	// the same account the latest time is kept.
	Suppress(ctx context.Context, s Suppression) error
	// Suppressions lists those of an address, of any account.
	Suppressions(ctx context.Context, ch Channel, addressHash []byte) ([]Suppression, error)
}

// Consent is one recorded ground for writing to an address (SMS-02, COM-05), or
// its withdrawal.
type Consent struct {
	ID          string // "cns_…"
	AccountID   debt.AccountID
	Channel     Channel
	AddressHash []byte
	Basis       Basis
	At          time.Time
	RecordedBy  string // "staff:stf_…", "token:tok_…", "consumer"
	CallID      string // the call in which it was given; may be empty
	TextVersion string // of the words that were read or shown
}

// Suppression is an address that must not be used: it reached a stranger
// (SMS-03) or its holder said stop (COM-07).
type Suppression struct {
	Channel     Channel
	AddressHash []byte
	AccountID   debt.AccountID // on whose account it came up
	Reason      Reason         // WrongPerson, OptedOut or Unreachable
	At          time.Time
}
