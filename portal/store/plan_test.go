package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"quittance/payments"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

func on(text string) civil.Date {
	d, err := civil.Parse(text)
	if err != nil {
		panic(err)
	}
	return d
}

// plan is an automatic plan on dbt_1 in three installments, the first of them
// due on the day of the tests, with no field empty.
func plan(id string) plans.Plan {
	p := plans.Plan{
		ID: plans.ID("pln_" + id), Reference: "PLN-" + id, AccountID: "acc_1", RequestKey: "drf_" + id,
		Debt: plans.DebtRef{ID: "dbt_1", Ref: "D-1", CreditorRef: "C-1"}, Kind: plans.Settlement, Total: 9000, Forgiven: 1000,
		Rule: schedule.Rule{Rhythm: schedule.TwiceAMonth, First: on("2026-11-23"), OtherDay: 8, Passed: 1}, Charging: plans.Automatic,
		Saved:   payments.Saved{CustomerID: "cus_1", MethodID: "pm_1", MandateID: "mandate_1"},
		Details: payments.Details{Type: payments.BankAccount, Brand: "Chase", Last4: "6789", Funding: "debit", Wallet: "link", Country: "US", HolderID: "pm_1", Expires: "2026-12"},
		SetupID: "seti_" + id, Terms: terms("creditor", 3), Status: plans.Active, Reason: plans.ByConsumer, Version: 1, Skipped: 2,
		Incoming: plans.Incoming{
			SetupID: "seti_in_" + id, SignedAt: noon.Add(time.Minute),
			Details: payments.Details{Type: payments.Card, Brand: "visa", Last4: "4242", Funding: "credit", Wallet: "link", Country: "US", HolderID: "pm_2", Expires: "2027-03"},
		},
		ResumeOn: on("2027-01-04"), CardTold: "2026-11", Revision: 1, CreatedAt: noon, ActivatedAt: noon.Add(time.Minute), ChangedAt: noon.Add(time.Hour), EndedAt: noon.Add(2 * time.Hour),
	}
	for n, due := range []string{"2026-11-23", "2026-12-08", "2026-12-23"} {
		p.Installments = append(p.Installments, plans.Installment{
			Number: n + 1, Due: on(due), ChargeAt: on(due).In(time.UTC).Add(17 * time.Hour), Amount: 3000, Paid: 100, Status: plans.Scheduled,
			Attempts: 2, Retries: 1, Failure: payments.Failure{Code: "insufficient_funds", ReturnCode: "R01"},
			Notice: plans.Notice{State: plans.NoticeWaiting, On: on(due).AddDays(-13), MessageID: fmt.Sprintf("msg_%s_%d", id, n+1), SentAt: noon},
		})
	}
	p.Installments[0].PaymentID, p.Installments[2].Missed = "pay_1", true
	p.Installments[1].Unanswered = true
	return p
}

func terms(id string, version int) plans.Terms {
	return plans.Terms{
		ID: id, Version: version, Scope: plans.Scope{CreditorRef: "C-1", DebtType: "medical", DebtRef: "D-1"}, Effective: on("2026-01-01"),
		Until: on("2027-12-31"), MinAmount: 2500, MinPercent: 5, MaxMonths: 24, Rhythms: []schedule.Rhythm{schedule.Weekly, schedule.Monthly},
		FirstWithinDays: 30, LaterDays: 14, Skips: 2, PauseDays: 60, GraceDays: 5, Retries: 1, HardshipMin: 1000, HardshipMonths: 48, BreakAfter: 2,
		Settlements: []plans.SettlementFloor{{MinAgeDays: 365, MinBalance: 5000, Percent: 60, Payments: 3, ValidDays: 30}},
	}
}

func signature(p plans.Plan) plans.Agreement {
	return plans.Agreement{
		PlanID: p.ID, Version: p.Version, Why: plans.Enrolled, Name: "Ana Ortiz", AgreedAt: noon,
		Lines: []schedule.Line{{Due: on("2026-11-23"), Amount: 3000}, {Due: on("2026-12-08"), Amount: 6000}},
		Consent: payments.Consent{
			TextHash: "hash", Text: "I agree.", SessionID: "ses_1", IP: "192.0.2.1", UserAgent: "Phone", Language: "es", At: noon,
		},
	}
}

func agree(t *testing.T, s *store.Store, p plans.Plan) plans.Plan {
	t.Helper()
	kept, created, err := s.CreatePlan(t.Context(), p, signature(p))
	if err != nil || !created {
		t.Fatalf("create plan: created %v, %v", created, err)
	}
	return kept
}

// change saves a plan as a decision changed it.
func change(t *testing.T, s *store.Store, id plans.ID, edit func(*plans.Plan)) plans.Plan {
	t.Helper()
	var after plans.Plan
	err := s.InTx(t.Context(), func(ctx context.Context) error {
		before, err := s.Plan(ctx, id)
		if err != nil {
			return err
		}
		after = before
		after.Installments = append([]plans.Installment(nil), before.Installments...)
		after.Revision++
		edit(&after)
		return s.SavePlan(ctx, plans.Change{Before: before, After: after, Moved: true})
	})
	if err != nil {
		t.Fatalf("change plan: %v", err)
	}
	return after
}

// full fails when a value or any part of it is empty, so that no field can be
// forgotten in the store.
func full(t *testing.T, v reflect.Value, path string) {
	t.Helper()
	switch {
	case strings.HasSuffix(path, ".Details.Fingerprint"): // a plan keeps none: its charges are no tries of a person
	case v.Type() == reflect.TypeFor[time.Time](), v.Type() == reflect.TypeFor[civil.Date]():
		if v.IsZero() {
			t.Errorf("the test leaves %s empty", path)
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			full(t, v.Field(i), path+"."+v.Type().Field(i).Name)
		}
	case v.IsZero():
		t.Errorf("the test leaves %s empty", path)
	}
}

func TestAPlanAndItsAgreementComeBackAsTheyWereSaved(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		p := plan("1")
		full(t, reflect.ValueOf(p), "plan")
		full(t, reflect.ValueOf(signature(p)), "agreement")
		agree(t, s, p)
		got, err := s.Plan(t.Context(), p.ID)
		if must(t, err); !reflect.DeepEqual(got, p) {
			t.Errorf("got  %+v\nwant %+v", got, p)
		}
		papers, err := s.Agreements(t.Context(), p.ID)
		if must(t, err); !reflect.DeepEqual(papers, []plans.Agreement{signature(p)}) {
			t.Errorf("agreements %+v", papers)
		}
		list, err := s.PlansOfAccount(t.Context(), "acc_1")
		if must(t, err); !reflect.DeepEqual(list, []plans.Plan{p}) {
			t.Errorf("plans of the account %+v", list)
		}
		if _, err := s.Plan(t.Context(), "pln_0"); !errors.Is(err, plans.ErrNotFound) {
			t.Errorf("a plan that is not there: %v", err)
		}
	})
}

func TestAChangedPlanIsSavedWholeUnlessItWasChangedBefore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		before := agree(t, s, plan("1"))
		after := plan("other")
		after.ID, after.Reference, after.RequestKey, after.Revision, after.Version = before.ID, before.Reference, before.RequestKey, 2, 2
		after.Kind, after.Total, after.Forgiven, after.Charging, after.Status, after.Reason = plans.Installments, 1, 2, plans.ByHand, plans.Paused, plans.MethodFailed
		after.Saved, after.Details, after.Terms = payments.Saved{CustomerID: "cus_2"}, payments.Details{Type: payments.Card, Expires: "2030-01"}, plans.DefaultTerms()
		after.Rule, after.Skipped, after.ResumeOn, after.EndedAt = schedule.Rule{Rhythm: schedule.Weekly, First: on("2027-02-01")}, 3, on("2027-02-02"), time.Time{}
		after.Installments[1].Due, after.Installments[1].Status, after.Installments[1].Paid = on("2027-03-01"), plans.Paid, 3000
		after.Installments[1].Number, after.Installments[2].Number = 4, 2
		after.Installments[1], after.Installments[2] = after.Installments[2], after.Installments[1]
		third := before.Installments[2]
		third.Due = on("2027-04-01")
		after.Installments = append(after.Installments, third)
		signed := signature(after)
		c := plans.Change{Before: before, After: after, Moved: true, Agreement: &signed}
		must(t, s.SavePlan(t.Context(), c))
		got, err := s.Plan(t.Context(), before.ID)
		if must(t, err); !reflect.DeepEqual(got, after) {
			t.Errorf("got  %+v\nwant %+v", got, after)
		}
		if err := s.SavePlan(t.Context(), c); !errors.Is(err, plans.ErrStale) {
			t.Errorf("the same change again: %v", err)
		}
		papers, err := s.Agreements(t.Context(), before.ID)
		if must(t, err); len(papers) != 2 || papers[1].Version != 2 {
			t.Errorf("%d agreements", len(papers))
		}
	})
}

func TestADebtHasOneRunningPlanWhoeverComesFirst(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		var made, refused atomic.Int64
		var all sync.WaitGroup
		for n := range 20 {
			all.Go(func() {
				p := plan(fmt.Sprint(n))
				switch _, created, err := s.CreatePlan(t.Context(), p, signature(p)); {
				case created && err == nil:
					made.Add(1)
				case errors.Is(err, plans.ErrRunning):
					refused.Add(1)
				default:
					t.Errorf("created %v, %v", created, err)
				}
			})
		}
		all.Wait()
		if made.Load() != 1 || refused.Load() != 19 {
			t.Errorf("%d plans were made and %d refused", made.Load(), refused.Load())
		}
		running, err := s.RunningPlan(t.Context(), "dbt_1")
		must(t, err)
		change(t, s, running.ID, func(p *plans.Plan) { p.Status = plans.Canceled })
		if _, err := s.RunningPlan(t.Context(), "dbt_1"); !errors.Is(err, plans.ErrNotFound) {
			t.Errorf("a canceled plan still runs: %v", err)
		}
		agree(t, s, plan("next"))
	})
}

func TestTheSameRequestKeyMakesOnePlanInTwentyTabs(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		var made atomic.Int64
		var all sync.WaitGroup
		for n := range 20 {
			all.Go(func() {
				p := plan(fmt.Sprint(n))
				p.RequestKey = "drf_same"
				kept, created, err := s.CreatePlan(t.Context(), p, signature(p))
				if err != nil || kept.RequestKey != "drf_same" || len(kept.Installments) != 3 {
					t.Errorf("plan %s: %v", kept.ID, err)
				}
				if created {
					made.Add(1)
				}
			})
		}
		all.Wait()
		if made.Load() != 1 {
			t.Errorf("%d plans were made", made.Load())
		}
	})
}

func TestREG02_WhatWasSignedCannotBeChangedOrDeleted(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Open(t, url)
		place(t, s, 10000)
		agree(t, s, plan("1"))
		must(t, s.AddTerms(t.Context(), []plans.Terms{terms("creditor", 1)}, noon))
		for _, statement := range []string{
			`UPDATE plan_agreements SET name = 'Somebody'`, `DELETE FROM plan_agreements`,
			`UPDATE plan_terms SET terms = '{}'`, `DELETE FROM plan_terms`,
		} {
			if err := directly(t, url, statement); err == nil || !strings.Contains(err.Error(), "may only be added to") {
				t.Errorf("%s: %v", statement, err)
			}
		}
		must(t, s.CheckGuards(t.Context()))
	})
}

// directly runs a statement as somebody with a database console would.
func directly(t *testing.T, url, statement string) error {
	t.Helper()
	if file, ok := strings.CutPrefix(url, "sqlite:"); ok {
		db, err := sql.Open("sqlite", "file:"+file)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		_, err = db.ExecContext(t.Context(), statement)
		return err
	}
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(t.Context())
	_, err = c.Exec(t.Context(), statement)
	return err
}

func TestADraftIsItsAccountsOwn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		d := plans.Draft{
			ID: "drf_1", Plan: "pln_1", AccountID: "acc_1", DebtID: "dbt_1", CreatedAt: noon, Charging: plans.Automatic, Method: payments.Card, Token: "ctoken_1",
			Wish:    plans.Wish{Kind: plans.Installments, Rule: plan("1").Rule, Each: 3000, Count: 3},
			Details: plan("1").Details,
		}
		full(t, reflect.ValueOf(d), "draft")
		empty := plans.Draft{ID: d.ID, Plan: d.Plan, AccountID: d.AccountID, DebtID: d.DebtID, CreatedAt: d.CreatedAt}
		must(t, s.CreateDraft(t.Context(), empty))
		must(t, s.SaveDraft(t.Context(), d))
		if got, err := s.Draft(t.Context(), "acc_1", "drf_1"); err != nil || !reflect.DeepEqual(got, d) {
			t.Errorf("got  %+v, %v\nwant %+v", got, err, d)
		}
		if _, err := s.Draft(t.Context(), "acc_2", "drf_1"); !errors.Is(err, plans.ErrNotFound) {
			t.Errorf("another account's draft: %v", err)
		}
		d.AccountID = "acc_2"
		if err := s.SaveDraft(t.Context(), d); !errors.Is(err, plans.ErrNotFound) {
			t.Errorf("save another account's draft: %v", err)
		}
	})
}

func TestAPaymentIsCreditedOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		p := agree(t, s, plan("1"))
		mustCreate(t, s, payment("1", 3500))
		list := []plans.Credit{{Payment: "pay_1", Plan: p.ID, Number: 1, Amount: 3000}, {Payment: "pay_1", Plan: p.ID, Number: 2, Amount: 500}}
		must(t, s.AddCredits(t.Context(), list))
		must(t, s.AddCredits(t.Context(), list))
		must(t, s.AddCredits(t.Context(), nil))
		if got, err := s.Credits(t.Context(), "pay_1"); err != nil || !reflect.DeepEqual(got, list) {
			t.Errorf("credits %+v, %v", got, err)
		}
		must(t, s.DropCredits(t.Context(), "pay_1"))
		if got, err := s.Credits(t.Context(), "pay_1"); err != nil || len(got) != 0 {
			t.Errorf("credits of a payment that came back: %+v, %v", got, err)
		}
	})
}

func TestTermsFollowEachOtherAndTheOldOnesStay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		first, second, agency := terms("creditor", 1), terms("creditor", 2), plans.DefaultTerms()
		second.Effective, second.MaxMonths = on("2026-06-01"), 36
		agency.Effective = on("2026-01-01")
		other := terms("other", 1)
		other.Scope = plans.Scope{CreditorRef: "C-2"}
		full(t, reflect.ValueOf(first), "terms")
		must(t, s.AddTerms(t.Context(), []plans.Terms{first, agency, other}, noon))
		must(t, s.AddTerms(t.Context(), []plans.Terms{second}, noon))
		must(t, s.AddTerms(t.Context(), nil, noon))
		if err := s.AddTerms(t.Context(), []plans.Terms{second}, noon); !errors.Is(err, plans.ErrStale) {
			t.Errorf("the same version again: %v", err)
		}
		first.Until = on("2026-05-31")
		got, err := s.TermsFor(t.Context(), "C-1", "medical", "D-1")
		if must(t, err); !reflect.DeepEqual(got, []plans.Terms{first, second, agency}) {
			t.Errorf("terms of the debt %+v", got)
		}
		if got, err := s.TermsFor(t.Context(), "C-1", "card", "D-9"); err != nil || len(got) != 1 || got[0].ID != "default" {
			t.Errorf("terms of another debt %+v, %v", got, err)
		}
		if got, err := s.Terms(t.Context()); err != nil || len(got) != 4 {
			t.Errorf("%d terms, %v", len(got), err)
		}
	})
}
