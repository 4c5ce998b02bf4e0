package consumer_test

import (
	"crypto/rand"
	"slices"
	"strings"
	"testing"

	"quittance/payments"
	"quittance/payments/gatewaytest"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/gate"
	"quittance/portal/represent"
)

// speakers records who may speak for a person.
func (b *bundle) speakers() *represent.Service {
	return &represent.Service{
		Tx: b.store, Store: b.store, Codes: b.codes, Fits: &gate.Keeper{Records: b.store, Law: b.law, Now: b.now}, Sessions: b.store,
		Factor: "postal_code", Now: b.now, NewID: func() represent.ID { return represent.ID("rep_" + rand.Text()) },
	}
}

// speaking is a browser whose owner came in for the person.
func (b *bundle) speaking(t *testing.T, p person, role represent.Role) (*browser, represent.Representative) {
	t.Helper()
	service := b.speakers()
	made, err := service.Record(t.Context(), p.account.ID, represent.Entry{
		Role: role, Person: represent.Person{Name: "Eva Garcia", PostalCode: "10001"}, DocumentID: "DOC-1", CheckedBy: "Sam",
	}, "staff:stf_1")
	must(t, err)
	p.code, err = service.Code(made)
	must(t, err)
	p.account.Consumer.Address.PostalCode = "10001"
	return b.signedIn(t, p), made
}

func TestSTS02_AnExecutorPaysByHandAndNobodyElseSeesTheDebtOfTheDead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	id := string(p.debts[0].ID)
	before := b.signedIn(t, p)
	begun := before.ready(gatewaytest.CardDebit, "choice_"+id, "other", "amount_"+id, "20")
	b.setStatus(t, p, debt.Deceased)
	if a := b.signedIn(t, p).get("/account"); strings.Contains(a.body, "$") || strings.Contains(a.body, "Mercy") {
		t.Errorf("a relative with the letter sees it:\n%s", a.body)
	}
	v, who := b.speaking(t, p, represent.Executor)
	a := v.get("/account")
	for _, want := range []string{"The account of Ana Garcia", "$150.00", "for the estate", "does not make you owe it yourself", `href="/payments/new"`, `href="/disputes/`} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the account lacks %q", want)
		}
	}
	for _, never := range []string{"You owe", `href="/plans"`, `href="/messages"`, "/plan\""} {
		if strings.Contains(a.body, never) {
			t.Errorf("the account has %q", never)
		}
	}
	for _, page := range []string{"/plans", "/debts/" + id + "/plan", "/messages", "/preferences", "/help/bankruptcy"} {
		if a := v.get(page); a.status != 303 && a.status != 404 {
			t.Errorf("%s: %d", page, a.status)
		}
	}
	if a := v.get("/payments/" + begun + "/review"); a.status != 404 {
		t.Errorf("a payment that the dead began: %d", a.status)
	}
	paid := v.ready(gatewaytest.CardDebit, "choice_"+id, "other", "amount_"+id, "50")
	if a := v.post("/payments/" + paid + "/review"); a.status != 303 {
		t.Fatalf("paying: %d", a.status)
	}
	if a := v.get("/payments/" + paid); !strings.Contains(a.body, "You paid $50.00") {
		t.Errorf("the outcome:\n%s", a.body)
	}
	kept, err := b.store.Payment(t.Context(), payments.ID(paid))
	must(t, err)
	if kept.By != string(represent.Executor) || kept.Consent.SessionID == "" {
		t.Errorf("paid by %q", kept.By)
	}
	must(t, b.speakers().Revoke(t.Context(), p.account.ID, who.ID, "staff:stf_1"))
	if a := v.get("/account"); a.status != 303 || a.location != "/" && !strings.HasPrefix(a.location, "/?") {
		t.Errorf("revoked, and still here: %d %s", a.status, a.location)
	}
}

func TestSTS06_AParentSeesAndDisputesForAMinorAndTheMinorIsShownAKindPage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owingAs(15000, debt.Medical, debt.Minor))
	id := string(p.debts[0].ID)
	if a := b.signedIn(t, p).get("/account"); a.status != 200 || strings.Contains(a.body, "$") || strings.Contains(a.body, "Mercy") || !strings.Contains(a.body, `href="/help/under-18"`) {
		t.Errorf("the minor: %d\n%s", a.status, a.body)
	}
	v, _ := b.speaking(t, p, represent.Parent)
	if a := v.get("/account"); !strings.Contains(a.body, "$150.00") || strings.Contains(a.body, `href="/payments/new"`) {
		t.Errorf("the parent's account:\n%s", a.body)
	}
	once := rand.Text()
	if a := v.post("/payments/new", "once", once, "method", "card", "choice_"+id, "all"); a.status != 422 {
		t.Errorf("a parent is let pay: %d", a.status)
	}
	reference := v.disputeIt(p, "reason_not_mine", "yes")
	all, err := b.disputes.Of(t.Context(), p.account.ID)
	must(t, err)
	if i := slices.IndexFunc(all, func(d dispute.Dispute) bool { return strings.HasSuffix(reference, d.Reference) }); i < 0 || all[i].By != represent.Parent {
		t.Errorf("the dispute %s: %+v", reference, all)
	}
}
