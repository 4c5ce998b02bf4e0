package consumer_test

import (
	"net/http"
	"testing"

	"quittance/portal/debt"
)

func TestWhoCannotPayNowIsShownASmallerPlanMoreTimeAndABreak(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	address := "/debts/" + string(p.debts[0].ID)
	says(t, v.get(address+"/plan"), `href="`+address+`/hardship"`, "I cannot pay now")
	says(t, v.get(address+"/hardship"), "You do not have to pay today.", `href="`+address+`/budget"`, `href="`+address+`/plan#later"`, "as low as $5.00", "up to 60 months")
	plan := v.byHand(p)
	says(t, v.get(plan), `href="`+address+`/hardship"`)
	says(t, v.get(address+"/hardship"), `href="`+plan+`/change"`, "Take a break")
	if a := b.signedIn(t, b.place(t, owing(15000))).get(address + "/hardship"); a.status != http.StatusNotFound {
		t.Errorf("for another: %d", a.status)
	}
	disputed := b.place(t, owingAs(15000, debt.Medical, debt.Disputed))
	options := "/debts/" + string(disputed.debts[0].ID) + "/plan"
	v = b.signedIn(t, disputed)
	v.goes(303, options, v.get("/debts/"+string(disputed.debts[0].ID)+"/hardship"))
}
