package main

import (
	"flag"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"quittance/payments/paymentstest"
)

var mutants = flag.Bool("mutants", false, "take each row out of the list of follows.go and run the test that it names")

// row is one that is told, of follows.go.
type row struct {
	name       string // "payments: p.plans"
	begin, end int    // its bytes in the source, with the comma and what it names
	test       string
}

// TestEachRowNamesTheTestThatMissesIt reads follows.go: beside each that is told
// stands a test of this package. With -mutants (`make mutants`) each row is taken
// out once, and its test alone must fail.
func TestEachRowNamesTheTestThatMissesIt(t *testing.T) {
	const file = "../app/follows.go"
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	tests := ownTests(t)
	rows := rowsOf(t, file, source)
	if len(rows) < 30 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			if !tests[r.test] {
				t.Fatalf("no test %q misses this row; write `// TestName` behind it", r.test)
			}
			if !*mutants {
				return
			}
			bug := seeded{
				pkg: "./cmd/portal", run: "^" + r.test + "$/^sqlite$",
				edits: []edit{{"cmd/app/follows.go", string(source), string(source[:r.begin]) + string(source[r.end:])}},
			}
			if missed := bug.guards(t, bug.overlay(t))(paymentstest.Seed(t)); missed != "" {
				t.Error(missed)
			}
		})
	}
}

// rowsOf lists the rows of the one list of a source.
func rowsOf(t *testing.T, name string, source []byte) (rows []row) {
	t.Helper()
	set := gotoken.NewFileSet()
	parsed, err := parser.ParseFile(set, name, source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	behind := map[int]string{} // comments by line
	for _, group := range parsed.Comments {
		behind[set.Position(group.Pos()).Line] = strings.Fields(group.Text())[0]
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		list, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		told, ok := list.Value.(*ast.CompositeLit)
		if !ok {
			return true
		}
		if _, ok := told.Type.(*ast.ArrayType); !ok {
			return true
		}
		for _, one := range told.Elts {
			begin, end := set.Position(one.Pos()), set.Position(one.End())
			rows = append(rows, row{
				name:  list.Key.(*ast.Ident).Name + ": " + string(source[begin.Offset:end.Offset]),
				begin: begin.Offset, end: end.Offset + len(","), test: behind[begin.Line],
			})
		}
		return false
	})
	return rows
}

// ownTests are the names of this package's tests.
func ownTests(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllSubmatch(source, -1) {
			names[string(found[1])] = true
		}
	}
	return names
}
