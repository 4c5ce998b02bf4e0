package web

import (
	"crypto/rand"
	"net/url"
	"os"
	"strings"
	"testing"

	"quittance/portal/identity"
)

// languageRoutes are the switch, and a page that shows what was kept for it.
func languageRoutes() []Route {
	return []Route{
		{Method: "POST", Pattern: "/language", Access: Public, CSRF: true, Body: FormBody, Handler: func(r *Request) error {
			return r.BackTyped(r.Form().Text("next"), "/")
		}},
		{Method: "GET", Pattern: "/form", Access: Public, Handler: func(r *Request) error {
			form, _ := r.KeptForm()
			return r.Bytes(200, "text/plain", []byte(url.Values{
				"code": {form.Typed("code")}, "csrf": {form.Typed("csrf")}, "once": {form.Typed("once")}, "next": {form.Typed("next")},
			}.Encode()))
		}},
	}
}

func TestU9_WhatWasTypedComesAlongWithTheLanguage(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, languageRoutes()...)
	token, visit := b.visitor(t)
	a := b.do(t, "POST", "/language", "csrf="+token+"&once=o&lang=es&next=/form&code=K7Q2+9%C3%B1", "Cookie", visit)
	if a.status != 303 || a.header.Get("Location") != "/form" {
		t.Fatalf("led to %d %q", a.status, a.header.Get("Location"))
	}
	kept := cookieOf(a, "__Host-typed")
	if kept == "" || strings.Contains(kept, "K7Q2") {
		t.Fatalf("kept %q", kept)
	}
	page := b.do(t, "GET", "/form", "", "Cookie", visit+"; "+kept)
	if want := "code=K7Q2+9%C3%B1&csrf=&next=&once="; page.body != want {
		t.Errorf("got %s, want %s", page.body, want)
	}
	if gone := cookieOf(page, "__Host-typed"); gone != "__Host-typed=" {
		t.Errorf("it is not given back once but stays: %q", gone)
	}
	if other := b.do(t, "GET", "/payments/new", "", "Cookie", "__Host-session=ana; "+kept); !strings.HasPrefix(other.body, "false ") {
		t.Errorf("another page got it: %s", other.body)
	}
}

func TestU9_TheLanguageLeavesWhatASessionKept(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, languageRoutes()...)
	ended := b.do(t, "POST", "/payments/new", "csrf=x&amount_dbt_1=12.50", "Cookie", "__Host-session=idle")
	kept := cookieOf(ended, "__Host-kept")
	token, visit := b.visitor(t)
	a := b.do(t, "POST", "/language", "csrf="+token+"&lang=es&next=/form&code=K7Q2", "Cookie", visit+"; "+kept)
	if again := cookieOf(a, "__Host-kept"); again != "" {
		t.Errorf("the switch changed what the session kept: %q", again)
	}
	typed := strings.Replace(cookieOf(a, "__Host-typed"), "typed", "kept", 1)
	if back := b.do(t, "GET", "/form", "", "Cookie", visit+"; "+typed); strings.Contains(back.body, "K7Q2") {
		t.Error("one cookie was read as the other")
	}
}

func TestU9_NothingIsKeptOfAnEmptyFormOrForAForeignPage(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, languageRoutes()...)
	token, visit := b.visitor(t)
	for name, body := range map[string]string{
		"an empty form":  "&lang=es&next=/form&code=",
		"a foreign page": "&lang=es&next=//evil.example&code=K7Q2",
	} {
		a := b.do(t, "POST", "/language", "csrf="+token+body, "Cookie", visit)
		if kept := cookieOf(a, "__Host-typed"); a.status != 303 || kept != "" {
			t.Errorf("%s: %d, kept %q", name, a.status, kept)
		}
	}
}

func TestU9_ThreeThousandCharactersOfSpanishComeAlong(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, languageRoutes()...)
	token, visit := b.visitor(t)
	raw, err := os.ReadFile("../../frontend/locale/es.json")
	if err != nil {
		t.Fatal(err)
	}
	letters := []rune(string(raw))
	texts := []string{strings.Repeat("áéíóúñ", 500)}
	for _, from := range []int{0, 9_000, 30_000} {
		texts = append(texts, strings.TrimSpace(string(letters[from:from+3000])))
	}
	for _, text := range texts {
		a := b.do(t, "POST", "/language", url.Values{"csrf": {token}, "lang": {"es"}, "next": {"/form"}, "code": {text}}.Encode(), "Cookie", visit)
		kept := cookieOf(a, "__Host-typed")
		if a.status != 303 || kept == "" || len(kept) > 4000 {
			t.Fatalf("got %d and %d bytes", a.status, len(kept))
		}
		page, _ := url.ParseQuery(b.do(t, "GET", "/form", "", "Cookie", visit+"; "+kept).body)
		if page.Get("code") != text {
			t.Errorf("%.60q came back as %.60q", text, page.Get("code"))
		}
	}
}

func TestU9_WhatIsTooLongToComeAlongIsNotLostUnsaid(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, languageRoutes()...)
	token, visit := b.visitor(t)
	var noise strings.Builder
	for noise.Len() < 8000 {
		noise.WriteString(rand.Text())
	}
	a := b.do(t, "POST", "/language", "csrf="+token+"&lang=es&next=/form&code="+noise.String(), "Cookie", visit)
	if a.status != 422 || cookieOf(a, "__Host-typed") != "" {
		t.Errorf("got %d\n%s", a.status, a.body)
	}
}

// visitor is the form token and the cookie of somebody new.
func (b bundle) visitor(t *testing.T) (token, cookie string) {
	t.Helper()
	page := b.do(t, "GET", "/", "")
	return page.body, cookieOf(page, "__Host-visit")
}

// cookieOf is a cookie that an answer sets, as a browser sends it.
func cookieOf(a answer, name string) string {
	for _, line := range a.header.Values("Set-Cookie") {
		if pair, _, _ := strings.Cut(line, ";"); strings.HasPrefix(pair, name+"=") {
			return pair
		}
	}
	return ""
}

func TestDSC05_WhatWasTypedComesBackToWhoTypedItAndToNobodyElseOfTheAccount(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	ana := identity.Session{Subject: "acc_ana"}
	speaker := ana
	speaker.Speaker.ID = "rep_1"
	for _, c := range []struct {
		by   identity.Session
		want string
	}{{ana, "true 12.50 "}, {speaker, "false "}} {
		ended := b.do(t, "POST", "/payments/new", "csrf=x&amount_dbt_1=12.50", "Cookie", "__Host-session=idle; __Host-owner="+b.owner(c.by))
		page := b.do(t, "GET", "/payments/new", "", "Cookie", "__Host-session=ana; "+cookieOf(ended, "__Host-kept"))
		if !strings.HasPrefix(page.body, c.want) {
			t.Errorf("typed by %q, read by the consumer: %s", c.by.Speaker.ID, page.body)
		}
	}
}
