package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"quittance/portal/debt"
)

// PostingWatcher is told, inside the transaction that keeps it, that the
// system of record posted an event.
type PostingWatcher interface {
	EventPosted(ctx context.Context, t Type, p Posting) error
}

// told tells the watchers of a posting in the collector's own name.
func told(ctx context.Context, watchers []PostingWatcher, t Type, p Posting) error {
	if p.TransactionID == "" || p.CreditorRef != "" {
		return nil
	}
	for _, w := range watchers {
		if err := w.EventPosted(ctx, t, p); err != nil {
			return fmt.Errorf("posting of event %s: %w", p.Event, err)
		}
	}
	return nil
}

// Poster takes the word of a system of record for what it did with an event
// (W12): received is not yet posted. All fields are required but Watchers.
type Poster struct {
	Tx       Transactor
	Store    Postings
	Events   History
	Now      func() time.Time
	Watchers []PostingWatcher
}

// Acknowledge records that an event was posted, under which transaction id, or
// why it will not be. Saying the same again changes nothing; a refusal may
// later become a posting, but a posting stays: another id is ErrPosted.
// CreditorRef says in whose name the caller speaks.
func (p *Poster) Acknowledge(ctx context.Context, said Posting) (Posting, error) {
	if (said.TransactionID == "") == (said.Refusal == "") || !plain(said.TransactionID+said.Refusal) {
		return Posting{}, ErrEmptyPosting
	}
	said.PostedAt = p.Now().UTC().Truncate(time.Microsecond)
	err := p.Tx.InTx(ctx, func(ctx context.Context) error {
		e, err := p.Events.Event(ctx, said.Event)
		if err != nil {
			return err
		}
		if !Sees(e, debt.CreditorsOf(said.CreditorRef), nil) {
			return ErrNoEvent
		}
		if !e.Type.Posts() {
			return ErrNotPosted
		}
		held, err := p.Store.Posting(ctx, said.Event, said.CreditorRef)
		switch {
		case errors.Is(err, ErrNoPosting):
		case err != nil:
			return err
		case held.TransactionID == said.TransactionID && held.Refusal == said.Refusal:
			said = held
			return nil
		case held.TransactionID != "":
			return ErrPosted
		}
		if err := p.Store.SavePosting(ctx, said); err != nil {
			return err
		}
		return told(ctx, p.Watchers, e.Type, said)
	})
	if err != nil {
		return Posting{}, fmt.Errorf("posting of event %s: %w", said.Event, err)
	}
	return said, nil
}

// Waiting lists what the system of record received between two times and has not
// posted, oldest first.
func (p *Poster) Waiting(ctx context.Context, from, before time.Time, limit int) ([]Unposted, error) {
	return p.Store.Unposted(ctx, PostingTypes(), from, before, limit)
}
