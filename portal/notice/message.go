package notice

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"strings"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
)

// ErrUndeliverable is returned (wrapped) by a Sender when trying again is of no
// use: the address does not exist, or the outcome is unknown and a second
// message would be one too many (SMS-08).
var ErrUndeliverable = errors.New("message cannot be delivered")

// Three kinds of ErrUndeliverable.
var (
	// ErrBounced: the address takes no messages, now or later.
	ErrBounced = fmt.Errorf("%w: the address takes no messages", ErrUndeliverable)
	// ErrRefused: the carrier will not carry it. The address is as good as before.
	ErrRefused = fmt.Errorf("%w: the carrier refuses it", ErrUndeliverable)
	// ErrStopped: the carrier knows that the holder of the address said stop.
	ErrStopped = fmt.Errorf("%w: its holder said stop", ErrUndeliverable)
)

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
	DebtID    debt.ID   // of a message about one debt; empty: about the account
	// Asked is true of a message that the person asked for a moment ago: it is
	// counted in no cap (COM-11).
	Asked bool
	// StopURL is filled in by Queue.Add: the way out of an e-mail (COM-06).
	StopURL string
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

// Ways makes the way out that stands in an e-mail; contact.Book is one.
type Ways interface {
	// Way returns the token of the way out of messages to an address.
	Way(ctx context.Context, id debt.AccountID, ch contact.Channel, address, messageID string) (token string, err error)
	Hash(ch contact.Channel, address string) []byte
}

// Queue takes messages in. All fields are required.
type Queue struct {
	Store     Taker
	Sealer    Sealer
	Ways      Ways
	PublicURL string
	Now       func() time.Time
	// Law lists the words that the law of a place wants in a message about a debt,
	// in its language (STA-02); nil: none.
	Law func(ctx context.Context, m Message) ([]string, error)
}

// StopMark stands in the words of an e-mail where its way out belongs, and
// StopWord in a text. A message without one is not taken (COM-06); only the
// answer to a stop has none: it says nothing but that (COM-08).
const (
	StopMark = "{stop}"
	StopWord = "STOP"
)

// ErrNoWayOut is returned for a message that does not say how to get no more.
var ErrNoWayOut = errors.New("the message does not say how to get no more of them (COM-06)")

// Add stores a message in the caller's transaction, to be sent after its
// commit, and returns its id.
func (q *Queue) Add(ctx context.Context, m Message) (string, error) {
	m.ID = "msg_" + rand.Text()
	if err := q.required(ctx, &m); err != nil {
		return "", err
	}
	if err := q.wayOut(ctx, &m); err != nil {
		return "", err
	}
	sealed, err := seal(q.Sealer, m)
	if err != nil {
		return "", err
	}
	now := q.Now().UTC().Truncate(time.Microsecond)
	return m.ID, q.Store.AddOutgoing(ctx, Outgoing{
		ID: m.ID, AccountID: m.AccountID, Channel: m.Channel, Kind: m.Kind, Language: m.Language,
		Sealed: sealed, Status: Queued, CreatedAt: now, NextAt: now, ExpiresAt: m.ExpiresAt,
		AddressHash: q.Ways.Hash(m.Channel, m.To), DebtID: m.DebtID, Asked: m.Asked || m.Kind.Asked(),
	})
}

// required puts the words that the law wants behind those of a message about a
// debt. Answers to what the person did a moment ago, and words about the safety
// of the account, say nothing but that.
func (q *Queue) required(ctx context.Context, m *Message) error {
	if q.Law == nil || m.Kind.Asked() || m.Kind.Security() {
		return nil
	}
	words, err := q.Law(ctx, *m)
	if err != nil {
		return fmt.Errorf("words of the law: %w", err)
	}
	for _, w := range words {
		if m.Plain = strings.TrimRight(m.Plain, "\n") + "\n\n" + w; m.Channel == contact.SMS {
			continue
		}
		m.Plain += "\n"
		if m.HTML != "" {
			m.HTML += "<p>" + html.EscapeString(w) + "</p>"
		}
	}
	return nil
}

// wayOut puts the way out into the words, or refuses those without a place for
// it.
func (q *Queue) wayOut(ctx context.Context, m *Message) error {
	switch {
	case m.Kind == KindStopped:
		return nil
	case m.Channel == contact.SMS && !strings.Contains(m.Plain, StopWord), m.Channel == contact.Email && !strings.Contains(m.Plain, StopMark):
		return fmt.Errorf("%w: %s by %s", ErrNoWayOut, m.Kind, m.Channel)
	case m.Channel == contact.SMS:
		return nil
	}
	token, err := q.Ways.Way(ctx, m.AccountID, m.Channel, m.To, m.ID)
	if err != nil {
		return fmt.Errorf("way out: %w", err)
	}
	m.StopURL = q.PublicURL + "/o/" + token
	m.Plain, m.HTML = strings.ReplaceAll(m.Plain, StopMark, m.StopURL), strings.ReplaceAll(m.HTML, StopMark, m.StopURL)
	return nil
}

// secret is the part of a message that is sealed.
type secret struct{ To, Subject, Plain, HTML, Stop string }

func seal(s Sealer, m Message) ([]byte, error) {
	plain, err := json.Marshal(secret{To: m.To, Subject: m.Subject, Plain: m.Plain, HTML: m.HTML, Stop: m.StopURL})
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
		Text: Text{Subject: in.Subject, Plain: in.Plain, HTML: in.HTML}, ExpiresAt: o.ExpiresAt, DebtID: o.DebtID, Asked: o.Asked,
		StopURL: in.Stop}, nil
}
