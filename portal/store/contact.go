package store

import (
	"context"

	"gorm.io/gorm/clause"

	"quittance/portal/contact"
	"quittance/portal/debt"
)

var _ contact.Store = (*Store)(nil)

type consentRow struct {
	ID          string `gorm:"primaryKey"`
	AccountID   string
	Channel     string
	AddressHash []byte
	Basis       string
	When        stamp `gorm:"column:at"`
	RecordedBy  string
	CallID      string
	TextVersion string
}

// TableName names the table for the ORM.
func (consentRow) TableName() string { return "consents" }

func (r consentRow) consent() contact.Consent {
	return contact.Consent{
		ID: r.ID, AccountID: debt.AccountID(r.AccountID), Channel: contact.Channel(r.Channel), AddressHash: r.AddressHash,
		Basis: contact.Basis(r.Basis), At: r.When.Time, RecordedBy: r.RecordedBy, CallID: r.CallID, TextVersion: r.TextVersion,
	}
}

// AddConsent implements contact.Store.
func (s *Store) AddConsent(ctx context.Context, c contact.Consent) error {
	return s.writes(ctx).Create(&consentRow{
		ID: c.ID, AccountID: string(c.AccountID), Channel: string(c.Channel), AddressHash: c.AddressHash,
		Basis: string(c.Basis), When: at(c.At), RecordedBy: c.RecordedBy, CallID: c.CallID, TextVersion: c.TextVersion,
	}).Error
}

// Consents implements contact.Store. Of what was said at the same instant the
// withdrawal counts as the last word.
func (s *Store) Consents(ctx context.Context, id debt.AccountID, ch contact.Channel, addressHash []byte) ([]contact.Consent, error) {
	var rows []consentRow
	err := s.reads(ctx).Where("account_id = ? AND channel = ? AND address_hash = ?", string(id), string(ch), addressHash).
		Order("at DESC, CASE basis WHEN 'withdrawn' THEN 0 ELSE 1 END, id DESC").Limit(20).Find(&rows).Error
	return mapped(rows, consentRow.consent), err
}

// ConsentsOf lists all of an account, whatever the address, the newest first.
func (s *Store) ConsentsOf(ctx context.Context, id debt.AccountID) ([]contact.Consent, error) {
	var rows []consentRow
	err := s.reads(ctx).Where("account_id = ?", string(id)).Order("at DESC, id DESC").Find(&rows).Error
	return mapped(rows, consentRow.consent), err
}

type suppressionRow struct {
	Channel     string
	AddressHash []byte
	AccountID   string
	Reason      string
	When        stamp `gorm:"column:at"`
}

// TableName names the table for the ORM.
func (suppressionRow) TableName() string { return "suppressions" }

func (r suppressionRow) suppression() contact.Suppression {
	return contact.Suppression{
		Channel: contact.Channel(r.Channel), AddressHash: r.AddressHash, AccountID: debt.AccountID(r.AccountID),
		Reason: contact.Reason(r.Reason), At: r.When.Time,
	}
}

// Suppress implements contact.Store.
func (s *Store) Suppress(ctx context.Context, n contact.Suppression) error {
	latest := clause.OnConflict{
		Columns:   []clause.Column{{Name: "channel"}, {Name: "address_hash"}, {Name: "account_id"}, {Name: "reason"}},
		DoUpdates: clause.AssignmentColumns([]string{"at"}),
	}
	return s.writes(ctx).Clauses(latest).Create(&suppressionRow{
		Channel: string(n.Channel), AddressHash: n.AddressHash, AccountID: string(n.AccountID),
		Reason: string(n.Reason), When: at(n.At),
	}).Error
}

// Suppressions implements contact.Store.
func (s *Store) Suppressions(ctx context.Context, ch contact.Channel, addressHash []byte) ([]contact.Suppression, error) {
	var rows []suppressionRow
	err := s.reads(ctx).Where("channel = ? AND address_hash = ?", string(ch), addressHash).Order("at").Find(&rows).Error
	return mapped(rows, suppressionRow.suppression), err
}
