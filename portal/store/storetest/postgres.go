package storetest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"quittance/portal/store"
	"quittance/portal/store/migrations"
	"quittance/portal/store/pgcluster"
)

// PostgresURL makes a migrated PostgreSQL database for the test.
func PostgresURL(t testing.TB) string {
	t.Helper()
	server, err := postgresServer()
	if err != nil {
		t.Fatalf("no PostgreSQL (TEST_DATABASE_URL may name a server where databases may be created): %v", err)
	}
	name := "quittance_test_" + strings.ToLower(rand.Text())
	if err := server.admin(t.Context(), "CREATE DATABASE "+name+" TEMPLATE "+server.template+server.strategy); err != nil {
		t.Fatalf("create a PostgreSQL database: %v", err)
	}
	t.Cleanup(func() {
		if err := server.admin(context.WithoutCancel(t.Context()), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the PostgreSQL database: %v", err)
		}
	})
	return server.database(name)
}

// pgServer is a PostgreSQL server on which databases may be created.
type pgServer struct {
	url      *url.URL
	template string             // the migrated database that each test's is a copy of
	strategy string             // how it is copied
	desk     *pgxpool.Pool      // where databases are made and dropped
	cluster  *pgcluster.Cluster // ours, held so that it lives as long as the process
}

func (p *pgServer) database(name string) string {
	u := *p.url
	u.Path = "/" + name
	return u.String()
}

func (p *pgServer) admin(ctx context.Context, statement string) error {
	_, err := p.desk.Exec(ctx, statement)
	return err
}

// postgresServer finds or starts the server, once a process.
var postgresServer = sync.OnceValues(func() (*pgServer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*pgcluster.StartWithin)
	defer cancel()
	p, address := &pgServer{}, os.Getenv("TEST_DATABASE_URL")
	if address == "" {
		cluster, err := pgcluster.StartForTests(ctx)
		if err != nil {
			return nil, err
		}
		p.cluster, address = cluster, cluster.URL("postgres")
	}
	var err error
	if p.url, err = url.Parse(address); err != nil {
		return nil, err
	}
	if err = p.makeTemplate(ctx); err != nil {
		return nil, fmt.Errorf("make the template database: %w", err)
	}
	if p.desk, err = pgxpool.New(context.Background(), address); err != nil {
		return nil, err
	}
	return p, nil
})

// makeTemplate migrates the database that is copied, unless another process
// has. Its name says which migrations it has seen.
func (p *pgServer) makeTemplate(ctx context.Context) error {
	files, err := migrations.For("postgres")
	if err != nil {
		return err
	}
	seen := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(seen, "%s %d %s", name, len(files[name]), files[name])
	}
	p.template = fmt.Sprintf("quittance_template_%x", seen.Sum(nil)[:8])
	conn, err := pgx.Connect(ctx, p.url.String())
	if err != nil {
		return err
	}
	defer conn.Close(ctx) // gives the lock back
	if _, err = conn.Exec(ctx, "SELECT pg_advisory_lock(hashtext('quittance_template'))"); err != nil {
		return err
	}
	// Files are copied in half the time that pages take, whose copies are logged.
	// Before version 15 there is no other way, and no word for it.
	if err = conn.QueryRow(ctx, "SELECT CASE WHEN current_setting('server_version_num')::int >= 150000 THEN ' STRATEGY file_copy' ELSE '' END").Scan(&p.strategy); err != nil {
		return err
	}
	var there bool
	if err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", p.template).Scan(&there); err != nil || there {
		return err
	}
	unfinished := p.template + "_unfinished"
	for _, statement := range []string{"DROP DATABASE IF EXISTS " + unfinished + " WITH (FORCE)", "CREATE DATABASE " + unfinished} {
		if _, err = conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	if err = migrate(p.database(unfinished)); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE "+unfinished+" RENAME TO "+p.template)
	return err
}

// migrate brings a new database to the current schema.
func migrate(url string) error {
	ctx, cancel := context.WithTimeout(context.Background(), pgcluster.StartWithin)
	defer cancel()
	s, err := store.Open(ctx, url, store.Options{Log: slog.New(slog.DiscardHandler), MaxConns: 2})
	if err != nil {
		return err
	}
	_, err = s.Migrate(ctx)
	return errors.Join(err, s.Close())
}
