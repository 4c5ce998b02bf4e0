package contact

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"quittance/portal/debt"
)

// ErrBasis is returned for a ground that the channel does not know.
var ErrBasis = errors.New("not a ground for writing by this channel")

// Person is whom a message would go to, and what about.
type Person struct {
	AccountID    debt.AccountID
	Phone, Email string
	State, ZIP   string
	DebtID       debt.ID // of a message about one debt; empty: about the account
	Leaving      bool    // the message is leaving now: others that wait do not count against it
}

// Transactor runs fn in one transaction: all of it is kept or none.
type Transactor interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// Book knows whom the agency may write to. Store, Key, On and Now are required;
// without one of the others that part of it is not known.
type Book struct {
	Tx       Transactor
	Store    Store
	Wishes   Wishes
	Stops    Stops
	Tally    Tally
	Refusals Refusals
	Limits   Limits  // nil: DefaultCaps
	Place    Place   // nil: any ground does
	Numbers  Numbers // nil: no database of reassigned numbers
	Watchers []Watcher
	Key      []byte // of the address hashes
	On       map[Channel]bool
	Now      func() time.Time
}

func (b *Book) now() time.Time { return b.Now().UTC().Truncate(time.Microsecond) }

// Hash is the keyed hash by which a number or address is known. Whoever writes
// an e-mail address in capitals means the same mailbox.
func (b *Book) Hash(ch Channel, address string) []byte {
	mac := hmac.New(sha256.New, b.Key)
	mac.Write([]byte(string(ch) + "\x00" + strings.ToLower(address)))
	return mac.Sum(nil)
}

// Consents lists the grounds for writing to an address, newest first,
// withdrawals included.
func (b *Book) Consents(ctx context.Context, id debt.AccountID, ch Channel, address string) ([]Consent, error) {
	all, err := b.Store.Consents(ctx, id, ch, b.Hash(ch, address))
	if err != nil {
		return nil, fmt.Errorf("consents: %w", err)
	}
	slices.SortStableFunc(all, latest)
	return all, nil
}

// latest puts the newest first, and a withdrawal before what was said at the
// same instant.
func latest(a, b Consent) int {
	switch {
	case !a.At.Equal(b.At):
		return b.At.Compare(a.At)
	case a.Basis == Withdrawn && b.Basis != Withdrawn:
		return -1
	case b.Basis == Withdrawn && a.Basis != Withdrawn:
		return 1
	}
	return 0
}

func (b *Book) suppressions(ctx context.Context, ch Channel, address string) ([]Suppression, error) {
	all, err := b.Store.Suppressions(ctx, ch, b.Hash(ch, address))
	if err != nil {
		return nil, fmt.Errorf("suppressions: %w", err)
	}
	return all, nil
}

// Preferences gathers what May needs. Inside a transaction it reads in it.
func (b *Book) Preferences(ctx context.Context, p Person, ch Channel) (Preferences, error) {
	address := Address(ch, p.Phone, p.Email)
	known := Preferences{On: b.On[ch], Address: address}
	if !known.On || address == "" {
		return known, nil
	}
	known.Zones = Zones(p.Phone, p.State, p.ZIP)
	if b.Place != nil {
		known.ConsentOnly, known.Closed = b.Place.ConsentOnly(p.State, p.ZIP, ch), b.Place.Closed(p.State, p.ZIP, ch)
	}
	known.Employer = ch == Email && Business(address)
	var err error
	if known.Consents, err = b.Consents(ctx, p.AccountID, ch, address); err != nil {
		return known, err
	}
	if known.Suppressions, err = b.suppressions(ctx, ch, address); err != nil {
		return known, err
	}
	return known, b.lately(ctx, &known, p, ch)
}

// lately adds what the person wishes and how much they got of late.
func (b *Book) lately(ctx context.Context, known *Preferences, p Person, ch Channel) (err error) {
	if b.Wishes != nil {
		if known.Wish, err = b.Wishes.Wish(ctx, p.AccountID); err != nil {
			return fmt.Errorf("wishes: %w", err)
		}
	}
	if b.Tally == nil {
		return nil
	}
	known.Caps = DefaultCaps()
	if b.Limits != nil {
		known.Caps = b.Limits.Caps(Where{State: p.State, ZIP: p.ZIP, Channel: ch, Consented: known.own()})
	}
	if known.Sent, err = b.count(ctx, p, ch); err != nil {
		return fmt.Errorf("count messages: %w", err)
	}
	return nil
}

// Record keeps a ground, or its withdrawal. ID, AddressHash and, when unset,
// At are filled in; address is the number or address it is about.
func (b *Book) Record(ctx context.Context, c Consent, address string) error {
	if !c.Basis.Valid(c.Channel) || address == "" {
		return ErrBasis
	}
	return b.record(ctx, c, b.Hash(c.Channel, address))
}

func (b *Book) record(ctx context.Context, c Consent, hash []byte) error {
	if now := b.now(); c.At.IsZero() || c.At.After(now) {
		c.At = now
	}
	c.ID, c.AddressHash = "cns_"+rand.Text(), hash
	if err := b.Store.AddConsent(ctx, c); err != nil {
		return err
	}
	kind := Given
	if c.Basis == Withdrawn {
		kind = Ended
	}
	return b.tell(ctx, Change{
		Kind: kind, AccountID: c.AccountID, At: c.At, Channel: c.Channel, AddressHash: hash, Basis: c.Basis, By: c.RecordedBy,
		TextVersion: c.TextVersion,
	})
}

// Suppress keeps an address from being used again (SMS-03, COM-07).
func (b *Book) Suppress(ctx context.Context, id debt.AccountID, ch Channel, hash []byte, why Reason) error {
	return b.Store.Suppress(ctx, Suppression{
		Channel: ch, AddressHash: hash, AccountID: id, Reason: why,
		At: b.now(),
	})
}
