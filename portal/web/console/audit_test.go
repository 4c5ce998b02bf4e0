package console_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"quittance/portal/audit"
	"quittance/portal/debt"
	"quittance/portal/web"
)

func (b bundle) written(t *testing.T) []audit.Stored {
	t.Helper()
	rows, err := b.store.LooseAudit(t.Context(), 1000)
	must(t, err)
	return rows
}

func TestSEC08_EveryFormOfTheConsoleIsWrittenDown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account, _ := b.place(t, debt.Active)
	desks := []*desk{b.signedIn(t, "sam@acme.example"), b.signedIn(t, "fin@acme.example"), b.signedIn(t, "kim@acme.example")}
	forms := 0
	for _, route := range b.Routes() {
		if route.Method != http.MethodPost || route.Access != web.Staff || strings.HasSuffix(route.Pattern, "/sign-out") {
			continue
		}
		forms++
		before := len(b.written(t))
		for _, d := range desks {
			d.files = route.Body == web.FilesBody
			d.send(route.Method, strings.Replace(route.Pattern, ":id", string(account.ID), 1))
		}
		if rows := b.written(t)[before:]; !slices.ContainsFunc(rows, func(r audit.Stored) bool {
			return r.Action == "console.asked" && r.Object == "POST "+route.Pattern && strings.HasPrefix(r.Actor, "staff:stf_")
		}) {
			t.Errorf("%s is not in the log: %+v", route.Pattern, rows)
		}
	}
	if forms < 5 {
		t.Fatalf("only %d forms were found", forms)
	}
}

func TestSEC08_WhoSignsInToTheConsoleAndWhoDoesNotIsWrittenDown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.desk(t)
	d.get("/console/sign-in")
	d.post("/console/sign-in", "email", "sam@acme.example", "password", "wrong")
	d = b.signedIn(t, "sam@acme.example")
	d.post("/console/sign-out")
	var told []string
	for _, r := range b.written(t) {
		told = append(told, r.Action)
		if r.Action != audit.RefusedSignIn && !strings.HasPrefix(r.Actor, "staff:stf_") {
			t.Errorf("%s was done by %s", r.Action, r.Actor)
		}
		if strings.Contains(strings.Join(r.Refs, " ")+r.Object, "@") {
			t.Errorf("an address stands in the log: %+v", r.Entry)
		}
	}
	if want := []string{audit.RefusedSignIn, "console.signed_in_by_recovery_code", "console.signed_out"}; !slices.Equal(told, want) {
		t.Errorf("the log tells %v", told)
	}
}
