package intake

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestTheReadmeNamesEachColumnAndWhetherItIsNeeded(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "\n- needed: ")
	needed, rest, _ := strings.Cut(rest, "\n- where known: ")
	known, _, _ := strings.Cut(rest, "\n\n")
	said := map[bool][]string{true: names(needed), false: names(known)}
	for _, f := range fields {
		if !slices.Contains(said[f.needed], f.name) {
			t.Errorf("README does not list %s where it belongs (needed: %v)", f.name, f.needed)
		}
	}
	if n := len(said[true]) + len(said[false]); n != int(columns) {
		t.Errorf("README lists %d columns, there are %d", n, columns)
	}
}

func names(text string) []string {
	return regexp.MustCompile("[a-z_0-9]{4,}").FindAllString(text, -1)
}
