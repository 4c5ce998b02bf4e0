package pgcluster

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// errNoPostgres tells a person what to do about it.
var errNoPostgres = errors.New("PostgreSQL is not installed on this machine: install its server" +
	" (on Debian: apt-get install -y postgresql)")

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

// disks are where a server's folder may be.
func disks() []string { return []string{os.TempDir(), "/var/tmp", "/dev/shm"} }

// memory is the file system in memory, if it has room for long tests.
func memory() []string {
	const shm, least = "/dev/shm", 6 << 30
	var room syscall.Statfs_t
	if err := syscall.Statfs(shm, &room); err != nil || room.Bavail < least/uint64(max(room.Bsize, 1)) {
		return nil
	}
	return []string{shm}
}

// dataDir makes a folder that the server's user can really write to; the
// temporary folder of root may be closed to it.
func dataDir(owner *syscall.Credential, parents []string) (string, error) {
	var problems []error
	for _, parent := range parents {
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
