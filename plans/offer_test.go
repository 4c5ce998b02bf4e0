package plans_test

import (
	"errors"
	"fmt"
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

// TestF9_OffersGoFromTheLowestAllowedToQuick holds that the first offer is the
// lowest there is, that no two are nearly the same, and that no last installment
// is a tail.
func TestF9_OffersGoFromTheLowestAllowedToQuick(t *testing.T) {
	t.Parallel()
	twice := plans.DefaultTerms()
	twice.Rhythms = []schedule.Rhythm{schedule.Weekly}
	for _, terms := range []plans.Terms{plans.DefaultTerms(), twice} {
		for payable := money.Cents(25_00); payable < 60_000_00; payable += 771_7 {
			s := subject(t, payable)
			all := plans.Offers(s, terms).Plans
			if len(all) == 0 {
				t.Fatalf("%s: nothing is offered", payable)
			}
			lower := plans.Wish{Kind: plans.Installments, Rule: all[0].Rule, Count: len(all[0].Lines) + 1}
			if q, err := plans.Make(s, terms, lower); err == nil && q.Each < all[0].Each {
				t.Errorf("%s: %s is possible, the lowest offer is %s", payable, q.Each, all[0].Each)
			}
			for k, q := range all {
				if k > 0 && q.Each*10 < all[k-1].Each*15 {
					t.Errorf("%s: %s stands beside %s", payable, q.Each, all[k-1].Each)
				}
				if q.Last().Amount*2 < q.Each {
					t.Errorf("%s: %s ends with %s", payable, q.Each, q.Last().Amount)
				}
			}
		}
	}
	if q, err := plans.Make(subject(t, 48_211_90), plans.DefaultTerms(), plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Count: 24}); err != nil || plans.Offers(subject(t, 48_211_90), plans.DefaultTerms()).Plans[0].Each != q.Each {
		t.Errorf("the lowest of %v: %v", q.Each, err)
	}
}

// TestF9_NoTripForATail asks for $60.00 each time on $482.17.
func TestF9_NoTripForATail(t *testing.T) {
	t.Parallel()
	for each, want := range map[money.Cents]string{60_00: "8 x $60.28, last $60.21", 50_00: "10 x $50.00, last $32.17", 45_00: "11 x $45.00, last $32.17", 240_00: "2 x $241.09, last $241.08"} {
		q, err := plans.Make(subject(t, 482_17), plans.DefaultTerms(), plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: each})
		if got := fmt.Sprintf("%d x %s, last %s", len(q.Lines), q.Each, q.Last().Amount); err != nil || got != want || schedule.Sum(q.Lines) != 482_17 {
			t.Errorf("%s: %s, want %s (%v)", each, got, want, err)
		}
	}
}

// TestF9_ATailThatCannotBeSpreadStays: cents over many payments.
func TestF9_ATailThatCannotBeSpreadStays(t *testing.T) {
	t.Parallel()
	terms := plans.DefaultTerms()
	terms.MinAmount, terms.MaxMonths = 1, 60
	q, err := plans.Make(subject(t, 5_21), terms, plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 10})
	if err != nil || schedule.Sum(q.Lines) != 5_21 {
		t.Errorf("%v: %s", err, schedule.Sum(q.Lines))
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
