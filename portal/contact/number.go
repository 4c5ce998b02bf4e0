package contact

import (
	"context"
	"fmt"
	"time"
)

// Assignment is what the reassigned numbers database says of a number.
type Assignment string

// Answers of the database.
const (
	SameHolder Assignment = "no"      // it was not given to somebody else since
	NewHolder  Assignment = "yes"     // it was
	NoAnswer   Assignment = "no data" // the database does not know
)

// Numbers asks the reassigned numbers database whether a number was given to
// somebody else since a day (SMS-02). It is asked outside of transactions.
type Numbers interface {
	Reassigned(ctx context.Context, number string, since time.Time) (Assignment, error)
}

// Freshen asks the database where a ground for texting grew too old, and keeps
// the answer. Without a database nothing changes: the number may then not be
// texted until its holder agrees anew.
func (b *Book) Freshen(ctx context.Context, p Person) error {
	if b.Numbers == nil {
		return nil
	}
	known, err := b.Preferences(ctx, p, SMS)
	if err != nil {
		return err
	}
	now := b.now()
	if refusal(known, SMS, now) != ConsentTooOld {
		return nil
	}
	answer, err := b.Numbers.Reassigned(ctx, known.Address, lastGround(known.Consents))
	if err != nil {
		return fmt.Errorf("reassigned numbers: %w", err)
	}
	return b.Tx.InTx(ctx, func(ctx context.Context) error {
		switch answer {
		case SameHolder:
			return b.Record(ctx, Consent{AccountID: p.AccountID, Channel: SMS, Basis: NumberChecked, RecordedBy: "portal"}, known.Address)
		case NewHolder:
			return b.Stranger(ctx, p.AccountID, SMS, b.Hash(SMS, known.Address), "portal")
		}
		return nil
	})
}

// lastGround is when the person last stood for the number.
func lastGround(newestFirst []Consent) time.Time {
	for _, c := range newestFirst {
		if c.Basis == DirectConsent || c.Basis == InboundMessage {
			return c.At
		}
	}
	return time.Time{}
}
