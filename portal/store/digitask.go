package store

import (
	"context"
	"fmt"

	"quittance/portal/identity"
)

// AddDigitAsk implements identity.StepUpStore: one statement, whatever was given.
func (s *Store) AddDigitAsk(ctx context.Context, slot int, w identity.DigitAsk) error {
	_, err := s.exec(ctx, `INSERT INTO digit_asks (slot, step_up_id, account_id, representative_id, granted, at) VALUES (`+marks(6)+`)
		ON CONFLICT (slot) DO UPDATE SET step_up_id = excluded.step_up_id, account_id = excluded.account_id,
			representative_id = excluded.representative_id, granted = excluded.granted, at = excluded.at
		WHERE digit_asks.granted <= excluded.granted`,
		slot, string(w.StepUp), string(w.AccountID), string(w.Speaker), flag(w.Granted), at(w.At))
	return err
}

// ListDigitAsks implements identity.StepUpStore.
func (s *Store) ListDigitAsks(ctx context.Context, limit int) ([]identity.DigitAsk, error) {
	var all []identity.DigitAsk
	var others bool
	err := s.query(ctx, func(r row) error {
		var w identity.DigitAsk
		var granted int
		var when stamp
		if err := r.Scan(&w.StepUp, &w.AccountID, &w.Speaker, &granted, &when); err != nil {
			return err
		}
		if w.Granted, w.At = granted == 1, when.Time; w.Granted {
			all = append(all, w)
		} else {
			others = true
		}
		return nil
	}, `SELECT step_up_id, account_id, representative_id, granted, at FROM digit_asks ORDER BY granted DESC, at LIMIT ?`, limit)
	if err != nil || !others {
		return all, err
	}
	if _, err := s.exec(ctx, `DELETE FROM digit_asks WHERE granted = 0`); err != nil {
		return nil, fmt.Errorf("forget digit asks: %w", err)
	}
	return all, nil
}

// TakeDigitAsk implements identity.StepUpStore.
func (s *Store) TakeDigitAsk(ctx context.Context, id identity.StepUpID) (bool, error) {
	n, err := s.exec(ctx, `DELETE FROM digit_asks WHERE step_up_id = ?`, string(id))
	return n > 0, err
}
