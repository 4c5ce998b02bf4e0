package intake

import (
	"strings"
	"testing"

	"quittance/portal/debt"
)

// afterwards is a row of the same debt as of a later day.
func afterwards(change ...string) map[string]string {
	return placed(append([]string{"balance_as_of", "2026-11-21", "balance_version", "4"}, change...)...)
}

// heldAs lists what the open tasks of a debt hold it as.
func (m *memory) heldAs() string {
	var all []string
	for _, t := range m.tasks {
		for _, h := range t.Holds {
			all = append(all, string(t.Kind)+":"+string(h.Status))
		}
	}
	return strings.Join(all, " ")
}

func TestVAL01_F03_AContactThatCannotBeReadNeverCostsTheRow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ column, value, code string }{
		{"phone", "518-555-0123 ext. 45", "not_a_phone"}, {"phone", "N/A", "not_a_phone"}, {"phone", "0000000000", "not_a_phone"},
		{"phone", "302-555-0123/302-555-0199", "not_a_phone"}, {"phone", strings.Repeat("3", 40), "too_long"},
		{"email", "none", "not_an_email"}, {"email", "ana@example", "not_an_email"}, {"language", "fr", "unknown_value"},
		{"date_of_birth", "3/27/1980", "not_a_date"}, {"ssn_last4", "42", "not_four_digits"}, {"contract_date", "1/2/24", "not_a_date"},
		{"description", "card 4242 4242 4242 4242", "card_number"}, {"address_line2", "Apt \x07", "not_text"},
	} {
		m := newMemory()
		im := importer(m)
		take(t, im, csvOf(placed()))
		report, lines := take(t, im, csvOf(afterwards("status", "bankruptcy", c.column, c.value)))
		wantLines(t, lines, "updated "+c.column+":"+c.code)
		if d := m.debts["D-1"]; d.Status != debt.Bankruptcy || report.Flagged != 1 || strings.Contains(lines[0].Faults[0].Sentence, c.value) {
			t.Errorf("%s=%q: %s, %+v, %+v", c.column, c.value, d.Status, report, lines)
		}
		if got := m.accounts["A-1"].Consumer; got.DateOfBirth.IsZero() || got.Phone == c.value || got.Email == c.value {
			t.Errorf("%s=%q: kept %+v", c.column, c.value, got)
		}
	}
}

func TestSTA05_F03_WhereTheStateOrZIPCannotBeReadTheRowCountsAndTheDebtIsHeld(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ column, value, code string }{
		{"postal_code", "19901-", "not_a_postal_code"}, {"postal_code", "1990", "zero_lost"}, {"postal_code", "", "missing"},
		{"state", "Delaware", "too_long"}, {"state", "XX", "not_a_state"}, {"state", "", "missing"},
	} {
		m := newMemory()
		im := importer(m)
		_, lines := take(t, im, csvOf(placed(c.column, c.value)))
		wantLines(t, lines, "refused "+c.column+":"+c.code) // a new account has no address to keep
		take(t, im, csvOf(placed()))
		_, lines = take(t, im, csvOf(afterwards("status", "recalled", c.column, c.value, "city", "Elsewhere")))
		wantLines(t, lines, "updated "+c.column+":place_unknown")
		if d, a := m.debts["D-1"], m.accounts["A-1"].Consumer.Address; d.Status != debt.Recalled || a.City != "Dover" || a.State != "DE" || a.PostalCode != "19901" {
			t.Errorf("%s=%q: %s at %+v", c.column, c.value, d.Status, a)
		}
		if got := m.heldAs(); got != "place_unknown:under_review" {
			t.Errorf("%s=%q: held %q", c.column, c.value, got)
		}
		take(t, im, csvOf(afterwards("status", "recalled", c.column, c.value, "city", "Elsewhere")))
		if len(m.tasks) != 1 {
			t.Errorf("the same file asks again: %+v", m.tasks)
		}
		take(t, im, csvOf(placed("balance_as_of", "2026-11-22", "balance_version", "5", "status", "recalled")))
		if got := m.heldAs(); got != "" || m.tasks[0].Decision != Answered {
			t.Errorf("%s=%q: a row that brings it: held %q, %+v", c.column, c.value, got, m.tasks[0])
		}
	}
}

func TestSTS01_F03_ARefusedRowThatSaysSomethingStricterHoldsTheDebt(t *testing.T) {
	t.Parallel()
	bad := []string{"itemization_date", "31/01/2026"}
	for _, c := range []struct {
		why    string
		change []string
		want   string
	}{
		{"stricter", []string{"status", "bankruptcy"}, "not_taken_in:bankruptcy"},
		{"stricter, under another account", []string{"status", "recalled", "account_ref", "A-9"}, "not_taken_in:recalled"},
		{"stricter, of an unknown age", []string{"status", "paid", "balance_as_of", "soon"}, "not_taken_in:paid"},
		{"as strict", []string{"status", "active"}, ""},
		{"not readable", []string{"status", "BK"}, ""},
		{"older", []string{"status", "bankruptcy", "balance_as_of", "2026-11-19", "balance_version", "2"}, ""},
		{"a debt that was never placed", []string{"status", "bankruptcy", "debt_ref", "D-9"}, ""},
	} {
		m := newMemory()
		im := importer(m)
		take(t, im, csvOf(placed()))
		_, lines := take(t, im, csvOf(afterwards(append(bad, c.change...)...)))
		if lines[0].Outcome != Refused || m.heldAs() != c.want || strings.Contains(outcomes(lines), "status:stricter") != (c.want != "") {
			t.Errorf("%s: %s, held %q", c.why, outcomes(lines), m.heldAs())
		}
		if told := len(m.tasks) == 1; told == strings.Contains(c.why, "never placed") {
			t.Errorf("%s: tasks %+v", c.why, m.tasks)
		}
	}
}

func TestSTS01_F03_WhatARefusedRowHoldsEndsByARowThatSaysAsMuchAndByNoOther(t *testing.T) {
	t.Parallel()
	m := newMemory()
	im := importer(m)
	take(t, im, csvOf(placed()))
	refused := csvOf(afterwards("status", "bankruptcy", "itemization_date", "x"))
	take(t, im, refused)
	take(t, im, refused)
	next := func(n, status string) {
		take(t, im, csvOf(placed("status", status, "balance_as_of", "2026-11-22", "balance_version", n)))
	}
	next("5", "active")
	if m.heldAs() != "not_taken_in:bankruptcy" || len(m.tasks) != 1 {
		t.Fatalf("after a row that says less: held %q, %d tasks", m.heldAs(), len(m.tasks))
	}
	next("6", "bankruptcy")
	if m.heldAs() != "" || m.tasks[0].Decision != Answered {
		t.Errorf("after a row that says as much: held %q, %+v", m.heldAs(), m.tasks[0])
	}
}

func TestCOM02_F01_ARowAboutAnotherPersonIsHeldBackAndNeverMerged(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		why    string
		first  []string
		second []string
		want   string
	}{
		{"another birth date", nil, []string{"date_of_birth", "1955-05-05"}, "date_of_birth"},
		{"another birth date and the same all else", nil, []string{"date_of_birth", "1980-03-01"}, "date_of_birth"},
		{"married and moved", nil, []string{"last_name", "Cruz", "postal_code", "19902", "city", "Other"}, ""},
		{"no birth date: name and ZIP", []string{"date_of_birth", ""}, []string{"last_name", "Poe", "postal_code", "12208"}, "last_name postal_code"},
		{"no birth date: both names", []string{"date_of_birth", ""}, []string{"last_name", "Poe", "first_name", "Walter"}, "last_name first_name"},
		{"no birth date in the second", nil, []string{"date_of_birth", "", "last_name", "Poe", "first_name", "Walter"}, "last_name first_name"},
		{"a placeholder in the second", nil, []string{"date_of_birth", "1900-01-01", "last_name", "Poe", "first_name", "Walter"}, "last_name first_name"},
		{"no birth date: the surname alone", []string{"date_of_birth", ""}, []string{"last_name", "Poe"}, ""},
		{"no birth date: the ZIP alone", []string{"date_of_birth", ""}, []string{"postal_code", "12208"}, ""},
		{"written otherwise", []string{"date_of_birth", "", "last_name", "Muñoz-Ruiz"}, []string{"last_name", "MUNOZ RUIZ JR.", "first_name", "Ana María", "postal_code", "19901-1234"}, ""},
		{"one name", []string{"date_of_birth", "", "first_name", "", "last_name", "Suharto"}, []string{"first_name", "Suharto", "last_name", ""}, ""},
		{"another one name", []string{"date_of_birth", "", "first_name", "", "last_name", "Suharto"}, []string{"first_name", "", "last_name", "Sukarno"}, "last_name first_name"},
	} {
		first := placed(c.first...)
		second := placed(append(append([]string{"debt_ref", "D-2", "status", "bankruptcy"}, c.first...), c.second...)...)
		for how, file := range map[string][]string{
			"one file": {csvOf(first, second)}, "two files": {csvOf(first), csvOf(second)}, "JSON": {accountJSON(first) + accountJSON(second)},
		} {
			m := newMemory()
			im := importer(m)
			var lines []Line
			var flagged int
			for _, f := range file {
				report, l := take(t, im, f)
				lines, flagged = append(lines, l...), flagged+report.Flagged
			}
			held := c.want != ""
			if got := lines[1]; (got.Outcome == HeldBack) != held || held && (flagged != 1 || len(m.debts) != 1 || m.heldAs() != "another_person:bankruptcy") {
				t.Errorf("%s, %s: %s, %d flagged, %d debts, held %q", c.why, how, outcomes(lines), flagged, len(m.debts), m.heldAs())
			}
			if got := m.accounts["A-1"].Consumer; held && (got.LastName != first["last_name"] || got.FirstName != first["first_name"]) {
				t.Errorf("%s, %s: the person is %s %s", c.why, how, got.FirstName, got.LastName)
			}
			var differs []string
			for _, f := range lines[1].Faults {
				if f.Code == "another_person" {
					differs = append(differs, f.Column)
				}
			}
			if got := strings.Join(differs, " "); got != c.want {
				t.Errorf("%s, %s: differs in %q, want %q", c.why, how, got, c.want)
			}
		}
	}
}

func TestVAL01_F15_N23_OneNameIsEnoughAndNoneIsNot(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ first, last, want string }{
		{"", "Suharto", "new"}, {"Cher", "", "new"}, {"\u200b", "Suharto", "new"}, {"", "", "refused last_name:no_name"},
		{"\u200b", "\ufeff\u00ad ", "refused last_name:no_name"}, {"", "Ru\x00iz", "refused last_name:not_text"},
	} {
		m := newMemory()
		_, lines := take(t, importer(m), csvOf(placed("first_name", c.first, "last_name", c.last)))
		wantLines(t, lines, c.want)
		if got := m.accounts["A-1"].Consumer; strings.ContainsAny(got.FirstName+got.LastName, "\u200b\ufeff\u00ad") {
			t.Errorf("%q %q is kept", c.first, c.last)
		}
	}
}

func TestVAL01_F02_ARowRenamesNobodysCreditor(t *testing.T) {
	t.Parallel()
	m := newMemory()
	im := importer(m)
	take(t, im, csvOf(placed()))
	other := placed("account_ref", "A-2", "debt_ref", "D-2", "creditor_name", "City Gas", "original_creditor_name", "", "balance_as_of", "2026-11-21")
	take(t, im, csvOf(other))
	_, lines := take(t, im, csvOf(other))
	wantLines(t, lines, "unchanged creditor_name:other_name")
	m = newMemory()
	im = importer(m)
	take(t, im, csvOf(placed()))
	report, lines := take(t, im, csvOf(other, placed("account_ref", "A-3", "debt_ref", "D-3", "creditor_name", "City Gas", "balance_as_of", "2026-11-21")))
	wantLines(t, lines, "new creditor_name:other_name | new creditor_name:other_name")
	if d := m.debts["D-2"]; d.CreditorName != "Mercy Clinic" || d.OriginalCreditorName != "Mercy Clinic" || report.Flagged != 2 {
		t.Errorf("%+v, %+v", d, report)
	}
	if len(m.tasks) != 1 || m.tasks[0].Name != "City Gas" || m.tasks[0].Subject != "C-1" {
		t.Errorf("%+v", m.tasks)
	}
	_, lines = take(t, im, csvOf(placed("account_ref", "A-4", "debt_ref", "D-4", "creditor_name", "Ancient Name", "balance_as_of", "2026-11-01")))
	wantLines(t, lines, "new creditor_name:other_name")
	if len(m.tasks) != 1 {
		t.Error("an older row proposes a name")
	}
}
