package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
)

var (
	_ identity.LinkStore = (*Store)(nil)
	_ identity.Numbers   = (*Store)(nil)
)

type linkRow struct {
	ID          string `gorm:"primaryKey"`
	Reference   string
	AccountID   string
	Channel     string
	AddressHash []byte
	TokenHash   []byte
	SentBy      string
	CallID      string
	Created     stamp `gorm:"column:created_at"`
	Expires     stamp `gorm:"column:expires_at"`
	Opened      stamp `gorm:"column:opened_at"`
	Verified    stamp `gorm:"column:verified_at"`
	Ended       stamp `gorm:"column:ended_at"`
	EndedWhy    string
	Asked       stamp `gorm:"column:asked_at"`
}

// TableName names the table for the ORM.
func (linkRow) TableName() string { return "links" }

func linkRowOf(l identity.Link) linkRow {
	return linkRow{
		ID: string(l.ID), Reference: l.Reference, AccountID: string(l.AccountID), Channel: string(l.Channel),
		AddressHash: l.AddressHash, TokenHash: l.TokenHash, SentBy: l.SentBy, CallID: l.CallID,
		Created: at(l.CreatedAt), Expires: at(l.ExpiresAt), Opened: at(l.OpenedAt), Verified: at(l.VerifiedAt),
		Ended: at(l.EndedAt), EndedWhy: l.EndedWhy, Asked: at(l.AskedAt),
	}
}

func (r linkRow) link() identity.Link {
	return identity.Link{
		ID: identity.LinkID(r.ID), Reference: r.Reference, AccountID: debt.AccountID(r.AccountID),
		Channel: contact.Channel(r.Channel), AddressHash: r.AddressHash, TokenHash: r.TokenHash,
		SentBy: r.SentBy, CallID: r.CallID, CreatedAt: r.Created.Time, ExpiresAt: r.Expires.Time,
		OpenedAt: r.Opened.Time, VerifiedAt: r.Verified.Time, EndedAt: r.Ended.Time, EndedWhy: r.EndedWhy,
		AskedAt: r.Asked.Time,
	}
}

// AddLink implements identity.LinkStore.
func (s *Store) AddLink(ctx context.Context, l identity.Link) error {
	row := linkRowOf(l)
	return taken(s.writes(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row))
}

// Link implements identity.LinkStore.
func (s *Store) Link(ctx context.Context, id identity.LinkID) (identity.Link, error) {
	return s.link(ctx, "id = ?", string(id))
}

// LinkByToken implements identity.LinkStore.
func (s *Store) LinkByToken(ctx context.Context, tokenHash []byte) (identity.Link, error) {
	return s.link(ctx, "token_hash = ?", tokenHash)
}

// LinkByReference implements identity.Numbers. It changes nothing, so it locks
// nothing.
func (s *Store) LinkByReference(ctx context.Context, reference string) (identity.Link, error) {
	var row linkRow
	err := s.reads(ctx).Where("reference = ?", reference).Take(&row).Error
	return row.link(), notFound(err)
}

func (s *Store) link(ctx context.Context, where string, arg any) (identity.Link, error) {
	var row linkRow
	err := s.locking(ctx).Where(where, arg).Take(&row).Error
	return row.link(), notFound(err)
}

// SaveLink implements identity.LinkStore.
func (s *Store) SaveLink(ctx context.Context, l identity.Link) error {
	row := linkRowOf(l)
	return found(s.writes(ctx).Model(&linkRow{}).Where("id = ?", row.ID).
		Select("Opened", "Verified", "Ended", "EndedWhy").Updates(row))
}

// LinksOf implements identity.LinkStore.
func (s *Store) LinksOf(ctx context.Context, id debt.AccountID) ([]identity.Link, error) {
	var rows []linkRow
	err := s.reads(ctx).Where("account_id = ?", string(id)).Order("created_at DESC, id DESC").Limit(50).Find(&rows).Error
	return mapped(rows, linkRow.link), err
}

// AskLink implements identity.LinkAsks.
func (s *Store) AskLink(ctx context.Context, tokenHash []byte, when time.Time) error {
	_, err := s.exec(ctx, `UPDATE links SET asked_at = ? WHERE token_hash = ? AND asked_at IS NULL`, at(when), tokenHash)
	return err
}

// LinksAsked implements identity.LinkAsks.
func (s *Store) LinksAsked(ctx context.Context, until time.Time, limit int) ([]identity.Link, error) {
	var rows []linkRow
	err := s.reads(ctx).Where("asked_at <= ?", at(until)).Order("asked_at, id").Limit(limit).Find(&rows).Error
	return mapped(rows, linkRow.link), err
}

// AnswerLink implements identity.LinkAsks.
func (s *Store) AnswerLink(ctx context.Context, id identity.LinkID, due time.Time) error {
	_, err := s.exec(ctx, `UPDATE links SET asked_at = ? WHERE id = ?`, at(due), string(id))
	return err
}
