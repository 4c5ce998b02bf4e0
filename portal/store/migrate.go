package store

import (
	"context"
	"fmt"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"quittance/portal/store/migrations"
)

// Migration is one numbered step of the schema.
type Migration struct {
	Version   int64
	Name      string
	AppliedAt time.Time // zero when it is still to come
}

// Migrate brings the schema up to this program's and returns what was done.
// Several processes may call it at once.
func (s *Store) Migrate(ctx context.Context) ([]Migration, error) {
	p, err := s.provider()
	if err != nil {
		return nil, err
	}
	var done []Migration
	for range len(p.ListSources()) + 1 {
		var results []*goose.MigrationResult
		results, err = p.Up(ctx)
		for _, r := range results {
			done = append(done, Migration{Version: r.Source.Version, Name: r.Source.Path, AppliedAt: time.Now().UTC()})
		}
		if err == nil {
			return done, nil
		}
		if s.engine == postgresEngine {
			break // a lock lets one process migrate at a time
		}
		// SQLite has no such lock: when another process is faster, our step fails
		// on what it did and is undone, and the rest may be tried again.
	}
	return done, fmt.Errorf("migrate: %w", err)
}

// MigrationStatus lists all migrations that this program knows.
func (s *Store) MigrationStatus(ctx context.Context) ([]Migration, error) {
	p, err := s.provider()
	if err != nil {
		return nil, err
	}
	rows, err := p.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("migration status: %w", err)
	}
	var all []Migration
	for _, r := range rows {
		all = append(all, Migration{Version: r.Source.Version, Name: r.Source.Path, AppliedAt: r.AppliedAt})
	}
	return all, nil
}

// CheckSchema refuses a schema that this program cannot run on: ErrSchemaOld where
// a migration is missing, ErrSchemaNew where a later one took away what it uses.
func (s *Store) CheckSchema(ctx context.Context) error {
	p, err := s.provider()
	if err != nil {
		return err
	}
	have, want, err := p.GetVersions(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("read the schema's version: %w", err)
	case have < want:
		return fmt.Errorf("%w (it is at %d of %d)", ErrSchemaOld, have, want)
	case have > want:
		return s.checkFloor(ctx, have, want)
	}
	pending, err := p.HasPending(ctx)
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	if pending {
		return ErrSchemaOld
	}
	return nil
}

// checkFloor lets a program run on a newer schema unless a migration since took
// away what it uses.
func (s *Store) checkFloor(ctx context.Context, have, want int64) error {
	var floor int64
	if err := s.read.QueryRowContext(ctx, `SELECT version FROM schema_floor`).Scan(&floor); err != nil {
		return fmt.Errorf("read which programs may run on the schema: %w", err)
	}
	if want < floor {
		return fmt.Errorf("%w (it is at %d and needs %d, this program knows %d)", ErrSchemaNew, have, floor, want)
	}
	s.opts.Log.WarnContext(ctx, "the schema is newer than this program, which goes on running on it", "schema", have, "known", want)
	return nil
}

func (s *Store) provider() (*goose.Provider, error) {
	files, err := migrations.For(string(s.engine))
	if err != nil {
		return nil, err
	}
	opts := []goose.ProviderOption{
		goose.WithDisableGlobalRegistry(true), goose.WithSlog(s.opts.Log),
		// A release may bring a number below the newest that a database has.
		goose.WithAllowOutofOrder(true),
	}
	dialect := goose.DialectSQLite3
	if s.engine == postgresEngine {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, err
		}
		opts = append(opts, goose.WithSessionLocker(locker))
	}
	return goose.NewProvider(dialect, s.write, files, opts...)
}
