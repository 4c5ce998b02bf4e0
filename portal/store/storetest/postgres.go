package storetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"quittance/portal/store"
)

// errNoPostgres tells a person what to do about it.
var errNoPostgres = errors.New("PostgreSQL is not installed on this machine: install its server" +
	" (on Debian: apt-get install -y postgresql) or set TEST_DATABASE_URL to a server where databases may be created")

// startWithin is how long a new cluster may take until it answers.
const startWithin = 60 * time.Second

var databases atomic.Int64

// PostgresURL makes a migrated PostgreSQL database for the test.
func PostgresURL(t testing.TB) string {
	t.Helper()
	server, err := postgresServer()
	if err != nil {
		t.Fatal(err)
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
	template string     // a migrated database; empty on a server that is not ours
	one      sync.Mutex // a template can be copied by one session at a time
	alive    io.Closer  // our end of the watchdog's pipe: closed when we die
}

func (p *pgServer) database(name string) string {
	u := *p.url
	u.Path = "/" + name
	return u.String()
}

func (p *pgServer) admin(ctx context.Context, statement string) error {
	c, err := pgx.Connect(ctx, p.url.String())
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	_, err = c.Exec(ctx, statement)
	return err
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
	p, err := startPostgres()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), startWithin)
	defer cancel()
	if err := p.await(ctx); err != nil {
		return nil, err
	}
	if err := p.create(ctx, "quittance_template"); err != nil {
		return nil, fmt.Errorf("make the template database: %w", err)
	}
	p.template = "quittance_template"
	return p, nil
})

// watchdog runs the server until the test process lets go of the pipe on its
// standard input, however that process ends, and then removes every trace.
const watchdog = `
bin=$1 dir=$2 port=$3
"$bin/initdb" --no-sync -A trust -U postgres -E UTF8 --locale=C -D "$dir/data" >"$dir/log" 2>&1 || exit 1
"$bin/postgres" -D "$dir/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
	-c fsync=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=64MB >>"$dir/log" 2>&1 &
server=$!
read -r _
kill -QUIT $server
wait $server
rm -rf "$dir/data" "$dir/log"
rmdir "$dir" 2>/dev/null
true`

func startPostgres() (*pgServer, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	owner, err := unprivileged()
	if err != nil {
		return nil, err
	}
	dir, err := dataDir(owner)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("sh", "-c", watchdog, "sh", bin, dir, strconv.Itoa(port))
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: owner}
	alive, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	u := &url.URL{
		Scheme: "postgres", User: url.User("postgres"), Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)),
		Path: "/postgres", RawQuery: "sslmode=disable",
	}
	return &pgServer{url: u, alive: alive}, nil
}

// await asks until the server answers.
func (p *pgServer) await(ctx context.Context) error {
	for {
		err := p.admin(ctx, "SELECT 1")
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL did not start within %s: %w", startWithin, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// binaries finds the folder of the newest server programs.
func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(real), nil
		}
	}
	var found []string
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin/initdb", "/usr/pgsql-*/bin/initdb", "/opt/homebrew/opt/postgresql*/bin/initdb"} {
		matches, err := filepath.Glob(pattern)
		if err != nil {
			return "", err
		}
		found = append(found, matches...)
	}
	if len(found) == 0 {
		return "", errNoPostgres
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

// unprivileged names the user to run the server as when we are root, which
// PostgreSQL refuses to run as; nil otherwise.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL does not run as root and there is no user for it: %w", err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// dataDir makes a folder that the server's user can really write to; the
// temporary folder of root may be closed to it.
func dataDir(owner *syscall.Credential) (string, error) {
	var problems []error
	for _, parent := range []string{os.TempDir(), "/var/tmp", "/dev/shm"} {
		dir, err := os.MkdirTemp(parent, "quittance-postgres-")
		if err != nil {
			problems = append(problems, err)
			continue
		}
		if err = writable(dir, owner); err == nil {
			return dir, nil
		}
		problems = append(problems, fmt.Errorf("%s: %w", dir, err), os.Remove(dir))
	}
	return "", fmt.Errorf("no folder for PostgreSQL's data: %w", errors.Join(problems...))
}

func writable(dir string, owner *syscall.Credential) error {
	if owner == nil {
		return nil
	}
	if err := os.Chown(dir, int(owner.Uid), int(owner.Gid)); err != nil {
		return err
	}
	try := exec.Command("sh", "-c", `cd "$1" && : >try && rm try`, "sh", dir)
	try.SysProcAttr = &syscall.SysProcAttr{Credential: owner}
	return try.Run()
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// migrate brings a new database to the current schema.
func migrate(url string) error {
	ctx, cancel := context.WithTimeout(context.Background(), startWithin)
	defer cancel()
	s, err := store.Open(ctx, url, store.Options{Log: slog.New(slog.DiscardHandler), MaxConns: 2})
	if err != nil {
		return err
	}
	_, err = s.Migrate(ctx)
	return errors.Join(err, s.Close())
}
