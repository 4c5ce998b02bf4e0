package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"quittance/cmd/demo"
	"quittance/portal/config"
	"quittance/portal/web"
)

// front is the whole portal on a real socket, with what an attack looks for: an
// address that counts whether a smuggled request was ever executed.
type front struct {
	*rehearsal
	address  string
	routes   []web.Route
	smuggled atomic.Int64
	consumer string // the cookies of somebody who is signed in
	csrf     string // the token of their forms
}

func newFront(t *testing.T) *front {
	t.Helper()
	f := &front{rehearsal: &rehearsal{demo.New(time.Now())}}
	f.Database = "sqlite:" + filepath.Join(t.TempDir(), "portal.db")
	_, listener, err := f.Set(t.Context(), config.Environment{Lookup: func(string) (string, bool) { return "", false }}, "127.0.0.1:0", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	server, err := f.Portal.Server(append(f.Routes(), f.traps()...)...)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(t.Context(), listener) }()
	f.address, f.routes = listener.Addr().String(), server.Routes()
	p := f.visitor(t, f.Accounts[0].Ref)
	page, _ := p.get("/messages")
	f.csrf = field(csrfField, page)
	f.consumer = cookiesOf(t, p)
	if f.csrf == "" || !strings.Contains(f.consumer, "session=") {
		t.Fatalf("nobody is signed in: %q", page)
	}
	return f
}

func cookiesOf(t *testing.T, p *payer) string {
	t.Helper()
	u, err := url.Parse(p.base)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, c := range p.client.Jar.Cookies(u) {
		all = append(all, c.Name+"="+c.Value)
	}
	return strings.Join(all, "; ")
}

// traps are addresses that go wrong on purpose, and the one that counts.
func (f *front) traps() []web.Route {
	trap := func(path string, handle func(*web.Request) error) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: path, Access: web.Consumer, CSRF: true, Body: web.FilesBody, Handler: handle}
	}
	late := trap("/trap/late", func(r *web.Request) error { <-r.Context().Done(); return r.Context().Err() })
	late.Deadline = time.Millisecond
	return []web.Route{
		trap("/trap/panic", func(*web.Request) error { panic("on purpose") }), late,
		trap("/trap/halfway", func(r *web.Request) error {
			f, err := r.NextFile()
			if err == nil {
				_, err = io.CopyN(io.Discard, f, 100)
			}
			if err == nil {
				err = r.Empty()
			}
			return err
		}),
		{Method: http.MethodGet, Pattern: "/smuggled", Access: web.Public, Handler: func(r *web.Request) error {
			f.smuggled.Add(1)
			return r.Empty()
		}},
	}
}

// routePart is a part of an address that differs, as the table or the API's
// document writes it.
var routePart = regexp.MustCompile(`:[a-z]+|\{[a-z_]+\}|\*`)

// target is one method and path that is attacked.
type target struct{ method, path string }

// targets are all routes of the table, the operations of the API, and addresses
// that nobody serves, below each prefix.
func (f *front) targets(t *testing.T) []target {
	t.Helper()
	var all []target
	prefixes := map[string]bool{"": true}
	for _, r := range f.routes {
		if r.Pattern == "/smuggled" {
			continue
		}
		path := routePart.ReplaceAllString(r.Pattern, "abc")
		all = append(all, target{r.Method, path})
		prefixes[path[:strings.LastIndexByte(path, '/')]] = true
	}
	var document struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(fetch(t, f.URL+"/api/openapi.json"), &document); err != nil {
		t.Fatal(err)
	}
	for path, methods := range document.Paths {
		for method := range methods {
			all = append(all, target{strings.ToUpper(method), routePart.ReplaceAllString(path, "abc")})
		}
		prefixes[path[:strings.LastIndexByte(path, '/')]] = true
	}
	for prefix := range prefixes {
		all = append(all, target{http.MethodPost, routePart.ReplaceAllString(prefix, "abc") + "/no-such-address"})
	}
	slices.SortFunc(all, func(a, b target) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return all
}

const (
	smuggle = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
	// last is a good request; the connection ends with its answer.
	last    = "GET /api/last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
	aForm   = "Content-Type: application/x-www-form-urlencoded\r\n"
	ofParts = "Content-Type: multipart/form-data; boundary=a\r\n"
	prime   = "--a\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n1\r\n"
)

var padding = strings.Repeat("\r\n", 6000)

// request writes one, with its length.
func request(method, path, headers, body string) string {
	return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: x\r\n%sContent-Length: %d\r\n\r\n%s", method, path, headers, len(body), body)
}

func chunked(method, path, headers, rest string) string {
	return method + " " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "Transfer-Encoding: chunked\r\n\r\n" + rest
}

// vector is one early way out, with a request behind it that must never be
// executed.
type vector struct {
	name string
	make func(f *front, to target) string
}

func vectors() []vector {
	to := func(name string, write func(f *front, to target) string) vector { return vector{name, write} }
	with := func(name, method, headers, body string) vector {
		return to(name, func(_ *front, a target) string {
			if method == "" {
				return request(a.method, a.path, headers, body)
			}
			return request(method, a.path, headers, body)
		})
	}
	all := []vector{
		with("parts", "", ofParts, prime+padding+smuggle),
		with("parts from another site", "", ofParts+"Sec-Fetch-Site: cross-site\r\n", prime+padding+smuggle),
		with("parts without a boundary", "", "Content-Type: multipart/form-data\r\n", prime+padding+smuggle),
		with("a form from another site", "", aForm+"Origin: https://evil.example\r\n", "a=1"+padding+smuggle),
		with("a form without a session", "", aForm, "a=1&b="+smuggle),
		with("a form twice over", "", aForm, "a=1&a=1"+padding+smuggle),
		with("a packed form", "", aForm+"Content-Encoding: gzip\r\n", "a=1"+padding+smuggle),
		with("text", "", "Content-Type: text/plain\r\n", padding+smuggle),
		with("no type", "", "", padding+smuggle),
		with("JSON with a token of nobody", "", "Content-Type: application/json\r\nAuthorization: Bearer nobody\r\n", "{}"+padding+smuggle),
		with("a session of nobody", "", aForm+"Cookie: session=x; staff=x; pending=x\r\n", "a=1"+padding+smuggle),
		with("too large", "", aForm, strings.Repeat("a", 8192)+smuggle+strings.Repeat("\r\n", 31000)),
		with("too large JSON", "", "Content-Type: application/json\r\n", strings.Repeat("a", 8192)+smuggle+strings.Repeat("\r\n", 131000)),
		with("another method", http.MethodPut, aForm, padding+smuggle),
		with("DELETE", http.MethodDelete, "", padding+smuggle),
		with("OPTIONS", http.MethodOptions, "", padding+smuggle),
		with("TRACE", http.MethodTrace, "", padding+smuggle),
		with("CONNECT", http.MethodConnect, "", padding+smuggle),
		with("a method of nobody", "BREW", "", padding+smuggle),
		with("GET with a body", http.MethodGet, "", padding+smuggle),
		with("HEAD with a body", http.MethodHead, "", padding+smuggle),
		with("an expectation", "", aForm+"Expect: 100-continue\r\n", "a=1&b="+smuggle),
		with("an expectation of parts", "", ofParts+"Expect: 100-continue\r\n", prime+padding+smuggle),
		with("an expectation without its body", "", aForm+"Expect: 100-continue\r\n", smuggle),
		with("an expectation of something else", "", aForm+"Expect: a-miracle\r\n", padding+smuggle),
		with("a length beside chunks", "", aForm+"Transfer-Encoding: chunked\r\n", "0\r\n\r\n"+smuggle),
		to("HTTP/1.0 kept alive", func(_ *front, a target) string {
			return fmt.Sprintf("%s %s HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n%sContent-Length: %d\r\n\r\n%s", a.method, a.path, ofParts, len(padding+smuggle), padding+smuggle)
		}),
		to("a transfer as it is", func(_ *front, a target) string {
			return a.method + " " + a.path + " HTTP/1.1\r\nHost: x\r\n" + aForm + "Transfer-Encoding: identity\r\n\r\n" + smuggle
		}),
		to("a transfer in two lines", func(_ *front, a target) string {
			return a.method + " " + a.path + " HTTP/1.1\r\nHost: x\r\n" + aForm + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + smuggle
		}),
		to("a header in two lines", func(_ *front, a target) string {
			return request(a.method, a.path, "X-A: 1\r\n X-B: 2\r\n"+aForm, smuggle)
		}),
		to("signed in, parts without the token", func(f *front, a target) string {
			return request(a.method, a.path, ofParts+"Cookie: "+f.consumer+"\r\n", prime+padding+smuggle)
		}),
		to("signed in, a file that is not read", func(f *front, a target) string {
			if !strings.HasPrefix(a.path, "/trap/") && !strings.HasSuffix(a.path, "/files") {
				return request(a.method, a.path, ofParts+"Cookie: "+f.consumer+"\r\n", prime+padding+smuggle)
			}
			form := strings.Replace(prime, "\"n\"\r\n\r\n1", "\"csrf\"\r\n\r\n"+f.csrf, 1)
			return request(a.method, a.path, ofParts+"Cookie: "+f.consumer+"\r\n", form+
				"--a\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"+padding+smuggle+padding+"\r\n--a--\r\n")
		}),
		to("chunks of parts", func(_ *front, a target) string {
			return chunked(a.method, a.path, ofParts, fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(padding+smuggle), padding+smuggle))
		}),
		to("chunks on a GET", func(_ *front, a target) string {
			return chunked(http.MethodGet, a.path, "", fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(smuggle), smuggle))
		}),
		to("chunks that are too large", func(_ *front, a target) string {
			long := strings.Repeat("a", 65536) + smuggle + strings.Repeat("\r\n", 1000)
			return chunked(a.method, a.path, aForm, fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(long), long))
		}),
	}
	for _, size := range []string{"FFFFFFFFFFFFFFFF", "-5", "zz", "5\nhello"} {
		all = append(all, to(fmt.Sprintf("a chunk of %q", size), func(_ *front, a target) string {
			return chunked(a.method, a.path, aForm, size+"\r\n"+smuggle)
		}))
	}
	return all
}

// reply is one answer as it came.
type reply struct {
	status int
	kind   string
	closes bool
	body   string
}

// replies sends bytes and then one good request on the same connection, and
// returns all answers that came until the server ended it.
func replies(t *testing.T, address, method, bytes string) []reply {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Error(err)
		return nil
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(60 * time.Second)); err != nil {
		t.Error(err)
		return nil
	}
	go func() { _, _ = io.WriteString(c, bytes+last) }()
	from := bufio.NewReader(c)
	var all []reply
	for {
		answer, err := http.ReadResponse(from, &http.Request{Method: method})
		if err != nil {
			return all
		}
		content, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if answer.StatusCode < 200 {
			continue // 100: the answer is still to come
		}
		method = http.MethodGet
		all = append(all, reply{answer.StatusCode, answer.Header.Get("Content-Type"), answer.Close, string(content)})
	}
}

// oneAnswer says what is wrong with the answers of one connection; empty: the
// vector was answered once, and what came after it was either never looked at
// or read as what it is.
func oneAnswer(all []reply) string {
	switch {
	case len(all) == 0:
		return "no answer"
	case all[0].closes && len(all) == 1:
		return ""
	case all[0].closes:
		return fmt.Sprintf("%d answers after one that closes", len(all)-1)
	case len(all) != 2 || all[1].status != http.StatusNotFound || all[1].kind != "application/problem+json":
		return fmt.Sprintf("%d answers on a connection that goes on: %+v", len(all), all)
	}
	return ""
}

// attack sends every vector to every target, or one pair of several, and reports
// the first faults.
func (f *front) attack(t *testing.T, every int, send func(v vector, to target) string) {
	t.Helper()
	all, targets := vectors(), f.targets(t)
	type shot struct {
		vector
		target
	}
	shots := make(chan shot)
	var faults, fired atomic.Int64
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for s := range shots {
				fired.Add(1)
				if fault := send(s.vector, s.target); fault != "" && faults.Add(1) <= 20 {
					t.Errorf("%s %s, %s: %s", s.method, s.path, s.name, fault)
				}
			}
		})
	}
	for i, to := range targets {
		for j, v := range all {
			if (i+j)%every == 0 {
				shots <- shot{v, to}
			}
		}
	}
	close(shots)
	workers.Wait()
	t.Logf("%d of %d vectors x %d addresses sent, %d not answered once, %d smuggled requests executed", fired.Load(), len(all), len(targets), faults.Load(), f.smuggled.Load())
	if n := f.smuggled.Load(); n > 0 || faults.Load() > 0 || len(targets) < 150 {
		t.Errorf("%d connections were not answered once; %d smuggled requests were executed; %d addresses", faults.Load(), n, len(targets))
	}
}

// TestS12_EveryEarlyWayOutOfEveryAddressGivesOneAnswer counts answers per
// connection, of every route of the table, every operation of the API and what
// nobody serves.
func TestS12_EveryEarlyWayOutOfEveryAddressGivesOneAnswer(t *testing.T) {
	t.Parallel()
	f := newFront(t)
	f.attack(t, 1, func(v vector, to target) string {
		bytes := v.make(f, to)
		method, _, _ := strings.Cut(bytes, " ")
		return oneAnswer(replies(t, f.address, method, bytes))
	})
}
