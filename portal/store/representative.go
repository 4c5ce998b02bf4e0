package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"quittance/portal/debt"
	"quittance/portal/represent"
)

var _ represent.Store = (*Store)(nil)

const selectRepresentatives = `SELECT r.id, r.account_id, r.role, r.person, r.document_id, r.checked_by, r.from_day, r.until_day,
	r.code_hash, r.code_sealed, r.recorded_by, r.created_at, r.revoked_at, r.revoked_by FROM representatives r WHERE `

// AddRepresentative implements represent.Store. The account is locked first, so
// that two who record the same come one after the other.
func (s *Store) AddRepresentative(ctx context.Context, r represent.Representative) (represent.Representative, bool, error) {
	if lock := s.forUpdate(ctx, "a"); lock != "" {
		var locked string
		if err := s.queryRow(ctx, []any{&locked}, `SELECT a.id FROM accounts a WHERE a.id = ?`+lock, string(r.AccountID)); err != nil {
			return r, false, fmt.Errorf("lock the account: %w", err)
		}
	}
	held, err := s.representatives(ctx, `r.account_id = ? AND r.role = ? AND r.document_id = ? AND r.revoked_at IS NULL`,
		string(r.AccountID), string(r.Role), r.DocumentID)
	if err != nil {
		return r, false, err
	}
	if i := slices.IndexFunc(held, r.Again); i >= 0 {
		return held[i], false, nil
	}
	var taken int
	if err := s.queryRow(ctx, []any{&taken}, `SELECT COUNT(*) FROM accounts WHERE code_hash = ?`, r.CodeHash); err != nil || taken > 0 {
		return r, false, cmp.Or(err, represent.ErrTaken)
	}
	person, err := s.sealRepresentative(ctx, r)
	if err != nil {
		return r, false, err
	}
	rows, err := s.exec(ctx, `INSERT INTO representatives (id, account_id, role, person, document_id, checked_by, from_day, until_day,
		code_hash, code_sealed, recorded_by, created_at, revoked_by) VALUES (`+marks(13)+`) ON CONFLICT DO NOTHING`,
		string(r.ID), string(r.AccountID), string(r.Role), person, r.DocumentID, r.CheckedBy, r.From.String(), r.Until.String(),
		r.CodeHash, r.CodeSealed, r.RecordedBy, at(r.CreatedAt), "")
	if err != nil {
		return r, false, fmt.Errorf("add representative: %w", err)
	}
	if rows == 0 {
		return r, false, represent.ErrTaken
	}
	return r, true, nil
}

func (s *Store) sealRepresentative(ctx context.Context, r represent.Representative) (string, error) {
	plain, err := json.Marshal(r.Person)
	if err != nil {
		return "", err
	}
	v, err := s.vaultOf(ctx, string(r.AccountID))
	if err != nil {
		return "", err
	}
	return v.text(string(plain), representativeAt(r.ID))
}

// Representative implements represent.Store.
func (s *Store) Representative(ctx context.Context, id represent.ID) (represent.Representative, error) {
	found, err := s.representatives(ctx, `r.id = ?`+s.forUpdate(ctx, "r"), string(id))
	if err == nil && len(found) == 0 {
		err = represent.ErrNotFound
	}
	if err != nil {
		return represent.Representative{}, err
	}
	return found[0], nil
}

// RepresentativesOf implements represent.Store.
func (s *Store) RepresentativesOf(ctx context.Context, id debt.AccountID) ([]represent.Representative, error) {
	return s.representatives(ctx, `r.account_id = ? ORDER BY r.created_at DESC, r.id DESC`, string(id))
}

func (s *Store) representatives(ctx context.Context, where string, args ...any) ([]represent.Representative, error) {
	var all []represent.Representative
	var stored []string
	err := s.query(ctx, func(row row) error {
		var r represent.Representative
		var person string
		var from, until day
		var created, revoked stamp
		err := row.Scan(&r.ID, &r.AccountID, &r.Role, &person, &r.DocumentID, &r.CheckedBy, &from, &until, &r.CodeHash, &r.CodeSealed,
			&r.RecordedBy, &created, &revoked, &r.RevokedBy)
		r.From, r.Until, r.CreatedAt, r.RevokedAt = from.Date, until.Date, created.Time, revoked.Time
		all, stored = append(all, r), append(stored, person)
		return err
	}, selectRepresentatives+where, args...)
	if err != nil {
		return nil, fmt.Errorf("load representatives: %w", err)
	}
	for i := range all {
		v, err := s.vaultOf(ctx, string(all[i].AccountID))
		if err != nil {
			return nil, err
		}
		if all[i].Person, err = openRepresentative(v, all[i].ID, stored[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// SaveRepresentative implements represent.Store.
func (s *Store) SaveRepresentative(ctx context.Context, r represent.Representative) error {
	rows, err := s.exec(ctx, `UPDATE representatives SET revoked_at = ?, revoked_by = ? WHERE id = ? AND revoked_at IS NULL`,
		at(r.RevokedAt), r.RevokedBy, string(r.ID))
	if err == nil && rows == 0 {
		err = represent.ErrNotFound
	}
	return err
}
