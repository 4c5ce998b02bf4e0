package api_test

import (
	"strings"
	"testing"
)

func TestDSC05_ASystemRecordsARepresentativeAndEndsIt(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	p.place(t, token)
	const path = "/api/v1/accounts/A-1/representatives"
	body := func(change ...string) string {
		return strings.NewReplacer(change...).Replace(
			`{"role":"spouse","name":"Eva Garcia","postal_code":"10001","document_id":"DOC-311","checked_by":"Kim","until":"2027-01-31"}`)
	}
	for name, c := range map[string]struct {
		body   string
		status int
		says   string
	}{
		"an executor of somebody who lives": {body("spouse", "executor"), 409, "Place that status first"},
		"an attorney":                       {body("spouse", "attorney"), 422, "role"},
		"no ZIP code":                       {body("10001", ""), 422, "body.postal_code"},
		"a day that is none":                {body("2027-01-31", "soon"), 422, "body.until"},
		"a day that is past":                {body("2027-01-31", "2020-01-31"), 422, "body.until"},
	} {
		if a := p.ask(t, token, "POST", path, c.body, "Idempotency-Key", "k-"+strings.ReplaceAll(name, " ", "-")); a.status != c.status || !strings.Contains(a.body, c.says) || strings.Contains(a.body, "Garcia") {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	made := p.ask(t, token, "POST", path, body(), "Idempotency-Key", "k-1")
	id, _ := made.field(t, "id").(string)
	code, _ := made.field(t, "reference_code").(string)
	if made.status != 201 || id == "" || len(code) != 12 || made.field(t, "until") != "2027-01-31" {
		t.Fatalf("recorded: %d %s", made.status, made.body)
	}
	if again := p.ask(t, token, "POST", path, body(), "Idempotency-Key", "k-2"); again.field(t, "id") != id {
		t.Errorf("the same paper again: %s", again.body)
	}
	list := p.ask(t, token, "GET", path, "")
	if list.status != 200 || !strings.Contains(list.body, id) || strings.Contains(list.body, code) {
		t.Errorf("the list: %d %s", list.status, list.body)
	}
	for _, a := range []answer{
		p.ask(t, p.token(t, "mercy"), "GET", path, ""), p.ask(t, token, "GET", "/api/v1/accounts/A-9/representatives", ""),
		p.ask(t, token, "PUT", path+"/rep_none", `{"state":"revoked"}`),
	} {
		if a.status != 404 {
			t.Errorf("what is not there: %d %s", a.status, a.body)
		}
	}
	for range 2 {
		if a := p.ask(t, token, "PUT", path+"/"+id, `{"state":"revoked"}`); a.status != 204 {
			t.Errorf("revoked: %d %s", a.status, a.body)
		}
	}
	if a := p.ask(t, token, "GET", path, ""); !strings.Contains(a.body, `"revoked_by":"token:`) {
		t.Errorf("after: %s", a.body)
	}
}
