package payments_test

import (
	"errors"
	"slices"
	"testing"

	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/payments/paymentstest"
)

// over is a bank payment over two debts of one account, that is on its way.
func (b bench) over(first, second money.Cents) payments.Payment {
	b.t.Helper()
	ctx := b.t.Context()
	r := b.request(b.Name("key"), first)
	r.Method, r.Amounts = payments.BankAccount, append(r.Amounts, payments.Amount{DebtID: "dbt_2", Amount: second})
	p, err := b.Start(ctx, r)
	if err == nil {
		p, err = b.Choose(ctx, "acc_1", p.ID, paymentstest.Token(payments.BankAccount, paymentstest.Processes))
	}
	if err == nil {
		p, err = b.Submit(ctx, "acc_1", p.ID, agreed)
	}
	if err != nil || p.Status != payments.Processing {
		b.t.Fatalf("%s, %v", p.Status, err)
	}
	return p
}

// tells lists what watchers heard of money that came or went.
func (b bench) tells(want ...payments.News) {
	b.t.Helper()
	heard := slices.DeleteFunc(slices.Clone(b.m.news), func(n payments.News) bool { return n == payments.NewsSubmitted })
	if !slices.Equal(heard, want) {
		b.t.Errorf("told %v, want %v", heard, want)
	}
}

func (b bench) books(want map[ledger.Account]money.Cents) {
	b.t.Helper()
	for account, sum := range want {
		if got := ledger.Balance(b.m.transfers, account); got != sum {
			b.t.Errorf("%s stands at %s, want %s", account, got, sum)
		}
	}
	for _, t := range b.m.transfers {
		if err := t.Check(); err != nil {
			b.t.Error(err)
		}
	}
}

func TestAMT06_F21_WhatMayNotBeKeptIsHeldAndTheRestIsPaid(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.over(150_00, 40_00).ID
	b.m.refusal["dbt_2"] = "disputed"
	b.Processor.Set(id, paymentstest.Take)
	b.handle(b.Processor.Event(id, "evt_1"), payments.Applied, nil)
	p, err := b.Payment(t.Context(), "acc_1", id)
	b.is(p, err, payments.Confirmed, nil)
	b.books(map[ledger.Account]money.Cents{
		ledger.Clearing: 190_00, ledger.Debt("dbt_1"): 332_17, ledger.Debt("dbt_2"): 90_00, ledger.Held("dbt_2"): -40_00, ledger.Held("dbt_1"): 0,
	})
	b.tells(payments.NewsConfirmed, payments.NewsHeld)
	if p.Allocations[1].Held != "disputed" || p.Allocations[0].Held != "" {
		t.Errorf("%+v", p.Allocations)
	}
	if _, err := b.Release(t.Context(), id, "dbt_2", ""); !errors.Is(err, payments.ErrDebtClosed) {
		t.Errorf("released onto a debt that may not be paid: %v", err)
	}
	for range 2 { // by the consumer's own word
		p, err = b.Release(t.Context(), id, "dbt_2", "disputed")
		b.is(p, err, payments.Confirmed, nil)
	}
	b.books(map[ledger.Account]money.Cents{ledger.Clearing: 190_00, ledger.Debt("dbt_2"): 50_00, ledger.Held("dbt_2"): 0})
	b.tells(payments.NewsConfirmed, payments.NewsHeld, payments.NewsReleased)
	if _, err := b.Release(t.Context(), id, "dbt_9", ""); !errors.Is(err, payments.ErrNotNow) {
		t.Errorf("a debt that is none of its own: %v", err)
	}
}

func TestSTR13_F1_HeldMoneyGoesBackOnceNoBankCanTakeItBackAndTheLossIsOurs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.over(150_00, 40_00).ID
	b.m.refusal["dbt_1"], b.m.refusal["dbt_2"] = "bankruptcy", "bankruptcy"
	b.Processor.Set(id, paymentstest.Take)
	b.handle(b.Processor.Event(id, "evt_1"), payments.Applied, nil)
	p, err := b.Payment(t.Context(), "acc_1", id)
	b.is(p, err, payments.Held, nil)
	b.books(map[ledger.Account]money.Cents{ledger.Clearing: 190_00, ledger.Debt("dbt_1"): 482_17, ledger.Held("dbt_1"): -150_00, ledger.Held("dbt_2"): -40_00})
	b.tells(payments.NewsHeld)
	b.Clock.Advance(payments.ReturnWindow - 1e9)
	if _, err := b.RefundFinal(t.Context(), id, payments.Back{DebtID: "dbt_1", Amount: 150_00, Key: "r1"}); !errors.Is(err, payments.ErrTooEarly) || b.Processor.Calls("Refund") != 0 {
		t.Errorf("a second early: %v", err)
	}
	b.Clock.Advance(1e9)
	p, err = b.RefundFinal(t.Context(), id, payments.Back{DebtID: "dbt_1", Amount: 150_00, Key: "r1"})
	b.is(p, err, payments.Held, nil)
	b.books(map[ledger.Account]money.Cents{ledger.Held("dbt_1"): 0, ledger.Held("dbt_2"): -40_00})
	p, err = b.RefundFinal(t.Context(), id, payments.Back{DebtID: "dbt_2", Amount: 40_00, Key: "r2"})
	b.is(p, err, payments.Refunded, nil)
	b.books(map[ledger.Account]money.Cents{ledger.Clearing: 0, ledger.Debt("dbt_1"): 482_17, ledger.Held("dbt_1"): 0, ledger.Held("dbt_2"): 0})
	b.Processor.Set(id, paymentstest.Withdraw("R10"))
	b.handle(b.Processor.Event(id, "evt_2"), payments.Applied, nil)
	p, err = b.Payment(t.Context(), "acc_1", id)
	b.is(p, err, payments.Refunded, nil)
	b.books(map[ledger.Account]money.Cents{ledger.Clearing: -190_00, ledger.Lost: 190_00, ledger.Debt("dbt_1"): 482_17, ledger.Debt("dbt_2"): 90_00})
}

// TestSTR13_ARefundThatNamesNoDebtComesOffWhatIsHeldFirst lets somebody give money
// back on the processor's own pages.
func TestSTR13_ARefundThatNamesNoDebtComesOffWhatIsHeldFirst(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.over(150_00, 40_00).ID
	b.m.refusal["dbt_1"] = "recalled"
	b.Processor.Set(id, paymentstest.Take)
	b.handle(b.Processor.Event(id, "evt_1"), payments.Applied, nil)
	b.Processor.Set(id, paymentstest.GiveBack(150_00))
	b.handle(b.Processor.Event(id, "evt_2"), payments.Applied, nil)
	b.books(map[ledger.Account]money.Cents{ledger.Clearing: 40_00, ledger.Held("dbt_1"): 0, ledger.Debt("dbt_1"): 482_17, ledger.Debt("dbt_2"): 50_00})
}
