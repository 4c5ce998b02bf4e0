package portal_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// TestADependencyThatCompilesLongSaysSo: a module of which programs compile more
// than 30,000 lines has its seconds in CONTRIBUTING's table.
func TestADependencyThatCompilesLongSaysSo(t *testing.T) {
	t.Parallel()
	const many = 30_000
	table, err := os.ReadFile(filepath.Join("..", "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	large := 0
	for module, lines := range compiledLines(t) {
		if lines <= many {
			continue
		}
		large++
		if figure := regexp.QuoteMeta(module) + ` \d+ s\b`; !regexp.MustCompile(figure).Match(table) {
			t.Errorf("%s compiles %d lines: measure its cold build and write \"%s … s\" into CONTRIBUTING", module, lines, module)
		}
	}
	if large == 0 {
		t.Error("no module compiles much: the count is broken")
	}
}

// compiledLines counts by module what our programs compile of others.
func compiledLines(t *testing.T) map[string]int {
	t.Helper()
	command := exec.Command("go", "list", "-deps", "-json=Dir,GoFiles,Module", "./cmd/...")
	command.Dir = ".."
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]int{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var p struct {
			Dir     string
			GoFiles []string
			Module  struct {
				Path string
				Main bool
			}
		}
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if p.Module.Path == "" || p.Module.Main {
			continue
		}
		for _, name := range p.GoFiles {
			source, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			lines[p.Module.Path] += bytes.Count(source, []byte("\n"))
		}
	}
	return lines
}
