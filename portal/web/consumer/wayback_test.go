package consumer_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"quittance/portal/contact"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// opened presses Continue on a link and returns where that led.
func (v *browser) opened(link string) view {
	v.t.Helper()
	v.get(link)
	return v.post(link)
}

func TestF5_TheLinkLeadsBackOnTheSameDeviceForADay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		link := b.sendLink(t, p)
		v := b.followed(t, link)
		if a := v.opened(link); a.location != "/account" {
			t.Errorf("signed in already, it led to %d %q", a.status, a.location)
		}
		if a := b.visit(t).opened(link); a.status != 410 {
			t.Errorf("on another device the used link led to %d %q", a.status, a.location)
		}
		other := b.signedIn(t, b.place(t, owing(100)))
		if a := other.opened(link); a.status != 410 {
			t.Errorf("where somebody else was let in it led to %d %q", a.status, a.location)
		}
		v.get("/account")
		v.post("/sign-out")
		v.follows(link) // after signing out
		b.bench.Sandbox.Advance(16 * time.Minute)
		if a := v.get("/account"); a.status != 303 {
			t.Fatal("the session did not end")
		}
		if a := v.opened(link); a.location != "/verify" {
			t.Fatalf("after the session it led to %d %q", a.status, a.location)
		}
		v.get("/verify")
		for _, wrong := range []string{"99999", "99998", "99997"} { // and by both ways in there is one count
			v.post("/verify", "zip", wrong)
		}
		if a := v.post("/verify", "zip", "45501"); a.status == 303 {
			t.Error("guesses by the way back are not counted")
		}
		b.bench.Sandbox.Advance(24 * time.Hour)
		if a := v.opened(link); a.status != 410 {
			t.Errorf("a day after its use it led to %d %q", a.status, a.location)
		}
	})
}

func TestF5_WhatEndsALinkEndsTheWayBackToo(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ends := map[string]func(b *bundle, p person, link string, v *browser){
			"not me": func(_ *bundle, _ person, link string, v *browser) { v.post(link + "/not-me") },
			"a hold": func(b *bundle, p person, _ string, _ *browser) { must(t, b.links.RevokeAll(t.Context(), p.account.ID)) },
			"signing out everywhere": func(_ *bundle, _ person, _ string, v *browser) {
				if a := v.post("/account/access/sign-out"); a.status != 303 {
					t.Fatal(a.status)
				}
			},
		}
		for i, name := range slices.Sorted(maps.Keys(ends)) {
			b := setupWith(t, s, options{})
			p := b.placeWith(t, "+19375550"+strconv.Itoa(100+i))
			link := b.sendLink(t, p)
			v := b.followed(t, link)
			back := v.copied()
			delete(back.cookies, "session")
			ends[name](b, p, link, v)
			if a := back.opened(link); a.status != 410 {
				t.Errorf("after %s the link led back: %d %q", name, a.status, a.location)
			}
		}
	})
}

// asked presses "Send me a new link" and returns all that comes back.
func (b *bundle) asked(t *testing.T, link string) string {
	t.Helper()
	v := b.visit(t)
	v.get(link)
	ended := v.post(link)
	if ended.status == 303 { // it works still
		v.get("/")
	}
	a := v.post(link + "/again")
	return nonces.ReplaceAllString(strings.Join([]string{a.body, a.location}, " "), "NONCE")
}

func TestF5_WhoAsksForANewLinkIsToldTheSameWhateverBecomesOfIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		place := func(phone string) (person, string) {
			p := b.placeWith(t, phone)
			link := b.sendLink(t, p)
			b.followed(t, link)
			return p, link
		}
		p, used := place("+19375550111")
		stopped, overStop := place("+19375550112")
		strange, overStrange := place("+19375550113")
		hash := b.contacts.Hash(contact.SMS, stopped.account.Consumer.Phone)
		must(t, b.contacts.Stop(t.Context(), stopped.account.ID, contact.SMS, hash, "consumer", "v1"))
		v := b.visit(t)
		v.get(overStrange)
		v.post(overStrange + "/not-me")
		never := "/l/" + strings.Repeat("A", 22)
		hidden := strings.NewReplacer(used[3:], "TOKEN", overStop[3:], "TOKEN", overStrange[3:], "TOKEN", never[3:], "TOKEN")
		first := hidden.Replace(b.asked(t, used))
		for name, link := range map[string]string{"a stop": overStop, "a stranger": overStrange, "no such link": never, "asked before": used} {
			if got := hidden.Replace(b.asked(t, link)); got != first || !strings.Contains(got, "If we know this link") {
				t.Errorf("over %s the answer is another:\n%s\n%s", name, got, first)
			}
		}
		sent := func(who person) int {
			links, err := s.LinksOf(t.Context(), who.account.ID)
			must(t, err)
			return len(links)
		}
		if sent(p) != 1 {
			t.Fatal("asking itself sends, so asking takes longer where a link goes out")
		}
		clock := b.daytime().Add(24 * time.Hour)
		b.answers(t, clock)
		for who, want := range map[*person]int{&p: 2, &stopped: 1, &strange: 1} {
			if n := sent(*who); n != want {
				t.Errorf("%d links, not %d", n, want)
			}
		}
		fresh := strings.TrimPrefix(b.sent.last(t), "http://pay.example")
		b.followed(t, fresh)
		for hour, want := range []int{2, 3, 4, 4, 4} { // at once; then one an hour, three a day
			b.asked(t, used)
			b.answers(t, clock.Add(time.Duration(hour)*61*time.Minute))
			if n := sent(p); n != want {
				t.Errorf("after %d hours there are %d links, not %d", hour, n, want)
			}
		}
	})
}

// answers runs the job that answers those who asked for a link, at a time.
func (b *bundle) answers(t *testing.T, at time.Time) {
	t.Helper()
	links := *b.links
	links.Now = func() time.Time { return at }
	if _, err := links.Answer(t.Context(), 50); err != nil {
		t.Fatal(err)
	}
}

// placeWith brings in somebody with a phone of their own.
func (b *bundle) placeWith(t *testing.T, phone string) person {
	t.Helper()
	p := b.place(t, owing(15000))
	p.account.Consumer.Phone = phone
	must(t, b.store.SaveConsumer(t.Context(), p.account, b.now()))
	return p
}

func TestCOM01_WhoAsksForALinkAtNightGetsItInTheMorning(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		link := b.sendLink(t, p)
		b.followed(t, link)
		b.asked(t, link)
		night := b.daytime().Add(48 * time.Hour).Truncate(24 * time.Hour).Add(6 * time.Hour) // 1 or 2 am in Ohio
		for i, want := range []int{1, 1, 2} {
			b.answers(t, night.Add(time.Duration(i)*6*time.Hour)) // 1 am, 7 am, 1 pm
			links, err := s.LinksOf(t.Context(), p.account.ID)
			must(t, err)
			if len(links) != want {
				t.Errorf("%d links, not %d", len(links), want)
			}
		}
	})
}

func TestG08_ALinkIsReadAsPeopleAndProgramsHandItOn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		link := b.sendLink(t, p)
		token := strings.TrimPrefix(link, "/l/")
		for _, around := range []string{
			"/l/T.", "/l/T)", "/l/T,", "/l/T!", "/l/T;", "/l/T:", "/l/T?", "/l/T%20", "/l/T%22", "/l/%22T%22", "/l/%3CT%3E", "/l/T%E2%80%8B", "/l/(T).", "/l/T%0A",
		} {
			v := b.visit(t)
			page := v.get(strings.Replace(around, "T", token, 1))
			if page.status != 200 || !strings.Contains(page.body, `action="`+link+`"`) {
				t.Errorf("%s: %d", around, page.status)
			}
		}
		v := b.visit(t)
		v.get(link)
		if a := v.post(link + "."); a.location != "/verify" {
			t.Errorf("the form led to %d %q", a.status, a.location)
		}
		swapped := strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' {
				return r - 'a' + 'A'
			}
			return r
		}, token)
		if swapped != token {
			if a := b.visit(t).opened("/l/" + swapped); a.status != 410 {
				t.Errorf("a token in capitals led to %d", a.status)
			}
		}
	})
}
