package contact

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"quittance/portal/debt"
)

// ErrBasis is returned for a ground that the channel does not know.
var ErrBasis = errors.New("not a ground for writing by this channel")

// Person is whom a message would go to.
type Person struct {
	AccountID    debt.AccountID
	Phone, Email string
	State        string
}

// Book knows whom the agency may write to. All fields are required.
type Book struct {
	Store Store
	Key   []byte // of the address hashes
	On    map[Channel]bool
	Now   func() time.Time
}

// Hash is the keyed hash by which a number or address is known.
func (b *Book) Hash(ch Channel, address string) []byte {
	mac := hmac.New(sha256.New, b.Key)
	mac.Write([]byte(string(ch) + "\x00" + address))
	return mac.Sum(nil)
}

// Preferences gathers what May needs. Inside a transaction it reads in it.
func (b *Book) Preferences(ctx context.Context, p Person, ch Channel) (Preferences, error) {
	address := Address(ch, p.Phone, p.Email)
	known := Preferences{On: b.On[ch], Address: address}
	if !known.On || address == "" {
		return known, nil
	}
	known.Zones = Zones(p.Phone, p.State)
	hash := b.Hash(ch, address)
	var err error
	if known.Consents, err = b.Store.Consents(ctx, p.AccountID, ch, hash); err != nil {
		return known, fmt.Errorf("consents: %w", err)
	}
	if known.Suppressions, err = b.Store.Suppressions(ctx, ch, hash); err != nil {
		return known, fmt.Errorf("suppressions: %w", err)
	}
	return known, nil
}

// Record keeps a ground, or its withdrawal. ID, AddressHash and, when unset,
// At are filled in; address is the number or address it is about.
func (b *Book) Record(ctx context.Context, c Consent, address string) error {
	if !c.Basis.Valid(c.Channel) || address == "" {
		return ErrBasis
	}
	now := b.Now().UTC().Truncate(time.Microsecond)
	if c.At.IsZero() || c.At.After(now) {
		c.At = now
	}
	c.ID = "cns_" + rand.Text()
	c.AddressHash = b.Hash(c.Channel, address)
	return b.Store.AddConsent(ctx, c)
}

// Suppress keeps an address from being used again (SMS-03, COM-07).
func (b *Book) Suppress(ctx context.Context, id debt.AccountID, ch Channel, hash []byte, why Reason) error {
	return b.Store.Suppress(ctx, Suppression{
		Channel: ch, AddressHash: hash, AccountID: id, Reason: why,
		At: b.Now().UTC().Truncate(time.Microsecond),
	})
}
