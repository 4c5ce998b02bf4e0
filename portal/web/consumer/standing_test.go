package consumer_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// standing is what the server says of a browser's session.
type standing struct {
	LeftSeconds int    `json:"left_seconds"`
	Next        string `json:"next"`
}

func (v *browser) standing() standing {
	v.t.Helper()
	v.header.Set("X-CSRF-Token", v.csrf)
	a := v.get("/session")
	v.header.Del("X-CSRF-Token")
	var s standing
	if err := json.Unmarshal([]byte(a.body), &s); err != nil || a.status != 200 || a.header.Get("Cache-Control") != "no-store" {
		v.t.Fatalf("%d %q: %v", a.status, a.body, err)
	}
	return s
}

func TestG03_TheServerIsAskedHowLongTheSessionGoesOnAndAskingIsNoSignOfLife(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		v := b.signedIn(t, b.place(t, owing(15000)))
		tab := v.copied()
		tab.csrf = v.csrf
		if got := v.standing(); got.LeftSeconds < 890 || got.LeftSeconds > 900 || got.Next != "" {
			t.Errorf("just signed in: %+v", got)
		}
		b.bench.Sandbox.Advance(10 * time.Minute)
		for range 3 { // asked again and again
			if got := v.standing(); got.LeftSeconds < 290 || got.LeftSeconds > 301 {
				t.Errorf("after ten minutes: %+v", got)
			}
		}
		tab.get("/account") // somebody is there, in the other tab
		if got := v.standing(); got.LeftSeconds < 890 {
			t.Errorf("another tab was in use: %+v", got)
		}
		b.bench.Sandbox.Advance(10 * time.Minute)
		if a := v.post("/session/extend"); a.status != 204 {
			t.Errorf("staying: %d", a.status)
		}
		if got := tab.standing(); got.LeftSeconds < 890 {
			t.Errorf("the first tab stayed: %+v", got)
		}
		b.bench.Sandbox.Advance(16 * time.Minute)
		if got := v.standing(); got.LeftSeconds != 0 || got.Next != "/?ended=idle" {
			t.Errorf("after sixteen minutes: %+v", got)
		}
		if a := v.get("/?ended=idle"); !strings.Contains(a.body, "You were away for a while") {
			t.Error("the start does not say why")
		}
	})
}

func TestG03_WhoIsSignedInIsNotToldOtherwise(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p, other := b.place(t, owing(15000)), b.place(t, owing(900))
		v := b.signedIn(t, p)
		for _, why := range []string{"idle", "expired", "over"} {
			if a := v.get("/?ended=" + why); strings.Contains(a.body, "signed you out") || strings.Contains(a.body, "You are signed out") ||
				!strings.Contains(a.body, `href="/account"`) {
				t.Errorf("%s: somebody who is signed in is told that they are not", why)
			}
		}
		v.get("/account")
		out, others := v.copied(), v.csrf
		v.post("/sign-out")
		if got := v.standing(); got.Next != "/signed-out" {
			t.Errorf("signed out in another tab: %+v", got)
		}
		if a := out.get("/account"); a.location != "/?ended=over" {
			t.Errorf("a session that was ended led to %q", a.location)
		}
		if a := out.get("/?ended=over"); strings.Contains(a.body, "You were away") || !strings.Contains(a.body, "You are signed out") {
			t.Error("the start says that somebody was away who was not")
		}
		next := b.signedIn(t, other)
		next.csrf = others // the page of the person before, brought up again
		if got := next.standing(); got.Next != "/account" || got.LeftSeconds != 0 {
			t.Errorf("the page of somebody else: %+v", got)
		}
	})
}

func TestG03_APageThatLooksAgainByItselfIsNoSignOfLife(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		v := b.signedIn(t, p)
		a := v.choose("card", "choice_"+string(p.debts[0].ID), "all")
		waiting := strings.TrimSuffix(a.location, "/method")
		if !strings.HasPrefix(waiting, "/payments/pay_") {
			t.Fatalf("choosing led to %d %q", a.status, a.location)
		}
		quiet := false
		for _, route := range b.Routes() {
			quiet = quiet || route.Quiet && route.Pattern == "/payments/:id" && route.Method == http.MethodGet
		}
		if !quiet {
			t.Error("the page of an outcome looks again and counts as a sign of life")
		}
		for range 4 {
			b.bench.Sandbox.Advance(4 * time.Minute)
			a = v.get(waiting)
		}
		if a.status != 303 || a.location != "/?ended=idle" {
			t.Errorf("after sixteen minutes of looking: %d %q", a.status, a.location)
		}
	})
}

func TestG05_CookiesThatAreOffAreNamedAndNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		for lang, says := range map[string]string{"en": "Your browser does not keep cookies", "es": "Su navegador no guarda cookies"} {
			v := b.visit(t)
			v.header.Set("Sec-Fetch-Site", "same-origin")
			v.header.Set("Accept-Language", lang)
			v.get("/")
			clear(v.cookies) // as a browser does that keeps none
			a := v.post("/", "code", p.code)
			if a.status != 403 || !strings.Contains(a.body, says) || !strings.Contains(a.body, "(800) 555-0134") ||
				!strings.Contains(a.body, `name="code" value="`+p.code+`"`) {
				t.Errorf("%s: %d %s", lang, a.status, a.body)
			}
			if a := v.post("/", "code", p.code); a.location != "/verify" { // cookies are on now
				t.Errorf("%s: pressing the button led to %d %q", lang, a.status, a.location)
			}
		}
		for name, headers := range map[string][2]string{
			"another site": {"Sec-Fetch-Site", "cross-site"}, "a sister site": {"Sec-Fetch-Site", "same-site"},
			"another origin": {"Origin", "https://evil.example"}, "nobody says": {"X-Nothing", "1"},
		} {
			v := b.visit(t)
			v.header.Set(headers[0], headers[1])
			if a := v.post("/", "code", p.code); a.status != 403 || strings.Contains(a.body, "cookies") || strings.Contains(a.body, p.code) {
				t.Errorf("from %s: %d", name, a.status)
			}
		}
	})
}

func TestG08_AnAddressIsReadAsPeopleWriteIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		link := b.sendLink(t, p)
		for asked, meant := range map[string]string{
			link + "/": link, "/" + link: link, "//l//" + link[3:]: link, "/L/" + link[3:]: link, "/L/" + link[3:] + "/.": link + "",
			"/account/": "/account", "/Is-This-Real": "/is-this-real", "/HELP?about=code": "/help?about=code",
			"/is-this-real.": "/is-this-real", "/is-this-real%20": "/is-this-real", "/privacy%E2%80%8B": "/privacy", "/privacy)": "/privacy",
			"/dispute.": "/dispute", "/request,": "/request", "/Debts/dbt_ABC/": "/debts/dbt_ABC", "//": "/",
		} {
			v := b.visit(t)
			if a := v.get(asked); a.status != 303 || a.location != meant {
				t.Errorf("%s led to %d %q, not %q", asked, a.status, a.location, meant)
			}
		}
		v := b.signedIn(t, p)
		for _, stays := range []string{
			"/evil.example", "//evil.example", "//evil.example/l/x", "///evil.example/%2e%2e", "/l", "/l/a/b", "/nowhere.", "/debts", `/\evil.example`, "/%2F%2Fevil.example",
		} {
			if a := v.get(stays); a.status != 404 {
				t.Errorf("%s led to %d %q", stays, a.status, a.location)
			}
		}
		if a := v.post("/Sign-Out/"); a.status == 303 {
			t.Error("a form goes to an address that is not its own")
		}
		if a := v.send(http.MethodHead, "/account/", ""); a.status == 303 {
			t.Error("HEAD is led on")
		}
	})
}
