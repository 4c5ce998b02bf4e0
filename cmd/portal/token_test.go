package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"quittance/cmd/demo"
	"quittance/portal/store/storetest"
)

var tokenNamed = regexp.MustCompile(`tok_[A-Z2-7]+`)

// TestS10_ATokenIsIssuedForCreditorsThatThereAreAndRotatedByCommand uses the
// operator's commands.
func TestS10_ATokenIsIssuedForCreditorsThatThereAreAndRotatedByCommand(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		settings := demo.Settings("http://127.0.0.1:1", "http://127.0.0.1:1", "127.0.0.1:1", url)
		settings["PORTAL_SECRET_KEY"] = "first-key-0123456789-abcdefghijklmnopqrstuvwxyz"
		file := filepath.Join(t.TempDir(), "placements.csv")
		if err := os.WriteFile(file, demo.Placements(demo.Samples()[:2], time.Now()), 0o600); err != nil {
			t.Fatal(err)
		}
		step := func(code int, says string, args ...string) string {
			t.Helper()
			said, got := order(t, settings, args...)
			if got != code || !strings.Contains(said, says) {
				t.Errorf("portal %s: %d %s", strings.Join(args, " "), got, said)
			}
			return said
		}
		step(exitDone, "", "migrate", "up")
		step(exitDone, "", "import", file)
		step(exitUsage, `there are: C-101, C-102, C-201, C-301`, "token", "issue", "-scopes", "events:read", "-creditor", "C-102", "-creditor", "C-999")
		step(exitUsage, "takes all or none", "token", "issue", "-scopes", "events:read", "-creditors", "some")
		step(exitFaults, "a token needs", "token", "issue", "-scopes", "events:read", "-creditors", "none")
		issued := tokenNamed.FindString(step(exitDone, "valid until", "token", "issue", "-scopes", "events:read", "-creditor", "C-201", "-creditor", "C-101"))
		step(exitDone, "C-101,C-201", "token", "list")
		step(exitDone, "works on for 2h0m0s", "token", "rotate", issued, "-overlap", "2h")
		if said := step(exitDone, "rotated, until", "token", "list"); strings.Count(said, "C-101,C-201") != 2 || !strings.Contains(said, "never used") {
			t.Errorf("both stand in the list: %s", said)
		}
		step(exitFaults, "only a token that works", "token", "rotate", issued)
		step(exitFaults, "no such token", "token", "rotate", "tok_none")
		step(exitDone, "", "token", "issue", "-scopes", "events:read")
		step(exitDone, "  *  ", "token", "list")
	})
}
