package talk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"quittance/portal/debt"
)

// TellEvery is how often the system of record is told that a consumer wrote:
// what is written in between is told together.
const TellEvery = time.Minute

// mostTold bounds how many messages are told at once.
const mostTold = 500

// Untold keeps the messages that the system of record was not told of yet.
type Untold interface {
	// LastTold is when it was told last of messages of an account; zero: never.
	// Until the transaction ends nobody else asks.
	LastTold(ctx context.Context, id debt.AccountID) (time.Time, error)
	AddUntold(ctx context.Context, n Note) error
	// TakeUntold takes messages of an account off the list, the oldest first, and
	// notes that they are told.
	TakeUntold(ctx context.Context, id debt.AccountID, limit int, now time.Time) ([]Note, error)
	// Untold lists accounts with messages on the list that were told of last
	// before a time.
	Untold(ctx context.Context, before time.Time, limit int) ([]debt.AccountID, error)
}

// Herald tells the system of record that a consumer wrote, once a minute for an
// account at most: 200 messages are not 200 webhooks. Nothing is lost on the way.
// All fields are required.
type Herald struct {
	Tx     Transactor
	Store  Untold
	Teller BundleTeller
	Now    func() time.Time
}

// BundleTeller tells of messages of one account, the oldest first.
type BundleTeller interface {
	ConsumerWroteAll(ctx context.Context, notes []Note) error
}

var _ Teller = (*Herald)(nil)

func (h *Herald) now() time.Time { return h.Now().UTC().Truncate(time.Microsecond) }

// ConsumerWrote implements Teller: the first message is told at once, what
// follows within the minute after it.
func (h *Herald) ConsumerWrote(ctx context.Context, n Note) error {
	last, err := h.Store.LastTold(ctx, n.AccountID)
	if err != nil {
		return fmt.Errorf("last told: %w", err)
	}
	if err := h.Store.AddUntold(ctx, n); err != nil {
		return err
	}
	if !mayTell(last, h.now()) {
		return nil
	}
	return h.tell(ctx, n.AccountID)
}

func mayTell(last, now time.Time) bool { return !now.Before(last.Add(TellEvery)) }

func (h *Herald) tell(ctx context.Context, id debt.AccountID) error {
	notes, err := h.Store.TakeUntold(ctx, id, mostTold, h.now())
	if err != nil || len(notes) == 0 {
		return err
	}
	return h.Teller.ConsumerWroteAll(ctx, notes)
}

// Sweep tells of what was written since, where the minute is over, and returns
// of how many accounts.
func (h *Herald) Sweep(ctx context.Context, limit int) (int, error) {
	accounts, err := h.Store.Untold(ctx, h.now().Add(-TellEvery), limit)
	if err != nil {
		return 0, fmt.Errorf("messages to tell of: %w", err)
	}
	var failed error
	for _, id := range accounts {
		failed = errors.Join(failed, h.Tx.InTx(ctx, func(ctx context.Context) error {
			last, err := h.Store.LastTold(ctx, id)
			if err != nil || !mayTell(last, h.now()) {
				return err
			}
			return h.tell(ctx, id)
		}))
	}
	return len(accounts), failed
}
