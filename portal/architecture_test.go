package portal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const module = "quittance"

// source is one parsed Go file of the product; dir is slash-separated and
// relative to the root.
type source struct {
	path, dir string
	test      bool
	file      *ast.File
	fset      *token.FileSet
}

func (s source) imports() []string {
	var all []string
	for _, i := range s.file.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err == nil {
			all = append(all, p)
		}
	}
	return all
}

func (s source) at(n ast.Node) string { return s.fset.Position(n.Pos()).String() }

func under(dir, root string) bool { return dir == root || strings.HasPrefix(dir, root+"/") }

// parsed reads the sources once for all tests.
var parsed = sync.OnceValues(parse)

func sources(t *testing.T) []source {
	t.Helper()
	all, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Fatalf("only %d Go files were found: the walk is broken", len(all))
	}
	return all
}

func parse() ([]source, error) {
	root, err := filepath.Abs("..")
	if err != nil {
		return nil, err
	}
	var all []source
	fset := token.NewFileSet()
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if path != root && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "testdata" || isNestedModule(path)) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		file, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		all = append(all, source{path: rel, dir: filepath.ToSlash(filepath.Dir(rel)), test: strings.HasSuffix(name, "_test.go"), file: file, fset: fset})
		return nil
	})
	return all, err
}

func isNestedModule(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

// TestImportsGoLeftToRight holds the order payments → plans → frontend →
// portal → cmd, and keeps store and web apart.
func TestImportsGoLeftToRight(t *testing.T) {
	t.Parallel()
	order := []string{"payments", "plans", "frontend", "portal", "cmd"}
	rank := func(dir string) int {
		return slices.IndexFunc(order, func(top string) bool { return under(dir, top) })
	}
	for _, s := range sources(t) {
		from := rank(s.dir)
		if from < 0 {
			t.Errorf("%s stands outside the five folders", s.path)
		}
		for _, imp := range s.imports() {
			target, ours := strings.CutPrefix(imp, module+"/")
			if !ours || s.test {
				continue
			}
			if rank(target) > from {
				t.Errorf("%s imports %s, which stands to its right", s.path, target)
			}
			if under(s.dir, "payments/sandbox") || under(target, "payments/sandbox") && !under(s.dir, "cmd") {
				t.Errorf("%s imports %s: the sandbox is reached over HTTP only", s.path, target)
			}
			if under(target, "portal/store") && !under(s.dir, "cmd") && !under(s.dir, "portal/store") {
				t.Errorf("%s imports the store; only cmd may", s.path)
			}
			if under(target, "portal/web") && !under(s.dir, "cmd") && !under(s.dir, "portal/web") {
				t.Errorf("%s imports the web; only cmd may", s.path)
			}
		}
	}
}

// TestOneImporterPerDependency keeps each library behind one door.
func TestOneImporterPerDependency(t *testing.T) {
	t.Parallel()
	doors := map[string][]string{
		"gorm.io/":                        {"portal/store"},
		"github.com/jackc/pgx":            {"portal/store", "cmd/bench"},
		"modernc.org/sqlite":              {"portal/store"},
		"github.com/pressly/goose":        {"portal/store"},
		"github.com/gofiber/fiber":        {"portal/web"},
		"github.com/danielgtaylor/huma":   {"portal/web/api"},
		"github.com/valyala/fasthttp":     {"portal/web"},
		"github.com/stripe/stripe-go":     {"payments/stripegw"},
		"github.com/golang-jwt/jwt":       {"portal/identity"},
		"github.com/a-h/templ":            {"frontend"},
		"github.com/nicksnyder/go-i18n":   {"frontend/locale"},
		"go.yaml.in/yaml":                 {"portal/config"},
		"github.com/wneessen/go-mail":     {"portal/notice/smtp"},
		"github.com/nyaruka/phonenumbers": {"portal/contact"},
		"codeberg.org/go-pdf/fpdf":        {"portal/paper"},
		"github.com/prometheus/":          {"portal/web"},
		"rsc.io/qr":                       {"frontend/components/square"},
		"github.com/standard-webhooks/":   {"portal/outbox"},
		"pgregory.net/rapid":              {"payments/paymentstest"},
		"github.com/rickar/":              {"plans/civil", "plans/schedule"}, // tests alone
		"golang.org/x/":                   {"frontend/locale", "portal/identity", "cmd/portal", "portal/store", "portal/dispute", "portal/intake"},
		"database/sql":                    {"portal/store", "cmd/bench"},
	}
	for _, s := range sources(t) {
		for _, imp := range s.imports() {
			if strings.HasPrefix(imp, module+"/") || !strings.Contains(strings.Split(imp, "/")[0], ".") && imp != "database/sql" {
				continue
			}
			known := false
			for prefix, homes := range doors {
				if !strings.HasPrefix(imp, prefix) {
					continue
				}
				known = true
				inside := slices.ContainsFunc(homes, func(h string) bool { return under(s.dir, h) })
				if !inside && !s.test {
					t.Errorf("%s imports %s; its door is %v", s.path, imp, homes)
				}
			}
			if !known {
				t.Errorf("%s imports %s, which has no door in this table; add it here and to CONTRIBUTING", s.path, imp)
			}
		}
	}
}

// TestPurePackagesKnowNoWorld keeps clocks, stores and networks out of the
// packages that decide about money and law.
func TestPurePackagesKnowNoWorld(t *testing.T) {
	t.Parallel()
	pure := []string{"payments/money", "payments/ledger", "payments/banking", "plans/civil", "plans/schedule", "portal/debt", "portal/pack"}
	pureFiles := []string{"payments/apply.go", "payments/allocate.go", "payments/payment.go", "payments/truth.go", "payments/advice.go",
		"plans/plan.go", "plans/terms.go", "plans/offer.go", "plans/agree.go", "plans/bend.go", "plans/autopay.go", "plans/credit.go", "plans/method.go", "portal/gate/gate.go", "portal/validation/period.go", "portal/validation/notice.go", "frontend/modelform/document.go", "frontend/modelform/facts.go",
		"portal/identity/attempts.go", "portal/contact/contact.go", "portal/intake/decide.go"}
	world := []string{"context", "database/sql", "net", "net/http", "os", "log", "log/slog", "math/rand", "crypto/rand"}
	for _, s := range sources(t) {
		if s.test || !slices.Contains(pure, s.dir) && !slices.Contains(pureFiles, s.path) {
			continue
		}
		for _, imp := range s.imports() {
			if slices.Contains(world, imp) {
				t.Errorf("%s is pure but imports %s", s.path, imp)
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if call, ok := n.(*ast.SelectorExpr); ok && call.Sel.Name == "Now" {
				if pkg, ok := call.X.(*ast.Ident); ok && pkg.Name == "time" {
					t.Errorf("%s: a pure package asks for the time", s.at(n))
				}
			}
			return true
		})
	}
	for _, f := range pureFiles {
		if _, err := os.Stat(filepath.Join("..", filepath.FromSlash(f))); err != nil {
			t.Errorf("%s is listed as pure but does not exist", f)
		}
	}
}

// TestTransactionClosuresShadowTheirContext refuses a closure of InTx whose
// parameter is not called ctx: the outer context would slip past the
// transaction.
func TestTransactionClosuresShadowTheirContext(t *testing.T) {
	t.Parallel()
	closures := 0
	for _, s := range sources(t) {
		if s.test {
			continue // the store's own tests hold both contexts to tell them apart
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 2 {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			fn, isFunc := call.Args[1].(*ast.FuncLit)
			if !ok || !isFunc || sel.Sel.Name != "InTx" {
				return true
			}
			closures++
			names := fn.Type.Params.List[0].Names
			if len(names) != 1 || names[0].Name != "ctx" {
				t.Errorf("%s: the closure's parameter must be called ctx", s.at(n))
			}
			return true
		})
	}
	if closures == 0 {
		t.Error("no transaction was found: the search is broken")
	}
}

// TestNoDangerousORMCalls refuses what loses money silently.
func TestNoDangerousORMCalls(t *testing.T) {
	t.Parallel()
	banned := []string{"AutoMigrate", "Preload", "FirstOrCreate", "FirstOrInit"}
	for _, s := range sources(t) {
		if !under(s.dir, "portal/store") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if ok && slices.Contains(banned, sel.Sel.Name) {
				t.Errorf("%s: %s is never used", s.at(n), sel.Sel.Name)
			}
			return true
		})
	}
}

// TestInterfacesStaySmall holds interfaces to five methods.
func TestInterfacesStaySmall(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if i, ok := spec.Type.(*ast.InterfaceType); ok {
				methods := 0
				for _, m := range i.Methods.List {
					methods += len(m.Names)
				}
				if methods > 5 {
					t.Errorf("%s: interface %s has %d methods; five is the most", s.at(n), spec.Name.Name, methods)
				}
			}
			return true
		})
	}
}

// TestNoFloatsNearMoney refuses floating point in the packages that hold
// amounts.
func TestNoFloatsNearMoney(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.test || !under(s.dir, "payments") && !under(s.dir, "plans") && !under(s.dir, "portal/debt") && !under(s.dir, "portal/intake") && !under(s.dir, "portal/store") || under(s.dir, "payments/sandbox") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && (id.Name == "float64" || id.Name == "float32") {
				t.Errorf("%s: a float stands near money", s.at(n))
			}
			return true
		})
	}
}

// TestTheRootHoldsOnlyWhatIsAgreed keeps the first look at the project short.
func TestTheRootHoldsOnlyWhatIsAgreed(t *testing.T) {
	t.Parallel()
	agreed := []string{"cmd", "portal", "payments", "plans", "frontend", "go.mod", "go.sum", "Dockerfile", "README.md",
		"LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "Makefile", "compose.yaml"}
	ignored := []string{"data", "bin", "coverage"}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(agreed, e.Name()) && !slices.Contains(ignored, e.Name()) {
			t.Errorf("%s does not belong at the root", e.Name())
		}
	}
}

// TestNothingIsSkippedOrLeftForLater refuses skipped tests and unnumbered
// notes to self. One function may pass over a test, and only in the quick loop.
func TestNothingIsSkippedOrLeftForLater(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		for _, group := range s.file.Comments {
			for _, marker := range []string{"TODO", "FIXME", "XXX"} {
				if text := group.Text(); strings.Contains(text, marker) && !strings.Contains(text, marker+"(#") {
					t.Errorf("%s: %s without a number", s.at(group), marker)
				}
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if fn, ok := n.(*ast.FuncDecl); ok && fn.Name.Name == "Long" && s.file.Name.Name == "paymentstest" {
				return false
			}
			sel, ok := n.(*ast.SelectorExpr)
			if !ok || !slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, sel.Sel.Name) {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && slices.Contains([]string{"t", "b", "f", "tb"}, x.Name) {
				t.Errorf("%s: a test is skipped", s.at(n))
			}
			return true
		})
	}
}
