package consumer_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"testing"

	"quittance/plans"
	"quittance/plans/civil"
	"quittance/portal/letter"
	"quittance/portal/seal"
)

// lettering is the service behind the pages; nothing is sent.
func (b *bundle) lettering() *letter.Service {
	box, err := seal.New(map[byte][]byte{1: key("letters")})
	must(b.t, err)
	b.letters = &letter.Service{
		Tx: b.store, Store: b.store, Records: b.store, Courier: unsent{}, Law: b.law, Sealer: box, Now: b.now, NewID: func() string { return "ltr_" + rand.Text() },
	}
	return b.letters
}

type unsent struct{}

func (unsent) Email(context.Context, letter.Letter) (string, error) { return "", nil }
func (unsent) Mail(context.Context, letter.Letter) (string, error)  { return "evt_" + rand.Text(), nil }
func (unsent) Sent(context.Context, letter.Letter) error            { return nil }

func TestSTA04_WhatPaysADebtOffIsAsPlainAsALetterAndStaysAsItWas(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(33217), owing(100))
	v := b.signedIn(t, p)
	debt := "/debts/" + string(p.debts[0].ID)
	says(t, v.get(debt), "What pays this off: get a letter", `action="`+debt+`/payoff"`)
	at := v.goes(303, "/letters/ltr_", v.post(debt+"/payoff")).location
	v.goes(303, at, v.post(debt+"/payoff"))
	says(t, v.get(at), "What pays off this debt", "$332.17 pays off all of this debt", "Mercy Clinic", "Ana Garcia")
	says(t, v.get(debt), `href="`+at+`"`)
	if a := v.get(at + "/copy.pdf"); a.status != 200 || !strings.HasPrefix(a.body, "%PDF-") || strings.Contains(a.header.Get("Content-Disposition"), "Garcia") {
		t.Errorf("the copy: %d %s", a.status, a.header.Get("Content-Disposition"))
	}
	v.post("/language", "lang", "es", "next", "/account")
	says(t, v.get(at), "Lo que salda esta deuda")
	other := b.signedIn(t, b.place(t, owing(500)))
	other.get("/account")
	for _, a := range []view{other.get(at), other.get(at + "/copy.pdf"), other.post(debt + "/payoff"), v.get("/letters/ltr_none")} {
		if a.status != http.StatusNotFound {
			t.Errorf("not theirs: %d %s", a.status, a.location)
		}
	}
}

func TestSTA04_DIS02_NoPayoffLetterIsWrittenOfADebtThatCannotBePaid(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(33217))
	v := b.signedIn(t, p)
	v.disputeIt(p, "reason_not_mine", "yes")
	debt := "/debts/" + string(p.debts[0].ID)
	if a := v.get(debt); a.status != 200 || strings.Contains(a.body, "/payoff") {
		t.Errorf("the page of a disputed debt offers the letter: %d", a.status)
	}
	v.goes(303, debt, v.post(debt+"/payoff"))
	if all, err := b.letters.Of(t.Context(), p.account.ID); err != nil || len(all) != 0 {
		t.Errorf("written all the same: %+v, %v", all, err)
	}
}

func TestSTA04_ThePlanInWritingNamesEachDayAndTheWordsOfThePlace(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.home.State, b.home.PostalCode, b.home.City = "NY", "12207", "Albany"
	p := b.place(t, owing(33217))
	v := b.signedIn(t, p)
	day := civil.Of(b.now()).AddDays(20)
	must(t, b.letters.PlanChanged(t.Context(), plans.Change{Moved: true, Why: plans.Enrolled, After: plans.Plan{
		ID: "pln_1", Reference: "PLN-7KQ2M9XD", AccountID: string(p.account.ID), Debt: plans.DebtRef{ID: string(p.debts[0].ID)}, Total: 33217, Status: plans.Active,
		Installments: []plans.Installment{{Number: 1, Due: day, Amount: 20000}, {Number: 2, Due: day.AddDays(30), Amount: 13217}},
	}}))
	all, err := b.letters.Of(t.Context(), p.account.ID)
	must(t, err)
	if len(all) != 1 || all[0].State != letter.Mail || all[0].Due != all[0].MakeOn.AddDays(5) {
		t.Fatalf("New York wants it on paper within five days: %+v", all)
	}
	says(t, v.get("/letters/"+all[0].ID), "Your plan in writing", "PLN-7KQ2M9XD", "$200.00", "$132.17", "You do not have to use it for this plan.")
}
