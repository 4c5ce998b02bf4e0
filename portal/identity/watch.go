package identity

import (
	"context"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/represent"
)

// Kind is what happened, by the name of its webhook.
type Kind string

// What watchers are told of.
const (
	LinkSent           Kind = "link.sent"
	LinkOpened         Kind = "link.opened"
	ConsumerVerified   Kind = "consumer.verified"
	WrongPartyReported Kind = "wrong_party.reported"
)

// Change is one thing that happened. Fields that do not apply are empty; none
// holds a token, a number or an address.
type Change struct {
	Kind      Kind
	AccountID debt.AccountID
	At        time.Time
	LinkID    LinkID
	Channel   contact.Channel
	SessionID SessionID
	Via       Path
	Speaker   represent.Speaker // of ConsumerVerified: who came in for the consumer; zero: the consumer
	By        string            // "staff:…" or "token:…" of a link that was sent
	CallID    string
}

// Watcher is told of each change inside its transaction; its error undoes it.
type Watcher interface {
	IdentityChanged(ctx context.Context, c Change) error
}

func tell(ctx context.Context, watchers []Watcher, c Change) error {
	for _, w := range watchers {
		if err := w.IdentityChanged(ctx, c); err != nil {
			return err
		}
	}
	return nil
}
