package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/portal/debt"
	"quittance/portal/store/storetest"
)

// TestAMT07_STR13_WhatClosesOrReleasesMoneyActsOnTheAmountThatWasShown lets the
// amount change between the page and the press: nothing moves, the line says so, and
// what the page shows then is what the next press does.
func TestAMT07_STR13_WhatClosesOrReleasesMoneyActsOnTheAmountThatWasShown(t *testing.T) {
	t.Parallel()
	for name, form := range map[string]struct {
		page string
		set  func(c *clearing, desk *agent) (change func() money.Cents, press func(amount string) (int, string))
		act  string
		then int
	}{
		"a credit sent back":                   {"/console/credits", aCredit, "refund", http.StatusSeeOther},
		"a credit sent back another way":       {"/console/credits", aCredit, "elsewhere", http.StatusSeeOther},
		"a credit that was not too much":       {"/console/credits", aCredit, "not_a_debt", http.StatusSeeOther},
		"held money sent back now":             {"/console/held", someHeld, "now", http.StatusSeeOther},
		"held money sent back once it is safe": {"/console/held", someHeld, "back", http.StatusSeeOther},
		"held money counted":                   {"/console/held", someHeld, "count", http.StatusUnprocessableEntity}, // its debt is still closed
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.EachURL(t, func(t *testing.T, database string) {
				c := clears(t, database)
				c.t = t
				desk := c.finance()
				change, pressing := form.set(c, desk)
				press := func(amount string) (int, string) { return pressing(form.act + "|" + amount) }
				shown := desk.amountOf(form.page, form.act)
				now := change()
				before := c.holdings()
				status, page := press(shown)
				if status != http.StatusUnprocessableEntity || !strings.Contains(page, "This changed since the page was shown") {
					t.Errorf("$%s was shown: %d %s", shown, status, textOf(page))
				}
				if status, _ := press(""); status != http.StatusUnprocessableEntity {
					t.Errorf("no amount was shown: %d", status)
				}
				if after := c.holdings(); after != before {
					t.Errorf("the books moved from %s to %s", before, after)
				}
				again := desk.amountOf(form.page, form.act)
				if again != now.Decimal() {
					t.Fatalf("the page shows %q, want %s", again, now)
				}
				if status, page := press(again); status != form.then || strings.Contains(page, "This changed since the page was shown") {
					t.Errorf("what is shown now: %d %s", status, textOf(page))
				}
			})
		})
	}
}

// holdings is the books as text: what credits and held money there is, and orders.
func (c *clearing) holdings() string {
	c.t.Helper()
	var all []string
	lines, err := c.Portal.Credits.Waiting(c.t.Context(), 10)
	c.must(err)
	for _, l := range lines {
		all = append(all, l.ID, l.Amount().Decimal(), l.OnItsWay.Decimal())
	}
	held, err := c.Portal.Held.List(c.t.Context(), 10)
	c.must(err)
	for _, m := range held {
		all = append(all, string(m.DebtID), m.Amount.Decimal(), m.SentBackBy)
	}
	return strings.Join(all, " ")
}

// aCredit is a credit of $30.00 that a file makes $35.00.
func aCredit(c *clearing, desk *agent) (func() money.Cents, func(string) (int, string)) {
	first := c.debtsOf(c.t, "A-1001")[0]
	_, err := c.paysOver(c.t, "A-1001", "key-1", payments.Card, "pm_card_visa", first.Owed)
	c.must(err)
	c.places(c.t, c.row(c.t, "A-1001", 0, 2, first.Debt.Snapshot.Balance-30_00, debt.Active))
	it := desk.waits()
	return func() money.Cents {
			c.places(c.t, c.row(c.t, "A-1001", 0, 3, first.Debt.Snapshot.Balance-35_00, debt.Active))
			return 35_00
		}, func(said string) (int, string) {
			act, amount, _ := strings.Cut(said, "|")
			return desk.do(http.MethodPost, it, url.Values{"act": {act}, "amount": {amount}})
		}
}

// someHeld is $25.00 that are held, of which $5.00 go back at the processor.
func someHeld(c *clearing, desk *agent) (func() money.Cents, func(string) (int, string)) {
	c.send("A-1006")
	c.restate(map[string]string{"A-1006": "recalled"})
	c.must(c.MoveDays(c.t.Context(), 7))
	*desk = *c.rehearsal.finance(c.t)
	p, _ := c.now("A-1006")
	return func() money.Cents {
			if !c.dashboard(c.t, p, 5_00) {
				c.t.Fatal("the processor does not send it back")
			}
			c.must(c.MoveDays(c.t.Context(), 8))
			*desk = *c.rehearsal.finance(c.t)
			desk.get("/console/held")
			return sent - 5_00
		}, func(said string) (int, string) {
			act, amount, _ := strings.Cut(said, "|")
			return desk.do(http.MethodPost, "/console/held", url.Values{
				"payment": {string(p.ID)}, "debt": {p.Allocations[0].DebtID}, "do": {act}, "risk": {"yes"}, "amount": {amount},
			})
		}
}
