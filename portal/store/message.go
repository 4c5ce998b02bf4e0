package store

import (
	"context"
	"fmt"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/notice"
)

var (
	_ notice.Taker   = (*Store)(nil)
	_ notice.Store   = (*Store)(nil)
	_ notice.Records = (*Store)(nil)
)

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
	Address    []byte `gorm:"column:address_hash"`
	DebtID     string
	Asked      int
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
		Address: m.AddressHash, DebtID: string(m.DebtID), Asked: number(m.Asked),
	}
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (r messageRow) message() notice.Outgoing {
	return notice.Outgoing{
		ID: r.ID, AccountID: debt.AccountID(r.AccountID), Channel: contact.Channel(r.Channel), Kind: notice.Kind(r.Kind),
		Language: r.Language, Sealed: r.Sealed, Status: notice.Status(r.Status), Tries: r.Tries, CreatedAt: r.Created.Time,
		NextAt: r.Next.Time, LeasedUntil: r.Leased.Time, ExpiresAt: r.Expires.Time, SentAt: r.Sent.Time,
		ProviderID: r.ProviderID, Problem: r.Problem, AddressHash: r.Address, DebtID: debt.ID(r.DebtID), Asked: r.Asked == 1,
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
func (s *Store) SaveOutgoing(ctx context.Context, m notice.Outgoing) (bool, error) {
	row := messageRowOf(m)
	done := s.writes(ctx).Model(&messageRow{}).Where("id = ? AND tries = ? AND status IN ('queued', 'sending')", row.ID, row.Tries).
		Select("Status", "Next", "Leased", "ProviderID", "Problem", "Sent", "Sealed").Updates(row)
	return done.RowsAffected == 1, done.Error
}

// BeginSending implements notice.Store.
func (s *Store) BeginSending(ctx context.Context, m notice.Outgoing) (bool, error) {
	n, err := s.exec(ctx, `UPDATE messages SET status = 'sending' WHERE id = ? AND tries = ? AND status = 'queued'`, m.ID, m.Tries)
	return n == 1, err
}

// LeftSending implements notice.Store.
func (s *Store) LeftSending(ctx context.Context, now time.Time, limit int) ([]notice.Outgoing, error) {
	var rows []messageRow
	err := s.reads(ctx).Where("status = 'sending' AND leased_until <= ?", at(now)).Order("leased_until, id").Limit(limit).Find(&rows).Error
	return mapped(rows, messageRow.message), err
}

// Outgoing implements notice.Records.
func (s *Store) Outgoing(ctx context.Context, id string) (notice.Outgoing, error) {
	return s.outgoing(ctx, "id = ?", id)
}

// OutgoingOf implements notice.Records.
func (s *Store) OutgoingOf(ctx context.Context, providerID string) (notice.Outgoing, error) {
	if providerID == "" {
		return notice.Outgoing{}, notice.ErrUnknown
	}
	return s.outgoing(ctx, "provider_id = ?", providerID)
}

func (s *Store) outgoing(ctx context.Context, where, value string) (notice.Outgoing, error) {
	var rows []messageRow
	err := s.reads(ctx).Where(where, value).Limit(1).Find(&rows).Error
	if err == nil && len(rows) == 0 {
		err = notice.ErrUnknown
	}
	if err != nil {
		return notice.Outgoing{}, err
	}
	return rows[0].message(), nil
}

// FailOutgoing implements notice.Records.
func (s *Store) FailOutgoing(ctx context.Context, id, problem string) (bool, error) {
	n, err := s.exec(ctx, `UPDATE messages SET status = 'failed', problem = ? WHERE id = ? AND status = 'sent'`, problem, id)
	return n == 1, err
}

// MessagesTo lists what was sent to a person, the oldest first.
func (s *Store) MessagesTo(ctx context.Context, id debt.AccountID) ([]notice.Outgoing, error) {
	var rows []messageRow
	err := s.reads(ctx).Where("account_id = ?", string(id)).Order("created_at, id").Find(&rows).Error
	return mapped(rows, messageRow.message), err
}

// MessagesOf lists an account's messages, newest first, without their words.
func (s *Store) MessagesOf(ctx context.Context, id debt.AccountID, limit int) ([]notice.Outgoing, error) {
	var rows []messageRow
	err := s.reads(ctx).Omit("Sealed").Where("account_id = ?", string(id)).Order("created_at DESC, id DESC").Limit(limit).Find(&rows).Error
	return mapped(rows, messageRow.message), err
}

// OutgoingMessages implements notice.Store.
func (s *Store) OutgoingMessages(ctx context.Context, limit int) ([]notice.Outgoing, error) {
	var rows []messageRow
	err := s.reads(ctx).Order("created_at DESC, id DESC").Limit(limit).Find(&rows).Error
	return mapped(rows, messageRow.message), err
}
