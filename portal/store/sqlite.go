package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"gorm.io/gorm"
	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

// readers is how many connections read at the same time as the one that
// writes. More writers only starve each other: the busy handler polls.
const readers = 4

// openSQLite opens the file with one writing connection and a read-only pool.
func openSQLite(ctx context.Context, path string, opts Options) (*Store, error) {
	if path == "" {
		return nil, ErrBadURL
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("create the folder of the database: %w", err)
	}
	if err := keepPrivate(path); err != nil {
		return nil, err
	}
	s := &Store{engine: sqliteEngine, opts: opts}
	var err error
	if s.write, err = openPool(ctx, path, 1, false); err != nil {
		return nil, err
	}
	if s.read, err = openPool(ctx, path, readers, true); err != nil {
		return nil, errors.Join(err, s.write.Close())
	}
	if s.orm, err = gorm.Open(dialect{s.write}, gormConfig(opts)); err == nil {
		s.ormRO, err = gorm.Open(dialect{s.read}, gormConfig(opts))
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// keepPrivate lets nobody but the portal's own user read a database and what
// stands beside it, also where it was made otherwise. SQLite gives the files
// that it makes the permissions of the first.
func keepPrivate(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		about, err := os.Stat(name)
		if errors.Is(err, os.ErrNotExist) || err == nil && about.Mode().Perm()&0o077 == 0 {
			continue
		}
		if err == nil {
			err = os.Chmod(name, 0o600)
		}
		if err != nil {
			return fmt.Errorf("keep %s from other users: %w", name, err)
		}
	}
	return nil
}

func openPool(ctx context.Context, path string, conns int, readOnly bool) (*sql.DB, error) {
	db, err := sql.Open("sqlite", sqliteDSN(path, readOnly))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	db.SetConnMaxLifetime(0)
	if err := checkPragmas(ctx, db, readOnly); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), db.Close())
	}
	return db, nil
}

func sqliteDSN(path string, readOnly bool) string {
	q := url.Values{
		"_pragma": {
			"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)",
			"foreign_keys(1)", "trusted_schema(0)", "cache_size(-16000)",
		},
		"_txlock":      {"immediate"},
		"_time_format": {"sqlite"},
		"_timezone":    {"UTC"},
		"_dqs":         {"0"},
	}
	if readOnly {
		q["_pragma"] = append(q["_pragma"], "query_only(1)")
		q.Set("_txlock", "deferred")
	}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}
	return u.String()
}

// checkPragmas reads back what SQLite made of the settings: a wrong name in
// the address is ignored in silence.
func checkPragmas(ctx context.Context, db *sql.DB, readOnly bool) error {
	want := [][2]string{
		{"journal_mode", "wal"}, {"synchronous", "2"}, {"foreign_keys", "1"}, {"busy_timeout", "10000"},
	}
	if readOnly {
		want = append(want, [2]string{"query_only", "1"})
	}
	for _, w := range want {
		var got string
		if err := db.QueryRowContext(ctx, "PRAGMA "+w[0]).Scan(&got); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrBadPragma, w[0], err)
		}
		if got != w[1] {
			return fmt.Errorf("%w: %s is %s instead of %s", ErrBadPragma, w[0], got, w[1])
		}
	}
	return nil
}
