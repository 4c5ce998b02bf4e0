package terms_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/plans"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
	"quittance/portal/terms"
)

var noon = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

func desk(s *store.Store) *terms.Desk {
	return &terms.Desk{Tx: s, Book: s, Now: func() time.Time { return noon }}
}

func read(t *testing.T, text string) terms.File {
	t.Helper()
	f, err := terms.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// faults are the fields that a file is refused for.
func faults(t *testing.T, s *store.Store, text string) []string {
	t.Helper()
	f, err := terms.Read(strings.NewReader(text))
	if err == nil {
		_, err = desk(s).Set(t.Context(), f)
	}
	var refused *terms.Refused
	if !errors.As(err, &refused) {
		t.Fatalf("%s: %v", text, err)
	}
	var fields []string
	for _, f := range refused.Faults {
		fields = append(fields, f.Field)
		if f.Message == "" || !strings.Contains(refused.Error(), f.Message) {
			t.Errorf("%s: nothing is said of %s", text, f.Field)
		}
	}
	slices.Sort(fields)
	return fields
}

const mercy = `{"terms":[{"creditor_ref":"mercy","effective":"2026-01-01","min_amount_cents":5000,"min_percent":5,"max_months":36,
	"rhythms":["monthly","weekly"],"first_within_days":45,"later_days":0,"skips":0,"pause_days":30,"grace_days":10,"retries":2,"hardship_min_cents":1000,"hardship_months":48,"break_after":3,
	"settlements":[{"percent":60,"min_age_days":365,"min_balance_cents":10000,"payments":3,"valid_days":14},{"percent":80}]}]}`

func TestTermsAreSetInTheirWordsAndWhatIsNotSaidIsAsUsual(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		held, err := desk(s).Set(t.Context(), read(t, mercy))
		if err != nil {
			t.Fatal(err)
		}
		want := plans.Terms{
			ID: "creditor=mercy", Version: 1, Scope: plans.Scope{CreditorRef: "mercy"}, Effective: held[0].Effective, MinAmount: 5000, MinPercent: 5,
			MaxMonths: 36, Rhythms: held[0].Rhythms, FirstWithinDays: 45, PauseDays: 30, GraceDays: 10, Retries: 2, HardshipMin: 1000, HardshipMonths: 48, BreakAfter: 3,
			Settlements: []plans.SettlementFloor{
				{MinAgeDays: 365, MinBalance: 10000, Percent: 60, Payments: 3, ValidDays: 14}, {Percent: 80, Payments: 1, ValidDays: 30},
			},
		}
		if !reflect.DeepEqual(held, []plans.Terms{want}) || held[0].Effective.String() != "2026-01-01" || len(held[0].Rhythms) != 2 {
			t.Errorf("held %+v", held)
		}
		usual, err := desk(s).Set(t.Context(), read(t, `{"terms":[{"effective":"2026-01-01"}]}`))
		if err != nil {
			t.Fatal(err)
		}
		expected := plans.DefaultTerms()
		expected.ID, expected.Effective = "agency", held[0].Effective
		if !reflect.DeepEqual(usual, []plans.Terms{expected}) {
			t.Errorf("usual %+v", usual)
		}
	})
}

func TestTheSameWordsAgainChangeNothingAndOthersAreANextVersion(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, step := range []struct {
			text    string
			version int
		}{
			{mercy, 1},
			{mercy, 1},
			{`{"terms":[{"creditor_ref":"mercy","effective":"2026-12-01"}]}`, 2},
			{`{"terms":[{"creditor_ref":"mercy","effective":"2026-12-01","until":"2026-12-31"}]}`, 3},
		} {
			held, err := desk(s).Set(t.Context(), read(t, step.text))
			if err != nil || len(held) != 1 || held[0].Version != step.version {
				t.Errorf("%s: %+v, %v", step.text, held, err)
			}
		}
		all, err := desk(s).List(t.Context())
		if err != nil || len(all) != 3 || all[0].Until.String() != "2026-11-30" {
			t.Errorf("all %+v, %v", all, err)
		}
		if got := faults(t, s, mercy); !reflect.DeepEqual(got, []string{"terms[0].effective"}) {
			t.Errorf("a version that begins before the held one: %v", got)
		}
	})
}

func TestAMT01_WhatIsNotAWordOfTermsIsRefusedByName(t *testing.T) {
	t.Parallel()
	s := storetest.SQLite(t)
	for _, word := range []string{"fee", "interest_percent", "convenience_fee_cents", "late_charge"} {
		text := strings.Replace(mercy, `"effective"`, `"`+word+`":1,"effective"`, 1)
		if got := faults(t, s, text); !reflect.DeepEqual(got, []string{word}) {
			t.Errorf("%s: %v", word, got)
		}
	}
	if all, err := s.Terms(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("something was kept: %+v, %v", all, err)
	}
}

func TestEachFieldThatIsAtFaultIsNamedAndNothingIsKept(t *testing.T) {
	t.Parallel()
	s := storetest.SQLite(t)
	good := `{"creditor_ref":"north","effective":"2026-01-01"}`
	for _, c := range []struct{ change, field string }{
		{`"min_percent":0`, "min_percent"}, {`"min_percent":101`, "min_percent"}, {`"retries":3`, "retries"}, {`"retries":-1`, "retries"},
		{`"max_months":0`, "max_months"}, {`"max_months":61`, "max_months"}, {`"min_amount_cents":0`, "min_amount_cents"},
		{`"rhythms":["daily"]`, "rhythms[0]"}, {`"rhythms":["once"]`, "rhythms[0]"}, {`"rhythms":["weekly","weekly"]`, "rhythms[1]"},
		{`"until":"2025-12-31"`, "until"}, {`"until":"2026-02-30"`, "until"}, {`"debt_type":"gambling"`, "debt_type"},
		{`"first_within_days":0`, "first_within_days"}, {`"later_days":-1`, "later_days"}, {`"skips":-1`, "skips"}, {`"pause_days":366`, "pause_days"},
		{`"hardship_min_cents":0`, "hardship_min_cents"}, {`"hardship_months":61`, "hardship_months"},
		{`"grace_days":-1`, "grace_days"}, {`"break_after":-1`, "break_after"}, {`"settlements":[{"percent":0}]`, "settlements[0].percent"},
		{`"settlements":[{"percent":101}]`, "settlements[0].percent"}, {`"settlements":[{"percent":50},{"percent":50,"payments":0}]`, "settlements[1].payments"},
		{`"settlements":[{"percent":50,"valid_days":0}]`, "settlements[0].valid_days"}, {`"settlements":[{"percent":50,"min_age_days":-1}]`, "settlements[0].min_age_days"},
		{`"settlements":[{"percent":50,"min_balance_cents":-1}]`, "settlements[0].min_balance_cents"},
	} {
		text := `{"terms":[` + good + `,{"creditor_ref":"mercy","effective":"2026-01-01",` + c.change + `}]}`
		if got := faults(t, s, text); !reflect.DeepEqual(got, []string{"terms[1]." + c.field}) {
			t.Errorf("%s: %v", c.change, got)
		}
	}
	for text, field := range map[string]string{
		`{"terms":[]}`: "terms", `{}`: "terms", `{"terms":[` + good + `,` + good + `]}`: "terms[1]", `{"terms":[{}]}`: "terms[0].effective",
		`{"terms":[{"effective":"2026-01-01","min_percent":1.5}]}`: "terms.min_percent", `not JSON`: "", `{"terms":[` + good + `]} {}`: "",
	} {
		if got := faults(t, s, text); !reflect.DeepEqual(got, []string{field}) {
			t.Errorf("%s: %v", text, got)
		}
	}
	if all, err := s.Terms(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("something was kept: %+v, %v", all, err)
	}
}

func TestEachScopeHasTermsOfItsOwnName(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, w := range []terms.Words{
		{}, {CreditorRef: "a"}, {DebtType: "medical"}, {DebtRef: "a"}, {CreditorRef: "a", DebtType: "medical"}, {CreditorRef: "a&type=medical"},
	} {
		t1, _ := terms.Check(w)
		if seen[t1.ID] {
			t.Errorf("%+v shares the name %s", w, t1.ID)
		}
		seen[t1.ID] = true
	}
}
