package api_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"quittance/portal/dispute"
	"quittance/portal/dispute/disputetest"
	"quittance/portal/gate"
	"quittance/portal/hold"
	"quittance/portal/identity"
	"quittance/portal/pack/packtest"
	"quittance/portal/seal"
)

// disputing is the service behind the API, with real holds and the real gate.
// Nobody agreed to electronic answers.
func (p *plant) disputing(box *seal.Box) *dispute.Service {
	return &dispute.Service{
		Tx: p.store, Store: p.store, Queue: p.store, Files: p.store, Scans: p.store, Drafts: p.store, Debts: p.store,
		Gate:   &gate.Keeper{Records: p.store, Law: packtest.Everywhere(), Now: p.Now},
		Holds:  &hold.Service{Tx: p.store, Store: p.store, Now: p.Now, NewID: func() string { return p.id("hld") }},
		Sealer: box, Now: p.Now, NewID: func(prefix string) string { return p.id(strings.TrimSuffix(prefix, "_")) },
		NewReference: func() string { return strings.ToUpper(p.id("r")) }, Watchers: []dispute.Watcher{p.recorder},
	}
}

// disputed is a dispute of the debt D-1 of the creditor mercy, with a photo.
func (p *plant) disputed(t *testing.T) dispute.Dispute {
	t.Helper()
	service, ok := p.deps.Disputes.(*dispute.Service)
	if !ok {
		t.Fatal("no service")
	}
	account, id, err := p.store.DebtByRef(t.Context(), "D-1")
	if err != nil {
		t.Fatal(err)
	}
	draft, err := service.Keep(t.Context(), account, dispute.Typed{DebtID: id})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := service.Collect(t.Context(), account, draft.ID, "slip of Ana.jpg", []byte(disputetest.Photo())); err != nil {
		t.Fatal(err)
	}
	d, err := service.Open(t.Context(), account, id, dispute.Filing{
		Kind: dispute.OfDebt, Reasons: []dispute.Reason{dispute.AlreadyPaid}, Story: dispute.Story{Words: "I paid at the desk", SafeContact: "by e-mail"},
	}, draft.ID)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// answering is the body of a whole answer, with some fields replaced.
func answering(t *testing.T, replaced ...any) string {
	t.Helper()
	body := map[string]any{"outcome": "verified", "document_id": "V-2041", "method": "mail", "sent_on": "2026-11-20"}
	for i := 0; i+1 < len(replaced); i += 2 {
		name, _ := replaced[i].(string)
		body[name] = replaced[i+1]
	}
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func document(name, content string) map[string]string {
	return map[string]string{"name": name, "content": base64.StdEncoding.EncodeToString([]byte(content))}
}

const verification = "%PDF-1.7 the statement of the creditor"

func TestDIS03_TheAPIEndsAHoldOnADocumentThatTheConsumerCanRead(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	p.place(t, token)
	d := p.disputed(t)
	path := "/api/v1/disputes/" + string(d.ID)
	one := p.ask(t, token, "GET", path, "")
	for _, want := range []string{"I paid at the desk", "by e-mail", "image/jpeg", `"already_paid"`, `"answer_by":"2026-12-22"`} {
		if one.status != 200 || !strings.Contains(one.body, want) {
			t.Errorf("%d, lacks %s", one.status, want)
		}
	}
	if strings.Contains(one.body, "slip of Ana") {
		t.Error("the name of a file is told")
	}
	a := p.ask(t, token, "POST", path+"/verification", answering(t, "document", document("statement.pdf", verification)), "Idempotency-Key", "one")
	if a.status != 200 || a.field(t, "state") != "answered" || a.field(t, "outcome") != "verified" || p.holdsOf(t) != 0 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if again := p.ask(t, token, "POST", path+"/verification", answering(t, "document", document("statement.pdf", verification)), "Idempotency-Key", "one"); again.body != a.body {
		t.Errorf("the same request was answered otherwise: %d", again.status)
	}
	if b := p.ask(t, token, "POST", path+"/verification", answering(t), "Idempotency-Key", "two"); b.status != 409 {
		t.Errorf("answered twice: %d %s", b.status, b.body)
	}
	var files struct{ Files []struct{ ID, Type string } }
	if err := json.Unmarshal([]byte(p.ask(t, token, "GET", path, "").body), &files); err != nil || len(files.Files) != 2 {
		t.Fatalf("%+v %v", files, err)
	}
	for _, f := range files.Files {
		got := p.ask(t, token, "GET", path+"/files/"+f.ID, "")
		if got.status != 200 || got.header.Get("Content-Type") != f.Type || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") ||
			got.header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(got.header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("file %s: %d %v", f.Type, got.status, got.header)
		}
	}
}

func TestDIS03_WithoutProofTheAPIAnswersAProblemAndTheHoldStays(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	p.place(t, token)
	path := "/api/v1/disputes/" + string(p.disputed(t).ID) + "/verification"
	for i, tt := range []struct {
		about, body string
		status      int
		kind        string
	}{
		{"no number", answering(t, "document_id", ""), 422, "#invalid"},
		{"a number of spaces", answering(t, "document_id", "  "), 422, "#no-proof"},
		{"another way", answering(t, "method", "pigeon"), 422, "#invalid"},
		{"a day that is none", answering(t, "sent_on", "soon"), 422, "#invalid"},
		{"a day to come", answering(t, "sent_on", "2026-11-23"), 422, "#no-proof"},
		{"an outcome of another kind", answering(t, "outcome", "creditor_sent"), 422, "#no-proof"},
		{"a repetition of nothing", answering(t, "outcome", "duplicative"), 422, "#no-proof"},
		{"a field that is none", answering(t, "hold", "released"), 422, "#invalid"},
		{"by e-mail without consent (VAL-12)", answering(t, "method", "email"), 422, "#no-consent"},
		{"in the portal without consent (VAL-12)", answering(t, "method", "portal"), 422, "#no-consent"},
		{"a page named .pdf", answering(t, "document", document("a.pdf", "<html><script>")), 422, "#invalid"},
		{"a renamed program", answering(t, "document", document("a.pdf", "MZ\x90\x00")), 422, "#invalid"},
		{"an empty document", answering(t, "document", document("a.pdf", "")), 422, "#invalid"},
		{"a script", answering(t, "document", document("a.pdf", disputetest.PDF("/Names << /JavaScript 5 0 R >>"))), 422, "#invalid"},
		{"a locked document", answering(t, "document", document("a.pdf", disputetest.PDF("/Encrypt 5 0 R"))), 422, "#invalid"},
		{"60,000 by 60,000 pixels", answering(t, "document", document("a.png", disputetest.Huge(60_000, 60_000))), 422, "#invalid"},
		{"HEIC", answering(t, "document", document("a.heic", "\x00\x00\x00\x18ftypheic....")), 422, "#invalid"},
		{"no base64", answering(t, "document", map[string]string{"name": "a.pdf", "content": "%%%"}), 422, "#invalid"},
		{"a document that is too large", answering(t, "document", document("a.pdf", verification+strings.Repeat("0", 3<<20))), 413, "#too-large"},
		{"nothing", "", 400, "#unreadable"},
	} {
		a := p.ask(t, token, "POST", path, tt.body, "Idempotency-Key", fmt.Sprint(i))
		kind, _ := a.field(t, "type").(string)
		if a.status != tt.status || !strings.HasSuffix(kind, tt.kind) || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", tt.about, a.status, a.body)
		}
		if p.holdsOf(t) == 0 {
			t.Fatalf("%s ended the hold", tt.about)
		}
	}
	if a := p.ask(t, token, "POST", path, answering(t)); a.status < 400 || a.status >= 500 || p.holdsOf(t) == 0 {
		t.Errorf("without an Idempotency-Key: %d", a.status)
	}
}

// TestSEC08_TheAPIsProofKeepsThePixelsOfAPhotoAlone (F14).
func TestSEC08_TheAPIsProofKeepsThePixelsOfAPhotoAlone(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	p.place(t, token)
	path := "/api/v1/disputes/" + string(p.disputed(t).ID)
	if a := p.ask(t, token, "POST", path+"/verification", answering(t, "document", document("a.jpg", disputetest.Located(6))), "Idempotency-Key", "one"); a.status != 200 {
		t.Fatalf("the answer: %d %s", a.status, a.body)
	}
	var files struct{ Files []struct{ ID, Type string } }
	if err := json.Unmarshal([]byte(p.ask(t, token, "GET", path, "").body), &files); err != nil || len(files.Files) != 2 {
		t.Fatalf("%+v %v", files, err)
	}
	for _, f := range files.Files {
		if got := p.ask(t, token, "GET", path+"/files/"+f.ID, ""); got.status != 200 || strings.Contains(got.body, disputetest.Canary) {
			t.Errorf("file %s: %d, or it tells where it was taken", f.ID, got.status)
		}
	}
}

func TestDIS03_ClosingAsksTheDebtAndNobodyElse(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	p.place(t, token)
	path := "/api/v1/disputes/" + string(p.disputed(t).ID) + "/closing"
	if a := p.ask(t, token, "POST", path, "", "Idempotency-Key", "one"); a.status != 409 || !strings.Contains(a.body, "#not-in-favor") || p.holdsOf(t) == 0 {
		t.Fatalf("while the debt stands: %d %s", a.status, a.body)
	}
	gone := strings.Replace(line("A-1", "D-1", "mercy", "432.17"), "2026-11-20,active", "2026-11-21,recalled", 1)
	if a := p.ask(t, token, "POST", "/api/v1/placements", header+gone, "Content-Type", "text/csv"); a.status != 200 {
		t.Fatalf("recall: %d %s", a.status, a.body)
	}
	a := p.ask(t, token, "POST", path, "", "Idempotency-Key", "two")
	if a.status != 200 || a.field(t, "outcome") != "in_consumers_favor" || p.holdsOf(t) != 0 {
		t.Errorf("once it was recalled: %d %s", a.status, a.body)
	}
}

func TestWHK04_ACreditorsTokenReadsThatADisputeIsThereAndNoMore(t *testing.T) {
	t.Parallel()
	p := setup(t)
	agency := p.token(t, "")
	p.place(t, agency)
	d := p.disputed(t)
	path := "/api/v1/disputes/" + string(d.ID)
	mercy, north, reader := p.token(t, "mercy"), p.token(t, "north"), p.token(t, "", identity.DisputesRead)
	own := p.ask(t, mercy, "GET", path, "")
	if own.status != 200 || !strings.Contains(own.body, d.Reference) {
		t.Errorf("its creditor: %d %s", own.status, own.body)
	}
	for _, no := range []string{"desk", "by e-mail", "already_paid", "image/jpeg"} {
		if strings.Contains(own.body, no) || strings.Contains(p.ask(t, mercy, "GET", "/api/v1/disputes", "").body, no) {
			t.Errorf("its creditor reads %q", no)
		}
	}
	for about, a := range map[string]struct {
		got  answer
		want int
	}{
		"another creditor":           {p.ask(t, north, "GET", path, ""), 404},
		"a creditor answers":         {p.ask(t, mercy, "POST", path+"/verification", answering(t), "Idempotency-Key", "a"), 403},
		"a creditor closes":          {p.ask(t, mercy, "POST", path+"/closing", "", "Idempotency-Key", "b"), 403},
		"a creditor reads files":     {p.ask(t, mercy, "GET", path+"/files/fil_0001", ""), 403},
		"who may only read, answers": {p.ask(t, reader, "POST", path+"/verification", answering(t), "Idempotency-Key", "c"), 403},
		"nobody":                     {p.ask(t, "", "GET", path, ""), 401},
		"one that is not there":      {p.ask(t, agency, "GET", "/api/v1/disputes/dsp_none", ""), 404},
		"a file that is not there":   {p.ask(t, agency, "GET", path+"/files/fil_none", ""), 404},
	} {
		if a.got.status != a.want || !strings.Contains(a.got.header.Get("Content-Type"), "application/problem+json") {
			t.Errorf("%s: %d %s", about, a.got.status, a.got.body)
		}
	}
	if list := p.ask(t, north, "GET", "/api/v1/disputes", ""); list.status != 200 || strings.Contains(list.body, d.Reference) {
		t.Errorf("another creditor's list: %d %s", list.status, list.body)
	}
	if p.holdsOf(t) == 0 {
		t.Error("the hold is gone")
	}
}
