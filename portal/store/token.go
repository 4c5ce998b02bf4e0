package store

import (
	"context"
	"time"

	"quittance/portal/identity"
)

var _ identity.TokenStore = (*Store)(nil)

type tokenRow struct {
	ID        string `gorm:"primaryKey"`
	Name      string
	Scopes    words
	Creditors creditors
	IssuedBy  string
	Created   stamp `gorm:"column:created_at"`
	Expires   stamp `gorm:"column:expires_at"`
	Revoked   stamp `gorm:"column:revoked_at"`
	Rotated   stamp `gorm:"column:rotated_at"`
	Used      stamp `gorm:"column:used_at"`
}

// TableName names the table for the ORM.
func (tokenRow) TableName() string { return "api_tokens" }

func (r tokenRow) token() identity.APIToken {
	return identity.APIToken{
		ID: identity.TokenID(r.ID), Name: r.Name, Scopes: r.Scopes, Creditors: r.Creditors.Creditors, IssuedBy: r.IssuedBy,
		CreatedAt: r.Created.Time, ExpiresAt: r.Expires.Time, RevokedAt: r.Revoked.Time, RotatedAt: r.Rotated.Time, UsedAt: r.Used.Time,
	}
}

// AddAPIToken implements identity.TokenStore.
func (s *Store) AddAPIToken(ctx context.Context, t identity.APIToken) error {
	return s.writes(ctx).Create(&tokenRow{
		ID: string(t.ID), Name: t.Name, Scopes: t.Scopes, Creditors: creditors{t.Creditors}, IssuedBy: t.IssuedBy,
		Created: at(t.CreatedAt), Expires: at(t.ExpiresAt), Revoked: at(t.RevokedAt),
	}).Error
}

// APIToken implements identity.TokenStore.
func (s *Store) APIToken(ctx context.Context, id identity.TokenID) (identity.APIToken, error) {
	var row tokenRow
	err := s.reads(ctx).Where("id = ?", string(id)).Take(&row).Error
	return row.token(), notFound(err)
}

// APITokens implements identity.TokenStore.
func (s *Store) APITokens(ctx context.Context) ([]identity.APIToken, error) {
	var rows []tokenRow
	err := s.reads(ctx).Order("created_at DESC, id DESC").Find(&rows).Error
	return mapped(rows, tokenRow.token), err
}

// RevokeAPIToken implements identity.TokenStore.
func (s *Store) RevokeAPIToken(ctx context.Context, id identity.TokenID, when time.Time) error {
	rows, err := s.exec(ctx, `UPDATE api_tokens SET revoked_at = COALESCE(revoked_at, ?) WHERE id = ?`, at(when), string(id))
	if err == nil && rows == 0 {
		return identity.ErrNotFound
	}
	return err
}

// RotateAPIToken implements identity.TokenUseStore.
func (s *Store) RotateAPIToken(ctx context.Context, id identity.TokenID, next identity.APIToken, until time.Time) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		rows, err := s.exec(ctx, `UPDATE api_tokens SET rotated_at = ?, expires_at = CASE WHEN expires_at < ? THEN expires_at ELSE ? END
			WHERE id = ? AND rotated_at IS NULL AND revoked_at IS NULL AND expires_at > ?`,
			at(next.CreatedAt), at(until), at(until), string(id), at(next.CreatedAt))
		if err == nil && rows == 0 {
			return identity.ErrNotFound
		}
		if err != nil {
			return err
		}
		return s.AddAPIToken(ctx, next)
	})
}

// UseAPIToken implements identity.TokenUseStore.
func (s *Store) UseAPIToken(ctx context.Context, id identity.TokenID, when time.Time) error {
	_, err := s.exec(ctx, `UPDATE api_tokens SET used_at = ? WHERE id = ? AND COALESCE(used_at, 0) < ?`, at(when), string(id), at(when))
	return err
}
