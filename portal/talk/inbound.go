package talk

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/notice"
)

// Transactor runs fn in one transaction: all of it is kept or none.
type Transactor interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// Queue takes messages to send after the commit; notice.Queue is one.
type Queue interface {
	Add(ctx context.Context, m notice.Message) (string, error)
}

// Texts remembers texts that came in.
type Texts interface {
	// TakeText keeps that a text came in; false when it was kept before.
	TakeText(ctx context.Context, providerID string, addressHash []byte, reading string, at time.Time) (bool, error)
	// AccountsByPhone lists accounts that have the number on file, at most two.
	AccountsByPhone(ctx context.Context, number string) ([]debt.AccountID, error)
}

// Answers writes what a text is answered with.
type Answers interface {
	StoppedText(language string) (notice.Text, error)
	HelpText(language string) (notice.Text, error)
}

// Text is a text that came in.
type Text struct {
	ProviderID, From, Body string
	// Answered is true when the carrier has answered a keyword itself: one
	// confirmation is all there may be (COM-08).
	Answered bool
}

// stopVersion names how a stop by text was said.
const stopVersion = "sms.keyword/1"

// confirmWithin is how long a stop may be confirmed (SMS-07); later, silence.
const confirmWithin = 5 * time.Minute

// Inbound reads texts. All fields are required.
type Inbound struct {
	Tx     Transactor
	Texts  Texts
	Book   *contact.Book
	People identity.People
	Queue  Queue
	Words  Answers
	Thread *Thread
	Now    func() time.Time
	Log    *slog.Logger
}

// Take reads a text and does what it asks for, at once and in one transaction
// (SMS-06). What no keyword matches goes to the thread, for a person to answer.
func (i *Inbound) Take(ctx context.Context, t Text) error {
	number := contact.Phone(t.From)
	if number == "" || t.ProviderID == "" {
		return nil
	}
	hash, reading := i.Book.Hash(contact.SMS, number), contact.Read(t.Body)
	return i.Tx.InTx(ctx, func(ctx context.Context) error {
		fresh, err := i.Texts.TakeText(ctx, t.ProviderID, hash, string(reading), i.Now().UTC().Truncate(time.Microsecond))
		if err != nil || !fresh {
			return err
		}
		accounts, err := i.accounts(ctx, number, hash)
		if err != nil {
			return fmt.Errorf("accounts of a number: %w", err)
		}
		if len(accounts) == 0 {
			return i.stranger(ctx, reading, hash)
		}
		return i.take(ctx, t, reading, sender{accounts: accounts, number: number, hash: hash})
	})
}

// accounts are those that were written to at a number, the latest first, or
// else the one that has it on file. Of a number on two files nobody knows whose
// words they are.
func (i *Inbound) accounts(ctx context.Context, number string, hash []byte) ([]debt.AccountID, error) {
	accounts, err := i.Book.Stops.AccountsOf(ctx, contact.SMS, hash)
	if err != nil || len(accounts) > 0 {
		return accounts, err
	}
	if accounts, err = i.Texts.AccountsByPhone(ctx, number); len(accounts) != 1 {
		return nil, err
	}
	return accounts, err
}

// stranger is a number that no account stands behind. What it does not want it
// does not get, later either.
func (i *Inbound) stranger(ctx context.Context, r contact.Reading, hash []byte) error {
	if r.Stops() {
		if err := i.Book.Stop(ctx, "", contact.SMS, hash, "consumer", stopVersion); err != nil {
			return err
		}
	}
	if r.Wrong() {
		return i.Book.Stranger(ctx, "", contact.SMS, hash, "consumer")
	}
	if !r.Stops() {
		i.Log.InfoContext(ctx, "a text came from a number that no one account stands behind")
	}
	return nil
}

// sender is who texted, the account that was written to last being the first.
type sender struct {
	accounts []debt.AccountID
	number   string
	hash     []byte
	stopped  bool
}

// take does what a text asks for. The words themselves are kept whatever they
// ask for: they may say more than was read, a dispute above all.
func (i *Inbound) take(ctx context.Context, t Text, r contact.Reading, from sender) error {
	var err error
	if from.stopped, err = i.stopped(ctx, from); err != nil {
		return err
	}
	if err := i.obey(ctx, t, r, from); err != nil {
		return err
	}
	if oneWord(t.Body) {
		return nil
	}
	return i.Thread.take(ctx, from.accounts[0], t.Body, ViaSMS)
}

func (i *Inbound) obey(ctx context.Context, t Text, r contact.Reading, from sender) error {
	switch {
	case r.Wrong():
		return i.wrong(ctx, r, from)
	case r.Stops():
		return i.stop(ctx, t, from)
	case r == contact.ReadHelp:
		return i.answer(ctx, from, notice.KindHelp, i.Words.HelpText)
	case r == contact.ReadOther && from.stopped: // one who said stop and asks something changes no preference (COM-09)
		return nil
	}
	return i.ground(ctx, from)
}

// wrong ends texts to a stranger's number for ever, and writes nothing to it
// (SMS-03). A stop that came with it is on record as one (SMS-06).
func (i *Inbound) wrong(ctx context.Context, r contact.Reading, from sender) error {
	if r.Stops() {
		if err := i.Book.Stop(ctx, from.accounts[0], contact.SMS, from.hash, "consumer", stopVersion); err != nil {
			return err
		}
	}
	return i.Book.Stranger(ctx, from.accounts[0], contact.SMS, from.hash, "consumer")
}

func (i *Inbound) stopped(ctx context.Context, from sender) (bool, error) {
	way, err := i.Book.WayOf(ctx, contact.Person{AccountID: from.accounts[0], Phone: from.number}, contact.SMS)
	return way.Reason == contact.OptedOut || way.Reason == contact.WrongPerson, err
}

// stop ends texts to the number and says so once, if it is not too late.
func (i *Inbound) stop(ctx context.Context, t Text, from sender) error {
	if err := i.Book.Stop(ctx, from.accounts[0], contact.SMS, from.hash, "consumer", stopVersion); err != nil {
		return err
	}
	if t.Answered || from.stopped {
		return nil
	}
	return i.answer(ctx, from, notice.KindStopped, i.Words.StoppedText)
}

// ground is a text from the number itself (SMS-02).
func (i *Inbound) ground(ctx context.Context, from sender) error {
	for _, account := range from.accounts {
		c := contact.Consent{AccountID: account, Channel: contact.SMS, Basis: contact.InboundMessage, RecordedBy: "consumer"}
		if err := i.Book.Record(ctx, c, from.number); err != nil {
			return err
		}
	}
	return nil
}

func (i *Inbound) answer(ctx context.Context, from sender, kind notice.Kind, words func(language string) (notice.Text, error)) error {
	person, err := i.People.Person(ctx, from.accounts[0])
	if err != nil {
		return fmt.Errorf("person: %w", err)
	}
	text, err := words(person.Language)
	if err != nil {
		return fmt.Errorf("words: %w", err)
	}
	_, err = i.Queue.Add(ctx, notice.Message{
		AccountID: person.AccountID, To: from.number, Channel: contact.SMS, Kind: kind, Language: person.Language, Text: text,
		ExpiresAt: i.Now().UTC().Add(confirmWithin),
	})
	return err
}
