package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"quittance/payments/paymentstest"
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
			{"plans/autopay.go", `return unmoved(p), i.PaymentID == "" && !s.Unanswered && p.room(s.Owed-s.Payable) >= 0, nil`,
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
		edits: []edit{{"portal/gate/moving.go", "case p.Status.InFlight():", "case p.Status.InFlight() && false:"}},
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
// fail, or the crash rig must find a fault within the kills of one `make test`.
// PROOF_SEEDS says with how many seeds each bug is tried (`make proof` wants 20).
func TestR3_SeededBugsAreCaught(t *testing.T) {
	for i, bug := range seededBugs {
		t.Run(fmt.Sprintf("%d %s", i+1, bug.bug), func(t *testing.T) {
			overlay := bug.overlay(t)
			if testing.Short() && i != 4 {
				return // the quick loop runs one, and sees that the others still fit the sources
			}
			caught := bug.mutant(t, overlay)
			first, seeds := paymentstest.Seed(t), paymentstest.Budget(t, "PROOF_SEEDS", 1)
			began, ran, found := time.Now(), 0, 0
			for ; ran < seeds && time.Since(began) < patienceForSeeds; ran++ {
				if missed := caught(first + uint64(ran)); missed == "" {
					found++
				} else {
					t.Errorf("seed %d: %s", first+uint64(ran), missed)
				}
			}
			t.Logf("row: %d of %d seeds run, from %d on; caught with %d", ran, seeds, first, found)
		})
	}
}

// patienceForSeeds leaves time to build within an hour.
const patienceForSeeds = 50 * time.Minute

// mutant builds the bug once. What it returns runs it with a seed, and says what
// happened instead when it was not caught.
func (s seeded) mutant(t *testing.T, overlay string) (caught func(seed uint64) string) {
	t.Helper()
	if s.pkg != "" {
		return s.guards(t, overlay)
	}
	binary := buildRig(t, overlay)
	return func(seed uint64) string {
		missed := "the rig did not run"
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			r := newRig(t, storetest.SQLiteURL(t), binary, 0)
			r.hurried, r.dice = true, newDice(seed)
			missed = r.seesNothing(kills(t))
		})
		return missed
	}
}

// seesNothing storms until a fault is seen, in a few pieces so that one which is
// there early is seen early. It returns what to say when none was seen.
func (r *rig) seesNothing(kills int) string {
	const pieces = 4
	for range pieces {
		r.storm(kills / pieces)
		if faults := r.verdict(); len(faults) > 0 {
			r.t.Logf("%d faults in %d payments, the first: %s", len(faults), r.confirmed, faults[0])
			return ""
		}
	}
	return fmt.Sprintf("the rig saw nothing wrong in %d payments", r.confirmed)
}

// TestEachSeededBugFitsTheSourcesAsTheyAre finds a bug whose lines have moved
// before the laws are played.
func TestEachSeededBugFitsTheSourcesAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, bug := range seededBugs {
		bug.overlay(t)
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

// guards builds the guarding tests on the changed sources.
func (s seeded) guards(t *testing.T, overlay string) (caught func(seed uint64) string) {
	t.Helper()
	binary, root := filepath.Join(t.TempDir(), "mutant.test"), filepath.Join("..", "..")
	build := exec.Command("go", "test", "-c", "-overlay", overlay, "-o", binary, s.pkg)
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the tests do not build: %v\n%s", err, out)
	}
	return func(seed uint64) string {
		number := strconv.FormatUint(seed, 10)
		command := exec.Command(binary, "-test.run", s.run, "-test.shuffle", number)
		command.Dir = filepath.Join(root, s.pkg)
		command.Env = append(os.Environ(), "PROOF_SEED="+number)
		out, err := command.CombinedOutput()
		switch {
		case err == nil:
			return "the tests pass with this bug:\n" + string(out)
		case !strings.Contains(string(out), "--- FAIL"):
			return "the tests did not run:\n" + string(out)
		}
		return ""
	}
}
