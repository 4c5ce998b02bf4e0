package consumer_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"quittance/frontend/locale"
	"quittance/frontend/modelform"
	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/intake"
	"quittance/portal/represent"
	"quittance/portal/seal"
	"quittance/portal/validation"
)

// noMail is a system of record that nobody needs to ask.
type noMail struct{}

func (noMail) NoticeOwed(_ context.Context, st debt.Statement, _ civil.Date) (string, error) {
	return "evt_" + string(st.Debt.ID), nil
}
func (noMail) NoticeOverdue(context.Context, validation.Duty) error { return nil }

// validation keeps notices in the bundle's store.
func (b *bundle) validation() *validation.Service {
	b.t.Helper()
	box, err := seal.New(map[byte][]byte{1: bytes.Repeat([]byte{7}, seal.KeySize)})
	must(b.t, err)
	book, err := locale.Load()
	must(b.t, err)
	return &validation.Service{
		Tx: b.store, Store: b.store, Duties: b.store, Accounts: b.store, Sealer: box, Mail: noMail{}, Alarm: noMail{},
		Shown: func(a debt.Account, _ []debt.Statement, st debt.Statement, _ represent.Role, now time.Time) bool {
			standing := gate.Person{Debts: []debt.Debt{st.Debt}}.Standing(st.Debt, gate.Day(now, a.Consumer.Address.State))
			decision, _ := standing.Decide(gate.View, gate.Facts{ByConsumer: true})
			return decision.Allowed
		},
		Words: []modelform.Words{book.Printer("en"), book.Printer("es")},
		Agency: func() modelform.Facts {
			return modelform.Facts{Collector: modelform.Party{Name: "Acme Services, LLC", Lines: []string{"1 Elm St", "Reno, NV 89501"}}, Phone: "(800) 555-0134", Site: "https://pay.example"}
		},
		Zone: time.UTC, Now: b.now, NewID: func(prefix string) string { return prefix + "_" + rand.Text() },
	}
}

// mailed reports a notice of a debt that was mailed some days ago.
func (b *bundle) mailed(t *testing.T, d debt.Debt, daysAgo int) validation.Notice {
	t.Helper()
	n, _, err := b.notices.Report(t.Context(), validation.Report{
		DebtRef: d.Ref, Provided: civil.Of(b.now()).AddDays(-daysAgo), Via: validation.Mail, Source: validation.Reported, Reference: "584-345",
	})
	must(t, err)
	return n
}

var (
	article   = regexp.MustCompile(`(?s)<article class="vnotice.*?</article>`)
	leadsTo   = regexp.MustCompile(`(?:href|action)="([^"]*)"`)
	preticked = regexp.MustCompile(`<input[^>]*type="checkbox"[^>]*checked`)
)

// TestVAL13_TheNoticePageHasNoWayToPay looks at every address on the whole page,
// its frame included.
func TestVAL13_TheNoticePageHasNoWayToPay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	b.mailed(t, p.debts[0], 10)
	v := b.signedIn(t, p)
	id := string(p.debts[0].ID)
	page := v.get("/debts/" + id + "/notice")
	paper := article.FindString(page.body)
	if page.status != http.StatusOK || paper == "" {
		t.Fatalf("%d without a notice", page.status)
	}
	for _, m := range leadsTo.FindAllStringSubmatch(page.body, -1) {
		if strings.HasPrefix(m[1], "/pay") || strings.HasPrefix(m[1], "/plan") || strings.HasSuffix(m[1], "/plan") || strings.Contains(m[1], "stripe") {
			t.Errorf("the page leads to %s", m[1])
		}
	}
	var inside []string
	for _, m := range leadsTo.FindAllStringSubmatch(paper, -1) {
		inside = append(inside, m[1])
	}
	want := "/dispute?debt=" + id + " /request?debt=" + id + " https://www.cfpb.gov/debt-collection /debts/" + id + "/notice"
	if got := strings.Join(inside, " "); got != want {
		t.Errorf("the notice leads to %s", got)
	}
}

// TestVAL08_NothingIsCheckedBeforehand and nothing is folded away (VAL-15).
func TestVAL08_NothingIsCheckedBeforehand(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	b.mailed(t, p.debts[0], 10)
	v := b.signedIn(t, p)
	paper := article.FindString(v.get("/debts/" + string(p.debts[0].ID) + "/notice").body)
	if n := strings.Count(paper, `type="checkbox"`); n != 6 || preticked.MatchString(paper) || strings.Contains(paper, "<details") {
		t.Errorf("%d boxes in %s", n, paper)
	}
}

func TestVAL08_AnAnswerLeadsToTheDisputeOrTheRequest(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	b.mailed(t, p.debts[0], 10)
	v := b.signedIn(t, p)
	id := string(p.debts[0].ID)
	at := "/debts/" + id + "/notice"
	v.get(at)
	for _, c := range []struct {
		checked []string
		leads   string
	}{
		{[]string{"not_mine", "yes"}, "/disputes/about/" + id + "?reason_not_mine=yes"},
		{[]string{"wrong_amount", "yes", "other", "yes"}, "/disputes/about/" + id + "?reason_other=yes&reason_wrong_amount=yes"},
		{[]string{"original", "yes"}, "/request?debt=" + id},
		{[]string{"spanish", "yes"}, at + "?lang=es"},
	} {
		if a := v.post(at, c.checked...); a.status != http.StatusSeeOther || a.location != c.leads {
			t.Errorf("%v: %d to %s", c.checked, a.status, a.location)
		}
	}
	says(t, v.post(at, "not_mine", "yes", "original", "yes"), `href="/disputes/about/`+id+`?reason_not_mine=yes"`, `href="/request?debt=`+id+`"`)
	if a := v.post(at, "enclosed", "yes"); a.status != http.StatusOK || !strings.Contains(a.body, "mail it with your check") {
		t.Errorf("a check: %d", a.status)
	}
	if a := v.post(at, "lang", "es"); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Check a box") || !strings.Contains(a.body, `lang="es" aria-label`) {
		t.Errorf("nothing: %d", a.status)
	}
}

// TestVAL14_OneTapGivesTheNoticeInSpanish and the wish is kept.
func TestVAL14_OneTapGivesTheNoticeInSpanish(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	n := b.mailed(t, p.debts[0], 10)
	v := b.signedIn(t, p)
	at := "/debts/" + string(p.debts[0].ID) + "/notice"
	says(t, v.get(at), "How can you dispute the debt?", `action="`+at+`/spanish"`)
	spanish := v.get(v.goes(http.StatusSeeOther, at+"?lang=es", v.post(at+"/spanish")).location)
	says(t, spanish, "¿Cómo puede disputar la deuda?", "es un cobrador de deudas", "See it in English")
	asked, err := b.store.NoticeRequests(t.Context(), n.ID)
	if err != nil || len(asked) != 1 || asked[0].Language != "es" || asked[0].At.IsZero() {
		t.Errorf("kept %+v, %v", asked, err)
	}
}

// TestVAL05_TheNoticePageKeepsItsNumbers while the page of the debt has today's.
func TestVAL05_TheNoticePageKeepsItsNumbers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	n := b.mailed(t, p.debts[0], 10)
	v := b.signedIn(t, p)
	id := string(p.debts[0].ID)
	before := article.FindString(v.get("/debts/" + id + "/notice").body)
	b.restate(t, p, 9000)
	if after := article.FindString(v.get("/debts/" + id + "/notice").body); formTokens.ReplaceAllString(after, "") != formTokens.ReplaceAllString(before, "") || !strings.Contains(after, "$150.00") {
		t.Error("the notice changed with the balance")
	}
	page := v.get("/debts/" + id)
	says(t, page, "$90.00", `href="/debts/`+id+`/notice"`, "Write to us by "+b.english(t, n.End))
}

var formTokens = regexp.MustCompile(`name="csrf" value="[^"]*"`)

func TestTheNoticePageSaysWhenItsPeriodIsOverAndWhenNoneIsKnown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000), owing(9000))
	n := b.mailed(t, p.debts[0], 60)
	v := b.signedIn(t, p)
	says(t, v.get("/debts/"+string(p.debts[0].ID)+"/notice"), "The time in the notice ended on "+b.english(t, n.End))
	if page := v.get("/debts/" + string(p.debts[0].ID)); strings.Contains(page.body, "Write to us by") || strings.Contains(page.body, "countdown") {
		t.Error("a period that is over is still told")
	}
	other := "/debts/" + string(p.debts[1].ID)
	says(t, v.get(other+"/notice"), "We have no notice to show you yet.", `href="/dispute?debt=`)
	must(t, b.store.InTx(t.Context(), func(ctx context.Context) error { return b.notices.Begin(ctx, p.account.ID, "") }))
	says(t, v.get(other+"/notice"), "We will mail you a notice about this debt by "+b.english(t, civil.Of(b.now()).AddDays(5)))
	says(t, v.get(other), `href="`+other+`/notice"`)
	if a := v.post(other+"/notice", "not_mine", "yes"); a.status != http.StatusNotFound {
		t.Errorf("an answer to no notice: %d", a.status)
	}
	if a := b.signedIn(t, b.place(t, owing(100))).get(other + "/notice"); a.status != http.StatusNotFound {
		t.Errorf("another consumer's notice: %d", a.status)
	}
}

func (b *bundle) english(t *testing.T, d civil.Date) string {
	t.Helper()
	book, err := locale.Load()
	must(t, err)
	return book.Printer("en").Date(d)
}

func TestTheNoticeCanBeKeptAsAPDF(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	b.mailed(t, p.debts[0], 10)
	v := b.signedIn(t, p)
	at := "/debts/" + string(p.debts[0].ID) + "/notice.pdf"
	for _, lang := range []string{"en", "es"} {
		a := v.get(at + "?lang=" + lang)
		if a.status != http.StatusOK || !strings.HasPrefix(a.body, "%PDF-") || a.header.Get("Content-Type") != "application/pdf" {
			t.Errorf("%s: %d %.20q", lang, a.status, a.body)
		}
	}
}

// restate is a later statement of the balance of a person's first debt.
func (b *bundle) restate(t *testing.T, p person, amount money.Cents) {
	t.Helper()
	d := p.debts[0]
	change := amount - d.Snapshot.Balance
	d.Itemization.Credits, d.Snapshot = d.Itemization.Amount-amount, debt.Snapshot{Balance: amount, AsOf: b.now(), Version: 2}
	batch := intake.Batch{At: b.now(), ChangedDebts: []debt.Debt{d}, Transfers: []ledger.Transfer{{
		ID: "placement/2/" + string(d.ID), Kind: ledger.Placement, At: b.now(),
		Entries: []ledger.Entry{{Account: ledger.Debt(string(d.ID)), Amount: change}, {Account: ledger.Placed(d.CreditorRef), Amount: -change}},
	}}}
	must(t, b.store.InTx(t.Context(), func(ctx context.Context) error { return b.store.SavePlacements(ctx, batch) }))
}

// TestVAL12_ElectronicNoticesNeedTheFiveElementsAndASampleThatWasRead.
func TestVAL12_ElectronicNoticesNeedTheFiveElementsAndASampleThatWasRead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	const at = "/preferences/electronic"
	says(t, v.get(at), "right to get each of these notices on paper, at no cost", "This covers notices about your debts", "You can take this back at any time",
		"To change the address", "You need a phone or computer", `href="`+at+`/try"`)
	if page := v.get(at); strings.Contains(page.body, "<form method=\"post\" action=\""+at+"\"") {
		t.Error("it can be agreed to before the sample")
	}
	number := regexp.MustCompile(`<strong>(\d{4})</strong>`).FindStringSubmatch(v.get(at + "/sample").body)
	if number == nil {
		t.Fatal("the sample shows no number")
	}
	if a := v.post(at, "number", "x"+number[1]); a.status != http.StatusUnprocessableEntity || b.electronic(t, p) {
		t.Errorf("another number: %d", a.status)
	}
	v.goes(http.StatusSeeOther, at, v.post(at, "number", number[1]))
	says(t, v.get(at), "You get notices here.", "a•••@example.com")
	if !b.electronic(t, p) {
		t.Error("no consent was kept")
	}
	v.goes(http.StatusSeeOther, at, v.post(at+"/end"))
	if b.electronic(t, p) || strings.Contains(v.get(at).body, "You get notices here.") {
		t.Error("it was not taken back")
	}
}

// electronic reports whether a consent to electronic notices stands.
func (b *bundle) electronic(t *testing.T, p person) bool {
	t.Helper()
	email := p.account.Consumer.Email
	all, err := b.store.Consents(t.Context(), p.account.ID, contact.Email, b.contacts.Hash(contact.Email, email))
	must(t, err)
	return validation.Electronic(all)
}
