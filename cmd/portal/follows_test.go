package main

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"quittance/cmd/app"
	"quittance/portal/config"
	"quittance/portal/store/storetest"
)

// TestWhatFollowsFromWhat compares who is told of what, in which order, with
// testdata/follows.golden. A line changes only with the row that it shows.
func TestWhatFollowsFromWhat(t *testing.T) {
	url := storetest.SQLiteURL(t)
	want, err := os.ReadFile("testdata/follows.golden")
	if err != nil {
		t.Fatal(err)
	}
	if got := whoIsTold(rehearse(t, url).Portal); got != string(want) {
		t.Errorf("who is told:\n%s\nwant:\n%s", got, want)
	}
}

// whoIsTold lists the watchers of each service of the portal by their types, one
// line each.
func whoIsTold(p *app.Portal) string {
	var lines []string
	for whole, i := reflect.ValueOf(p).Elem(), 0; i < whole.NumField(); i++ {
		service := whole.Field(i)
		if service.Kind() != reflect.Pointer || service.IsNil() || service.Elem().Kind() != reflect.Struct {
			continue
		}
		for list, fields := range service.Elem().Fields() {
			if fields.Kind() != reflect.Slice || !hears(list.Type.Elem()) {
				continue
			}
			names := []string{service.Type().String() + "." + list.Name}
			for j := range fields.Len() {
				names = append(names, fields.Index(j).Elem().Type().String())
			}
			lines = append(lines, strings.Join(names, " ")+"\n")
		}
	}
	slices.Sort(lines)
	// What is the root's own is named without its package.
	return strings.ReplaceAll(strings.Join(slices.Compact(lines), ""), "app.", "")
}

// hears reports whether a type is an interface by which a service tells others.
func hears(of reflect.Type) bool {
	return of.Kind() == reflect.Interface && (strings.HasSuffix(of.Name(), "Watcher") || of.Name() == "Alarm")
}

// TestNothingIsWiredBesideTheList reads the sources: who is told stands in
// follows.go alone, and no service is changed once it is made.
func TestNothingIsWiredBesideTheList(t *testing.T) {
	files, err := filepath.Glob("../*/*.go")
	if err != nil || len(files) < 80 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed := gotoken.NewFileSet()
		source, err := parser.ParseFile(parsed, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(source, func(n ast.Node) bool {
			for _, wrong := range wiredBeside(n) {
				t.Errorf("%s: %s is set beside the list", parsed.Position(n.Pos()), wrong)
			}
			return true
		})
	}
}

// calledWhole are the names by which the sources call the whole product.
var calledWhole = []string{"p", "w", "whole", "r.portal", "s.portal"}

// wiredBeside lists what a node sets of a service that was made, and lists of
// watchers that are not of follows.
func wiredBeside(n ast.Node) (wrong []string) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		for _, to := range n.Lhs {
			if field, ok := to.(*ast.SelectorExpr); ok {
				if of, ok := field.X.(*ast.SelectorExpr); ok && slices.Contains(calledWhole, types.ExprString(of.X)) {
					wrong = append(wrong, types.ExprString(field))
				}
			}
		}
	case *ast.KeyValueExpr:
		key, value := types.ExprString(n.Key), types.ExprString(n.Value)
		if (strings.HasSuffix(key, "Watchers") || key == "Alarms") && !strings.HasPrefix(value, "p.follows.") {
			wrong = append(wrong, key+": "+value)
		}
	}
	return wrong
}

// optional is what a portal may lack, and the demo's lacks.
var optional = map[string]bool{
	"identity.Verifier.Count": true, // tests count hashes
	"dispute.Service.Scanner": true, // PORTAL_CLAMAV_ADDR
	"contact.Book.Numbers":    true, // no database of reassigned numbers is connected; consent grows old after 60 days instead (SMS-02)
}

// TestEveryCollaboratorIsThere looks at each service of the wired portal, and at
// what they were given: what is nil would be off without a word.
func TestEveryCollaboratorIsThere(t *testing.T) {
	whole := reflect.ValueOf(rehearse(t, storetest.SQLiteURL(t)).Portal).Elem()
	seen := map[reflect.Type]bool{whole.Type(): true, reflect.TypeFor[config.Config](): true} // settings may be empty
	for i := range whole.NumField() {
		complete(t, whole.Field(i), seen)
	}
	for _, name := range []string{"gate.Planner", "gate.Keeper", "payments.Service", "plans.Service"} {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(seen)), func(of reflect.Type) bool { return of.String() == name }) {
			t.Errorf("%s was not looked at", name)
		}
	}
}

// complete holds that nothing of ours below a value is nil, one of each type.
func complete(t *testing.T, v reflect.Value, seen map[reflect.Type]bool) {
	t.Helper()
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct || seen[v.Type()] || !strings.HasPrefix(v.Type().PkgPath(), "quittance/p") {
		return
	}
	seen[v.Type()] = true
	for field, value := range v.Fields() {
		name := v.Type().String() + "." + field.Name
		switch value.Kind() {
		case reflect.Interface, reflect.Func, reflect.Pointer, reflect.Map, reflect.Slice:
			if field.IsExported() && value.IsNil() != optional[name] {
				t.Errorf("%s: nil is %v", name, value.IsNil())
			}
		default:
		}
		if field.IsExported() {
			complete(t, value, seen)
		}
	}
}
