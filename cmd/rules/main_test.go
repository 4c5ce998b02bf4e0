package main

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestIdsAreFoundInNamesAndInTheCommentAbove(t *testing.T) {
	t.Parallel()
	found := carried("x_test.go", `
// TestOther says nothing.
func TestOther(t *testing.T) {}

// It follows STR-02 and A11-05.
func TestAMT07_TwoTabs(t *testing.T) {
	x := map[string]bool{"SMS-01 texts are off": true, "COM-05": true}
}

func TestA11_02_NoPuzzle(t *testing.T) {}
  test('DSC-04 nothing is said before', async () => {})
`)
	for _, id := range []string{"AMT-07", "STR-02", "A11-05", "DSC-04", "SMS-01", "A11-02"} {
		if len(found[id]) != 1 {
			t.Errorf("%s was found in %v", id, found[id])
		}
	}
	if len(found) != 6 {
		t.Errorf("found %v", found)
	}
}

func TestEveryRuleHasOneLineAndAName(t *testing.T) {
	t.Parallel()
	var seen []string
	for line := range strings.Lines(table) {
		id, about, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || about == "" || slices.Contains(seen, id) {
			t.Errorf("%q is not a rule of its own", line)
		}
		seen = append(seen, id)
	}
	if len(seen) < 100 {
		t.Errorf("only %d rules are listed", len(seen))
	}
}

func TestARuleWithoutATestIsAFaultUnlessItIsPaper(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{}
	for _, r := range lines(table) {
		tests[r.id] = []string{"x_test.go: TestOfIt"}
	}
	delete(tests, "STR-01") // stands in elsewhere.tsv
	var out bytes.Buffer
	if err := report(&out, tests, false); err != nil || !strings.Contains(out.String(), "not the portal's to keep: a contract") || !strings.Contains(out.String(), "0 have no test") {
		t.Errorf("everything is carried: %v\n%s", err, &out)
	}
	delete(tests, "DIS-02")
	out.Reset()
	if err := report(&out, tests, true); !errors.Is(err, errUntested) || !strings.Contains(out.String(), "DIS-02") || strings.Contains(out.String(), "DIS-03") {
		t.Errorf("one rule has no test: %v\n%s", err, &out)
	}
}

func TestWhatIsElsewhereIsARuleAndHasAReason(t *testing.T) {
	t.Parallel()
	known := rows(table)
	for _, r := range lines(elsewhere) {
		if known[r.id] == "" || len(r.text) < 40 {
			t.Errorf("%q: %q", r.id, r.text)
		}
	}
}
