package payments

import (
	"context"
	"errors"
	"slices"
	"time"

	"quittance/payments/money"
)

// OrderState says what became of an order to give money back.
type OrderState string

// States of an order.
const (
	OrderOpen    OrderState = "open"    // the processor is to be told of it, or gives the money back
	OrderDone    OrderState = "done"    // the money went back
	OrderFailed  OrderState = "failed"  // the processor could not give it back after all
	OrderRefused OrderState = "refused" // the processor would not take the order, and may when it is asked again
)

// Order is an order to give money of a payment back. It is kept before the
// processor hears of it: what is ordered is not ordered twice, by whatever key.
type Order struct {
	PaymentID ID
	Back
	At       time.Time
	State    OrderState
	ClosedAt time.Time
}

// Ordered is what the processor says of an order.
type Ordered struct {
	Key   string
	State OrderState
}

// Orders keeps orders to give money back. Payments are loaded with what is
// ordered of them and open (Allocation.Ordered).
type Orders interface {
	// RefundOrders lists a payment's orders, the oldest first.
	RefundOrders(ctx context.Context, id ID) ([]Order, error)
	// KeepRefundOrder stores an open order, in the place of a refused one of its key.
	KeepRefundOrder(ctx context.Context, o Order) error
	// CloseRefundOrder notes what became of an order; of one that is open again
	// nothing closed.
	CloseRefundOrder(ctx context.Context, id ID, key string, as OrderState, now time.Time) error
}

// Ordered is what of the payment was ordered to go back and is not known to have
// gone.
func (p Payment) Ordered() (sum money.Cents) {
	for _, a := range p.Allocations {
		sum += a.Ordered
	}
	return sum
}

// Order keeps an order to give money back, in the caller's transaction. Refund under
// its key then tells the processor; where nobody does, Sweep will. Its errors are
// Refund's.
func (s *Service) Order(ctx context.Context, id ID, b Back) error {
	switch {
	case b.Key == "":
		return ErrNoKey
	case s.Paused != nil && s.Paused():
		return ErrPaused
	}
	_, _, _, err := s.keepOrder(ctx, id, b, time.Time{})
	return err
}

// keepOrder keeps an order in the transaction that decides on it: with a time only of
// what is final by then. The same order again is the same order; ended is one of
// which the processor needs not be told any more. One that came to nothing is
// ErrRefused: it is never made again under its key.
func (s *Service) keepOrder(ctx context.Context, id ID, b Back, final time.Time) (p Payment, _ Back, ended bool, err error) {
	err = s.Tx.InTx(ctx, func(ctx context.Context) (err error) {
		if p, err = s.Store.Payment(ctx, id); err != nil {
			return err
		}
		b = b.of(p)
		before, err := s.Orders.RefundOrders(ctx, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(before, func(o Order) bool { return o.Key == b.Key })
		switch {
		case i >= 0 && (before[i].DebtID != b.DebtID || before[i].Amount != b.Amount):
			return ErrKeyReused
		case i >= 0 && before[i].State == OrderOpen:
			return s.askSoon(ctx, p)
		case i >= 0 && before[i].State == OrderFailed:
			return ErrRefused
		case i >= 0 && before[i].State != OrderRefused:
			ended = true
			return nil
		}
		if err := refundable(p, b); err != nil {
			return err
		}
		if !final.IsZero() && final.Before(p.ReversibleUntil) {
			return ErrTooEarly
		}
		if err := s.Orders.KeepRefundOrder(ctx, Order{PaymentID: id, Back: b, At: s.now(), State: OrderOpen}); err != nil {
			return err
		}
		if p, err = s.Store.Payment(ctx, id); err != nil {
			return err
		}
		return s.askSoon(ctx, p)
	})
	return p, b, ended, err
}

// askSoon has the processor asked soon, whatever happens to its answer.
func (s *Service) askSoon(ctx context.Context, p Payment) error {
	return s.Watch.NoteCheck(ctx, p.ID, p.ObservedAt, s.now().Add(s.StaleAfter))
}

// refuse closes an order that the processor would not take; where nobody looks it rings.
func (s *Service) refuse(ctx context.Context, id ID, key string, ring bool) error {
	return s.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.Orders.CloseRefundOrder(ctx, id, key, OrderRefused, s.now()); err != nil || !ring {
			return err
		}
		return s.warnOrder(ctx, id, Ordered{Key: key, State: OrderRefused})
	})
}

// give tells the processor of an order. Where nobody looks, a refusal rings.
func (s *Service) give(ctx context.Context, p Payment, b Back, ring bool) (Payment, error) {
	ctx = context.WithoutCancel(ctx) // the answer is recorded whoever has gone
	truth, err := s.Refunds.Refund(ctx, p, b)
	switch {
	case errors.Is(err, ErrRefused):
		return p, errors.Join(err, s.refuse(ctx, p.ID, b.Key, ring))
	case err != nil:
		return p, err
	}
	return s.settle(ctx, p.ID, s.answered(p, truth))
}

// closeOrders notes, inside the transaction in which a truth is applied, what it
// says of orders: what went back by them is off the payment from there on.
func (s *Service) closeOrders(ctx context.Context, p Payment, t Truth) (Payment, error) {
	if says := len(t.Orders) > 0 && !t.ObservedAt.Before(p.ObservedAt) && match(p, t) == nil; !says {
		return p, nil
	}
	for _, o := range t.Orders {
		if err := s.Orders.CloseRefundOrder(ctx, p.ID, o.Key, o.State, s.now()); err != nil {
			return p, err
		}
		if o.State == OrderFailed {
			if err := s.warnOrder(ctx, p.ID, o); err != nil {
				return p, err
			}
		}
	}
	return s.Store.Payment(ctx, p.ID)
}

// warnOrder rings for an order that came to nothing: the money is ours again.
func (s *Service) warnOrder(ctx context.Context, id ID, o Ordered) error {
	if s.Warnings == nil {
		return nil
	}
	return s.Warnings.Warn(ctx, Warning{Kind: RefundFailed, Subject: o.Key, State: string(o.State)}, id, s.now())
}

// orderAgain tells the processor, under the same keys, of orders of which it knows
// nothing: they were lost on their way, or we died over them. What it refuses is
// closed.
func (s *Service) orderAgain(ctx context.Context, p Payment, t Truth) (Payment, error) {
	if p.Ordered() == 0 || s.Paused != nil && s.Paused() {
		return p, nil
	}
	all, err := s.Orders.RefundOrders(ctx, p.ID)
	if err != nil {
		return p, err
	}
	for _, o := range all {
		heard := slices.ContainsFunc(t.Orders, func(known Ordered) bool { return known.Key == o.Key })
		if o.State != OrderOpen || heard || s.now().Sub(o.At) < s.StaleAfter {
			continue
		}
		if p, err = s.give(ctx, p, o.Back, true); err != nil && !errors.Is(err, ErrRefused) {
			return p, err
		}
	}
	return p, nil
}
