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
	return r.lost(ctx, func(ctx context.Context) (Outgoing, error) {
		o, err := r.Records.Outgoing(ctx, id)
		o.Problem = ProblemBounced
		if o.Channel == contact.SMS {
			o.Problem = ProblemUndeliverable // a phone may be off; that is no reason never to text it
		}
		return o, err
	})
}

// LostBy hears it from the carrier, by its own id of the message and with the
// problem that it names.
func (r *Reports) LostBy(ctx context.Context, providerID, problem string) error {
	return r.lost(ctx, func(ctx context.Context) (Outgoing, error) {
		o, err := r.Records.OutgoingOf(ctx, providerID)
		o.Problem = problem
		return o, err
	})
}

func (r *Reports) lost(ctx context.Context, find func(context.Context) (Outgoing, error)) error {
	return r.Tx.InTx(ctx, func(ctx context.Context) error {
		o, err := find(ctx)
		if err != nil {
			return err
		}
		o.Status = Failed
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

// Shutter keeps an address from being used; contact.Book is one.
type Shutter interface {
	Gone(ctx context.Context, id debt.AccountID, ch contact.Channel, hash []byte, by string) error
	Stop(ctx context.Context, id debt.AccountID, ch contact.Channel, hash []byte, by, textVersion string) error
}

// Bounces is a Watcher that ends the use of an address that took no message
// (VAL-12), or whose holder the carrier heard say stop (COM-07). It stands
// before watchers that look for another way.
type Bounces struct{ Book Shutter }

// MessageChanged implements Watcher.
func (b Bounces) MessageChanged(ctx context.Context, m Outgoing) error {
	switch {
	case m.Status != Failed || len(m.AddressHash) == 0:
		return nil
	case m.Problem == ProblemBounced:
		return b.Book.Gone(ctx, m.AccountID, m.Channel, m.AddressHash, "portal")
	case m.Problem == ProblemStopped:
		return b.Book.Stop(ctx, m.AccountID, m.Channel, m.AddressHash, "carrier", "sms.keyword/1")
	}
	return nil
}
