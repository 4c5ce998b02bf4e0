package main

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"quittance/payments"
	"quittance/payments/sandbox"
	"quittance/portal/held"
	"quittance/portal/store/storetest"
)

// pressedAgain lets somebody press once more while the processor is asked.
type pressedAgain struct {
	held.Payments
	press func()
}

func (p *pressedAgain) Refund(ctx context.Context, id payments.ID, b payments.Back) (payments.Payment, error) {
	if press := p.press; press != nil {
		p.press = nil
		press()
	}
	return p.Payments.Refund(ctx, id, b)
}

// sendTwo lets a person pay as much on each of their first two debts, in one
// payment from a bank account.
func (c *clearing) sendTwo(ref string) {
	c.t.Helper()
	ctx := c.t.Context()
	id, _, err := c.FirstDebt(ctx, ref)
	c.must(err)
	all, err := c.Portal.Store.AccountStatements(ctx, id)
	c.must(err)
	p, err := c.Portal.Payments.Start(ctx, payments.Request{AccountID: string(id), RequestKey: "two/" + ref, Method: payments.BankAccount, Amounts: []payments.Amount{
		{DebtID: string(all[0].Debt.ID), Amount: sent}, {DebtID: string(all[1].Debt.ID), Amount: sent},
	}})
	c.must(err)
	token, err := c.Token(ctx, "pm_usBankAccount_success", false)
	c.must(err)
	_, err = c.Portal.Payments.Choose(ctx, string(id), p.ID, token)
	c.must(err)
	c.paid[ref], err = c.Portal.Payments.Submit(ctx, string(id), p.ID, payments.Consent{Text: "I agree.", SessionID: "ses_1", IP: "203.0.113.9", UserAgent: "test", Language: "en"})
	c.must(err)
}

// sendsBack presses "Send it back now" in the console.
func (c *clearing) sendsBack(desk *agent, ref string) (int, string) {
	desk.get("/console/held")
	return desk.decidesHeld(url.Values{
		"payment": {string(c.paid[ref].ID)}, "debt": {c.paid[ref].Allocations[0].DebtID}, "do": {"now"}, "risk": {"yes"},
	})
}

// TestSTR13_HeldMoneyGoesBackOnceHoweverOftenItIsPressed while the processor has
// not answered, and after its answer was lost. The other half of the payment
// stands on its debt and stays there.
func TestSTR13_HeldMoneyGoesBackOnceHoweverOftenItIsPressed(t *testing.T) {
	for name, begin := range map[string]func(c *clearing, again func()) (end func()){
		"while it is asked": func(c *clearing, again func()) func() {
			c.Portal.Held.Payments = &pressedAgain{Payments: c.Portal.Held.Payments, press: again}
			return func() {}
		},
		"after the answer was lost": func(c *clearing, again func()) func() {
			c.Processor.FailNextOn("/v1/refunds", 20, sandbox.ModeErrorAfter)
			return func() {
				c.Processor.ClearFaults()
				again()
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.EachURL(t, func(t *testing.T, database string) {
				c := clears(t, database)
				c.sendTwo("A-1001")
				c.disputed("A-1001")
				c.must(c.MoveDays(t.Context(), 7))
				if p, st := c.now("A-1001"); p.Status != payments.Confirmed || st.Held != sent {
					t.Fatalf("%s with %s held", p.Status, st.Held)
				}
				desk, other := c.finance(), c.rehearsal.finance(t)
				end := begin(c, func() { c.sendsBack(other, "A-1001") })
				c.sendsBack(desk, "A-1001")
				end()
				c.must(c.MoveDays(t.Context(), 8))
				if p, _ := c.now("A-1001"); p.Refunded != sent || p.Status != payments.Confirmed {
					t.Errorf("%s with %s sent back, want %s", p.Status, p.Refunded, sent)
				}
				c.agree()
			})
		})
	}
}

// TestSTR13_WhatTheBankIsTakingBackIsNotSentBackToo says so in the console, before
// the processor's event has come.
func TestSTR13_WhatTheBankIsTakingBackIsNotSentBackToo(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		c := clears(t, database)
		c.send("A-1006")
		c.restate(map[string]string{"A-1006": "recalled"})
		c.must(c.MoveDays(t.Context(), 7))
		desk := c.finance()
		c.Processor.SetEventFaults(sandbox.EventFaults{DropPercent: 100})
		if p, _ := c.now("A-1006"); !c.Processor.Return(p.IntentID, "R10") {
			t.Fatal("the debit does not come back")
		}
		if status, page := c.sendsBack(desk, "A-1006"); status != http.StatusUnprocessableEntity || !strings.Contains(page, "did not send it back") {
			t.Errorf("%d %s", status, textOf(page))
		}
		c.runs(t, "missed events")
		c.stands("A-1006", payments.Reversed, 0, 0)
		c.agree()
	})
}

// TestSTR13_HeldMoneyWhoseOrderCameToNothingIsOrderedAnew: the processor does not take
// the order, or gives it up days later; some of the money goes back by its own pages
// meanwhile. Nothing shows as on its way, what is left is pressed for again at once, or
// goes back by itself once it is final.
func TestSTR13_HeldMoneyWhoseOrderCameToNothingIsOrderedAnew(t *testing.T) {
	for name, way := range map[string]struct{ failed, pressed bool }{
		"refused, pressed again":  {false, true},
		"refused, goes by itself": {false, false},
		"given up, pressed again": {true, true},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.EachURL(t, func(t *testing.T, database string) {
				c := clears(t, database)
				c.send("A-1006")
				c.restate(map[string]string{"A-1006": "recalled"})
				c.must(c.MoveDays(t.Context(), 7))
				desk := c.finance()
				paid := c.paid["A-1006"]
				if way.failed {
					c.Portal.Payments.Refunds = &givesUp{Refunder: c.Portal.Payments.Refunds, look: c.Portal.Payments.Gateway.Fetch}
				} else {
					c.Portal.Payments.Refunds = &refusesOnce{Refunder: c.Portal.Payments.Refunds}
				}
				if status, page := c.sendsBack(desk, "A-1006"); (status == http.StatusSeeOther) != way.failed {
					t.Fatalf("the first press: %d %s", status, textOf(page))
				}
				if !c.dashboard(t, paid, 10_00) {
					t.Fatal("the processor's own page gives nothing back")
				}
				c.must(c.MoveDays(t.Context(), 8))
				if p, _ := c.now("A-1006"); p.Net() != sent-10_00 {
					t.Fatalf("%s is left", p.Net())
				}
				if way.pressed {
					if status, page := c.sendsBack(c.rehearsal.finance(t), "A-1006"); status != http.StatusSeeOther {
						t.Errorf("pressed again: %d %s", status, textOf(page))
					}
					c.must(c.MoveDays(t.Context(), 8))
				} else {
					c.must(c.MoveDays(t.Context(), 65)) // beyond the 60 days of a bank
					c.runs(t, "held money")
					c.must(c.MoveDays(t.Context(), 8))
				}
				c.stands("A-1006", payments.Refunded, 0, 0)
				c.agree()
			})
		})
	}
}

// givesUp says of the first order that it came to nothing.
type givesUp struct {
	payments.Refunder
	look  func(context.Context, payments.Payment) (payments.Truth, error)
	given bool
}

func (g *givesUp) Refund(ctx context.Context, p payments.Payment, b payments.Back) (payments.Truth, error) {
	if g.given {
		return g.Refunder.Refund(ctx, p, b)
	}
	g.given = true
	t, err := g.look(ctx, p)
	t.Orders = append(t.Orders, payments.Ordered{Key: b.Key, State: payments.OrderFailed})
	return t, err
}
