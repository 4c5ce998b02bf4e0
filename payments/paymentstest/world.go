// Package paymentstest is what anything that keeps payments must live up to: a
// processor that can be told what to do, a clock that is moved by hand, and
// suites that hold the laws of the ledger against an implementation of the
// interfaces of package payments.
package paymentstest

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/payments/money"
)

// Placement is a snapshot of one debt as the system of record reports it.
type Placement struct {
	AccountID, DebtID, CreditorRef string
	Balance                        money.Cents
	AsOf                           time.Time
}

// Books is what the suites need beside the interfaces of package payments.
type Books interface {
	// Place takes in a snapshot: a debt not seen before is placed, one that is
	// older knowledge changes nothing.
	Place(ctx context.Context, p Placement) error
	// Acknowledge notes that the system of record posted, at a time, all that the
	// payment moved so far and that it had not posted before.
	Acknowledge(ctx context.Context, id payments.ID, postedAt time.Time) error
	// Owed returns the balance that is shown for a debt and what is reserved.
	Owed(ctx context.Context, accountID, debtID string) (owed, pending money.Cents, err error)
	// Transfers returns, in the order of posting, every transfer with an entry
	// on one of the debts.
	Transfers(ctx context.Context, debtIDs []string) ([]ledger.Transfer, error)
	// Total is the sum of all entries of the ledger.
	Total(ctx context.Context) (money.Cents, error)
}

// Parts is an implementation under test. All debts it is asked to place are
// such that every card may be used and any part of them may be paid, attended
// or not.
type Parts struct {
	Tx       payments.Transactor
	Store    payments.Store
	Watch    payments.Watchlist
	Inbox    payments.Inbox
	Orders   payments.Orders
	Accounts payments.Accounts
	Credits  payments.Credits // may be nil
	Books    Books
	Watchers []payments.Watcher
}

// Open makes an empty implementation that reads the given clock.
type Open func(t testing.TB, now func() time.Time) Parts

// World is an implementation with a processor and a clock around it.
type World struct {
	*payments.Service
	Books     Books
	Processor *Processor
	Clock     *Clock

	ids atomic.Int64
}

// How long the service of a World waits.
const (
	StaleAfter   = 30 * time.Second
	AbandonAfter = time.Hour
)

// NewWorld puts an implementation to work.
func NewWorld(t testing.TB, open Open) *World {
	t.Helper()
	clock := &Clock{at: time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)}
	parts := open(t, clock.Now)
	processor := NewProcessor()
	w := &World{Books: parts.Books, Processor: processor, Clock: clock}
	w.Service = &payments.Service{
		Tx: parts.Tx, Store: parts.Store, Watch: parts.Watch, Inbox: parts.Inbox, Accounts: parts.Accounts,
		Unattended: parts.Accounts, Gateway: processor, Hosted: processor, Refunds: processor, Orders: parts.Orders, Watchers: parts.Watchers, Credits: parts.Credits,
		Now: clock.Now, NewID: w.newID, Log: slog.New(slog.DiscardHandler),
		StaleAfter: StaleAfter, AbandonAfter: AbandonAfter,
	}
	return w
}

func (w *World) newID() (payments.ID, string) {
	n := w.ids.Add(1)
	return payments.ID(fmt.Sprintf("pay_%08d", n)), fmt.Sprintf("PAY-%08d", n)
}

// Name makes a name that no one else in this world has.
func (w *World) Name(prefix string) string { return fmt.Sprintf("%s%08d", prefix, w.ids.Add(1)) }

// Charge asks for an unattended payment of a saved method that has the outcome.
func (w *World) Charge(ctx context.Context, r payments.Request, o Outcome) (payments.Payment, error) {
	return w.ChargeSaved(ctx, payments.SavedRequest{
		Request: r, Saved: Saved(r.Method, o), Details: details(r.Method), Consent: payments.Consent{Text: "I authorize these debits."},
	})
}

// Settle moves the clock by days and sweeps after each, so that whatever the
// processor holds is known in the end.
func (w *World) Settle(ctx context.Context, days int) error {
	for range days {
		w.Clock.Advance(24 * time.Hour)
		if _, err := w.Sweep(ctx, 10_000); err != nil {
			return err
		}
	}
	return nil
}

// Clock is moved by hand.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// Now is the time on the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// Retry starts a new payment with the amounts of one that ended with nothing
// taken, as a consumer does who tries again; ErrNotNow for any other.
func (w *World) Retry(ctx context.Context, accountID string, id payments.ID, newKey string) (payments.Payment, error) {
	p, err := w.Payment(ctx, accountID, id)
	if err != nil {
		return payments.Payment{}, err
	}
	if !p.Status.Ended() {
		return p, payments.ErrNotNow
	}
	r := payments.Request{AccountID: accountID, RequestKey: newKey, Method: p.Method, By: p.By, ByID: p.ByID}
	for _, a := range p.Allocations {
		r.Amounts = append(r.Amounts, payments.Amount{DebtID: a.DebtID, Amount: a.Amount})
	}
	return w.Start(ctx, r)
}
