package notice

import (
	"context"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
)

// Store keeps outgoing messages.
type Store interface {
	// AddOutgoing stores a new message, in the caller's transaction.
	AddOutgoing(ctx context.Context, m Outgoing) error
	// ClaimOutgoing leases messages that are Queued, whose NextAt has come and
	// whose lease has run out: it sets LeasedUntil and adds one to Tries. FOR
	// UPDATE SKIP LOCKED on PostgreSQL, one immediate transaction on SQLite.
	// Oldest NextAt first.
	ClaimOutgoing(ctx context.Context, now, until time.Time, limit int) ([]Outgoing, error)
	// SaveOutgoing writes Status, NextAt, LeasedUntil, ProviderID, Problem,
	// SentAt and Sealed, if Tries is still as given; otherwise another worker
	// has it and nothing is written.
	SaveOutgoing(ctx context.Context, m Outgoing) error
	// OutgoingMessages lists the newest, newest first.
	OutgoingMessages(ctx context.Context, limit int) ([]Outgoing, error)
}

// Outgoing is a message as it is stored. Times are UTC; zero is not yet.
type Outgoing struct {
	ID          string // "msg_…"
	AccountID   debt.AccountID
	Channel     contact.Channel
	Kind        Kind
	Language    string
	Sealed      []byte // address, subject and body; emptied once sent
	Status      Status
	Tries       int
	CreatedAt   time.Time
	NextAt      time.Time
	LeasedUntil time.Time
	ExpiresAt   time.Time // not sent later than this; zero is never
	SentAt      time.Time
	ProviderID  string
	Problem     string // why it failed or was withheld, without personal data
}

// Status is where a message stands.
type Status string

// Statuses of a message.
const (
	Queued   Status = "queued"
	Sent     Status = "sent"
	Failed   Status = "failed"   // given up
	Withheld Status = "withheld" // must not be sent any more
)

// Kind is what a message is for.
type Kind string

// Kinds of messages.
const (
	KindLink   Kind = "link"
	KindStepUp Kind = "step_up"
	KindCharge Kind = "charge" // the written notice of a charge (PDN-01); it waits for its hour
)
