package consumer_test

import (
	"strings"
	"testing"

	"quittance/plans/civil"
	"quittance/portal/claim"
	"quittance/portal/debt"
)

func TestSTS03_WhoSpokeOfALawyerEndsThatByTheirOwnActUnlessItWasConfirmed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	v.get("/help/lawyer")
	v.post("/help/lawyer", "name", "Ben Ode")
	says(t, v.get("/account"), `href="/help/lawyer/direct"`)
	if a := v.get("/help/lawyer/direct"); a.status != 200 || strings.Contains(a.body, "checked") {
		t.Errorf("the question: %d", a.status)
	}
	if a := v.post("/help/lawyer/direct"); a.status != 422 || !strings.Contains(a.body, "Tick the box") {
		t.Errorf("without the tick: %d", a.status)
	}
	if a := v.get("/account"); strings.Contains(a.body, "$") {
		t.Error("the account opened without the tick")
	}
	v.goes(303, "/account", v.post("/help/lawyer/direct", "sure", "yes"))
	says(t, v.get("/account"), "$150.00")
	all, err := b.store.ClaimsOfAccount(t.Context(), p.account.ID)
	must(t, err)
	said, err := b.claims.Said(t.Context(), all[0].ID)
	must(t, err)
	if len(all) != 1 || all[0].State != claim.Cleared || all[0].DecidedBy != "consumer" || said.Direct == "" {
		t.Errorf("kept: %+v, %+v", all, said)
	}
	if a := v.post("/help/lawyer/direct", "sure", "yes"); a.status != 409 {
		t.Errorf("nothing is open and it ends: %d", a.status)
	}
	v.post("/help/lawyer")
	all, err = b.store.ClaimsOfAccount(t.Context(), p.account.ID)
	must(t, err)
	_, err = b.claims.Decide(t.Context(), all[0].ID, claim.Decision{State: claim.Confirmed, By: "Kim", On: civil.Of(b.now())})
	must(t, err)
	if a := v.post("/help/lawyer/direct", "sure", "yes"); a.status != 409 || !strings.Contains(a.body, "cannot end this here") {
		t.Errorf("confirmed, and it ends: %d", a.status)
	}
	statements, err := b.store.AccountStatements(t.Context(), p.account.ID)
	must(t, err)
	if holds := statements[0].Debt.Holds; len(holds) != 1 || holds[0].Status != debt.Attorney {
		t.Errorf("the hold: %+v", holds)
	}
}
