package consumer_test

import (
	"slices"
	"strings"
	"testing"

	"quittance/portal/dispute"
	"quittance/portal/represent"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// TestSTS05_PapersMayBeAddedToWhatWasSaidAndOnlyWhoSaidItSeesTheirNames: nobody
// has to, and nothing waits for them.
func TestSTS05_PapersMayBeAddedToWhatWasSaidAndOnlyWhoSaidItSeesTheirNames(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		spouse, _ := b.speaking(t, p, represent.Spouse)
		v := b.signedIn(t, p)
		v.get("/help/identity-theft")
		done := v.goes(303, "/help/done/CLM-", v.post("/help/identity-theft")).location
		says(t, v.get(done), `action="`+done+`/files"`, `enctype="multipart/form-data"`, "If you have a report to the FTC or the police", "You can leave this out")
		v.goes(303, done, v.postFiles(done+"/files", "@ftc.pdf", paper, "@police.jpg", photo))
		says(t, v.get(done), "We have these files", "ftc.pdf", "police.jpg")

		back := b.signedIn(t, p)
		a := back.get(done)
		says(t, a, "We have 2 files from you.", `action="`+done+`/files"`)
		if strings.Contains(a.body, "ftc.pdf") {
			t.Errorf("whoever comes back is told the names:\n%s", a.body)
		}
		back.goes(303, done, back.postFiles(done+"/files", "@more.pdf", paper))
		says(t, back.get(done), "We have 3 files from you.")

		stranger := b.signedIn(t, b.place(t, owing(500)))
		for name, a := range map[string]view{
			"another looks": stranger.get(done), "another adds": stranger.postFiles(done+"/files", "@x.pdf", paper),
		} {
			if a.status != 404 {
				t.Errorf("%s: %d", name, a.status)
			}
		}
		for name, a := range map[string]view{"looks": spouse.get(done), "adds": spouse.postFiles(done+"/files", "@x.pdf", paper)} {
			if a.status != 303 || a.location != "/account" {
				t.Errorf("the spouse %s: %d %s", name, a.status, a.location)
			}
		}
		claims, err := b.store.ClaimsOfAccount(t.Context(), p.account.ID)
		must(t, err)
		files, err := b.disputes.ClaimPapers(t.Context(), claims[0].ID)
		if err != nil || len(files) != 3 || files[1].Name != "police.jpg" || files[1].Type != "image/jpeg" || files[0].DisputeID != "" {
			t.Errorf("kept %+v, %v", files, err)
		}
	})
}

func TestSTS01_APaperThatIsNotTakenSaysWhyBesideTheFieldAndAPauseAsksForNone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	v.get("/help/hardship")
	pause := v.goes(303, "/help/done/CLM-", v.post("/help/hardship")).location
	if a := v.get(pause); strings.Contains(a.body, "/files") {
		t.Errorf("a pause asks for papers:\n%s", a.body)
	}
	v.goes(303, pause, v.postFiles(pause+"/files", "@x.pdf", paper))
	v.get("/help/bankruptcy")
	done := v.goes(303, "/help/done/CLM-", v.post("/help/bankruptcy")).location
	v.get(done)
	for _, c := range []struct {
		name  string
		files []string
		want  string
	}{
		{"none", nil, "Choose a photo or a PDF first."},
		{"a page", []string{"@x.html", "<html>"}, "x.html is not a JPEG, PNG or WebP photo or a PDF."},
		{"too large", []string{"@big.pdf", paper + strings.Repeat(" ", dispute.MostFileBytes)}, "big.pdf is larger than 10 MB."},
		{"too many", append(slices.Repeat([]string{"@a.jpg", photo}, dispute.MostFiles), "@seventh.jpg", photo), "seventh.jpg was left out."},
	} {
		a := v.postFiles(done+"/files", c.files...)
		if a.status != 422 || !strings.Contains(a.body, c.want) || !strings.Contains(a.body, `aria-invalid="true"`) {
			t.Errorf("%s: %d\n%s", c.name, a.status, a.body)
		}
	}
	says(t, v.get(done), "We have these files", "a.jpg")
	claims, err := b.store.ClaimsOfAccount(t.Context(), p.account.ID)
	must(t, err)
	for _, c := range claims {
		files, err := b.disputes.ClaimPapers(t.Context(), c.ID)
		if want := map[bool]int{true: 0, false: dispute.MostFiles}[c.Kind.Pause()]; err != nil || len(files) != want {
			t.Errorf("%s has %d files, %v", c.Kind, len(files), err)
		}
	}
}
