package notice

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
)

// ErrUndeliverable is returned (wrapped) by a Sender when trying again is of no
// use: the address does not exist, or the outcome is unknown and a second
// message would be one too many (SMS-08).
var ErrUndeliverable = errors.New("message cannot be delivered")

// ErrGone is returned when a message's words were erased after it was sent.
var ErrGone = errors.New("message is no longer kept")

// Text is the words of a message. Texts have Plain alone.
type Text struct {
	Subject, Plain, HTML string
}

// Message is one text or e-mail to one address.
type Message struct {
	ID        string // filled in by Queue.Add
	AccountID debt.AccountID
	To        string // +12025550123 or an e-mail address
	Channel   contact.Channel
	Kind      Kind
	Language  string
	Text
	ExpiresAt time.Time // not sent later than this; zero is never
}

// Sender hands a message to whoever carries it and returns their id of it. It
// has a deadline of its own.
type Sender interface {
	Send(ctx context.Context, m Message) (providerID string, err error)
}

// Sealer hides and opens what is stored; seal.Box is one.
type Sealer interface {
	Seal(plain []byte, row string) ([]byte, error)
	Open(sealed []byte, row string) ([]byte, error)
}

// Queue takes messages in. All fields are required.
type Queue struct {
	Store  Store
	Sealer Sealer
	Now    func() time.Time
}

// Add stores a message in the caller's transaction, to be sent after its
// commit, and returns its id.
func (q *Queue) Add(ctx context.Context, m Message) (string, error) {
	m.ID = "msg_" + rand.Text()
	sealed, err := seal(q.Sealer, m)
	if err != nil {
		return "", err
	}
	now := q.Now().UTC().Truncate(time.Microsecond)
	return m.ID, q.Store.AddOutgoing(ctx, Outgoing{
		ID: m.ID, AccountID: m.AccountID, Channel: m.Channel, Kind: m.Kind, Language: m.Language,
		Sealed: sealed, Status: Queued, CreatedAt: now, NextAt: now, ExpiresAt: m.ExpiresAt,
	})
}

// secret is the part of a message that is sealed.
type secret struct{ To, Subject, Plain, HTML string }

func seal(s Sealer, m Message) ([]byte, error) {
	plain, err := json.Marshal(secret{To: m.To, Subject: m.Subject, Plain: m.Plain, HTML: m.HTML})
	if err != nil {
		return nil, fmt.Errorf("seal message: %w", err)
	}
	return s.Seal(plain, m.ID)
}

// Open reads a stored message back; ErrGone once its words were erased.
func Open(s Sealer, o Outgoing) (Message, error) {
	if len(o.Sealed) == 0 {
		return Message{}, ErrGone
	}
	plain, err := s.Open(o.Sealed, o.ID)
	if err != nil {
		return Message{}, fmt.Errorf("open message %s: %w", o.ID, err)
	}
	var in secret
	if err := json.Unmarshal(plain, &in); err != nil {
		return Message{}, fmt.Errorf("open message %s: %w", o.ID, err)
	}
	return Message{ID: o.ID, AccountID: o.AccountID, To: in.To, Channel: o.Channel, Kind: o.Kind, Language: o.Language,
		Text: Text{Subject: in.Subject, Plain: in.Plain, HTML: in.HTML}, ExpiresAt: o.ExpiresAt}, nil
}
