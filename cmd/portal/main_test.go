package main

import (
	"os"
	"strings"
	"testing"

	_ "quittance/portal/identity/identitytest" // hashes cost nothing here, but in the processes that tests start
)

func TestTheReadmeListsEachCommand(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range commands() {
		if !strings.Contains(string(text), "| `portal "+c.name+"` | ") {
			t.Errorf("README's table of commands lacks `portal %s`", c.name)
		}
	}
	if rows := strings.Count(string(text), "\n| `portal "); rows != len(commands()) {
		t.Errorf("README's table has %d commands, the binary %d", rows, len(commands()))
	}
}
