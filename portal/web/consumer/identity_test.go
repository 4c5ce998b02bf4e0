package consumer_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// TestS2_EveryRefusalIsTheSame walks the ways in which a person is not let in
// and compares status, headers, bytes and work done.
func TestS2_EveryRefusalIsTheSame(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		known, locked := b.place(t, owing(15000)), b.place(t, owing(15000))
		closed := b.place(t, owingAs(15000, debt.Medical, debt.Recalled))
		minor := b.place(t, owingAs(15000, debt.Medical, debt.Minor))
		disputed := b.place(t, owingAs(15000, debt.Medical, debt.Disputed))
		nobody, _, _ := b.codes.New()
		for i := range 3 {
			b.refused(t, locked.code, fmt.Sprint(99990+i))
		}
		cases := []struct{ name, code, zip string }{
			{"no such code", nobody, "45501"},
			{"wrong detail", known.code, "99999"},
			{"locked, right detail", locked.code, "45501"},
			{"taken back, right detail", closed.code, "45501"},
			{"a minor, wrong detail", minor.code, "99999"},
			{"disputed, wrong detail", disputed.code, "99999"},
		}
		var first string
		for i, c := range cases {
			hashes, opened := b.hashes.Load(), s.Opened()
			got := b.refused(t, c.code, c.zip)
			got += fmt.Sprint(" hashes ", b.hashes.Load()-hashes, " opened ", s.Opened()-opened)
			if got = strings.ReplaceAll(got, c.zip, "ZIP"); i == 0 {
				first = got
			} else if got != first {
				t.Errorf("%s is not like %s:\n%s\n%s", c.name, cases[0].name, got, first)
			}
		}
	})
}

// nonces differ from visitor to visitor and say nothing of an account.
var nonces = regexp.MustCompile(`name="csrf" value="[^"]*"|visit=[^;]*|pending=[^;]*|X-Request-Id:\[[^\]]*\]|Date:\[[^\]]*\]`)

// refused gives a code and a ZIP code and returns all that comes back.
func (b *bundle) refused(t *testing.T, code, zip string) string {
	t.Helper()
	v := b.visit(t)
	v.get("/")
	led := v.post("/", "code", code)
	asked := v.get("/verify")
	a := v.post("/verify", "zip", zip)
	if led.status != 303 || asked.status != 200 || a.status != 422 {
		t.Fatalf("a refusal went %d, %d, %d", led.status, asked.status, a.status)
	}
	whole := fmt.Sprintf("%d %v %d %v %s %d %v %s", led.status, led.header, asked.status, asked.header, asked.body, a.status, a.header, a.body)
	return nonces.ReplaceAllString(whole, "NONCE")
}

func TestDSC04_NothingBeforeTheCheckSpeaksOfADebt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.visit(t)
	pages := []view{v.get("/"), v.get("/is-this-real"), v.get("/help?about=wrong"), v.get("/privacy"), v.get("/nowhere"), v.get("/signed-out")}
	v.post("/", "code", p.code)
	pages = append(pages, v.get("/verify"), v.post("/verify", "zip", "99999"))
	for _, link := range []string{b.sendLink(t, p), "/l/" + strings.Repeat("A", 22)} {
		pages = append(pages, v.get(link))
	}
	says := regexp.MustCompile(`(?i)\bdebt|\bowe|collect|creditor|Mercy|\$\d|Ana\b`)
	for i, page := range pages {
		if found := says.FindString(strings.ReplaceAll(page.body, "debt-", "")); found != "" {
			at := strings.Index(page.body, found)
			t.Errorf("page %d says %q: %s", i, found, page.body[max(0, at-80):min(len(page.body), at+80)])
		}
	}
}

// sendLink texts a link and returns its path.
func (b *bundle) sendLink(t *testing.T, p person) string {
	t.Helper()
	_, err := b.links.Send(t.Context(), identity.LinkRequest{
		AccountID: p.account.ID, Channel: contact.SMS, By: "staff:stf_1", Consent: &contact.Consent{Basis: contact.DirectConsent},
	})
	must(t, err)
	return strings.TrimPrefix(b.sent.last(t), "http://pay.example")
}

func TestSMS05_MachinesThatOpenALinkChangeNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	link := b.sendLink(t, p)
	before := b.linkRow(t, p)
	bots := []string{
		"facebookexternalhit/1.1", "Twitterbot/1.0", "WhatsApp/2.21", "Slackbot-LinkExpanding 1.0", "TelegramBot (like TwitterBot)",
		"Google-Read-Aloud", "Google-Safety", "Mozilla/5.0 (compatible; Discordbot/2.0)", "LinkedInBot/1.0", "SkypeUriPreview Preview/0.5",
		"Outlook-iOS/709", "Applebot/0.1",
	}
	ask := func(method string, headers ...string) {
		t.Helper()
		v := b.visit(t)
		for i := 0; i+1 < len(headers); i += 2 {
			v.header.Set(headers[i], headers[i+1])
		}
		a := v.send(method, link, "")
		if a.status != 200 || strings.Contains(withoutTokens(a.body), "Ana") || strings.Contains(a.body, "Mercy") || strings.Contains(a.body, "og:") {
			t.Errorf("%s %v: %d", method, headers, a.status)
		}
		if a.header.Get("Referrer-Policy") != "no-referrer" || a.header.Get("X-Robots-Tag") != "noindex, nofollow" {
			t.Errorf("%s %v: %v", method, headers, a.header)
		}
	}
	for _, bot := range bots {
		ask(http.MethodGet, "User-Agent", bot)
		ask(http.MethodHead, "User-Agent", bot)
	}
	for _, purpose := range []string{"prefetch", "prefetch;prerender", "prefetch;anonymous-client-ip"} {
		ask(http.MethodGet, "Sec-Purpose", purpose, "Purpose", "prefetch", "X-Moz", "prefetch")
	}
	for i := range 50 {
		ask(http.MethodGet, "X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i))
	}
	robot := b.visit(t)
	if a := robot.post(link); a.status != 403 {
		t.Errorf("a robot that posts was let on: %d", a.status)
	}
	if after := b.linkRow(t, p); after != before {
		t.Errorf("the link changed: %+v, was %+v", after, before)
	}
	v := b.visit(t)
	v.get(link)
	if a := v.post(link); a.location != "/verify" {
		t.Fatalf("the person was led to %d %q", a.status, a.location)
	}
	v.get("/verify")
	if a := v.post("/verify", "zip", "45501"); a.location != "/account" {
		t.Errorf("the person was not let in: %d", a.status)
	}
	if strings.Contains(b.log.String(), strings.TrimPrefix(link, "/l/")) {
		t.Error("the token stands in the log")
	}
}

// linkRow is what is held of the newest link of an account.
func (b *bundle) linkRow(t *testing.T, p person) string {
	t.Helper()
	links, err := b.store.LinksOf(t.Context(), p.account.ID)
	must(t, err)
	return fmt.Sprintf("%+v", links[0])
}

func TestSMS03_AStrangerEndsTheLinkAndTheTexts(t *testing.T) {
	t.Parallel()
	for _, from := range []string{"the landing page", "the identity page"} {
		b := setup(t)
		p := b.place(t, owing(15000))
		link := b.sendLink(t, p)
		v := b.visit(t)
		v.get(link)
		target := link + "/not-me"
		if from == "the identity page" {
			v.post(link)
			if page := v.get("/verify"); !strings.Contains(page.body, `action="/verify/not-me"`) {
				t.Fatal("the identity page offers no way out")
			}
			target = "/verify/not-me"
		}
		if a := v.post(target); a.status != 200 || strings.Contains(withoutTokens(a.body), "Ana") {
			t.Fatalf("from %s: %d", from, a.status)
		}
		if a := v.get(link); a.status != 200 {
			t.Errorf("the landing page tells that the link is over: %d", a.status)
		}
		if a := v.post(link); a.status != 410 {
			t.Errorf("the link still works: %d", a.status)
		}
		_, err := b.links.Send(t.Context(), identity.LinkRequest{AccountID: p.account.ID, Channel: contact.SMS, By: "staff:stf_1"})
		if err == nil {
			t.Error("the number may still be texted")
		}
	}
}

func TestSEC06_WhereTheAgencyAsksForPossessionSixDigitsAreNeeded(t *testing.T) {
	t.Parallel()
	b := setupWith(t, storetest.SQLite(t), options{stepUp: contact.SMS})
	p := b.place(t, owing(15000))
	v := b.visit(t)
	v.get("/")
	v.post("/", "code", p.code)
	v.get("/verify")
	if a := v.post("/verify", "zip", "45501"); a.location != "/verify/code" {
		t.Fatalf("led to %d %q", a.status, a.location)
	}
	if a := v.get("/account"); a.status != 303 {
		t.Fatal("the account opened without the digits")
	}
	if a := v.get("/verify/code"); a.status != 200 || strings.Contains(a.body, "0142") {
		t.Errorf("the page shows where they went: %d", a.status)
	}
	for typed, says := range map[string]string{"": "Type the 6 numbers", "12": "There are 6 numbers", "000000": "do not work"} {
		if a := v.post("/verify/code", "code", typed); a.status != 422 || !strings.Contains(a.body, says) {
			t.Errorf("%q: %d", typed, a.status)
		}
	}
	b.bench.Sandbox.Advance(time.Minute)
	if a := v.post("/verify/code/resend"); a.status != 200 {
		t.Errorf("another code: %d", a.status)
	}
	digits := b.sent.last(t)
	if a := v.post("/verify/code", "code", digits[:3]+" "+digits[3:]); a.location != "/account" {
		t.Errorf("the right digits led to %d %q", a.status, a.location)
	}
}

func TestTheAgencyMayAskForTheDateOfBirthInstead(t *testing.T) {
	t.Parallel()
	b := setupWith(t, storetest.SQLite(t), options{factor: identity.DateOfBirth})
	p := b.place(t, owing(15000))
	v := b.visit(t)
	v.get("/")
	v.post("/", "code", p.code)
	v.get("/verify")
	bad := [][3]string{{"", "27", "1984"}, {"2", "30", "1984"}, {"13", "1", "1984"}, {"3", "27", "2999"}, {"x", "1", "1984"}, {"3", "-1", "1984"}}
	for _, d := range bad {
		a := v.post("/verify", "birth_month", d[0], "birth_day", d[1], "birth_year", d[2])
		if a.status != 422 || !strings.Contains(a.body, `value="`+d[2]+`"`) {
			t.Errorf("%v: %d", d, a.status)
		}
	}
	if a := v.post("/verify", "birth_month", "3", "birth_day", "27", "birth_year", "1984"); a.location != "/account" {
		t.Errorf("the right day led to %d %q", a.status, a.location)
	}
}

func TestACodeIsForgivenWhatPeopleType(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	typed := []string{strings.ToLower(p.code), strings.ReplaceAll(p.code, "-", " "), " " + strings.ReplaceAll(p.code, "-", "") + " "}
	for _, code := range typed {
		v := b.visit(t)
		v.get("/")
		if a := v.post("/", "code", code); a.location != "/verify" {
			t.Errorf("%q: %d", code, a.status)
		}
	}
	v := b.visit(t)
	v.get("/")
	for code, says := range map[string]string{"": "Type the code from your letter", "K7Q2": "has a typo", "K7Q2\x00": "has a typo", "<script>": "not look like a code of ours"} {
		if a := v.post("/", "code", code); a.status != 422 || !strings.Contains(a.body, says) {
			t.Errorf("%q: %d", code, a.status)
		}
	}
	if a := v.post("/", "code", "<script>"); strings.Contains(a.body, "<script>\"") || !strings.Contains(a.body, "&lt;script&gt;") {
		t.Error("what was typed is not shown again as text")
	}
}

func TestSigningOutEndsTheSessionOnTheServerToo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	stolen := v.cookies["session"]
	if a := v.post("/sign-out"); a.location != "/signed-out" {
		t.Fatalf("led to %d %q", a.status, a.location)
	}
	thief := b.visit(t)
	thief.cookies["session"] = stolen
	if a := thief.get("/account"); a.status != 303 {
		t.Errorf("a copy of the cookie still opens the account: %d", a.status)
	}
}

func TestU9_TheLanguageChangesAndThePageStays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	if a := v.post("/language", "lang", "es", "next", "/debts/"+string(p.debts[0].ID)); a.location != "/debts/"+string(p.debts[0].ID) {
		t.Fatalf("led to %q", a.location)
	}
	if a := v.get("/account"); !strings.Contains(a.body, `lang="es"`) {
		t.Error("the page is still English")
	}
	for _, next := range []string{"https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"} {
		if a := v.post("/language", "lang", "en", "next", next); a.location != "/" {
			t.Errorf("%s was followed: %q", next, a.location)
		}
	}
}

func TestU9_WhatWasTypedIsThereInTheOtherLanguage(t *testing.T) {
	t.Parallel()
	for _, factor := range []identity.FactorKind{identity.PostalCode, identity.DateOfBirth} {
		b := setupWith(t, storetest.SQLite(t), options{factor: factor})
		p := b.place(t, owing(15000))
		v := b.visit(t)
		v.get("/")
		v.switches("/", "code", "K7Q2-9")
		v.shows("/", `lang="es"`, `value="K7Q2-9"`)
		v.post("/", "code", p.code)
		v.get("/verify")
		if factor == identity.DateOfBirth {
			v.switches("/verify", "birth_month", "3", "birth_day", "2", "birth_year", "19")
			v.shows("/verify", `<option value="3" selected>`, `name="birth_day" value="2"`, `name="birth_year" value="19"`)
			continue
		}
		v.switches("/verify", "zip", "455")
		v.shows("/verify", `name="zip" value="455"`)
		v.post("/verify", "zip", "45501")
		v.get("/payments/new")
		id := string(p.debts[0].ID)
		v.switches("/payments/new", "method", "us_bank_account", "choice_"+id, "other", "amount_"+id, "12.3")
		v.shows("/payments/new", `value="12.3"`, `value="us_bank_account" checked`, `value="other" checked`)
		if page := v.get("/payments/new"); strings.Contains(page.body, "12.3") {
			t.Error("what was typed comes back a second time")
		}
	}
}

// switches presses the language button of a page with these fields.
func (v *browser) switches(page string, fields ...string) {
	v.t.Helper()
	if a := v.post("/language", append([]string{"lang", "es", "next", page}, fields...)...); a.location != page {
		v.t.Fatalf("the switch on %s led to %d %q", page, a.status, a.location)
	}
}

// shows opens a page and looks for parts of it.
func (v *browser) shows(page string, parts ...string) {
	v.t.Helper()
	body := v.get(page).body
	for _, part := range parts {
		if !strings.Contains(body, part) {
			v.t.Errorf("%s lacks %s:\n%s", page, part, body)
		}
	}
}

func TestSpanishSpeakersAreGreetedInSpanish(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	speaks := p.account
	speaks.Consumer.Language = "es"
	must(t, b.store.InTx(t.Context(), func(ctx context.Context) error {
		return b.store.SavePlacements(ctx, changed(b.now(), speaks))
	}))
	if a := b.signedIn(t, p).get("/account"); !strings.Contains(a.body, `lang="es"`) {
		t.Error("the account is in English")
	}
}

func TestU9_WhatIsTooLongForTheOtherLanguageKeepsThisOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.signedIn(t, b.place(t, owing(15000)))
	var noise strings.Builder
	for noise.Len() < 8000 {
		noise.WriteString(rand.Text())
	}
	a := v.post("/language", "lang", "es", "next", "/complaint", "words", noise.String())
	if a.status != 422 || !strings.Contains(a.body, "too long to come along") {
		t.Errorf("got %d\n%s", a.status, a.body)
	}
	if account := v.get("/account"); !strings.Contains(account.body, `lang="en"`) {
		t.Error("the language changed all the same")
	}
}

func TestWhatGoesWrongInAHandlerIsAnsweredByAPage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.signedIn(t, b.place(t, owing(15000)))
	if a := v.get("/payments/pay_none"); a.status != 404 || !strings.Contains(a.body, "</html>") {
		t.Errorf("got %d\n%s", a.status, a.body)
	}
}
