package api_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/outbox"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
	"quittance/portal/web/api"
)

func TestPlacementsComeInOnceAndBalancesAreReadBack(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	file := header + line("A-1", "D-1", "mercy", "432.17") + line("A-1", "D-2", "north", "50.00") + line("A-2", "D-3", "north", "1.999")
	a := p.ask(t, token, "POST", "/api/v1/placements", file, "Content-Type", "text/csv; charset=utf-8")
	if a.status != 200 || a.field(t, "new") != 2.0 || a.field(t, "refused") != 1.0 || a.field(t, "rows") != 3.0 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if !strings.Contains(a.body, `"code":"fraction_of_a_cent"`) || strings.Contains(a.body, "1.999") || strings.Contains(a.body, "Ruiz") {
		t.Errorf("report %s", a.body)
	}
	again := p.ask(t, token, "POST", "/api/v1/placements", file, "Content-Type", "text/csv")
	if again.field(t, "unchanged") != 2.0 || again.field(t, "new") != 0.0 {
		t.Errorf("the same file again: %s", again.body)
	}
	b := p.ask(t, token, "GET", "/api/v1/accounts/A-1/balance", "")
	if b.status != 200 || !strings.Contains(b.body, `"balance_cents":43217`) || !strings.Contains(b.body, `"balance_cents":5000`) {
		t.Errorf("%d %s", b.status, b.body)
	}
	if b := p.ask(t, token, "GET", "/api/v1/accounts/A-2/balance", ""); b.status != 404 {
		t.Errorf("a refused row left an account: %d", b.status)
	}
}

func TestPlacementsAsJSONAndDryRun(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	file := `[{"account_ref":"A-9","consumers":[{"first_name":"Ana","last_name":"Ruiz","date_of_birth":"1980-02-29","address_line1":"1 Main St",
		"city":"Dover","state":"DE","postal_code":"19901","debts":[{"debt_ref":"D-9","creditor_ref":"mercy","creditor_name":"Mercy Clinic",
		"debt_type":"medical","account_number_last4":"1234","itemization_type":"charge_off","itemization_date":"2026-01-31","itemization_amount":"10.00",
		"interest_added":"0.00","fees_added":"0.00","payments_credits":"0.00","balance":"10.00","balance_as_of":"2026-11-20","status":"active"}]}]}]`
	dry := p.ask(t, token, "POST", "/api/v1/placements?dry_run=true", file)
	if dry.status != 200 || dry.field(t, "new") != 1.0 || dry.field(t, "dry_run") != true {
		t.Fatalf("%d %s", dry.status, dry.body)
	}
	if b := p.ask(t, token, "GET", "/api/v1/accounts/A-9/balance", ""); b.status != 404 {
		t.Errorf("a dry run left an account: %d", b.status)
	}
	if a := p.ask(t, token, "POST", "/api/v1/placements", file); a.status != 200 || a.field(t, "new") != 1.0 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestAFileThatCannotBeTakenInIsAProblemThatNamesTheFields(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	for name, c := range map[string]struct{ file, kind, want string }{
		"every row refused": {header + line("A-1", "D-1", "mercy", "-5.00"), "text/csv", "rows[2].itemization_amount"},
		"no header":         {line("A-1", "D-1", "mercy", "5.00"), "text/csv", "first line"},
		"a spreadsheet":     {"PK\x03\x04........", "text/csv", "neither CSV nor JSON"},
		"broken JSON":       {`[{"account_ref":`, "application/json", "broken"},
	} {
		a := p.ask(t, token, "POST", "/api/v1/placements", c.file, "Content-Type", c.kind)
		if a.status != 422 || !strings.Contains(a.body, c.want) || strings.Contains(a.body, "Ruiz") {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
		isProblem(t, a)
	}
	if a := p.ask(t, token, "POST", "/api/v1/placements", header+strings.Repeat(line("A-1", "D-1", "mercy", "5.00"), 40_000), "Content-Type", "text/csv"); a.status != 413 {
		t.Errorf("5 MB: %d", a.status)
	}
}

func isProblem(t *testing.T, a answer) {
	t.Helper()
	if a.header.Get("Content-Type") != "application/problem+json" || a.field(t, "status") != float64(a.status) ||
		!strings.HasPrefix(fmt.Sprint(a.field(t, "type")), "/api/docs#") || a.field(t, "title") == "" {
		t.Errorf("not a problem: %s %s", a.header.Get("Content-Type"), a.body)
	}
}

// TestS6_EveryOperationAsksForATokenWithItsScope walks the document: each
// operation is asked without a token, with a broken one, a revoked one, and one
// that has every scope but the right one.
func TestS6_EveryOperationAsksForATokenWithItsScope(t *testing.T) {
	t.Parallel()
	p := setup(t)
	revoked, kept, err := p.tokens.IssueToken(t.Context(), identity.Grant{Name: "gone", Scopes: identity.Scopes, Creditors: debt.AllCreditors(), By: "test", For: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.tokens.Revoke(t.Context(), kept.ID); err != nil {
		t.Fatal(err)
	}
	operations := p.operations(t)
	if len(operations) < 15 {
		t.Fatalf("only %d operations were found", len(operations))
	}
	for _, o := range operations {
		var others []identity.Scope
		for _, s := range identity.Scopes {
			if s != o.scope {
				others = append(others, s)
			}
		}
		if len(others) == len(identity.Scopes) {
			t.Errorf("%s %s asks for the unknown scope %q", o.method, o.path, o.scope)
		}
		body := ""
		if o.method != "GET" {
			body = "{}"
		}
		for name, c := range map[string]struct {
			token string
			want  int
		}{
			"none": {"", 401}, "broken": {"eyJhbGciOiJub25lIn0.e30.", 401}, "revoked": {revoked, 401}, "other scopes": {p.token(t, "", others...), 403},
		} {
			a := p.ask(t, c.token, o.method, o.path, body, "Content-Type", o.kind)
			if !o.body && body != "" {
				a = p.ask(t, c.token, o.method, o.path, "")
			}
			if a.status != c.want || a.header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s %s with %s: %d %s", o.method, o.path, name, a.status, a.body)
			}
			isProblem(t, a)
		}
	}
}

// described is one operation of the document.
type described struct {
	method, path, kind string
	scope              identity.Scope
	body, keyed        bool
}

func (p *plant) operations(t *testing.T) []described {
	t.Helper()
	var document struct {
		Paths map[string]map[string]struct {
			Security    []map[string][]identity.Scope
			RequestBody *struct{ Content map[string]any }
			Parameters  []struct{ Name string }
		}
	}
	a := p.ask(t, "", "GET", "/api/openapi.json", "")
	if err := json.Unmarshal([]byte(a.body), &document); err != nil {
		t.Fatal(err)
	}
	var all []described
	for path, methods := range document.Paths {
		for method, o := range methods {
			d := described{method: strings.ToUpper(method), path: strings.NewReplacer("{id}", "x", "{ref}", "x", "{sequence}", "1").Replace(path), kind: "application/json"}
			if len(o.Security) == 1 && len(o.Security[0]["bearer"]) == 1 {
				d.scope = o.Security[0]["bearer"][0]
			}
			d.body = o.RequestBody != nil
			for _, parameter := range o.Parameters {
				d.keyed = d.keyed || parameter.Name == "Idempotency-Key"
			}
			all = append(all, d)
		}
	}
	return all
}

func TestTheDocumentIsOpenAPI31AndItsPageHasNoScripts(t *testing.T) {
	t.Parallel()
	p := setup(t)
	a := p.ask(t, "", "GET", "/api/openapi.json", "")
	if a.status != 200 || a.field(t, "openapi") != "3.1.0" || strings.Contains(a.body, "$schema") || strings.Contains(a.body, "octet-stream") {
		t.Errorf("%d %.300s", a.status, a.body)
	}
	docs := p.ask(t, "", "GET", "/api/docs", "")
	if docs.status != 200 || strings.Contains(docs.body, "<script") || strings.Contains(docs.body, "style=") || strings.Contains(docs.body, "src=") {
		t.Errorf("%d %.300s", docs.status, docs.body)
	}
	for _, o := range p.operations(t) {
		if !strings.Contains(docs.body, string(o.scope)) {
			t.Errorf("the page does not name %s", o.scope)
		}
	}
	for _, k := range outbox.Kinds {
		want := 404
		if k.Use == outbox.Emitted {
			want = 200
		}
		if s := p.ask(t, "", "GET", "/api/schemas/"+string(k.Type)+"/1", ""); s.status != want {
			t.Errorf("schema of %s: %d", k.Type, s.status)
		}
	}
	if e := p.ask(t, "", "GET", "/api/schemas/payment.confirmed/1/example", ""); e.status != 200 || e.field(t, "type") != "payment.confirmed" {
		t.Errorf("%d %s", e.status, e.body)
	}
	if e := p.ask(t, "", "GET", "/api/schemas/payment.confirmed/..%2fx", ""); e.status != 404 {
		t.Errorf("%d", e.status)
	}
}

func TestSystemsThatSendNonsenseGetAProblemAndNothingMoves(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	good := `{"url":"https://hooks.example.com/q"}`
	for name, c := range map[string]struct {
		body   string
		header []string
		want   int
	}{
		"not JSON":                {`{"url":`, nil, 400},
		"nothing":                 {``, nil, 400},
		"two values":              {good + good, nil, 400},
		"the same field twice":    {`{"url":"https://a.example.com","url":"https://b.example.com"}`, nil, 400},
		"twice in another case":   {`{"url":"https://a.example.com","URL":"https://b.example.com"}`, nil, 400},
		"an unknown field":        {`{"url":"https://a.example.com","canary-field":1}`, nil, 422},
		"another case":            {`{"URL":"https://a.example.com"}`, nil, 422},
		"a NUL character":         {`{"url":"https://a.example.com","description":"canary-\u0000"}`, nil, 400},
		"a NUL byte":              {"{\"url\":\"https://a.example.com\x00\"}", nil, 400},
		"broken UTF-8":            {"{\"url\":\"https://a.example.com/\xff\"}", nil, 400},
		"null for an address":     {`{"url":null}`, nil, 422},
		"text for a list":         {`{"url":"https://a.example.com","types":"payment.confirmed"}`, nil, 422},
		"a number for text":       {`{"url":12345678}`, nil, 422},
		"an unknown type":         {`{"url":"https://a.example.com","types":["canary.type"]}`, nil, 422},
		"a private address":       {`{"url":"https://169.254.169.254/latest"}`, nil, 422},
		"plain http":              {`{"url":"http://hooks.example.com"}`, nil, 422},
		"a user name":             {`{"url":"https://canary:secret@hooks.example.com"}`, nil, 422},
		"nested without end":      {strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40), nil, 400},
		"a form":                  {"url=https%3A%2F%2Fa.example.com", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415},
		"plain text":              {good, []string{"Content-Type", "text/plain"}, 415},
		"XML":                     {good, []string{"Content-Type", "application/xml"}, 415},
		"no content type":         {good, []string{"Content-Type", ""}, 415},
		"another character set":   {good, []string{"Content-Type", "application/json; charset=utf-16"}, 415},
		"packed":                  {good, []string{"Content-Encoding", "gzip"}, 415},
		"64 KB and more":          {`{"url":"https://a.example.com","description":"` + strings.Repeat("x", 70_000) + `"}`, nil, 413},
		"an unknown query":        {good, []string{"query", "canary=1"}, 422},
		"a key that is too long":  {good, []string{"Idempotency-Key", strings.Repeat("k", 256)}, 400},
		"a key that is not plain": {good, []string{"Idempotency-Key", "a b"}, 400},
		"no key":                  {good, []string{"Idempotency-Key", ""}, 400},
	} {
		path, headers := "/api/v1/endpoints", []string{"Idempotency-Key", "key-" + strings.ReplaceAll(name, " ", "-")}
		for i := 0; i+1 < len(c.header); i += 2 {
			if c.header[i] == "query" {
				path += "?" + c.header[i+1]
			} else {
				headers = append(headers, c.header[i], c.header[i+1])
			}
		}
		a := p.ask(t, token, "POST", path, c.body, headers...)
		if a.status != c.want {
			t.Errorf("%s: %d %s, want %d", name, a.status, a.body, c.want)
		}
		isProblem(t, a)
		for _, value := range []string{"canary:", "secret@", "canary.type", "canary-\\u", "12345678", "b.example.com", "169.254"} {
			if strings.Contains(a.body, value) {
				t.Errorf("%s: the answer repeats %q: %s", name, value, a.body)
			}
		}
	}
	all, err := p.store.Endpoints(t.Context())
	if err != nil || len(all) != 0 {
		t.Errorf("%d endpoints were made, %v", len(all), err)
	}
	if a := p.ask(t, token, "POST", "/api/v1/endpoints", good, "Idempotency-Key", "key-nothing"); a.status != 201 {
		t.Errorf("a key of a refused request cannot be used again: %d %s", a.status, a.body)
	}
	if a := p.ask(t, token, "GET", "/api/v1/events", `{}`); a.status != 400 {
		t.Errorf("a body where none belongs: %d", a.status)
	}
}

// TestOurOwnFaultsTellNothing breaks a dependency with an error that names a
// person.
func TestOurOwnFaultsTellNothing(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	p.place(t, token)
	p.sender.broken = errors.New("pq: Key (ssn)=(123-45-6789) already exists")
	a := p.ask(t, token, "POST", "/api/v1/links", `{"account_ref":"A-1","channel":"sms"}`, "Idempotency-Key", "k1")
	if a.status != 500 || strings.Contains(a.body, "ssn") || strings.Contains(a.body, "123-45") {
		t.Errorf("%d %s", a.status, a.body)
	}
	isProblem(t, a)
	p.sender.broken = nil
	b := p.ask(t, token, "POST", "/api/v1/links", `{"account_ref":"A-1","channel":"sms"}`, "Idempotency-Key", "k1")
	if b.status != 201 {
		t.Fatalf("the same key after a fault: %d %s", b.status, b.body)
	}
	account, _, err := p.store.AccountByRef(t.Context(), "A-1")
	if err != nil {
		t.Fatal(err)
	}
	if links, err := p.store.LinksOf(t.Context(), account.ID); err != nil || len(links) != 1 {
		t.Errorf("%d links: what failed was not undone, %v", len(links), err)
	}
}

func TestALinkIsSentAndLookedUp(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	p.place(t, token)
	a := p.ask(t, token, "POST", "/api/v1/links", `{"account_ref":"A-1","channel":"sms","call_id":"c1","consent":{"basis":"direct_consent","text_version":"1"}}`, "Idempotency-Key", "k1")
	if a.status != 201 || a.field(t, "status") != "sent" || a.header.Get("Location") != "/api/v1/links/"+fmt.Sprint(a.field(t, "id")) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	got := p.ask(t, token, "GET", a.header.Get("Location"), "")
	if got.status != 200 || got.field(t, "account_ref") != "A-1" || got.field(t, "phrase") != nil {
		t.Errorf("%d %s", got.status, got.body)
	}
	if a := p.ask(t, token, "POST", "/api/v1/links", `{"account_ref":"A-404","channel":"sms"}`, "Idempotency-Key", "k2"); a.status != 422 || !strings.Contains(a.body, "body.account_ref") {
		t.Errorf("%d %s", a.status, a.body)
	}
	p.sender.refusal = identity.Refusal{Rule: "COM-02", Reason: "quiet_hours"}
	if a := p.ask(t, token, "POST", "/api/v1/links", `{"account_ref":"A-1","channel":"sms"}`, "Idempotency-Key", "k3"); a.status != 422 || !strings.Contains(a.body, "COM-02") {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := p.ask(t, token, "GET", "/api/v1/links/lnk_none", ""); a.status != 404 {
		t.Errorf("%d", a.status)
	}
}

// TestR17_FiftyParallelRequestsWithOneKeyDoOneThing sends the same request
// fifty times at once, over a real connection, to both engines: one link, and
// everybody gets the same answer.
func TestR17_FiftyParallelRequestsWithOneKeyDoOneThing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		p := setupOn(t, s)
		token := p.token(t, "")
		p.place(t, token)
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() { _ = p.app.Listener(l) }()
		t.Cleanup(func() { _ = p.app.Shutdown() })
		var all sync.WaitGroup
		answers := make([]string, 50)
		for i := range answers {
			all.Go(func() { answers[i] = p.until201(t, "http://"+l.Addr().String(), token) })
		}
		all.Wait()
		for i, a := range answers {
			if a != answers[0] || a == "" {
				t.Errorf("answer %d is %q, not %q", i, a, answers[0])
			}
		}
		account, _, err := s.AccountByRef(t.Context(), "A-1")
		if err != nil {
			t.Fatal(err)
		}
		if links, err := s.LinksOf(t.Context(), account.ID); err != nil || len(links) != 1 {
			t.Errorf("%d links, %v", len(links), err)
		}
	})
}

// until201 sends the request again while it is in flight.
func (p *plant) until201(t *testing.T, address, token string) string {
	for range 1000 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/api/v1/links", strings.NewReader(`{"account_ref":"A-1","channel":"sms"}`))
		if err != nil {
			t.Error(err)
			return ""
		}
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", "one")
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Error(err)
			return ""
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		switch {
		case err != nil || res.StatusCode != http.StatusCreated && res.StatusCode != http.StatusConflict:
			t.Errorf("%d %s %v", res.StatusCode, body, err)
			return ""
		case res.StatusCode == http.StatusCreated:
			return string(body)
		}
	}
	t.Error("it stayed in flight")
	return ""
}

func TestR17_AKeyWithAnotherBodyOrFromAnotherTokenIsAnotherMatter(t *testing.T) {
	t.Parallel()
	p := setup(t)
	one, two := p.token(t, ""), p.token(t, "")
	p.place(t, one)
	body := `{"account_ref":"A-1","channel":"sms"}`
	first := p.ask(t, one, "POST", "/api/v1/links", body, "Idempotency-Key", "k")
	again := p.ask(t, one, "POST", "/api/v1/links", body, "Idempotency-Key", "k")
	if again.status != 201 || again.body != first.body || again.header.Get("Idempotent-Replayed") != "true" || again.header.Get("Location") != first.header.Get("Location") {
		t.Errorf("%d %s", again.status, again.body)
	}
	if a := p.ask(t, one, "POST", "/api/v1/links", `{"account_ref":"A-1","channel":"email"}`, "Idempotency-Key", "k"); a.status != 422 || !strings.Contains(a.body, "key-reused") {
		t.Errorf("another body: %d %s", a.status, a.body)
	}
	if a := p.ask(t, two, "POST", "/api/v1/links", body, "Idempotency-Key", "k"); a.status != 201 || a.body == first.body {
		t.Errorf("another token got the answer of the first: %d %s", a.status, a.body)
	}
	endpoint := p.ask(t, one, "POST", "/api/v1/endpoints", `{"url":"https://hooks.example.com"}`, "Idempotency-Key", "k")
	if endpoint.status != 201 || !strings.HasPrefix(fmt.Sprint(endpoint.field(t, "secret")), "whsec_") {
		t.Errorf("another route: %d %s", endpoint.status, endpoint.body)
	}
}

func TestAKeyInFlightIsAnsweredWith409UntilItsLeaseRunsOut(t *testing.T) {
	t.Parallel()
	p := setup(t)
	token := p.token(t, "")
	p.place(t, token)
	keys := &spy{Keys: storeKeys{p.store}}
	deps := p.deps
	deps.Keys = keys
	p.app = fiber.New(fiber.Config{Immutable: true, DisableStartupMessage: true})
	if err := api.Register(p.app, deps); err != nil {
		t.Fatal(err)
	}
	body := `{"account_ref":"A-1","channel":"sms"}`
	p.ask(t, token, "POST", "/api/v1/links", body, "Idempotency-Key", "warm")
	// The same request as a process that died in the middle of it left it.
	stuck := keys.last
	stuck.Key = "stuck"
	if _, fresh, err := keys.BeginKey(t.Context(), stuck); err != nil || !fresh {
		t.Fatal(fresh, err)
	}
	if a := p.ask(t, token, "POST", "/api/v1/links", body, "Idempotency-Key", "stuck"); a.status != 409 || a.header.Get("Retry-After") == "" {
		t.Errorf("%d %s", a.status, a.body)
	}
	p.mu.Lock()
	p.now = p.now.Add(2 * time.Minute)
	p.mu.Unlock()
	if a := p.ask(t, token, "POST", "/api/v1/links", body, "Idempotency-Key", "stuck"); a.status != 201 {
		t.Errorf("after the lease: %d %s", a.status, a.body)
	}
}

func TestTheAppMustBeImmutable(t *testing.T) {
	t.Parallel()
	if err := api.Register(fiber.New(), setup(t).deps); err == nil {
		t.Error("an app whose strings change was accepted")
	}
}
