package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"quittance/payments/paymentstest"
)

// TestEveryFigureComesAbout runs the whole benchmark on tiny sizes. How fast
// anything is does not count here; that pgbench does what the portal does, the
// measurements check themselves.
func TestEveryFigureComesAbout(t *testing.T) {
	paymentstest.Long(t)
	t.Parallel()
	readme := filepath.Join(t.TempDir(), "README.md")
	if err := os.WriteFile(readme, []byte("before\n"+beginMark+"\nold\n"+endMark+"\nafter\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	scripts := t.TempDir()
	var out bytes.Buffer
	err := command(t.Context(), []string{"-quick", "-readme", readme, "-scripts", scripts}, &out, t.Output())
	if err != nil && !errors.Is(err, errMissed) {
		t.Fatal(err)
	}
	written, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	if text := string(written); !strings.Contains(text, out.String()) || !strings.HasPrefix(text, "before\n") ||
		!strings.HasSuffix(text, "\nafter\n") || strings.Contains(text, "old") {
		t.Errorf("README is now:\n%s", text)
	}
	rows := regexp.MustCompile(`(?m)^\| (.+) \| .*[1-9].* \| .*[1-9].* \| \*\*\d+\.\d\d\*\* \| .+ \| .*[1-9].* \|$`).FindAllString(out.String(), -1)
	for i, name := range []string{"Balance page", "99th percentile", "Payment confirmation", "Webhook delivery", "Import", "Claim of the", "Schedule of a plan"} {
		if len(rows) != 7 || !strings.HasPrefix(rows[i], "| "+name) {
			t.Errorf("no figure of %q in\n%s", name, &out)
		}
	}
	for file, order := range said() {
		checkScript(t, filepath.Join(scripts, file), order)
	}
}

// said is what the scripts must hold, in this order: were the tap deaf to some
// of it, the ceilings would be too low to mean anything.
func said() map[string][]string {
	return map[string][]string{
		"page.sql": {"FROM sessions", "FROM accounts", "FROM payments", "FROM debts"},
		"confirmation.sql": {
			"FROM processor_events", "begin", "INSERT INTO processor_events", "FOR NO KEY UPDATE", "UPDATE payments", "INSERT INTO ledger_transfers",
			"INSERT INTO ledger_entries", "INSERT INTO events", "commit",
		},
		"due.sql":      {"FROM plan_installments", "SKIP LOCKED", "UPDATE plan_installments"},
		"webhooks.sql": {"UPDATE deliveries SET leased_until", "SKIP LOCKED", "begin", "UPDATE deliveries", "INSERT INTO delivery_attempts", "commit"},
	}
}

func checkScript(t *testing.T, file string, order []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rest := string(text)
	for _, part := range order {
		_, after, found := strings.Cut(rest, part)
		if !found {
			t.Errorf("%s says no %q after what stands before it:\n%s", filepath.Base(file), part, text)
			return
		}
		rest = after
	}
	if regexp.MustCompile(`[=(, ]\$\d`).MatchString(strings.ReplaceAll(string(text), "Pay $", "")) || strings.Contains(string(text), "unknown type") {
		t.Errorf("%s has parameters without a value:\n%s", filepath.Base(file), text)
	}
}

func TestAGoalThatIsMissedIsNamed(t *testing.T) {
	t.Parallel()
	err := missed([]figure{
		{name: "fast enough", ratio: 0.7, goal: 0.6}, {name: "too slow", ratio: 0.5, goal: 0.6},
		{name: "steady", ratio: 1.4, goal: 1.5, atMost: true}, {name: "growing", ratio: 1.6, goal: 1.5, atMost: true},
	})
	if !errors.Is(err, errMissed) {
		t.Fatal(err)
	}
	for _, name := range []string{"too slow", "growing"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%v does not name %q", err, name)
		}
	}
	for _, name := range []string{"fast enough", "steady"} {
		if strings.Contains(err.Error(), name) {
			t.Errorf("%v names %q", err, name)
		}
	}
}

func TestAScriptKeepsWhatThePortalSaid(t *testing.T) {
	t.Parallel()
	trips := []trip{
		{{sql: "begin"}},
		{
			{sql: "SELECT a\n FROM t WHERE id = $1 AND x = $2", values: []value{{texts: []string{"acc_70001"}}, {null: true}}},
			{sql: "UPDATE t SET a = $2, b = $1, c = $10", values: slices.Concat([]value{
				{texts: []string{"70001"}}, {texts: []string{`it's "a":b \ c`}}}, make([]value, 7), []value{{list: true, texts: []string{"d:70001", "e"}}})},
		},
	}
	for i := range 7 {
		trips[1][1].values[2+i] = value{null: true}
	}
	want := "\\set n 5\nbegin;\n\\startpipeline\nSELECT a\n FROM t WHERE id = ('acc_' || :n) AND x = NULL;\n" +
		`UPDATE t SET a = E'it''s "a"\x3ab \\ c', b = :n, c = ARRAY[(E'd\x3a' || :n), 'e'];` + "\n\\endpipeline\n"
	if got := script([]string{`\set n 5`}, trips, map[string]string{"70001": "n"}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNumbersAreReadable(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{0: "0", 999.4: "999", 999.6: "1,000", 1234567: "1,234,567"} {
		if got := number(v); got != want {
			t.Errorf("%v is written %q, not %q", v, got, want)
		}
	}
	if got := median([]float64{5, 1, 4, 2}); got != 3 {
		t.Errorf("the median is %v", got)
	}
}
