package web

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ours are errors that a person cannot cause and no page speaks of: they are a
// fault of ours, answered with 500 and a reference number. The reason stands
// beside each.
var ours = map[string]string{
	"payments.ErrNeedsConsent":    "the page asks for the box before the service does",
	"payments.ErrStale":           "a conflict that the service resolves by loading again",
	"payments.ErrNoKey":           "the form always carries a key; its absence is found before",
	"payments.ErrTooEarly":        "of the job that sends held money back; people send it back at risk",
	"payments.ErrTwice":           "a page lists each debt once",
	"identity.ErrRolesApart":      "of the command line, which gives roles",
	"payments.ErrUnsigned":        "answered by the hook itself, whatever the parser returns",
	"identity.ErrTaken":           "two random ids met",
	"identity.ErrBadToken":        "of the API, which has a table of its own",
	"identity.ErrScope":           "of the API, which has a table of its own",
	"identity.ErrGrant":           "of the command line",
	"identity.ErrStaff":           "of the command line",
	"identity.ErrDisabled":        "of the command line",
	"identity.ErrRotation":        "of the command line",
	"identity.ErrMalformedFactor": "any error of reading a fact stands beside its field",
	"identity.ErrMalformedNumber": "any error of reading a number stands beside its field",
	"identity.ErrSpeaksNoMore":    "of the store; the pages are told that nothing matches",
	"identity.ErrWait":            "wrapped by identity.Wait, which the pages read",
}

// TestEverySentinelHasAnAnswer finds each exported error of the packages behind
// the pages and asks that the table, a handler or the list above knows it.
func TestEverySentinelHasAnAnswer(t *testing.T) {
	t.Parallel()
	known := webSources(t)
	found, seen := 0, map[string]bool{}
	for name, dir := range map[string]string{"payments": "../../payments", "identity": "../identity"} {
		for _, sentinel := range sentinels(t, dir) {
			found++
			full := name + "." + sentinel
			seen[full] = true
			if _, excused := ours[full]; !excused && !strings.Contains(known, full) {
				t.Errorf("nothing answers %s", full)
			}
		}
	}
	for full := range ours {
		if !seen[full] {
			t.Errorf("%s is excused but does not exist", full)
		}
	}
	if found < 20 {
		t.Errorf("only %d errors were found: the search is broken", found)
	}
}

func webSources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, pattern := range []string{"*.go", "consumer/*.go", "console/*.go", "hooks/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			source, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(source)
		}
	}
	return all.String()
}

func sentinels(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(dir + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), f, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range parsed.Decls {
			group, ok := declaration.(*ast.GenDecl)
			if !ok || group.Tok != token.VAR {
				continue
			}
			for _, spec := range group.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					if strings.HasPrefix(name.Name, "Err") {
						names = append(names, name.Name)
					}
				}
			}
		}
	}
	return names
}
