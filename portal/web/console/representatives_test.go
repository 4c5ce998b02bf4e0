package console_test

import (
	"strings"
	"testing"

	"quittance/portal/debt"
)

func TestDSC05_ACollectorRecordsWhoSpeaksForAPersonAndEndsIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account, _ := b.place(t, debt.Deceased)
	agent := b.signedIn(t, "kim@acme.example")
	page := "/console/accounts/" + string(account.ID) + "/representatives"
	if a := agent.get("/console/accounts/" + string(account.ID)); !strings.Contains(a.body, `href="`+page+`"`) {
		t.Error("the account does not lead there")
	}
	agent.get(page)
	entry := []string{"role", "executor", "name", "Eva Garcia", "postal_code", "10001", "document_id", "DOC-311", "checked_by", "Sam Agent"}
	for name, c := range map[string]struct {
		change []string
		says   string
	}{
		"nothing":            {[]string{"role", "", "name", "", "postal_code", "", "document_id", "", "checked_by", ""}, "Choose a role."},
		"an unreadable day":  {[]string{"until", "soon"}, "put it right"},
		"a day that is past": {[]string{"until", "2020-01-01"}, "put it right"},
		"a phone of three":   {[]string{"phone", "555"}, "put it right"},
		"a role of another":  {[]string{"role", "parent"}, "does not count as that yet"},
	} {
		if a := agent.post(page, append(append([]string{}, entry...), c.change...)...); a.status != 422 || !strings.Contains(a.body, c.says) {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	for range 2 { // a second press of the button is the same representative
		if a := agent.post(page, entry...); a.status != 303 || a.location != page {
			t.Fatalf("recording: %d\n%s", a.status, a.body)
		}
	}
	a := agent.get(page)
	for _, want := range []string{"Executor of the estate", "Eva Garcia", "DOC-311"} {
		if strings.Count(a.body, want) < 1 {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Count(a.body, "DOC-311") != 1 {
		t.Error("two representatives by one paper")
	}
	_, rest, _ := strings.Cut(a.body, page+"/rep_")
	id, _, _ := strings.Cut(rest, "/end")
	if a := agent.post(page + "/rep_unknown/end"); a.status != 404 {
		t.Errorf("ending nobody: %d", a.status)
	}
	if a := agent.post(page + "/rep_" + id + "/end"); a.status != 303 {
		t.Errorf("ending: %d", a.status)
	}
	if a := agent.get(page); !strings.Contains(a.body, "Ended") || strings.Contains(a.body, "/end\"") {
		t.Errorf("after the end:\n%s", a.body)
	}
	if a := b.signedIn(t, "fin@acme.example").get(page); a.status != 404 {
		t.Errorf("finance sees it: %d", a.status)
	}
}
