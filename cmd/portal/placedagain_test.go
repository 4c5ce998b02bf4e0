package main

import (
	"net/http"
	"strings"
	"testing"

	"quittance/payments"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/store/storetest"
)

// TestREC01_F14_AnAccountPlacedAgainAfterItsErasureGetsANewCode: the old one opens
// nothing, and whoever prints letters finds the new one among the codes of today.
func TestREC01_F14_AnAccountPlacedAgainAfterItsErasureGetsANewCode(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		p := places(t, database)
		p.sends("F03-base.setup.csv")
		old := p.code("BK-1")
		if _, err := p.Portal.Store.EraseAccount(t.Context(), p.opens(t, old), p.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		if a := p.sends("F03-base.setup.csv", "2026-11-28", "2026-11-29", ",12207,", ",12207-,"); a.status != http.StatusUnprocessableEntity {
			t.Errorf("without an address to keep: %s", a.body)
		}
		again := []string{"Pat,Sample", "Kim,Newcomer", "1980-03-27", "1955-05-05"}
		if a := p.sends("F03-bankruptcy-row-with-phone-extension.csv", append(again, ",bankruptcy,", ",active,", " ext. 45", "")...); a.Updated != 1 || a.Held != 0 {
			t.Fatalf("placed again: %d %s", a.status, a.body)
		}
		if p.code("BK-1") == old {
			t.Error("the old code is the account's again")
		}
		if page := p.page("BK-1", "12207"); !strings.Contains(page, "$500.00") {
			t.Errorf("the new code opens\n%s", page)
		}
		if p.comes(newAgent(t, p.URL), old, "12207") {
			t.Error("the old code opens the account")
		}
	})
}

// TestREG03_F20_WhatAPersonSignedStaysTheirsToReadAfterARecall: a plan was signed
// and nothing was paid yet.
func TestREG03_F20_WhatAPersonSignedStaysTheirsToReadAfterARecall(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		p := places(t, database)
		p.sends("F03-base.setup.csv")
		p.sends("F03-base.setup.csv", "BK-", "NO-")
		plan, _ := p.signUp(t, "BK-1", payments.Card, "pm_card_visa", plans.Wish{
			Kind: plans.Installments, Each: 50_00, Rule: schedule.Rule{Rhythm: schedule.Monthly, First: civil.Of(p.Clock.Now()).AddDays(20)},
		})
		for _, ref := range []string{"BK-", "NO-"} {
			if a := p.sends("F03-recalled-row-with-zip-dash.csv", "BK-", ref, "12207-", "12207"); a.Updated != 1 {
				t.Fatal(a.body)
			}
		}
		if page := p.page("NO-1", "12207"); page != "" {
			t.Errorf("who signed and paid nothing is let in:\n%s", page)
		}
		a := newAgent(t, p.URL)
		if !p.comes(a, p.code("BK-1"), "12207") {
			t.Fatal("who signed a plan is not let in")
		}
		_, page := a.get("/account")
		if !strings.Contains(page, "City Gas") || strings.Contains(page, "You owe") {
			t.Errorf("the account reads\n%s", page)
		}
		for _, path := range []string{"/plans/" + string(plan.ID), "/plans/" + string(plan.ID) + "/agreements/1", "/account/records"} {
			if status, body := a.get(path); status != http.StatusOK || !strings.Contains(body, plan.Reference) && !strings.Contains(body, "City Gas") {
				t.Errorf("%s: %d\n%s", path, status, body)
			}
		}
	})
}
