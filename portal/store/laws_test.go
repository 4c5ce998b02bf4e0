package store_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/payments/paymentstest"
	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/intake"
	"quittance/portal/outbox"
	"quittance/portal/pack/packtest"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// openBooks puts the real store, the real gate and the real decisions about
// placements under the laws of package payments.
func openBooks(open func(testing.TB) *store.Store) paymentstest.Open {
	return func(t testing.TB, now func() time.Time) paymentstest.Parts {
		s := open(t)
		return paymentstest.Parts{
			Tx: s, Store: s, Watch: s, Inbox: s, Orders: s, Credits: s, Accounts: &gate.Keeper{Records: s, Law: packtest.Everywhere(), Now: now}, Books: newBooks(s),
		}
	}
}

type books struct {
	*store.Store
	said *sync.Map // events
}

func newBooks(s *store.Store) books { return books{s, new(sync.Map)} }

// Place decides and saves as an import does.
func (b books) Place(ctx context.Context, p paymentstest.Placement) error {
	return b.InTx(ctx, func(ctx context.Context) error {
		if _, err := b.tell(ctx, "", p.DebtID); err != nil {
			return err
		}
		held, err := b.HeldPlacements(ctx, []string{p.AccountID}, []string{p.DebtID})
		if err != nil {
			return err
		}
		var known intake.Known
		if a, ok := held.Accounts[p.AccountID]; ok {
			known.Account = &a
		}
		if d, ok := held.Debts[p.DebtID]; ok {
			known.Debt = &d
		}
		change, err := intake.Decide(known, rowOf(p), p.AsOf)
		if err != nil {
			return err
		}
		return b.SavePlacements(ctx, batchFor(p, change))
	})
}

func rowOf(p paymentstest.Placement) intake.Row {
	d := owing(1, 1, p.Balance)
	d.ID, d.AccountID, d.Ref, d.CreditorRef = "", "", p.DebtID, p.CreditorRef
	d.Snapshot = debt.Snapshot{Balance: p.Balance, AsOf: p.AsOf}
	return intake.Row{AccountRef: p.AccountID, Consumer: account(1).Consumer, Debt: d}
}

func batchFor(p paymentstest.Placement, c intake.Change) intake.Batch {
	batch := intake.Batch{At: p.AsOf}
	a := debt.Account{ID: debt.AccountID(p.AccountID), Ref: p.AccountID, Consumer: account(1).Consumer}
	if c.AccountState == intake.New {
		batch.NewAccounts = append(batch.NewAccounts, newAccount(a))
	}
	c.Debt.ID, c.Debt.AccountID = debt.ID(p.DebtID), a.ID
	switch c.Outcome {
	case intake.New:
		batch.NewDebts = debts(c.Debt)
	case intake.Updated:
		batch.ChangedDebts = debts(c.Debt)
	}
	if c.Placed != 0 || c.Kept != 0 {
		t := placement(c.Debt, c.Placed)
		t.ID += p.AsOf.Format(time.RFC3339Nano)
		t.Entries[1].Amount += c.Kept
		t.Entries = append(t.Entries, ledger.Entry{Account: ledger.Credit(p.DebtID), Amount: -c.Kept})
		t.Entries = slices.DeleteFunc(t.Entries, func(e ledger.Entry) bool { return e.Amount == 0 })
		batch.Transfers = append(batch.Transfers, t)
	}
	return batch
}

// tell tells of each movement on the debts that was not told of before, as the
// recorder does, and returns those of a payment.
func (b books) tell(ctx context.Context, id payments.ID, debts ...string) (events []outbox.EventID, err error) {
	moved, err := b.Transfers(ctx, debts)
	for _, t := range moved {
		if t.PaymentID == "" || err != nil {
			continue
		}
		event := outbox.EventID("evt_" + t.ID)
		if _, before := b.said.LoadOrStore(event, true); !before {
			err = b.AppendEvent(ctx, outbox.Event{ID: event, Type: told[t.Kind], PaymentID: payments.ID(t.PaymentID), Facts: []byte("{}"), OccurredAt: t.At, Transfers: []string{t.ID}})
		}
		if t.PaymentID == string(id) {
			events = append(events, event)
		}
	}
	return events, err
}

// Acknowledge books each movement of the payment that was not booked before, as a
// receiver's answer does.
func (b books) Acknowledge(ctx context.Context, id payments.ID, postedAt time.Time) error {
	return b.InTx(ctx, func(ctx context.Context) error {
		p, err := b.Payment(ctx, id)
		if err != nil {
			return err
		}
		var debts []string
		for _, a := range p.Allocations {
			debts = append(debts, a.DebtID)
		}
		events, err := b.tell(ctx, id, debts...)
		for _, event := range events {
			if _, unknown := b.Posting(ctx, event, ""); unknown != nil && err == nil {
				err = b.SavePosting(ctx, outbox.Posting{Event: event, TransactionID: "T", PostedAt: postedAt})
			}
		}
		return err
	})
}

var told = map[ledger.Kind]outbox.Type{
	ledger.Payment: outbox.PaymentConfirmed, ledger.Refund: outbox.PaymentRefunded, ledger.Reversal: outbox.PaymentReversed, ledger.Reinstate: outbox.PaymentReinstated,
}

// Owed implements paymentstest.Books.
func (b books) Owed(ctx context.Context, accountID, debtID string) (owed, pending money.Cents, err error) {
	list, err := b.Statements(ctx, debt.AccountID(accountID), []debt.ID{debt.ID(debtID)}, "")
	if err != nil || len(list) == 0 {
		return 0, 0, err
	}
	return list[0].Owed, list[0].Pending, nil
}

// Total implements paymentstest.Books.
func (b books) Total(ctx context.Context) (money.Cents, error) {
	if err := b.CheckLedger(ctx); err != nil {
		return 1, err
	}
	return 0, nil
}

// Transfers implements paymentstest.Books.
func (b books) Transfers(ctx context.Context, debtIDs []string) ([]ledger.Transfer, error) {
	var accounts []ledger.Account
	for _, id := range debtIDs {
		accounts = append(accounts, ledger.Debt(id), ledger.Credit(id))
	}
	return b.Store.Transfers(ctx, accounts...)
}

// engines open an empty database each time.
var engines = map[string]func(testing.TB) *store.Store{"sqlite": storetest.SQLite, "postgres": storetest.Postgres}

func TestR10_LedgerLawsHoldOnBothEngines(t *testing.T) {
	t.Parallel()
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			paymentstest.Laws(t, openBooks(open), paymentstest.Operations(t))
		})
	}
}

func TestR04_EventsInAnyOrderEndTheSameOnBothEngines(t *testing.T) {
	t.Parallel()
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			paymentstest.Chaos(t, openBooks(open), max(10, paymentstest.Operations(t)/100))
		})
	}
}
