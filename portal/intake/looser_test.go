package intake

import (
	"fmt"
	"strings"
	"testing"
)

// turns are rows of one debt with these statuses, each later than the one before.
func turns(statuses ...string) []map[string]string {
	var rows []map[string]string
	for i, s := range statuses {
		row := placed("status", s, "balance_version", fmt.Sprint(i+3))
		if day, dated := strings.CutPrefix(s, "until "); dated {
			row["status"], row["limitation_date"] = "active", day
		}
		rows = append(rows, row)
	}
	return rows
}

// asks lists the open tasks about a debt's status, and fails where one of them
// holds nothing.
func (m *memory) asks(t *testing.T) int {
	t.Helper()
	n := 0
	for _, task := range m.tasks {
		if task.Kind != LessStrict || task.Decision != Open {
			continue
		}
		if n++; len(task.Holds) != 1 || !task.Confirmable() || task.DebtRef != "D-1" || task.AccountRef != "A-1" {
			t.Errorf("a task that holds nothing: %+v", task)
		}
	}
	return n
}

// TestWHK05_STS01_WhatWasStricterStaysUntilAPersonSaysSo sends the rows one by one
// and all in one file: what stays in force is the same.
func TestWHK05_STS01_WhatWasStricterStaysUntilAPersonSaysSo(t *testing.T) {
	t.Parallel()
	for statuses, want := range map[string]string{
		"active,bankruptcy":                               "",
		"bankruptcy,active":                               "less_strict:bankruptcy",
		"bankruptcy,active,active":                        "less_strict:bankruptcy",
		"bankruptcy,active,bankruptcy":                    "",
		"bankruptcy,active,bankruptcy,active":             "less_strict:bankruptcy",
		"paid,active,recalled":                            "",
		"bankruptcy,active,recalled":                      "less_strict:bankruptcy",
		"attorney,recalled":                               "less_strict:attorney",
		"bankruptcy,disputed,active":                      "less_strict:bankruptcy less_strict:disputed",
		"bankruptcy,disputed,active,disputed":             "less_strict:bankruptcy",
		"servicemember,active":                            "less_strict:servicemember",
		"until 2026-01-31,until 2029-01-31":               "less_strict:time_barred",
		"until 2026-01-31,until 2026-01-30":               "",
		"until 2026-01-31,until 2029-01-31,time_barred":   "",
		"until 2026-01-31,disputed,until 2026-01-31,paid": "",
	} {
		rows := turns(strings.Split(statuses, ",")...)
		one, all := newMemory(), newMemory()
		by := importer(one)
		for _, row := range rows {
			take(t, by, csvOf(row))
		}
		whole := importer(all)
		whole.BatchRows = 10
		take(t, whole, csvOf(rows...))
		for about, m := range map[string]*memory{"one by one": one, "in one file": all} {
			if got, asked := m.heldAs(), m.asks(t); got != want || asked != len(strings.Fields(want)) {
				t.Errorf("%s, %s: held as %q by %d tasks, want %q", statuses, about, got, asked, want)
			}
			if got := m.debts["D-1"].Status; string(got) != rows[len(rows)-1]["status"] {
				t.Errorf("%s, %s: the row's own status is %s", statuses, about, got)
			}
		}
	}
}

func TestWHK05_STS01_TheImportSaysHowManyWait(t *testing.T) {
	t.Parallel()
	m := newMemory()
	im := importer(m)
	was := []map[string]string{placed("status", "recalled"), placed("status", "paid", "debt_ref", "D-2"), placed("debt_ref", "D-3")}
	now := make([]map[string]string, len(was))
	for i, row := range was {
		now[i] = placed("debt_ref", row["debt_ref"], "balance_version", "4")
	}
	if report, _ := take(t, im, csvOf(was...)); report.Waiting != 0 {
		t.Errorf("%d wait of what is new", report.Waiting)
	}
	report, lines := take(t, im, csvOf(now...), func(o *Options) { o.DryRun = true })
	wantLines(t, lines, "updated status:less_strict | updated status:less_strict | updated")
	if report.Waiting != 2 || report.Flagged != 2 || m.heldAs() != "" {
		t.Errorf("a dry run: %+v, held as %s", report, m.heldAs())
	}
	if report, _ = take(t, im, csvOf(now...)); report.Waiting != 2 || report.Updated != 3 {
		t.Errorf("%+v", report)
	}
	if report, _ = take(t, im, csvOf(now...)); report.Waiting != 0 || report.Unchanged != 3 {
		t.Errorf("the same file again: %+v", report)
	}
}
