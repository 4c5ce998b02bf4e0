package consumer_test

import (
	"strings"
	"testing"

	"quittance/portal/debt"
)

func TestDIS03_ADisputeIsTakenBackInTwoStepsAndNeverByAccident(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	receipt := v.disputeIt(p, "reason_wrong_amount", "yes")
	says(t, v.get(receipt), `href="`+receipt+`/withdraw"`)
	ask := v.get(receipt + "/withdraw")
	says(t, ask, "You do not have to.", "Leave it as it is")
	if strings.Contains(ask.body, "checked") {
		t.Error("the box is ticked beforehand")
	}
	if a := v.post(receipt + "/withdraw"); a.status != 422 || !strings.Contains(a.body, "Tick the box") {
		t.Errorf("without the tick: %d", a.status)
	}
	if a := v.get("/payments/new"); onceField.MatchString(a.body) {
		t.Error("the pay path opened before it was taken back")
	}
	for range 2 {
		v.goes(303, receipt, v.post(receipt+"/withdraw", "sure", "yes"))
	}
	says(t, v.get(receipt), "You took this back", "You can still tell us that it is wrong.")
	if a := v.get(receipt + "/withdraw"); a.status != 404 {
		t.Errorf("it can be taken back again: %d", a.status)
	}
	v.goes(303, "/payments/", v.choose("card", "choice_"+string(p.debts[0].ID), "all"))
	theft := v.disputeIt(p, "reason_identity_theft", "yes")
	if a := v.get(theft); strings.Contains(a.body, "/withdraw") {
		t.Error("a stolen name can be taken back on the page")
	}
	if a := v.post(theft+"/withdraw", "sure", "yes"); a.status != 404 {
		t.Errorf("a stolen name is taken back: %d", a.status)
	}
}

// TestSTS05_STS02_WhoSeesNoDebtCanStillSayThatItIsWrong: the form of a hidden
// debt names no creditor and no amount, and takes the whole alone.
func TestSTS05_STS02_WhoSeesNoDebtCanStillSayThatItIsWrong(t *testing.T) {
	t.Parallel()
	for _, status := range []debt.Status{debt.IdentityTheft, debt.Deceased} {
		b := setup(t)
		p := b.place(t, owing(15000), owing(9900))
		b.setStatus(t, p, status)
		v := b.signedIn(t, p)
		says(t, v.get("/account"), `href="/disputes/new"`)
		form := "/disputes/about/" + string(p.debts[1].ID)
		silent := func(pages ...string) {
			t.Helper()
			for _, page := range pages {
				a := v.get(page)
				if a.status != 200 || strings.Contains(a.body, "$") || strings.Contains(a.body, "Mercy") || strings.Contains(a.body, "Care in") {
					t.Errorf("%s, %s: %d\n%s", status, page, a.status, a.body)
				}
			}
		}
		says(t, v.get("/disputes/new"), `href="`+form+`"`, "Debt 2, which we do not show here")
		silent("/disputes/new", form)
		probe := v.postFiles(form, "reason_not_mine", "yes", "scope", "amount", "amount", "99.01")
		check := v.goes(303, "/disputes/check/drd_", probe).location
		silent(check)
		receipt := v.goes(303, "/disputes/DSP-", v.post(check)).location
		silent(receipt, "/account")
		d, err := b.disputes.ByReference(t.Context(), p.account.ID, strings.TrimPrefix(receipt, "/disputes/"))
		must(t, err)
		if !d.All() {
			t.Errorf("%s: a part was disputed: %+v", status, d)
		}
		if a := v.get("/request?debt=" + string(p.debts[1].ID)); strings.Contains(a.body, "Mercy") {
			t.Errorf("%s: the question names the creditor", status)
		}
	}
}
