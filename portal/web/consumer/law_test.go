package consumer_test

import (
	"strings"
	"testing"

	"quittance/payments/gatewaytest"
	"quittance/portal/debt"
	"quittance/portal/pack"
	"quittance/portal/pack/packtest"
	"quittance/portal/store/storetest"
)

func TestSTA05_WhereThePortalIsOffAPersonSeesHowToReachTheAgencyAndNoDebt(t *testing.T) {
	t.Parallel()
	b := setupWith(t, storetest.SQLite(t), options{states: []string{"TX"}})
	p := b.place(t, owing(33217))
	v := b.signedIn(t, p)
	account := v.get("/account")
	for _, want := range []string{"not open where you live", "(800) 555-0134", "not asking you to pay"} {
		if !strings.Contains(account.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, no := range []string{"$332.17", "Mercy Clinic", "/payments/new"} {
		if strings.Contains(account.body, no) {
			t.Errorf("the page has %q", no)
		}
	}
	debtID := string(p.debts[0].ID)
	for target, status := range map[string]int{"/debts/" + debtID: 303, "/payments/new": 303, "/debts/" + debtID + "/plan": 303} {
		if a := v.get(target); a.status != status || strings.Contains(a.body, "$332.17") {
			t.Errorf("%s: %d %s", target, a.status, a.location)
		}
	}
	v.post("/payments/new", "once", "one", "method", "card", "choice_"+debtID, "all")
	if got := len(b.bench.Sandbox.Charges()); got != 0 {
		t.Errorf("%d charges", got)
	}
}

func TestSTS07_AnOldDebtCarriesTheWordsOfItsStateBesideTheAmountAndBeforePaying(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.home = debt.Address{Line1: "1 Main St", City: "Austin", State: "TX", PostalCode: "78701"}
	p := b.place(t, owingAs(33217, debt.Medical, debt.TimeBarred))
	v := b.signedIn(t, p)
	const words = "A payment does not start the time again."
	id := v.ready(gatewaytest.CardDebit, "choice_"+string(p.debts[0].ID), "all")
	for _, target := range []string{"/account", "/debts/" + string(p.debts[0].ID), "/payments/" + id + "/review"} {
		body := v.get(target).body
		if !strings.Contains(body, words) {
			t.Errorf("%s lacks the words of Texas", target)
		}
		if strings.Contains(body, "In some states, paying part of an old debt can restart") {
			t.Errorf("%s contradicts them", target)
		}
	}
	v.post("/language", "lang", "es", "next", "/account")
	if body := v.get("/account").body; !strings.Contains(body, "Un pago no hace que el plazo empiece de nuevo.") {
		t.Error("the Spanish page lacks them (DSC-03)")
	}
}

func TestSTA02_TheFirstNoticeOfAStateStandsWithTheFirstContactSentence(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.home = debt.Address{Line1: "1 Main St", City: "Denver", State: "CO", PostalCode: "80202"}
	v := b.signedIn(t, b.place(t, owing(33217), owing(100)))
	body := v.get("/account").body
	if strings.Count(body, "www.coag.gov/car") != 1 || !strings.Contains(body, "What the law of Colorado has us tell you") {
		t.Error("the notice of Colorado stands there not once")
	}
}

func TestSTA02_WordsBesideTheDisputeFormStandThereInTheirSizeAndInBothLanguages(t *testing.T) {
	t.Parallel()
	words := pack.Text{EN: "You may say this in any words.", ES: "Puede decirlo con sus palabras."}
	for _, rules := range [][]pack.Rule{
		{},
		{{Trigger: pack.Dispute, Effect: pack.RequireText, Text: words}},
		{{Trigger: pack.Dispute, Effect: pack.RequireText, Text: words}, {Trigger: pack.Always, Effect: pack.MinFont, Value: pack.Value{Points: 17}}},
	} {
		b := setupWith(t, storetest.SQLite(t), options{law: packtest.With("OH", rules...)})
		p := b.place(t, owing(33217))
		v := b.signedIn(t, p)
		form := "/disputes/about/" + string(p.debts[0].ID)
		body := v.get(form).body
		if got := strings.Contains(body, words.EN); got != (len(rules) > 0) {
			t.Errorf("%d rules: the words are there: %v", len(rules), got)
		}
		if got := strings.Contains(body, `class="points-18"`); got != (len(rules) > 1) {
			t.Errorf("%d rules: in 18 point: %v", len(rules), got)
		}
		v.post("/language", "lang", "es", "next", form)
		if body = v.get(form).body; strings.Contains(body, words.ES) != (len(rules) > 0) || strings.Contains(body, words.EN) {
			t.Errorf("%d rules: in Spanish (DSC-03)", len(rules))
		}
	}
}
