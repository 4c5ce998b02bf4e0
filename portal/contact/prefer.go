package contact

import (
	"context"
	"slices"
)

// Choice is how a person wants to be reached, as they chose it on one page. It
// counts from the moment it is kept.
type Choice struct {
	Wish
	SMS, Email bool // write to the number, the address on file
}

// The words that were shown beside the boxes.
const (
	PreferencesText = "preferences/1"
	EmailConsent    = "preferences.email/1"
	SMSConsent      = "preferences.sms/1"
	PaymentEmail    = "payment.email/1" // beside a payment
	PaymentSMS      = "payment.sms/1"
)

// Way says whether the agency writes to a person by a channel now.
type Way struct {
	On      bool   // they may be written to, at their hours
	Reason  Reason // why not
	Address string // empty: none is on file
}

// shut are the reasons that a person's own choice, or a new number, takes away;
// the others are of the hour.
var shut = []Reason{ChannelOff, NoAddress, WrongPerson, OptedOut, AskedNotTo, Unreachable, NoConsent, EmployerEmail}

// Askable reports whether nothing stands against the channel but that the person
// did not agree, or not lately: their own word now opens it. Whoever said stop is
// not asked again.
func (w Way) Askable() bool {
	return w.Reason == NoConsent || w.Reason == ConsentTooOld || w.Reason == EmployerEmail
}

// WayOf says how it stands with a channel, whatever the hour.
func (b *Book) WayOf(ctx context.Context, p Person, ch Channel) (Way, error) {
	known, err := b.Preferences(ctx, p, ch)
	if err != nil {
		return Way{}, err
	}
	why := refusal(known, ch, b.now())
	return Way{On: !slices.Contains(shut, why), Reason: why, Address: known.Address}, nil
}

// Prefer keeps a choice: what they want no more is stopped, what they want is
// consented to anew, and days and hours are kept, in one transaction.
func (b *Book) Prefer(ctx context.Context, p Person, c Choice, by string) error {
	c.AccountID, c.RecordedBy, c.TextVersion = p.AccountID, by, PreferencesText
	c.NoSMS, c.NoEmail = !c.SMS, !c.Email
	if err := c.Check(); err != nil {
		return err
	}
	return b.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := b.choose(ctx, p, SMS, c.SMS, by, SMSConsent); err != nil {
			return err
		}
		if err := b.choose(ctx, p, Email, c.Email, by, EmailConsent); err != nil {
			return err
		}
		return b.Ask(ctx, c.Wish)
	})
}

// choose opens or shuts one channel. A ground that grew old is renewed.
func (b *Book) choose(ctx context.Context, p Person, ch Channel, want bool, by, text string) error {
	way, err := b.WayOf(ctx, p, ch)
	if err != nil || way.Address == "" {
		return err
	}
	switch {
	case want && (!way.On || way.Reason == ConsentTooOld) && way.Reason != WrongPerson:
		return b.Record(ctx, Consent{AccountID: p.AccountID, Channel: ch, Basis: DirectConsent, RecordedBy: by, TextVersion: text}, way.Address)
	case !want && (way.On || way.Reason == AskedNotTo):
		return b.Stop(ctx, p.AccountID, ch, b.Hash(ch, way.Address), by, text)
	}
	return nil
}

// Agree keeps that a person agreed to be written to by a channel, in the words of
// the text; where anything but their word was missing nothing is kept.
func (b *Book) Agree(ctx context.Context, p Person, ch Channel, by, text string) error {
	return b.Tx.InTx(ctx, func(ctx context.Context) error {
		way, err := b.WayOf(ctx, p, ch)
		if err != nil || !way.Askable() {
			return err
		}
		return b.Record(ctx, Consent{AccountID: p.AccountID, Channel: ch, Basis: DirectConsent, RecordedBy: by, TextVersion: text}, way.Address)
	})
}
