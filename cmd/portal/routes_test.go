package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"quittance/portal/store/storetest"
	"quittance/portal/web"
)

var update = flag.Bool("update", false, "write the table of routes instead of comparing it")

// TestTheTableOfRoutesIsWhatItWas compares each address of the demo and what it
// asks of a request with testdata/routes.golden. A line changes only together
// with the route that it shows.
func TestTheTableOfRoutesIsWhatItWas(t *testing.T) {
	r := rehearse(t, storetest.SQLiteURL(t))
	server, err := r.Portal.Server(r.Routes()...)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, route := range server.Routes() {
		lines = append(lines, routeLine(route))
	}
	slices.Sort(lines)
	const golden = "testdata/routes.golden"
	got := strings.Join(lines, "")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the routes are not those of %s; where they should not be, run go test ./cmd/portal -run TableOfRoutes -update and read the difference:\n%s", golden, got)
	}
}

func routeLine(r web.Route) string {
	return fmt.Sprintf("%s %s access=%v csrf=%t body=%v most=%d keeps=%q quiet=%t large=%t page=%q deadline=%s\n",
		r.Pattern, r.Method, r.Access, r.CSRF, r.Body, r.MostBytes, r.Keeps, r.Quiet, r.Large, r.Page, r.Deadline)
}
