package store

import (
	"context"
	"fmt"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/portal/debt"
	"quittance/portal/held"
)

var _ held.Store = (*Store)(nil)

// stillHeld is of an allocation a of a payment p: some of it is held now. What
// went back from no debt by name came off what is held first, as payments.Spread
// does.
const stillHeld = `(a.held <> '' AND a.refunded_cents < a.amount_cents AND p.status IN ('held', 'confirmed') AND p.amount_cents - p.refunded_cents - p.withdrawn_cents >
	(SELECT COALESCE(SUM(o.amount_cents - o.refunded_cents), 0) FROM payment_allocations o WHERE o.payment_id = p.id AND o.held = ''))`

const paymentsHeld = `SELECT p.id FROM payments p JOIN payment_allocations a ON a.payment_id = p.id WHERE ` + stillHeld

// HeldMoney implements held.Store.
func (s *Store) HeldMoney(ctx context.Context, of debt.AccountID, most int) ([]held.Money, error) {
	return s.held(ctx, `p.id IN (`+paymentsHeld+` AND (? = '' OR p.account_id = ?) ORDER BY p.confirmed_at, p.id LIMIT ? + 0)
		ORDER BY p.confirmed_at, p.id, a.position`, string(of), string(of), most)
}

// HeldOf implements held.Store; in a transaction it locks the payment.
func (s *Store) HeldOf(ctx context.Context, id payments.ID) ([]held.Money, error) {
	if err := s.lookups(ctx, s.lockPayment(ctx, `WHERE p.id = ?`, string(id))...); err != nil {
		return nil, fmt.Errorf("lock what is held: %w", err)
	}
	return s.held(ctx, `p.id = ? ORDER BY a.position`, string(id))
}

// held reads what is held of payments whose allocations stand on rows next to
// each other.
func (s *Store) held(ctx context.Context, where string, args ...any) ([]held.Money, error) {
	var paid []payments.Payment
	var parts []held.Money // one for each allocation
	err := s.query(ctx, func(r row) error {
		var p payments.Payment
		var a payments.Allocation
		var m held.Money
		var confirmed, reversible, sent, asked stamp
		err := r.Scan(&p.ID, &p.Reference, &p.AccountID, &p.Amount, &p.Refunded, &p.Withdrawn, &confirmed, &reversible,
			&m.AccountRef, &a.DebtID, &a.DebtRef, &a.CreditorRef, &a.Amount, &a.Refunded, &a.Held, &m.SentBackBy, &sent, &asked)
		p.ConfirmedAt, m.SentBackAt, m.AskedAt = confirmed.Time, sent.Time, asked.Time
		m.At, m.ReversibleUntil = confirmed.Time, reversible.Time
		if n := len(paid); n == 0 || paid[n-1].ID != p.ID {
			paid = append(paid, p)
		}
		last := &paid[len(paid)-1]
		last.Allocations, parts = append(last.Allocations, a), append(parts, m)
		return err
	}, `SELECT p.id, p.reference, p.account_id, p.amount_cents, p.refunded_cents, p.withdrawn_cents, p.confirmed_at, p.reversible_until,
			c.ref, a.debt_id, a.debt_ref, a.creditor_ref, a.amount_cents, a.refunded_cents, a.held, a.sent_back_by, a.sent_back_at, a.refund_asked_at
		FROM payments p JOIN payment_allocations a ON a.payment_id = p.id JOIN accounts c ON c.id = p.account_id
		WHERE p.status IN ('held', 'confirmed') AND `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("load what is held: %w", err)
	}
	var all []held.Money
	for _, p := range paid {
		all = append(all, heldOf(p, parts[:len(p.Allocations)])...)
		parts = parts[len(p.Allocations):]
	}
	return all, s.heldOrders(ctx, all)
}

// heldOrders fills in what became of the orders of what goes back.
func (s *Store) heldOrders(ctx context.Context, all []held.Money) error {
	var of []string
	for _, m := range all {
		if m.SentBackBy != "" {
			of = append(of, string(m.PaymentID))
		}
	}
	if len(of) == 0 {
		return nil
	}
	match, list := s.oneOf("o.payment_id", of)
	err := s.query(ctx, func(r row) error {
		var key string
		var state payments.OrderState
		var amount money.Cents
		err := r.Scan(&key, &state, &amount)
		for i := range all {
			if m := &all[i]; m.SentBackBy != "" && m.Key() == key {
				m.Order, m.Ordered = state, amount
			}
		}
		return err
	}, `SELECT o.key, o.state, o.amount_cents FROM refund_orders o WHERE `+match, list)
	if err != nil {
		return fmt.Errorf("load orders of what is held: %w", err)
	}
	return nil
}

// heldOf fills in what is held of one payment.
func heldOf(p payments.Payment, parts []held.Money) []held.Money {
	var all []held.Money
	shares := p.Shares()
	for i, a := range p.Allocations {
		if a.Held == "" || shares[i] == 0 {
			continue
		}
		m := parts[i]
		m.Disputed = p.Withdrawn > 0
		m.PaymentID, m.Reference, m.AccountID = p.ID, p.Reference, debt.AccountID(p.AccountID)
		m.DebtID, m.DebtRef, m.CreditorRef, m.Reason, m.Amount = debt.ID(a.DebtID), a.DebtRef, a.CreditorRef, a.Held, shares[i]
		all = append(all, m)
	}
	return all
}

// HeldDue implements held.Store.
func (s *Store) HeldDue(ctx context.Context, now time.Time, most int) ([]payments.ID, error) {
	var due []payments.ID
	err := s.query(ctx, func(r row) error {
		var id string
		err := r.Scan(&id)
		due = append(due, payments.ID(id))
		return err
	}, paymentsHeld+` AND a.sent_back_at IS NOT NULL AND p.withdrawn_cents = 0
		AND (a.refund_asked_at IS NULL AND p.reversible_until <= ? OR a.refund_asked_at = a.sent_back_at)
		GROUP BY p.id ORDER BY p.id LIMIT ?`, at(now), most)
	return due, err
}

// SendBackHeld implements held.Store.
func (s *Store) SendBackHeld(ctx context.Context, id payments.ID, of debt.ID, by string, when, asked time.Time) error {
	_, err := s.exec(ctx, `UPDATE payment_allocations SET sent_back_by = ?, sent_back_at = ?, refund_asked_at = ?
		WHERE payment_id = ? AND debt_id = ? AND held <> ''`, by, at(when), at(asked), string(id), string(of))
	return err
}
