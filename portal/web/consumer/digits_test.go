package consumer_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"quittance/portal/contact"
	"quittance/portal/identity"
	"quittance/portal/represent"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// elsewhere is an address that nobody else has.
func (b *bundle) elsewhere() string {
	b.strangers++
	return fmt.Sprintf("10.%d.%d.7", b.strangers/250, b.strangers%250)
}

// guessed makes so many wrong guesses at codes, as strangers with much time do;
// who comes next has to wait.
func (b *bundle) guessed(t *testing.T, first, misses int, people ...person) {
	t.Helper()
	for i := range misses {
		if i > 2 {
			b.bench.Sandbox.Advance(time.Hour)
		}
		for _, p := range people {
			if _, a := b.tries(t, b.elsewhere(), p.code, fmt.Sprint(first+i)); a.status != 422 {
				t.Fatalf("miss %d: %d %q", i, a.status, a.location)
			}
		}
	}
}

// asksDigits gives a code and a ZIP code, and asks for six digits.
func (b *bundle) asksDigits(t *testing.T, code, zip string) (*browser, view) {
	t.Helper()
	v, a := b.tries(t, b.elsewhere(), code, zip)
	if a.status != 422 || !strings.Contains(a.body, `formaction="/verify/digits"`) {
		t.Fatalf("no way to ask: %d %q", a.status, a.location)
	}
	return v, v.post("/verify/digits", "zip", zip)
}

// delivered answers who asked for digits, and returns how many messages went out.
func (b *bundle) delivered(t *testing.T) int {
	t.Helper()
	b.sent.mu.Lock()
	before := len(b.sent.sent)
	b.sent.mu.Unlock()
	_, err := b.verifier.SendDigits(t.Context(), 50)
	must(t, err)
	b.sent.mu.Lock()
	defer b.sent.mu.Unlock()
	return len(b.sent.sent) - before
}

// plain is an answer without what is different in any two.
func plain(a view) string {
	a.header = a.header.Clone()
	for _, varies := range []string{"Set-Cookie", "Content-Security-Policy", "Date", "X-Request-Id"} {
		a.header.Del(varies)
	}
	body := csrfField.ReplaceAllString(nonces.ReplaceAllString(a.body, "NONCE"), "CSRF")
	return fmt.Sprint(a.status, a.location, body)
}

// TestSEC07_BeyondTheCapThePageTellsNothing: over the cap of misses a right ZIP
// code reads like a wrong one, sends nothing, and the pause holds for a day; the
// person's own way in is six digits, which nobody is told of.
func TestSEC07_BeyondTheCapThePageTellsNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{proxy: "0.0.0.0"})
		p := b.place(t, owing(15000))
		b.guessed(t, 90000, identity.MostADay, p)
		b.bench.Sandbox.Advance(time.Hour) // the pause between two tries is over
		_, right := b.tries(t, b.elsewhere(), p.code, "45501")
		_, wrong := b.tries(t, b.elsewhere(), p.code, "45502")
		nobody, _, _ := b.codes.New()
		_, unknown := b.tries(t, b.elsewhere(), nobody, "45501")
		for name, a := range map[string]view{"right": right, "wrong": wrong, "nobody's": unknown} {
			got := strings.ReplaceAll(plain(a), "45502", "45501")
			if a.status != 422 || got != plain(right) || !strings.Contains(a.body, "After many tries we pause for longer.") {
				t.Errorf("%s: %d %q", name, a.status, a.location)
			}
		}
		if n := b.delivered(t); n != 0 {
			t.Errorf("%d messages went out", n)
		}
		b.bench.Sandbox.Advance(24 * time.Hour)
		if _, a := b.tries(t, b.elsewhere(), p.code, "45501"); a.location != "/account" {
			t.Errorf("a day later: %d %q", a.status, a.location)
		}
	})
}

// TestSEC06_SixDigitsOpenWhileStrangersGuess: everybody reads the same, whatever
// is behind it; the digits and the right ZIP code open at once.
func TestSEC06_SixDigitsOpenWhileStrangersGuess(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{proxy: "0.0.0.0"})
		p, alone := b.place(t, owing(15000)), b.unreachable(t)
		b.guessed(t, 90000, 5, p, alone)
		nobody, _, _ := b.codes.New()
		first := ""
		for _, c := range []struct {
			name, code, zip string
			sends           int
		}{
			{"right", p.code, "45501", 1}, {"wrong", p.code, "45502", 0}, {"nobody's code", nobody, "45501", 0}, {"nobody to write to", alone.code, "45599", 0},
		} {
			v, asked := b.asksDigits(t, c.code, c.zip)
			if n := b.delivered(t); n != c.sends {
				t.Errorf("%s: %d messages", c.name, n)
			}
			got := plain(asked) + plain(v.get("/verify/code"))
			for range 6 { // the sixth is beyond the tries that there are
				got += plain(v.post("/verify/code", "code", "000000"))
			}
			b.bench.Sandbox.Advance(identity.DigitsFor)
			got += plain(v.post("/verify/code", "code", "000000")) + plain(v.post("/verify/code/resend"))
			if first == "" {
				first = got
			}
			if got != first || !strings.Contains(got, "If what you gave us is right") || strings.Contains(got, "/account") {
				t.Errorf("%s reads otherwise:\n%s\n%s", c.name, got, first)
			}
			if n := b.delivered(t); n != 0 {
				t.Errorf("%s: %d messages by asking again", c.name, n)
			}
		}
		b.guessed(t, 91000, 5, p)
		from := b.now()
		v, _ := b.asksDigits(t, p.code, "45501")
		b.delivered(t)
		v.get("/verify/code")
		digits := b.sent.last(t)
		if a := v.post("/verify/code", "code", digits); a.location != "/account" || b.now().Sub(from) > 5*time.Second {
			t.Errorf("the right digits led to %d %q after %s", a.status, a.location, b.now().Sub(from))
		}
		other, _ := b.asksDigits(t, p.code, "45502")
		if a := other.post("/verify/code", "code", digits); a.location == "/account" {
			t.Error("another's digits open")
		}
	})
}

// unreachable is somebody without a phone and an e-mail address.
func (b *bundle) unreachable(t *testing.T) person {
	t.Helper()
	p := b.place(t, owing(15000))
	account := p.account
	account.Consumer.Phone, account.Consumer.Email = "", ""
	account.Consumer.Address.PostalCode = "45599"
	must(t, b.store.InTx(t.Context(), func(ctx context.Context) error { return b.store.SavePlacements(ctx, changed(b.now(), account)) }))
	return p
}

// TestCOM11_SEC06_SixCodesADayAtMost: nobody's phone is flooded, by asking or by
// sending again; digits have thirty tries a day among all who ask.
func TestCOM11_SEC06_SixCodesADayAtMost(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{stepUp: contact.SMS, proxy: "0.0.0.0"})
		p := b.place(t, owing(15000))
		for range 20 { // each hour, with every "send it again" that there is
			v, a := b.tries(t, b.elsewhere(), p.code, "45501")
			if a.location == "/verify/code" {
				v.get("/verify/code")
				for range 2 {
					b.bench.Sandbox.Advance(time.Minute)
					v.post("/verify/code/resend")
				}
			}
			v.get("/verify")
			v.post("/verify/digits", "zip", "45501")
			b.delivered(t)
			b.bench.Sandbox.Advance(time.Hour)
		}
		b.sent.mu.Lock()
		sent := len(b.sent.sent)
		b.sent.mu.Unlock()
		if sent != 6 {
			t.Errorf("%d messages within a day", sent)
		}
		b.bench.Sandbox.Advance(24 * time.Hour)
		if _, a := b.tries(t, b.elsewhere(), p.code, "45501"); a.location != "/verify/code" {
			t.Errorf("a day later: %d %q", a.status, a.location)
		}
	})
}

// byLink opens a link and gives a ZIP code.
func (b *bundle) byLink(t *testing.T, link, zip string) view {
	t.Helper()
	v := b.visit(t)
	v.header.Set("X-Forwarded-For", b.elsewhere())
	v.get(link)
	v.post(link)
	v.get("/verify")
	return v.post("/verify", "zip", zip)
}

// TestSEC07_ANewLinkGivesNoNewGuesses: all links to one address have one count,
// which counts at the code too; strangers' misses at the code keep no link shut.
func TestSEC07_ANewLinkGivesNoNewGuesses(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{proxy: "0.0.0.0"})
		p := b.place(t, owing(15000))
		b.guessed(t, 90000, 5, p)
		links := []string{b.sendLink(t, p), b.sendLink(t, p), b.sendLink(t, p)}
		for i := range 3 {
			if a := b.byLink(t, links[i], fmt.Sprint(80000+i)); a.status != 422 {
				t.Fatalf("a miss by a link: %d %q", a.status, a.location)
			}
		}
		if a := b.byLink(t, links[2], "45501"); a.status != 422 {
			t.Errorf("a third link gives new guesses: %d %q", a.status, a.location)
		}
		b.bench.Sandbox.Advance(30 * time.Second)
		if a := b.byLink(t, links[2], "45501"); a.location != "/account" {
			t.Errorf("half a minute later, by a link: %d %q", a.status, a.location)
		}
		state, err := b.verifier.Access(t.Context(), p.account.ID)
		must(t, err)
		if state.Misses != 8 {
			t.Errorf("%d misses at the code; want 5 and the 3 by links", state.Misses)
		}
	})
}

// TestS4_APersonOfTheAgencyOpensEveryWay: misses at the code, by links, digits
// that were sent, the fact typed again, and who may speak for the consumer.
func TestS4_APersonOfTheAgencyOpensEveryWay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{proxy: "0.0.0.0"})
		p := b.place(t, owing(15000))
		v := b.signedIn(t, p)
		_, speaks := b.speaking(t, p, represent.Guardian)
		link, spoken := b.sendLink(t, p), b.spokenCode(t, speaks)
		b.guessed(t, 90000, 4, p)
		for i := range 4 {
			b.byLink(t, link, fmt.Sprint(80000+i))
			b.tries(t, b.elsewhere(), spoken, fmt.Sprint(70000+i))
			v.get("/account/access")
			v.post("/account/access/code", "zip", fmt.Sprint(60000+i))
		}
		digits := func() int {
			b.asksDigits(t, p.code, "45501")
			return b.delivered(t)
		}
		if n := digits() + digits() + digits() + digits(); n != 3 {
			t.Fatalf("%d messages at once", n)
		}
		must(t, b.verifier.Help(t.Context(), p.account.ID))
		missed, _ := b.tries(t, b.elsewhere(), p.code, "99999")
		missed.post("/verify/digits", "zip", "45501")
		if n := b.delivered(t); n != 1 {
			t.Errorf("digits: %d messages", n)
		}
		if a := b.byLink(t, link, "45501"); a.location != "/account" {
			t.Errorf("by link: %d %q", a.status, a.location)
		}
		if _, a := b.tries(t, b.elsewhere(), p.code, "45501"); a.location != "/account" {
			t.Errorf("by code: %d %q", a.status, a.location)
		}
		if _, a := b.tries(t, b.elsewhere(), spoken, "10001"); a.location != "/account" {
			t.Errorf("who may speak: %d %q", a.status, a.location)
		}
		if _, err := b.verifier.OwnCode(t.Context(), p.account.ID, zipCode(t, "45501"), "::1"); err != nil {
			t.Errorf("the fact typed again: %v", err)
		}
	})
}

// TestF5_ANewCodeEndsWhatTheOldOneOpened: the old code was in a stranger's hands.
func TestF5_ANewCodeEndsWhatTheOldOneOpened(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{proxy: "0.0.0.0"})
		p, other := b.place(t, owing(15000)), b.place(t, owing(15000))
		v, bystander := b.signedIn(t, p), b.signedIn(t, other)
		must(t, b.verifier.Renew(t.Context(), p.account.ID))
		if a := v.get("/account"); a.status == 200 {
			t.Error("the session that the old code opened goes on")
		}
		if a := bystander.get("/account"); a.status != 200 {
			t.Errorf("somebody else's session: %d", a.status)
		}
		if _, a := b.tries(t, b.elsewhere(), p.code, "45501"); a.status != 422 {
			t.Errorf("the old code: %d %q", a.status, a.location)
		}
	})
}

// spokenCode is the code of who may speak for a consumer.
func (b *bundle) spokenCode(t *testing.T, who represent.Representative) string {
	t.Helper()
	code, err := b.speakers().Code(who)
	must(t, err)
	return code
}

func zipCode(t *testing.T, typed string) identity.Factor {
	t.Helper()
	f, err := identity.ZIP(typed)
	must(t, err)
	return f
}
