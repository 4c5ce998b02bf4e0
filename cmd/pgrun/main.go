// Command pgrun runs a command beside a PostgreSQL server of its own, whose
// address the command finds in TEST_DATABASE_URL: `pgrun make test`. The server
// is gone when the command ends, or when pgrun does. Where TEST_DATABASE_URL is
// set already, no server is started. Where the machine has a file system in
// memory with room, the command's temporary files are there: no test then waits
// for a disk that a compiler is writing to. It exits as the command does.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"quittance/portal/store/pgcluster"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "pgrun: name the command to run")
		os.Exit(2)
	}
	err := run(os.Args[1:])
	var ended *exec.ExitError
	if errors.As(err, &ended) && ended.ExitCode() > 0 {
		os.Exit(ended.ExitCode())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "pgrun:", err)
		os.Exit(1)
	}
}

func run(args []string) (err error) {
	// An interrupt reaches the command as well; the server must outlive it.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if os.Getenv("TEST_DATABASE_URL") == "" {
		cluster, err := pgcluster.StartForTests(context.Background())
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, cluster.Close()) }()
		if err := os.Setenv("TEST_DATABASE_URL", cluster.URL("postgres")); err != nil {
			return err
		}
	}
	if free(memory) > roomForTests {
		remove, err := tempIn(memory)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, remove()) }()
	}
	command := exec.CommandContext(context.Background(), args[0], args[1:]...) //nolint:gosec // it runs what it is asked to
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := command.Start(); err != nil {
		return err
	}
	go func() {
		for s := range signals {
			if s == syscall.SIGTERM { // a terminal sends it to nobody else
				_ = command.Process.Signal(s)
			}
		}
	}()
	return command.Wait()
}

// memory is the folder that Linux keeps in memory, and roomForTests is how many
// bytes must be free there: the tests of all packages side by side keep less
// than a tenth of it.
const (
	memory       = "/dev/shm"
	roomForTests = 4 << 30
)

// free is how many bytes a file system has left, 0 where there is none.
func free(dir string) uint64 {
	var about syscall.Statfs_t
	if syscall.Statfs(dir, &about) != nil {
		return 0
	}
	return about.Bavail * uint64(about.Bsize)
}

// tempIn has the command keep its temporary files, but not those of the compiler,
// in a folder of their own, which remove takes away again.
func tempIn(parent string) (remove func() error, err error) {
	disk := os.TempDir()
	dir, err := os.MkdirTemp(parent, "quittance-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for temporary files: %w", err)
	}
	remove = func() error { return os.RemoveAll(dir) }
	err = os.Setenv("TMPDIR", dir)
	if err == nil && os.Getenv("GOTMPDIR") == "" {
		err = os.Setenv("GOTMPDIR", disk)
	}
	if err != nil {
		return nil, errors.Join(err, remove())
	}
	return remove, nil
}
