package store

import (
	"context"
	"fmt"

	"quittance/portal/dispute"
)

var _ dispute.Parking = (*Store)(nil)

// Park implements dispute.Parking.
func (s *Store) Park(ctx context.Context, p dispute.Parked) error {
	_, err := s.exec(ctx, `INSERT INTO parked_payments (payment_id, debt_id, dispute_id, account_id, reference, amount_cents, at, choice)
		VALUES (`+marks(8)+`) ON CONFLICT (payment_id, debt_id) DO NOTHING`,
		string(p.PaymentID), string(p.DebtID), string(p.DisputeID), string(p.AccountID), p.Reference, int64(p.Amount), at(p.At), "")
	if err != nil {
		return fmt.Errorf("park payment: %w", err)
	}
	return nil
}

// ParkedOf implements dispute.Parking.
func (s *Store) ParkedOf(ctx context.Context, id dispute.ID) ([]dispute.Parked, error) {
	var all []dispute.Parked
	err := s.query(ctx, func(r row) error {
		var p dispute.Parked
		var parked, chosen stamp
		err := r.Scan(&p.PaymentID, &p.DebtID, &p.DisputeID, &p.AccountID, &p.Reference, &p.Amount, &parked, &p.Choice, &chosen)
		p.At, p.ChosenAt = parked.Time, chosen.Time
		all = append(all, p)
		return err
	}, `SELECT payment_id, debt_id, dispute_id, account_id, reference, amount_cents, at, choice, chosen_at FROM parked_payments
		WHERE dispute_id = ? ORDER BY at, payment_id`, string(id))
	if err != nil {
		return nil, fmt.Errorf("load parked payments: %w", err)
	}
	return all, nil
}

// ChooseParked implements dispute.Parking.
func (s *Store) ChooseParked(ctx context.Context, p dispute.Parked) (bool, error) {
	touched, err := s.exec(ctx, `UPDATE parked_payments SET choice = ?, chosen_at = ? WHERE payment_id = ? AND debt_id = ? AND choice = ''`,
		string(p.Choice), at(p.ChosenAt), string(p.PaymentID), string(p.DebtID))
	if err != nil {
		return false, fmt.Errorf("keep the choice: %w", err)
	}
	return touched == 1, nil
}
