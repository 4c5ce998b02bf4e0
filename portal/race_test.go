package portal_test

import (
	"go/ast"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestTheRaceDetectorRunsWhereGoroutinesAre holds .ci/race.txt to the sources:
// a package that starts goroutines or shares something between them is tested
// with the race detector, or says why not.
func TestTheRaceDetectorRunsWhereGoroutinesAre(t *testing.T) {
	t.Parallel()
	raced, excused := raceList(t)
	dirs := map[string]bool{}
	for _, s := range sources(t) {
		dirs[s.dir] = true
		if why := concurrent(s); why != "" && !slices.Contains(raced, s.dir) && !slices.Contains(excused, s.dir) {
			t.Errorf("%s %s: add %s to .ci/race.txt", s.path, why, s.dir)
		}
	}
	for _, dir := range slices.Concat(raced, excused) {
		if !dirs[dir] {
			t.Errorf(".ci/race.txt names %s, which is no package", dir)
		}
	}
}

// raceList reads which packages run with the detector and which are excused.
func raceList(t *testing.T) (raced, excused []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", ".ci", "race.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		rest, excuse := strings.CutPrefix(line, "! ")
		dir, reason, _ := strings.Cut(rest, " ")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case !excuse && reason == "":
			raced = append(raced, dir)
		case excuse && reason != "":
			excused = append(excused, dir)
		default:
			t.Errorf(".ci/race.txt: %q is neither a package nor ! and a package with a reason", line)
		}
	}
	if len(raced) < 10 {
		t.Fatalf("only %d packages run with the race detector: the list is broken", len(raced))
	}
	return raced, excused
}

// concurrent says what in a file more than one goroutine may see, "" for
// nothing. A test may use a lock in a double without starting anything itself.
func concurrent(s source) (why string) {
	if ast.IsGenerated(s.file) {
		return ""
	}
	for _, imported := range s.imports() {
		if !s.test && (imported == "sync" || imported == "sync/atomic") {
			return "imports " + imported
		}
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			why = "starts a goroutine"
		case *ast.CallExpr: // (*sync.WaitGroup).Go and its likes
			if called, ok := n.Fun.(*ast.SelectorExpr); ok && called.Sel.Name == "Go" && len(n.Args) == 1 {
				why = "starts a goroutine"
			}
		}
		return why == ""
	})
	return why
}
