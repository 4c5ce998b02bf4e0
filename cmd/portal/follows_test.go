package main

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

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
	if got := whoIsTold(rehearse(t, url).portal); got != string(want) {
		t.Errorf("who is told:\n%s\nwant:\n%s", got, want)
	}
}

// whoIsTold lists the watchers of each service of the portal by their types, one
// line each.
func whoIsTold(p *portal) string {
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
	return strings.Join(slices.Compact(lines), "")
}

// hears reports whether a type is an interface by which a service tells others.
func hears(of reflect.Type) bool {
	return of.Kind() == reflect.Interface && (strings.HasSuffix(of.Name(), "Watcher") || of.Name() == "Alarm")
}
