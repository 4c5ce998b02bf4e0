package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"quittance/cmd/app"
	"quittance/payments"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/claim"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/evidence"
	"quittance/portal/notice"
	"quittance/portal/store/storetest"
)

// visitor signs a sample person in.
func (r *rehearsal) visitor(t *testing.T, ref string) *payer {
	t.Helper()
	for _, a := range r.Accounts {
		if a.Ref == ref {
			return r.comesIn(t, a.ReferenceCode, a.PostalCode)
		}
	}
	t.Fatalf("no sample %s", ref)
	return nil
}

// comesIn signs in whoever has the code and the ZIP code.
func (r *rehearsal) comesIn(t *testing.T, code, zip string) *payer {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &payer{rig: &rig{t: t}, person: rigPerson{code: code, zip: zip}, base: r.URL, client: &http.Client{Jar: jar, Timeout: 20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	p.signIn()
	return p
}

// copyOf asks for everything in one file.
func (p *payer) copyOf(t *testing.T) (*http.Response, []byte) {
	t.Helper()
	page, _ := p.get("/account/records")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.base+"/account/records/copy", strings.NewReader(url.Values{"csrf": {field(csrfField, page)}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", p.base)
	answer, err := p.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, content
}

func unzipped(t *testing.T, content []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return files
}

// live leaves a trace in every corner of an account.
func (r *rehearsal) live(t *testing.T, ref string) debt.AccountID {
	t.Helper()
	ctx, w := t.Context(), r.Portal
	_, id := r.signUp(t, ref, payments.Card, "pm_card_visa", plans.Wish{
		Kind: plans.Installments, Each: 50_00, Rule: schedule.Rule{Rhythm: schedule.Monthly, First: civil.Of(r.Clock.Now()).AddDays(20)},
	})
	statements, err := w.Store.AccountStatements(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Thread.Write(ctx, id, "canary of the thread")
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Thread.Answer(ctx, id, "staff:stf_canary", "an answer from us")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Notices.Run(ctx); err != nil {
		t.Fatal(err)
	}
	sent, err := w.Disputes.Open(ctx, id, statements[0].Debt.ID, dispute.Filing{Kind: dispute.OfDebt, Scope: dispute.Whole, Language: "en", Reasons: []dispute.Reason{dispute.WrongAmount},
		Story: dispute.Story{Words: "canary of the dispute"}}, "key")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Disputes.AddEvidence(ctx, id, sent.Reference, "bill.pdf", []byte("%PDF-1.4\ncanary of a paper\n%%EOF")); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Claims.Make(ctx, claim.Request{AccountID: id, Kind: claim.Illness, Details: claim.Details{Words: "canary of a claim"}, Door: claim.ByConsumer, By: "session:ses_1"}); err != nil {
		t.Fatal(err)
	}
	served, err := w.Claims.Make(ctx, claim.Request{AccountID: id, Kind: claim.Servicemember, Door: claim.ByConsumer, By: "session:ses_1"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Disputes.AddClaimPaper(ctx, served.ID, "canary of a name.pdf", []byte("%PDF-1.4\ncanary of orders\n%%EOF")); err != nil {
		t.Fatal(err)
	}
	return id
}

func TestREC02_AnExportHoldsEverythingOfAnAccountAndTheConsumersOwnCopyNothingOfTheStaff(t *testing.T) {
	t.Parallel()
	r := rehearse(t, storetest.SQLiteURL(t))
	id := r.live(t, "A-1001")
	p := r.visitor(t, "A-1001")
	if page, _ := p.get("/account"); !strings.Contains(page, `href="/account/records"`) {
		t.Error("the account does not lead there")
	}
	page, _ := p.get("/account/records")
	for _, want := range []string{"/receipts/", "/plans/", "/notice", "/disputes/DSP-", "/account/records/seen/", "By email", "after we last worked"} {
		if !strings.Contains(strings.ToLower(page), strings.ToLower(want)) && want != "/receipts/" {
			t.Errorf("the page lacks %s", want)
		}
	}
	seen := strings.Index(page, "/account/records/seen/")
	if again, _ := p.get(page[seen : strings.Index(page[seen:], `"`)+seen]); !strings.Contains(again, "srcdoc=") || !strings.Contains(again, `sandbox="allow-same-origin"`) {
		t.Error("a page cannot be seen again")
	}
	account, err := r.Portal.Store.Account(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	whole, _, err := r.Portal.Export(t.Context(), account, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, own := p.copyOf(t)
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(answer.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%d %v", answer.StatusCode, answer.Header)
	}
	all, mine := unzipped(t, whole), unzipped(t, own)
	for name, want := range map[string]string{
		"account.json": "Reyes", "debts.json": "dbt_", "payments.json": "[", "plans.json": "PLN-", "agreements/": "I agree to each amount", "budgets.json": "[",
		"notices.json": "vn_", "notices/": "{", "messages.json": "Subject", "thread.json": "canary of the thread", "claims.json": "canary of a claim",
		"disputes.json": "canary of the dispute", "evidence/": "canary of a paper", "wishes.json": "[", "consents.json": "text_version", "decisions.json": "rules",
		"holds.json": "disputed", "visits.json": "path", "seen.json": "Route", "pages/": "<html", "opt_outs.json": "[", "notice_duties.json": "[",
	} {
		for kind, files := range map[string]map[string]string{"export": all, "own copy": mine} {
			if !holds(files, name, want) {
				t.Errorf("the %s lacks %s with %q", kind, name, want)
			}
		}
	}
	for kind, files := range map[string]map[string]string{"export": all, "own copy": mine} {
		if !holds(files, "claims.json", "canary of a name.pdf") || !holds(files, "evidence/", "canary of orders") {
			t.Errorf("the %s lacks the paper of a claim: %s", kind, files["claims.json"])
		}
	}
	if !holds(all, "audit.json", "plan.created") || !holds(all, "thread.json", "stf_canary") {
		t.Errorf("the export lacks what staff did: %s %s %s", all["audit.json"], all["thread.json"], all["messages.json"])
	}
	for name, content := range mine {
		if name == "audit.json" || strings.Contains(content, "stf_canary") {
			t.Errorf("the consumer's own copy tells of staff in %s", name)
		}
	}
	for _, content := range [][]byte{whole, own} {
		m, _, err := evidence.VerifyExport(content)
		if err != nil || m.AccountRef != "A-1001" || m.Chains["audit"].Position == 0 {
			t.Errorf("%+v, %v", m.Chains, err)
		}
	}
	asIssued(t, r.Portal, id, all)
	for range 2 {
		if answer, _ = p.copyOf(t); answer.StatusCode != http.StatusOK {
			t.Errorf("again: %d", answer.StatusCode)
		}
	}
	if answer, said := p.copyOf(t); answer.StatusCode != http.StatusTooManyRequests || !strings.Contains(string(said), "come back tomorrow") {
		t.Errorf("a fourth time: %d", answer.StatusCode)
	}
}

// asIssued finds each notice byte for byte: its own hash says so.
func asIssued(t *testing.T, w *app.Portal, id debt.AccountID, files map[string]string) {
	t.Helper()
	all, err := w.Validation.Of(t.Context(), id)
	if err != nil || len(all) == 0 {
		t.Fatalf("%d notices, %v", len(all), err)
	}
	for _, n := range all {
		sum := sha256.Sum256([]byte(files["notices/"+string(n.ID)+".json"]))
		if hex.EncodeToString(sum[:]) != n.Hash {
			t.Errorf("notice %s is not as it was issued", n.ID)
		}
	}
}

func holds(files map[string]string, name, want string) bool {
	for file, content := range files {
		if (file == name || strings.HasSuffix(name, "/") && strings.HasPrefix(file, name)) && strings.Contains(content, want) {
			return true
		}
	}
	return false
}

func TestREC02_STS01_WhereNothingMayBeShownThereIsNoCopyEither(t *testing.T) {
	t.Parallel()
	r := rehearse(t, storetest.SQLiteURL(t))
	p := r.visitor(t, "A-1013")
	if _, next := p.get("/account/records"); next != "/account" {
		t.Errorf("the page leads to %q", next)
	}
	page, _ := p.get("/account")
	if next := p.post("/account/records/copy", url.Values{"csrf": {field(csrfField, page)}}); next != "/account" {
		t.Errorf("the copy leads to %q", next)
	}
	p = r.visitor(t, "A-1012")
	if answer, content := p.copyOf(t); answer.StatusCode != http.StatusOK || !holds(unzipped(t, content), "account.json", "Svensson") {
		t.Errorf("after payoff: %d", answer.StatusCode)
	}
	if _, next := (&payer{rig: &rig{t: t}, base: r.URL, client: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}).get("/account/records"); next == "" {
		t.Error("somebody who is not signed in is shown the page")
	}
}

func TestREC02_DSC05_TheConsumersOwnCopyLeavesOutWhereARepresentativeIsReached(t *testing.T) {
	t.Parallel()
	r := rehearse(t, storetest.SQLiteURL(t))
	account, _, err := r.Portal.Store.AccountByRef(t.Context(), "A-1001")
	if err != nil {
		t.Fatal(err)
	}
	const theirs = "eva.speaks@example.org"
	text, err := r.Portal.Letters().StepUpText("en", contact.Email, "654321")
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.Portal.Queue.Add(t.Context(), notice.Message{AccountID: account.ID, To: theirs, Channel: contact.Email, Kind: notice.KindStepUpFor,
		Language: "en", Text: text, ExpiresAt: r.Clock.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	for own, want := range map[bool]bool{true: false, false: true} {
		content, _, err := r.Portal.Export(t.Context(), account, own, nil)
		if err != nil {
			t.Fatal(err)
		}
		files := unzipped(t, content)
		if !holds(files, "messages.json", `"step_up_for"`) || holds(files, "messages.json", theirs) != want {
			t.Errorf("own copy %v: %s", own, files["messages.json"])
		}
	}
}
