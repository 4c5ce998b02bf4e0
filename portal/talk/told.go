package talk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/notice"
)

// Way is how the contact that was on file hears of a change.
type Way string

// The ways.
const (
	ByEmail Way = Way(contact.Email)
	BySMS   Way = Way(contact.SMS)
	Letter  Way = "letter" // to the mailing address that was on file, and a line in the account
	NoWay   Way = ""       // nobody would hear: the change waits for a person
)

// Known is one channel of the contact that was on file, and what is known of it.
type Known struct {
	Channel contact.Channel
	contact.Preferences
}

// Refusal says why the old contact is not told by a channel.
type Refusal struct {
	Channel contact.Channel
	Reason  contact.Reason
	Rule    string
}

// TellOld decides how the contact that was on file hears that there is a new one
// (SEC-12): by the first channel that carries a word about the safety of the
// account, as a message like any other, or else by a letter to the old mailing
// address. Nothing is written where the debts do not let us (stands: "" lets).
func TellOld(channels []Known, stands Refusal, was debt.Address, now time.Time) (Way, []Refusal) {
	var refused []Refusal
	for _, k := range channels {
		if stands.Reason != "" {
			refused = append(refused, Refusal{k.Channel, stands.Reason, stands.Rule})
			continue
		}
		k.Owed, k.Security = true, true
		may, why := contact.May(k.Preferences, k.Channel, now)
		if may || why.Waits() {
			return Way(k.Channel), refused
		}
		refused = append(refused, Refusal{k.Channel, why, why.Rule()})
	}
	if !mailable(was) {
		return NoWay, refused
	}
	return Letter, refused
}

func mailable(a debt.Address) bool { return a.Line1 != "" && a.City != "" && a.PostalCode != "" }

// tellOld tells the contact that was on file, the part that changes first, and
// returns by which way and the message's or event's id. What was refused is
// kept.
func (c *Changing) tellOld(ctx context.Context, account debt.Account, what What) (Way, string, error) {
	old := account.Consumer
	channels := []Known{{Channel: contact.Email}, {Channel: contact.SMS}}
	if what == Phone {
		channels = []Known{{Channel: contact.SMS}, {Channel: contact.Email}}
	}
	var err error
	for i := range channels {
		if channels[i].Preferences, err = c.Book.Preferences(ctx, reachOf(account), channels[i].Channel); err != nil {
			return NoWay, "", err
		}
	}
	rule, reason, err := c.May.MayWrite(ctx, account.ID)
	if err != nil {
		return NoWay, "", fmt.Errorf("permission: %w", err)
	}
	way, refused := TellOld(channels, Refusal{Reason: contact.Reason(reason), Rule: rule}, old.Address, c.now())
	for _, r := range refused {
		err := c.Book.Refuse(ctx, contact.Refused{
			AccountID: account.ID, Channel: r.Channel, Kind: string(notice.KindChanged), Reason: r.Reason, Rule: r.Rule, AskedBy: "portal",
		})
		if err != nil {
			return NoWay, "", err
		}
	}
	switch way {
	case NoWay:
		return NoWay, "", nil
	case Letter:
		id, err := c.Teller.LetterToOld(ctx, account.ID, old.Address)
		return Letter, id, err
	}
	id, err := c.write(ctx, account, contact.Channel(way), what)
	return way, id, err
}

func (c *Changing) write(ctx context.Context, account debt.Account, ch contact.Channel, what What) (string, error) {
	old := account.Consumer
	text, err := c.Words.ChangedText(old.Language, ch, what)
	if err != nil {
		return "", fmt.Errorf("words: %w", err)
	}
	return c.Queue.Add(ctx, notice.Message{
		AccountID: account.ID, To: contact.Address(ch, old.Phone, old.Email), Channel: ch, Kind: notice.KindChanged, Language: old.Language, Text: text,
	})
}

func reachOf(a debt.Account) contact.Person {
	c := a.Consumer
	return contact.Person{AccountID: a.ID, Phone: c.Phone, Email: c.Email, State: c.Address.State, ZIP: c.Address.PostalCode}
}

// wasRow is what the mailing address that was on file is sealed to.
func wasRow(changeID string) string { return "was of " + changeID }

func (c *Changing) sealWas(changeID string, was debt.Address) ([]byte, error) {
	plain, err := json.Marshal(was)
	if err != nil {
		return nil, err
	}
	sealed, err := c.Sealer.Seal(plain, wasRow(changeID))
	if err != nil {
		return nil, fmt.Errorf("seal the old address: %w", err)
	}
	return sealed, nil
}

var _ notice.Watcher = (*Changing)(nil)

// MessageChanged implements notice.Watcher: a word to the old contact that
// reached nobody becomes a letter to the old mailing address. Where that cannot
// be written to either, the line in the account says it alone.
func (c *Changing) MessageChanged(ctx context.Context, m notice.Outgoing) error {
	if m.Kind != notice.KindChanged || m.Status == notice.Sent {
		return nil
	}
	change, err := c.Store.ChangeTold(ctx, m.ID)
	if errors.Is(err, ErrNoChange) || err == nil && change.Told == Letter {
		return nil
	}
	if err != nil {
		return err
	}
	plain, err := c.Sealer.Open(change.Was, wasRow(change.ID))
	if err != nil {
		return fmt.Errorf("open the old address: %w", err)
	}
	var was debt.Address
	if err := json.Unmarshal(plain, &was); err != nil {
		return fmt.Errorf("the old address: %w", err)
	}
	if mailable(was) {
		if change.NoticeID, err = c.Teller.LetterToOld(ctx, change.AccountID, was); err != nil {
			return err
		}
	}
	change.Told = Letter
	return c.Store.SaveChange(ctx, change)
}
