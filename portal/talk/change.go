package talk

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/notice"
)

// What is the part of a person's contact that changes.
type What string

// The parts.
const (
	Address What = "address"
	Phone   What = "phone"
	Email   What = "email"
)

// Contact is the new value: the part that What names.
type Contact struct {
	Address debt.Address
	Phone   string // +12025550123
	Email   string
	Consent bool // of an e-mail: the agency may write to it
}

// Change is one change that a consumer asked for.
type Change struct {
	ID        string // "chg_…"
	AccountID debt.AccountID
	What      What
	Sealed    []byte // the new Contact
	CodeHash  []byte // of the digits that were sent to a new e-mail
	Tries     int
	CreatedAt time.Time
	DoneAt    time.Time
}

// Why a change is not made.
var (
	ErrNoChange = errors.New("there is no such change")
	// ErrOver is returned for a change that was made, timed out, or met too many
	// wrong digits.
	ErrOver   = errors.New("the change is over")
	ErrDigits = errors.New("not the digits that were sent")
)

const (
	changeFor     = 30 * time.Minute
	mostDigits    = 5
	digitsCeiling = 1_000_000
)

// Changes keeps changes and what they come to.
type Changes interface {
	AddChange(ctx context.Context, c Change) error
	// Change finds one of the account, locked; ErrNoChange.
	Change(ctx context.Context, id debt.AccountID, changeID string) (Change, error)
	// SaveChange writes Tries and DoneAt.
	SaveChange(ctx context.Context, c Change) error
	Account(ctx context.Context, id debt.AccountID) (debt.Account, error)
	// SaveConsumer replaces what is known of a person.
	SaveConsumer(ctx context.Context, a debt.Account, now time.Time) error
}

// ChangeWords writes the messages about changes.
type ChangeWords interface {
	CheckText(language, digits string) (notice.Text, error)
	ChangedText(language string, ch contact.Channel, what What) (notice.Text, error)
}

// ChangeTeller tells the system of record of a new contact.
type ChangeTeller interface {
	ContactMoved(ctx context.Context, id debt.AccountID, what What, now Contact, oldWasTold bool) error
}

// Changing lets consumers change how they are reached. Who asks has been
// identified once more just before (SEC-12). All fields are required.
type Changing struct {
	Tx     Transactor
	Store  Changes
	Sealer notice.Sealer
	Key    []byte // of the hashes of digits
	Book   *contact.Book
	Queue  Queue
	Words  ChangeWords
	Teller ChangeTeller
	Now    func() time.Time
}

func (c *Changing) now() time.Time { return c.Now().UTC().Truncate(time.Microsecond) }

// Make changes an address or a number at once.
func (c *Changing) Make(ctx context.Context, id debt.AccountID, what What, to Contact) error {
	return c.Tx.InTx(ctx, func(ctx context.Context) error {
		change, err := c.add(ctx, id, what, to, nil)
		if err != nil {
			return err
		}
		return c.apply(ctx, change, to)
	})
}

// Check sends six digits to a new e-mail address and returns the change that
// waits for them.
func (c *Changing) Check(ctx context.Context, id debt.AccountID, to Contact) (changeID string, err error) {
	err = c.Tx.InTx(ctx, func(ctx context.Context) error {
		account, err := c.Store.Account(ctx, id)
		if err != nil {
			return err
		}
		n, err := rand.Int(rand.Reader, big.NewInt(digitsCeiling))
		if err != nil {
			return err
		}
		digits := fmt.Sprintf("%06d", n)
		change, err := c.add(ctx, id, Email, to, &digits)
		if err != nil {
			return err
		}
		changeID = change.ID
		text, err := c.Words.CheckText(account.Consumer.Language, digits)
		if err != nil {
			return fmt.Errorf("words: %w", err)
		}
		_, err = c.Queue.Add(ctx, notice.Message{
			AccountID: id, To: to.Email, Channel: contact.Email, Kind: notice.KindCheck, Language: account.Consumer.Language,
			Text: text, ExpiresAt: c.now().Add(changeFor),
		})
		return err
	})
	return changeID, err
}

// Waiting reports whether a change of the account waits for its digits;
// ErrNoChange or ErrOver.
func (c *Changing) Waiting(ctx context.Context, id debt.AccountID, changeID string) error {
	change, err := c.Store.Change(ctx, id, changeID)
	if err == nil && c.over(change) {
		err = ErrOver
	}
	return err
}

func (c *Changing) over(change Change) bool {
	return !change.DoneAt.IsZero() || change.Tries >= mostDigits || !c.now().Before(change.CreatedAt.Add(changeFor))
}

// Confirm takes the digits and makes the change; ErrDigits, ErrNoChange or
// ErrOver. A wrong try is kept.
func (c *Changing) Confirm(ctx context.Context, id debt.AccountID, changeID, digits string) error {
	var answer error
	err := c.Tx.InTx(ctx, func(ctx context.Context) error {
		change, err := c.Store.Change(ctx, id, changeID)
		if err != nil {
			return err
		}
		if c.over(change) {
			return ErrOver
		}
		change.Tries++
		if !hmac.Equal(change.CodeHash, c.hash(change.ID, digits)) {
			answer = ErrDigits
			return c.Store.SaveChange(ctx, change)
		}
		to, err := c.open(change)
		if err != nil {
			return err
		}
		return c.apply(ctx, change, to)
	})
	return errors.Join(err, answer)
}

func (c *Changing) hash(id, digits string) []byte {
	mac := hmac.New(sha256.New, c.Key)
	mac.Write([]byte(id + "\x00" + digits))
	return mac.Sum(nil)
}

func (c *Changing) add(ctx context.Context, id debt.AccountID, what What, to Contact, digits *string) (Change, error) {
	change := Change{ID: "chg_" + rand.Text(), AccountID: id, What: what, CreatedAt: c.now(), CodeHash: []byte{}}
	if digits != nil {
		change.CodeHash = c.hash(change.ID, *digits)
	}
	plain, err := json.Marshal(to)
	if err != nil {
		return change, err
	}
	if change.Sealed, err = c.Sealer.Seal(plain, change.ID); err != nil {
		return change, fmt.Errorf("seal change: %w", err)
	}
	return change, c.Store.AddChange(ctx, change)
}

func (c *Changing) open(change Change) (to Contact, err error) {
	plain, err := c.Sealer.Open(change.Sealed, change.ID)
	if err != nil {
		return to, fmt.Errorf("open change: %w", err)
	}
	return to, json.Unmarshal(plain, &to)
}

// apply writes the new contact, tells the old one and the system of record.
func (c *Changing) apply(ctx context.Context, change Change, to Contact) error {
	account, err := c.Store.Account(ctx, change.AccountID)
	if err != nil {
		return err
	}
	old := account.Consumer
	fresh := account
	fresh.Consumer = changed(old, change.What, to)
	if err := c.Store.SaveConsumer(ctx, fresh, c.now()); err != nil {
		return fmt.Errorf("save contact: %w", err)
	}
	change.DoneAt = c.now()
	if err := c.Store.SaveChange(ctx, change); err != nil {
		return fmt.Errorf("save change: %w", err)
	}
	if change.What == Email && to.Consent {
		consent := contact.Consent{AccountID: account.ID, Channel: contact.Email, Basis: contact.DirectConsent, RecordedBy: Consumer, TextVersion: contact.EmailConsent}
		if err := c.Book.Record(ctx, consent, to.Email); err != nil {
			return err
		}
	}
	told, err := c.tellOld(ctx, account, change.What)
	if err != nil {
		return err
	}
	return c.Teller.ContactMoved(ctx, account.ID, change.What, to, told)
}

func changed(p debt.Consumer, what What, to Contact) debt.Consumer {
	switch what {
	case Address:
		p.Address = to.Address
	case Phone:
		p.Phone = to.Phone
	case Email:
		p.Email = to.Email
	}
	return p
}

// tellOld says to the contact that was on file that there is a new one, by the
// first way on which the person may be written to (SEC-12).
func (c *Changing) tellOld(ctx context.Context, account debt.Account, what What) (bool, error) {
	old := account.Consumer
	ways := []contact.Channel{contact.Email, contact.SMS}
	if what == Phone {
		ways = []contact.Channel{contact.SMS, contact.Email}
	}
	for _, ch := range ways {
		known, err := c.Book.Preferences(ctx, contact.Person{
			AccountID: account.ID, Phone: old.Phone, Email: old.Email, State: old.Address.State, ZIP: old.Address.PostalCode,
		}, ch)
		if err != nil {
			return false, err
		}
		known.Owed = true
		if may, why := contact.May(known, ch, c.now()); !may && !why.Waits() {
			continue
		}
		text, err := c.Words.ChangedText(old.Language, ch, what)
		if err != nil {
			return false, fmt.Errorf("words: %w", err)
		}
		_, err = c.Queue.Add(ctx, notice.Message{
			AccountID: account.ID, To: known.Address, Channel: ch, Kind: notice.KindChanged, Language: old.Language, Text: text,
		})
		return err == nil, err
	}
	return false, nil
}
