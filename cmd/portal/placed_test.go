package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"quittance/payments"
	"quittance/portal/identity"
	"quittance/portal/store/storetest"
)

// placing is a portal that takes files in by its API, as a system of record sends
// them.
type placing struct {
	*locked
	token string
}

// placed is the answer to one file.
type placed struct {
	status  int
	body    string
	New     int `json:"new"`
	Updated int `json:"updated"`
	Refused int `json:"refused"`
	Held    int `json:"held"`
	Flagged int `json:"flagged"`
}

func places(t *testing.T, database string) *placing {
	t.Helper()
	p := &placing{locked: &locked{rehearsal: rehearse(t, database), t: t}}
	p.token = p.bearer(t, "", identity.PlacementsWrite, identity.CodesRead)
	return p
}

var caseDay = regexp.MustCompile(`2026-11-(?:2[0-9]|30)(T[0-9:]+Z)?`)

// file is a case in which changes, pairs of what is replaced, were made, with its days
// as long ago as they were when it was written.
func (p *placing) file(name string, changes ...string) []byte {
	p.t.Helper()
	content, err := os.ReadFile("testdata/cases/" + name)
	if err != nil {
		p.t.Fatal(err)
	}
	since := p.Clock.Now().UTC().Truncate(24 * time.Hour).Sub(time.Date(2026, time.November, 30, 0, 0, 0, 0, time.UTC))
	return []byte(caseDay.ReplaceAllStringFunc(strings.NewReplacer(changes...).Replace(string(content)), func(s string) string {
		layout := time.RFC3339
		if len(s) == len(time.DateOnly) {
			layout = time.DateOnly
		}
		at, err := time.Parse(layout, s)
		if err != nil {
			p.t.Fatal(err)
		}
		return at.Add(since).Format(layout)
	}))
}

// sends sends a file and returns the answer.
func (p *placing) sends(name string, changes ...string) placed {
	p.t.Helper()
	kind := "text/csv"
	if strings.HasSuffix(name, ".json") {
		kind = "application/json"
	}
	var a placed
	a.status, a.body = p.call(p.t, p.token, http.MethodPost, "/api/v1/placements", kind, p.file(name, changes...))
	if err := json.Unmarshal([]byte(a.body), &a); err != nil {
		p.t.Fatal(err, a.body)
	}
	return a
}

// page is what the person of an account reads after signing in; "" where they are
// not let in.
func (p *placing) page(ref, zip string) string {
	p.t.Helper()
	a := newAgent(p.t, p.URL)
	if !p.comes(a, p.code(ref), zip) {
		return ""
	}
	_, body := a.get("/account")
	return body
}

// code is the reference code of an account, as letters are printed with it.
func (p *placing) code(ref string) string {
	p.t.Helper()
	status, said := p.call(p.t, p.token, http.MethodGet, "/api/v1/accounts/"+ref+"/code", "", nil)
	var got struct {
		Code string `json:"reference_code"`
	}
	if err := json.Unmarshal([]byte(said), &got); err != nil || status != http.StatusOK {
		p.t.Fatal(status, said)
	}
	return got.Code
}

// counts are the statuses that a debt counts as now.
func (p *placing) counts(accountRef, debtRef string) string {
	p.t.Helper()
	a, found, err := p.Portal.Store.AccountByRef(p.t.Context(), accountRef)
	if err != nil || !found {
		p.t.Fatalf("%s: %v, %v", accountRef, found, err)
	}
	all, err := p.Portal.Store.AccountStatements(p.t.Context(), a.ID)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, s := range all {
		if s.Debt.Ref == debtRef {
			counted := string(s.Debt.Status)
			for _, h := range s.Debt.Holds {
				counted += " " + string(h.Status)
			}
			return counted
		}
	}
	return "not placed"
}

var taskField = regexp.MustCompile(`name="task" value="([^"]*)"`)

// decides presses the first button of a kind on the page of rows.
func (a *agent) decides(decision string) {
	a.t.Helper()
	_, page := a.get("/console/rows")
	task := taskField.FindStringSubmatch(page)
	if task == nil {
		a.t.Fatalf("nothing waits:\n%s", page[max(0, len(page)-3000):])
	}
	a.decidesTask(task[1], decision)
}

func TestSTS01_F03_AStopIsInEffectWhateverElseIsWrongInItsRow(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		p := places(t, database)
		desk := p.desk(identity.RoleCompliance)
		p.sends("F03-base.setup.csv")
		p.sends("F03-base.setup.csv", "BK-", "RC-")
		p.sends("F03-base.setup.csv", "BK-", "RF-")
		if page := p.page("BK-1", "12207"); !strings.Contains(page, "$500.00") {
			t.Fatalf("before: %s", page)
		}
		if a := p.sends("F03-bankruptcy-row-with-phone-extension.csv"); a.status != http.StatusOK || a.Updated != 1 || a.Flagged != 1 || strings.Contains(a.body, "555-0123") {
			t.Errorf("the phone with an extension: %d %s", a.status, a.body)
		}
		if page := p.page("BK-1", "12207"); !strings.Contains(page, "bankruptcy") || strings.Contains(page, "$500.00") {
			t.Errorf("the page of a bankrupt person: %s", page)
		}
		if a := p.sends("F03-recalled-row-with-zip-dash.csv", "BK-", "RC-"); a.status != http.StatusOK || a.Updated != 1 || a.Flagged != 1 {
			t.Errorf("the ZIP code with a dash: %d %s", a.status, a.body)
		}
		if got := p.counts("RC-1", "RC-D1"); got != "recalled under_review" {
			t.Errorf("the recalled debt counts as %s", got)
		}
		if a := p.sends("F03-bankruptcy-row-with-phone-extension.csv", "BK-", "RF-", "2026-01-31", "31.1.2026"); a.status != http.StatusUnprocessableEntity {
			t.Errorf("the row without an itemization date: %d %s", a.status, a.body)
		}
		if got := p.counts("RF-1", "RF-D1"); got != "active bankruptcy" {
			t.Errorf("the debt of the refused row counts as %s", got)
		}
		_, rows := desk.get("/console/rows")
		p.tells("the page of rows", rows, "RC-D1", "postal code:not a postal code", "RF-D1", "itemization date:not a date", "On hold for it")
		_, home := desk.get("/console")
		p.tells("the first page", home, "2 rows of your files need a look.", `href="/console/rows"`)
		desk.decides("dropped")
		desk.decides("dropped")
		if first, second := p.counts("RC-1", "RC-D1"), p.counts("RF-1", "RF-D1"); first != "recalled" || second != "active" {
			t.Errorf("after somebody looked: %s, %s", first, second)
		}
	})
}

func TestCOM02_F01_TwoPeopleUnderOneReferenceAreNeverOneAccount(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		p := places(t, database)
		desk := p.desk(identity.RoleCompliance)
		for name, ref := range map[string]string{"F01-two-people-one-account.csv": "450123456789012000", "F01-json-two-objects.json": "J-1"} {
			a := p.sends(name)
			if a.status != http.StatusOK || a.New != 1 || a.Held != 1 || a.Flagged == 0 || !strings.Contains(a.body, "another_person") {
				t.Errorf("%s: %d %s", name, a.status, a.body)
			}
			if page := p.page(ref, "12207"); !strings.Contains(page, "Lakeview Psychiatry") || strings.Contains(page, "City Gas") {
				t.Errorf("%s: the first person reads\n%s", name, page)
			}
			if page := p.page(ref, "12208"); page != "" {
				t.Errorf("%s: the second person is let in", name)
			}
		}
		again := p.sends("F01-two-people-one-account.csv", ",active,1955", ",bankruptcy,1955")
		if got := p.counts("450123456789012000", "D-1"); got != "active bankruptcy" || again.Held != 1 {
			t.Errorf("what is said of the second person silences: %s, %s", got, again.body)
		}
		_, rows := desk.get("/console/rows")
		p.tells("the page of rows", rows, "450123456789012000", "It may be about another person.", "date of birth:another person", "It is the same person", "On hold for it")
		if strings.Contains(rows, "Poe") || strings.Contains(rows, "1955") {
			t.Error("the page of rows repeats cells")
		}
	})
}

func TestCOM02_F01_ARowThatAPersonConfirmsIsTakenInNextTime(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		p := places(t, database)
		desk := p.desk(identity.RoleCompliance)
		p.sends("F03-base.setup.csv")
		corrected := []string{"1980-03-27", "1980-03-28", "2026-11-28", "2026-11-29"}
		if a := p.sends("F03-base.setup.csv", corrected...); a.Held != 1 {
			t.Fatal(a.body)
		}
		_, rows := desk.get("/console/rows")
		task := taskField.FindStringSubmatch(rows)
		desk.decides("confirmed")
		for _, said := range []url.Values{{"task": {task[1]}, "decision": {"dropped"}}, {"task": {"tsk_none"}, "decision": {"dropped"}}, {"task": {task[1]}, "decision": {"answered"}}} {
			if status, body := desk.do(http.MethodPost, "/console/rows", said); status != http.StatusUnprocessableEntity || !strings.Contains(body, "Somebody decided on this row before.") {
				t.Errorf("%v: %d", said, status)
			}
		}
		if status, _ := p.desk(identity.RoleFinance).get("/console/rows"); status != http.StatusNotFound {
			t.Errorf("finance sees the rows: %d", status)
		}
		if a := p.sends("F03-base.setup.csv", append(corrected, "Sample", "Sampson")...); a.Held != 1 {
			t.Errorf("another name than was confirmed: %s", a.body)
		}
		if a := p.sends("F03-base.setup.csv", corrected...); a.Held != 0 || a.Refused != 0 {
			t.Errorf("what was confirmed: %s", a.body)
		}
		a, _, err := p.Portal.Store.AccountByRef(t.Context(), "BK-1")
		if err != nil || a.Consumer.DateOfBirth.String() != "1980-03-28" {
			t.Errorf("born %s, %v", a.Consumer.DateOfBirth, err)
		}
	})
}

func TestVAL01_F02_ACreditorIsRenamedByAPersonAndByNoRow(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		p := places(t, database)
		desk := p.desk(identity.RoleCompliance)
		p.sends("F02-creditor-renamed-by-a-stranger.setup.csv")
		if a := p.sends("F02-creditor-renamed-by-a-stranger.csv"); a.New != 1 || a.Flagged != 1 || !strings.Contains(a.body, "other_name") {
			t.Errorf("%d %s", a.status, a.body)
		}
		p.sends("F02-creditor-renamed-by-a-stranger.csv", "C-B", "C-F", "City Gas", "Ancient Name", "2026-11-28", "2026-11-20")
		named := func(want string) {
			t.Helper()
			for ref, zip := range map[string]string{"C-A": "12207", "C-B": "12207"} {
				if page := p.page(ref, zip); !strings.Contains(page, want) {
					t.Errorf("%s does not read %s", ref, want)
				}
			}
		}
		named("Mercy Clinic")
		_, rows := desk.get("/console/rows")
		p.tells("the page of rows", rows, "CR-7", "It gives the creditor another name: City Gas")
		if strings.Contains(rows, "Ancient Name") {
			t.Error("an older row proposes a name")
		}
		desk.decides("confirmed")
		named("City Gas")
		if a := p.sends("F02-two-names-in-one-file.csv", "CR-7", "CR-8"); a.New != 2 || a.Flagged != 1 {
			t.Errorf("two names in one file: %s", a.body)
		}
		if page := p.page("C-E", "12207"); strings.Contains(page, "Clinic LLC") {
			t.Errorf("the last name of a file wins:\n%s", page)
		}
	})
}

func TestVAL01_F15_F16_F17_F19_N23_WhatOtherProgramsLeaveInAFile(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		p := places(t, database)
		if a := p.sends("F15-single-name.csv"); a.New != 1 || !strings.Contains(p.page("MN-1", "12207"), "Suharto") {
			t.Errorf("one name: %d %s", a.status, a.body)
		}
		if a := p.sends("F16-no-header.csv"); a.status != http.StatusUnprocessableEntity || strings.Contains(strings.ToLower(a.body), "sample") || strings.Contains(a.body, "albany") || strings.Contains(a.body, "gas") {
			t.Errorf("no header: %d %s", a.status, a.body)
		}
		if a := p.sends("F17-trailing-comma.csv"); a.New != 1 {
			t.Errorf("a trailing comma: %d %s", a.status, a.body)
		}
		if a := p.sends("N23-invisible-first-name.csv"); a.New != 1 || strings.Contains(p.page("ZW-1", "12207"), "\u200b") {
			t.Errorf("a name of nothing that is seen: %d %s", a.status, a.body)
		}
		if a := p.sends("N23-invisible-first-name.csv", "Sample", "\u00ad"); a.status != http.StatusUnprocessableEntity {
			t.Errorf("two names of nothing: %d %s", a.status, a.body)
		}
		if a := p.sends("F19-placeholder-birth-date.csv"); a.New != 1 || a.Flagged != 1 || !strings.Contains(a.body, "placeholder") {
			t.Errorf("a placeholder: %d %s", a.status, a.body)
		}
		a, _, err := p.Portal.Store.AccountByRef(t.Context(), "PB-1")
		if err != nil || !a.Consumer.DateOfBirth.IsZero() {
			t.Errorf("born %s, %v", a.Consumer.DateOfBirth, err)
		}
		if a := p.sends("F19-placeholder-birth-date.csv", "1900-01-01", "1955-05-05", "2026-11-28", "2026-11-29"); a.Updated != 1 {
			t.Errorf("the birth date that comes later: %s", a.body)
		}
	})
}

// TestVAL01_F12_F21_WhatIsBeyondASCIIOrMissingLeavesNoHoleInAPage: an address whose
// first letter takes two bytes is told by that letter, and a debt that says not what
// it is for has no sentence about it.
func TestVAL01_F12_F21_WhatIsBeyondASCIIOrMissingLeavesNoHoleInAPage(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		p := places(t, database)
		for _, name := range []string{"F12-masked-email.csv", "F21-no-description.csv"} {
			if a := p.sends(name); a.New != 1 {
				t.Fatalf("%s: %d %s", name, a.status, a.body)
			}
		}
		page, _ := p.comesIn(t, p.code("NM-2"), "12207").get("/preferences")
		if !strings.Contains(page, "ñ•••@example.com") || !utf8.ValidString(page) {
			t.Errorf("how the address is told: %s", textOf(page))
		}
		who := p.comesIn(t, p.code("ND-1"), "12207")
		if page, _ = who.get(p.toReview(t, who, payments.Card, "pm_card_visa")); !strings.Contains(page, "City Gas") || strings.Contains(page, "For: .") || strings.Contains(textOf(page), "For: ") {
			t.Errorf("what it is for: %s", textOf(page))
		}
	})
}
