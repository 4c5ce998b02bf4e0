package gate

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/portal/debt"
	"quittance/portal/represent"
)

var everyStatus = []debt.Status{
	debt.Active, debt.Disputed, debt.Cease, debt.Attorney, debt.Bankruptcy, debt.Deceased, debt.Servicemember,
	debt.IdentityTheft, debt.Minor, debt.TimeBarred, debt.Paid, debt.Recalled, debt.UnderReview,
}

var everyAction = []Action{View, Pay, Plan, Autopay, Outbound, Dispute}

// TestGEN01_EveryCellOfTheStatusTable holds the table of rules.md O, one
// column an action in the order of everyAction. "-" is denied always; "yes"
// always allowed; otherwise the cell names the facts that allow it. What a role may
// on top of a status stands in roles_test.go.
func TestGEN01_EveryCellOfTheStatusTable(t *testing.T) {
	t.Parallel()
	facts := map[string]Facts{
		"consumer": {ByConsumer: true}, "answer": {Answer: true}, "template": {Template: true},
		"consent": {Consent: true}, "executor": {ByConsumer: true, Role: represent.Executor}, "spouse": {Role: represent.Spouse},
		"guardian": {Role: represent.Guardian}, "parent": {Role: represent.Parent},
	}
	want := map[debt.Status][6]string{
		debt.Active:        {"yes", "yes", "yes", "yes", "yes", "yes"},
		debt.Disputed:      {"yes", "-", "-", "-", "answer", "yes"},
		debt.Cease:         {"yes", "consumer executor", "consumer executor", "-", "-", "yes"},
		debt.Attorney:      {"yes", "consent", "-", "-", "-", "yes"},
		debt.Bankruptcy:    {"-", "-", "-", "-", "-", "-"},
		debt.Deceased:      {"executor spouse", "executor", "-", "-", "executor spouse", "yes"},
		debt.Servicemember: {"yes", "yes", "yes", "yes", "yes", "yes"},
		debt.IdentityTheft: {"-", "-", "-", "-", "-", "yes"},
		debt.Minor:         {"guardian parent", "-", "-", "-", "guardian parent", "guardian parent"},
		debt.TimeBarred:    {"yes", "consumer executor", "-", "-", "template", "yes"},
		debt.Paid:          {"yes", "-", "-", "-", "answer", "yes"},
		debt.Recalled:      {"yes", "-", "-", "-", "answer", "yes"},
		debt.UnderReview:   {"-", "-", "-", "-", "-", "yes"},
	}
	for _, status := range everyStatus {
		for i, action := range everyAction {
			cell := want[status][i]
			if got := Decide(action, status, Facts{}).Allowed; got != (cell == "yes") {
				t.Errorf("%s of a debt that is %s with no facts: %v", action, status, got)
			}
			for name, f := range facts {
				if got := Decide(action, status, f).Allowed; got != (cell == "yes" || slices.Contains(strings.Fields(cell), name)) {
					t.Errorf("%s of a debt that is %s with %s: %v", action, status, name, got)
				}
			}
		}
	}
}

func TestGEN01_EveryDecisionNamesItsRulesAndEveryDenialItsReason(t *testing.T) {
	t.Parallel()
	rule := regexp.MustCompile(`^[A-Z]{3}-\d{2}$`)
	check := func(d Decision, what ...any) {
		t.Helper()
		if len(d.RuleIDs) == 0 || slices.ContainsFunc(d.RuleIDs, func(id string) bool { return !rule.MatchString(id) }) {
			t.Errorf("%v: rules %v", what, d.RuleIDs)
		}
		if !d.Allowed && d.Reason == Plain {
			t.Errorf("%v is denied without a reason", what)
		}
	}
	for _, s := range append(everyStatus, "", "new") {
		for _, a := range append(everyAction, "", "sell", UseCard) {
			check(Decide(a, s, Facts{}), a, s)
			check(Decide(a, s, Facts{ByConsumer: true, Answer: true, Template: true, Consent: true}), a, s)
		}
	}
	for _, f := range []string{"credit", "debit", "prepaid", "unknown", ""} {
		for d := range cards {
			check(Card(d, f), d, f)
		}
		check(Card("barter", f), "barter", f)
	}
}

func TestGEN01_WhatNoTableKnowsIsDenied(t *testing.T) {
	t.Parallel()
	all := Facts{ByConsumer: true, Answer: true, Template: true, Consent: true}
	for _, a := range everyAction {
		if d := Decide(a, "on_hold", all); d.Allowed || d.Reason != UnknownStatus {
			t.Errorf("%s in an unknown status: %+v", a, d)
		}
	}
	if d := Decide("sell", debt.Active, all); d.Allowed || d.Reason != UnknownAction {
		t.Errorf("unknown action: %+v", d)
	}
	if (Facts{ByConsumer: true, Answer: true, Template: true, Consent: true}).meet("something else") {
		t.Error("an unknown condition is met")
	}
	if len(statuses) != len(everyStatus) {
		t.Errorf("the table has %d statuses, the test %d", len(statuses), len(everyStatus))
	}
	for _, s := range everyStatus {
		if s.Valid() == (s == debt.UnderReview) {
			t.Errorf("%s is no status of a placement", s)
		}
	}
}

func TestDIS02_ADisputedDebtTakesNoMoneyAndIsNotPressed(t *testing.T) {
	t.Parallel()
	for _, a := range []Action{Pay, Plan, Autopay} {
		if d := Decide(a, debt.Disputed, Facts{ByConsumer: true}); d.Allowed {
			t.Errorf("%s: %+v", a, d)
		}
	}
	if d := Decide(Autopay, debt.Disputed, Facts{}); d.Reason != Paused {
		t.Errorf("autopay of a disputed debt is %s", d.Reason)
	}
}

func TestSTS01_BankruptcyCancelsAutopayAndHidesTheDebt(t *testing.T) {
	t.Parallel()
	if d := Decide(Autopay, debt.Bankruptcy, Facts{}); d.Reason != Canceled {
		t.Errorf("autopay: %+v", d)
	}
	if d := Decide(View, debt.Bankruptcy, Facts{ByConsumer: true, Answer: true, Template: true, Consent: true}); d.Allowed {
		t.Errorf("view: %+v", d)
	}
}

func TestSTS07_ATimeBarredDebtIsPaidWholeAndShownWithItsNotice(t *testing.T) {
	t.Parallel()
	if d := Decide(Pay, debt.TimeBarred, Facts{ByConsumer: true}); !d.Allowed || !d.WholeOnly || d.Reason != WithNotice {
		t.Errorf("pay: %+v", d)
	}
	if d := Decide(View, debt.TimeBarred, Facts{}); d.Reason != WithNotice {
		t.Errorf("view: %+v", d)
	}
	if d := Decide(Pay, debt.Active, Facts{ByConsumer: true}); d.WholeOnly {
		t.Errorf("an active debt: %+v", d)
	}
}

func TestSTR02_WhichCardsPayWhichDebts(t *testing.T) {
	t.Parallel()
	type answers struct{ credit, debit, prepaid, unknown bool }
	loan, none, other := answers{false, true, true, false}, answers{}, answers{true, true, true, true}
	want := map[debt.Type]answers{
		debt.CreditCard: loan, debt.Loan: loan, debt.AutoLoan: loan, debt.StudentLoan: loan, debt.Payday: none,
		debt.Medical: other, debt.Utility: other, debt.Telecom: other, debt.Rent: other, debt.Government: other, debt.Other: other,
		"barter": none,
	}
	for kind, w := range want {
		got := answers{Card(kind, "credit").Allowed, Card(kind, "debit").Allowed, Card(kind, "prepaid").Allowed, Card(kind, "unknown").Allowed}
		if got != w {
			t.Errorf("%s: %+v, want %+v", kind, got, w)
		}
		if Card(kind, "").Allowed != w.unknown {
			t.Errorf("%s: a card of which nothing is known", kind)
		}
	}
	if len(cards) != len(want)-1 {
		t.Errorf("the table has %d types of debt", len(cards))
	}
	for kind, policy := range cards {
		if policy.source == "" || !kind.Valid() {
			t.Errorf("%s has no source or is no type of debt", kind)
		}
	}
}

func TestSTS07_TheDayComesWithTheEasternmostZoneOfTheState(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 7, 4, 4, 30, 0, 0, time.UTC)
	for state, want := range map[string]string{
		"NY": "2026-07-04", "TN": "2026-07-04", "TX": "2026-07-03", "CA": "2026-07-03", "HI": "2026-07-03",
		"GU": "2026-07-04", "": "2026-07-04", "ZZ": "2026-07-04",
	} {
		if got := Day(at, state).String(); got != want {
			t.Errorf("%q: %s, want %s", state, got, want)
		}
	}
	if got := Day(time.Date(2026, 7, 3, 14, 0, 0, 0, time.UTC), "??").String(); got != "2026-07-04" {
		t.Errorf("GEN-03: of an unknown state the day is %s", got)
	}
	if len(eastmost) != 56 {
		t.Errorf("%d states, districts and territories", len(eastmost))
	}
}
