package portal_test

import (
	"go/ast"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTheRaceDetectorRunsWhereGoroutinesAre holds .ci/race.txt to the sources:
// a package that starts goroutines or shares something between them is tested
// with the race detector, as a whole or by name, or says why not.
func TestTheRaceDetectorRunsWhereGoroutinesAre(t *testing.T) {
	t.Parallel()
	list := readRaceList(t)
	dirs := map[string]bool{}
	for _, s := range sources(t) {
		dirs[s.dir] = true
		if why := concurrent(s); why != "" && !list.knows(s.dir) {
			t.Errorf("%s %s: add %s to .ci/race.txt", s.path, why, s.dir)
		}
	}
	for _, dir := range slices.Concat(list.whole, slices.Collect(maps.Keys(list.tests)), slices.Collect(maps.Keys(list.excused))) {
		dir, _, _ = strings.Cut(dir, ".")
		if !dirs[dir] {
			t.Errorf(".ci/race.txt names %s, which is no package", dir)
		}
	}
}

// TestEachTestWhoseGoroutinesMeetRunsWithTheRaceDetector: where a package is on
// the list by the names of its tests, each is there that starts a goroutine, itself
// or by a helper, but for the helpers that say why nothing meets in them.
func TestEachTestWhoseGoroutinesMeetRunsWithTheRaceDetector(t *testing.T) {
	t.Parallel()
	list := readRaceList(t)
	others := map[string][]string{} // the packages that have a test of the name and are not raced as a whole
	for _, s := range sources(t) {
		for _, f := range functions(s) {
			if s.test && !slices.Contains(list.whole, s.dir) {
				others[f.Name.Name] = append(others[f.Name.Name], s.dir)
			}
		}
	}
	for dir, named := range list.tests {
		for test := range meeting(t, dir, list.excused) {
			if !slices.Contains(named, test) {
				t.Errorf("%s starts goroutines: add \"%s %s\" to .ci/race.txt", test, dir, test)
			}
		}
		for _, test := range named {
			if !slices.Contains(others[test], dir) {
				t.Errorf(".ci/race.txt names %s, which is no test of %s", test, dir)
			}
			for _, other := range others[test] { // it is left out of the plain run by its name
				if !slices.Contains(list.tests[other], test) {
					t.Errorf("%s has a test %s too: add \"%s %s\" to .ci/race.txt", other, test, other, test)
				}
			}
		}
	}
}

// raceList is what .ci/race.txt says.
type raceList struct {
	whole   []string            // packages all of whose tests run with the detector
	tests   map[string][]string // by package, those that do where the others do not
	excused map[string]string   // packages, and helpers as package.helper, with the reason
}

func (l raceList) knows(dir string) bool {
	return slices.Contains(l.whole, dir) || l.tests[dir] != nil || l.excused[dir] != ""
}

func readRaceList(t *testing.T) raceList {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", ".ci", "race.txt"))
	if err != nil {
		t.Fatal(err)
	}
	list := raceList{tests: map[string][]string{}, excused: map[string]string{}}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		rest, excuse := strings.CutPrefix(line, "! ")
		what, more, _ := strings.Cut(rest, " ")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case excuse && more != "":
			list.excused[what] = more
		case !excuse && more == "":
			list.whole = append(list.whole, what)
		case !excuse && regexp.MustCompile(`^Test\w+$`).MatchString(more):
			list.tests[what] = append(list.tests[what], more)
		default:
			t.Errorf(".ci/race.txt: %q is neither a package, nor one with a test, nor ! and a package or helper with a reason", line)
		}
	}
	if len(list.whole)+len(list.tests) < 10 {
		t.Fatalf("only %d packages run with the race detector: the list is broken", len(list.whole)+len(list.tests))
	}
	return list
}

// meeting lists the tests of a package that start a goroutine or call by name,
// over however many helpers, what starts one.
func meeting(t *testing.T, dir string, excused map[string]string) map[string]bool {
	t.Helper()
	starts, calls := map[string]bool{}, map[string][]string{}
	for _, s := range sources(t) {
		if s.dir != dir || !s.test {
			continue
		}
		for _, f := range functions(s) {
			name := f.Name.Name
			starts[name] = starts[name] || startsGoroutine(f) && excused[dir+"."+name] == ""
			calls[name] = append(calls[name], called(f)...)
		}
	}
	for grown := true; grown; {
		grown = false
		for name, callees := range calls {
			if !starts[name] && slices.ContainsFunc(callees, func(c string) bool { return starts[c] }) {
				starts[name], grown = true, true
			}
		}
	}
	maps.DeleteFunc(starts, func(name string, does bool) bool { return !does || !strings.HasPrefix(name, "Test") })
	return starts
}

func functions(s source) []*ast.FuncDecl {
	var all []*ast.FuncDecl
	for _, d := range s.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
			all = append(all, f)
		}
	}
	return all
}

// called names the functions and methods that f calls or hands on.
func called(f *ast.FuncDecl) []string {
	var all []string
	ast.Inspect(f.Body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			for _, e := range append([]ast.Expr{call.Fun}, call.Args...) {
				switch e := e.(type) {
				case *ast.Ident:
					all = append(all, e.Name)
				case *ast.SelectorExpr:
					all = append(all, e.Sel.Name)
				}
			}
		}
		return true
	})
	return all
}

// concurrent says what in a file more than one goroutine may see, "" for
// nothing. A test may use a lock in a double without starting anything itself.
func concurrent(s source) string {
	if ast.IsGenerated(s.file) {
		return ""
	}
	for _, imported := range s.imports() {
		if !s.test && (imported == "sync" || imported == "sync/atomic") {
			return "imports " + imported
		}
	}
	if startsGoroutine(s.file) {
		return "starts a goroutine"
	}
	return ""
}

func startsGoroutine(in ast.Node) (does bool) {
	ast.Inspect(in, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			does = true
		case *ast.CallExpr: // (*sync.WaitGroup).Go and its likes
			if called, ok := n.Fun.(*ast.SelectorExpr); ok && called.Sel.Name == "Go" && len(n.Args) == 1 {
				does = true
			}
		}
		return !does
	})
	return does
}
