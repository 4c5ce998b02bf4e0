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
	"quittance/portal/identity"
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
	ID         string // "chg_…"
	AccountID  debt.AccountID
	What       What
	Sealed     []byte          // the new Contact
	Via        contact.Channel // by which the digits went; empty: none did
	TargetHash []byte          // keyed hash of where they went
	CodeHash   []byte          // of the digits
	Tries      int
	CreatedAt  time.Time
	DoneAt     time.Time
	Told       Way    // how the old contact hears of it; empty until it is made
	NoticeID   string // the message, or the event of the letter
	Was        []byte // sealed: the mailing address that was on file when it was made
}

// Why a change is not made.
var (
	ErrNoChange = errors.New("there is no such change")
	// ErrOver is returned for a change that was made, timed out, or met too many
	// wrong digits.
	ErrOver   = errors.New("the change is over")
	ErrDigits = errors.New("not the digits that were sent")
	// ErrChecks is returned when digits were sent as often as they may be in a day.
	ErrChecks = errors.New("digits were sent as often as they may be in a day")
	// ErrByPerson is returned for a change that a person has to make with the
	// consumer: nothing can be sent that proves it, or nobody would hear of it. What
	// was asked for stands in the thread.
	ErrByPerson = errors.New("a person has to make the change with the consumer")
)

// Limits of digits.
const (
	// ChecksADay is how often digits are sent in 24 hours, for an account and to an
	// address or number.
	ChecksADay    = 3
	changeFor     = 10 * time.Minute // as the message says
	checksFor     = 24 * time.Hour
	mostDigits    = 5
	digitsCeiling = 1_000_000
)

// Changes keeps changes and what they come to.
type Changes interface {
	AddChange(ctx context.Context, c Change) error
	// Change finds one of the account, locked; ErrNoChange.
	Change(ctx context.Context, id debt.AccountID, changeID string) (Change, error)
	// ChangeTold finds the change that a message tells of, locked; ErrNoChange.
	ChangeTold(ctx context.Context, noticeID string) (Change, error)
	// SaveChange writes Tries, DoneAt, Told, NoticeID and Was.
	SaveChange(ctx context.Context, c Change) error
	// ChecksSince counts the changes whose digits were sent after a time: of an
	// account, and to a target. Until the transaction ends nobody else counts either.
	ChecksSince(ctx context.Context, id debt.AccountID, target []byte, since time.Time) (ofAccount, ofTarget int, err error)
}

// ChangePeople reads and writes what is known of people.
type ChangePeople interface {
	Account(ctx context.Context, id debt.AccountID) (debt.Account, error)
	// SaveConsumer replaces what is known of a person.
	SaveConsumer(ctx context.Context, a debt.Account, now time.Time) error
}

// ChangeWords writes the messages about changes.
type ChangeWords interface {
	CheckText(language string, ch contact.Channel, digits string) (notice.Text, error)
	ChangedText(language string, ch contact.Channel, what What) (notice.Text, error)
	// AskedText is what stands in the thread of a change that a person has to make.
	AskedText(language string, what What, to Contact) string
}

// ChangeTeller tells the system of record of a new contact.
type ChangeTeller interface {
	// ContactMoved is told of each change; oldWasTold is true when a message to the
	// old contact is on its way.
	ContactMoved(ctx context.Context, id debt.AccountID, what What, now Contact, oldWasTold bool) error
	// LetterToOld asks for a letter to the mailing address that was on file, and
	// returns the event's id.
	LetterToOld(ctx context.Context, id debt.AccountID, was debt.Address) (string, error)
}

// Changing lets consumers change how they are reached. Who asks has been
// identified once more just before (SEC-12). All fields are required.
type Changing struct {
	Tx     Transactor
	Store  Changes
	People ChangePeople
	Sealer notice.Sealer
	Key    []byte // of the hashes of digits
	Book   *contact.Book
	May    identity.Permission
	Thread *Thread
	Queue  Queue
	Words  ChangeWords
	Teller ChangeTeller
	Now    func() time.Time
}

func (c *Changing) now() time.Time { return c.Now().UTC().Truncate(time.Microsecond) }

// Make changes an address at once; ErrByPerson where nobody would hear of it.
func (c *Changing) Make(ctx context.Context, id debt.AccountID, what What, to Contact) error {
	return c.decided(ctx, func(ctx context.Context) (answer, err error) {
		account, err := c.People.Account(ctx, id)
		if err != nil {
			return nil, err
		}
		change, err := c.add(ctx, Change{AccountID: id, What: what, TargetHash: []byte{}, CodeHash: []byte{}}, to, "")
		if err != nil {
			return nil, err
		}
		return c.apply(ctx, account, change, to)
	})
}

// decided runs fn in one transaction, which an answer commits.
func (c *Changing) decided(ctx context.Context, fn func(ctx context.Context) (answer, err error)) error {
	var answer error
	err := c.Tx.InTx(ctx, func(ctx context.Context) (err error) {
		answer, err = fn(ctx)
		return err
	})
	return errors.Join(err, answer)
}

// Check sends six digits that prove a new e-mail address or number and returns
// the change that waits for them; ErrChecks or ErrByPerson.
func (c *Changing) Check(ctx context.Context, id debt.AccountID, what What, to Contact) (changeID string, err error) {
	err = c.decided(ctx, func(ctx context.Context) (answer, err error) {
		account, err := c.People.Account(ctx, id)
		if err != nil {
			return nil, err
		}
		ch, target, err := c.prove(ctx, account, what, to)
		if err != nil {
			return nil, err
		}
		if target == "" {
			return ErrByPerson, c.ask(ctx, account, what, to)
		}
		hash := c.Book.Hash(ch, target)
		ofAccount, ofTarget, err := c.Store.ChecksSince(ctx, id, hash, c.now().Add(-checksFor))
		if err != nil {
			return nil, fmt.Errorf("count checks: %w", err)
		}
		if max(ofAccount, ofTarget) >= ChecksADay {
			return ErrChecks, nil
		}
		changeID, err = c.send(ctx, account, Change{AccountID: id, What: what, Via: ch, TargetHash: hash}, to, target)
		return nil, err
	})
	return changeID, err
}

// send keeps a change and sends its digits.
func (c *Changing) send(ctx context.Context, account debt.Account, change Change, to Contact, target string) (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(digitsCeiling))
	if err != nil {
		return "", err
	}
	digits, language := fmt.Sprintf("%06d", n), account.Consumer.Language
	if change, err = c.add(ctx, change, to, digits); err != nil {
		return "", err
	}
	text, err := c.Words.CheckText(language, change.Via, digits)
	if err != nil {
		return "", fmt.Errorf("words: %w", err)
	}
	_, err = c.Queue.Add(ctx, notice.Message{
		AccountID: account.ID, To: target, Channel: change.Via, Kind: notice.KindCheck, Language: language,
		Text: text, ExpiresAt: c.now().Add(changeFor),
	})
	return change.ID, err
}

// prove says by which channel digits prove a change, and to where: to the new
// address or number itself. Where the agency sends no texts a number cannot be
// proved: then the e-mail on file proves who asks. Empty: nothing can.
func (c *Changing) prove(ctx context.Context, account debt.Account, what What, to Contact) (contact.Channel, string, error) {
	ways := []contact.Person{{Email: to.Email}}
	if what == Phone {
		ways = []contact.Person{{Phone: to.Phone}, {Email: account.Consumer.Email}}
	}
	for _, p := range ways {
		ch := contact.Email
		if p.Phone != "" {
			ch = contact.SMS
		}
		p.AccountID, p.State, p.ZIP = account.ID, account.Consumer.Address.State, account.Consumer.Address.PostalCode
		known, err := c.Book.Preferences(ctx, p, ch)
		if err != nil {
			return ch, "", err
		}
		known.Asked = true
		may, why := contact.May(known, ch, c.now())
		if may {
			return ch, known.Address, nil
		}
		if why != contact.ChannelOff { // a number that reached a stranger is proved by nothing else
			break
		}
	}
	return "", "", nil
}

// ask puts a change that a person has to make into the thread.
func (c *Changing) ask(ctx context.Context, account debt.Account, what What, to Contact) error {
	return c.Thread.take(ctx, account.ID, c.Words.AskedText(account.Consumer.Language, what, to), ViaPortal)
}

// Waiting finds a change of the account that waits for its digits; ErrNoChange
// or ErrOver.
func (c *Changing) Waiting(ctx context.Context, id debt.AccountID, changeID string) (Change, error) {
	change, err := c.Store.Change(ctx, id, changeID)
	if err == nil && c.over(change) {
		err = ErrOver
	}
	return change, err
}

func (c *Changing) over(change Change) bool {
	return change.Via == "" || !change.DoneAt.IsZero() || change.Tries >= mostDigits || !c.now().Before(change.CreatedAt.Add(changeFor))
}

// Confirm takes the digits and makes the change; ErrDigits, ErrNoChange, ErrOver
// or ErrByPerson. A wrong try is kept. The change is returned as it stood before.
func (c *Changing) Confirm(ctx context.Context, id debt.AccountID, changeID, digits string) (change Change, err error) {
	err = c.decided(ctx, func(ctx context.Context) (answer, err error) {
		if change, err = c.Store.Change(ctx, id, changeID); err != nil {
			return nil, err
		}
		if c.over(change) {
			return nil, ErrOver
		}
		tried := change
		tried.Tries++
		if !hmac.Equal(change.CodeHash, c.hash(change.ID, digits)) {
			return ErrDigits, c.Store.SaveChange(ctx, tried)
		}
		to, err := c.open(change)
		if err != nil {
			return nil, err
		}
		account, err := c.People.Account(ctx, id)
		if err != nil {
			return nil, err
		}
		return c.apply(ctx, account, tried, to)
	})
	return change, err
}

func (c *Changing) hash(id, digits string) []byte {
	mac := hmac.New(sha256.New, c.Key)
	mac.Write([]byte(id + "\x00" + digits))
	return mac.Sum(nil)
}

func (c *Changing) add(ctx context.Context, change Change, to Contact, digits string) (Change, error) {
	change.ID, change.CreatedAt, change.Was = "chg_"+rand.Text(), c.now(), []byte{}
	if digits != "" {
		change.CodeHash = c.hash(change.ID, digits)
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

// apply tells the old contact, writes the new one and tells the system of
// record. Where nobody would hear of the change it is not made; ErrByPerson is
// the answer.
func (c *Changing) apply(ctx context.Context, account debt.Account, change Change, to Contact) (answer, err error) {
	if change.Told, change.NoticeID, err = c.tellOld(ctx, account, change.What); err != nil {
		return nil, err
	}
	if change.DoneAt = c.now(); change.Told == NoWay {
		if err := c.Store.SaveChange(ctx, change); err != nil {
			return nil, fmt.Errorf("save change: %w", err)
		}
		return ErrByPerson, c.ask(ctx, account, change.What, to)
	}
	if change.Was, err = c.sealWas(change.ID, account.Consumer.Address); err != nil {
		return nil, err
	}
	fresh := account
	fresh.Consumer = changed(account.Consumer, change.What, to, c.now())
	if err := c.People.SaveConsumer(ctx, fresh, c.now()); err != nil {
		return nil, fmt.Errorf("save contact: %w", err)
	}
	if err := c.Store.SaveChange(ctx, change); err != nil {
		return nil, fmt.Errorf("save change: %w", err)
	}
	if change.What == Email && to.Consent {
		consent := contact.Consent{AccountID: account.ID, Channel: contact.Email, Basis: contact.DirectConsent, RecordedBy: Consumer, TextVersion: contact.EmailConsent}
		if err := c.Book.Record(ctx, consent, to.Email); err != nil {
			return nil, err
		}
	}
	return nil, c.Teller.ContactMoved(ctx, account.ID, change.What, to, change.Told != Letter)
}

func changed(p debt.Consumer, what What, to Contact, now time.Time) debt.Consumer {
	switch what {
	case Address:
		p = p.Moves(to.Address, true, now)
	case Phone:
		p.Phone = to.Phone
	case Email:
		p.Email = to.Email
	}
	return p
}
