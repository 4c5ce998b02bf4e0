package main

import (
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/portal/debt"
	"quittance/portal/outbox"
	"quittance/portal/store/storetest"
)

// early is a person with an automatic plan, at its pages.
type early struct {
	*clearing
	who  *payer
	plan plans.Plan
	id   debt.AccountID
	owes money.Cents // at first
	ref  string
	at   string
}

func (c *clearing) earlyBird(ref string, method payments.Method, token string) *early {
	c.t.Helper()
	p, id := c.signUp(c.t, ref, method, token, c.monthlyFrom(20, 50_00))
	return &early{clearing: c, who: c.visitor(c.t, ref), plan: p, id: id, owes: c.debtsOf(c.t, ref)[0].Owed, ref: ref, at: "/plans/" + string(p.ID)}
}

// chooses sends the form of the plan's page, and again; it returns where it led.
func (e *early) chooses(form url.Values) string {
	e.t.Helper()
	page, _ := e.who.get(e.at + "/pay")
	form.Set("csrf", field(csrfField, page))
	if form.Get("once") == "" {
		form.Set("once", field(onceField, page))
	}
	next := e.who.post(e.at+"/pay", form)
	if again := e.who.post(e.at+"/pay", form); again != next {
		e.t.Errorf("the same form again led to %q, first to %q", again, next)
	}
	return next
}

// sends says yes on the last page, and again; it returns the payment.
func (e *early) sends(review string) payments.Payment {
	e.t.Helper()
	page, _ := e.who.get(review)
	form := url.Values{"csrf": {field(csrfField, page)}, "seen": {field(seenField, page)}}
	if led := e.who.post(review, form); led != "" {
		e.t.Errorf("without a yes it led to %q", led)
	}
	form.Set("authorize", "yes")
	next := e.who.post(review, form)
	if again := e.who.post(review, form); next == "" || again != next {
		e.t.Errorf("sent twice it led to %q and %q", next, again)
	}
	p, err := e.Portal.Store.Payment(e.t.Context(), payments.ID(strings.TrimPrefix(next, "/payments/")))
	e.must(err)
	return p
}

func (e *early) now() plans.Plan {
	e.t.Helper()
	p, err := e.Portal.Store.Plan(e.t.Context(), e.plan.ID)
	e.must(err)
	return p
}

// paid is what the processor took, what events say and what is owed less, all of
// which are the same.
func (e *early) paid(want money.Cents) {
	e.t.Helper()
	var taken, told money.Cents
	for _, c := range e.Processor.Charges() {
		one := must(e.Portal.Store.Payment(e.t.Context(), payments.ID(c.Metadata["payment_id"])))
		if one.AccountID == string(e.id) && one.Status == payments.Confirmed {
			taken += money.Cents(c.Amount)
		}
	}
	for _, d := range e.told(e.t, e.id, outbox.PaymentConfirmed) {
		for _, a := range d.Payment.Allocations {
			told += a.AmountCents
		}
	}
	if less := e.owes - e.debtsOf(e.t, e.ref)[0].Owed; taken != want || told != want || less != want || e.now().PaidSoFar() != want {
		e.t.Errorf("want %s: the processor took %s, %s was told, %s less is owed, %s of the plan is paid", want, taken, told, less, e.now().PaidSoFar())
	}
	e.balanced(e.t)
}

var savedWays = []struct {
	ref    string
	method payments.Method
	token  string
	apart  string
}{
	{"A-1002", payments.Card, "pm_card_visa", "one time to my card"},
	{"A-1007", payments.BankAccount, "pm_usBankAccount_success", "one time from my account"},
}

// TestREG04_F7_OneNowIsInPlaceOfTheNextOneOrExtra pays one of a plan now, by what the
// plan saved, with an authorization of its own (ACH-03): the one of the day is then
// not taken. Then something extra: the next one is taken all the same, and the last
// one is less.
func TestREG04_F7_OneNowIsInPlaceOfTheNextOneOrExtra(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		for _, way := range savedWays {
			e := c.earlyBird(way.ref, way.method, way.token)
			first, second := e.plan.Installments[0], e.plan.Installments[1]
			if page, _ := e.who.get(e.at); !strings.Contains(page, `href="`+e.at+`/pay"`) {
				t.Fatalf("%s: the plan has no door: %s", way.ref, page)
			}
			if led := e.chooses(url.Values{}); led != "" {
				t.Errorf("%s: with nothing chosen it led to %q", way.ref, led)
			}
			if led := e.chooses(url.Values{"choice": {"extra"}, "amount": {"9000"}, "method": {"saved"}}); led != "" {
				t.Errorf("%s: with too much it led to %q", way.ref, led)
			}
			review := e.chooses(url.Values{"choice": {"instead"}, "method": {"saved"}})
			text, _ := e.who.get(review)
			for _, want := range []string{"This pays the $50.00 of your plan that is set for", "We do not take that one.", way.apart, "This is apart from what I agreed to for my plan."} {
				if !strings.Contains(text, want) {
					t.Errorf("%s: before paying it lacks %q: %s", way.ref, want, text)
				}
			}
			one := e.sends(review)
			if !strings.Contains(one.Consent.Text, "one time") || one.Unattended || one.Saved.MethodID != e.plan.Saved.MethodID {
				t.Errorf("%s: agreed to %q by %+v", way.ref, one.Consent.Text, one.Saved)
			}
			if i := e.now().Installments[0]; i.PaymentID != one.ID || i.Open() {
				t.Errorf("%s: the next one is %+v", way.ref, i)
			}
			e.moves(t, 25) // its day passes
			e.paid(50_00)
			if i := e.now().Installments[0]; i.Status != plans.Paid || i.Attempts != 0 || i.Due != first.Due {
				t.Errorf("%s: after its day it is %+v", way.ref, i)
			}
			e.who = c.visitor(t, way.ref)
			if outcome, _ := e.who.get("/payments/" + string(one.ID)); !strings.Contains(outcome, "It paid the one set for") {
				t.Errorf("%s: afterwards: %s", way.ref, outcome)
			}
			e.sends(e.chooses(url.Values{"choice": {"extra"}, "amount": {"20"}, "method": {"saved"}}))
			e.moves(t, 6)
			after := e.now()
			last := after.Installments[len(after.Installments)-1]
			if after.Installments[1].Paid != 0 || last.Paid == 0 || after.PaidSoFar() != 70_00 {
				t.Errorf("%s: extra went to %+v", way.ref, after.Installments)
			}
			for e.now().Installments[1].Status != plans.Paid && c.Clock.Now().Before(second.ChargeAt.AddDate(0, 0, 20)) {
				e.moves(t, 1)
			}
			e.paid(120_00)
		}
	})
}

// TestSTR07_F7_ThePaymentInPlaceAndTheChargeOfTheDayNeverBothTakeIt: whichever comes
// first, and at the same moment.
func TestSTR07_F7_ThePaymentInPlaceAndTheChargeOfTheDayNeverBothTakeIt(t *testing.T) {
	for _, order := range []string{"the charge first", "the payment first", "at one moment"} {
		storetest.EachURL(t, func(t *testing.T, database string) {
			c := clears(t, database)
			for _, way := range savedWays {
				e := c.earlyBird(way.ref, way.method, way.token)
				for e.now().Installments[0].Notice.State != plans.NoticeGiven {
					e.moves(t, 1)
				}
				e.who = c.visitor(t, way.ref)
				review := e.chooses(url.Values{"choice": {"instead"}, "method": {"saved"}})
				c.Clock.Move(e.now().Installments[0].ChargeAt.Sub(c.Clock.Now()) + time.Minute)
				e.who = c.visitor(t, way.ref) // the session is over
				page, _ := e.who.get(review)
				yes := url.Values{"csrf": {field(csrfField, page)}, "seen": {field(seenField, page)}, "authorize": {"yes"}}
				job := func() { _, err := c.Portal.Plans.Run(t.Context(), 100); c.must(err) }
				pays := func() { e.who.post(review, yes) }
				switch order {
				case "the charge first":
					job()
					pays()
				case "the payment first":
					pays()
					job()
				default:
					var both sync.WaitGroup
					both.Go(job)
					both.Go(pays)
					both.Wait()
				}
				e.moves(t, 9)
				if i := e.now().Installments[0]; i.Status != plans.Paid {
					t.Errorf("%s, %s: it is %+v", way.ref, order, i)
				}
				e.paid(50_00)
			}
		})
	}
}

// TestREG04_F7_WhatDoesNotGoThroughLeavesThePlanAsItWas: a card says no, a bank sends
// it back before the day, a step at the bank is left: each is taken on its day. The
// form stands ready for another method.
func TestREG04_F7_WhatDoesNotGoThroughLeavesThePlanAsItWas(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		for _, way := range []struct {
			ref    string
			method payments.Method
			saved  string
			form   url.Values
			token  url.Values
			days   int
		}{
			{"A-1002", payments.Card, "pm_card_visa", url.Values{"method": {"card"}}, url.Values{"payment_method": {"pm_card_chargeDeclined"}}, 0},
			{"A-1007", payments.BankAccount, "pm_usBankAccount_success", url.Values{"method": {"us_bank_account"}}, url.Values{"payment_method": {"pm_usBankAccount_insufficientFunds"}}, 8},
			{"A-1008", payments.Card, "pm_card_visa", url.Values{"method": {"card"}}, url.Values{"payment_method": {"pm_card_authenticationRequired"}}, 2},
		} {
			e := c.earlyBird(way.ref, way.method, way.saved)
			way.form.Set("choice", "instead")
			next := e.chooses(way.form)
			page, _ := e.who.get(next)
			review := e.who.post(next, url.Values{"csrf": {field(csrfField, page)}, "confirmation_token": {c.tokenOf(t, way.token)}})
			page, _ = e.who.get(review)
			at := e.who.post(review, url.Values{"csrf": {field(csrfField, page)}, "seen": {field(seenField, page)}, "authorize": {"yes"}})
			if way.days > 0 {
				if i := e.now().Installments[0]; i.Open() {
					t.Errorf("%s: while it is open the one of the day is %+v", way.ref, i)
				}
				waits := strings.Contains(way.token.Get("payment_method"), "authentication")
				if page, _ := e.who.get(e.at + "/stop"); strings.Contains(page, `href="`+at+`"`) != waits || strings.Contains(page, "cannot be stopped here") == waits {
					t.Errorf("%s: where one may stop the plan: %s", way.ref, textOf(page))
				}
				e.moves(t, way.days)
				e.who = c.visitor(t, way.ref)
			}
			page, _ = e.who.get(at)
			if way.method == payments.Card && !strings.Contains(page, e.at+"/pay") {
				t.Errorf("%s: there is no way back to the choice: %s", way.ref, page)
			}
			i := e.now().Installments[0]
			if i.Status != plans.Scheduled || i.PaymentID != "" || i.Due != e.plan.Installments[0].Due || e.now().Status != plans.Active {
				t.Errorf("%s: the plan is %s, its next one %+v", way.ref, e.now().Status, i)
			}
			for e.now().Installments[0].Status != plans.Paid && c.Clock.Now().Before(i.ChargeAt.AddDate(0, 0, 12)) {
				e.moves(t, 1)
			}
			e.paid(50_00)
		}
	})
}
