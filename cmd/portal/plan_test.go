package main

import (
	"strings"
	"testing"
	"time"

	"quittance/cmd/demo"
	"quittance/payments"
	"quittance/payments/money"
	"quittance/payments/paymentstest"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/config"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/outbox"
	"quittance/portal/store/storetest"
)

// rehearsal is the demo as tests play it.
type rehearsal struct{ *demo.Rehearsal }

// rehearse sets up the whole demo on a database and starts nothing: what is
// due happens when the clock is moved.
func rehearse(t *testing.T, url string, before ...func(*rehearsal)) *rehearsal {
	t.Helper()
	r := rehearseStill(t, url, before...)
	go func() { _ = r.Processor.Run(t.Context()) }()
	return r
}

// realTime has the portal's clock show the time of the commands, which is not moved on to
// the morning at night.
func (r *rehearsal) realTime() { r.Clock.Move(-time.Until(r.Clock.Now()).Round(time.Second)) }

// rehearseStill is rehearse with a processor that does and tells nothing by
// itself: what it has to tell is told when the portal is settled.
func rehearseStill(t *testing.T, url string, before ...func(*rehearsal)) *rehearsal {
	t.Helper()
	paymentstest.Long(t)
	r := &rehearsal{demo.New(time.Now())}
	r.Database = url
	lookup := func(string) (string, bool) { return "", false }
	_, listener, err := r.Set(t.Context(), config.Environment{Lookup: lookup}, "127.0.0.1:0", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	running.Lock()
	running.portals[r.URL] = r.Rehearsal
	running.Unlock()
	for _, change := range before {
		change(r)
	}
	server, err := r.Portal.Server(r.Routes()...)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(t.Context(), listener) }()
	return r
}

// signUp makes a plan on the first debt of a sample account.
func (r *rehearsal) signUp(t *testing.T, ref string, method payments.Method, card string, w plans.Wish) (plans.Plan, debt.AccountID) {
	t.Helper()
	p, id, err := r.AgreeToPlan(t.Context(), ref, method, card, w)
	if err != nil {
		t.Fatal(err)
	}
	return p, id
}

// TestPlansAreChargedFromTheOfferToTheLastInstallment runs two plans on the
// whole portal, by card and by bank account, against the processor's stand-in,
// with every notice as a real message, until nothing is owed.
func TestPlansAreChargedFromTheOfferToTheLastInstallment(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		first := civil.Of(r.Clock.Now()).AddDays(20)
		for _, c := range []struct {
			ref    string
			method payments.Method
			token  string
		}{{"A-1002", payments.Card, "pm_card_visa"}, {"A-1007", payments.BankAccount, "pm_usBankAccount_success"}} {
			p, id := r.signUp(t, c.ref, c.method, c.token, plans.Wish{
				Kind: plans.Installments, Rule: schedule.Rule{Rhythm: schedule.Monthly, First: first}, Count: 3,
			})
			if p.Status != plans.Active || p.Saved.MethodID == "" {
				t.Fatalf("%s: the plan is %s with method %q", c.method, p.Status, p.Saved.MethodID)
			}
			if err := r.MoveDays(t.Context(), 100); err != nil {
				t.Fatal(err)
			}
			p, err := r.Portal.Store.Plan(t.Context(), p.ID)
			if err != nil {
				t.Fatal(err)
			}
			var paid money.Cents
			for _, i := range p.Installments {
				paid += i.Paid
				if i.Status != plans.Paid || i.Notice.State != plans.NoticeGiven {
					t.Errorf("%s: installment of %s is %s, its notice %q", c.method, i.Due, i.Status, i.Notice.State)
				}
			}
			statements, err := r.Portal.Store.AccountStatements(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			if p.Status != plans.Completed || paid != p.Total || statements[0].Owed != 0 {
				t.Errorf("%s: the plan is %s, %s of %s paid, %s owed", c.method, p.Status, paid, p.Total, statements[0].Owed)
			}
			first = civil.Of(r.Clock.Now()).AddDays(20)
		}
		if err := r.Portal.Store.CheckLedger(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// TestWHK06_ASettledDebtIsAskedForNoMore pays a settlement and looks at what is
// left: nothing that anybody could pay or plan, although the last file still
// says otherwise; until the bank takes the money back.
func TestWHK06_ASettledDebtIsAskedForNoMore(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		ctx := t.Context()
		terms := plans.DefaultTerms()
		terms.ID, terms.Scope, terms.Effective = "riverside", plans.Scope{CreditorRef: "C-102"}, civil.Of(r.Clock.Now()).AddDays(-10)
		terms.Settlements = []plans.SettlementFloor{{MinAgeDays: 30, Percent: 50, Payments: 2, ValidDays: 30}}
		if err := r.Portal.Store.AddTerms(ctx, []plans.Terms{terms}, r.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		p, id := r.signUp(t, "A-1002", payments.Card, "pm_card_visa", plans.Wish{
			Kind: plans.Settlement, Rule: schedule.Rule{First: civil.Of(r.Clock.Now()).AddDays(20)}, Count: 2,
		})
		if p.Total != 24109 || p.Forgiven != 24108 {
			t.Fatalf("settled for %s, %s let go", p.Total, p.Forgiven)
		}
		if err := r.MoveDays(ctx, 70); err != nil {
			t.Fatal(err)
		}
		statements, err := r.Portal.Store.AccountStatements(ctx, id)
		if err != nil || statements[0].Payable() != 0 || statements[0].Debt.StatusOn(civil.Of(r.Clock.Now())) != debt.Paid {
			t.Errorf("%s may still be paid on a settled debt that is %s, %v", statements[0].Payable(), statements[0].Debt.Status, err)
		}
		o, err := r.Portal.Plans.Options(ctx, string(id), p.Debt.ID)
		if err != nil || o.Subject.Refusal != "paid" || len(o.Plans)+len(o.Settlements) > 0 {
			t.Errorf("a settled debt has offers: %+v, %v", o.Subject, err)
		}
		if err := r.Portal.Store.CheckLedger(ctx); err != nil {
			t.Error(err)
		}
	})
}

// TestPDN03_WhereNoEmailMayBeUsedTheNoticeIsMailedBeforeTheCharge takes the
// e-mail away: the system of record is asked to mail each notice, and the charge
// waits for its word that it did.
func TestPDN03_WhereNoEmailMayBeUsedTheNoticeIsMailedBeforeTheCharge(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		ctx := t.Context()
		p, id := r.signUp(t, "A-1002", payments.Card, "pm_card_visa", plans.Wish{
			Kind: plans.Later, Rule: schedule.Rule{First: civil.Of(r.Clock.Now()).AddDays(25)},
		})
		person, err := r.Portal.Store.Person(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		book := r.Portal.Contacts
		if err := book.Suppress(ctx, id, contact.Email, book.Hash(contact.Email, contact.EmailAddress(person.Email)), contact.OptedOut); err != nil {
			t.Fatal(err)
		}
		first := p.Installments[0].Due
		for civil.DaysBetween(civil.Of(r.Clock.Now()), first) > -6 { // its day passes, and the next notice is asked for
			if err := r.MoveDays(ctx, 1); err != nil {
				t.Fatal(err)
			}
		}
		if p, err = r.Portal.Store.Plan(ctx, p.ID); err != nil || p.Status != plans.Active || p.Left() != p.Total || !p.Installments[0].Due.After(first) {
			t.Fatalf("without a notice: %s, %s left, %v", p.Status, p.Left(), err)
		}
		asked := p.Installments[0].Notice
		if asked.State != plans.NoticeMail || !strings.HasPrefix(asked.MessageID, "evt_") {
			t.Fatalf("the notice of %s is %+v", p.Installments[0].Due, asked)
		}
		if _, err := r.Portal.Poster.Acknowledge(ctx, outbox.Posting{Event: outbox.EventID(asked.MessageID), TransactionID: "USPS-9400"}); err != nil {
			t.Fatal(err)
		}
		if err := r.MoveDays(ctx, 20); err != nil {
			t.Fatal(err)
		}
		if p, err = r.Portal.Store.Plan(ctx, p.ID); err != nil || p.Status != plans.Completed {
			t.Errorf("after it was mailed: %s, %+v, %v", p.Status, p.Installments[0], err)
		}
	})
}

// TestACH08_F13_ThatAPlanIsCompletedSaysUntilWhenItMayComeBack: the event carries
// the day of the last payment behind the plan, as that payment's own does.
func TestACH08_F13_ThatAPlanIsCompletedSaysUntilWhenItMayComeBack(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := rehearse(t, database)
		_, id := r.signUp(t, "A-1007", payments.BankAccount, "pm_usBankAccount_success", plans.Wish{
			Kind: plans.Later, Rule: schedule.Rule{First: civil.Of(r.Clock.Now()).AddDays(4)},
		})
		if err := r.MoveDays(t.Context(), 16); err != nil {
			t.Fatal(err)
		}
		paid, done := r.told(t, id, outbox.PaymentConfirmed), r.told(t, id, outbox.PlanCompleted)
		if len(paid) != 1 || len(done) != 1 || done[0].Plan.ReversibleUntil == "" || done[0].Plan.ReversibleUntil != paid[0].Payment.ReversibleUntil {
			t.Errorf("told %+v of %+v", done, paid)
		}
	})
}
