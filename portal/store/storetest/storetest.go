// Package storetest gives a test a real, empty, migrated database of each
// engine: a SQLite file and a PostgreSQL database in a throwaway cluster that
// dies with the test process. TEST_DATABASE_URL names another PostgreSQL
// server to use instead, as `make test` does, so that all packages share one and
// its migrated template. An engine that is missing is a failure, never a skip;
// `go test -short` runs on SQLite alone.
package storetest

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"quittance/portal/seal"
	"quittance/portal/store"
)

// Each runs a test on SQLite and on PostgreSQL, each with a database of its
// own.
func Each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, SQLite(t))
	})
	if testing.Short() {
		return
	}
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, Postgres(t))
	})
}

// EachURL is Each for tests that open the database themselves, as a second
// process would.
func EachURL(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, SQLiteURL(t))
	})
	if testing.Short() {
		return
	}
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, PostgresURL(t))
	})
}

// SQLite opens a migrated SQLite database that is gone after the test.
func SQLite(t testing.TB) *store.Store { return Open(t, SQLiteURL(t)) }

// Postgres opens a migrated PostgreSQL database that is gone after the test.
func Postgres(t testing.TB) *store.Store { return Open(t, PostgresURL(t)) }

// Open opens the database of a URL until the test ends. What it logs is shown
// when the test fails.
func Open(t testing.TB, url string, change ...func(*store.Options)) *store.Store {
	t.Helper()
	s := OpenEmpty(t, url, change...)
	if err := s.Root(t.Context(), []byte("the secret of the tests")); err != nil {
		t.Fatalf("make the root key: %v", err)
	}
	return s
}

// OpenEmpty opens a database that may not be migrated yet, and makes no keys.
func OpenEmpty(t testing.TB, url string, change ...func(*store.Options)) *store.Store {
	t.Helper()
	// A machine that compiles and runs browsers beside the tests may let a write
	// to its disk wait for longer than a consumer would.
	o := store.Options{Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Box: Box(t), WaitTimeout: time.Minute}
	for _, fn := range change {
		fn(&o)
	}
	s, err := store.Open(t.Context(), url, o)
	if err != nil {
		t.Fatalf("open the database: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the database: %v", err)
		}
	})
	return s
}

// Box seals what a test's database holds of persons.
func Box(t testing.TB) *seal.Box {
	t.Helper()
	box, err := seal.Ring(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return box
}

// SQLiteURL makes a migrated SQLite file for the test: a copy of one that is
// migrated once.
func SQLiteURL(t testing.TB) string {
	t.Helper()
	file, err := sqliteTemplate()
	if err != nil {
		t.Fatalf("make a SQLite database: %v", err)
	}
	path := filepath.Join(t.TempDir(), "portal.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "quittance-sqlite-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "portal.db")
	if err := migrate("sqlite:" + path); err != nil {
		return nil, err
	}
	file, err := os.ReadFile(path)
	if err == nil && !bytes.HasPrefix(file, []byte("SQLite format 3")) {
		err = os.ErrInvalid
	}
	return file, err
})
