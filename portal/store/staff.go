package store

import (
	"context"

	"gorm.io/gorm/clause"

	"quittance/portal/identity"
)

var _ identity.StaffStore = (*Store)(nil)

type staffRow struct {
	ID       string `gorm:"primaryKey"`
	Email    string
	Name     string
	Password string
	Roles    words
	Created  stamp `gorm:"column:created_at"`
	Disabled stamp `gorm:"column:disabled_at"`
}

// TableName names the table for the ORM.
func (staffRow) TableName() string { return "staff" }

func staffRowOf(p identity.Staff) staffRow {
	return staffRow{
		ID: string(p.ID), Email: p.Email, Name: p.Name, Password: p.Password, Roles: p.Roles,
		Created: at(p.CreatedAt), Disabled: at(p.DisabledAt),
	}
}

func (r staffRow) staff() identity.Staff {
	return identity.Staff{
		ID: identity.StaffID(r.ID), Email: r.Email, Name: r.Name, Password: r.Password, Roles: r.Roles,
		CreatedAt: r.Created.Time, DisabledAt: r.Disabled.Time,
	}
}

// AddStaff implements identity.StaffStore.
func (s *Store) AddStaff(ctx context.Context, p identity.Staff) error {
	row := staffRowOf(p)
	return taken(s.writes(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row))
}

// StaffByEmail implements identity.StaffStore.
func (s *Store) StaffByEmail(ctx context.Context, email string) (identity.Staff, error) {
	var row staffRow
	err := s.locking(ctx).Where("email = ?", email).Take(&row).Error
	return row.staff(), notFound(err)
}

// Staff implements identity.StaffStore.
func (s *Store) Staff(ctx context.Context, id identity.StaffID) (identity.Staff, error) {
	var row staffRow
	err := s.reads(ctx).Where("id = ?", string(id)).Take(&row).Error
	return row.staff(), notFound(err)
}

// SaveStaff implements identity.StaffStore.
func (s *Store) SaveStaff(ctx context.Context, p identity.Staff) error {
	row := staffRowOf(p)
	return found(s.writes(ctx).Model(&staffRow{}).Where("id = ?", row.ID).
		Select("Name", "Roles", "Disabled").Updates(row))
}

// SetPassword implements identity.StaffStore.
func (s *Store) SetPassword(ctx context.Context, id identity.StaffID, old, password string) error {
	return found(s.writes(ctx).Model(&staffRow{}).Where("id = ? AND password = ? AND disabled_at IS NULL", string(id), old).
		Update("password", password))
}

// AllStaff implements identity.StaffStore.
func (s *Store) AllStaff(ctx context.Context) ([]identity.Staff, error) {
	var rows []staffRow
	err := s.reads(ctx).Order("name, id").Find(&rows).Error
	return mapped(rows, staffRow.staff), err
}
