package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"quittance/payments"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/letter"
	"quittance/portal/pack"
	"quittance/portal/pack/packtest"
	"quittance/portal/seal"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// post is where letters go: by e-mail where it may, and what was told.
type post struct {
	email               bool
	mailed, sent, asked []letter.Letter
}

func (p *post) Email(_ context.Context, l letter.Letter) (string, error) {
	if !p.email {
		return "", nil
	}
	p.mailed = append(p.mailed, l)
	return fmt.Sprintf("msg_%d", len(p.mailed)), nil
}

func (p *post) Mail(_ context.Context, l letter.Letter) (string, error) {
	p.asked = append(p.asked, l)
	return fmt.Sprintf("evt_%d", len(p.asked)), nil
}

func (p *post) Sent(_ context.Context, l letter.Letter) error {
	p.sent = append(p.sent, l)
	return nil
}

// withPlan is the store with one plan that runs as a test says, and debts that
// are paid off.
type withPlan struct {
	*store.Store
	desk *letterDesk
}

func (p withPlan) Plan(context.Context, plans.ID) (plans.Plan, error) { return p.desk.plan, nil }

func (p withPlan) AccountStatements(ctx context.Context, id debt.AccountID) ([]debt.Statement, error) {
	all, err := p.Store.AccountStatements(ctx, id)
	for i := range all {
		if all[i].Debt.ID == p.desk.paid {
			all[i].Owed = 0
		}
	}
	return all, err
}

// letterDesk writes the letters of dbt_1 of an account in California.
type letterDesk struct {
	*letter.Service
	post *post
	plan plans.Plan
	paid debt.ID
	now  time.Time
}

func lettersOf(t *testing.T, s *store.Store, law pack.Places) *letterDesk {
	t.Helper()
	box, err := seal.New(map[byte][]byte{1: []byte("0123456789abcdef0123456789abcdef")})
	must(t, err)
	d := &letterDesk{post: &post{}, now: noon, plan: plans.Plan{
		ID: "pln_1", Reference: "PLN-7KQ2M9XD", AccountID: "acc_1", Debt: plans.DebtRef{ID: "dbt_1", Ref: "D-1", CreditorRef: "C-1"},
		Total: 10000, Status: plans.Active, Installments: []plans.Installment{{Number: 1, Due: on("2026-12-22"), Amount: 5000, Paid: 5000}, {Number: 2, Due: on("2027-01-22"), Amount: 5000}},
	}}
	n := 0
	d.Service = &letter.Service{
		Tx: s, Store: s, Records: withPlan{s, d}, Courier: d.post, Law: law, Sealer: box, Now: func() time.Time { return d.now },
		NewID: func() string { n++; return fmt.Sprintf("ltr_%d", n) },
	}
	return d
}

func (d *letterDesk) signs(t *testing.T) {
	t.Helper()
	must(t, d.PlanChanged(t.Context(), plans.Change{After: d.plan, Moved: true, Why: plans.Enrolled}))
}

// all are the letters of the account by their kind.
func (d *letterDesk) all(t *testing.T) map[letter.Kind]letter.Letter {
	t.Helper()
	list, err := d.Store.Letters(t.Context(), letter.Query{Account: "acc_1", Most: 100})
	must(t, err)
	found := map[letter.Kind]letter.Letter{}
	for _, l := range list {
		found[l.Kind] = l
	}
	return found
}

func owes(document string, on pack.Trigger, days int) pack.Rule {
	return pack.Rule{Trigger: on, Effect: pack.RequireDocument, Value: pack.Value{Document: document, Days: days}}
}

func TestSTA04_APlanIsConfirmedInWritingByTheDayOfTheLaw(t *testing.T) {
	law := packtest.With("CA", owes("plan_confirmation", pack.Plan, 5))
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		d := lettersOf(t, s, law)
		d.post.email = true
		d.signs(t)
		d.signs(t) // said twice, owed once
		got := d.all(t)[letter.Confirmation]
		if got.State != letter.Queued || !got.Required || got.Due != on("2026-11-27") || len(d.post.mailed) != 1 || len(d.post.asked)+len(d.post.sent) != 0 {
			t.Fatalf("owed as %+v, %d e-mails", got, len(d.post.mailed))
		}
		must(t, d.WentOut(t.Context(), got.Message, noon.Add(time.Minute)))
		must(t, d.WentOut(t.Context(), got.Message, noon.Add(time.Hour)))
		if got = d.all(t)[letter.Confirmation]; got.State != letter.Given || got.Way != letter.ByEmail || len(d.post.sent) != 1 || !got.GivenAt.Equal(noon.Add(time.Minute)) {
			t.Errorf("given as %+v, told %d times", got, len(d.post.sent))
		}
		l, says, err := d.Read(t.Context(), "acc_1", got.ID)
		if err != nil || l.ID != got.ID || says.Reference != "PLN-7KQ2M9XD" || says.Total != 10000 || says.Paid != 5000 || len(says.Lines) != 2 || says.Name != "Ana Ortiz" {
			t.Errorf("it says %+v, %v", says, err)
		}
		if _, _, err := d.Read(t.Context(), "acc_2", got.ID); !errors.Is(err, letter.ErrNotFound) {
			t.Errorf("another reads it: %v", err)
		}
	})
}

func TestSTA04_WhereNoEmailMayBeUsedTheLetterIsMailedAndWaitsInTheQueue(t *testing.T) {
	law := packtest.With("CA", owes("plan_confirmation", pack.Plan, 5), owes("notice_to_cosigner", pack.Plan, 3))
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		d := lettersOf(t, s, law)
		d.signs(t)
		queue, err := d.ToMail(t.Context(), 10)
		if err != nil || len(queue) != 2 || queue[0].Kind != "notice_to_cosigner" || queue[0].Due != on("2026-11-25") || len(d.post.asked) != 2 {
			t.Fatalf("the queue: %+v, %v", queue, err)
		}
		for _, l := range queue {
			must(t, d.WentOut(t.Context(), l.Message, noon.Add(time.Hour)))
		}
		if queue, err = d.ToMail(t.Context(), 10); err != nil || len(queue) != 0 || d.all(t)[letter.Confirmation].Way != letter.ByMail {
			t.Errorf("after the word of the system of record: %+v, %v", queue, err)
		}
		// A paper that the portal does not write has no page.
		list, err := d.Of(t.Context(), "acc_1")
		if err != nil || len(list) != 1 || list[0].Kind != letter.Confirmation {
			t.Errorf("to read: %+v, %v", list, err)
		}
	})
}

func TestSTA04_AnEmailThatIsLostBecomesALetterByMail(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		d := lettersOf(t, s, packtest.With("CA", owes("plan_confirmation", pack.Plan, 5)))
		d.post.email = true
		d.signs(t)
		message := d.all(t)[letter.Confirmation].Message
		must(t, d.WentOut(t.Context(), message, noon))
		must(t, d.Lost(t.Context(), message)) // it came back after it had left
		must(t, d.Lost(t.Context(), message))
		must(t, d.Lost(t.Context(), "msg_of_something_else"))
		if got := d.all(t)[letter.Confirmation]; got.State != letter.Mail || len(d.post.asked) != 1 || got.Message != "evt_1" {
			t.Errorf("%+v, asked %d times", got, len(d.post.asked))
		}
	})
}

func TestSTA04_EverybodyGetsTheLettersAsPagesWhereNoLawAsksForMore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		d := lettersOf(t, s, packtest.With("CA"))
		d.post.email = true
		d.signs(t)
		if got := d.all(t)[letter.Confirmation]; got.State != letter.Given || got.Way != letter.ByPortal || len(d.post.sent) != 1 || len(d.post.mailed)+len(d.post.asked) != 0 {
			t.Errorf("%+v", got)
		}
		account := d.all(t)[letter.Accounting]
		if account.State != letter.Waiting || account.Due != on("2026-11-22").AddDays(90) {
			t.Errorf("the account: %+v", account)
		}
	})
}

func TestSTA04_APlanIsAccountedForAtLeastEachQuarterWhileItRuns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000)
		d := lettersOf(t, s, packtest.With("CA", owes("plan_accounting", pack.Plan, 60)))
		d.signs(t)
		first := on("2026-11-22").AddDays(60)
		for range 8 { // months
			for range 30 {
				d.now = d.now.AddDate(0, 0, 1)
				_, err := d.Write(t.Context(), 10)
				must(t, err)
			}
		}
		if len(d.post.asked) != 4 {
			t.Fatalf("accounts in 240 days: %d", len(d.post.asked))
		}
		last := on("2026-11-22")
		for _, l := range d.post.asked {
			if made := civil.Of(l.MadeAt); civil.DaysBetween(last, l.Due) > 60 || made.After(l.Due) || l.Kind != letter.Accounting {
				t.Errorf("due %s, written %s, after %s", l.Due, made, last)
			}
			last = l.Due
		}
		if d.post.asked[0].Due != first {
			t.Errorf("the first is due on %s", d.post.asked[0].Due)
		}
		d.plan.Status = plans.Completed
		d.now = d.now.AddDate(0, 0, 90)
		_, err := d.Write(t.Context(), 10)
		must(t, err)
		if len(d.post.asked) != 4 {
			t.Errorf("an account of a plan that is over: %d", len(d.post.asked))
		}
	})
}

func TestSTA04_WhoHasPaidADebtOffGetsThatInWriting(t *testing.T) {
	law := packtest.With("CA", owes("satisfaction_letter", pack.Payment, 7))
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000, 500)
		for of, letters := range map[string]int{"dbt_1": 1, "dbt_2": 0} {
			d := lettersOf(t, s, law)
			d.paid = "dbt_1"
			must(t, d.PaymentChanged(t.Context(), payments.Change{
				After: payments.Payment{ID: payments.ID("pay_" + of), AccountID: "acc_1", Status: payments.Confirmed, Allocations: []payments.Allocation{{DebtID: of}}}, Moved: true, News: []payments.News{payments.NewsConfirmed},
			}))
			if len(d.post.asked) != letters || letters > 0 && d.post.asked[0].Due != on("2026-11-29") {
				t.Errorf("%s: %+v", of, d.post.asked)
			}
		}
	})
}

func TestSTA04_WhatPaysADebtOffIsALetterOfItsDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000, 500)
		d := lettersOf(t, s, packtest.With("CA"))
		d.paid = "dbt_2"
		first, err := d.PayOff(t.Context(), "acc_1", "dbt_1")
		must(t, err)
		again, err := d.PayOff(t.Context(), "acc_1", "dbt_1")
		if err != nil || again.ID != first.ID || first.State != letter.Given || first.Amount != 10000 {
			t.Errorf("%+v, then %+v, %v", first, again, err)
		}
		for of, want := range map[debt.ID]error{"dbt_2": letter.ErrClosed, "dbt_9": letter.ErrNotFound} {
			if _, err := d.PayOff(t.Context(), "acc_1", of); !errors.Is(err, want) {
				t.Errorf("%s: %v", of, err)
			}
		}
	})
}

func TestSTA02_APaperOfTheFirstNoticeIsAskedForOnceWhenThePersonHearsOfTheDebt(t *testing.T) {
	law := packtest.With("CA", owes("pre_collection_notice", pack.FirstNotice, 60))
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 10000, 500)
		d := lettersOf(t, s, law)
		for range 2 {
			must(t, d.Heard(t.Context(), "acc_1", []debt.ID{"dbt_1"}))
		}
		if len(d.post.asked) != 1 || d.post.asked[0].Kind != "pre_collection_notice" || d.post.asked[0].DebtRef != "D-1" || d.post.asked[0].Due != on("2026-11-22").AddDays(60) {
			t.Errorf("%+v", d.post.asked)
		}
	})
}
