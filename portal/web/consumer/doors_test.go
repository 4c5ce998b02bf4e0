package consumer_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/portal/identity"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// words are those of a person's letter.
func (b *bundle) words(t *testing.T, code, language string) string {
	t.Helper()
	parsed, err := identity.ParseCode(code)
	must(t, err)
	return strings.Join(b.links.Phrases.OfCodeHash(b.codes.Hash(parsed), language), " ")
}

// asks takes a number and three words to the page and returns its answer.
func (v *browser) asks(number, words string) view {
	v.get("/is-this-real")
	return v.post("/is-this-real", "number", number, "words", words)
}

// reversed are the same words, the last one first.
func reversed(words string) string {
	all := strings.Fields(words)
	slices.Reverse(all)
	return strings.Join(all, " ")
}

const (
	oursSaid = "Yes, these words are ours"
	notSaid  = "We cannot confirm this"
)

// TestM1_ThePageComparesWordsAndTellsNone is F3: whoever asks brings the words.
func TestM1_ThePageComparesWordsAndTellsNone(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		for reversed(b.words(t, p.code, "en")) == b.words(t, p.code, "en") { // the same word may be drawn twice
			p = b.place(t, owing(15000))
		}
		link := b.sendLink(t, p)
		rows, err := b.store.LinksOf(t.Context(), p.account.ID)
		must(t, err)
		spoken := strings.Join(b.links.Phrases.OfLink(rows[0], "en"), " ")
		english, spanish := b.words(t, p.code, "en"), b.words(t, p.code, "es")
		nobody, _, _ := b.codes.New()
		v := b.visit(t)
		for _, yes := range [][2]string{
			{p.code, english}, {strings.ToLower(p.code), strings.ToUpper(spanish)}, {p.code, strings.ReplaceAll(english, " ", ",  ") + "."},
			{"http://pay.example" + link, spoken}, {rows[0].Reference, spoken},
		} {
			if a := v.asks(yes[0], yes[1]); a.status != 200 || !strings.Contains(a.body, oursSaid) || strings.Contains(a.body, notSaid) {
				t.Errorf("%q with %q: %d", yes[0], yes[1], a.status)
			}
		}
		first := ""
		for _, no := range [][2]string{
			{nobody, b.words(t, nobody, "en")}, {p.code, "able paper mallow"}, {p.code, reversed(english)}, {p.code, spoken},
			{"LNK-23456789", spoken}, {"http://pay.example/l/" + strings.Repeat("A", 22), spoken}, {p.code, "xx yy zz"},
		} {
			opened := s.Opened()
			a := v.asks(no[0], no[1])
			got := fmt.Sprint(a.status, a.header, a.body)
			got = nonces.ReplaceAllString(strings.NewReplacer(no[0], "NUMBER", no[1], "WORDS").Replace(got), "NONCE")
			got = regexp.MustCompile(`Content-Length:\[\d+\]`).ReplaceAllString(got, "")
			if number := strings.HasPrefix(no[0], "LNK") || strings.HasPrefix(no[0], "http"); !number {
				got += fmt.Sprint(" opened ", s.Opened()-opened)
			}
			if strings.Contains(got, oursSaid) || !strings.Contains(got, notSaid) || !strings.Contains(got, "(800) 555-0134") {
				t.Errorf("%q with %q: %d", no[0], no[1], a.status)
			}
			plain := strings.SplitN(got, " opened ", 2)[0]
			if first == "" {
				first = plain
			} else if plain != first {
				t.Errorf("%q with %q is not like the first:\n%s\n%s", no[0], no[1], plain, first)
			}
		}
		for _, form := range [][2]string{{"hello", english}, {"", english}, {p.code, ""}, {p.code, "one two"}} {
			a := v.asks(form[0], form[1])
			if a.status != 422 || strings.Contains(a.body, notSaid) || strings.Contains(a.body, oursSaid) {
				t.Errorf("%q with %q: %d", form[0], form[1], a.status)
			}
		}
	})
}

// TestM1_NothingAnonymousTellsWordsOfAMadeUpNumber asks 200 invented codes and
// links on every page that could tell.
func TestM1_NothingAnonymousTellsWordsOfAMadeUpNumber(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	landing := b.visit(t).get(b.sendLink(t, p))
	if landing.status != 200 || !strings.Contains(landing.body, `class="phrase"`) {
		t.Fatalf("a link that was sent shows no words: %d", landing.status)
	}
	v := b.visit(t)
	for i := range 200 {
		code, hash, _ := b.codes.New()
		told := b.links.Phrases.OfCodeHash(hash, "en")
		token := fmt.Sprintf("%021dA", i)
		for _, a := range []view{v.asks(code, "able paper mallow"), v.asks("http://pay.example/l/"+token, "able paper mallow"), v.get("/l/" + token)} {
			if strings.Contains(a.body, `class="phrase"`) || strings.Contains(a.body, strings.Join(told, " ")) || strings.Contains(a.body, oursSaid) {
				t.Fatalf("words of %s or %s are told: %d", code, token, a.status)
			}
		}
	}
}

// TestF13_APastedCodeIsRead is the case file, and what else people paste.
func TestF13_APastedCodeIsRead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	wide := strings.Map(func(r rune) rune {
		if r > ' ' && r <= '~' {
			return r + 0xFEE0
		}
		return r
	}, p.code)
	v := b.visit(t)
	v.get("/")
	for _, typed := range []string{
		"\u200b" + p.code, "\ufeff" + p.code, p.code + ".", p.code[:4] + "\u00ad" + p.code[4:], wide, "“" + p.code + "”", "'" + p.code + "'",
		strings.ReplaceAll(p.code, "-", "_"), "Your code is " + p.code + ".", "Your code is " + strings.ReplaceAll(p.code, "-", " ") + ".",
		"Su código es: " + p.code, "\u2066" + p.code + "\u2069", strings.ReplaceAll(p.code, "-", "\u2011"), "«" + strings.ToLower(p.code) + "»", "code:\t" + p.code,
	} {
		if a := v.post("/", "code", typed); a.location != "/verify" {
			t.Errorf("%q led to %d %q", typed, a.status, a.location)
		}
	}
}

// TestG15_AnotherNumberIsNotCalledATypo is the case file.
func TestG15_AnotherNumberIsNotCalledATypo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.visit(t)
	v.get("/")
	for typed, says := range map[string]string{
		"4411 2093 77": "not look like a code of ours", "ACCT 99812-7": "not look like a code of ours", "A-1001": "not look like a code of ours",
		"123-45-6789": "not look like a code of ours", "K7Q2-9MXD-4X": "has a typo", "K7Q2-9MXD-4": "has a typo", "K7Q2-9MXU-4F": "has a typo",
	} {
		if a := v.post("/", "code", typed); a.status != 422 || !strings.Contains(a.body, says) || !strings.Contains(a.body, `value="`+typed+`"`) {
			t.Errorf("%q: %d, want %q", typed, a.status, says)
		}
	}
}

// TestF14_APastedZIPCodeIsReadWhole: a field is never shorter than what people
// paste into it.
func TestF14_APastedZIPCodeIsReadWhole(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	for _, typed := range []string{" 45501-1234", "45501-1234.", "\u200b45501", "４５５０１", "“45501”"} {
		v := b.visit(t)
		v.get("/")
		v.post("/", "code", p.code)
		page := v.get("/verify")
		cut := regexp.MustCompile(`name="zip"[^>]*maxlength="(\d+)"`).FindStringSubmatch(page.body)
		if cut == nil || len(cut[1]) < 2 || cut[1] < "40" {
			t.Fatalf("the field cuts a paste: %v", cut)
		}
		if a := v.post("/verify", "zip", typed); a.location != "/account" {
			t.Errorf("%q led to %d %q", typed, a.status, a.location)
		}
	}
}

// TestF05_AYearThatNoRecordCanHoldIsNoAttempt is the case of the README: six
// times 80, then the right day.
func TestF05_AYearThatNoRecordCanHoldIsNoAttempt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{factor: identity.DateOfBirth})
		p := b.place(t, owing(15000))
		v := b.visit(t)
		v.get("/")
		v.post("/", "code", p.code)
		v.get("/verify")
		for _, year := range []string{"80", "80", "80", "80", "80", "80", "1880", "0080", "1800", "0"} {
			a := v.post("/verify", "birth_month", "3", "birth_day", "27", "birth_year", year)
			if a.status != 422 || !strings.Contains(a.body, "Type the year with 4 numbers") || !strings.Contains(a.body, `value="`+year+`"`) {
				t.Errorf("year %s: %d", year, a.status)
			}
		}
		if a := v.post("/verify", "birth_month", "3", "birth_day", "２７", "birth_year", "\u200b1984 "); a.location != "/account" {
			t.Errorf("the right day led to %d %q", a.status, a.location)
		}
	})
}

// tries gives a code and a ZIP code in a fresh browser at an address.
func (b *bundle) tries(t *testing.T, address, code, zip string) (*browser, view) {
	t.Helper()
	v := b.visit(t)
	if address != "" {
		v.header.Set("X-Forwarded-For", address)
	}
	v.get("/")
	v.post("/", "code", code)
	v.get("/verify")
	return v, v.post("/verify", "zip", zip)
}

const pauseSaid = "After a few tries we pause for a while. Wait an hour, or call us."

// TestF11_F17_EverybodyReadsTheSameTrueWords: right and wrong, known and
// unknown; and the pause that the page names is over after that hour.
func TestF11_F17_EverybodyReadsTheSameTrueWords(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		nobody, _, _ := b.codes.New()
		for i := range 5 {
			_, a := b.tries(t, "", p.code, fmt.Sprint(90000+i))
			if a.status != 422 || !strings.Contains(a.body, pauseSaid) {
				t.Fatalf("miss %d: %d", i, a.status)
			}
			b.bench.Sandbox.Advance([]time.Duration{0, 0, 31 * time.Second, 6 * time.Minute, 0}[i])
		}
		_, right := b.tries(t, "", p.code, "45501")
		_, wrong := b.tries(t, "", p.code, "90009")
		_, unknown := b.tries(t, "", nobody, "45501")
		for name, a := range map[string]view{"right, in the pause": right, "wrong, in the pause": wrong, "nobody's code": unknown} {
			if a.status != 422 || !strings.Contains(a.body, pauseSaid) || !strings.Contains(a.body, "(800) 555-0134") {
				t.Errorf("%s: %d", name, a.status)
			}
		}
		b.bench.Sandbox.Advance(time.Hour)
		if _, a := b.tries(t, "", p.code, "45501"); a.location != "/account" {
			t.Errorf("after the pause that the page names: %d %q", a.status, a.location)
		}
	})
}

// TestG07_AReloadedRefusalIsNoGuess is the case file, through the page.
func TestG07_AReloadedRefusalIsNoGuess(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		v, _ := b.tries(t, "", p.code, "99999")
		for range 3 {
			v.post("/verify", "zip", "99999")
		}
		if a := v.post("/verify", "zip", "45501"); a.location != "/account" {
			t.Errorf("the right ZIP code led to %d %q", a.status, a.location)
		}
	})
}

// TestF4_F7_ManyTriesFromOneAddressSlowAndRefuseNobody: whoever shares it waits
// two seconds, loses nothing of what was typed, and is in.
func TestF4_F7_ManyTriesFromOneAddressSlowAndRefuseNobody(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{})
		p := b.place(t, owing(15000))
		for range identity.VisitorBudget {
			nobody, _, _ := b.codes.New()
			if _, a := b.tries(t, "", nobody, "45501"); a.status != 422 {
				t.Fatalf("a miss: %d", a.status)
			}
		}
		v, held := b.tries(t, "", p.code, "45501")
		if held.status != 429 || !strings.Contains(held.body, "Wait 2 seconds") || !strings.Contains(held.body, `value="45501"`) {
			t.Fatalf("beyond the budget: %d", held.status)
		}
		b.bench.Sandbox.Advance(identity.TicketWait)
		if a := v.post("/verify", "zip", "45501"); a.location != "/account" {
			t.Errorf("after two seconds: %d %q", a.status, a.location)
		}
		words := b.words(t, p.code, "en")
		asked := b.visit(t)
		first := asked.asks(p.code, words)
		ticket := regexp.MustCompile(`name="wait" value="([^"]+)"`).FindStringSubmatch(first.body)
		if first.status != 429 || ticket == nil || strings.Contains(first.body, oursSaid) {
			t.Fatalf("is this real, beyond the budget: %d", first.status)
		}
		b.bench.Sandbox.Advance(identity.TicketWait)
		ask := func() view { return asked.post("/is-this-real", "number", p.code, "words", words, "wait", ticket[1]) }
		if a := ask(); a.status != 200 || !strings.Contains(a.body, oursSaid) {
			t.Errorf("after two seconds: %d", a.status)
		}
		if a := ask(); a.status != 429 {
			t.Errorf("the ticket works twice: %d", a.status)
		}
	})
}

// TestF4_TwoHundredStolenCodesShutNobodyOut is F4's attack: 504 wrong ZIP codes
// at 168 codes that exist; then three innocent people come.
func TestF4_TwoHundredStolenCodesShutNobodyOut(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setupWith(t, s, options{proxy: "0.0.0.0"})
		var stolen []person
		for range 168 {
			stolen = append(stolen, b.place(t, owing(15000)))
		}
		for i := range 504 {
			b.tries(t, fmt.Sprintf("10.0.%d.%d", i/200, i%200), stolen[i%168].code, fmt.Sprint(90000+i))
		}
		for i := range 3 {
			p := b.place(t, owing(15000))
			v, a := b.tries(t, fmt.Sprintf("198.51.100.%d", i), p.code, "45501")
			from := b.now()
			if a.status == 429 {
				b.bench.Sandbox.Advance(identity.TicketWait)
				a = v.post("/verify", "zip", "45501")
			}
			if a.location == "/verify/code" {
				v.get("/verify/code")
				a = v.post("/verify/code", "code", b.sent.last(t))
			}
			if took := b.now().Sub(from); a.location != "/account" || took > 5*time.Second {
				t.Errorf("person %d was led to %d %q after %s", i, a.status, a.location, took)
			}
		}
	})
}

// in lets a right person sign in by code and ZIP code, waiting where the page
// says so and giving the digits where it asks.
func (b *bundle) in(t *testing.T, name, address string, p person, within time.Duration) time.Duration {
	t.Helper()
	from := b.now()
	v, a := b.tries(t, address, p.code, "45501")
	for a.status == 429 && b.now().Sub(from) < 2*within {
		b.bench.Sandbox.Advance(identity.TicketWait)
		a = v.post("/verify", "zip", "45501")
	}
	if a.location == "/verify/code" {
		v.get("/verify/code")
		a = v.post("/verify/code", "code", b.sent.last(t))
	}
	if took := b.now().Sub(from); a.location != "/account" || took > within {
		t.Errorf("%s: led to %d %q after %s", name, a.status, a.location, took)
	}
	return b.now().Sub(from)
}

// TestS4_TheOwnersBrowserIsKnownAfterSigningOut: strangers pause the code, and
// the browser that was in before still is.
func TestS4_TheOwnersBrowserIsKnownAfterSigningOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	v.post("/sign-out")
	for i := range 4 {
		b.tries(t, "", p.code, fmt.Sprint(90000+i))
	}
	if _, a := b.tries(t, "", p.code, "45501"); a.status != 422 {
		t.Fatalf("the code is not paused: %d %q", a.status, a.location)
	}
	v.get("/")
	v.post("/", "code", p.code)
	v.get("/verify")
	if a := v.post("/verify", "zip", "45501"); a.location != "/account" {
		t.Errorf("the owner's browser: %d %q", a.status, a.location)
	}
}
