package main

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/debt"
	"quittance/portal/outbox"
	"quittance/portal/represent"
	"quittance/portal/store/storetest"
)

// dealt is a person with a deal to pay half in two payments from a bank account.
func (c *clearing) dealt() *early {
	c.t.Helper()
	owes := c.debtsOf(c.t, "A-1002")[0].Owed
	p, id := c.settles(c.t)
	return &early{clearing: c, who: c.visitor(c.t, "A-1002"), plan: p, id: id, owes: owes, ref: "A-1002", at: "/plans/" + string(p.ID)}
}

// back signs the person in again: days have passed.
func (e *early) back() { e.who = e.visitor(e.t, e.ref) }

// until moves to a day of an installment, or some days before it.
func (e *early) until(n, before int) {
	e.t.Helper()
	for civil.Of(e.Clock.Now()).Before(e.now().Installments[n].Due.AddDays(-before)) {
		e.moves(e.t, 1)
	}
	e.back()
}

// tries sends the form and returns the page that came instead of a payment.
func (e *early) tries(form url.Values) string {
	e.t.Helper()
	page, _ := e.who.get(e.at + "/pay")
	form.Set("csrf", field(csrfField, page))
	form.Set("once", field(onceField, page))
	return e.answer(e.at+"/pay", form)
}

// presses says yes on a last page that was looked at before, and returns the answer.
func (e *early) presses(review, page string) string {
	e.t.Helper()
	return e.answer(review, url.Values{"csrf": {field(csrfField, page)}, "seen": {field(seenField, page)}, "authorize": {"yes"}})
}

// answer is the page that a form is answered with, and no other address.
func (e *early) answer(at string, form url.Values) string {
	e.t.Helper()
	a := &agent{t: e.t, at: e.URL, client: e.who.client, csrf: form.Get("csrf")}
	status, body := a.do("POST", at, form)
	if status != 422 {
		e.t.Errorf("%s is answered with %d", at, status)
	}
	return textOf(body)
}

// by pays with a method that is given anew, up to the last page.
func (e *early) by(form url.Values, method string) string {
	e.t.Helper()
	kind := "card"
	if strings.HasPrefix(method, "pm_us") {
		kind = "us_bank_account"
	}
	form.Set("method", kind)
	next := e.chooses(form)
	page, _ := e.who.get(next)
	return e.who.post(next, url.Values{"csrf": {field(csrfField, page)}, "confirmation_token": {e.tokenOf(e.t, url.Values{"payment_method": {method}})}})
}

// took is what the processor took of the person and did not give back.
func (e *early) took() (sum money.Cents) {
	e.t.Helper()
	for _, c := range e.Processor.Charges() {
		p := must(e.Portal.Store.Payment(e.t.Context(), payments.ID(c.Metadata["payment_id"])))
		if p.AccountID == string(e.id) && c.Status == "succeeded" {
			sum += money.Cents(c.Amount - c.AmountRefunded - c.Withdrawn + c.Reinstated)
		}
	}
	return sum
}

// kept checks that a deal was paid to the cent, and the rest let go.
func (e *early) kept(how string) {
	e.t.Helper()
	p := e.now()
	if took := e.took(); p.Status != plans.Completed || took != p.Total || p.PaidSoFar() != p.Total || p.Total != e.plan.Total || p.Forgiven != e.plan.Forgiven {
		e.t.Errorf("%s: the deal is %s, %s was taken, %s of %s paid, %s let go", how, p.Status, took, p.PaidSoFar(), p.Total, p.Forgiven)
	}
	if told := e.told(e.t, e.id, outbox.PlanCompleted); len(told) != 1 || told[0].Plan.PaidCents != e.plan.Total {
		e.t.Errorf("%s: told %+v", how, told)
	}
	e.moves(e.t, 66)
	e.runs(e.t, "settlements")
	account := ledger.Debt(p.Debt.ID)
	if owed, credit := e.standsAt(e.t, e.ref); owed != 0 || credit != 0 || e.fold(e.t, account) != 0 || e.fold(e.t, ledger.Waived(p.Debt.ID)) != p.Forgiven {
		e.t.Errorf("%s: %s owed, a credit of %s, %s in the books", how, owed, credit, e.fold(e.t, account))
	}
	e.balanced(e.t)
}

// TestAMT07_F7_ADealToPayLessIsNeverPaidBeyondWhatItAsksFor although more is owed:
// with something on its way, with two things open at once, and with a payment of the
// whole debt's page on its way when the day comes.
func TestAMT07_F7_ADealToPayLessIsNeverPaidBeyondWhatItAsksFor(t *testing.T) {
	for how, play := range map[string]func(*early){
		"extra twice": func(e *early) {
			e.sends(e.chooses(url.Values{"choice": {"extra"}, "amount": {"100"}, "method": {"saved"}}))
			if said := e.tries(url.Values{"choice": {"extra"}, "amount": {"60"}, "method": {"saved"}}); !strings.Contains(said, "$20.54") {
				e.t.Errorf("with $100 on its way: %s", said)
			}
			e.sends(e.chooses(url.Values{"choice": {"extra"}, "amount": {"20.54"}, "method": {"saved"}}))
			if page, _ := e.who.get(e.at + "/pay"); strings.Contains(page, `id="part-extra"`) || strings.Contains(page, "Pay all of it") {
				e.t.Errorf("more is asked for: %s", textOf(page))
			}
		},
		"two open at once": func(e *early) {
			review := e.chooses(url.Values{"choice": {"extra"}, "amount": {"120.54"}, "method": {"saved"}})
			page, _ := e.who.get(review)
			must(e.Pay(e.t.Context(), e.ref, "key-1", 20_54, payments.BankAccount, "pm_usBankAccount_success"))
			if said := e.presses(review, page); !strings.Contains(said, "Things have changed") || !strings.Contains(said, "Pay one now") {
				e.t.Errorf("beside another payment it is answered with %s", said)
			}
		},
		"extra, and then in place": func(e *early) {
			e.sends(e.chooses(url.Values{"choice": {"extra"}, "amount": {"120.54"}, "method": {"saved"}}))
			e.sends(e.chooses(url.Values{"choice": {"instead"}, "method": {"saved"}}))
		},
		"the day comes meanwhile": func(e *early) {
			e.until(1, 1)
			must(e.Pay(e.t.Context(), e.ref, "key-1", 120_54, payments.BankAccount, "pm_usBankAccount_success"))
		},
	} {
		t.Run(how, func(t *testing.T) {
			storetest.EachURL(t, func(t *testing.T, database string) {
				e := clears(t, database).dealt()
				play(e)
				e.moves(t, 66)
				e.kept(how)
			})
		})
	}
}

// TestREG04_F7_ExtraComesOffTheEndAndOffNothingElse: what is due on the day is
// charged all the same, nothing is left that is too little to charge, and a charge
// that was announced with more is announced again.
func TestREG04_F7_ExtraComesOffTheEndAndOffNothingElse(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		e := clears(t, database).earlyBird("A-1002", payments.Card, "pm_card_visa")
		for amount, want := range map[string]string{
			"32": "This would leave $0.17 of one payment. We cannot take so little. Pay $32.17, or $31.67 or less.", "0.40": "smallest amount is $0.50",
		} {
			if said := e.tries(url.Values{"choice": {"extra"}, "amount": {amount}, "method": {"saved"}}); !strings.Contains(said, want) {
				t.Errorf("%s extra: %s", amount, said)
			}
		}
		review := e.chooses(url.Values{"choice": {"extra"}, "amount": {"31.50"}, "method": {"saved"}})
		page, _ := e.who.get(review)
		must(e.Pay(t.Context(), e.ref, "key-1", 60, payments.Card, "pm_card_visa"))
		e.presses(review, page) // by now it would leave seven cents
		first := e.now().Installments[0]
		c := e.clearing
		for e.now().Installments[0].Notice.State != plans.NoticeGiven {
			e.moves(t, 1)
		}
		c.Clock.Move(first.ChargeAt.Sub(c.Clock.Now()) + time.Minute)
		e.back()
		e.sends(e.chooses(url.Values{"choice": {"extra"}, "amount": {"20"}, "method": {"saved"}}))
		e.moves(t, 2)
		after := e.now().Installments
		if i := after[0]; i.Status != plans.Paid || i.Attempts != 1 || after[len(after)-1].Paid != 20_60 {
			t.Errorf("what was due is %+v, the last one %+v", i, after[len(after)-1])
		}
		e.paid(70_60)
	})
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		p, id := c.signUp(t, "A-1002", payments.Card, "pm_card_visa", plans.Wish{
			Kind: plans.Installments, Count: 2, Rule: schedule.Rule{Rhythm: schedule.Weekly, First: schedule.Roll(civil.Of(c.Clock.Now()).AddDays(15))},
		})
		e := &early{clearing: c, who: c.visitor(t, "A-1002"), plan: p, id: id, owes: 482_17, ref: "A-1002", at: "/plans/" + string(p.ID)}
		for e.now().Installments[1].Notice.State != plans.NoticeGiven {
			e.moves(t, 1)
		}
		told, due := e.now().Installments[1].Notice, e.now().Installments[1].Due
		e.back()
		e.sends(e.chooses(url.Values{"choice": {"extra"}, "amount": {"41.08"}, "method": {"saved"}}))
		e.moves(t, 1)
		if i := e.now().Installments[1]; i.Notice.State != plans.NoticeGiven || i.Notice.MessageID == told.MessageID || i.Due != due {
			t.Errorf("what is charged now was announced by %+v, before by %+v", i.Notice, told)
		}
		for e.now().Status == plans.Active && !due.AddDays(3).Before(civil.Of(c.Clock.Now())) {
			e.moves(t, 1)
		}
		if p := e.now(); p.Status != plans.Completed || p.Installments[1].Due != due {
			t.Errorf("the plan is %s, its last one %+v", p.Status, p.Installments[1])
		}
		e.paid(482_17)
	})
}

// TestREG04_F7_WhatComesBackIsOwedAgainAndEndsNoPlanThatAnotherCardPays: a bank takes
// a payment in place back, finance sends a part back, money is held: each is owed on
// its own installment, and what another account's bank says is no word on the plan's.
func TestREG04_F7_WhatComesBackIsOwedAgainAndEndsNoPlanThatAnotherCardPays(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		e := c.earlyBird("A-1002", payments.Card, "pm_card_visa")
		one := e.sends(e.by(url.Values{"choice": {"instead"}}, "pm_usBankAccount_success"))
		e.moves(t, 7)
		e.paid(50_00)
		if !c.Processor.Return(must(e.Portal.Store.Payment(t.Context(), one.ID)).IntentID, "R10") {
			t.Fatal("the bank could not take it back")
		}
		e.moves(t, 2)
		p := e.now()
		if i := p.Installments[0]; p.Status != plans.Active || i.Status != plans.Failed || i.Owed() != 50_00 || i.Failure != (payments.Failure{}) || i.Missed {
			t.Errorf("after it came back the plan is %s because of %q, its next one %+v", p.Status, p.Reason, i)
		}
		e.back()
		day := schedule.Roll(civil.Of(c.Clock.Now()).AddDays(25))
		if said := e.retries(1, day); !strings.Contains(said, day.String()) && !strings.Contains(said, "Sign") {
			t.Errorf("another day cannot be chosen: %s", said)
		}
		if took := e.took(); took != 0 {
			t.Errorf("%s is taken", took)
		}

		e = c.earlyBird("A-1007", payments.BankAccount, "pm_usBankAccount_success")
		e.until(0, 1)
		e.sends(e.by(url.Values{"choice": {"instead"}}, "pm_usBankAccount_accountClosed"))
		e.moves(t, 8)
		p = e.now()
		if i := p.Installments[0]; p.Status != plans.Active || i.Status != plans.Failed || i.Owed() != 50_00 || i.Failure != (payments.Failure{}) {
			t.Errorf("a debit that did not clear leaves the plan %s because of %q, its next one %+v", p.Status, p.Reason, i)
		}
		if told := e.told(t, e.id, outbox.PlanChanged); !slices.ContainsFunc(told, func(d outbox.Data) bool { return d.Plan.Why == string(plans.InstallmentFailed) }) {
			t.Errorf("told %+v", told)
		}
		if took := e.took(); took != 0 {
			t.Errorf("%s was taken on a day that nobody chose", took)
		}

		e = c.earlyBird("A-1011", payments.BankAccount, "pm_usBankAccount_success")
		one = e.sends(e.by(url.Values{"choice": {"instead"}}, "pm_usBankAccount_debitNotAuthorized"))
		e.moves(t, 6)
		if got := must(e.Portal.Store.Payment(t.Context(), one.ID)); got.Status == payments.Confirmed && !c.Processor.Return(got.IntentID, "R02") {
			t.Fatal("the bank could not take it back")
		}
		e.moves(t, 2)
		if p := e.now(); p.Status != plans.Active || p.Installments[0].Status != plans.Failed || p.PaidSoFar() != 0 || len(e.told(t, e.id, outbox.PaymentReversed)) != 1 {
			t.Errorf("another account's bank took it back: the plan is %s because of %q, its next one %+v", p.Status, p.Reason, p.Installments[0])
		}

		e = c.earlyBird("A-1008", payments.Card, "pm_card_visa")
		one = e.sends(e.chooses(url.Values{"choice": {"instead"}, "method": {"saved"}}))
		must(e.Portal.Payments.Refund(t.Context(), one.ID, payments.Back{Amount: 10_00, Key: "refund-1"}))
		e.moves(t, 2)
		if p := e.now(); p.Status != plans.Active || p.Installments[0].Owed() != 10_00 || p.PaidSoFar() != 40_00 || p.Installments[1].Paid != 0 {
			t.Errorf("a part went back: %s, %+v", p.Status, p.Installments)
		}
		fin := c.finance()
		if _, page := fin.get("/console/refunds?reference=" + one.Reference); !strings.Contains(page, "in place of the next one of a plan") {
			t.Errorf("finance is not told what it was: %s", textOf(page))
		}
		e.moves(t, 1)
		e.balanced(t)
	})
}

// retries asks for another day for an installment, and returns the page that shows
// what becomes of the plan.
func (e *early) retries(number int, day civil.Date) string {
	e.t.Helper()
	page, _ := e.who.get(e.at + "/change")
	a := &agent{t: e.t, at: e.URL, client: e.who.client, csrf: field(csrfField, page)}
	status, body := a.do("POST", e.at+"/change", url.Values{
		"csrf": {field(csrfField, page)}, "action": {"retry"}, "retry_number": {string(rune('0' + number))}, "retry_to": {day.String()},
	})
	if status != 200 {
		e.t.Errorf("another day is answered with %d", status)
	}
	return textOf(body)
}

// TestSTS01_F7_WhatIsHeldCountsForNothingUntilItIsReleased: the installment waits.
func TestSTS01_F7_WhatIsHeldCountsForNothingUntilItIsReleased(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		for _, released := range []bool{true, false} {
			ref := map[bool]string{true: "A-1002", false: "A-1007"}[released]
			e := c.earlyBird(ref, payments.BankAccount, "pm_usBankAccount_success")
			one := e.sends(e.chooses(url.Values{"choice": {"instead"}, "method": {"saved"}}))
			d := c.disputed(ref)
			e.moves(t, 7)
			if p := e.now(); p.Status != plans.Paused || p.PaidSoFar() != 0 || p.Installments[0].Status != plans.InFlight {
				t.Errorf("while it is held the plan is %s, %s paid, %+v", p.Status, p.PaidSoFar(), p.Installments[0])
			}
			of := debt.ID(e.plan.Debt.ID)
			_, err := c.Portal.Disputes.Withdraw(t.Context(), e.id, d.Reference)
			c.must(err)
			if released {
				c.must(c.Portal.Held.Release(t.Context(), one.ID, of, one.Amount))
				e.moves(t, 1)
				if i := e.now().Installments[0]; i.Status != plans.Paid || i.PaymentID != one.ID {
					t.Errorf("once it is released: %+v", i)
				}
				e.paid(50_00)
				continue
			}
			c.must(c.Portal.Held.SendBack(t.Context(), one.ID, of, one.Amount, "stf_1", true))
			e.moves(t, 7)
			if p := e.now(); p.PaidSoFar() != 0 || p.Installments[0].Owed() != 50_00 || p.Installments[0].Status == plans.InFlight || p.Installments[0].Missed {
				t.Errorf("once it went back: %s, %+v", p.Status, p.Installments[0])
			}
		}
	})
}

// TestREG05_F7_WhatChangedBetweenTheLastPageAndTheYesIsNotPaid: nothing is sent, and
// what can be paid now is shown.
func TestREG05_F7_WhatChangedBetweenTheLastPageAndTheYesIsNotPaid(t *testing.T) {
	bends := func(b plans.Bend) func(*early) {
		return func(e *early) {
			must(e.Portal.Plans.Bend(e.t.Context(), string(e.id), e.plan.ID, b, e.now().Revision, "Pat Sample", agreed("I agree.")))
		}
	}
	for about, change := range map[string]func(*early){
		"stopped":        bends(plans.Bend{Action: plans.Cancel}),
		"by hand":        bends(plans.Bend{Action: plans.Hand}),
		"skipped":        bends(plans.Bend{Action: plans.Skip, Number: 1}),
		"split":          bends(plans.Bend{Action: plans.Split, Number: 1}),
		"rests":          func(e *early) { bends(plans.Bend{Action: plans.Pause, To: civil.Of(e.Clock.Now()).AddDays(9)})(e) },
		"method gone":    func(e *early) { e.must(e.Portal.Plans.MethodGone(e.t.Context(), e.plan.Saved.MethodID)) },
		"another method": func(e *early) { e.renews("pm_card_mastercard") },
		"recalled":       func(e *early) { e.restate(map[string]string{e.ref: "recalled"}) },
		"disputed":       func(e *early) { e.disputed(e.ref) },
	} {
		t.Run(about, func(t *testing.T) {
			storetest.EachURL(t, func(t *testing.T, database string) {
				c := clears(t, database)
				for ref, form := range map[string]url.Values{
					"A-1002": {"choice": {"instead"}, "method": {"saved"}}, "A-1007": {"choice": {"extra"}, "amount": {"20"}, "method": {"saved"}},
				} {
					extra := form.Get("choice") == "extra"
					if extra && (about == "skipped" || about == "split") {
						continue // what is extra stays so
					}
					e := c.earlyBird(ref, payments.Card, "pm_card_visa")
					review := e.chooses(form)
					page, _ := e.who.get(review)
					change(e)
					for range 2 { // the second time it was read again
						e.who.post(review, url.Values{"csrf": {field(csrfField, page)}, "seen": {field(seenField, page)}, "authorize": {"yes"}})
						page, _ = e.who.get(review)
					}
					all := must(e.Portal.Store.PaymentsOfAccount(t.Context(), string(e.id), 10))
					if took := e.took(); took != 0 || slices.ContainsFunc(all, func(p payments.Payment) bool { return !p.SubmittedAt.IsZero() }) {
						t.Errorf("extra %v: it was sent, and %s was taken", extra, took)
					}
				}
			})
		})
	}
}

// renews gives the plan another card.
func (e *early) renews(card string) {
	e.t.Helper()
	ctx := e.t.Context()
	d := must(e.Portal.Plans.BeginMethod(ctx, string(e.id), e.plan.ID, payments.Card))
	d = must(e.Portal.Plans.Choose(ctx, string(e.id), d.ID, plans.Automatic, payments.Card, must(e.Token(ctx, card, true))))
	must(e.Portal.Plans.ChangeMethod(ctx, string(e.id), d.ID, e.now().Revision, "Pat Sample", agreed("I agree.")))
}

// TestDSC05_F7_WhatAPlanSavedIsOfferedToWhoSavedItAlone and the choice is kept, for
// this plan alone.
func TestDSC05_F7_WhatAPlanSavedIsOfferedToWhoSavedItAlone(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		e := c.earlyBird("A-1001", payments.Card, "pm_card_visa")
		page, _ := e.who.get(e.at + "/pay")
		if !strings.Contains(page, `id="method-saved"`) || !strings.Contains(page, "4242") {
			t.Errorf("the plan's card is not offered: %s", textOf(page))
		}
		review := e.by(url.Values{"choice": {"extra"}, "amount": {"20"}}, "pm_card_mastercard")
		last, _ := e.who.get(review)
		if led := e.who.post(review, url.Values{"csrf": {field(csrfField, last)}}); led != "" {
			t.Errorf("without what was read it led to %q", led)
		}
		if page, _ = e.who.get(e.at + "/pay"); !strings.Contains(page, `value="20.00"`) {
			t.Errorf("what was chosen is forgotten: %s", page)
		}
		if page, _ = e.who.get("/payments/new"); strings.Contains(page, `value="20.00"`) || strings.Contains(page, "method-saved") {
			t.Errorf("it is chosen for the debt alone: %s", textOf(page))
		}
		other := c.visitor(t, "A-1007")
		if page, led := other.get(e.at + "/pay"); led != "" || strings.Contains(page, "4242") || strings.Contains(page, "What is it for?") {
			t.Errorf("another person reads %s", textOf(page))
		}
		account, _, err := c.Portal.Store.AccountByRef(t.Context(), "A-1001")
		c.must(err)
		made, err := c.Portal.Speakers.Record(t.Context(), account.ID, represent.Entry{
			Role: represent.Guardian, Person: represent.Person{Name: "Eva Example", PostalCode: "10001"}, DocumentID: "DOC-7", CheckedBy: "Sam",
		}, "staff:stf_1")
		c.must(err)
		code, err := c.Portal.Speakers.Code(made)
		c.must(err)
		guardian := c.comesIn(t, code, "10001")
		if page, _ = guardian.get("/account"); !strings.Contains(page, "guardian") {
			t.Errorf("a guardian reads %s", textOf(page))
		}
		if page, _ = guardian.get(e.at + "/pay"); strings.Contains(page, "4242") {
			t.Errorf("a guardian reads %s", textOf(page))
		}
		for range 5 {
			_, _ = c.Pay(t.Context(), "A-1001", "key-"+time.Now().String(), 1_00, payments.Card, "pm_card_chargeDeclined")
		}
		e.back()
		if said := e.tries(url.Values{"choice": {"instead"}, "method": {"saved"}}); !strings.Contains(said, "Five cards did not go through today") {
			t.Errorf("after five declined cards: %s", said)
		}
	})
}

// TestREG04_F7_AChargeWhoseDayIsOverWaitsForAnotherDay: a payment in place that waits
// for a check at the bank beyond the day, and is then stopped, frees nothing to be
// charged at once.
func TestREG04_F7_AChargeWhoseDayIsOverWaitsForAnotherDay(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		e := clears(t, database).earlyBird("A-1002", payments.Card, "pm_card_visa")
		e.until(0, 1)
		next := e.chooses(url.Values{"choice": {"instead"}, "method": {"us_bank_account"}})
		form, _ := e.who.get(next)
		token := e.tokenOf(t, url.Values{
			"payment_method_data[type]": {"us_bank_account"}, "payment_method_data[billing_details][name]": {"Pat Sample"},
			"payment_method_data[us_bank_account][routing_number]": {"110000000"}, "payment_method_data[us_bank_account][account_number]": {"000123456789"},
			"payment_method_data[us_bank_account][account_holder_type]": {"individual"},
			"payment_method_data[us_bank_account][verification_method]": {"microdeposits"},
		})
		one := e.sends(e.who.post(next, url.Values{"csrf": {field(csrfField, form)}, "confirmation_token": {token}}))
		if one.Status != payments.NeedsAction {
			t.Fatalf("the payment is %s", one.Status)
		}
		e.moves(t, 2)
		e.back()
		if one = must(e.Portal.Store.Payment(t.Context(), one.ID)); one.Status != payments.NeedsAction {
			t.Fatalf("after the day it is %s", one.Status)
		}
		at := "/payments/" + string(one.ID)
		page, _ := e.who.get(at)
		if led := e.who.post(at+"/stop", url.Values{"csrf": {field(csrfField, page)}}); led != at {
			t.Fatalf("stopping led to %q", led)
		}
		if one = must(e.Portal.Store.Payment(t.Context(), one.ID)); one.Status != payments.Canceled {
			t.Fatalf("after the stop it is %s", one.Status)
		}
		e.moves(t, 1)
		if i := e.now().Installments[0]; e.took() != 0 || i.Status != plans.Failed || i.Owed() != 50_00 {
			t.Errorf("%s was taken on a day that nobody chose: %+v", e.took(), i)
		}
	})
}

// TestREG04_F7_TheNextPaymentIsTheOneThatWasShown: a form that was open while the next one
// was charged pays no other in its place.
func TestREG04_F7_TheNextPaymentIsTheOneThatWasShown(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		e := clears(t, database).earlyBird("A-1002", payments.Card, "pm_card_visa")
		if page, _ := e.who.get(e.at + "/pay"); !strings.Contains(page, `name="number" value="1"`) {
			t.Errorf("the form says not which one it is: %s", textOf(page))
		}
		e.until(0, 0)
		e.moves(t, 1)
		e.back()
		if said := e.tries(url.Values{"choice": {"instead"}, "number": {"1"}, "method": {"saved"}}); !strings.Contains(said, "Look") && !strings.Contains(said, "changed") {
			t.Errorf("the one that was charged meanwhile: %s", said)
		}
		e.sends(e.chooses(url.Values{"choice": {"instead"}, "number": {"2"}, "method": {"saved"}}))
	})
}

// TestREG04_F7_WhatComesBackMeanwhileIsChargedOnNoDayThatNobodyChose: an earlier extra
// on an installment is sent back while another payment is on its way in its place.
func TestREG04_F7_WhatComesBackMeanwhileIsChargedOnNoDayThatNobodyChose(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		for ref, method := range map[string]string{"A-1002": "pm_usBankAccount_success", "A-1007": "pm_usBankAccount_accountClosed"} {
			e := c.earlyBird(ref, payments.Card, "pm_card_visa")
			later := e.plan.Total - e.plan.Installments[0].Amount
			extra := e.sends(e.chooses(url.Values{"choice": {"extra"}, "amount": {(later - 20_00).Decimal()}, "method": {"saved"}}))
			e.until(0, 0)
			e.moves(t, 2)
			e.until(1, 9)
			e.sends(e.by(url.Values{"choice": {"instead"}}, method))
			took := e.took()
			must(e.Portal.Payments.Refund(t.Context(), extra.ID, payments.Back{Amount: extra.Amount, Key: "refund-" + ref}))
			e.moves(t, 40)
			i := e.now().Installments[1]
			if i.Status != plans.Failed || e.took() > took {
				t.Errorf("%s: %s was taken beside %s, and the installment is %+v", method, e.took(), took, i)
			}
		}
	})
}
