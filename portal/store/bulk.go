package store

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"
)

// bulk is many new rows of one table.
type bulk struct {
	table   string
	columns []string
	rows    int
	values  func(i int) []any // driver values only: nil, int64, string, []byte
}

// insert adds the rows inside the transaction: by COPY on PostgreSQL, by one
// prepared statement on SQLite.
func (s *Store) insert(ctx context.Context, b bulk) error {
	if b.rows == 0 {
		return nil
	}
	if s.txn(ctx) == nil {
		return ErrNoTx
	}
	if s.engine == postgresEngine {
		return s.translate(s.onPostgres(ctx, func(c *pgx.Conn) error {
			_, err := c.CopyFrom(ctx, pgx.Identifier{b.table}, b.columns,
				pgx.CopyFromSlice(b.rows, func(i int) ([]any, error) { return b.values(i), nil }))
			return err
		}))
	}
	return s.translate(s.insertPrepared(ctx, b))
}

func (s *Store) insertPrepared(ctx context.Context, b bulk) error {
	stmt, err := s.txn(ctx).tx.PrepareContext(ctx, `INSERT INTO `+b.table+` (`+strings.Join(b.columns, ", ")+`)
		VALUES (`+marks(len(b.columns))+`)`)
	if err != nil {
		return err
	}
	defer stmt.Close()
	for i := range b.rows {
		if _, err := stmt.ExecContext(ctx, b.values(i)...); err != nil {
			return err
		}
	}
	return nil
}
