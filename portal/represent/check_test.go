package represent

import (
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/plans/civil"
)

var today = civil.Date{Year: 2026, Month: time.November, Day: 22}

func entry(change func(*Entry)) Entry {
	e := Entry{
		Role: Executor, Person: Person{Name: "Eva Garcia", PostalCode: "10001", Born: civil.Date{Year: 1980, Month: time.May, Day: 1}},
		DocumentID: "DOC-311", CheckedBy: "Sam Agent",
	}
	change(&e)
	return e
}

func TestDSC05_WhatIsRecordedOfARepresentativeIsWhole(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		factor string
		change func(*Entry)
		want   []Field
	}{
		"all of it":                  {byPostalCode, func(*Entry) {}, nil},
		"no birth where ZIP counts":  {byPostalCode, func(e *Entry) { e.Person.Born = civil.Date{} }, nil},
		"no ZIP where birth counts":  {byBirth, func(e *Entry) { e.Person.PostalCode = "" }, nil},
		"no ZIP where it counts":     {byPostalCode, func(e *Entry) { e.Person.PostalCode = "" }, []Field{FieldPostalCode}},
		"no birth where it counts":   {byBirth, func(e *Entry) { e.Person.Born = civil.Date{} }, []Field{FieldBorn}},
		"a birth that is to come":    {byPostalCode, func(e *Entry) { e.Person.Born = today.AddDays(1) }, []Field{FieldBorn}},
		"a ZIP of letters":           {byPostalCode, func(e *Entry) { e.Person.PostalCode = "1000A" }, []Field{FieldPostalCode}},
		"an unknown role":            {byPostalCode, func(e *Entry) { e.Role = "attorney" }, []Field{FieldRole}},
		"no name, no paper, no look": {byPostalCode, func(e *Entry) { e.Person.Name, e.DocumentID, e.CheckedBy = " ", "", "" }, []Field{FieldName, FieldDocument, FieldCheckedBy}},
		"a name without end":         {byPostalCode, func(e *Entry) { e.Person.Name = strings.Repeat("a", 201) }, []Field{FieldName}},
		"no phone, no e-mail":        {byPostalCode, func(e *Entry) { e.Person.Phone, e.Person.Email = "555", "eva at home" }, []Field{FieldPhone, FieldEmail}},
		"over before it began":       {byPostalCode, func(e *Entry) { e.From, e.Until = today.AddDays(9), today.AddDays(8) }, []Field{FieldUntil}},
		"over already":               {byPostalCode, func(e *Entry) { e.From, e.Until = today.AddDays(-9), today.AddDays(-1) }, []Field{FieldUntil}},
		"for one day":                {byPostalCode, func(e *Entry) { e.From, e.Until = today, today }, nil},
	} {
		got, problems := check(entry(c.change), c.factor, today)
		if len(problems) != len(c.want) {
			t.Errorf("%s: %v; want %v", name, problems, c.want)
			continue
		}
		for _, f := range c.want {
			if !slices.Contains(problems, f) || !strings.Contains(problems.Error(), string(f)) {
				t.Errorf("%s: %v lacks %s", name, problems, f)
			}
		}
		if len(c.want) == 0 && (got.From.IsZero() || got.Person.Language != "en") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestDSC05_AuthorityHoldsFromItsFirstDayToTheEndOfItsLastAnywhere(t *testing.T) {
	t.Parallel()
	r := Representative{From: today, Until: today.AddDays(1)}
	at := func(day, hour int) time.Time { return time.Date(2026, time.November, day, hour, 0, 0, 0, time.UTC) }
	for when, want := range map[time.Time]bool{at(21, 23): false, at(22, 0): true, at(24, 9): true, at(24, 10): false} {
		if r.Speaks(when) != want {
			t.Errorf("%s: %v", when, !want)
		}
	}
	r.Until = civil.Date{}
	if !r.Speaks(at(30, 0)) || !r.Ends().IsZero() {
		t.Error("without a last day it ends by itself")
	}
	if r.RevokedAt = at(22, 5); r.Speaks(at(22, 6)) {
		t.Error("revoked, it goes on")
	}
}
