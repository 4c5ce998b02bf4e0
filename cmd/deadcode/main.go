// Command deadcode lists exported functions and methods that no program calls:
// only tests do, or nobody. It exits with 1 when there is one that has no reason
// to stay. Packages whose names end in "test" are tests themselves.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// stays are functions, and types and packages with all of theirs, that may stay
// uncalled, with the reason.
var stays = map[string]string{
	"quittance/frontend/htmlcheck":                   "the rules that tests hold pages to",
	"quittance/payments/sandbox.formView":            "called by its template",
	"(*quittance/payments/sandbox.Server).FailNext":  "tests of the adapter, also in a module of their own, let the sandbox fail",
	"quittance/plans/civil.RegFDaysBetween":          "tests of three packages count by it what AddRegFDays counted",
	"quittance/portal/claim.Kinds":                   "tests go through all kinds",
	"quittance/portal/represent.Roles":               "tests go through all roles",
	"(*quittance/portal/store.Store).NoticeRequests": "what a consumer asked for is evidence; a test reads it",
	"(*quittance/portal/store.Store).Opened":         "tests count what is opened for nobody's code (S2)",
	"(*quittance/portal/web.Server).PublicURL":       "tests ask it what a visitor's headers change (S5)",
	"(*quittance/portal/web/body.Budget).Held":       "tests of two packages count what is given back",
	"(*quittance/portal/web.Server).Routes":          "tests walk the table",
}

// asked is a package whose interfaces others ask for, whether ours import it or
// not.
const asked = "encoding"

// asserted are methods that package errors asks for by name.
var asserted = []string{"Unwrap", "Is", "As"}

func main() {
	if err := run(os.Stdout, "./..."); err != nil {
		fmt.Fprintln(os.Stderr, "deadcode:", err)
		os.Exit(1)
	}
}

var errDead = errors.New("no program calls these; let them go, move them to a _test.go file, or say in cmd/deadcode why they stay")

func run(w io.Writer, patterns ...string) error {
	listed, err := list(append(slices.Clone(patterns), asked))
	if err != nil {
		return err
	}
	l := &loader{own: map[string]*types.Package{}, called: map[*types.Func]bool{}, fset: token.NewFileSet()}
	exports := map[string]string{}
	l.foreign = importer.ForCompiler(l.fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	for _, p := range listed {
		if p.Module.Main {
			if err := l.load(p); err != nil {
				return err
			}
		}
		exports[p.ImportPath] = p.Export
	}
	if _, err := l.Import(asked); err != nil {
		return err
	}
	stayed := map[string]bool{}
	dead := l.dead(stayed)
	for _, name := range dead {
		fmt.Fprintln(w, name)
	}
	for name := range stays {
		if !stayed[name] && patterns[0] == "./..." { // a part of the sources shows nothing
			return fmt.Errorf("%s is called and needs no reason to stay", name)
		}
	}
	if len(dead) > 0 {
		return errDead
	}
	return nil
}

// listing is what the go command tells of a package.
type listing struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
	Module                  struct{ Main bool }
}

// list returns packages with all they import, what is imported first.
func list(patterns []string) ([]listing, error) {
	var out, said bytes.Buffer
	command := exec.CommandContext(context.Background(), "go", append([]string{"list", "-deps", "-export", "-json=ImportPath,Dir,Export,GoFiles,Module"}, patterns...)...) //nolint:gosec // the patterns are our own
	command.Stdout, command.Stderr = &out, &said
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, said.String())
	}
	var all []listing
	for decoder := json.NewDecoder(&out); ; {
		var p listing
		switch err := decoder.Decode(&p); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, err
		}
		all = append(all, p)
	}
}

// loader type-checks our packages and notes what they call.
type loader struct {
	fset       *token.FileSet
	own        map[string]*types.Package
	foreign    types.Importer
	called     map[*types.Func]bool
	declared   []*types.Func
	interfaces []*types.Interface
	named      []types.Type // our own types
}

// Import implements types.Importer.
func (l *loader) Import(path string) (*types.Package, error) {
	if p := l.own[path]; p != nil {
		return p, nil
	}
	p, err := l.foreign.Import(path)
	if err == nil {
		for _, name := range p.Scope().Names() {
			l.implementable(p.Scope().Lookup(name).Type())
		}
	}
	return p, err
}

func (l *loader) implementable(t types.Type) {
	if i, ok := t.Underlying().(*types.Interface); ok && i.NumMethods() > 0 {
		l.interfaces = append(l.interfaces, i)
	}
}

func (l *loader) load(p listing) error {
	var files []*ast.File
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(l.fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}}
	checked, err := (&types.Config{Importer: l}).Check(p.ImportPath, l.fset, files, info)
	if err != nil {
		return err
	}
	l.own[p.ImportPath] = checked
	if strings.HasSuffix(p.ImportPath, "test") {
		return nil
	}
	bodies := map[*types.Func]*ast.FuncDecl{}
	for _, file := range files {
		for _, d := range file.Decls {
			if d, ok := d.(*ast.FuncDecl); ok {
				f, _ := info.Defs[d.Name].(*types.Func)
				bodies[f] = d
			}
		}
	}
	for name, o := range info.Uses {
		if f, ok := o.(*types.Func); ok {
			body := bodies[f.Origin()]
			itself := body != nil && body.Pos() <= name.Pos() && name.Pos() < body.End()
			l.called[f.Origin()] = l.called[f.Origin()] || !itself
		}
	}
	for f := range bodies {
		if f != nil && f.Exported() {
			l.declared = append(l.declared, f)
		}
	}
	for _, name := range checked.Scope().Names() {
		if t, ok := checked.Scope().Lookup(name).(*types.TypeName); ok {
			l.named = append(l.named, t.Type())
		}
	}
	for e, t := range info.Types {
		if _, ok := e.(*ast.InterfaceType); ok {
			l.implementable(t.Type)
		}
	}
	return nil
}

// dead names what is declared and neither called nor needed by an interface. It
// notes which reasons kept something from being named.
func (l *loader) dead(stayed map[string]bool) []string {
	names := map[string]bool{}
	for _, f := range l.declared {
		if l.called[f] || slices.Contains(asserted, f.Name()) || l.implements(f) {
			continue
		}
		if reason := reasonFor(f); reason != "" {
			stayed[reason] = true
			continue
		}
		names[f.FullName()] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// reasonFor is the name under which a function stays: its own, that of its type
// or that of its package; "" when it has no reason.
func reasonFor(f *types.Func) string {
	names := []string{f.FullName(), f.Pkg().Path()}
	if t := receiver(f); t != nil {
		names = append(names, t.String())
	}
	for _, name := range names {
		if stays[name] != "" {
			return name
		}
	}
	return ""
}

// receiver is the type that a method is of, nil for a function.
func receiver(f *types.Func) types.Type {
	r := f.Signature().Recv()
	if r == nil {
		return nil
	}
	if p, ok := r.Type().(*types.Pointer); ok {
		return p.Elem()
	}
	return r.Type()
}

// implements reports whether a method is one that an interface asks of its type,
// or of a type that has it by embedding.
func (l *loader) implements(f *types.Func) bool {
	t := receiver(f)
	if t == nil {
		return false
	}
	if types.IsInterface(t) {
		return true
	}
	own := []types.Type{t}
	for _, other := range l.named {
		if has, _, _ := types.LookupFieldOrMethod(other, true, f.Pkg(), f.Name()); has == f {
			own = append(own, other)
		}
	}
	named, _ := t.(*types.Named)
	generic := named != nil && named.TypeParams().Len() > 0
	return slices.ContainsFunc(l.interfaces, func(i *types.Interface) bool {
		asked, _, _ := types.LookupFieldOrMethod(i, false, f.Pkg(), f.Name())
		return asked != nil && (generic || slices.ContainsFunc(own, func(t types.Type) bool { return types.Implements(types.NewPointer(t), i) }))
	})
}
