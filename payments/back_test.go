package payments_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/payments/paymentstest"
)

// kept is what no snapshot shows, by debt.
type kept map[string]money.Cents

func (k kept) Kept(context.Context, []string) (map[string]money.Cents, error) { return k, nil }

func (k kept) Asks(context.Context, string, []string) (map[string]payments.Ask, error) {
	return nil, nil
}

// paidOver is a payment of two debts that was taken.
func (b bench) paidOver(first, second money.Cents) payments.ID {
	b.t.Helper()
	id := b.over(first, second).ID
	b.Processor.Set(id, paymentstest.Take)
	b.handle(b.Processor.Event(id, b.Name("evt_")), payments.Applied, nil)
	return id
}

// hears lets the processor change and tell of it.
func (b bench) hears(id payments.ID, change func(*payments.Truth)) {
	b.t.Helper()
	b.Processor.Set(id, change)
	b.handle(b.Processor.Event(id, b.Name("evt_")), payments.Applied, nil)
}

func TestAMT05_WhatIsGivenBackLeavesTheDebtItIsFromAndNoOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.paidOver(150_00, 40_00)
	for _, c := range []struct {
		of     string
		amount money.Cents
		want   error
	}{{"", 1_00, payments.ErrWhichDebt}, {"dbt_9", 1_00, payments.ErrWhichDebt}, {"dbt_2", 40_01, payments.ErrTooMuch}, {"dbt_1", 150_01, payments.ErrTooMuch}} {
		if _, err := b.Refund(t.Context(), id, payments.Back{DebtID: c.of, Amount: c.amount, Key: "r0"}); !errors.Is(err, c.want) {
			t.Errorf("%s from %q: %v", c.amount, c.of, err)
		}
	}
	if b.Processor.Calls("Refund") != 0 {
		t.Error("the processor was asked")
	}
	p, err := b.Refund(t.Context(), id, payments.Back{DebtID: "dbt_1", Amount: 60_00, Key: "r1"})
	b.is(p, err, payments.Confirmed, nil)
	b.books(map[ledger.Account]money.Cents{ledger.Clearing: 130_00, ledger.Debt("dbt_1"): 392_17, ledger.Debt("dbt_2"): 50_00})
	b.hears(id, paymentstest.GiveBack(50_00)) // by somebody who named no debt: off the last, then off the one before
	b.books(map[ledger.Account]money.Cents{ledger.Clearing: 80_00, ledger.Debt("dbt_1"): 402_17, ledger.Debt("dbt_2"): 90_00})
	if p, _ = b.Payment(t.Context(), "acc_1", id); p.RefundedOf("dbt_1") != 70_00 || p.RefundedOf("dbt_2") != 40_00 {
		t.Errorf("%s and %s went back", p.RefundedOf("dbt_1"), p.RefundedOf("dbt_2"))
	}
}

// TestSTR13_ARefundThatFailsComesAgainOnItsOwnDebt and does so too where nobody
// heard of it before another refund was made.
func TestSTR13_ARefundThatFailsComesAgainOnItsOwnDebt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.paidOver(150_00, 40_00)
	from := func(debt string, amount money.Cents) func(*payments.Truth) {
		return func(t *payments.Truth) {
			t.Refunded, t.Directed = amount, []payments.Amount{{DebtID: debt, Amount: amount}}
		}
	}
	b.hears(id, from("dbt_1", 30_00))
	b.hears(id, from("dbt_2", 30_00))
	b.books(map[ledger.Account]money.Cents{ledger.Clearing: 160_00, ledger.Debt("dbt_1"): 332_17, ledger.Debt("dbt_2"): 80_00})
	b.hears(id, func(t *payments.Truth) { t.Refunded, t.Directed = 0, nil })
	b.books(map[ledger.Account]money.Cents{ledger.Clearing: 190_00, ledger.Debt("dbt_1"): 332_17, ledger.Debt("dbt_2"): 50_00})
	b.tells(payments.NewsConfirmed, payments.NewsRefunded, payments.NewsReinstated, payments.NewsRefunded, payments.NewsReinstated)
	b.hears(id, from("dbt_2", 50_00)) // ten more than was paid on it: these come off the other
	b.hears(id, from("dbt_8", 20_00)) // a debt that is none of the payment's is no word
	b.books(map[ledger.Account]money.Cents{ledger.Clearing: 170_00, ledger.Debt("dbt_1"): 332_17, ledger.Debt("dbt_2"): 70_00})
	b.Processor.Set(id, func(t *payments.Truth) {
		t.Refunded, t.Directed = 10_00, []payments.Amount{{DebtID: "dbt_1", Amount: 20_00}}
	})
	b.handle(b.Processor.Event(id, "evt_wrong"), payments.Refused, payments.ErrWrongTruth)
}

// TestAMT07_F1_WhatGoesBackOfACreditIsNotOwedAgain: a refund, and what the bank
// takes back, come off what no snapshot shows first.
func TestAMT07_F1_WhatGoesBackOfACreditIsNotOwedAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	credits := kept{"dbt_1": 100_00}
	b.Credits = credits
	id := b.paidOver(150_00, 40_00)
	p, err := b.Refund(t.Context(), id, payments.Back{DebtID: "dbt_1", Amount: 60_00, Key: "r1"})
	b.is(p, err, payments.Confirmed, nil)
	b.books(map[ledger.Account]money.Cents{ledger.Clearing: 130_00, ledger.Debt("dbt_1"): 332_17, ledger.Credit("dbt_1"): 60_00, ledger.Debt("dbt_2"): 50_00})
	credits["dbt_1"] = 40_00
	b.hears(id, paymentstest.Withdraw("R10"))
	b.books(map[ledger.Account]money.Cents{ledger.Clearing: -60_00, ledger.Lost: 60_00, ledger.Debt("dbt_1"): 382_17, ledger.Credit("dbt_1"): 100_00, ledger.Debt("dbt_2"): 90_00})
	credits["dbt_1"] = 0
	b.hears(id, paymentstest.Reinstate) // first of all what is owed again by then
	b.books(map[ledger.Account]money.Cents{ledger.Clearing: 130_00, ledger.Debt("dbt_1"): 332_17, ledger.Credit("dbt_1"): 60_00, ledger.Debt("dbt_2"): 50_00})
	b.hears(id, paymentstest.GiveBack(-60_00)) // the refund failed
	b.books(map[ledger.Account]money.Cents{ledger.Clearing: 190_00, ledger.Debt("dbt_1"): 332_17, ledger.Credit("dbt_1"): 0, ledger.Debt("dbt_2"): 50_00})
	p, _ = b.Payment(t.Context(), "acc_1", id)
	if i := slices.IndexFunc(p.Allocations, func(a payments.Allocation) bool { return a.FromCredit+a.Refunded != 0 }); i >= 0 {
		t.Errorf("%+v", p.Allocations[i])
	}
}
