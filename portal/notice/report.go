package notice

import (
	"context"
	"errors"
	"fmt"

	"quittance/portal/contact"
	"quittance/portal/debt"
)

// ErrUnknown is returned for a message that there is not.
var ErrUnknown = errors.New("no such message")

// Reports hears what became of messages after they were sent. All fields are
// required but Watchers.
type Reports struct {
	Tx       Transactor
	Records  Records
	Watchers []Watcher
}

// Lost hears from whoever watches a mailbox that a message came back. Said
// twice it counts once. ErrUnknown.
func (r *Reports) Lost(ctx context.Context, id string) error {
	return r.lost(ctx, func(ctx context.Context) (Outgoing, error) { return r.Records.Outgoing(ctx, id) })
}

// LostBy is Lost by the carrier's id of the message.
func (r *Reports) LostBy(ctx context.Context, providerID string) error {
	return r.lost(ctx, func(ctx context.Context) (Outgoing, error) { return r.Records.OutgoingOf(ctx, providerID) })
}

func (r *Reports) lost(ctx context.Context, find func(context.Context) (Outgoing, error)) error {
	return r.Tx.InTx(ctx, func(ctx context.Context) error {
		o, err := find(ctx)
		if err != nil {
			return err
		}
		o.Status, o.Problem = Failed, ProblemBounced
		if o.Channel == contact.SMS {
			o.Problem = ProblemUndeliverable // a phone may be off; that is no reason never to text it
		}
		failed, err := r.Records.FailOutgoing(ctx, o.ID, o.Problem)
		if err != nil {
			return fmt.Errorf("save message: %w", err)
		}
		if !failed {
			return nil
		}
		return tell(ctx, r.Watchers, o)
	})
}

// Suppressor keeps an address from being used; contact.Book is one.
type Suppressor interface {
	Suppress(ctx context.Context, id debt.AccountID, ch contact.Channel, hash []byte, why contact.Reason) error
}

// Bounces is a Watcher that keeps an address that took no message from being
// written to again (VAL-12). It stands before watchers that look for another way.
type Bounces struct{ Book Suppressor }

// MessageChanged implements Watcher.
func (b Bounces) MessageChanged(ctx context.Context, m Outgoing) error {
	if m.Status != Failed || m.Problem != ProblemBounced || len(m.AddressHash) == 0 {
		return nil
	}
	return b.Book.Suppress(ctx, m.AccountID, m.Channel, m.AddressHash, contact.Unreachable)
}
