package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/cmd/demo"
	"quittance/portal/alert"
	"quittance/portal/audit"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/store/storetest"
)

// call asks the rehearsal's API and returns status and body.
func (r *rehearsal) call(t *testing.T, token, method, path, kind string, body []byte) (int, string) {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), method, r.URL+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+token)
	if kind != "" {
		q.Header.Set("Content-Type", kind)
	}
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(content)
}

func (r *rehearsal) bearer(t *testing.T, creditor string, scopes ...identity.Scope) string {
	t.Helper()
	token, _, err := r.Portal.Tokens.IssueToken(t.Context(), identity.Grant{Name: "test", Scopes: scopes, Creditors: debt.CreditorsOf(creditor), By: "test", For: 24 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// TestSEC09_TheCodeOfAnAccountPlacedByAPIReachesWhoeverPrintsLettersAndEachLookIsInTheLog
// places by API, reads the code back and finds the account by it.
func TestSEC09_TheCodeOfAnAccountPlacedByAPIReachesWhoeverPrintsLettersAndEachLookIsInTheLog(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		person := demo.Sample{Ref: "N-1", First: "Pat", Last: "New", Born: "1980-01-01", City: "Dayton", State: "OH", ZIP: "45402",
			Debts: []demo.SampleDebt{{Creditor: "New Clinic", Kind: "medical", Last4: "0001", What: "Care", Amount: 500_00, MonthsAgo: 3}}}
		all := r.bearer(t, "", identity.PlacementsWrite, identity.CodesRead)
		if status, said := r.call(t, all, "POST", "/api/v1/placements", "text/csv", demo.Placements([]demo.Sample{person}, r.Clock.Now())); status != http.StatusOK {
			t.Fatal(status, said)
		}
		var got struct {
			Ref  string `json:"account_ref"`
			Code string `json:"reference_code"`
		}
		status, said := r.call(t, all, "GET", "/api/v1/accounts/N-1/code", "", nil)
		if err := json.Unmarshal([]byte(said), &got); err != nil || status != http.StatusOK || got.Ref != "N-1" {
			t.Fatal(status, said, err)
		}
		account := r.opens(t, got.Code)
		for name, c := range map[string]struct {
			token, ref string
			want       int
		}{
			"no scope":         {r.bearer(t, "", identity.PlacementsWrite, identity.AccountsRead), "N-1", http.StatusForbidden},
			"a creditor's own": {r.bearer(t, "C-101", identity.CodesRead), "N-1", http.StatusForbidden},
			"no such account":  {all, "N-2", http.StatusNotFound},
		} {
			if status, said := r.call(t, c.token, "GET", "/api/v1/accounts/"+c.ref+"/code", "", nil); status != c.want || strings.Contains(said, got.Code) {
				t.Errorf("%s: %d %s", name, status, said)
			}
		}
		if n := r.looks(t, account); n != 1 {
			t.Errorf("the log has %d looks at the code, want 1", n)
		}
		codes := map[string]string{}
		keep := func(ref string, l identity.Letter) error { codes[ref] = l.Code; return nil }
		if err := r.Portal.Codebook().Each(t.Context(), time.Time{}, keep); err != nil || codes["N-1"] != got.Code || len(codes) != len(r.People)+1 {
			t.Errorf("%d codes, N-1 has %q, %v", len(codes), codes["N-1"], err)
		}
		if n := r.looks(t, account); n != 2 {
			t.Errorf("the log has %d looks at the code, want 2", n)
		}
		clear(codes)
		if err := r.Portal.Codebook().Each(t.Context(), r.Clock.Now().Add(time.Hour), keep); err != nil || len(codes) != 0 {
			t.Errorf("placed since an hour from now: %d, %v", len(codes), err)
		}
		if _, err := r.Portal.Store.EraseAccount(t.Context(), account, r.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		if status, said := r.call(t, all, "GET", "/api/v1/accounts/N-1/code", "", nil); status != http.StatusNotFound {
			t.Errorf("of an erased account: %d %s", status, said)
		}
		if err := r.Portal.Codebook().Each(t.Context(), time.Time{}, keep); err != nil || len(codes) != len(r.People) {
			t.Errorf("after an erasure: %d codes, %v", len(codes), err)
		}
	})
}

// opens says which account a printed code opens.
func (r *rehearsal) opens(t *testing.T, printed string) string {
	t.Helper()
	code, err := identity.ParseCode(printed)
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.Portal.Store.PersonByCode(t.Context(), r.Portal.Codes.Hash(code))
	if err != nil {
		t.Fatal(err)
	}
	return string(p.AccountID)
}

// looks counts in the log how often an account's code was told.
func (r *rehearsal) looks(t *testing.T, account string) (n int) {
	t.Helper()
	rows, err := r.Portal.Store.LooseAudit(t.Context(), 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if row.Action == audit.Reading+"code" && row.AccountID == account {
			n++
		}
	}
	return n
}

func TestCodesAreWrittenForLettersAlsoAfterTheImportIsOver(t *testing.T) {
	t.Parallel()
	settings := demo.Settings("http://127.0.0.1:1", "http://127.0.0.1:1", "127.0.0.1:1", storetest.SQLiteURL(t))
	settings["PORTAL_SECRET_KEY"] = "first-key-0123456789-abcdefghijklmnopqrstuvwxyz"
	file := filepath.Join(folder(t, map[string]string{"placements.csv": string(demo.Placements(demo.Samples(), time.Now()))}), "placements.csv")
	if said, code := order(t, settings, "import", file); code != exitDone {
		t.Fatal(code, said)
	}
	said, code := order(t, settings, "codes", "-since", time.Now().UTC().Format(time.DateOnly))
	lines := strings.Split(strings.TrimSpace(said), "\n")
	if code != exitDone || lines[0] != "account_ref,reference_code,words_en,words_es" || len(lines) != len(demo.Samples())+1 {
		t.Errorf("exit %d: %s", code, said)
	}
	for _, line := range lines[1:] {
		cells := strings.Split(line, ",")
		if _, err := identity.ParseCode(cells[1]); err != nil || len(strings.Fields(cells[2])) != 3 || len(strings.Fields(cells[3])) != 3 {
			t.Errorf("%q: %v", line, err)
		}
	}
	if said, code := order(t, settings, "codes", "-since", "tomorrow"); code != exitUsage {
		t.Errorf("exit %d: %s", code, said)
	}
}

// TestSEC01_ImportAndCodesAskForNothingThatTheyDoNotUse: whoever loads files at
// night needs no key of the processor.
func TestSEC01_ImportAndCodesAskForNothingThatTheyDoNotUse(t *testing.T) {
	t.Parallel()
	settings := map[string]string{
		"PORTAL_DATABASE_URL": storetest.SQLiteURL(t), "PORTAL_SECRET_KEY": "first-key-0123456789-abcdefghijklmnopqrstuvwxyz",
		"PORTAL_AGENCY_NAME": "Acme Services", "PORTAL_AGENCY_ADDRESS": "PO Box 1; Dayton, OH 45401", "PORTAL_AGENCY_PHONE": "(800) 555-0100",
	}
	file := filepath.Join(folder(t, map[string]string{"placements.csv": string(demo.Placements(demo.Samples(), time.Now()))}), "placements.csv")
	if said, code := order(t, settings, "import", file); code != exitDone {
		t.Fatal(code, said)
	}
	for _, name := range []string{"PORTAL_AGENCY_NAME", "PORTAL_AGENCY_ADDRESS", "PORTAL_AGENCY_PHONE"} {
		delete(settings, name)
	}
	for _, command := range [][]string{{"codes"}, {"token", "list"}, {"staff", "list"}, {"endpoint", "list"}, {"terms", "list"}} {
		if said, code := order(t, settings, command...); code != exitDone {
			t.Errorf("%v: %d %s", command, code, said)
		}
	}
	if said, code := order(t, settings, "serve"); code != exitUsage || !strings.Contains(said, "STRIPE_SECRET_KEY") {
		t.Errorf("serve: %d %s", code, said)
	}
}

func TestARowWithoutTheFactThatConsumersAreMatchedByIsToldOf(t *testing.T) {
	t.Parallel()
	person := demo.Sample{Ref: "A-1", First: "Pat", Last: "Rig", City: "Dayton", State: "OH", ZIP: "45402",
		Debts: []demo.SampleDebt{{Creditor: "Rig Clinic", Kind: "medical", Last4: "0001", What: "Care", Amount: 500_00, MonthsAgo: 3}}}
	dir := folder(t, map[string]string{"placements.csv": string(demo.Placements([]demo.Sample{person}, time.Now()))})
	for factor, told := range map[string]bool{"postal_code": false, "date_of_birth": true} {
		settings := demo.Settings("http://127.0.0.1:1", "http://127.0.0.1:1", "127.0.0.1:1", storetest.SQLiteURL(t))
		settings["PORTAL_SECRET_KEY"] = "first-key-0123456789-abcdefghijklmnopqrstuvwxyz"
		settings["PORTAL_FACTOR"] = factor
		for _, name := range []string{"first.csv", "again.csv"} { // a row that changes nothing tells it too
			report := filepath.Join(t.TempDir(), name)
			said, code := order(t, settings, "import", filepath.Join(dir, "placements.csv"), "-report", report)
			rows, err := os.ReadFile(report)
			if err != nil || code != exitDone || strings.Contains(string(rows), "date_of_birth is missing") != told || strings.Contains(said, "1 with something to look at") != told {
				t.Errorf("%s: exit %d: %s %s %v", factor, code, said, rows, err)
			}
		}
	}
}

// TestSEC09_ReadingCodesByAPIHasABudget: a stolen token does not read every code
// unheard.
func TestSEC09_ReadingCodesByAPIHasABudget(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		token, other := r.bearer(t, "", identity.CodesRead), r.bearer(t, "", identity.CodesRead)
		ask := func(token string) *http.Response {
			q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.URL+"/api/v1/accounts/nobody/code", nil)
			if err != nil {
				t.Fatal(err)
			}
			q.Header.Set("Authorization", "Bearer "+token)
			answer, err := http.DefaultClient.Do(q)
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
			return answer
		}
		r.Clock.Move(r.Clock.Now().Truncate(time.Hour).Add(time.Hour).Sub(r.Clock.Now())) // no hour ends meanwhile
		for i := range 100 {
			if a := ask(token); a.StatusCode != http.StatusNotFound {
				t.Fatalf("read %d: %d", i+1, a.StatusCode)
			}
		}
		for range 3 {
			if a := ask(token); a.StatusCode != http.StatusTooManyRequests || a.Header.Get("Retry-After") == "" || a.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("beyond the budget: %d %v", a.StatusCode, a.Header)
			}
		}
		if a := ask(other); a.StatusCode != http.StatusNotFound {
			t.Errorf("another token: %d", a.StatusCode)
		}
		alerts, err := r.Portal.Alerts.List(t.Context(), 100)
		rung := slices.ContainsFunc(alerts, func(a alert.Alert) bool { return a.Kind == alert.CodeReads && strings.HasPrefix(a.Subject, "token:") })
		if err != nil || !rung || r.Portal.CodesRefused.Load() != 3 {
			t.Errorf("alerts %+v, counted %d, %v", alerts, r.Portal.CodesRefused.Load(), err)
		}
		r.Clock.Move(time.Hour)
		if a := ask(token); a.StatusCode != http.StatusNotFound {
			t.Errorf("an hour later: %d", a.StatusCode)
		}
	})
}
