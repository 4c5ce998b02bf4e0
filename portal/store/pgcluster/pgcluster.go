// Package pgcluster runs a PostgreSQL server of its own for tests and
// benchmarks. The server dies with the process that started it, however that
// ends, and leaves nothing behind. It is no part of the product.
package pgcluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// StartWithin is how long a new cluster may take until it answers.
const StartWithin = 60 * time.Second

// Cluster is a running server that trusts whoever reaches it on loopback.
type Cluster struct {
	// Bin is the folder of the server's programs, Dir that of its data and log.
	Bin, Dir string

	url   url.URL
	alive io.Closer // our end of the watchdog's pipe: closed when we die
	cmd   *exec.Cmd
}

// watchdog runs the server until the process that started it lets go of the
// pipe on its standard input, and then removes every trace.
const watchdog = `
bin=$1 dir=$2 port=$3
shift 3
"$bin/initdb" --no-sync -A trust -U postgres -E UTF8 --locale=C -D "$dir/data" >"$dir/log" 2>&1 || exit 1
"$bin/postgres" -D "$dir/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= "$@" >>"$dir/log" 2>&1 &
server=$!
read -r _
kill -QUIT $server
wait $server
rm -rf "$dir/data" "$dir/log"
rmdir "$dir" 2>/dev/null
true`

// Start makes a cluster with these settings ("fsync=off") and waits until it
// answers.
func Start(ctx context.Context, settings ...string) (*Cluster, error) {
	return start(ctx, disks(), settings)
}

func start(ctx context.Context, parents, settings []string) (*Cluster, error) {
	c, err := launch(parents, settings)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, StartWithin)
	defer cancel()
	if err := c.await(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// StartForTests makes a cluster that forgets all in a crash and has room for
// packages that are tested at once. It lies in memory where there is enough: each
// test's database is a thousand files that soon are gone.
func StartForTests(ctx context.Context) (*Cluster, error) {
	return start(ctx, append(memory(), disks()...), []string{
		"fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_wal_size=256MB", "autovacuum_naptime=5min", "max_connections=1000", "shared_buffers=64MB",
	})
}

func launch(parents, settings []string) (*Cluster, error) {
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
	dir, err := dataDir(owner, parents)
	if err != nil {
		return nil, err
	}
	args := []string{"-c", watchdog, "sh", bin, dir, strconv.Itoa(port)}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	cmd := exec.Command("sh", args...)
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: owner}
	alive, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start PostgreSQL: %w", err)
	}
	address := url.URL{
		Scheme: "postgres", User: url.User("postgres"), Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)),
		RawQuery: "sslmode=disable",
	}
	return &Cluster{Bin: bin, Dir: dir, url: address, alive: alive, cmd: cmd}, nil
}

// URL is the address of one of the server's databases.
func (c *Cluster) URL(database string) string {
	u := c.url
	u.Path = "/" + database
	return u.String()
}

// Program is the path of one of PostgreSQL's programs.
func (c *Cluster) Program(name string) string { return filepath.Join(c.Bin, name) }

// PID is the process that watches over the server, its parent.
func (c *Cluster) PID() int { return c.cmd.Process.Pid }

// Exec runs one statement outside of any transaction.
func (c *Cluster) Exec(ctx context.Context, database, statement string) error {
	return Exec(ctx, c.URL(database), statement)
}

// Close stops the server at once and removes its files.
func (c *Cluster) Close() error { return errors.Join(c.alive.Close(), c.cmd.Wait()) }

// await asks until the server answers.
func (c *Cluster) await(ctx context.Context) error {
	for {
		err := c.Exec(ctx, "postgres", "SELECT 1")
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL did not start within %s: %w", StartWithin, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Exec runs one statement on a connection of its own, outside of any
// transaction.
func Exec(ctx context.Context, url, statement string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
