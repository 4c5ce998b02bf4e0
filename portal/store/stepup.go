package store

import (
	"context"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/represent"
)

var _ identity.StepUpStore = (*Store)(nil)

type stepUpRow struct {
	ID        string `gorm:"primaryKey"`
	AccountID string
	Speaker   string `gorm:"column:representative_id"`
	Path      string
	LinkID    string
	Channel   string
	CodeHash  []byte
	Created   stamp `gorm:"column:created_at"`
	Sent      stamp `gorm:"column:sent_at"`
	Sends     int
	Tries     int
	Used      stamp `gorm:"column:used_at"`
}

// TableName names the table for the ORM.
func (stepUpRow) TableName() string { return "step_ups" }

func stepUpRowOf(u identity.StepUp) stepUpRow {
	return stepUpRow{
		ID: string(u.ID), AccountID: string(u.AccountID), Speaker: string(u.Speaker), Path: string(u.Path), LinkID: string(u.LinkID),
		Channel: string(u.Channel), CodeHash: u.CodeHash, Created: at(u.CreatedAt), Sent: at(u.SentAt),
		Sends: u.Sends, Tries: u.Tries, Used: at(u.UsedAt),
	}
}

// AddStepUp implements identity.StepUpStore.
func (s *Store) AddStepUp(ctx context.Context, u identity.StepUp) error {
	row := stepUpRowOf(u)
	return s.writes(ctx).Create(&row).Error
}

// StepUp implements identity.StepUpStore.
func (s *Store) StepUp(ctx context.Context, id identity.StepUpID) (identity.StepUp, error) {
	var r stepUpRow
	err := s.locking(ctx).Where("id = ?", string(id)).Take(&r).Error
	return identity.StepUp{
		ID: identity.StepUpID(r.ID), AccountID: debt.AccountID(r.AccountID), Speaker: represent.ID(r.Speaker), Path: identity.Path(r.Path),
		LinkID: identity.LinkID(r.LinkID), Channel: contact.Channel(r.Channel), CodeHash: r.CodeHash,
		CreatedAt: r.Created.Time, SentAt: r.Sent.Time, Sends: r.Sends, Tries: r.Tries, UsedAt: r.Used.Time,
	}, notFound(err)
}

// SaveStepUp implements identity.StepUpStore.
func (s *Store) SaveStepUp(ctx context.Context, u identity.StepUp) error {
	row := stepUpRowOf(u)
	return found(s.writes(ctx).Model(&stepUpRow{}).Where("id = ?", row.ID).
		Select("CodeHash", "Sent", "Sends", "Tries", "Used").Updates(row))
}
