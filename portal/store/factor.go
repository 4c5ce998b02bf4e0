package store

import (
	"context"
	"time"

	"quittance/portal/identity"
)

// App implements identity.FactorStore.
func (s *Store) App(ctx context.Context, id identity.StaffID) (identity.App, error) {
	a := identity.App{StaffID: id}
	var created stamp
	err := s.queryRow(ctx, []any{&a.Sealed, &a.LastStep, &created},
		`SELECT sealed, last_step, created_at FROM staff_apps WHERE staff_id = ?`, string(id))
	a.CreatedAt = created.Time
	return a, notFound(err)
}

// SetApp implements identity.FactorStore.
func (s *Store) SetApp(ctx context.Context, a identity.App, old []byte) error {
	query := `INSERT INTO staff_apps (sealed, last_step, created_at, staff_id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`
	args := []any{a.Sealed, a.LastStep, at(a.CreatedAt), string(a.StaffID)}
	if old != nil {
		query = `UPDATE staff_apps SET sealed = ?, last_step = ?, created_at = ? WHERE staff_id = ? AND sealed = ?`
		args = append(args, old)
	}
	touched, err := s.exec(ctx, query, args...)
	if err == nil && touched == 0 {
		return identity.ErrTaken
	}
	return err
}

// ClaimStep implements identity.FactorStore.
func (s *Store) ClaimStep(ctx context.Context, a identity.App, step int64) (bool, error) {
	touched, err := s.exec(ctx, `UPDATE staff_apps SET last_step = ? WHERE staff_id = ? AND sealed = ? AND last_step < ?`,
		step, string(a.StaffID), a.Sealed, step)
	return touched == 1, err
}

// ForgetFactors implements identity.FactorStore.
func (s *Store) ForgetFactors(ctx context.Context, id identity.StaffID) error {
	return s.batch(ctx,
		step{query: `DELETE FROM staff_apps WHERE staff_id = ?`, args: []any{string(id)}, touches: anyRows},
		step{query: `DELETE FROM staff_recovery_codes WHERE staff_id = ?`, args: []any{string(id)}, touches: anyRows})
}

// SetRecoveryCodes implements identity.RecoveryStore.
func (s *Store) SetRecoveryCodes(ctx context.Context, id identity.StaffID, hashes [][]byte) error {
	steps := []step{{query: `DELETE FROM staff_recovery_codes WHERE staff_id = ?`, args: []any{string(id)}, touches: anyRows}}
	for _, hash := range hashes {
		steps = append(steps, step{query: `INSERT INTO staff_recovery_codes (staff_id, hash) VALUES (?, ?)`, args: []any{string(id), hash}, touches: 1})
	}
	return s.batch(ctx, steps...)
}

// UseRecoveryCode implements identity.RecoveryStore.
func (s *Store) UseRecoveryCode(ctx context.Context, id identity.StaffID, hash []byte, when time.Time) (bool, error) {
	touched, err := s.exec(ctx, `UPDATE staff_recovery_codes SET used_at = ? WHERE staff_id = ? AND hash = ? AND used_at IS NULL`,
		at(when), string(id), hash)
	return touched == 1, err
}

// RecoveryCodesLeft implements identity.RecoveryStore.
func (s *Store) RecoveryCodesLeft(ctx context.Context, id identity.StaffID) (n int, err error) {
	err = s.queryRow(ctx, []any{&n}, `SELECT COUNT(*) FROM staff_recovery_codes WHERE staff_id = ? AND used_at IS NULL`, string(id))
	return n, err
}
