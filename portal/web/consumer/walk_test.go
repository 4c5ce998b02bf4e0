package consumer_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"quittance/payments/gatewaytest"
	"quittance/portal/web"
)

// TestS7_NothingChangesWithoutATokenOrByAnotherContentType walks every route
// that changes something, signed in and not.
func TestS7_NothingChangesWithoutATokenOrByAnotherContentType(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	walked := 0
	for _, route := range b.Routes() {
		if route.Method == http.MethodGet {
			continue
		}
		walked++
		v := b.signedIn(t, p)
		v.cookies["pending"] = "something"
		target := strings.NewReplacer(":id", "pay_1", ":token", "abc").Replace(route.Pattern)
		other, post := "multipart/form-data; boundary=x", v.post
		if route.Body == web.FilesBody {
			other, post = "application/x-www-form-urlencoded", v.postFiles
		}
		kinds := []string{"text/plain", "application/xml", "text/xml", other}
		if route.Body == web.AnyForm {
			kinds = kinds[:3] // mail programs send either kind of form (RFC 8058)
		}
		for _, kind := range kinds {
			v.header.Set("Content-Type", kind)
			if a := v.send(route.Method, target, "csrf="+v.csrf); a.status != http.StatusUnsupportedMediaType {
				t.Errorf("%s %s as %s: %d", route.Method, target, kind, a.status)
			}
		}
		if route.Access == web.Hook {
			continue
		}
		v.header.Set("Content-Type", "application/json")
		if a := v.send(route.Method, target, "{}"); a.status != http.StatusUnsupportedMediaType {
			t.Errorf("%s %s as JSON: %d", route.Method, target, a.status)
		}
		v.header.Del("Content-Type")
		for _, token := range []string{"", "wrong", strings.Repeat("A", 43)} {
			if a := post(target, "csrf", token); a.status != http.StatusForbidden {
				t.Errorf("%s %s with token %q: %d", route.Method, target, token, a.status)
			}
		}
		v.header.Set("Sec-Fetch-Site", "cross-site")
		if a := post(target); a.status != http.StatusForbidden {
			t.Errorf("%s %s from another site: %d", route.Method, target, a.status)
		}
	}
	if walked < 12 {
		t.Errorf("only %d routes were walked", walked)
	}
}

func TestS8_EveryRouteCarriesTheHeaders(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	for _, route := range b.Routes() {
		for _, v := range []*browser{b.visit(t), b.signedIn(t, p)} {
			target := strings.NewReplacer(":id", string(p.debts[0].ID), ":token", "abc", ":reference", "PAY-1", "*", "portal.css").Replace(route.Pattern)
			a := v.send(route.Method, target, "")
			csp := a.header.Get("Content-Security-Policy")
			if !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") {
				t.Errorf("%s %s: policy %q", route.Method, target, csp)
			}
			if a.header.Get("X-Content-Type-Options") != "nosniff" || a.header.Get("Referrer-Policy") == "" {
				t.Errorf("%s %s: %v", route.Method, target, a.header)
			}
			if !strings.HasPrefix(target, "/assets/") && a.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s may be stored: %q", route.Method, target, a.header.Get("Cache-Control"))
			}
			if a.status >= 500 {
				t.Errorf("%s %s: %d", route.Method, target, a.status)
			}
		}
	}
}

// thing is one thing of a person: routes that begin so, with these parts in
// their addresses, are about it.
type thing struct {
	prefix string
	owner  *browser
	parts  []string // as strings.NewReplacer takes them
}

// namesNothing are the routes whose part is a word of ours and nobody's thing.
var namesNothing = []string{"/help/:kind", "/preferences/new/:part", "/preferences/changed/:part"}

// one of each kind of thing, each of a person of its own. The first that fits a
// route is the one it is about.
func (b *bundle) oneOfEach(t *testing.T) []thing {
	t.Helper()
	var all []thing
	who := func() (*browser, person) {
		p := b.place(t, owing(15000))
		return b.signedIn(t, p), p
	}
	last := func(address string) string { return address[strings.LastIndexByte(address, '/')+1:] }
	add := func(prefix string, v *browser, parts ...string) { all = append(all, thing{prefix, v, parts}) }

	v, p := who()
	b.mailed(t, p.debts[0], 10)
	add("/debts/:id", v, ":id", string(p.debts[0].ID))
	add("/disputes/about/:id", v, ":id", string(p.debts[0].ID))
	add("/letters/:id", v, ":id", last(v.goes(303, "/letters/ltr_", v.post("/debts/"+string(p.debts[0].ID)+"/payoff")).location))

	v, p = who()
	begun := v.ready(gatewaytest.CardDebit, "choice_"+string(p.debts[0].ID), "all")
	add("/payments/:id/", v, ":id", begun)

	v, p = who()
	sent := v.ready(gatewaytest.CardDebit, "choice_"+string(p.debts[0].ID), "all")
	v.post("/payments/" + sent + "/review")
	line := v.get("/payments/" + sent).body
	add("/payments/:id", v, ":id", sent)
	add("/receipts/:reference", v, ":reference", line[strings.Index(line, "PAY-"):][:12])

	v, p = who()
	draft := v.wish(p)
	v.goes(303, draft+"/method", v.post(draft, "do", "charging", "charging", "bank"))
	v.get(draft + "/method")
	v.goes(303, draft+"/sign", v.post(draft+"/method", "confirmation_token", b.bench.Token(t, gatewaytest.BankGood)))
	add("/plans/new/:draft", v, ":draft", last(draft))

	v, p = who()
	plan := v.byHand(p)
	sign, _ := v.rewires(plan, "bank", b.bench.Token(t, gatewaytest.BankGood))
	add("/plans/:id", v, ":id", last(plan), ":draft", last(strings.TrimSuffix(sign, "/sign")), ":version", "1")

	v, _ = who()
	add("/preferences/check/:change", v, ":change", last(v.goes(303, "/preferences/check/", v.post("/preferences/new/email", "email", "new@example.org", "consent", "yes", "zip", "45501")).location))

	v, _ = who()
	add("/help/done/:reference", v, ":reference", last(v.goes(303, "/help/done/", v.post("/help/hardship")).location))

	v, p = who()
	form := "/disputes/about/" + string(p.debts[0].ID)
	check := v.goes(303, "/disputes/check/drd_", v.postFiles(form, "reason_already_paid", "yes", "words", "At the desk", "@slip.jpg", photo)).location
	add("/disputes/check/:draft", v, ":draft", last(check))
	receipt := v.goes(303, "/disputes/DSP-", v.post(check)).location
	file := fileLink.FindStringSubmatch(v.get(receipt).body)
	if file == nil {
		t.Fatal("no file in the dispute")
	}
	b.hold(t, p)
	add("/disputes/:reference", v, ":reference", last(receipt), ":file", last(file[1]))
	return all
}

// TestS10_AnothersThingsDoNotExist asks every route that names a thing for a
// thing that is there: its owner is answered, another person and nobody is not.
func TestS10_AnothersThingsDoNotExist(t *testing.T) {
	t.Parallel()
	b := setup(t)
	things := b.oneOfEach(t)
	stranger, nobody := b.signedIn(t, b.place(t, owing(9900))), b.visit(t)
	ask := func(v *browser, route web.Route, target string) view {
		switch {
		case route.Method == http.MethodGet:
			return v.get(target)
		case route.Body == web.FilesBody:
			return v.postFiles(target)
		}
		return v.post(target, "confirmation_token", "ctoken_1", "authorize", "yes", "payment", "pay_held", "choice", "keep")
	}
	about := func(route web.Route) (thing, string) {
		for _, one := range things {
			if strings.HasPrefix(route.Pattern, one.prefix) {
				return one, strings.NewReplacer(one.parts...).Replace(route.Pattern)
			}
		}
		return thing{}, ":"
	}
	for _, method := range []string{http.MethodGet, http.MethodPost} { // what an owner's form does comes last
		for _, route := range b.Routes() {
			if route.Method != method || route.Access != web.Consumer || !strings.Contains(route.Pattern, ":") || slices.Contains(namesNothing, route.Pattern) {
				continue
			}
			one, target := about(route)
			if strings.Contains(target, ":") {
				t.Errorf("%s: make a thing of this kind in oneOfEach", route.Pattern)
				continue
			}
			if a := ask(stranger, route, target); a.status != http.StatusNotFound || strings.Contains(a.body, "150.00") {
				t.Errorf("%s %s of another: %d", route.Method, target, a.status)
			}
			if a := nobody.get(target); a.status == 200 || strings.Contains(a.body, "150.00") {
				t.Errorf("%s without a session: %d", target, a.status)
			}
			if a := ask(one.owner, route, target); a.status == http.StatusNotFound || a.status >= 500 {
				t.Errorf("%s %s of one's own: %d", route.Method, target, a.status)
			}
		}
	}
	// Another's debt in a form is not among the debts of the page.
	if a := stranger.choose("card", "choice_"+things[0].parts[1], "all"); a.status != 422 {
		t.Errorf("another's debt was taken: %d", a.status)
	}
}

// TestEveryPageStandsInTheGallery keeps a page from going live that nobody has
// looked at.
func TestEveryPageStandsInTheGallery(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../../frontend/pages/consumer/gallery*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no gallery: %v", err)
	}
	var gallery strings.Builder
	for _, f := range files {
		source, err := os.ReadFile(f)
		must(t, err)
		gallery.Write(source)
	}
	b := setup(t)
	for _, route := range b.Routes() {
		if route.Page != "" && !strings.Contains(gallery.String(), route.Page+"{") {
			t.Errorf("%s shows %s, which is not in the gallery", route.Pattern, route.Page)
		}
	}
}

func TestTheTableOfRoutesHasNoRouteTwice(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var seen []string
	for _, route := range b.Routes() {
		name := route.Method + " " + route.Pattern
		if slices.Contains(seen, name) {
			t.Errorf("%s stands there twice", name)
		}
		seen = append(seen, name)
	}
}

// TestGetsChangeNothing asks for every page of a consumer twice and compares
// what is held of the account.
func TestGetsChangeNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	id := v.ready(gatewaytest.CardDebit, "choice_"+string(p.debts[0].ID), "all")
	held := func() string {
		payments, err := b.store.PaymentsOfAccount(t.Context(), string(p.account.ID), 10)
		must(t, err)
		statements, err := b.store.AccountStatements(t.Context(), p.account.ID)
		must(t, err)
		return fmt.Sprintf("%+v %+v", payments, statements)
	}
	before := held()
	for _, route := range b.Routes() {
		if route.Method == http.MethodGet && route.Access == web.Consumer {
			v.get(strings.NewReplacer(":id", id, ":reference", "PAY-1").Replace(route.Pattern))
		}
	}
	if after := held(); after != before {
		t.Errorf("a GET changed something:\n%s\n%s", before, after)
	}
}

func TestAnEventThatNobodySignedIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, signature := range []string{"", "t=1,v1=00", "t=9999999999,v1=" + strings.Repeat("0", 64)} {
		request := httptest.NewRequest(http.MethodPost, "/hooks/stripe", strings.NewReader(`{"id":"evt_1","type":"payment_intent.succeeded"}`))
		request.Header.Set("Content-Type", "application/json; charset=utf-8")
		request.Header.Set("Stripe-Signature", signature)
		response, err := b.Test(request)
		must(t, err)
		defer response.Body.Close()
		if response.StatusCode != http.StatusBadRequest || response.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%q: %d", signature, response.StatusCode)
		}
	}
}

// TestR11_NoInputIsAFaultOfOurs sends what nobody types to every form, signed
// in and with the right token, and every address what no page links to.
func TestR11_NoInputIsAFaultOfOurs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	hostile := []string{
		"", "\x00", "\xff\xfe", "' OR 1=1 --", "<script>alert(1)</script>", "../../etc/passwd", "%00", "9223372036854775808", "-1", "1e309",
		"\u202e\ufeff", strings.Repeat("9", 4000), "NaN", "null", "{}", "[]", "true", "🙂", "\r\nSet-Cookie: a=b",
	}
	fields := []string{"code", "zip", "number", "lang", "next", "once", "method", "confirmation_token", "authorize"}
	for _, d := range p.debts {
		fields = append(fields, "choice_"+string(d.ID), "amount_"+string(d.ID))
	}
	v := b.signedIn(t, p)
	token := v.csrf
	for _, route := range b.Routes() {
		if route.Access == web.Hook || route.Pattern == "/sign-out" {
			continue
		}
		for _, value := range hostile {
			target := route.Pattern
			for _, part := range []string{":id", ":token", ":reference", "*"} {
				target = strings.Replace(target, part, url.PathEscape(value), 1)
			}
			form := []string{"csrf", token}
			for _, field := range fields {
				form = append(form, field, value)
			}
			var a view
			if route.Method == http.MethodGet {
				a = v.get(target + "?about=" + url.QueryEscape(value) + "&ended=" + url.QueryEscape(value))
			} else {
				a = v.post(target, form...)
			}
			if a.status >= 500 || a.header.Get("Set-Cookie") == "a=b" {
				t.Errorf("%s %s with %.20q: %d", route.Method, route.Pattern, value, a.status)
			}
		}
	}
	if strings.Contains(b.log.String(), "panic") {
		t.Error("a handler stopped in a panic")
	}
}
