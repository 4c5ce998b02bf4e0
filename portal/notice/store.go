package notice

import (
	"context"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
)

// Taker takes new messages.
type Taker interface {
	// AddOutgoing stores a new message, in the caller's transaction.
	AddOutgoing(ctx context.Context, m Outgoing) error
}

// Store keeps outgoing messages for the worker.
type Store interface {
	// ClaimOutgoing leases messages that are Queued, whose NextAt has come and
	// whose lease has run out: it sets LeasedUntil and adds one to Tries. FOR
	// UPDATE SKIP LOCKED on PostgreSQL, one immediate transaction on SQLite.
	// Oldest NextAt first.
	ClaimOutgoing(ctx context.Context, now, until time.Time, limit int) ([]Outgoing, error)
	// BeginSending makes a claimed message Sending, if Tries is still as given
	// and it is still Queued; false when another worker has it.
	BeginSending(ctx context.Context, m Outgoing) (bool, error)
	// LeftSending lists messages that are Sending although their lease has run
	// out: whoever was sending them is gone, and nobody knows whether they went.
	LeftSending(ctx context.Context, now time.Time, limit int) ([]Outgoing, error)
	// SaveOutgoing writes Status, NextAt, LeasedUntil, ProviderID, Problem,
	// SentAt and Sealed, if Tries is still as given and the message is still
	// Queued or Sending; otherwise nothing is written and it returns false.
	SaveOutgoing(ctx context.Context, m Outgoing) (bool, error)
}

// Records finds messages that were sent, for whoever reports on them.
type Records interface {
	// Outgoing finds a message; ErrUnknown.
	Outgoing(ctx context.Context, id string) (Outgoing, error)
	// OutgoingOf finds a message by its carrier's id; ErrUnknown.
	OutgoingOf(ctx context.Context, providerID string) (Outgoing, error)
	// FailOutgoing makes a message that was sent Failed, with its Problem; false
	// when it was not Sent.
	FailOutgoing(ctx context.Context, id, problem string) (bool, error)
}

// Outgoing is a message as it is stored. Times are UTC; zero is not yet.
type Outgoing struct {
	ID          string // "msg_…"
	AccountID   debt.AccountID
	DebtID      debt.ID
	Channel     contact.Channel
	AddressHash []byte
	Kind        Kind
	Language    string
	Asked       bool
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
	Sending  Status = "sending" // handed to the carrier, whose answer is not recorded yet
	Sent     Status = "sent"
	Failed   Status = "failed"   // given up, or it came back
	Withheld Status = "withheld" // must not be sent any more
)

// Problems of a failed message that mean something to others.
const (
	ProblemUndeliverable = "undeliverable"   // it was not taken, or reached nobody
	ProblemBounced       = "bounced"         // the address takes no messages
	ProblemRefused       = "refused"         // the carrier will not carry it; the address is as good as before
	ProblemStopped       = "stopped"         // the carrier knows that its holder said stop
	ProblemUnknown       = "outcome_unknown" // the sender died while it sent
)

// Kind is what a message is for.
type Kind string

// Kinds of messages.
const (
	KindLink   Kind = "link"
	KindStepUp Kind = "step_up"
	// KindStepUpFor is a code to somebody who speaks for the consumer, at an
	// address of their own.
	KindStepUpFor Kind = "step_up_for"
	KindCharge    Kind = "charge"  // the written notice of a charge (PDN-01)
	KindStopped   Kind = "stopped" // the one answer to a stop (COM-08, SMS-07)
	KindHelp      Kind = "help"    // the answer to HELP (SMS-06)
	KindThread    Kind = "thread"  // that an answer waits in the portal
	KindAnswer    Kind = "answer"  // that the answer to a dispute is there (VAL-12)
	KindLetter    Kind = "letter"  // that a letter the law wants in writing is there (STA-04)
	KindCheck     Kind = "check"   // the digits that prove a new e-mail address or number
	KindChanged   Kind = "changed" // to the old contact: that there is a new one (SEC-12)
	KindAccess    Kind = "access"  // that the agency let the person in again, or gave a new code
	KindMoney     Kind = "money"   // what became of the person's money, or of their plan
)

// Asked reports whether a message of the kind answers what the person did a
// moment ago: neither the hour nor a stop stands against it then (COM-03,
// COM-09).
func (k Kind) Asked() bool {
	return k == KindStepUp || k == KindStepUpFor || k == KindStopped || k == KindHelp || k == KindCheck
}

// Waits reports whether a message of the kind may wait for its hour. Others are
// of no use later and are withheld.
func (k Kind) Waits() bool {
	return k == KindCharge || k == KindThread || k == KindAnswer || k == KindChanged || k == KindLetter || k == KindAccess || k == KindMoney
}

// Receipt reports whether a message of the kind answers what the person did with
// their own money, so that some statuses of a debt do not stand against it.
func (k Kind) Receipt() bool { return k == KindMoney }

// Owed reports whether the law or the person's safety wants the message sent: no cap
// stands against it then.
func (k Kind) Owed() bool {
	return k == KindCharge || k == KindAnswer || k == KindChanged || k == KindLetter || k == KindAccess
}

// Security reports whether a message of the kind is a word about the safety of
// the account: that nobody gave a ground for it does not stand against it then.
func (k Kind) Security() bool { return k == KindChanged || k == KindAccess }

// Elsewhere reports whether a message of the kind goes to an address that need
// not be the one on file.
func (k Kind) Elsewhere() bool {
	return k == KindStepUpFor || k == KindStopped || k == KindHelp || k == KindCheck || k == KindChanged
}
