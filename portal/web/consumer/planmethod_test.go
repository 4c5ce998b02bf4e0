package consumer_test

import (
	"net/http"
	"testing"

	"quittance/payments/gatewaytest"
)

// rewires takes a plan to the signature of another account or card, and
// returns its address and the page.
func (v *browser) rewires(plan, charging, token string) (string, view) {
	v.t.Helper()
	says(v.t, v.get(plan+"/change"), `href="`+plan+`/method"`)
	v.get(plan + "/method")
	draft := v.goes(303, plan+"/method/drf_", v.post(plan+"/method", "charging", charging)).location
	v.get(draft)
	v.goes(303, draft+"/sign", v.post(draft, "confirmation_token", token))
	return draft + "/sign", v.get(draft + "/sign")
}

func TestREG02_AnotherAccountForAPlanIsSignedWordForWord(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	plan := v.byHand(p)
	if a := v.post(plan+"/method", "charging", ""); a.status != http.StatusUnprocessableEntity {
		t.Errorf("nothing chosen: %d", a.status)
	}
	sign, shown := v.rewires(plan, "bank", b.bench.Token(t, gatewaytest.BankGood))
	says(t, shown, "I authorize Acme Services, LLC", "I make each payment myself until that is done", "by email at a•••@example.com", "There are 4 payments.")
	seen, rev := field(t, seenField, shown), field(t, revision, shown)
	if a := v.post(sign, "seen", seen, "revision", rev); a.status != 422 {
		t.Errorf("unsigned: %d", a.status)
	}
	if a := v.post(sign, "seen", "other", "revision", rev, "agree", "yes", "name", "Ana Garcia"); a.status != 422 {
		t.Errorf("another text than was shown: %d", a.status)
	}
	v.goes(303, plan, v.post(sign, "seen", seen, "revision", rev, "agree", "yes", "name", "Ana Garcia"))
	says(t, v.get(plan), "We take it from")
	says(t, v.get(plan+"/agreements/2"), "I authorize Acme Services, LLC", "Ana Garcia")
	says(t, v.get(plan+"/agreements/1"), "Nothing is taken from any account of mine")

	sign, shown = v.rewires(plan, "card", b.bench.Token(t, gatewaytest.CardDebit))
	says(t, shown, "payments are taken from")
	seen, rev = field(t, seenField, shown), field(t, revision, shown)
	v.goes(303, plan, v.post(plan+"/stop"))
	v.goes(303, plan, v.post(sign, "seen", seen, "revision", rev, "agree", "yes", "name", "Ana Garcia"))
	v.goes(303, plan, v.get(plan+"/method"))
	says(t, v.get(plan), "This plan is stopped")
}

func TestAnotherAccountIsNobodyElses(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	plan := v.byHand(p)
	draft := v.goes(303, plan+"/method/drf_", v.post(plan+"/method", "charging", "card")).location
	v.goes(303, draft, v.get(draft+"/sign"))
	if a := v.post(draft, "confirmation_token", ""); a.status != http.StatusUnprocessableEntity {
		t.Errorf("without a token: %d", a.status)
	}
	other := b.signedIn(t, b.place(t, owing(15000)))
	for _, address := range []string{plan + "/method", draft, draft + "/sign"} {
		if a := other.get(address); a.status != http.StatusNotFound {
			t.Errorf("%s for another: %d", address, a.status)
		}
	}
}
