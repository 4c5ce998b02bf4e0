package demo

import (
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/config"
	"quittance/portal/debt"
	"quittance/portal/intake"
	"quittance/portal/store/storetest"
)

// TestWHK05_F2_WhatIsAnsweredBeforeAChargeReachesThePersonsOtherPlans lets the
// system of record say of one debt, right before its charge, that the person is
// bankrupt: the plan by hand on another debt of theirs ends too.
func TestWHK05_F2_WhatIsAnsweredBeforeAChargeReachesThePersonsOtherPlans(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := New(time.Now())
		r.Database = url
		_, listener, err := r.Set(t.Context(), config.Environment{Lookup: func(string) (string, bool) { return "", false }}, "127.0.0.1:0", t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		listener.Close()
		ctx := t.Context()
		wish := func(days int, each money.Cents) plans.Wish {
			return plans.Wish{Kind: plans.Installments, Each: each, Rule: schedule.Rule{Rhythm: schedule.Monthly, First: civil.Of(r.Clock.Now()).AddDays(days)}}
		}
		charged, id, err := r.AgreeToPlan(ctx, "A-1001", payments.Card, "pm_card_visa", wish(15, 50_00))
		if err != nil {
			t.Fatal(err)
		}
		statements, err := r.Portal.Store.AccountStatements(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		draft, _, err := r.Portal.Plans.Begin(ctx, string(id), string(statements[1].Debt.ID), wish(30, 50_00))
		if err != nil {
			t.Fatal(err)
		}
		if _, err = r.Portal.Plans.Choose(ctx, string(id), draft.ID, plans.ByHand, "", ""); err != nil {
			t.Fatal(err)
		}
		other, err := r.Portal.Plans.Enroll(ctx, string(id), draft.ID, "Pat Sample", agreed("I pay each amount myself."))
		if err != nil {
			t.Fatal(err)
		}
		r.books.mu.Lock()
		for i := range r.books.lines {
			if r.books.lines[i].DebtRef == charged.Debt.Ref {
				r.books.lines[i].Status = string(debt.Bankruptcy)
			}
		}
		r.books.mu.Unlock()
		if err := r.MoveDays(ctx, 20); err != nil {
			t.Fatal(err)
		}
		for _, p := range []plans.Plan{charged, other} {
			now, err := r.Portal.Store.Plan(ctx, p.ID)
			if err != nil || now.Status != plans.Canceled || now.Reason != "bankruptcy" || now.PaidSoFar() != 0 {
				t.Errorf("the plan of %s is %s because of %s, %s paid, %v", p.Debt.Ref, now.Status, now.Reason, now.PaidSoFar(), err)
			}
		}
	})
}

// TestWHK05_STS04_WhatIsAnsweredBeforeAChargeOpensNothing lets the system of record
// say before a charge that somebody of whom it said that they serve does not: that
// counts only once a person says so.
func TestWHK05_STS04_WhatIsAnsweredBeforeAChargeOpensNothing(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := New(time.Now())
		r.Database = url
		_, listener, err := r.Set(t.Context(), config.Environment{Lookup: func(string) (string, bool) { return "", false }}, "127.0.0.1:0", t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		listener.Close()
		ctx := t.Context()
		charged, _, err := r.AgreeToPlan(ctx, "A-1002", payments.Card, "pm_card_visa", plans.Wish{
			Kind: plans.Installments, Each: 50_00, Rule: schedule.Rule{Rhythm: schedule.Monthly, First: civil.Of(r.Clock.Now()).AddDays(15)},
		})
		if err != nil {
			t.Fatal(err)
		}
		_, before, err := r.FirstDebt(ctx, "A-1002")
		if err != nil {
			t.Fatal(err)
		}
		serves := intake.Standing{AccountRef: "A-1002", DebtRef: charged.Debt.Ref, Status: debt.Servicemember, Balance: before.Debt.Snapshot.Balance, AsOf: r.Clock.Now()}
		if err := r.Portal.Importer.Stand(ctx, serves); err != nil {
			t.Fatal(err)
		}
		if err := r.MoveDays(ctx, 20); err != nil {
			t.Fatal(err)
		}
		_, after, err := r.FirstDebt(ctx, "A-1002")
		if err != nil || after.Debt.Status != debt.Active || !after.Debt.Counts(debt.Servicemember) {
			t.Errorf("the debt is %s with %+v, %v", after.Debt.Status, after.Debt.Holds, err)
		}
		tasks, err := r.Portal.Store.OpenTasks(ctx, 10)
		if err != nil || len(tasks) != 1 || tasks[0].Kind != intake.LessStrict || tasks[0].DebtRef != charged.Debt.Ref {
			t.Errorf("a person is asked %+v, %v", tasks, err)
		}
	})
}
