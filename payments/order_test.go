package payments_test

import (
	"errors"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/payments/paymentstest"
)

// orders holds what became of a payment's orders against what must have.
func (b bench) orders(id payments.ID, want ...payments.OrderState) {
	b.t.Helper()
	all, err := b.Orders.RefundOrders(b.t.Context(), id)
	if err != nil || len(all) != len(want) {
		b.t.Fatalf("orders %+v, %v", all, err)
	}
	for i, o := range all {
		if o.State != want[i] || o.ClosedAt.IsZero() != (o.State == payments.OrderOpen) {
			b.t.Errorf("order %s is %s of %s, want %s", o.Key, o.State, o.ClosedAt, want[i])
		}
	}
}

// back orders money back and says what must come of it.
func (b bench) back(id payments.ID, key string, amount money.Cents, want error) {
	b.t.Helper()
	if _, err := b.Refund(b.t.Context(), id, payments.Back{Amount: amount, Key: key, By: "stf_1"}); !errors.Is(err, want) {
		b.t.Errorf("%s of %s: %v, want %v", key, amount, err, want)
	}
}

func TestSTR13_WhatIsOrderedBackIsNotOrderedAgainByAnotherKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.submitted(payments.Card, paymentstest.Succeeds).ID
	b.Processor.Fail("Refund", payments.ErrUnknownOutcome)
	b.back(id, "r1", 100_00, payments.ErrUnknownOutcome)
	b.back(id, "r2", 50_01, payments.ErrTooMuch) // 50.00 are left beside what may be on its way
	b.back(id, "r1", 99_00, payments.ErrKeyReused)
	b.orders(id, payments.OrderOpen)
	b.back(id, "r2", 50_00, nil)
	b.orders(id, payments.OrderOpen, payments.OrderDone)
	b.Clock.Advance(time.Hour)
	if _, err := b.Sweep(t.Context(), 10); err != nil {
		t.Fatal(err)
	}
	b.orders(id, payments.OrderDone, payments.OrderDone)
	b.owed(482_17, 0)
	asked := b.Processor.Calls("Refund")
	b.back(id, "r1", 100_00, nil) // the same order, the same answer
	if b.Processor.Calls("Refund") != asked {
		t.Error("the processor was told of an order that is done")
	}
}

func TestSTR13_AnOrderThatIsRefusedLeavesRoomForAnother(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.submitted(payments.Card, paymentstest.Succeeds).ID
	b.Processor.Fail("Refund", payments.ErrRefused)
	b.back(id, "r1", 150_00, payments.ErrRefused)
	b.orders(id, payments.OrderRefused)
	b.Clock.Advance(paymentstest.StaleAfter)
	if _, err := b.Sweep(t.Context(), 10); err != nil || b.Processor.Calls("Refund") != 1 {
		t.Errorf("%v, told %d times", err, b.Processor.Calls("Refund"))
	}
	b.back(id, "r1", 150_00, nil)
	b.orders(id, payments.OrderDone)
}

func TestSTR13_AnOrderThatTheProcessorGivesUpIsClosedAndLeavesRoom(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.submitted(payments.Card, paymentstest.Succeeds).ID
	b.back(id, "r1", 150_00, nil)
	b.Processor.Set(id, func(t *payments.Truth) {
		paymentstest.GiveBack(-150_00)(t)
		t.Orders[0].State = payments.OrderFailed
	})
	b.handle(b.Processor.Event(id, "evt_failed"), payments.Applied, nil)
	b.orders(id, payments.OrderFailed)
	b.back(id, "r1", 150_00, payments.ErrRefused) // it was made, and is not made again
	b.orders(id, payments.OrderFailed)
	b.back(id, "r2", 150_00, nil)
	b.owed(482_17, 0)
}

// TestSTR13_AnOlderWordOfTheProcessorClosesNoOrder would make room for what is not
// off the payment yet.
func TestSTR13_AnOlderWordOfTheProcessorClosesNoOrder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.submitted(payments.Card, paymentstest.Succeeds).ID
	b.Processor.Fail("Refund", payments.ErrUnknownOutcome)
	b.back(id, "r1", 150_00, payments.ErrUnknownOutcome)
	b.Processor.Between(func() {
		b.Clock.Advance(time.Second)
		b.back(id, "r1", 150_00, nil)
	})
	b.handle(b.Processor.Event(id, "evt_late"), payments.Applied, nil)
	b.orders(id, payments.OrderDone)
	b.owed(482_17, 0)
}
