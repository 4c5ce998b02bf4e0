package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"quittance/portal/store/storetest"
)

// seeded is one bug that loses or doubles money, as a change of one or two
// lines of the real sources. The sources on disk are never touched.
type seeded struct {
	bug   string
	edits []edit
	// pkg and run name the test that must fail; empty means that the crash rig
	// must find a fault.
	pkg, run string
}

type edit struct{ file, old, new string }

var seededBugs = []seeded{
	{
		bug:   "what was submitted is given up without asking the processor",
		edits: []edit{{"payments/steps.go", `return p.IntentID != "" || p.CheckoutID != ""`, "return false"}},
	},
	{
		bug: "a lost answer is shown as not paid",
		edits: []edit{
			{"payments/submit.go", "return lose(p, s.now()), nil", "return giveUp(p, Failed, FailureRefused, s.now()), nil"},
			{"payments/steps.go", `return p.IntentID != "" || p.CheckoutID != ""`, "return false"},
		},
	},
	{
		bug: "the webhook is written after the payment is committed",
		edits: []edit{{"payments/change.go", "\t\treturn s.tell(ctx, c)\n\t})\n", "\t\treturn nil\n\t})\n" +
			"\tif err == nil && c.Moved {\n\t\ttime.Sleep(20 * time.Millisecond)\n" +
			"\t\terr = s.Tx.InTx(ctx, func(ctx context.Context) error { return s.tell(ctx, c) })\n\t}\n"}},
	},
	{
		bug: "a charge of a plan that is under way is begun again under a new key",
		edits: []edit{
			{"plans/credit.go", "i.Status == InFlight && i.PaymentID != pay.ID:", "i.Status == InFlight && i.PaymentID != pay.ID && false:"},
			{"plans/autopay.go", `return unmoved(p), i.PaymentID == "" && !s.Unanswered, nil // died before asking: the same key again`,
				"next := p.clone()\n\t\tnext.Installments[next.index(number)].Attempts++\n\t\treturn moved(p, next, Housekeeping, now), true, nil"},
		},
		pkg: "./plans", run: "TestSTR07_WhoDied",
	},
	{
		bug:   "an event is believed without its signature",
		edits: []edit{{"payments/stripegw/event.go", "\tif !fits {", "\tif false && !fits {"}},
		pkg:   "./payments/stripegw", run: "TestSTR04|TestS15",
	},
	{
		bug:   "an event that was recorded is applied again",
		edits: []edit{{"portal/store/inbox.go", "return rows == 1, err", "return rows >= 0, err"}},
		pkg:   "./portal/store", run: "TestTheSameEventIsRecordedOnce",
	},
	{
		bug:   "what another payment reserves is not counted",
		edits: []edit{{"portal/store/statement.go", "case sh.status.Holds():", "case sh.status.Holds() && false:"}},
		pkg:   "./portal/store", run: "TestAMT07",
	},
	{
		bug:   "an older file overwrites newer knowledge",
		edits: []edit{{"portal/debt/debt.go", "return s.Version > held.Version", "return s.Version != held.Version"}},
		pkg:   "./portal/intake", run: "TestM3|TestDecideIsMonotone",
	},
	{
		bug:   "an older word of the processor undoes a newer one",
		edits: []edit{{"payments/apply.go", "t.ObservedAt.Before(p.ObservedAt)", "false && t.ObservedAt.Before(p.ObservedAt)"}},
		pkg:   "./payments", run: "Apply|Order|Chaos|Laws",
	},
}

// TestR3_SeededBugsAreCaught proves that the tests can see: each bug is put
// into the sources by an overlay, and the test that guards against it must
// fail, or the crash rig must find a fault.
func TestR3_SeededBugsAreCaught(t *testing.T) {
	for i, bug := range seededBugs {
		t.Run(bug.bug, func(t *testing.T) {
			overlay := bug.overlay(t)
			if testing.Short() && i != 4 {
				return // the quick loop runs one, and sees that the others still fit the sources
			}
			if bug.pkg != "" {
				bug.mustFail(t, overlay)
				return
			}
			r := newRig(t, storetest.SQLiteURL(t), buildRig(t, overlay), 0)
			r.hurried = true
			// A kill finds the moment by chance: on a slow machine it takes more of them.
			var faults []string
			for round := 0; round < 4 && len(faults) == 0; round++ {
				r.storm(60)
				faults = r.verdict()
			}
			if len(faults) == 0 {
				t.Fatalf("the rig saw nothing wrong in %d payments", r.confirmed)
			}
			t.Logf("%d faults in %d payments, the first: %s", len(faults), r.confirmed, faults[0])
		})
	}
}

// overlay writes the changed sources beside the real ones.
func (s seeded) overlay(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	changed := map[string]string{}
	for _, e := range s.edits {
		path, err := filepath.Abs(filepath.Join("..", "..", filepath.FromSlash(e.file)))
		if err != nil {
			t.Fatal(err)
		}
		source, seen := changed[path]
		if !seen {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			source = string(content)
		}
		if !strings.Contains(source, e.old) {
			t.Fatalf("%s no longer holds %q: write the seeded bug anew", e.file, e.old)
		}
		changed[path] = strings.Replace(source, e.old, e.new, 1)
	}
	replace := map[string]string{}
	for path, source := range changed {
		copied := filepath.Join(dir, fmt.Sprintf("%d_%s", len(replace), filepath.Base(path)))
		if err := os.WriteFile(copied, []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		replace[path] = copied
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(name, list, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// mustFail runs the guarding tests on the changed sources.
func (s seeded) mustFail(t *testing.T, overlay string) {
	t.Helper()
	command := exec.Command("go", "test", "-short", "-count=1", "-overlay", overlay, "-run", s.run, s.pkg)
	command.Dir = filepath.Join("..", "..")
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := command.CombinedOutput()
	switch {
	case err == nil:
		t.Errorf("the tests pass with this bug:\n%s", out)
	case !strings.Contains(string(out), "--- FAIL"):
		t.Errorf("the tests did not run:\n%s", out)
	}
}
