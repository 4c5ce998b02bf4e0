package store

import (
	"context"
	"fmt"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/notice"
)

var _ notice.Store = (*Store)(nil)

type messageRow struct {
	ID         string `gorm:"primaryKey"`
	AccountID  string
	Channel    string
	Kind       string
	Language   string
	Sealed     []byte
	Status     string
	Tries      int
	Created    stamp `gorm:"column:created_at"`
	Next       stamp `gorm:"column:next_at"`
	Leased     stamp `gorm:"column:leased_until"`
	Expires    stamp `gorm:"column:expires_at"`
	Sent       stamp `gorm:"column:sent_at"`
	ProviderID string
	Problem    string
}

// TableName names the table for the ORM.
func (messageRow) TableName() string { return "messages" }

func messageRowOf(m notice.Outgoing) messageRow {
	if m.Sealed == nil {
		m.Sealed = []byte{} // emptied, not unknown
	}
	return messageRow{
		ID: m.ID, AccountID: string(m.AccountID), Channel: string(m.Channel), Kind: string(m.Kind), Language: m.Language,
		Sealed: m.Sealed, Status: string(m.Status), Tries: m.Tries, Created: at(m.CreatedAt), Next: at(m.NextAt),
		Leased: at(m.LeasedUntil), Expires: at(m.ExpiresAt), Sent: at(m.SentAt), ProviderID: m.ProviderID, Problem: m.Problem,
	}
}

func (r messageRow) message() notice.Outgoing {
	return notice.Outgoing{
		ID: r.ID, AccountID: debt.AccountID(r.AccountID), Channel: contact.Channel(r.Channel), Kind: notice.Kind(r.Kind),
		Language: r.Language, Sealed: r.Sealed, Status: notice.Status(r.Status), Tries: r.Tries, CreatedAt: r.Created.Time,
		NextAt: r.Next.Time, LeasedUntil: r.Leased.Time, ExpiresAt: r.Expires.Time, SentAt: r.Sent.Time,
		ProviderID: r.ProviderID, Problem: r.Problem,
	}
}

// AddOutgoing implements notice.Store.
func (s *Store) AddOutgoing(ctx context.Context, m notice.Outgoing) error {
	row := messageRowOf(m)
	return s.writes(ctx).Create(&row).Error
}

// ClaimOutgoing implements notice.Store.
func (s *Store) ClaimOutgoing(ctx context.Context, now, until time.Time, limit int) ([]notice.Outgoing, error) {
	var claimed []messageRow
	err := s.InTx(ctx, func(ctx context.Context) error {
		query := `SELECT * FROM messages WHERE status = 'queued' AND next_at <= ?
			AND (leased_until IS NULL OR leased_until <= ?) ORDER BY next_at, id LIMIT ?` + s.skipLocked()
		if err := s.reads(ctx).Raw(query, at(now), at(now), limit).Scan(&claimed).Error; err != nil || len(claimed) == 0 {
			return err
		}
		var ids []string
		for i := range claimed {
			claimed[i].Leased, claimed[i].Tries = at(until), claimed[i].Tries+1
			ids = append(ids, claimed[i].ID)
		}
		match, list := s.oneOf("id", ids)
		_, err := s.exec(ctx, `UPDATE messages SET leased_until = ?, tries = tries + 1 WHERE `+match, at(until), list)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim messages: %w", err)
	}
	return mapped(claimed, messageRow.message), nil
}

// SaveOutgoing implements notice.Store.
func (s *Store) SaveOutgoing(ctx context.Context, m notice.Outgoing) error {
	row := messageRowOf(m)
	return s.writes(ctx).Model(&messageRow{}).Where("id = ? AND tries = ?", row.ID, row.Tries).
		Select("Status", "Next", "Leased", "ProviderID", "Problem", "Sent", "Sealed").Updates(row).Error
}

// OutgoingMessages implements notice.Store.
func (s *Store) OutgoingMessages(ctx context.Context, limit int) ([]notice.Outgoing, error) {
	var rows []messageRow
	err := s.reads(ctx).Order("created_at DESC, id DESC").Limit(limit).Find(&rows).Error
	return mapped(rows, messageRow.message), err
}
