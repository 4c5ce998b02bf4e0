package store

import (
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
	"modernc.org/sqlite"
)

// SQLite's extended result codes that mean something to us.
const (
	sqliteBusy       = 5
	sqliteLocked     = 6
	sqliteCheck      = 275
	sqliteForeignKey = 787
	sqlitePrimaryKey = 1555
	sqliteTrigger    = 1811
	sqliteUnique     = 2067
)

// appendOnly is the code with which PostgreSQL's guards refuse.
const appendOnly = "23001"

// ErrAppendOnly is what the database answers to any change of a record that
// may only be added to.
var ErrAppendOnly = errors.New("this record may only be added to")

// translate turns both engines' errors into the same ones, keeping the cause.
func (s *Store) translate(err error) error {
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if known := sentinel(err); known != nil && !errors.Is(err, known) {
		return &dbError{known: known, cause: err}
	}
	return err
}

func sentinel(err error) error {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return sqliteSentinel(lite.Code())
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return postgresSentinel(pg.Code)
	}
	return nil
}

func sqliteSentinel(code int) error {
	switch code {
	case sqliteUnique, sqlitePrimaryKey:
		return gorm.ErrDuplicatedKey
	case sqliteForeignKey:
		return gorm.ErrForeignKeyViolated
	case sqliteCheck:
		return gorm.ErrCheckConstraintViolated
	case sqliteTrigger:
		return ErrAppendOnly
	}
	return nil
}

func postgresSentinel(code string) error {
	switch code {
	case "23505":
		return gorm.ErrDuplicatedKey
	case "23503":
		return gorm.ErrForeignKeyViolated
	case "23514":
		return gorm.ErrCheckConstraintViolated
	case appendOnly:
		return ErrAppendOnly
	}
	return nil
}

// dbError is a database's refusal under the name both engines share. Its text
// names tables and constraints, never values.
type dbError struct{ known, cause error }

func (e *dbError) Error() string {
	var pg *pgconn.PgError
	if errors.As(e.cause, &pg) {
		return e.known.Error() + ": " + pg.TableName + " " + pg.ConstraintName
	}
	return e.known.Error() + ": " + e.cause.Error()
}

func (e *dbError) Unwrap() []error { return []error{e.known, e.cause} }

// Retryable reports whether a transaction failed only because another one was
// in its way, so that the same work may be tried again from its start.
func Retryable(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code()&0xff == sqliteBusy || lite.Code()&0xff == sqliteLocked
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "40001", "40P01", "55P03":
			return true
		}
	}
	return false
}
