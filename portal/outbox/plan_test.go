package outbox_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"quittance/payments"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/debt"
	"quittance/portal/outbox"
)

// agreed is an automatic plan of three payments of which one is paid.
func agreed() plans.Plan {
	p := plans.Plan{
		ID: "pln_01", Reference: "PLN-7KQ2M9XD", AccountID: "acc_1", Debt: plans.DebtRef{ID: "dbt_1", Ref: "D-1001", CreditorRef: "mercy"},
		Kind: plans.Installments, Total: 12550, Rule: schedule.Rule{Rhythm: schedule.Monthly}, Charging: plans.Automatic,
		Details: payments.Details{Type: payments.BankAccount, Brand: "Chase", Last4: "6789"}, Terms: plans.DefaultTerms(), Status: plans.Active, Version: 1,
		Installments: []plans.Installment{
			{Number: 1, Due: civil.Date{Year: 2026, Month: 11, Day: 23}, Amount: 5000, Paid: 5000, Status: plans.Paid},
			{Number: 2, Due: civil.Date{Year: 2026, Month: 12, Day: 23}, Amount: 5000, Paid: 1000, Status: plans.Scheduled},
			{Number: 3, Due: civil.Date{Year: 2027, Month: 1, Day: 25}, Amount: 2550, Status: plans.Scheduled},
		},
	}
	return p
}

var mercy = outbox.About{AccountID: "acc_1", CreditorRef: "mercy"}

// planStory tells of a plan with all that can become of it, of its notices, and
// of what a consumer may ask beside it.
func (b *bench) planStory(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	p := agreed()
	for _, step := range []struct {
		news   plans.News
		why    plans.Why
		status plans.Status
		reason plans.Reason
	}{
		{plans.NewsCreated, plans.Enrolled, plans.Active, ""},
		{plans.NewsChanged, plans.InstallmentPaid, plans.Active, ""},
		{plans.NewsPaused, plans.InstallmentFailed, plans.Paused, plans.MethodFailed},
		{plans.NewsResumed, plans.MethodChanged, plans.Active, ""},
		{plans.NewsBroken, plans.InstallmentMissed, plans.Broken, plans.MissedTooMany},
		{plans.NewsCanceled, plans.ByConsumerWhy, plans.Canceled, plans.ByConsumer},
		{plans.NewsCompleted, plans.InstallmentPaid, plans.Completed, ""},
	} {
		p.Status, p.Reason = step.status, step.reason
		b.mustRecord(t, b.recorder.PlanChanged(ctx, plans.Change{After: p, Moved: true, Why: step.why, News: []plans.News{step.news}}))
	}
	notice := outbox.NoticeFacts{Kind: outbox.ChargeAhead, DebtRef: "D-1001", Due: "2026-12-23", AmountCents: 4000, NoticeBy: "2026-12-18"}
	b.mustRecord(t, b.recorder.NoticeSent(ctx, mercy, notice))
	_, err := b.recorder.MailRequired(ctx, mercy, notice)
	b.mustRecord(t, err)
	b.mustRecord(t, b.recorder.ExtensionRequested(ctx, mercy, outbox.ExtensionFacts{DebtRef: "D-1001", Until: "2026-12-14", AmountCents: 12550, PlanID: "pln_01"}))
	b.mustRecord(t, b.recorder.FinancialStatement(ctx, "acc_1", outbox.StatementFacts{
		ID: "fst_01", Calculation: "2026-1", Household: 3, CeilingCents: 9000, Income: []outbox.LineFacts{{Kind: "wages", AmountCents: 285000}},
		Essentials: []outbox.LineFacts{{Kind: "housing", AmountCents: 140000}, {Kind: "food", AmountCents: 65000}},
	}))
}

func (b *bench) mustRecord(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestEachPieceOfNewsOfAPlanIsOneEventInItsOrder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	c := plans.Change{After: agreed(), Moved: true, Why: plans.InstallmentPaid, News: []plans.News{plans.NewsChanged, plans.NewsCompleted}}
	b.mustRecord(t, b.recorder.PlanChanged(t.Context(), c))
	c.Moved = false
	b.mustRecord(t, b.recorder.PlanChanged(t.Context(), c))
	c.Moved, c.News = true, nil
	b.mustRecord(t, b.recorder.PlanChanged(t.Context(), c))
	if len(b.events) != 2 || b.events[0].Type != outbox.PlanChanged || b.events[1].Type != outbox.PlanCompleted {
		t.Fatalf("events %+v", b.events)
	}
	var d outbox.Data
	if err := json.Unmarshal(b.events[0].Facts, &d); err != nil {
		t.Fatal(err)
	}
	if p := d.Plan; p.PaidCents != 6000 || p.LeftCents != 6550 || p.NextDue != "2026-12-23" || p.NextAmountCents != 4000 || p.Method != "us_bank_account" {
		t.Errorf("plan %+v", p)
	}
	c.News = []plans.News{"unheard of"}
	if err := b.recorder.PlanChanged(t.Context(), c); err == nil {
		t.Error("news that nobody knows was dropped")
	}
}

func TestDSC06_ACreditorHearsOfPlansOnItsOwnDebtsOnlyAndNotWhyTheyStopped(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.planStory(t)
	heard := map[outbox.Type]bool{}
	for _, e := range b.events {
		if outbox.Sees(e, debt.CreditorsOf("northside"), nil) {
			t.Errorf("another creditor is told of %s", e.Type)
		}
		if !outbox.Sees(e, debt.CreditorsOf("mercy"), nil) {
			continue
		}
		heard[e.Type] = true
		body, err := outbox.Body(e, 1, debt.CreditorsOf("mercy"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(body), `"reason"`) {
			t.Errorf("%s says why: %s", e.Type, body)
		}
		for _, problem := range validateBody(t, e.Type, body) {
			t.Errorf("%s: %s", e.Type, problem)
		}
	}
	if heard[outbox.FinancialStatementSubmitted] || !heard[outbox.PlanBroken] || !heard[outbox.NoticeMailRequired] || !heard[outbox.ExtensionRequested] {
		t.Errorf("the creditor heard of %v", heard)
	}
}

func TestWHK04_APlansEventNamesNoAccountAtABank(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.planStory(t)
	for _, e := range b.events {
		if facts := string(e.Facts); strings.Contains(facts, "6789") || strings.Contains(facts, "Chase") {
			t.Errorf("%s: %s", e.Type, facts)
		}
	}
	if !slices.ContainsFunc(b.events, func(e outbox.Event) bool { return e.Type == outbox.PlanCreated }) {
		t.Error("nothing was told")
	}
}
