package main

import (
	"errors"
	"strings"
	"testing"
)

// TestWhatOnlyTestsCallIsFound runs over this package and one with a function
// that only tests call.
func TestWhatOnlyTestsCallIsFound(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := run(&out, "./testdata/dead"); !errors.Is(err, errDead) {
		t.Fatalf("%v: %s", err, out.String())
	}
	if got, want := out.String(), "(*quittance/cmd/deadcode/testdata/dead/shed.Tool).Rust\nquittance/cmd/deadcode/testdata/dead/shed.Unused\n"; got != want {
		t.Errorf("found %q, want %q", got, want)
	}
}
