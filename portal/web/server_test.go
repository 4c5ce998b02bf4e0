package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"quittance/frontend"
	"quittance/frontend/layouts"
	"quittance/frontend/locale"
	"quittance/portal/identity"
)

// bundle is a server over a small table, with a log that can be read.
type bundle struct {
	*Server
	log *safeBuffer
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// oneSession knows one consumer and one that has been idle too long.
type oneSession struct{}

func (oneSession) Check(_ context.Context, token string) (identity.Session, error) {
	switch token {
	case "ana":
		return identity.Session{ID: "ses_ana", Audience: identity.Consumers, Subject: "acc_ana", SeenAt: time.Now(), ExpiresAt: time.Now().Add(time.Hour)}, nil
	case "idle":
		return identity.Session{}, identity.ErrIdle
	case "broken":
		return identity.Session{}, errors.New("the database is gone: password=hunter2")
	}
	return identity.Session{}, identity.ErrNoSession
}

func (s oneSession) Look(ctx context.Context, token string) (identity.Session, error) {
	return s.Check(ctx, token)
}

func setup(t *testing.T, change func(*Config), routes ...Route) bundle {
	t.Helper()
	words, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	assets, err := frontend.Load("")
	if err != nil {
		t.Fatal(err)
	}
	log := &safeBuffer{}
	config := Config{
		PublicURL: "https://pay.example", Words: words, Assets: assets, Sessions: oneSession{}, Staff: oneSession{},
		Processor: Processor{ScriptURL: "https://js.stripe.com/v3/", APIURL: "https://api.stripe.com", PageOrigins: []string{"https://checkout.stripe.com"}},
		Agency:    func(string) layouts.Agency { return layouts.Agency{Name: "Acme Services", Phone: "(800) 555-0134"} },
		FormKey:   bytes.Repeat([]byte{1}, 32), KeptKey: bytes.Repeat([]byte{2}, 32),
		Log: slog.New(slog.NewTextHandler(log, nil)), Now: time.Now, Metrics: NewMetrics(),
	}
	if change != nil {
		change(&config)
	}
	s, err := New(config, nil, append(testRoutes(), routes...)...)
	if err != nil {
		t.Fatal(err)
	}
	return bundle{Server: s, log: log}
}

func testRoutes() []Route {
	say := func(r *Request) error { return r.Bytes(200, "text/plain", []byte("hello "+r.Session().Subject)) }
	return []Route{
		{Method: "GET", Pattern: "/", Access: Public, Handler: func(r *Request) error {
			return r.Bytes(200, "text/plain", []byte(r.FormToken()))
		}},
		{Method: "POST", Pattern: "/", Access: Public, CSRF: true, Body: FormBody, Handler: say},
		{Method: "GET", Pattern: "/account", Access: Consumer, Handler: say},
		{Method: "GET", Pattern: "/payments/new", Access: Consumer, Handler: func(r *Request) error {
			form, ok := r.KeptForm()
			return r.Bytes(200, "text/plain", fmt.Appendf(nil, "%v %s %s", ok, form.Text("amount_dbt_1"), r.FormToken()))
		}},
		{Method: "POST", Pattern: "/payments/new", Access: Consumer, CSRF: true, Body: FormBody, Handler: say},
		{Method: "GET", Pattern: "/l/:token", Access: Public, Handler: say},
		{Method: "GET", Pattern: "/panic", Access: Public, Handler: func(*Request) error { panic("123-45-6789") }},
		{Method: "GET", Pattern: "/wrong", Access: Public, Handler: func(*Request) error { return errors.New("the store broke") }},
		{Method: "POST", Pattern: "/hooks/stripe", Access: Hook, Body: JSONBody, MostBytes: hookLimit, Handler: say},
		{Method: "GET", Pattern: "/ip", Access: Public, Handler: func(r *Request) error {
			return r.Bytes(200, "text/plain", []byte(r.Visitor().IP.String()+" "+r.s.PublicURL("/l/x")))
		}},
	}
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (b bundle) do(t *testing.T, method, target, body string, headers ...string) answer {
	t.Helper()
	request := httptest.NewRequest(method, target, strings.NewReader(body))
	if method != http.MethodGet && method != http.MethodHead {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := b.Test(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	all, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{status: response.StatusCode, header: response.Header, body: string(all)}
}

func TestARouteThatIsNotSafeIsRefused(t *testing.T) {
	t.Parallel()
	h := func(*Request) error { return nil }
	bad := map[string]Route{
		"without access":           {Method: "GET", Pattern: "/x", Handler: h},
		"without a handler":        {Method: "GET", Pattern: "/x", Access: Public},
		"changing without a token": {Method: "POST", Pattern: "/x", Access: Consumer, Body: FormBody, Handler: h},
		"changing by JSON":         {Method: "POST", Pattern: "/x", Access: Consumer, CSRF: true, Body: JSONBody, Handler: h},
		"a GET with a body":        {Method: "GET", Pattern: "/x", Access: Public, Body: FormBody, Handler: h},
		"a HEAD of its own":        {Method: "HEAD", Pattern: "/x", Access: Public, Handler: h},
		"reading too much":         {Method: "POST", Pattern: "/x", Access: Public, CSRF: true, Body: FormBody, MostBytes: formLimit + 1, Handler: h},
		"a hook of megabytes":      {Method: "POST", Pattern: "/x", Access: Hook, Body: JSONBody, MostBytes: hookLimit + 1, Handler: h},
		"a hook of any type":       {Method: "POST", Pattern: "/x", Access: Hook, Handler: h},
	}
	for name, route := range bad {
		if err := route.check(); !errors.Is(err, ErrBadRoute) {
			t.Errorf("a route %s was accepted: %v", name, err)
		}
	}
}

func TestS8_EveryAnswerCarriesTheHeaders(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	for _, target := range []string{"/", "/account", "/l/abc", "/panic", "/wrong", "/nowhere", "/api/v1/nowhere", "/ACCOUNT", "/account/"} {
		a := b.do(t, "GET", target, "")
		for name, want := range map[string]string{
			"Content-Security-Policy":   "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; report-uri /hooks/policy",
			"Strict-Transport-Security": "max-age=63072000; includeSubDomains",
			"X-Content-Type-Options":    "nosniff",
			"Cache-Control":             "no-store",
			"X-Robots-Tag":              "noindex, nofollow",
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s: %s is %q", target, name, got)
			}
		}
		if a.header.Get("Server") != "" || a.header.Get("Cross-Origin-Embedder-Policy") != "" {
			t.Errorf("%s: a header that must not be there", target)
		}
	}
	if got := b.do(t, "GET", "/l/abc", "").header.Get("Referrer-Policy"); got != "no-referrer" {
		t.Errorf("the texted link lets its address out: %q", got)
	}
}

func TestSEC03_TheCardPageLoadsTheProcessorAndNothingElse(t *testing.T) {
	t.Parallel()
	stripe, err := newPolicies(Processor{ScriptURL: "https://js.stripe.com/v3/", APIURL: "https://api.stripe.com"})
	if err != nil {
		t.Fatal(err)
	}
	const want = "default-src 'none'; script-src 'self' https://js.stripe.com https://*.js.stripe.com; style-src 'self'; " +
		"img-src 'self' https://*.stripe.com; connect-src 'self' https://api.stripe.com; " +
		"frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com; " +
		"form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; report-uri /hooks/policy"
	if stripe.card != want {
		t.Errorf("got %s", stripe.card)
	}
	if strings.Contains(stripe.plain+stripe.card, "unsafe") {
		t.Error("a policy allows what is unsafe")
	}
	other, err := newPolicies(Processor{ScriptURL: "http://127.0.0.1:9/v3/", APIURL: "http://127.0.0.1:9"})
	if err != nil || !strings.Contains(other.card, "frame-src http://127.0.0.1:9;") {
		t.Errorf("another processor: %s %v", other.card, err)
	}
}

func TestAMethodThatDoesNotExistIsRefusedLikeEverythingElse(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	for _, method := range []string{"FOO", "PUT", "TRACE"} {
		a := b.do(t, method, "/", "")
		if a.status != 405 || a.header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %d %v", method, a.status, a.header)
		}
	}
}

func TestAPanicAnswersWithAReferenceAndTellsNobodyMore(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	a := b.do(t, "GET", "/panic", "")
	if a.status != 500 || strings.Contains(a.body, "123-45") {
		t.Errorf("got %d %s", a.status, a.body)
	}
	reference := a.header.Get("X-Request-Id")
	if reference == "" || !strings.Contains(b.log.String(), reference) || strings.Contains(b.log.String(), "123-45") {
		t.Errorf("log: %s", b.log)
	}
}

func TestTheLogNamesTheRouteAndNeverThePath(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	b.do(t, "GET", "/l/s3cr3t-token?code=K7Q2", "")
	b.do(t, "GET", "/nowhere/s3cr3t-token", "")
	log := b.log.String()
	if !strings.Contains(log, "route=/l/:token") || strings.Contains(log, "s3cr3t") || strings.Contains(log, "K7Q2") {
		t.Errorf("log: %s", log)
	}
}

func TestS7_AFormWithoutATokenIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	page := b.do(t, "GET", "/", "")
	visit, _, _ := strings.Cut(page.header.Get("Set-Cookie"), ";")
	tests := []struct {
		name string
		body string
		head []string
		want int
	}{
		{"with the token of the visit", "csrf=" + page.body, []string{"Cookie", visit}, 200},
		{"without a token", "", []string{"Cookie", visit}, 403},
		{"with a token but no cookie", "csrf=" + page.body, nil, 403},
		{"with the token of another visit", "csrf=" + page.body, []string{"Cookie", "__Host-visit=" + strings.Repeat("A", 26)}, 403},
		{"from another site", "csrf=" + page.body, []string{"Cookie", visit, "Sec-Fetch-Site", "cross-site"}, 403},
		{"from another host of the domain", "csrf=" + page.body, []string{"Cookie", visit, "Sec-Fetch-Site", "same-site"}, 403},
		{"from another origin, old browser", "csrf=" + page.body, []string{"Cookie", visit, "Origin", "https://evil.example"}, 403},
		{"from nowhere, old browser", "csrf=" + page.body, []string{"Cookie", visit, "Origin", "null"}, 403},
		{"from our own origin, old browser", "csrf=" + page.body, []string{"Cookie", visit, "Origin", "https://pay.example"}, 200},
		{"as text", "csrf=" + page.body, []string{"Cookie", visit, "Content-Type", "text/plain"}, 415},
		{"as XML", "<a/>", []string{"Cookie", visit, "Content-Type", "application/xml"}, 415},
		{"as JSON", "{}", []string{"Cookie", visit, "Content-Type", "application/json"}, 415},
		{"as parts", "--x", []string{"Cookie", visit, "Content-Type", "multipart/form-data; boundary=x"}, 415},
		{"compressed", "csrf=" + page.body, []string{"Cookie", visit, "Content-Encoding", "gzip"}, 415},
		{"with a field twice", "csrf=" + page.body + "&a=1&a=2", []string{"Cookie", visit}, 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if a := b.do(t, "POST", "/", tt.body, tt.head...); a.status != tt.want {
				t.Errorf("got %d, want %d", a.status, tt.want)
			}
		})
	}
}

func TestATokenOfTheVisitDoesNotOpenWhatASessionGuards(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	page := b.do(t, "GET", "/", "")
	visit, _, _ := strings.Cut(page.header.Get("Set-Cookie"), ";")
	if a := b.do(t, "POST", "/payments/new", "csrf="+page.body, "Cookie", visit+"; __Host-session=ana"); a.status != 403 {
		t.Errorf("got %d", a.status)
	}
	own := b.do(t, "GET", "/payments/new", "", "Cookie", "__Host-session=ana")
	token := own.body[strings.LastIndexByte(own.body, ' ')+1:]
	if a := b.do(t, "POST", "/payments/new", "csrf="+token, "Cookie", "__Host-session=ana"); a.status != 200 {
		t.Errorf("the session's own token: got %d", a.status)
	}
}

func TestCookiesAreBoundToThisHost(t *testing.T) {
	t.Parallel()
	secure := setup(t, nil).do(t, "GET", "/", "").header.Get("Set-Cookie")
	for _, want := range []string{"__Host-visit=", "path=/", "HttpOnly", "secure", "SameSite=Lax"} {
		if !strings.Contains(secure, want) {
			t.Errorf("%s lacks %s", secure, want)
		}
	}
	plain := setup(t, func(c *Config) { c.PublicURL = "http://127.0.0.1:8080" }).do(t, "GET", "/", "")
	if got := plain.header.Get("Set-Cookie"); !strings.HasPrefix(got, "visit=") || strings.Contains(got, "secure") {
		t.Errorf("on loopback: %s", got)
	}
	if plain.header.Get("Strict-Transport-Security") != "" {
		t.Error("a promise of https on plain http")
	}
}

func TestWithoutASessionAPersonIsLedToTheStartAndBack(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	a := b.do(t, "GET", "/payments/new", "")
	if a.status != 303 || a.header.Get("Location") != "/" {
		t.Errorf("never signed in: %d %s", a.status, a.header.Get("Location"))
	}
	a = b.do(t, "GET", "/payments/new", "", "Cookie", "__Host-session=idle")
	if a.header.Get("Location") != "/?ended=idle" {
		t.Errorf("idle: %s", a.header.Get("Location"))
	}
	if a = b.do(t, "GET", "/account", "", "Cookie", "__Host-session=broken"); a.status != 500 || strings.Contains(a.body, "hunter2") {
		t.Errorf("a broken store reads like a missing session: %d", a.status)
	}
}

func TestU17_WhatWasTypedWhenTheSessionEndedIsThereAgain(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	a := b.do(t, "POST", "/payments/new", "csrf=x&amount_dbt_1=12.50", "Cookie", "__Host-session=idle")
	if a.status != 403 {
		t.Fatalf("got %d", a.status)
	}
	var kept string
	for _, line := range a.header.Values("Set-Cookie") {
		if pair, _, _ := strings.Cut(line, ";"); strings.HasPrefix(pair, "__Host-kept=") {
			kept = pair
		}
	}
	if kept == "" || strings.Contains(kept, "12.50") {
		t.Fatalf("kept %q", kept)
	}
	back := b.do(t, "GET", "/payments/new", "", "Cookie", "__Host-session=ana; "+kept)
	if !strings.HasPrefix(back.body, "true 12.50 ") {
		t.Errorf("got %s", back.body)
	}
	forged := b.do(t, "GET", "/payments/new", "", "Cookie", "__Host-session=ana; "+kept[:len(kept)-4]+"AAAA")
	if !strings.HasPrefix(forged.body, "false ") {
		t.Errorf("a forged cookie was read: %s", forged.body)
	}
}

func TestHeadNeverRunsAPage(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	a := b.do(t, "HEAD", "/panic", "")
	if a.status != 200 || a.body != "" || a.header.Get("Set-Cookie") != "" {
		t.Errorf("got %d %q", a.status, a.body)
	}
}

func TestS5_NoForwardedHeaderChangesAddressOrLinks(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	want := b.do(t, "GET", "/ip", "").body
	for i := range 1000 {
		forged := fmt.Sprintf("6.6.%d.%d", i/250, i%250)
		a := b.do(t, "GET", "/ip", "", "X-Forwarded-For", forged, "X-Real-IP", forged, "Forwarded", "for="+forged,
			"X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "http", "X-Original-URL", "/account")
		if a.body != want || strings.Contains(a.body, "evil") {
			t.Fatalf("%d: got %q, want %q", i, a.body, want)
		}
	}
	if !strings.HasSuffix(want, " https://pay.example/l/x") {
		t.Errorf("links go to %q", want)
	}
}

func TestWhatAHandlerKeepsDoesNotChangeWithTheNextRequest(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var keptValues [][4]string
	b := setup(t, nil, Route{Method: "GET", Pattern: "/keep/:name", Access: Public, Handler: func(r *Request) error {
		mu.Lock()
		defer mu.Unlock()
		keptValues = append(keptValues, [4]string{r.Param("name"), r.Query("q"), r.Header("X-Name"), r.Visitor().UserAgent})
		return nil
	}})
	address, stop := b.listen(t)
	for i := range 50 { // over one connection, whose buffers are used again
		request, err := http.NewRequest(http.MethodGet, fmt.Sprintf("http://%s/keep/n%02d?q=q%02d", address, i, i), nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-Name", fmt.Sprintf("h%02d", i))
		request.Header.Set("User-Agent", fmt.Sprintf("u%02d", i))
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	for i, got := range keptValues {
		want := [4]string{fmt.Sprintf("n%02d", i), fmt.Sprintf("q%02d", i), fmt.Sprintf("h%02d", i), fmt.Sprintf("u%02d", i)}
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestThePortalFinishesWhatIsUnderWayBeforeItStops(t *testing.T) {
	t.Parallel()
	entered, leave := make(chan struct{}), make(chan struct{})
	b := setup(t, nil, Route{Method: "GET", Pattern: "/slow", Access: Public, Handler: func(r *Request) error {
		close(entered)
		<-leave
		return r.Bytes(200, "text/plain", []byte("done"))
	}})
	address, stop := b.listen(t)
	answered := make(chan string, 1)
	go func() {
		response, err := http.Get("http://" + address + "/slow")
		if err != nil {
			answered <- err.Error()
			return
		}
		defer response.Body.Close()
		all, _ := io.ReadAll(response.Body)
		answered <- string(all)
	}()
	<-entered
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	close(leave)
	if got := <-answered; got != "done" {
		t.Errorf("the request under way got %q", got)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// listen serves on a loopback port; stop ends it and waits.
func (b bundle) listen(t *testing.T) (address string, stop func() error) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Serve(ctx, listener) }()
	stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() { _ = stop() })
	return listener.Addr().String(), stop
}
