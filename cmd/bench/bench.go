package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"quittance/portal/store/pgcluster"
)

// sizes say how much is measured.
type sizes struct {
	debts, fewDebts int           // of the two databases of the balance page
	sessions        int           // consumers who have signed in
	clients         int           // kept connections, and pgbench's clients
	rounds          int           // pairs of a run of the portal and one of the ceiling
	during          time.Duration // of a round of the balance page
	confirmations   int           // of each client in a round
	importRows      int           // in a round
	activePlans     int           // of which one in twenty has a charge due on the day
}

func whole() sizes {
	return sizes{
		debts: 1_000_000, fewDebts: 10_000, sessions: 1000, clients: 16, rounds: 5, during: 4 * time.Second,
		confirmations: 200, importRows: 100_000, activePlans: 1_000_000,
	}
}

// quick is enough to see that every figure comes about.
func quick() sizes {
	return sizes{
		debts: 900, fewDebts: 90, sessions: 5, clients: 2, rounds: 1, during: 200 * time.Millisecond, confirmations: 30, importRows: 300, activePlans: 2000,
	}
}

// bench is one run of the benchmark on a cluster of its own.
type bench struct {
	sizes
	cluster  *pgcluster.Cluster
	dir      string
	scripts  string // where pgbench's scripts are written
	receiver *receiver
	options  string // of the portal's own sessions, for pgbench
	progress io.Writer
}

// settings are those of a small machine in production: what is confirmed is on
// the disk.
func settings() []string {
	return []string{
		"fsync=on", "synchronous_commit=on", "full_page_writes=on", "max_connections=100", "shared_buffers=1GB",
		"max_wal_size=4GB", "checkpoint_timeout=15min", "effective_cache_size=4GB",
	}
}

// template is the database that every other is a copy of.
const template = "template_of_all"

func newBench(ctx context.Context, s sizes, progress io.Writer) (*bench, error) {
	b := &bench{sizes: s, progress: progress}
	var err error
	if b.dir, err = os.MkdirTemp("", "quittance-bench-"); err != nil {
		return nil, err
	}
	b.say("starting PostgreSQL")
	if b.cluster, err = pgcluster.Start(ctx, settings()...); err != nil {
		return nil, errors.Join(err, b.close())
	}
	if b.receiver, err = newReceiver(); err != nil {
		return nil, errors.Join(err, b.close())
	}
	if err := b.sql(ctx, b.cluster.URL("postgres"), "CREATE DATABASE "+template); err != nil {
		return nil, errors.Join(err, b.close())
	}
	p, err := openPortal(ctx, b.cluster.URL(template), 2, randomName)
	if err == nil {
		err = p.close()
	}
	if err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

func (b *bench) close() error {
	var errs []error
	if b.receiver != nil {
		errs = append(errs, b.receiver.close())
	}
	if b.cluster != nil {
		errs = append(errs, b.cluster.Close())
	}
	return errors.Join(append(errs, os.RemoveAll(b.dir))...)
}

func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(b.progress, "bench: "+format+"\n", args...)
}

// create makes a migrated database without rows.
func (b *bench) create(ctx context.Context, name string) error {
	return b.sql(ctx, b.cluster.URL("postgres"), "CREATE DATABASE "+name+" TEMPLATE "+template)
}

// postgres opens the portal on a new PostgreSQL database.
func (b *bench) postgres(ctx context.Context, name string) (*portal, error) {
	if err := b.create(ctx, name); err != nil {
		return nil, err
	}
	return openPortal(ctx, b.cluster.URL(name), 0, counted(), b.receiver.address())
}

// sqlite opens the portal on a new SQLite file.
func (b *bench) sqlite(ctx context.Context, name string, ids naming) (*portal, error) {
	return openPortal(ctx, "sqlite:"+filepath.Join(b.dir, name+".db"), 0, ids, b.receiver.address())
}

// sql runs statements on a database, each on its own.
func (b *bench) sql(ctx context.Context, url string, statements ...string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, s := range statements {
		if _, err := conn.Exec(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

// tapped opens a portal with one connection that is listened to.
func (b *bench) tapped(ctx context.Context, database string, fn func(p *portal, tap *wiretap) ([]trip, error)) (trips []trip, err error) {
	tap, err := newWiretap(database)
	if err != nil {
		return nil, err
	}
	p, err := openPortal(ctx, tap.url(database), 1, randomName, b.receiver.address())
	if err != nil {
		return nil, errors.Join(err, tap.close())
	}
	trips, err = fn(p, tap)
	b.options = sessionOptions(tap.session)
	return trips, errors.Join(err, p.close(), tap.close())
}

func (b *bench) ceiling(database string) *ceiling {
	return &ceiling{cluster: b.cluster, url: database, options: b.options, dir: cmp.Or(b.scripts, b.dir)}
}

// pair is what the portal and its ceiling reached side by side.
type pair struct{ portal, ceiling outcome }

// String tells both ratios: of rates, and of processor time.
func (p pair) String() string {
	portal, ceiling := p.portal.own+p.portal.server, p.ceiling.own+p.ceiling.server
	return fmt.Sprintf("%.2f (by processor time %.2f)", p.portal.rate/p.ceiling.rate, ceiling.Seconds()/max(portal.Seconds(), 1e-9))
}

// compare lets the portal and its ceiling take turns, so that whatever else the
// machine does meets both. The first round warms up and does not count, and
// who begins changes from round to round.
func (b *bench) compare(name string, portal, ceiling func() (outcome, error)) ([]pair, error) {
	var pairs []pair
	for round := range b.rounds + 1 {
		var p pair
		turns := []func() error{
			func() (err error) { p.portal, err = portal(); return },
			func() (err error) { p.ceiling, err = ceiling(); return },
		}
		if round%2 == 1 {
			slices.Reverse(turns)
		}
		for _, turn := range turns {
			if err := turn(); err != nil {
				return nil, err
			}
		}
		b.say("%s, round %d: %s, ceiling %s: %s", name, round, p.portal, p.ceiling, p)
		if round > 0 {
			pairs = append(pairs, p)
		}
	}
	return pairs, nil
}

// alone repeats a measurement that has no ceiling and returns the median.
func (b *bench) alone(name string, measure func() (outcome, error)) (float64, error) {
	var all []float64
	for round := range b.rounds + 1 {
		v, err := measure()
		if err != nil {
			return 0, err
		}
		if round > 0 {
			all = append(all, v.rate)
		}
	}
	b.say("%s on SQLite: %.0f/s", name, median(all))
	return median(all), nil
}

func median(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
