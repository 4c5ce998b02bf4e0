package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
)

// Statements by hand go straight to the driver, several in one round trip on
// PostgreSQL; everything that is not on a hot path may use the ORM instead.
// Both find the transaction in the context.

// bind numbers the ? of a statement for PostgreSQL, once for all: statements
// hold no values, so there are few. None has a question mark in a literal.
func (s *Store) bind(query string) string {
	if s.engine == sqliteEngine {
		return query
	}
	numbered, known := s.numbered.Load(query)
	if !known {
		numbered, _ = s.numbered.LoadOrStore(query, numberMarks(query))
	}
	return numbered.(string)
}

func numberMarks(query string) string {
	var b strings.Builder
	b.Grow(len(query) + 32)
	for n := 1; ; n++ {
		before, after, found := strings.Cut(query, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
		query = after
	}
}

// row is what a read hands out, whichever driver it comes from.
type row interface{ Scan(dest ...any) error }

// lookup is one read: scan is called for each row.
type lookup struct {
	query string
	args  []any
	scan  func(row) error
}

// query hands each row of a read to scan.
func (s *Store) query(ctx context.Context, scan func(row) error, query string, args ...any) error {
	return s.lookups(ctx, lookup{query: query, args: args, scan: scan})
}

// queryRow reads one row; sql.ErrNoRows when there is none.
func (s *Store) queryRow(ctx context.Context, dest []any, query string, args ...any) error {
	err := sql.ErrNoRows
	failed := s.query(ctx, func(r row) error {
		err = r.Scan(dest...)
		return err
	}, query, args...)
	if failed != nil {
		return failed
	}
	return err
}

// lookups runs reads in the order given: in one round trip on PostgreSQL.
func (s *Store) lookups(ctx context.Context, list ...lookup) error {
	if s.engine == postgresEngine {
		return s.translate(s.onPostgres(ctx, func(c *pgx.Conn) error { return s.fetch(ctx, c, list) }))
	}
	for _, l := range list {
		if err := s.readSQLite(ctx, l); err != nil {
			return s.translate(err)
		}
	}
	return nil
}

func (s *Store) readSQLite(ctx context.Context, l lookup) error {
	rows, err := s.rowsSQLite(ctx, l)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := l.scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// rowsSQLite compiles a read once for all: compiling takes SQLite longer than
// running it. The writer's only connection must not be waited for in its own
// transaction, so there it is compiled anew.
func (s *Store) rowsSQLite(ctx context.Context, l lookup) (*sql.Rows, error) {
	if t := s.txn(ctx); t != nil {
		return t.tx.QueryContext(ctx, l.query, l.args...)
	}
	if known, ok := s.compiled.Load(l.query); ok {
		return known.(*sql.Stmt).QueryContext(ctx, l.args...)
	}
	made, err := s.read.PrepareContext(ctx, l.query)
	if err != nil {
		return nil, err
	}
	kept, raced := s.compiled.LoadOrStore(l.query, made)
	if raced {
		_ = made.Close() //nolint:sqlclosecheck // it lost the race; the one that is kept lives as long as the store
	}
	return kept.(*sql.Stmt).QueryContext(ctx, l.args...)
}

func (s *Store) fetch(ctx context.Context, c *pgx.Conn, list []lookup) (err error) {
	if len(list) == 1 {
		rows, err := c.Query(ctx, s.bind(list[0].query), list[0].args...)
		return readPGX(rows, err, list[0])
	}
	var b pgx.Batch
	for _, l := range list {
		b.Queue(s.bind(l.query), l.args...)
	}
	results := c.SendBatch(ctx, &b)
	defer func() {
		if closing := results.Close(); err == nil {
			err = closing
		}
	}()
	for _, l := range list {
		rows, err := results.Query()
		if err := readPGX(rows, err, l); err != nil {
			return err
		}
	}
	return nil
}

func readPGX(rows pgx.Rows, err error, l lookup) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := l.scan(pgxRow{rows}); err != nil {
			return err
		}
	}
	return rows.Err()
}

// pgxRow reads a row into named types as fast as into Go's own. For a type like
// debt.ID the driver looks, for each value of each answer, for a way to convert
// it, by trial; a plain *string or *int64 to the same place needs none.
type pgxRow struct{ rows pgx.Rows }

// Scan implements row.
func (r pgxRow) Scan(dest ...any) error {
	for i, d := range dest {
		dest[i] = bare(d)
	}
	return r.rows.Scan(dest...)
}

var bareTypes = map[reflect.Kind]reflect.Type{reflect.String: reflect.TypeFor[string](), reflect.Int64: reflect.TypeFor[int64]()}

// bare is the pointer without the name of what it points to, where that is text
// or a number that does not scan itself.
func bare(pointer any) any {
	switch pointer.(type) {
	case *string, *int64, sql.Scanner:
		return pointer
	}
	v := reflect.ValueOf(pointer)
	plain, known := bareTypes[v.Type().Elem().Kind()]
	if !known {
		return pointer
	}
	return reflect.NewAt(plain, v.UnsafePointer()).Interface()
}

// exec runs one writing statement and returns how many rows it touched.
func (s *Store) exec(ctx context.Context, query string, args ...any) (touched int64, err error) {
	if s.engine == postgresEngine {
		err = s.onPostgres(ctx, func(c *pgx.Conn) error {
			tag, err := c.Exec(ctx, s.bind(query), args...)
			touched = tag.RowsAffected()
			return err
		})
		return touched, s.translate(err)
	}
	var pool gorm.ConnPool = s.write
	if t := s.txn(ctx); t != nil {
		pool = t.tx
	} else {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.opts.WaitTimeout)
		defer cancel()
	}
	result, err := pool.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, s.translate(err)
	}
	return result.RowsAffected()
}

// step is one statement of a batch. When it touches another number of rows than
// said, the batch fails with otherwise.
type step struct {
	query     string
	args      []any
	touches   int64
	otherwise error
}

// anyRows is for a step that may touch any number of rows.
const anyRows = -1

func (p step) check(rows int64) error {
	if p.touches == anyRows || rows == p.touches {
		return nil
	}
	if p.otherwise != nil {
		return p.otherwise
	}
	return fmt.Errorf("a statement touched %d rows instead of %d", rows, p.touches)
}

// batch runs statements that are kept together: in one round trip on
// PostgreSQL, one after the other on SQLite. Steps that count the rows they
// touch need a transaction of their own, to be undone.
func (s *Store) batch(ctx context.Context, steps ...step) error {
	counts := slices.ContainsFunc(steps, func(p step) bool { return p.touches != anyRows })
	switch {
	case len(steps) == 0:
		return nil
	case s.txn(ctx) == nil && counts:
		return ErrNoTx
	case s.engine == postgresEngine:
		return s.translate(s.onPostgres(ctx, func(c *pgx.Conn) error { return s.send(ctx, c, steps) }))
	}
	return s.InTx(ctx, func(ctx context.Context) error {
		for _, p := range steps {
			rows, err := s.exec(ctx, p.query, p.args...)
			if err != nil {
				return err
			}
			if err := p.check(rows); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) send(ctx context.Context, conn *pgx.Conn, steps []step) (err error) {
	var b pgx.Batch
	for _, p := range steps {
		b.Queue(s.bind(p.query), p.args...)
	}
	results := conn.SendBatch(ctx, &b)
	defer func() {
		if closing := results.Close(); err == nil {
			err = closing
		}
	}()
	for _, p := range steps {
		var tag pgconn.CommandTag
		if tag, err = results.Exec(); err != nil {
			return err
		}
		if err := p.check(tag.RowsAffected()); err != nil {
			return err
		}
	}
	return nil
}

// onPostgres lends the transaction's connection, or one of the pool's.
func (s *Store) onPostgres(ctx context.Context, fn func(*pgx.Conn) error) error {
	if t := s.txn(ctx); t != nil {
		return t.conn.Raw(func(driver any) error { return fn(driver.(*stdlib.Conn).Conn()) })
	}
	c, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("wait for a connection: %w", err)
	}
	defer c.Release()
	return fn(c.Conn())
}

// forUpdate locks the rows of a read on PostgreSQL until the transaction ends.
// On SQLite the transaction already is the only writer.
func (s *Store) forUpdate(ctx context.Context, of string) string {
	if s.engine == sqliteEngine || s.txn(ctx) == nil {
		return ""
	}
	return " FOR NO KEY UPDATE OF " + of
}

// skipLocked lets several workers claim different rows at the same time.
func (s *Store) skipLocked() string {
	if s.engine == sqliteEngine {
		return ""
	}
	return " FOR UPDATE SKIP LOCKED"
}

// oneOf writes "column is one of the list" with a single argument, so that a
// list of any length is the same statement.
func (s *Store) oneOf(column string, list []string) (string, any) {
	if s.engine == postgresEngine {
		return column + " = ANY(?)", list
	}
	text, err := json.Marshal(list)
	if err != nil { // a list of strings always can
		text = []byte("[]")
	}
	return column + " IN (SELECT value FROM json_each(?))", string(text)
}

// tuples writes "(?,?),(?,?)" for n rows of width columns.
func tuples(n, width int) string {
	return strings.TrimSuffix(strings.Repeat("("+marks(width)+"),", n), ",")
}

// marks writes "?,?,?".
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }
