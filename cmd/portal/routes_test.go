package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
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
	lines = append(lines, operations(t, r.URL)...)
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

// operations are the addresses of the collector's API, which has a table of its
// own, as its description tells them.
func operations(t *testing.T, url string) (lines []string) {
	t.Helper()
	answer, err := http.Get(url + "/api/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var described struct {
		Paths map[string]map[string]struct {
			OperationID string                `json:"operationId"`
			Security    []map[string][]string `json:"security"`
		} `json:"paths"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&described); err != nil {
		t.Fatal(err)
	}
	for path, methods := range described.Paths {
		for method, op := range methods {
			lines = append(lines, fmt.Sprintf("%s %s api operation=%s security=%v\n", path, strings.ToUpper(method), op.OperationID, op.Security))
		}
	}
	return lines
}

func routeLine(r web.Route) string {
	return fmt.Sprintf("%s %s access=%v csrf=%t body=%v most=%d keeps=%q quiet=%t large=%t page=%q deadline=%s\n",
		r.Pattern, r.Method, r.Access, r.CSRF, r.Body, r.MostBytes, r.Keeps, r.Quiet, r.Large, r.Page, r.Deadline)
}
