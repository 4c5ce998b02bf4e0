package store

import (
	"context"
	"database/sql"
	"errors"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"quittance/portal/identity"
)

// Rows are structs without exported times: the ORM sets fields called
// CreatedAt and UpdatedAt by itself, so ours are called Created and Updated.
// Conditions are always text with arguments: a struct's zero values would be
// left out of the WHERE.

// reads returns the ORM for reading.
func (s *Store) reads(ctx context.Context) *gorm.DB { return s.session(ctx, s.ormRO) }

// locking is reads, with the rows locked when there is a transaction.
func (s *Store) locking(ctx context.Context) *gorm.DB {
	if s.txn(ctx) == nil {
		return s.reads(ctx)
	}
	return s.reads(ctx).Clauses(clause.Locking{Strength: "NO KEY UPDATE"})
}

// writes returns the ORM for writing. Outside a transaction SQLite's only
// writing connection may be busy, so such a write needs a context that ends.
func (s *Store) writes(ctx context.Context) *gorm.DB { return s.session(ctx, s.orm) }

func (s *Store) session(ctx context.Context, orm *gorm.DB) *gorm.DB {
	db := orm.Session(&gorm.Session{NewDB: true, Context: ctx})
	if t := s.txn(ctx); t != nil {
		db.Statement.ConnPool = t.tx
	}
	return db
}

// found turns an update that met no row into identity.ErrNotFound.
func found(result *gorm.DB) error {
	if result.Error == nil && result.RowsAffected == 0 {
		return identity.ErrNotFound
	}
	return result.Error
}

// taken turns an insert that met a row into identity.ErrTaken.
func taken(result *gorm.DB) error {
	if result.Error == nil && result.RowsAffected == 0 {
		return identity.ErrTaken
	}
	return result.Error
}

// notFound says that a row is missing in identity's words.
func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) || errors.Is(err, gorm.ErrRecordNotFound) {
		return identity.ErrNotFound
	}
	return err
}

func mapped[A, B any](rows []A, to func(A) B) []B {
	out := make([]B, 0, len(rows))
	for _, r := range rows {
		out = append(out, to(r))
	}
	return out
}
