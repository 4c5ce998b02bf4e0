package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// openPostgres opens a pool in which every statement has a deadline.
func openPostgres(ctx context.Context, url string, opts Options) (*Store, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		// The parser's error repeats the address, and with it the password.
		return nil, fmt.Errorf("%w: the PostgreSQL address cannot be read", ErrBadURL)
	}
	configure(cfg, opts)
	s := &Store{engine: postgresEngine, opts: opts}
	if s.pool, err = pgxpool.NewWithConfig(ctx, cfg); err != nil {
		return nil, fmt.Errorf("open PostgreSQL: %w", err)
	}
	s.write = stdlib.OpenDBFromPool(s.pool)
	s.read = s.write
	if err := s.pool.Ping(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open PostgreSQL: %w", err), s.Close())
	}
	if s.orm, err = gorm.Open(postgres.New(postgres.Config{Conn: s.write}), gormConfig(opts)); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.ormRO = s.orm
	return s, nil
}

func configure(cfg *pgxpool.Config, opts Options) {
	cfg.MaxConns = opts.MaxConns
	cfg.MinIdleConns = min(2, opts.MaxConns)
	params := cfg.ConnConfig.RuntimeParams
	params["timezone"] = "UTC"
	params["application_name"] = "quittance"
	params["statement_timeout"] = millis(opts.StatementTimeout)
	params["lock_timeout"] = millis(opts.WaitTimeout)
	params["idle_in_transaction_session_timeout"] = millis(2 * opts.StatementTimeout)
	// Every read is a few index look-ups: nothing is worth compiling, and on
	// today's disks an index costs no more than the table itself.
	params["jit"] = "off"
	params["random_page_cost"] = "1.1"
	params["plan_cache_mode"] = "force_generic_plan"
	// A plan is made once for each connection, perhaps while a table is empty.
	// Without this it would read that table from end to end until the next
	// ANALYZE, however fast the table grows.
	params["enable_seqscan"] = "off"
	cfg.AfterConnect = func(_ context.Context, c *pgx.Conn) error {
		c.TypeMap().RegisterType(&pgtype.Type{
			Name: "timestamptz", OID: pgtype.TimestamptzOID,
			Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
		})
		return nil
	}
}

func millis(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }
