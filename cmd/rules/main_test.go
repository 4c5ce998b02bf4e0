package main

import (
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
func TestAMT07_TwoTabs(t *testing.T) {}
  test('DSC-04 nothing is said before', async () => {})
`)
	for _, id := range []string{"AMT-07", "STR-02", "A11-05", "DSC-04"} {
		if len(found[id]) != 1 {
			t.Errorf("%s was found in %v", id, found[id])
		}
	}
	if len(found) != 4 {
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
