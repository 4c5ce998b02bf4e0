package storetest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"quittance/portal/store"
	"quittance/portal/store/pgcluster"
)

var databases atomic.Int64

// PostgresURL makes a migrated PostgreSQL database for the test.
func PostgresURL(t testing.TB) string {
	t.Helper()
	server, err := postgresServer()
	if err != nil {
		t.Fatalf("no PostgreSQL (TEST_DATABASE_URL may name a server where databases may be created): %v", err)
	}
	name := fmt.Sprintf("quittance_test_%d_%d", os.Getpid(), databases.Add(1))
	if err := server.create(t.Context(), name); err != nil {
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
	template string             // a migrated database; empty on a server that is not ours
	one      sync.Mutex         // a template can be copied by one session at a time
	cluster  *pgcluster.Cluster // ours, held so that it lives as long as the process
}

func (p *pgServer) database(name string) string {
	u := *p.url
	u.Path = "/" + name
	return u.String()
}

func (p *pgServer) admin(ctx context.Context, statement string) error {
	return pgcluster.Exec(ctx, p.url.String(), statement)
}

func (p *pgServer) create(ctx context.Context, name string) error {
	if p.template == "" {
		if err := p.admin(ctx, "CREATE DATABASE "+name); err != nil {
			return err
		}
		return migrate(p.database(name))
	}
	p.one.Lock()
	defer p.one.Unlock()
	return p.admin(ctx, "CREATE DATABASE "+name+" TEMPLATE "+p.template)
}

// postgresServer finds or starts the server, once a process.
var postgresServer = sync.OnceValues(func() (*pgServer, error) {
	if given := os.Getenv("TEST_DATABASE_URL"); given != "" {
		u, err := url.Parse(given)
		return &pgServer{url: u}, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*pgcluster.StartWithin)
	defer cancel()
	cluster, err := pgcluster.Start(ctx, "fsync=off", "full_page_writes=off", "max_connections=300", "shared_buffers=64MB")
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(cluster.URL("postgres"))
	if err != nil {
		return nil, err
	}
	p := &pgServer{url: u, cluster: cluster}
	if err := p.create(ctx, "quittance_template"); err != nil {
		return nil, fmt.Errorf("make the template database: %w", err)
	}
	p.template = "quittance_template"
	return p, nil
})

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
