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

// TestS10_AnothersThingsDoNotExist asks every route that names a thing for the
// thing of another person.
func TestS10_AnothersThingsDoNotExist(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ana, ben := b.place(t, owing(15000)), b.place(t, owing(9900))
	owner := b.signedIn(t, ana)
	id := owner.ready(gatewaytest.CardDebit, "choice_"+string(ana.debts[0].ID), "all")
	owner.post("/payments/" + id + "/review")
	stranger := b.signedIn(t, ben)
	line := owner.get("/payments/" + id).body
	at := strings.Index(line, "PAY-")
	reference := line[at : at+12]
	asked := 0
	for _, route := range b.Routes() {
		if route.Access != web.Consumer || !strings.Contains(route.Pattern, ":") {
			continue
		}
		asked++
		thing := id
		if strings.HasPrefix(route.Pattern, "/debts/") {
			thing = string(ana.debts[0].ID)
		}
		target := strings.NewReplacer(":id", thing, ":reference", reference, ":change", "chg_another").Replace(route.Pattern)
		var a view
		switch {
		case route.Method == http.MethodGet:
			a = stranger.get(target)
		case route.Body == web.FilesBody:
			a = stranger.postFiles(target)
		default:
			a = stranger.post(target, "confirmation_token", "ctoken_1", "authorize", "yes")
		}
		if a.status != http.StatusNotFound || strings.Contains(a.body, "150.00") {
			t.Errorf("%s %s: %d", route.Method, target, a.status)
		}
		nobody := b.visit(t)
		if a := nobody.get(target); a.status == 200 || strings.Contains(a.body, "150.00") {
			t.Errorf("%s without a session: %d", target, a.status)
		}
	}
	if asked < 7 {
		t.Errorf("only %d routes were asked", asked)
	}
	// Another's debt in a form is not among the debts of the page.
	if a := stranger.choose("card", "choice_"+string(ana.debts[0].ID), "all"); a.status != 422 {
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
