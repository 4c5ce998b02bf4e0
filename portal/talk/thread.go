package talk

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/notice"
)

// Why words were not taken.
var (
	ErrEmpty = errors.New("nothing was written")
	ErrLong  = errors.New("the message is too long")
)

// MostLetters is how long a message may be.
const MostLetters = 2000

// Via is the way a message came.
type Via string

// The ways.
const (
	ViaPortal Via = "portal"
	ViaSMS    Via = "sms"
)

// Consumer is who wrote what a consumer wrote; otherwise it is "staff:stf_…".
const Consumer = "consumer"

// Note is one message of a thread.
type Note struct {
	ID        string // "thr_…"
	AccountID debt.AccountID
	By        string
	Via       Via
	Sealed    []byte
	Words     string // of Read
	At        time.Time
}

// Waiting is an account whose consumer wrote last.
type Waiting struct {
	AccountID  debt.AccountID
	AccountRef string
	Since      time.Time
}

// Notes keeps threads.
type Notes interface {
	// AddNote appends; notes are never changed.
	AddNote(ctx context.Context, n Note) error
	// NotesOf lists the newest of an account, newest first.
	NotesOf(ctx context.Context, id debt.AccountID, limit int) ([]Note, error)
	// Unanswered lists accounts whose consumer wrote last, the longest wait first.
	Unanswered(ctx context.Context, limit int) ([]Waiting, error)
}

// Teller tells the system of record that a consumer wrote.
type Teller interface {
	ConsumerWrote(ctx context.Context, n Note) error
}

// Invitations writes the message that says that an answer waits.
type Invitations interface {
	WaitingText(language string, ch contact.Channel) (notice.Text, error)
}

// Thread is the messages between consumers and the agency. All fields are required.
type Thread struct {
	Tx     Transactor
	Notes  Notes
	Sealer notice.Sealer
	Book   *contact.Book
	People identity.People
	May    identity.Permission
	Queue  Queue
	Words  Invitations
	Teller Teller
	Now    func() time.Time
}

// Write takes a consumer's message. stopped is true when their words may mean
// that we should write no more: then we write no more (COM-07).
func (t *Thread) Write(ctx context.Context, id debt.AccountID, words string) (stopped bool, err error) {
	err = t.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := t.take(ctx, id, words, ViaPortal); err != nil {
			return err
		}
		if stopped = contact.Read(words).Stops(); !stopped {
			return nil
		}
		person, err := t.People.Person(ctx, id)
		if err != nil {
			return fmt.Errorf("person: %w", err)
		}
		wish, err := t.Book.Wishes.Wish(ctx, id)
		if err != nil {
			return err
		}
		return t.Book.Prefer(ctx, person.Reach(), contact.Choice{Wish: wish}, Consumer)
	})
	return stopped, err
}

// take keeps what a consumer wrote and tells of it.
func (t *Thread) take(ctx context.Context, id debt.AccountID, words string, via Via) error {
	n, err := t.keep(ctx, id, Consumer, words, via)
	if err != nil {
		return err
	}
	return t.Teller.ConsumerWrote(ctx, n)
}

func (t *Thread) keep(ctx context.Context, id debt.AccountID, by, words string, via Via) (Note, error) {
	words = strings.TrimSpace(words)
	switch {
	case words == "":
		return Note{}, ErrEmpty
	case utf8.RuneCountInString(words) > MostLetters:
		return Note{}, ErrLong
	}
	n := Note{ID: "thr_" + rand.Text(), AccountID: id, By: by, Via: via, Words: Redact(words), At: t.Now().UTC().Truncate(time.Microsecond)}
	var err error
	if n.Sealed, err = t.Sealer.Seal([]byte(n.Words), n.ID); err != nil {
		return n, fmt.Errorf("seal message: %w", err)
	}
	return n, t.Notes.AddNote(ctx, n)
}

// Told says what became of the word that an answer waits: by which way it goes,
// or why by none. The answer itself stands in the portal whatever the ways are.
type Told struct {
	Channel contact.Channel // empty: by none
	Reason  string          // why
	Rule    string
}

// Answer keeps what a collector wrote, and tells the consumer that it is there,
// if they may be written to. A refusal is kept.
func (t *Thread) Answer(ctx context.Context, id debt.AccountID, staff, words string) (Told, error) {
	var told Told
	person, err := t.People.Person(ctx, id)
	if err == nil {
		err = t.Book.Freshen(ctx, person.Reach())
	}
	if err != nil {
		return told, fmt.Errorf("person: %w", err)
	}
	err = t.Tx.InTx(ctx, func(ctx context.Context) error {
		if _, err := t.keep(ctx, id, staff, words, ViaPortal); err != nil {
			return err
		}
		var err error
		told, err = t.invite(ctx, id, staff)
		return err
	})
	return told, err
}

// invite says by e-mail, or else by text, that an answer waits. A message that
// only has to wait for its hour goes then.
func (t *Thread) invite(ctx context.Context, id debt.AccountID, staff string) (Told, error) {
	person, err := t.People.Person(ctx, id)
	if err != nil {
		return Told{}, fmt.Errorf("person: %w", err)
	}
	told := Told{}
	if told.Rule, told.Reason, err = t.May.MayWrite(ctx, id); err != nil {
		return told, fmt.Errorf("permission: %w", err)
	}
	if told.Reason != "" {
		return told, t.refuse(ctx, id, contact.Email, told, staff)
	}
	for _, ch := range []contact.Channel{contact.Email, contact.SMS} {
		known, err := t.Book.Preferences(ctx, person.Reach(), ch)
		if err != nil {
			return told, err
		}
		may, why := contact.May(known, ch, t.Now())
		if may || why.Waits() {
			return Told{Channel: ch}, t.send(ctx, person, ch, known.Address)
		}
		refused := Told{Reason: string(why), Rule: why.Rule()}
		if err := t.refuse(ctx, id, ch, refused, staff); err != nil {
			return told, err
		}
		if told.Reason == "" || why != contact.ChannelOff && why != contact.NoAddress { // what a person said tells more
			told = refused
		}
	}
	return told, nil
}

func (t *Thread) refuse(ctx context.Context, id debt.AccountID, ch contact.Channel, told Told, by string) error {
	return t.Book.Refuse(ctx, contact.Refused{
		AccountID: id, Channel: ch, Kind: string(notice.KindThread), Reason: contact.Reason(told.Reason), Rule: told.Rule, AskedBy: by,
	})
}

func (t *Thread) send(ctx context.Context, p identity.Person, ch contact.Channel, to string) error {
	text, err := t.Words.WaitingText(p.Language, ch)
	if err != nil {
		return fmt.Errorf("words: %w", err)
	}
	_, err = t.Queue.Add(ctx, notice.Message{AccountID: p.AccountID, To: to, Channel: ch, Kind: notice.KindThread, Language: p.Language, Text: text})
	return err
}

// mostRead is how much of a thread is shown.
const mostRead = 100

// Read lists a thread, the newest first.
func (t *Thread) Read(ctx context.Context, id debt.AccountID) ([]Note, error) {
	return t.read(ctx, id, mostRead)
}

// All lists a whole thread, the newest first.
func (t *Thread) All(ctx context.Context, id debt.AccountID) ([]Note, error) {
	return t.read(ctx, id, math.MaxInt32)
}

func (t *Thread) read(ctx context.Context, id debt.AccountID, most int) ([]Note, error) {
	notes, err := t.Notes.NotesOf(ctx, id, most)
	if err != nil {
		return nil, err
	}
	for n := range notes {
		plain, err := t.Sealer.Open(notes[n].Sealed, notes[n].ID)
		if err != nil {
			return nil, fmt.Errorf("open message %s: %w", notes[n].ID, err)
		}
		notes[n].Words = string(plain)
	}
	return notes, nil
}

func oneWord(text string) bool { return len(strings.Fields(text)) < 2 }
