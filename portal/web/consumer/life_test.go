package consumer_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/gatewaytest"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/portal/claim"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/hold"
	"quittance/portal/identity"
	"quittance/portal/intake"
	"quittance/portal/seal"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// told is what the system of record would be told.
type told struct {
	mu   sync.Mutex
	news []claim.News
}

func (w *told) ClaimMade(_ context.Context, n claim.News) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.news = append(w.news, n)
	return nil
}

// stopPlans tells plans of holds, as the portal does.
type stopPlans struct{ plans *plans.Service }

func (s stopPlans) HoldsChanged(ctx context.Context, c hold.Change) error {
	return s.plans.AccountsChanged(ctx, string(c.AccountID))
}

func (b *bundle) holding() *hold.Service {
	return &hold.Service{Tx: b.store, Store: b.store, Now: b.now, NewID: func() string { return "hld_" + rand.Text() },
		Watchers: []hold.Watcher{stopPlans{b.plans()}}}
}

func (b *bundle) claiming(links *identity.Links) *claim.Service {
	b.t.Helper()
	box, err := seal.New(map[byte][]byte{1: key("seal")})
	must(b.t, err)
	return &claim.Service{
		Tx: b.store, Store: b.store, Lists: b.store, Going: b.store, Accounts: b.store, Holds: b.holding(), Links: links,
		Addresses: links.Book, Sealer: box, Watchers: []claim.Watcher{b.told}, Now: b.now,
		NewID:     func() (claim.ID, string) { id := rand.Text(); return claim.ID("clm_" + id), "CLM-" + id[:8] },
		NewReport: func() string { return "clr_" + rand.Text() },
	}
}

// roomPages are the addresses of the room and what each claims.
var roomPages = map[string]claim.Kind{
	"hardship": claim.Hardship, "illness": claim.Illness, "disaster": claim.Disaster, "death": claim.Death, "bankruptcy": claim.Bankruptcy,
	"lawyer": claim.Attorney, "military": claim.Servicemember, "identity-theft": claim.IdentityTheft, "under-18": claim.Minor, "not-me": claim.WrongPerson,
}

func TestSTS09_EachPageOfTheRoomTakesItsClaimWithNothingFilledIn(t *testing.T) {
	t.Parallel()
	for page, kind := range roomPages {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			p := b.place(t, owing(33217), owing(15000))
			v := b.signedIn(t, p)
			if a := v.get("/help?about=help"); !strings.Contains(a.body, `href="/help/`+page+`"`) {
				t.Fatalf("the room has no way to %s", page)
			}
			if a := v.get("/help/" + page); a.status != 200 || strings.Contains(strings.ToLower(a.body), "income") {
				t.Fatalf("the page: %d", a.status)
			}
			a := v.post("/help/" + page)
			if kind != claim.WrongPerson {
				if a.status != 303 || !strings.HasPrefix(a.location, "/help/done/CLM-") {
					t.Fatalf("sending led to %d %q\n%s", a.status, a.location, a.body)
				}
				a = v.get(a.location)
			}
			heading := "What we stopped just now"
			if kind == claim.Servicemember {
				heading = "What we did just now"
			}
			if a.status != 200 || !strings.Contains(a.body, heading) || !strings.Contains(a.body, "CLM-") {
				t.Errorf("afterwards: %d\n%s", a.status, a.body)
			}
			claims, err := b.store.ClaimsOfAccount(t.Context(), p.account.ID)
			if err != nil || len(claims) != 1 || claims[0].Kind != kind || claims[0].State != claim.Claimed {
				t.Errorf("kept: %+v, %v", claims, err)
			}
			if len(b.told.news) != 1 || b.told.news[0].Claim.Kind != kind || len(b.told.news[0].Debts) != 2 {
				t.Errorf("told: %+v", b.told.news)
			}
			statements, err := b.store.AccountStatements(t.Context(), p.account.ID)
			must(t, err)
			for _, s := range statements {
				if len(s.Debt.Holds) != 1 || s.Debt.Holds[0].Source != string(claims[0].ID) {
					t.Errorf("debt %s is held by %+v", s.Debt.ID, s.Debt.Holds)
				}
			}
		})
	}
}

func TestSTS01_ABankruptcyClosesEverythingAtOnceAndWhatWasTypedReachesOnlyTheSystemOfRecord(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(33217))
	v := b.signedIn(t, p)
	id := v.ready(gatewaytest.CardDebit, "choice_"+string(p.debts[0].ID), "all")
	v.get("/help/bankruptcy")
	if a := v.post("/help/bankruptcy", "case_number", "26-10417", "chapter", "13", "name", "Ben Ode"); a.status != 303 {
		t.Fatalf("%d\n%s", a.status, a.body)
	}
	if a := v.post("/payments/" + id + "/review"); a.status != 303 || a.location != "/account" {
		t.Errorf("the payment that was being made: %d %s", a.status, a.location)
	}
	if held, err := b.store.Payment(t.Context(), pid(id)); err != nil || held.Status.Taken() || !held.SubmittedAt.IsZero() {
		t.Errorf("it was submitted: %+v, %v", held.Status, err)
	}
	claims, err := b.store.ClaimsOfAccount(t.Context(), p.account.ID)
	must(t, err)
	said, err := b.claims.Said(t.Context(), claims[0].ID)
	if err != nil || said.CaseNumber != "26-10417" || said.Chapter != "13" || said.Name != "Ben Ode" {
		t.Errorf("said %+v, %v", said, err)
	}
	if strings.Contains(b.log.String(), "Ode") {
		t.Error("the log names a person")
	}
}

func TestSTS03_ARepresentedPersonPaysHereOnlyIfTheyAskedTo(t *testing.T) {
	t.Parallel()
	for _, asks := range []bool{false, true} {
		t.Run(fmt.Sprint(asks), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			p := b.place(t, owing(33217))
			v := b.signedIn(t, p)
			v.get("/help/lawyer")
			fields := []string{"name", "Ben Ode", "phone", "(212) 555-0123"}
			if asks {
				fields = append(fields, "pay_anyway", "1")
			}
			if a := v.post("/help/lawyer", fields...); a.status != 303 {
				t.Fatalf("%d", a.status)
			}
			a := v.get("/account")
			if shown := strings.Contains(a.body, "$332.17"); shown != asks {
				t.Errorf("amounts shown: %v", shown)
			}
			if !asks {
				if !strings.Contains(a.body, `href="/disputes/new"`) {
					t.Error("there is no way to dispute")
				}
				return
			}
			id := v.ready(gatewaytest.CardDebit, "choice_"+string(p.debts[0].ID), "all")
			if a := v.post("/payments/" + id + "/review"); a.status != 303 || a.location != "/payments/"+id {
				t.Errorf("paying led to %d %s", a.status, a.location)
			}
			if a := v.get("/debts/" + string(p.debts[0].ID) + "/plan"); a.status == 200 && strings.Contains(a.body, `name="each"`) {
				t.Error("a plan is offered")
			}
		})
	}
}

func TestSTS02_WhoeverHoldsALinkMaySayThatThePersonDiedAndIsShownNothing(t *testing.T) {
	t.Parallel()
	for name, verify := range map[string]bool{"from the landing page": false, "one page later": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			p := b.place(t, owing(33217))
			link := b.texted(t, p)
			v := b.visit(t)
			landing := v.get(link)
			if !strings.Contains(landing.body, link+"/died") {
				t.Fatal("the landing page has no way to say so")
			}
			path := link + "/died"
			if verify {
				v.post(link)
				if a := v.get("/verify"); !strings.Contains(a.body, `href="/verify/died"`) {
					t.Fatal("the check has no way to say so")
				}
				path = "/verify/died"
			}
			form := v.get(path)
			done := v.post(path, "name", "Eva", "relation", "sister", "phone", "212 555 0123")
			for _, a := range []view{form, done} {
				if a.status != 200 {
					t.Errorf("%d", a.status)
				}
				for _, told := range []string{"Ana", "Garcia", "$", "debt", "CLM-", "Mercy"} {
					if strings.Contains(withoutTokens(a.body), told) {
						t.Errorf("the page says %q", told)
					}
				}
			}
			if a := v.post(link); a.status != 410 {
				t.Errorf("the link still works: %d", a.status)
			}
			in := b.signedIn(t, p)
			if a := in.get("/account"); a.status != 303 || a.location != "/help/alive/sure" {
				t.Errorf("whoever signs in is not asked: %d %q", a.status, a.location)
			}
			if a := in.get("/help/alive/sure"); strings.Contains(a.body, "$") || !strings.Contains(a.body, "has died") {
				t.Errorf("the account shows\n%s", a.body)
			}
			claims, err := b.store.ClaimsOfAccount(t.Context(), p.account.ID)
			if err != nil || len(claims) != 1 || claims[0].Kind != claim.Death || claims[0].Door != claim.ByLink || claims[0].Stopped.Links != 1 {
				t.Errorf("kept: %+v, %v", claims, err)
			}
		})
	}
}

func TestSTS02_AnUnknownLinkIsThankedAndChangesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.visit(t)
	never := "/l/" + strings.Repeat("A", 43)
	v.get(never)
	known, unknown := v.get(never+"/died"), v.post(never+"/died", "name", "Eva")
	if unknown.status == 200 && !strings.Contains(unknown.body, "Thank you") || known.status >= 500 || unknown.status >= 500 {
		t.Errorf("%d, %d", known.status, unknown.status)
	}
	if all, err := b.store.Claims(t.Context(), false, 10); err != nil || len(all) != 0 {
		t.Errorf("kept %d, %v", len(all), err)
	}
}

func TestSMS03_WhoSaysNotMeAfterTheCheckIsSignedOutAndNeverWrittenToAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(33217))
	v := b.signedIn(t, p)
	v.get("/help/not-me")
	a := v.post("/help/not-me")
	if strings.Contains(withoutTokens(a.body), "Ana") || strings.Contains(a.body, "$") || strings.Contains(a.body, "/sign-out") {
		t.Errorf("the page tells a stranger more:\n%s", a.body)
	}
	if a := v.get("/account"); a.status != 303 {
		t.Errorf("the session goes on: %d", a.status)
	}
	for _, ch := range []contact.Channel{contact.SMS, contact.Email} {
		known, err := b.links.Book.Preferences(t.Context(), contact.Person{AccountID: p.account.ID, Phone: p.account.Consumer.Phone, Email: p.account.Consumer.Email, State: "OH"}, ch)
		must(t, err)
		if ok, why := contact.May(known, ch, b.daytime()); ok || why != contact.WrongPerson {
			t.Errorf("%s: %v, %q", ch, ok, why)
		}
	}
}

func TestANumberThatIsNoneStandsBesideItsFieldAndNothingIsClaimed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(33217))
	v := b.signedIn(t, p)
	v.get("/help/lawyer")
	a := v.post("/help/lawyer", "name", "Ben Ode", "phone", "555", "email", "ben at ode")
	if a.status != 422 || !strings.Contains(a.body, "Type ten digits") || !strings.Contains(a.body, `value="Ben Ode"`) || !strings.Contains(a.body, `value="555"`) {
		t.Errorf("%d\n%s", a.status, a.body)
	}
	if len(b.told.news) != 0 {
		t.Error("something was claimed")
	}
}

func TestSTS06_WhoIsUnder18IsShownNothingButTheWayOfAGuardian(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(33217))
	young := p.account
	young.Consumer.DateOfBirth = civil.Of(b.now().AddDate(-17, 0, 0))
	must(t, b.store.InTx(t.Context(), func(ctx context.Context) error {
		return b.store.SavePlacements(ctx, intake.Batch{At: b.now(), ChangedAccounts: []debt.Account{young}})
	}))
	v := b.signedIn(t, p)
	a := v.get("/account")
	if strings.Contains(a.body, "$") || strings.Contains(withoutTokens(a.body), "Ana") || !strings.Contains(a.body, `href="/help/under-18"`) {
		t.Errorf("the account:\n%s", a.body)
	}
	for _, page := range []string{"/payments/new", "/plans", "/debts/" + string(p.debts[0].ID) + "/plan", "/debts/" + string(p.debts[0].ID)} {
		if a := v.get(page); a.status != 303 || a.location != "/account" {
			t.Errorf("%s: %d %s", page, a.status, a.location)
		}
	}
	v.get("/help/under-18")
	if a := v.post("/help/under-18", "name", "Eva Garcia", "phone", "212 555 0123"); a.status != 303 {
		t.Errorf("the guardian's word: %d", a.status)
	}
}

// texted sends a link and returns its path.
func (b *bundle) texted(t *testing.T, p person) string {
	t.Helper()
	_, err := b.links.Send(t.Context(), identity.LinkRequest{AccountID: p.account.ID, Channel: contact.SMS, By: "staff:stf_1",
		Consent: &contact.Consent{Basis: contact.DirectConsent, TextVersion: "1"}})
	must(t, err)
	_, path, _ := strings.Cut(b.sent.last(t), "http://pay.example")
	return path
}

// standings are every way a debt may stand, by the system of record's word and
// by a claim.
func standings() map[string]func(t *testing.T, b *bundle, p person) {
	all := map[string]func(*testing.T, *bundle, person){}
	for _, s := range []debt.Status{
		debt.Active, debt.Disputed, debt.Cease, debt.Attorney, debt.Bankruptcy, debt.Deceased, debt.Servicemember,
		debt.IdentityTheft, debt.Minor, debt.TimeBarred, debt.Paid, debt.Recalled,
	} {
		all[string(s)] = func(t *testing.T, b *bundle, p person) { b.setStatus(t, p, s) }
		if s != debt.Active && s != debt.Paid && s != debt.Recalled && s != debt.TimeBarred {
			all["hold/"+string(s)] = func(t *testing.T, b *bundle, p person) {
				must(t, b.holding().Place(t.Context(), []debt.Hold{{AccountID: p.account.ID, DebtID: p.debts[0].ID, Status: s, Source: "src_1"}}))
			}
		}
	}
	return all
}

// setStatus lets the system of record give the account's debts a status.
func (b *bundle) setStatus(t *testing.T, p person, s debt.Status) {
	t.Helper()
	must(t, b.store.InTx(t.Context(), func(ctx context.Context) error {
		changed := slices.Clone(p.debts)
		for i := range changed {
			changed[i].Status = s
		}
		return b.store.SavePlacements(ctx, batchOf(b.now(), changed))
	}))
}

func TestSTS05_ThePaymentsOfAHiddenDebtAreNotListed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000), owing(7000))
	v := b.signedIn(t, p)
	var paid []string
	for _, d := range p.debts {
		id := v.ready(gatewaytest.CardDebit, "choice_"+string(d.ID), "other", "amount_"+string(d.ID), "20")
		v.goes(303, "/payments/"+id, v.post("/payments/"+id+"/review"))
		paid = append(paid, `href="/payments/`+id+`"`)
	}
	says(t, v.get("/account"), paid...)
	b.setStatus(t, person{account: p.account, debts: p.debts[:1]}, debt.IdentityTheft)
	a := v.get("/account")
	says(t, a, paid[1])
	if strings.Contains(a.body, paid[0]) {
		t.Errorf("the payment of a hidden debt is listed:\n%s", a.body)
	}
}

// TestGEN01_NoPageShowsOrOffersWhatItsStatusForbids walks every page of a
// consumer in every status, in both languages, and holds what stands there
// against the gate's own table.
func TestGEN01_NoPageShowsOrOffersWhatItsStatusForbids(t *testing.T) {
	t.Parallel()
	for name, become := range standings() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setupWith(t, storetest.SQLite(t), options{})
			p := b.place(t, owing(33217))
			id := string(p.debts[0].ID)
			v := b.signedIn(t, p)
			paid := v.ready(gatewaytest.CardDebit, "choice_"+id, "other", "amount_"+id, "32.17")
			v.post("/payments/" + paid + "/review")
			open := v.ready(gatewaytest.CardDebit, "choice_"+id, "other", "amount_"+id, "50")
			become(t, b, p)
			statements, err := b.store.AccountStatements(t.Context(), p.account.ID)
			must(t, err)
			may := func(a gate.Action) bool {
				d := statements[0].Debt
				person := gate.Person{Born: p.account.Consumer.DateOfBirth, Debts: []debt.Debt{d}}
				decision, _ := person.Standing(d, civil.Of(b.now())).Decide(a, gate.Facts{ByConsumer: true})
				return decision.Allowed && (a != gate.View || decision.Reason != gate.Limited)
			}
			for _, lang := range []string{"en", "es"} {
				v.get("/account")
				v.post("/language", "lang", lang, "next", "/account")
				for _, page := range []string{
					"/account", "/debts/" + id, "/payments/new", "/payments/" + open + "/method", "/payments/" + open + "/review",
					"/payments/" + paid, "/plans", "/debts/" + id + "/plan", "/debts/" + id + "/budget",
					"/disputes/new", "/disputes/about/" + id, "/request", "/complaint", "/debts/" + id + "/notice",
				} {
					a := v.get(page)
					if a.status >= 400 && a.status != 404 {
						t.Errorf("%s %s: %d", lang, page, a.status)
					}
					if strings.Contains(a.body, "$") && !may(gate.View) {
						t.Errorf("%s %s shows an amount", lang, page)
					}
					offersPay := strings.Contains(a.body, `name="choice_`+id) || strings.Contains(a.body, `name="authorize"`)
					if offersPay && !may(gate.Pay) && !strings.HasPrefix(page, "/payments/"+open) {
						t.Errorf("%s %s offers to pay", lang, page)
					}
					if strings.Contains(a.body, `name="each"`) && !may(gate.Plan) {
						t.Errorf("%s %s offers a plan", lang, page)
					}
				}
				account := v.get("/account")
				if account.status != 200 {
					t.Errorf("%s: the account answers %d", lang, account.status)
				}
				if may(gate.View) && may(gate.Dispute) && !strings.Contains(account.body, `href="/disputes/`) {
					t.Errorf("%s: there is no way to dispute", lang)
				}
			}
			a := v.post("/payments/" + open + "/review")
			held, err := b.store.Payment(t.Context(), pid(open))
			must(t, err)
			if !may(gate.Pay) && !held.SubmittedAt.IsZero() {
				t.Errorf("money moved: %d %s", a.status, a.location)
			}
		})
	}
}

func pid(id string) payments.ID { return payments.ID(id) }

func batchOf(at time.Time, changed []debt.Debt) intake.Batch {
	return intake.Batch{At: at, ChangedDebts: changed}
}

// TestSTS02_OnlyWhoSignsInTakesBackADeathToldByALink: nobody knows who held the
// link, and nobody else who comes by one changes anything more.
func TestSTS02_OnlyWhoSignsInTakesBackADeathToldByALink(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(33217))
		link, second := b.texted(t, p), b.texted(t, p)
		v := b.visit(t)
		v.get(link)
		v.post(link+"/died", "name", "Eva")
		heard := len(b.told.news)
		for _, again := range []string{link, second} {
			w := b.visit(t)
			w.get(again)
			w.post(again+"/died", "name", "Mallory", "phone", "212 555 0123")
		}
		open, err := s.OpenClaim(t.Context(), p.account.ID, claim.Death)
		must(t, err)
		reports, err := s.Reports(t.Context(), open.ID)
		if must(t, err); len(reports) != 1 || len(b.told.news) != heard {
			t.Errorf("another visitor added to it: %d reports, told %d times", len(reports), len(b.told.news)-heard)
		}
		in := b.signedIn(t, p)
		if a := in.get("/account"); a.status != 303 || a.location != "/help/alive/sure" {
			t.Fatalf("the account led to %d %q", a.status, a.location)
		}
		if a := in.get("/payments/new"); strings.Contains(a.body, "$") {
			t.Error("before they answer they see what is owed")
		}
		in.get("/help/alive/sure")
		if a := in.post("/help/alive/sure"); a.status != 303 || a.location != "/account" {
			t.Fatalf("taking it back led to %d %q", a.status, a.location)
		}
		if a := in.get("/account"); a.status != 200 || !strings.Contains(a.body, "$332.17") {
			t.Errorf("afterwards the account shows %d\n%s", a.status, a.body)
		}
		claims, err := s.ClaimsOfAccount(t.Context(), p.account.ID)
		if must(t, err); len(claims) != 1 || !claims[0].TakenBack() || b.told.news[len(b.told.news)-1].Claim.State != claim.Cleared {
			t.Errorf("kept %+v, told %+v", claims, b.told.news)
		}
		said, err := b.claims.Said(t.Context(), open.ID)
		if must(t, err); said.Alive == "" {
			t.Error("the act is not recorded")
		}
		if a := in.post("/help/alive/sure"); a.status != 303 {
			t.Errorf("pressed twice: %d", a.status)
		}
	})
}

// TestSTS02_ADeathToldByWhoSignedInIsNotTakenBackByAClick.
func TestSTS02_ADeathToldByWhoSignedInIsNotTakenBackByAClick(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(33217))
	v := b.signedIn(t, p)
	v.get("/help/death")
	if a := v.post("/help/death", "name", "Eva"); a.status != 303 {
		t.Fatalf("saying so led to %d", a.status)
	}
	if a := v.get("/account"); a.status != 200 || strings.Contains(a.body, "$") {
		t.Errorf("the account: %d", a.status)
	}
	if a := v.post("/help/alive/sure"); a.status != 409 {
		t.Errorf("taking it back: %d", a.status)
	}
}
