package plans_test

import (
	"errors"
	"testing"
	"time"

	"quittance/payments/money"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
)

func subject(t *testing.T, payable money.Cents) plans.Subject {
	t.Helper()
	return plans.Subject{
		AccountID: "acc_1", Debt: plans.DebtRef{ID: "dbt_1", Ref: "D-1", CreditorRef: "mercy"}, DebtType: "medical", Payable: payable,
		Since: day(t, "2025-03-31"), Today: day(t, "2026-11-23"), Zones: []*time.Location{time.UTC},
	}
}

// TestWhatCannotBeIsSaidWithTheNearestThatCan asks for what terms do not allow.
func TestWhatCannotBeIsSaidWithTheNearestThatCan(t *testing.T) {
	t.Parallel()
	terms := plans.DefaultTerms()
	terms.Settlements = []plans.SettlementFloor{{MinAgeDays: 180, MinBalance: 10000, Percent: 60, Payments: 3, ValidDays: 30}}
	each := func(amount money.Cents) plans.Wish {
		return plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: amount}
	}
	first := func(date string) plans.Wish {
		w := each(10000)
		w.Rule = monthly(date)
		return w
	}
	for name, c := range map[string]struct {
		payable money.Cents
		wish    plans.Wish
		want    plans.Impossible
	}{
		"below the least":            {60000, each(2400), plans.Impossible{Problem: plans.TooSmall, Field: "amount", Amount: 2500}},
		"above the balance":          {60000, each(60001), plans.Impossible{Problem: plans.TooLarge, Field: "amount", Amount: 60000}},
		"too long":                   {500000, each(5000), plans.Impossible{Problem: plans.TooLong, Field: "amount", Count: 24, Amount: 20834}},
		"too many":                   {60000, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Count: 50}, plans.Impossible{Problem: plans.TooSmall, Field: "count", Count: 24, Amount: 2500}},
		"yesterday":                  {60000, first("2026-11-22"), plans.Impossible{Problem: plans.DateTooEarly, Field: "first", Date: day(t, "2026-11-23")}},
		"too late":                   {60000, first("2027-03-01"), plans.Impossible{Problem: plans.DateTooLate, Field: "first", Date: day(t, "2026-12-28")}},
		"a rhythm nobody knows":      {60000, plans.Wish{Kind: plans.Installments, Rule: schedule.Rule{Rhythm: "daily", First: day(t, "2026-12-15")}, Each: 10000}, plans.Impossible{Problem: plans.BadRhythm, Field: "rhythm"}},
		"nothing is owed":            {0, each(10000), plans.Impossible{Problem: plans.NothingOwed}},
		"settled in too many":        {60000, plans.Wish{Kind: plans.Settlement, Rule: monthly("2026-12-01"), Count: 4}, plans.Impossible{Problem: plans.TooLong, Field: "count", Count: 3}},
		"too little to settle":       {9999, plans.Wish{Kind: plans.Settlement, Rule: monthly("2026-12-01"), Count: 1}, plans.Impossible{Problem: plans.NoSettlement}},
		"more time than there is":    {60000, plans.Wish{Kind: plans.Later, Rule: schedule.Rule{First: day(t, "2027-01-15")}}, plans.Impossible{Problem: plans.DateTooLate, Field: "first", Date: day(t, "2026-12-23")}},
		"a kind that does not exist": {60000, plans.Wish{Kind: "lottery", Rule: monthly("2026-12-01")}, plans.Impossible{Problem: plans.NotAllowed}},
	} {
		_, err := plans.Make(subject(t, c.payable), terms, c.wish)
		var got *plans.Impossible
		if !errors.As(err, &got) || *got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// TestTheNearestIsPossible takes each answer at its word.
func TestTheNearestIsPossible(t *testing.T) {
	t.Parallel()
	for _, payable := range []money.Cents{1, 99, 2499, 2500, 2501, 60000, 482171, 10000000} {
		for _, each := range []money.Cents{1, 100, 2499, 5000, 90000000} {
			s, terms := subject(t, payable), plans.DefaultTerms()
			wish := plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: each}
			var no *plans.Impossible
			for range 3 {
				if _, err := plans.Make(s, terms, wish); !errors.As(err, &no) {
					no = nil
					break
				}
				wish.Each = no.Amount
			}
			if no != nil {
				t.Errorf("%s at %s: even %s is %s", payable, each, wish.Each, no.Problem)
			}
		}
	}
}

// TestAMT01_NoOfferEverComesToMoreThanIsOwed looks at all that is offered.
func TestAMT01_NoOfferEverComesToMoreThanIsOwed(t *testing.T) {
	t.Parallel()
	terms := plans.DefaultTerms()
	terms.Settlements = []plans.SettlementFloor{{Percent: 40, Payments: 3, ValidDays: 10}, {Percent: 70, Payments: 6, ValidDays: 10}}
	for payable := money.Cents(100); payable < 30_000_00; payable += 1_234_5 {
		o := plans.Offers(subject(t, payable), terms)
		for _, q := range append(o.Plans, o.Settlements...) {
			if schedule.Sum(q.Lines) != q.Total || q.Total+q.Forgiven != payable || len(q.Lines) > 1 && q.Last().Amount > q.Each {
				t.Errorf("%s: %s in %d, %s let go", payable, q.Total, len(q.Lines), q.Forgiven)
			}
		}
		if len(o.Plans) > 3 || o.Later == nil || o.Later.Total != payable {
			t.Errorf("%s: %d plans, more time %+v", payable, len(o.Plans), o.Later)
		}
	}
}

// TestDIS09_NoSettlementExpiresBeforeTheValidationPeriodEnds: its own days count
// only where they are more.
func TestDIS09_NoSettlementExpiresBeforeTheValidationPeriodEnds(t *testing.T) {
	t.Parallel()
	terms := plans.DefaultTerms()
	terms.Settlements = []plans.SettlementFloor{{Percent: 40, Payments: 1, ValidDays: 10}}
	for until, want := range map[string]string{"": "2026-12-03", "2026-11-30": "2026-12-03", "2026-12-19": "2026-12-19"} {
		s := subject(t, 60000)
		s.OfferUntil = day(t, until)
		o := plans.Offers(s, terms)
		if len(o.Settlements) != 1 || o.Settlements[0].Expires != day(t, want) {
			t.Errorf("a period until %q: %+v", until, o.Settlements)
		}
	}
}

func TestTheNarrowerTermsWin(t *testing.T) {
	t.Parallel()
	terms := func(id string, scope plans.Scope, from string, version int) plans.Terms {
		return plans.Terms{ID: id, Version: version, Scope: scope, Effective: day(t, from)}
	}
	all := []plans.Terms{
		terms("agency", plans.Scope{}, "2025-01-01", 1),
		terms("type", plans.Scope{DebtType: "medical"}, "2025-01-01", 1),
		terms("creditor", plans.Scope{CreditorRef: "mercy"}, "2025-01-01", 1),
		terms("creditor", plans.Scope{CreditorRef: "mercy"}, "2026-06-01", 2),
		terms("creditor", plans.Scope{CreditorRef: "mercy"}, "2027-06-01", 3),
		terms("other", plans.Scope{CreditorRef: "somebody"}, "2025-01-01", 1),
	}
	s := subject(t, 60000)
	if got := plans.Effective(all, s); got.ID != "creditor" || got.Version != 2 {
		t.Errorf("%s %d", got.ID, got.Version)
	}
	if got := plans.Effective(append(all, terms("debt", plans.Scope{DebtRef: "D-1"}, "2025-01-01", 1)), s); got.ID != "debt" {
		t.Errorf("%s", got.ID)
	}
	s.Debt.CreditorRef, s.DebtType = "third", "loan"
	if got := plans.Effective(all, s); got.ID != "agency" {
		t.Errorf("%s", got.ID)
	}
	if got := plans.Effective(nil, s); got.ID != "default" || got.Effective != (civil.Date{}) {
		t.Errorf("%s", got.ID)
	}
}
