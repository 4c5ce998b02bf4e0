package console_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/dispute/disputetest"
	"quittance/portal/gate"
	"quittance/portal/hold"
	"quittance/portal/pack/packtest"
	"quittance/portal/seal"
	"quittance/portal/store"
)

// disputing is the service behind the queue, with real holds and the real gate.
// Nobody agreed to electronic answers.
func disputing(t *testing.T, s *store.Store) *dispute.Service {
	t.Helper()
	box, err := seal.New(map[byte][]byte{1: key("disputes")})
	must(t, err)
	now := func() time.Time { return noon }
	return &dispute.Service{
		Tx: s, Store: s, Queue: s, Files: s, Scans: s, Drafts: s, Debts: s, Gate: &gate.Keeper{Records: s, Law: packtest.Everywhere(), Now: now},
		Holds:  &hold.Service{Tx: s, Store: s, Now: now, NewID: func() string { return "hld_" + rand.Text() }},
		Claims: s,
		Sealer: box, Deadline: dispute.Within(packtest.Everywhere()), Now: now, NewID: func(prefix string) string { return prefix + rand.Text() },
		NewReference: func() string { return rand.Text()[:8] },
	}
}

// disputed is a dispute of a placed debt, with a file.
func (b bundle) disputed(t *testing.T, f dispute.Filing) dispute.Dispute {
	t.Helper()
	account, _ := b.place(t, debt.Active)
	return b.again(t, account.ID, f)
}

func (b bundle) again(t *testing.T, account debt.AccountID, f dispute.Filing) dispute.Dispute {
	t.Helper()
	held, err := b.store.AccountStatements(t.Context(), account)
	must(t, err)
	d, err := b.disputes.Open(t.Context(), account, held[0].Debt.ID, f, rand.Text())
	must(t, err)
	return d
}

func wrong() dispute.Filing {
	return dispute.Filing{Kind: dispute.OfDebt, Reasons: []dispute.Reason{dispute.AlreadyPaid}, Story: dispute.Story{Words: "I paid at the desk"}}
}

// held reports whether collection of the debt is stopped.
func (b bundle) held(t *testing.T, d dispute.Dispute) bool {
	t.Helper()
	all, err := b.store.AccountStatements(t.Context(), d.AccountID)
	must(t, err)
	return len(all[0].Debt.Holds) > 0
}

const verification = "%PDF-1.7 the statement of the creditor"

// answer posts the form of an answer with a file, as a browser does.
func (d *desk) answer(target, name, content string, fields ...string) answer {
	d.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	must(d.t, w.WriteField("csrf", d.csrf))
	for i := 0; i+1 < len(fields); i += 2 {
		must(d.t, w.WriteField(fields[i], fields[i+1]))
	}
	if name != "" {
		part, err := w.CreateFormFile("paper", name)
		must(d.t, err)
		_, err = io.WriteString(part, content)
		must(d.t, err)
	}
	must(d.t, w.Close())
	return d.sendBody(http.MethodPost, target, w.FormDataContentType(), body.String())
}

// proof are the fields of a whole answer, with some replaced.
func proof(replaced ...string) []string {
	fields := []string{"outcome", "verified", "document_id", "V-2041", "method", "mail", "sent_on", "2026-11-20"}
	for i := 0; i+1 < len(replaced); i += 2 {
		for j := 0; j < len(fields); j += 2 {
			if fields[j] == replaced[i] {
				fields[j+1] = replaced[i+1]
			}
		}
	}
	return fields
}

func TestDIS03_AnAnswerInTheConsoleEndsTheHoldAndKeepsItsDocument(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.disputed(t, wrong())
	agent := b.signedIn(t, "kim@acme.example")
	path := "/console/disputes/" + string(d.ID)
	page := agent.get(path)
	for _, want := range []string{d.Reference, "I paid at the desk", d.DebtRef, "$150.00"} {
		if page.status != 200 || !strings.Contains(page.body, want) {
			t.Errorf("%d, lacks %q", page.status, want)
		}
	}
	if a := agent.answer(path, "letter.pdf", verification, proof()...); a.status != 303 || a.location != path || b.held(t, d) {
		t.Fatalf("the answer: %d %s, held %v", a.status, a.location, b.held(t, d))
	}
	ended, err := b.disputes.Dispute(t.Context(), d.ID)
	must(t, err)
	last, _ := ended.Last()
	if last.DocumentID != "V-2041" || !strings.HasPrefix(last.By, "staff:") || last.File == "" {
		t.Errorf("kept as %+v", last)
	}
	_, content, err := b.disputes.ReadOwn(t.Context(), d.AccountID, last.File)
	if err != nil || string(content) != verification {
		t.Errorf("the consumer reads %q, %v", content, err)
	}
	if file := agent.get(path + "/files/" + string(last.File)); file.status != 200 || file.body != verification {
		t.Errorf("the paper in the console: %d", file.status)
	}
	// The same again changes nothing and says so.
	if a := agent.answer(path, "", "", proof()...); a.status != 422 || !strings.Contains(a.body, "it has ended already.") {
		t.Errorf("answered twice: %d", a.status)
	}
}

// TestSEC08_TheConsolesProofKeepsThePixelsOfAPhotoAlone (F14).
func TestSEC08_TheConsolesProofKeepsThePixelsOfAPhotoAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.disputed(t, wrong())
	agent := b.signedIn(t, "kim@acme.example")
	path := "/console/disputes/" + string(d.ID)
	agent.get(path)
	if a := agent.answer(path, "letter.jpg", disputetest.Located(6), proof()...); a.status != 303 {
		t.Fatalf("the answer: %d", a.status)
	}
	ended, err := b.disputes.Dispute(t.Context(), d.ID)
	must(t, err)
	last, _ := ended.Last()
	f, content, err := b.disputes.ReadOwn(t.Context(), d.AccountID, last.File)
	if err != nil || f.Type != "image/jpeg" || strings.Contains(string(content), disputetest.Canary) {
		t.Errorf("the consumer gets a %s that tells where it was taken, %v", f.Type, err)
	}
}

func TestDIS03_WithoutProofTheHoldStaysAndWhatWasTypedIsKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.disputed(t, wrong())
	agent := b.signedIn(t, "kim@acme.example")
	path := "/console/disputes/" + string(d.ID)
	agent.get(path)
	const typed = `value="V-2041"`
	for _, tt := range []struct {
		about, file, content string
		fields               []string
		field, kept          string // the field that is named, and what is still there
	}{
		{"no number", "", "", proof("document_id", ""), "document_id", "2026-11-20"},
		{"no way", "", "", proof("method", ""), "method", typed},
		{"another way", "", "", proof("method", "pigeon"), "outcome", typed},
		{"no day", "", "", proof("sent_on", ""), "sent_on", typed},
		{"a day that is none", "", "", proof("sent_on", "soon"), "sent_on", typed},
		{"a day to come", "", "", proof("sent_on", "2026-11-21"), "sent_on", `value="2026-11-21"`},
		{"no outcome", "", "", proof("outcome", ""), "outcome", typed},
		{"an outcome of another kind", "", "", proof("outcome", "creditor_sent"), "outcome", typed},
		{"a repetition of nothing", "", "", proof("outcome", "duplicative"), "outcome", typed},
		{"by e-mail without consent (VAL-12)", "", "", proof("method", "email"), "method", typed},
		{"in the portal without consent (VAL-12)", "", "", proof("method", "portal"), "method", typed},
		{"a page named .pdf", "letter.pdf", "<html><script>alert(1)</script>", proof(), "paper", typed},
		{"a renamed program", "letter.pdf", "MZ\x90\x00 program", proof(), "paper", typed},
		{"an empty file", "letter.pdf", "", proof(), "paper", typed},
		{"a script", "letter.pdf", disputetest.PDF("/OpenAction << /S /JavaScript /JS (x) >>"), proof(), "paper", typed},
		{"a script in packed objects", "letter.pdf", disputetest.Packed("<< /S /J#61vaScript >>"), proof(), "paper", typed},
		{"a locked file", "letter.pdf", disputetest.PDF("/Encrypt 5 0 R"), proof(), "paper", typed},
		{"60,000 by 60,000 pixels", "letter.png", disputetest.Huge(60_000, 60_000), proof(), "paper", typed},
		{"HEIC", "letter.heic", "\x00\x00\x00\x18ftypheic....", proof(), "paper", typed},
		{"a file that is too large", "letter.pdf", verification + strings.Repeat("0", dispute.MostFileBytes), proof(), "paper", typed},
	} {
		a := agent.answer(path, tt.file, tt.content, tt.fields...)
		if a.status != 422 || !strings.Contains(a.body, `id="`+tt.field+`-problem"`) || !strings.Contains(a.body, tt.kept) || !strings.Contains(a.body, "Not done:") {
			t.Errorf("%s: %d, beside %s", tt.about, a.status, tt.field)
		}
		if !b.held(t, d) {
			t.Fatalf("%s ended the hold", tt.about)
		}
	}
	if a := agent.answer(path, "", "", proof("method", "email")...); !strings.Contains(a.body, `value="email" checked`) {
		t.Error("the way that was chosen is not kept")
	}
}

func TestDIS05_ARepetitionIsOfferedOnlyWhereOneIsPossible(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.disputed(t, wrong())
	agent := b.signedIn(t, "kim@acme.example")
	path := "/console/disputes/" + string(first.ID)
	if a := agent.get(path); strings.Contains(a.body, `value="duplicative"`) {
		t.Error("a first dispute is offered as a repetition")
	}
	if a := agent.answer(path, "", "", proof()...); a.status != 303 {
		t.Fatalf("the first answer: %d", a.status)
	}
	second := b.again(t, first.AccountID, wrong())
	path = "/console/disputes/" + string(second.ID)
	if a := agent.get(path); !strings.Contains(a.body, first.Reference) || !strings.Contains(a.body, `value="duplicative"`) {
		t.Errorf("the second does not point to the first: %d", a.status)
	}
	if !b.held(t, second) {
		t.Error("the second does not hold")
	}
	if a := agent.answer(path, "", "", proof("outcome", "duplicative")...); a.status != 303 || b.held(t, second) {
		t.Errorf("the repetition: %d", a.status)
	}
}

func TestDIS03_ClosingInTheConsumersFavorLooksAtTheDebt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.disputed(t, wrong())
	agent := b.signedIn(t, "kim@acme.example")
	path := "/console/disputes/" + string(d.ID)
	agent.get(path)
	if a := agent.post(path + "/close"); a.status != 422 || !b.held(t, d) || !strings.Contains(a.body, d.Reference) {
		t.Errorf("while the debt stands: %d", a.status)
	}
}

func TestS10_OnlyCollectorsAnswerDisputes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.disputed(t, wrong())
	path := "/console/disputes/" + string(d.ID)
	finance := b.signedIn(t, "fin@acme.example")
	for _, target := range []string{"/console/disputes", path, path + "/files/fil_1"} {
		if a := finance.get(target); a.status != 404 || strings.Contains(a.body, d.Reference) {
			t.Errorf("finance at %s: %d", target, a.status)
		}
	}
	if a := finance.answer(path, "", "", proof()...); a.status != 404 || !b.held(t, d) {
		t.Errorf("finance answered: %d", a.status)
	}
	if a := finance.post(path + "/close"); a.status != 404 {
		t.Errorf("finance closed: %d", a.status)
	}
	agent := b.signedIn(t, "kim@acme.example")
	agent.get("/console/disputes")
	for _, target := range []string{"/console/disputes/dsp_other", path + "/files/fil_other"} {
		if a := agent.get(target); a.status != 404 {
			t.Errorf("%s: %d", target, a.status)
		}
	}
	if a := agent.answer("/console/disputes/dsp_other", "", "", proof()...); a.status != 404 {
		t.Errorf("answering nothing: %d", a.status)
	}
}

func TestWHK04_TheQueueNamesNoWordOfTheConsumerAndLeavesOutWhatIsAnswered(t *testing.T) {
	t.Parallel()
	b := setup(t)
	open, done := b.disputed(t, wrong()), b.disputed(t, wrong())
	_, err := b.disputes.Answer(context.WithoutCancel(t.Context()), done.ID, dispute.Proof{
		Outcome: dispute.Verified, DocumentID: "V-1", Method: "mail", SentOn: civil.Of(noon), By: "api:1",
	}, nil)
	must(t, err)
	b.disputes.Now = func() time.Time { return noon.AddDate(0, 0, -dispute.AnswerDays-1) }
	late := b.disputed(t, wrong())
	a := b.signedIn(t, "kim@acme.example").get("/console/disputes")
	if strings.Index(a.body, late.Reference) > strings.Index(a.body, open.Reference) || strings.Count(a.body, "past due") != 1 {
		t.Error("the one that is past due does not stand first, or is not marked")
	}
	if a.status != 200 || !strings.Contains(a.body, open.Reference) || strings.Contains(a.body, done.Reference) || strings.Contains(a.body, "at the desk") {
		t.Errorf("%d %s", a.status, fmt.Sprint(strings.Contains(a.body, open.Reference), strings.Contains(a.body, done.Reference)))
	}
}
