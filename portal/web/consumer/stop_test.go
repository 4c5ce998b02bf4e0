package consumer_test

import (
	"net/http"
	"strings"
	"testing"

	"quittance/portal/contact"
	"quittance/portal/identity"
)

// mailable is somebody who agreed to e-mail, and a way out of it.
func (b *bundle) mailable(t *testing.T, p person) (path string) {
	t.Helper()
	c := p.account.Consumer
	must(t, b.contacts.Record(t.Context(), contact.Consent{AccountID: p.account.ID, Channel: contact.Email, Basis: contact.DirectConsent}, c.Email))
	token, err := b.contacts.Way(t.Context(), p.account.ID, contact.Email, c.Email, "msg_1")
	must(t, err)
	return "/o/" + token
}

func (b *bundle) mayMail(t *testing.T, p person) contact.Reason {
	t.Helper()
	c := p.account.Consumer
	known, err := b.contacts.Preferences(t.Context(), contact.Person{AccountID: p.account.ID, Phone: c.Phone, Email: c.Email, State: "OH"}, contact.Email)
	must(t, err)
	_, why := contact.May(known, contact.Email, b.daytime())
	return why
}

func TestCOM06_OnePressStopsWithoutSigningIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	path := b.mailable(t, p)
	if why := b.mayMail(t, p); why != "" {
		t.Fatalf("before: %s", why)
	}
	for _, robot := range []string{"GoogleImageProxy", "Outlook-SafeLinks", "facebookexternalhit/1.1"} {
		v := b.visit(t)
		v.header.Set("User-Agent", robot)
		page := v.get(path)
		if page.status != 200 || strings.Contains(page.body, "example.com") || strings.Contains(withoutTokens(page.body), "Ana") {
			t.Errorf("%s: %d %s", robot, page.status, page.body)
		}
		if page.header.Get("Referrer-Policy") != "no-referrer" {
			t.Error("the token may leave in a Referer")
		}
	}
	if why := b.mayMail(t, p); why != "" {
		t.Errorf("looking at it stopped something: %s", why)
	}
	done := b.visit(t).post(path)
	if done.status != 200 || !strings.Contains(done.body, "We will not email this address again.") {
		t.Errorf("stopping: %d %s", done.status, done.body)
	}
	if why := b.mayMail(t, p); why != contact.OptedOut {
		t.Errorf("after: %q", why)
	}
	if again := b.visit(t).post(path); again.status != 200 {
		t.Errorf("once more: %d", again.status)
	}
	if strange := b.visit(t).post("/o/" + strings.Repeat("A", 22)); strange.status != 404 {
		t.Errorf("a token of nobody: %d", strange.status)
	}
}

func TestCOM06_AMailProgramStopsWithOnePress(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""} {
		b := setup(t)
		p := b.place(t, owing(15000))
		path := b.mailable(t, p)
		v := b.visit(t)
		v.header.Set("Content-Type", kind)
		v.header.Set("Sec-Fetch-Site", "cross-site")
		if a := v.send(http.MethodPost, path, "List-Unsubscribe=One-Click"); a.status != 200 {
			t.Errorf("%q: %d", kind, a.status)
		}
		if why := b.mayMail(t, p); why != contact.OptedOut {
			t.Errorf("%q: %q", kind, why)
		}
	}
}

func TestSMS05_AStopEndsTheLinksThatWentOutByItsChannel(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	b.contacts.Watchers = []contact.Watcher{b.links}
	link := b.sendLink(t, p)
	hash := b.contacts.Hash(contact.SMS, p.account.Consumer.Phone)
	must(t, b.contacts.Stop(t.Context(), p.account.ID, contact.SMS, hash, "consumer", "test"))
	v := b.visit(t)
	v.get(link)
	if a := v.post(link); a.status != http.StatusGone {
		t.Errorf("the link still opens: %d", a.status)
	}
	links, err := b.store.LinksOf(t.Context(), p.account.ID)
	must(t, err)
	if links[0].EndedWhy != identity.EndedRevoked {
		t.Errorf("ended %q", links[0].EndedWhy)
	}
}
