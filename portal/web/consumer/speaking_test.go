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
	"quittance/portal/store"
	"quittance/portal/store/storetest"
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
	return b.speakingAs(t, p, role, represent.Person{Name: "Eva Garcia", PostalCode: "10001"})
}

func (b *bundle) speakingAs(t *testing.T, p person, role represent.Role, who represent.Person) (*browser, represent.Representative) {
	t.Helper()
	service := b.speakers()
	made, err := service.Record(t.Context(), p.account.ID, represent.Entry{Role: role, Person: who, DocumentID: "DOC-1", CheckedBy: "Sam"}, "staff:stf_1")
	must(t, err)
	p.code, err = service.Code(made)
	must(t, err)
	p.account.Consumer.Address.PostalCode = who.PostalCode
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

// Two guardians of one person: what one began is not the other's to look at or
// to send, and does not stand in their way.
func TestDSC05_STS06_WhatOneGuardianBeganAnotherNeitherSeesNorSends(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		id := string(p.debts[0].ID)
		one, _ := b.speaking(t, p, represent.Guardian)
		begun := one.ready(gatewaytest.CardDebit, "choice_"+id, "other", "amount_"+id, "20.31")
		other, who := b.speakingAs(t, p, represent.Guardian, represent.Person{Name: "Ben Ode", PostalCode: "10001"})
		for _, page := range []string{"", "/method", "/review"} {
			if a := other.get("/payments/" + begun + page); a.status != 404 {
				t.Errorf("the other at %q: %d", page, a.status)
			}
		}
		if a := other.post("/payments/" + begun + "/review"); a.status != 404 {
			t.Errorf("the other sends it: %d", a.status)
		}
		if a := other.get("/payments/new"); a.status != 200 || strings.Contains(a.body, "20.31") {
			t.Errorf("the other is shown what was chosen: %d", a.status)
		}
		own := other.ready(gatewaytest.CardDebit, "choice_"+id, "all")
		other.goes(303, "/payments/"+own, other.post("/payments/"+own+"/review"))
		kept, err := b.store.Payment(t.Context(), payments.ID(own))
		must(t, err)
		if own == begun || kept.ByID != string(who.ID) || kept.Amount != 15000 {
			t.Errorf("paid %s by %q", kept.Amount, kept.ByID)
		}
		if a := one.get("/payments/" + own); a.status != 200 {
			t.Errorf("one at what the other sent: %d", a.status)
		}
	})
}

func TestDSC05_TheBanksStepIsOfWhoAgreedToPay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		one, _ := b.speaking(t, p, represent.Guardian)
		id := one.ready(gatewaytest.CardChallenge, "choice_"+string(p.debts[0].ID), "all")
		one.post("/payments/" + id + "/review")
		other, _ := b.speakingAs(t, p, represent.Guardian, represent.Person{Name: "Ben Ode", PostalCode: "10001"})
		if a := other.get("/payments/" + id); a.status != 200 || strings.Contains(a.body, "/3ds/") {
			t.Errorf("another may go on with it: %d", a.status)
		}
		if a := one.get("/payments/" + id); !strings.Contains(a.body, "/3ds/") {
			t.Errorf("who agreed to it may not go on:\n%s", a.body)
		}
	})
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

// A spouse is shown the debt and may dispute it; what the consumer sent, why,
// and with which papers, is not theirs to find.
func TestSTS08_DSC05_WhoSpeaksForAConsumerFindsNothingOfWhatTheConsumerSent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	own := b.signedIn(t, p)
	receipt := own.disputeIt(p, "reason_coerced", "yes", "@order.pdf", paper)
	file := fileLink.FindStringSubmatch(own.get(receipt).body)
	if file == nil {
		t.Fatal("no file on the receipt")
	}
	spouse, _ := b.speaking(t, p, represent.Spouse)
	if a := spouse.get("/account"); a.status != 200 || strings.Contains(a.body, receipt) {
		t.Errorf("the account of a spouse: %d\n%s", a.status, a.body)
	}
	for _, path := range []string{receipt, file[1], receipt + "/withdraw"} {
		if a := spouse.get(path); a.status != 404 {
			t.Errorf("a spouse at %s: %d", path, a.status)
		}
	}
	if a := spouse.postFiles(receipt+"/files", "@x.pdf", paper); a.status != 404 {
		t.Errorf("a spouse adds a file: %d", a.status)
	}
	for _, path := range []string{"/withdraw", "/payment"} {
		if a := spouse.post(receipt+path, "sure", "yes", "choice", "return"); a.status != 404 {
			t.Errorf("a spouse acts at %s: %d", path, a.status)
		}
	}
	if a := own.get(receipt); a.status != 200 || strings.Contains(a.body, "You took this back") {
		t.Errorf("the consumer's own: %d", a.status)
	}
}

func TestDIS03_STS02_ADisputeIsTakenBackOnlyByWhoSentItAndWhileTheDebtIsShown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	spouse, _ := b.speaking(t, p, represent.Spouse)
	spouses := spouse.disputeIt(p, "reason_wrong_amount", "yes")
	own := b.signedIn(t, p)
	if a := own.get(spouses); a.status != 200 || strings.Contains(a.body, "/withdraw") {
		t.Errorf("the consumer is offered to take back what another sent: %d", a.status)
	}
	if a := own.post(spouses+"/withdraw", "sure", "yes"); a.status != 404 {
		t.Errorf("the consumer takes back what another sent: %d", a.status)
	}
	q := b.place(t, owing(15000))
	theirs := b.signedIn(t, q)
	receipt := theirs.disputeIt(q, "reason_wrong_amount", "yes", "@slip.pdf", paper)
	file := fileLink.FindStringSubmatch(theirs.get(receipt).body)
	b.setStatus(t, q, debt.IdentityTheft)
	relative := b.signedIn(t, q)
	if a := relative.get(receipt); a.status != 200 || strings.Contains(a.body, "slip.pdf") || strings.Contains(a.body, "/withdraw") {
		t.Errorf("whoever holds the letter after a theft: %d\n%s", a.status, a.body)
	}
	if a := relative.get(file[1]); a.status != 404 {
		t.Errorf("the file is handed out: %d", a.status)
	}
	if a := relative.post(receipt+"/withdraw", "sure", "yes"); a.status != 404 {
		t.Errorf("it is taken back: %d", a.status)
	}
}

func TestSTS03_OfARepresentedPersonNothingIsShownToWhoSpeaksForThem(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	b.setStatus(t, p, debt.Attorney)
	spouse, _ := b.speaking(t, p, represent.Spouse)
	if a := spouse.get("/account"); strings.Contains(a.body, "$150.00") || strings.Contains(a.body, "Mercy") {
		t.Errorf("shown:\n%s", a.body)
	}
	if a := spouse.get("/debts/" + string(p.debts[0].ID)); strings.Contains(a.body, "$150.00") {
		t.Errorf("the debt is shown: %d", a.status)
	}
}
