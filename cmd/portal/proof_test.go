package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/cmd/demo"
	"quittance/portal/audit"
	"quittance/portal/store/storetest"
)

// TestREC02_AnAccountIsExportedCheckedAndEachCommandIsInTheLog goes through
// the operator's commands on one database.
func TestREC02_AnAccountIsExportedCheckedAndEachCommandIsInTheLog(t *testing.T) {
	t.Parallel()
	settings := demo.Settings("http://127.0.0.1:1", "http://127.0.0.1:1", "127.0.0.1:1", storetest.SQLiteURL(t))
	settings["PORTAL_SECRET_KEY"] = "first-key-0123456789-abcdefghijklmnopqrstuvwxyz"
	dir := t.TempDir()
	file, out := filepath.Join(dir, "placements.csv"), filepath.Join(dir, "account.zip")
	people := []demo.Sample{{Ref: "A-1", First: "Pat", Last: "Rig", Born: "1980-01-01", City: "Dayton", State: "OH", ZIP: "45402",
		Debts: []demo.SampleDebt{{Creditor: "Rig Clinic", Kind: "medical", Last4: "0001", What: "Care", Amount: 500_00, MonthsAgo: 3}}}}
	if err := os.WriteFile(file, demo.Placements(people, time.Now()), 0o600); err != nil {
		t.Fatal(err)
	}
	step := func(code int, says string, args ...string) {
		t.Helper()
		if said, got := order(t, settings, args...); got != code || !strings.Contains(said, says) {
			t.Errorf("portal %s: %d %s", strings.Join(args, " "), got, said)
		}
	}
	step(exitDone, "", "import", file)
	step(exitDone, "files in", "export", "A-1", "-out", out)
	step(exitDone, "are as they were made", "export", "verify", out)
	step(exitFaults, "no account", "export", "A-2", "-out", out)
	step(exitUsage, "portal export ACCOUNT_REF", "export", "A-1")
	step(exitDone, "1 looks at 1 accounts", "audit", "who", "-actor", "command", "-from", "2000-01-01", "-to", "2099-01-01")
	step(exitUsage, "portal audit who", "audit", "who", "-actor", "command")
	step(exitDone, "1 accounts looked at, 0 due", "retention", "-dry-run")
	step(exitDone, "", "retention", "hold", "A-1", "-reason", "case 1")
	settings["PORTAL_SECRET_KEY_PREVIOUS"] = settings["PORTAL_SECRET_KEY"]
	settings["PORTAL_SECRET_KEY"] = "second-key-0123456789-abcdefghijklmnopqrstuvwxyz"
	step(exitDone, "1 of 1 accounts were sealed again", "reseal")
	delete(settings, "PORTAL_SECRET_KEY_PREVIOUS")
	step(exitDone, "files in", "export", "A-1", "-out", out)
	step(exitDone, "are as they were written", "audit", "verify")
	settings["PORTAL_SECRET_KEY"] = "third-key-0123456789-abcdefghijklmnopqrstuvwxyz"
	step(exitFaults, "PORTAL_SECRET_KEY_PREVIOUS", "audit", "verify")
	if spoilt, err := os.ReadFile(out); err != nil || os.WriteFile(out, spoilt[:len(spoilt)/2], 0o600) != nil {
		t.Fatal(err)
	}
	step(exitFaults, "not as it was made", "export", "verify", out)
}

// TestSEC08_EveryCommandThatChangesSomethingIsInTheLog fails on a command that
// neither writes a line nor is known to change nothing.
func TestSEC08_EveryCommandThatChangesSomethingIsInTheLog(t *testing.T) {
	t.Parallel()
	url := storetest.SQLiteURL(t)
	settings := demo.Settings("http://127.0.0.1:1", "http://127.0.0.1:1", "127.0.0.1:1", url)
	settings["PORTAL_SECRET_KEY"] = "first-key-0123456789-abcdefghijklmnopqrstuvwxyz"
	secret := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(secret, []byte("correct horse battery staple"), 0o600); err != nil {
		t.Fatal(err)
	}
	nothing := map[string]bool{"demo": true, "serve": true, "sim": true, "check": true, "version": true, "packs": true}
	calls := map[string][]string{
		"migrate": {"migrate", "up"}, "import": {"import", "none.csv"}, "codes": {"codes"}, "terms": {"terms", "import", "none.json"},
		"endpoint": {"endpoint", "list"}, "token": {"token", "list"}, "staff": {"staff", "add", "-password-file", secret},
		"audit": {"audit", "verify"}, "reseal": {"reseal"}, "retention": {"retention"}, "export": {"export", "A-1", "-out", "x.zip"},
	}
	db := storetest.OpenEmpty(t, url)
	written := func(command string) bool {
		t.Helper()
		rows, err := db.LooseAudit(t.Context(), 1000)
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(rows, func(r audit.Stored) bool {
			return r.Action == "command" && r.Actor == "command" && strings.HasPrefix(r.Object, command)
		})
	}
	for _, c := range commands() {
		call, known := calls[c.name]
		if nothing[c.name] {
			continue
		}
		if !known {
			t.Errorf("say here how portal %s is called", c.name)
			continue
		}
		if said, _ := order(t, settings, call...); !written(c.name) {
			t.Errorf("portal %s is not in the log; it said %s", strings.Join(call, " "), said)
		}
	}
}
