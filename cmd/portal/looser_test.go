package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"quittance/payments/money"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/store/storetest"
)

// payable is what the API says may be paid on a debt.
func (p *placing) payable(ref string) money.Cents {
	p.t.Helper()
	status, said := p.call(p.t, p.bearer(p.t, "", identity.AccountsRead), http.MethodGet, "/api/v1/accounts/"+ref+"/balance", "", nil)
	var got struct {
		Debts []struct {
			Payable money.Cents `json:"payable_cents"`
		} `json:"debts"`
	}
	if err := json.Unmarshal([]byte(said), &got); err != nil || status != http.StatusOK || len(got.Debts) != 1 {
		p.t.Fatal(status, said, err)
	}
	return got.Debts[0].Payable
}

// open reports whether page, API and plans agree that a person may pay, and fails
// where they do not.
func (p *placing) open(ref, zip string) bool {
	p.t.Helper()
	id, st, err := p.FirstDebt(p.t.Context(), ref)
	if err != nil {
		p.t.Fatal(err)
	}
	_, _, refused := p.Portal.Plans.Begin(p.t.Context(), string(id), string(st.Debt.ID), p.monthlyFrom(10, 50_00))
	page := strings.Contains(p.page(ref, zip), `href="/payments/new"`)
	if api := p.payable(ref) > 0; api != page || api != (refused == nil) {
		p.t.Errorf("%s: the API says %t, the page %t, plans %v", ref, api, page, refused)
	}
	return page
}

// audited counts an action of the audit log about an account.
func (r *rehearsal) audited(t *testing.T, action string, id debt.AccountID) (n int) {
	t.Helper()
	rows, err := r.Portal.Store.LooseAudit(t.Context(), 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if row.Action == action && row.AccountID == string(id) {
			n++
		}
	}
	return n
}

var listField = regexp.MustCompile(`name="tasks" value="([^"]*)"`)

// TestSTS01_WHK05_AStatusThatIsLessStrictWaitsForAPerson closes debts by file and
// opens them by the next: one is confirmed by itself, the others as a list, of
// which one is closed again and another came later.
func TestSTS01_WHK05_AStatusThatIsLessStrictWaitsForAPerson(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		p := places(t, database)
		desk := p.desk(identity.RoleCompliance)
		zips := map[string]string{"A-1002": "43004", "A-1007": "45202", "A-1008": "44503", "A-1009": "44702", "A-1011": "45011"}
		closed, again := map[string][]string{}, map[string][]string{}
		for ref, status := range map[string]string{"A-1002": "bankruptcy", "A-1011": "recalled", "A-1007": "paid", "A-1008": "disputed"} {
			closed[ref+"-1"], again[ref+"-1"] = []string{"status", status}, []string{"status", "active"}
		}
		all := func(want bool, refs ...string) {
			t.Helper()
			for _, ref := range refs {
				if got := p.open(ref, zips[ref]); got != want {
					t.Errorf("%s is open: %t", ref, got)
				}
			}
		}
		all(true, "A-1002", "A-1011", "A-1007", "A-1008", "A-1009")
		if said := p.files(t, 2, closed); !strings.Contains(said, `"waiting":0,`) {
			t.Error(said)
		}
		if said := p.files(t, 3, again); !strings.Contains(said, `"waiting":4,`) || !strings.Contains(said, `"updated":4,`) || !strings.Contains(said, `"less_strict"`) {
			t.Error(said)
		}
		if said := p.files(t, 4, again); !strings.Contains(said, `"waiting":0,`) || !strings.Contains(said, `"updated":4,`) {
			t.Error(said) // it says nothing new
		}
		all(false, "A-1002", "A-1011", "A-1007", "A-1008")
		all(true, "A-1009")
		_, page := desk.get("/console/rows")
		p.tells("the page of rows", page, "the debt counts as: bankruptcy.", "the debt counts as: paid.", "Let it count", "Keep the stricter one", "Let all 4 less strict statuses of this list count")
		desk.decidesTask(p.taskOf("A-1002-1"), "confirmed")
		all(true, "A-1002")
		all(false, "A-1011", "A-1007", "A-1008")

		_, page = desk.get("/console/rows")
		list := listField.FindStringSubmatch(page)
		if list == nil || len(strings.Fields(list[1])) != 3 {
			t.Fatalf("the list is %v", list)
		}
		p.filed(t, 5, "A-1008-1", "status", "disputed") // answered meanwhile
		p.filed(t, 2, "A-1009-1", "status", "recalled")
		p.filed(t, 3, "A-1009-1", "status", "active") // came later
		if status, body := desk.do(http.MethodPost, "/console/rows", url.Values{"tasks": {list[1]}, "decision": {"confirmed"}}); status != http.StatusSeeOther {
			t.Fatalf("the list: %d %s", status, body)
		}
		all(true, "A-1011", "A-1007")
		all(false, "A-1008", "A-1009")
		if status, body := desk.do(http.MethodPost, "/console/rows", url.Values{"tasks": {list[1]}, "decision": {"confirmed"}}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "Somebody decided on this row before.") {
			t.Errorf("the list again: %d", status)
		}
		for ref, want := range map[string]int{"A-1002": 1, "A-1011": 1, "A-1007": 1, "A-1008": 0, "A-1009": 0} {
			id, _, err := p.FirstDebt(t.Context(), ref)
			if err != nil {
				t.Fatal(err)
			}
			if confirmed, held := p.audited(t, "console.row_confirmed", id), p.audited(t, "hold.opened", id); confirmed != want || held != 1 {
				t.Errorf("%s: %d confirmations and %d holds are in the log", ref, confirmed, held)
			}
		}
		desk.decidesTask(p.taskOf("A-1009-1"), "dropped")
		all(false, "A-1009")
	})
}

// taskOf is the open task about a debt.
func (p *placing) taskOf(debtRef string) string {
	p.t.Helper()
	all, err := p.Portal.Store.OpenTasks(p.t.Context(), 100)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, task := range all {
		if task.DebtRef == debtRef {
			return task.ID
		}
	}
	p.t.Fatalf("nobody is asked about %s", debtRef)
	return ""
}

// decidesTask decides about one row.
func (a *agent) decidesTask(task, decision string) {
	a.t.Helper()
	if status, body := a.do(http.MethodPost, "/console/rows", url.Values{"task": {task}, "decision": {decision}}); status != http.StatusSeeOther {
		a.t.Fatalf("%s: %d\n%s", decision, status, body[max(0, len(body)-3000):])
	}
}
