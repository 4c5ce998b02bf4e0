package store

import (
	"context"
	"fmt"
	"time"

	"quittance/payments"
)

var _ payments.Orders = (*Store)(nil)

// orderedColumn is what of an allocation a was ordered to go back and is not known
// to have gone.
const orderedColumn = `(SELECT CAST(COALESCE(SUM(o.amount_cents), 0) AS BIGINT) FROM refund_orders o
	WHERE o.payment_id = a.payment_id AND o.debt_id = a.debt_id AND o.state = 'open')`

// RefundOrders implements payments.Orders.
func (s *Store) RefundOrders(ctx context.Context, id payments.ID) ([]payments.Order, error) {
	var all []payments.Order
	err := s.query(ctx, func(r row) error {
		var o payments.Order
		var ordered, closed stamp
		err := r.Scan(&o.PaymentID, &o.Key, &o.DebtID, &o.Amount, &o.By, &ordered, &o.State, &closed)
		o.At, o.ClosedAt = ordered.Time, closed.Time
		all = append(all, o)
		return err
	}, `SELECT payment_id, key, debt_id, amount_cents, ordered_by, ordered_at, state, closed_at FROM refund_orders
		WHERE payment_id = ? ORDER BY ordered_at, key`, string(id))
	if err != nil {
		return nil, fmt.Errorf("load orders to give back: %w", err)
	}
	return all, nil
}

// KeepRefundOrder implements payments.Orders. A key that is open, or was done, is
// another process's; its transaction came first.
func (s *Store) KeepRefundOrder(ctx context.Context, o payments.Order) error {
	n, err := s.exec(ctx, `INSERT INTO refund_orders (payment_id, key, debt_id, amount_cents, ordered_by, ordered_at, state)
		VALUES (`+marks(7)+`) ON CONFLICT (payment_id, key) DO UPDATE SET ordered_by = excluded.ordered_by,
		ordered_at = excluded.ordered_at, state = excluded.state, closed_at = NULL WHERE refund_orders.state = 'refused'`,
		string(o.PaymentID), o.Key, o.DebtID, int64(o.Amount), o.By, at(o.At), string(o.State))
	if err == nil && n == 0 {
		err = payments.ErrStale
	}
	if err != nil {
		return fmt.Errorf("keep an order to give back: %w", err)
	}
	return nil
}

// CloseRefundOrder implements payments.Orders.
func (s *Store) CloseRefundOrder(ctx context.Context, id payments.ID, key string, as payments.OrderState, now time.Time) error {
	if as == payments.OrderOpen {
		now = time.Time{}
	}
	_, err := s.exec(ctx, `UPDATE refund_orders SET state = ?, closed_at = ? WHERE payment_id = ? AND key = ? AND state <> ?`,
		string(as), at(now), string(id), key, string(as))
	if err != nil {
		return fmt.Errorf("close an order to give back: %w", err)
	}
	return nil
}
