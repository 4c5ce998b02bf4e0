package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// TestSEC08_NobodyElseOnThisMachineReadsTheDatabase: new files, and those that
// were made otherwise (F12).
func TestSEC08_NobodyElseOnThisMachineReadsTheDatabase(t *testing.T) {
	t.Parallel()
	fresh := filepath.Join(t.TempDir(), "new", "portal.db")
	held := strings.TrimPrefix(storetest.SQLiteURL(t), "sqlite:")
	for _, name := range []string{held, held + "-wal", held + "-shm"} {
		file, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
		must(t, err)
		must(t, file.Close())
		must(t, os.Chmod(name, 0o644))
	}
	for _, path := range []string{fresh, held} {
		s, err := store.Open(t.Context(), "sqlite:"+path, store.Options{})
		must(t, err)
		_, err = s.Migrate(t.Context())
		must(t, err)
		for _, name := range []string{path, path + "-wal", path + "-shm"} {
			about, err := os.Stat(name)
			must(t, err)
			if about.Mode().Perm() != 0o600 {
				t.Errorf("%s is %v", filepath.Base(name), about.Mode())
			}
		}
		must(t, s.Close())
	}
}
