package gate

import (
	"testing"
	"time"

	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/pack/packtest"
)

// TestGEN03_OfTwoStatusesTheStricterAnswerWins asks every action of every pair of
// statuses: it is allowed exactly when both rows of the table allow it.
func TestGEN03_OfTwoStatusesTheStricterAnswerWins(t *testing.T) {
	t.Parallel()
	facts := []Facts{{}, {ByConsumer: true}, {Answer: true}, {Template: true}, {Consent: true}, {ByConsumer: true, Answer: true, Template: true, Consent: true}}
	for _, one := range everyStatus {
		for _, other := range everyStatus {
			for _, a := range everyAction {
				for _, f := range facts {
					d, from := Standing{Statuses: []debt.Status{one, other}}.Decide(a, f)
					want := Decide(a, one, f).Allowed && Decide(a, other, f).Allowed
					if d.Allowed != want || len(d.RuleIDs) == 0 || from != one && from != other {
						t.Errorf("%s, %s and %s, %+v: %+v of %s", a, one, other, f, d, from)
					}
				}
			}
		}
	}
}

func TestGEN01_WhatStandsNowhereIsDenied(t *testing.T) {
	t.Parallel()
	if d, _ := (Standing{}).Decide(View, Facts{}); d.Allowed {
		t.Errorf("%+v", d)
	}
}

func TestDIS04_TheUndisputedPartIsPaidByTheConsumersOwnActOnly(t *testing.T) {
	t.Parallel()
	d := debt.Debt{ID: "dbt_1", Status: debt.Active, Holds: []debt.Hold{
		{DebtID: "dbt_1", Status: debt.Disputed, Amount: 20_00, Source: "dsp_1"}, {DebtID: "dbt_1", Status: debt.Disputed, Amount: 5_00, Source: "dsp_2"},
	}}
	standing := Person{Debts: []debt.Debt{d}}.Standing(d, Day(noonUTC, "NY"))
	if pay, _ := standing.Decide(Pay, Facts{ByConsumer: true}); !pay.Allowed || pay.Withheld != 25_00 {
		t.Errorf("by the consumer: %+v", pay)
	}
	for _, a := range []Action{Pay, Autopay, Plan, Outbound} {
		f := Facts{ByConsumer: a == Plan}
		if got, from := standing.Decide(a, f); got.Allowed || from != debt.Disputed {
			t.Errorf("%s: %+v", a, got)
		}
	}
	k := &Keeper{Law: packtest.Everywhere(), Records: &shelf{account: debt.Account{ID: "acc_1", Consumer: debt.Consumer{Address: debt.Address{State: "NY"}}}, statements: []debt.Statement{{Debt: d, Owed: 100_00, Pending: 30_00}}}, Now: nowUTC}
	p, err := k.Payables(t.Context(), "acc_1", []string{"dbt_1"}, "")
	if err != nil || len(p) != 1 || p[0].Max != 45_00 || p[0].Refusal != "" {
		t.Errorf("payable: %+v, %v", p, err)
	}
}

func TestDIS04_WhereAllIsDisputedOrAllMustBePaidNothingIs(t *testing.T) {
	t.Parallel()
	part := debt.Hold{DebtID: "dbt_1", Status: debt.Disputed, Amount: 20_00}
	for name, d := range map[string]debt.Debt{
		"a part and the whole":               {Status: debt.Active, Holds: []debt.Hold{part, {DebtID: "dbt_1", Status: debt.Disputed}}},
		"a part, and the file says disputed": {Status: debt.Disputed, Holds: []debt.Hold{part}},
		"a part of a time-barred debt":       {Status: debt.TimeBarred, Holds: []debt.Hold{part}},
		"a part of a debt that was paid":     {Status: debt.Paid, Holds: []debt.Hold{part}},
	} {
		d.ID = "dbt_1"
		if got := may(d, Pay, Day(noonUTC, "NY")); got.Allowed {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestSTS01_AHoldOfAPersonCountsForAllTheirDebts(t *testing.T) {
	t.Parallel()
	one := debt.Debt{ID: "dbt_1", Status: debt.Active, Holds: []debt.Hold{{DebtID: "dbt_1", Status: debt.Bankruptcy, Source: "clm_1"}}}
	other := debt.Debt{ID: "dbt_2", Status: debt.Servicemember}
	p := Person{Debts: []debt.Debt{one, other}}
	if got, from := p.Standing(other, Day(noonUTC, "NY")).Decide(View, Facts{ByConsumer: true}); got.Allowed || from != debt.Bankruptcy {
		t.Errorf("%+v of %s", got, from)
	}
	if s := p.Status(other, Day(noonUTC, "NY")); s != debt.Bankruptcy {
		t.Errorf("the page speaks of %s", s)
	}
}

var noonUTC = time.Date(2026, 11, 22, 17, 0, 0, 0, time.UTC)

func nowUTC() time.Time { return noonUTC }

// may is what a consumer may do about their only debt.
func may(d debt.Debt, a Action, day civil.Date) Decision {
	decision, _ := Person{Debts: []debt.Debt{d}}.Standing(d, day).Decide(a, Facts{ByConsumer: true})
	return decision
}
