package consumer_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// still reports whether a browser's cookie opens the account, as a copy of it
// would: the browser itself is not asked.
func (v *browser) copied() *browser {
	copied := v.b.visit(v.t)
	for name, value := range v.cookies {
		copied.cookies[name] = value
	}
	return copied
}

func TestF15_SigningInAgainEndsTheSessionThatTheSameBrowserHad(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p, other := b.place(t, owing(15000)), b.place(t, owing(2500))
		v, elsewhere := b.signedIn(t, p), b.signedIn(t, p)
		before := v.copied()
		for _, who := range []person{p, other} {
			v.get("/")
			v.post("/", "code", who.code)
			v.get("/verify")
			if a := v.post("/verify", "zip", "45501"); a.location != "/account" {
				t.Fatalf("signing in again led to %d %q", a.status, a.location)
			}
			if a := before.get("/account"); a.status != 303 {
				t.Errorf("the session before still opens the account: %d", a.status)
			}
			before = v.copied()
		}
		if a := v.get("/account"); a.status != 200 {
			t.Errorf("the new session opens nothing: %d", a.status)
		}
		if a := elsewhere.get("/account"); a.status != 200 {
			t.Errorf("another device was signed out: %d", a.status)
		}
	})
}

func TestF15_NotMeEndsTheSessionThatTheLinkOpened(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		byCode := b.signedIn(t, p)
		first, second := b.sendLink(t, p), b.sendLink(t, p) // both to one number
		byFirst, bySecond := b.followed(t, first), b.followed(t, second)
		stranger := b.visit(t)
		stranger.get(second)
		if a := stranger.post(second + "/not-me"); a.status != 200 {
			t.Fatalf("not me: %d", a.status)
		}
		for name, v := range map[string]*browser{"the link": bySecond, "another link to the number": byFirst} {
			if a := v.get("/account"); a.status != 303 {
				t.Errorf("the session that %s opened goes on: %d", name, a.status)
			}
		}
		if a := byCode.get("/account"); a.status != 200 {
			t.Errorf("a session that no link opened ended: %d", a.status)
		}
	})
}

// followed is a browser that came by a texted link and gave the ZIP code.
func (b *bundle) followed(t *testing.T, link string) *browser {
	t.Helper()
	v := b.visit(t)
	v.follows(link)
	return v
}

// follows opens a link and gives the ZIP code.
func (v *browser) follows(link string) {
	v.t.Helper()
	v.get(link)
	if a := v.post(link); a.location != "/verify" {
		v.t.Fatalf("the link led to %d %q", a.status, a.location)
	}
	v.get("/verify")
	if a := v.post("/verify", "zip", "45501"); a.location != "/account" {
		v.t.Fatalf("the ZIP code led to %d %q", a.status, a.location)
	}
	v.get("/account")
}

func TestF15_ThePersonSeesWhereTheyAreSignedInAndSignsOutEverywhere(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		phone, laptop := b.visit(t), b.visit(t)
		phone.header.Set("User-Agent", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36")
		laptop.header.Set("User-Agent", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0")
		phone.follows(b.sendLink(t, p))
		laptop.get("/")
		laptop.post("/", "code", p.code)
		laptop.get("/verify")
		laptop.post("/verify", "zip", "45501")
		stranger := b.signedIn(t, b.place(t, owing(900)))
		page := laptop.get("/account/access")
		for _, says := range []string{"Android phone, Chrome", "Windows computer, Edge", "This one", "Last seen", "Since"} {
			if strings.Count(page.body, says) == 0 {
				t.Errorf("the page does not say %q", says)
			}
		}
		if n := strings.Count(page.body, "This one"); n != 1 {
			t.Errorf("%d are this one", n)
		}
		for _, never := range []string{p.code, "192.0.2", "0.0.0.0", "Mozilla", "140"} {
			if strings.Contains(page.body, never) {
				t.Errorf("the page says %q", never)
			}
		}
		if a := laptop.get("/account"); !strings.Contains(a.body, `href="/account/access"`) {
			t.Error("no page leads there")
		}
		b.bench.Sandbox.Advance(time.Minute)
		left := laptop.copied()
		if a := laptop.post("/account/access/sign-out"); a.location != "/signed-out" {
			t.Fatalf("signing out everywhere led to %d %q", a.status, a.location)
		}
		for name, v := range map[string]*browser{"the phone": phone, "this one": left} {
			if a := v.get("/account"); a.status != 303 {
				t.Errorf("%s is still signed in: %d", name, a.status)
			}
		}
		if a := stranger.get("/account"); a.status != 200 {
			t.Errorf("somebody else was signed out: %d", a.status)
		}
	})
}

func TestSEC12_TheOwnCodeIsShownAfterThePersonalDetailAloneAndKeptNowhere(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		v := b.followed(t, b.sendLink(t, p))
		for _, page := range []string{"/account", "/account/access", "/preferences", "/account/records"} {
			if a := v.get(page); strings.Contains(a.body, p.code) {
				t.Errorf("%s shows the code unasked", page)
			}
		}
		v.get("/account/access")
		for typed, says := range map[string]string{"": "Type", "4550": "5 numbers", "99999": "match"} {
			if a := v.post("/account/access/code", "zip", typed); a.status != 422 || strings.Contains(a.body, p.code) || !strings.Contains(a.body, says) {
				t.Errorf("%q: %d", typed, a.status)
			}
		}
		a := v.post("/account/access/code", "zip", "45501")
		if a.status != 200 || !strings.Contains(a.body, p.code) || a.header.Get("Cache-Control") != "no-store" {
			t.Fatalf("the code is not shown: %d", a.status)
		}
		if before, _, _ := strings.Cut(a.body, p.code); !strings.Contains(before[strings.LastIndex(before, "<div"):], `class="screen"`) {
			t.Error("the code would be printed")
		}
		if strings.Contains(b.log.String(), p.code) {
			t.Error("the code stands in the log")
		}
		for i := range 8 {
			v.post("/account/access/code", "zip", fmt.Sprint(99990+i))
		}
		if a := v.post("/account/access/code", "zip", "45501"); a.status == 200 {
			t.Error("guesses are not counted")
		}
	})
}
