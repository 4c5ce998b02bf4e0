package contact

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"quittance/portal/debt"
)

// ErrNoStop is returned for a token that opens no way out.
var ErrNoStop = errors.New("this is not a way out of our messages")

// StopLink is the way out that stands in a message: whoever holds its token may
// stop messages to the address, and nothing else (COM-06). It does not end.
type StopLink struct {
	TokenHash   []byte
	AccountID   debt.AccountID
	Channel     Channel
	AddressHash []byte
	MessageID   string
	CreatedAt   time.Time
}

// Stops keeps the ways out, and knows whose an address is.
type Stops interface {
	AddStopLink(ctx context.Context, l StopLink) error
	// StopLink finds one by the hash of its token; ErrNoStop.
	StopLink(ctx context.Context, tokenHash []byte) (StopLink, error)
	// AccountsOf lists the accounts that were ever written to at an address, or
	// gave a ground for it, the latest first.
	AccountsOf(ctx context.Context, ch Channel, addressHash []byte) ([]debt.AccountID, error)
}

// stopBytes is 128 bits: nobody stops another's messages by guessing.
const stopBytes = 16

// Way makes the way out of a message to an address and returns its token.
func (b *Book) Way(ctx context.Context, id debt.AccountID, ch Channel, address, messageID string) (string, error) {
	raw := make([]byte, stopBytes)
	rand.Read(raw) // never fails: crypto/rand ends the process instead
	err := b.Stops.AddStopLink(ctx, StopLink{
		TokenHash: stopHash(raw), AccountID: id, Channel: ch, AddressHash: b.Hash(ch, address), MessageID: messageID, CreatedAt: b.now(),
	})
	return base64.RawURLEncoding.EncodeToString(raw), err
}

func stopHash(raw []byte) []byte {
	sum := sha256.Sum256(append([]byte("stop\x00"), raw...))
	return sum[:]
}

// ReadWay says where a token leads; ErrNoStop. It changes nothing: machines
// open links too.
func (b *Book) ReadWay(ctx context.Context, token string) (StopLink, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != stopBytes {
		return StopLink{}, ErrNoStop
	}
	return b.Stops.StopLink(ctx, stopHash(raw))
}

// StopBy stops messages to the address of a token, in one transaction.
func (b *Book) StopBy(ctx context.Context, token string) (StopLink, error) {
	l, err := b.ReadWay(ctx, token)
	if err != nil {
		return l, err
	}
	return l, b.Tx.InTx(ctx, func(ctx context.Context) error {
		return b.Stop(ctx, l.AccountID, l.Channel, l.AddressHash, "consumer", "mail.stop/1")
	})
}

// Stop keeps an address from being written to by its channel again, on every
// account that it is known of (COM-07, SMS-06), in the caller's transaction.
func (b *Book) Stop(ctx context.Context, id debt.AccountID, ch Channel, hash []byte, by, textVersion string) error {
	return b.end(ctx, id, ch, hash, OptedOut, by, textVersion)
}

// Gone keeps an address that took no message from being written to: every
// ground for it ends, electronic notices too (VAL-12). It counts again once its
// holder agrees anew.
func (b *Book) Gone(ctx context.Context, id debt.AccountID, ch Channel, hash []byte, by string) error {
	return b.end(ctx, id, ch, hash, Unreachable, by, "")
}

func (b *Book) end(ctx context.Context, id debt.AccountID, ch Channel, hash []byte, why Reason, by, textVersion string) error {
	if err := b.Suppress(ctx, id, ch, hash, why); err != nil {
		return fmt.Errorf("suppress: %w", err)
	}
	accounts, err := b.owners(ctx, id, ch, hash)
	if err != nil {
		return err
	}
	for _, account := range accounts {
		c := Consent{AccountID: account, Channel: ch, Basis: Withdrawn, RecordedBy: by, TextVersion: textVersion}
		if err := b.record(ctx, c, hash); err != nil {
			return err
		}
	}
	return nil
}

// Stranger keeps an address that reached a stranger from ever being used again
// (SMS-03), in the caller's transaction.
func (b *Book) Stranger(ctx context.Context, id debt.AccountID, ch Channel, hash []byte, by string) error {
	if err := b.Suppress(ctx, id, ch, hash, WrongPerson); err != nil {
		return fmt.Errorf("suppress: %w", err)
	}
	accounts, err := b.owners(ctx, id, ch, hash)
	if err != nil {
		return err
	}
	for _, account := range accounts {
		if err := b.tell(ctx, Change{Kind: Strange, AccountID: account, At: b.now(), Channel: ch, AddressHash: hash, By: by}); err != nil {
			return err
		}
	}
	return nil
}

// owners are the accounts of an address; id, where given, always is one.
func (b *Book) owners(ctx context.Context, id debt.AccountID, ch Channel, hash []byte) ([]debt.AccountID, error) {
	accounts, err := b.Stops.AccountsOf(ctx, ch, hash)
	if err != nil {
		return nil, fmt.Errorf("accounts of an address: %w", err)
	}
	for _, account := range accounts {
		if account == id {
			return accounts, nil
		}
	}
	if id != "" {
		accounts = append(accounts, id)
	}
	return accounts, nil
}
