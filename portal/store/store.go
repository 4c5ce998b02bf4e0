// Package store keeps everything in SQLite or PostgreSQL. It is the only
// package that knows a database: domain packages declare small interfaces and
// *Store implements them, one file for each aggregate, rows beside queries.
//
// A transaction travels in the context: InTx puts it there, every method finds
// it there, a nested InTx joins it. Times are stored as microseconds since
// 1970 in UTC, days as YYYY-MM-DD, money as whole cents, on both engines.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"gorm.io/gorm"

	"quittance/portal/debt"
	"quittance/portal/seal"
)

// Errors of this package.
var (
	ErrBadURL       = errors.New("database url must be sqlite:PATH or postgres://…")
	ErrBadPragma    = errors.New("SQLite does not run with the settings that money needs")
	ErrSchemaOld    = errors.New("database schema is older than this program: run portal migrate")
	ErrSchemaNew    = errors.New("database schema is newer than this program: install the newer release")
	ErrGuardMissing = errors.New("a guard of append-only records is missing")
	ErrLedgerOff    = errors.New("the ledger does not sum to zero")
	ErrNoTx         = errors.New("needs a transaction")
	ErrRolledBack   = errors.New("a step inside the transaction failed, so all of it was undone")
)

// Options of Open. The zero value is fine.
type Options struct {
	Log              *slog.Logger  // slog.Default when nil
	MaxConns         int32         // PostgreSQL connections, 16 when 0
	StatementTimeout time.Duration // PostgreSQL, 30 s when 0
	Box              *seal.Box     // seals personal data; without it none is read or written
	WaitTimeout      time.Duration // for SQLite's writer or a row lock, 10 s when 0
	// Count says what of a statement a consumer who lives there may be asked for
	// (AMT-04); every statement is handed out as it returns it. Without it nothing
	// is left out.
	Count func(home debt.Address, s debt.Statement) debt.Statement
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.MaxConns == 0 {
		o.MaxConns = 16
	}
	if o.StatementTimeout == 0 {
		o.StatementTimeout = 30 * time.Second
	}
	if o.WaitTimeout == 0 {
		o.WaitTimeout = 10 * time.Second
	}
	return o
}

// engine is which database a Store runs on.
type engine string

const (
	sqliteEngine   engine = "sqlite"
	postgresEngine engine = "postgres"
)

// Store is an open database. It is safe for concurrent use.
type Store struct {
	engine engine
	opts   Options
	write  *sql.DB       // SQLite: one connection
	read   *sql.DB       // SQLite: read-only connections; PostgreSQL: the same as write
	pool   *pgxpool.Pool // PostgreSQL only
	orm    *gorm.DB      // over write
	ormRO  *gorm.DB      // over read

	root     []byte // the key behind all that outlive a change of the secret key
	lasting  vault  // seals rows that are of no single account
	decoy    decoy  // is opened in place of a person who does not exist
	blind    []byte // the key of what is searched by its hash
	about    accountsAbout
	compiled sync.Map // SQLite: *sql.Stmt over read, by their text
	numbered sync.Map // PostgreSQL: statements with numbered marks, by their text
}

// Open connects to the database that the URL names. The schema is not touched:
// see Migrate and CheckSchema.
func Open(ctx context.Context, url string, opts Options) (*Store, error) {
	opts = opts.withDefaults()
	switch {
	case strings.HasPrefix(url, "sqlite:"):
		return openSQLite(ctx, strings.TrimPrefix(url, "sqlite:"), opts)
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		return openPostgres(ctx, url, opts)
	}
	return nil, ErrBadURL
}

// Engine names the database engine: "sqlite" or "postgres".
func (s *Store) Engine() string { return string(s.engine) }

// Ping asks the database for a sign of life.
func (s *Store) Ping(ctx context.Context) error {
	return errors.Join(s.write.PingContext(ctx), s.read.PingContext(ctx))
}

// Close waits for running statements and gives up all connections.
func (s *Store) Close() error {
	err := s.write.Close()
	if s.read != s.write {
		err = errors.Join(err, s.read.Close())
	}
	if s.pool != nil {
		s.pool.Close()
	}
	return err
}

// txn is one running transaction.
type txn struct {
	store *Store
	conn  *sql.Conn
	tx    *sql.Tx
	// failed is the first error of a nested InTx: the whole is then undone
	// even if somebody swallowed it.
	failed error
}

type txnKey struct{}

func (s *Store) txn(ctx context.Context) *txn {
	if t, ok := ctx.Value(txnKey{}).(*txn); ok && t.store == s {
		return t
	}
	return nil
}

// InTx runs fn in a transaction that the context given to fn carries. A nested
// call joins the outer transaction, and its error undoes all of it. Conflicts
// between transactions are returned, never retried behind the caller's back:
// see Retryable.
func (s *Store) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	if t := s.txn(ctx); t != nil {
		err := fn(ctx)
		if err != nil && t.failed == nil {
			t.failed = err
		}
		return err
	}
	t, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer t.release()
	if err := fn(context.WithValue(ctx, txnKey{}, t)); err != nil {
		return err
	}
	if t.failed != nil {
		return fmt.Errorf("%w: %w", ErrRolledBack, t.failed)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.translate(t.tx.Commit())
}

func (s *Store) begin(ctx context.Context) (*txn, error) {
	waiting, cancel := context.WithTimeout(ctx, s.opts.WaitTimeout)
	defer cancel()
	conn, err := s.write.Conn(waiting)
	if err != nil {
		return nil, fmt.Errorf("wait for a connection: %w", err)
	}
	// The transaction outlives a canceled context until release undoes it:
	// database/sql would undo it in the background, and what comes after would
	// slip out of the transaction.
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("begin: %w", s.translate(err))
	}
	return &txn{store: s, conn: conn, tx: tx}, nil
}

// release undoes what was not committed and gives the connection back.
func (t *txn) release() {
	_ = t.tx.Rollback()
	_ = t.conn.Close()
}
