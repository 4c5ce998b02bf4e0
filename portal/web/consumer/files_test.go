package consumer_test

import (
	"strings"
	"testing"

	"quittance/portal/claim"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/dispute/disputetest"
)

// TestSEC08_EachDoorOfTheConsumersKeepsThePixelsOfAPhotoAlone and says in the
// person's language what it does not take (F14): the form of a dispute, a
// dispute that was sent, and what somebody said of their life.
func TestSEC08_EachDoorOfTheConsumersKeepsThePixelsOfAPhotoAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	receipt := v.disputeIt(p, "reason_wrong_amount", "yes", "@form.jpg", disputetest.Located(6))
	v.get(receipt)
	v.goes(303, receipt, v.postFiles(receipt+"/files", "@added.jpg", disputetest.Located(3)))
	v.get("/help/bankruptcy")
	done := v.goes(303, "/help/done/CLM-", v.post("/help/bankruptcy")).location
	v.get(done)
	v.goes(303, done, v.postFiles(done+"/files", "@claim.jpg", disputetest.Located(8)))
	kept := 0
	read := func(files []dispute.File, err error) {
		must(t, err)
		for _, f := range files {
			_, content, err := b.disputes.ReadOwn(t.Context(), p.account.ID, f.ID)
			if err != nil || strings.Contains(string(content), disputetest.Canary) || f.Type != "image/jpeg" {
				t.Errorf("%s: %s, %v, or it tells where it was taken", f.Name, f.Type, err)
			}
			kept++
		}
	}
	sent, err := b.disputes.ByReference(t.Context(), p.account.ID, receipt[len("/disputes/"):])
	must(t, err)
	read(b.disputes.Evidence(t.Context(), "", sent.ID))
	read(b.disputes.ClaimPapers(t.Context(), claimOf(t, b, p.account.ID)))
	if kept != 3 {
		t.Errorf("%d files were kept", kept)
	}
	q := b.place(t, owing(15000))
	w := b.signedIn(t, q)
	form := "/disputes/about/" + string(q.debts[0].ID)
	for door, page := range map[string]func(file, content string) view{
		form: func(file, content string) view {
			return w.postFiles(form, "words", "kept words", "@good.jpg", photo, file, content)
		},
		receipt: func(file, content string) view { return v.postFiles(receipt+"/files", file, content) },
		done:    func(file, content string) view { return v.postFiles(done+"/files", file, content) },
	} {
		w.get(form)
		for _, c := range []struct{ content, want string }{
			{disputetest.PDF("/OpenAction << /S /JavaScript /JS (x) >>"), "bad.file runs something or holds other files."},
			{disputetest.PDF("/Encrypt 5 0 R"), "bad.file is locked with a password."},
			{disputetest.Huge(60_000, 60_000), "bad.file has too many dots. We can take up to 50 million."},
			{"\x00\x00\x00\x18ftypheic....", "bad.file is a HEIC photo."},
			{"\xff\xd8\xff\xe0 no photo", "We could not open bad.file."},
		} {
			a := page("@bad.file", c.content)
			if a.status != 422 || !strings.Contains(a.body, c.want) || !strings.Contains(a.body, `aria-invalid="true"`) {
				t.Errorf("%s: %d, lacks %q", door, a.status, c.want)
			}
			if door == form {
				says(t, a, "kept words", "good.jpg")
			}
		}
	}
	ours := w.get(w.byHand(q) + "/agreements/1/copy.pdf").body // as the portal itself prints
	w.get(form)
	w.goes(303, "/disputes/check/drd_", w.postFiles(form, "reason_wrong_amount", "yes", "words", "kept words", "@copy.pdf", ours))
	v.goes(303, receipt, v.postFiles(receipt+"/files", "@statement.pdf", disputetest.Printed()["packed"], "@again.pdf", disputetest.Printed()["saved again, tables in streams"]))
	v.post("/language", "lang", "es", "next", receipt)
	says(t, v.postFiles(receipt+"/files", "@factura.pdf", disputetest.PDF("/AA << >>")), "factura.pdf hace algo por sí solo o lleva otros archivos.")
}

func claimOf(t *testing.T, b *bundle, account debt.AccountID) claim.ID {
	t.Helper()
	all, err := b.store.ClaimsOfAccount(t.Context(), account)
	must(t, err)
	if len(all) != 1 {
		t.Fatalf("%d claims", len(all))
	}
	return all[0].ID
}
