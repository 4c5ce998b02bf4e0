package api_test

import (
	"strings"
	"testing"

	"quittance/portal/identity"
)

func TestREC01_ALegalHoldIsPlacedShownAndLifted(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	p.place(t, token)
	const path = "/api/v1/accounts/A-1/legal-hold"
	const hold = `{"by":"Legal department","reason":"Case 26-10417"}`
	for _, c := range []struct {
		token, method, path, body string
		status                    int
		says                      string
	}{
		{token, "GET", path, "", 200, `"held":false`},
		{token, "PUT", path, `{"by":"","reason":"x"}`, 422, "by"},
		{token, "PUT", path, `{"by":"x"}`, 422, "reason"},
		{token, "PUT", path, hold, 200, `"held":true`},
		{token, "PUT", path, hold, 200, "Case 26-10417"},
		{token, "GET", path, "", 200, "Legal department"},
		{token, "DELETE", path, "", 200, `"held":false`},
		{token, "DELETE", path, "", 200, `"held":false`},
		{token, "PUT", "/api/v1/accounts/A-9/legal-hold", hold, 404, "no such account"},
		{p.token(t, "", identity.AccountsRead), "PUT", path, hold, 403, "records:write"},
		{p.token(t, "C-1"), "PUT", path, hold, 403, "creditor"},
	} {
		if a := p.ask(t, c.token, c.method, c.path, c.body); a.status != c.status || !strings.Contains(a.body, c.says) {
			t.Errorf("%s %s %s: %d %s", c.method, c.path, c.body, a.status, a.body)
		}
	}
	account, _, err := p.store.AccountByRef(t.Context(), "A-1")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := p.store.AuditOf(t.Context(), string(account.ID))
	var done []string
	for _, r := range rows {
		if strings.HasPrefix(r.Action, "legal_hold.") && strings.HasPrefix(r.Actor, "token:") {
			done = append(done, r.Action)
		}
	}
	if err != nil || strings.Join(done, " ") != "legal_hold.placed legal_hold.lifted" {
		t.Errorf("the log tells %v, %v", done, err)
	}
}
