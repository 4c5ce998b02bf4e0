package consumer_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

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
		backwards := strings.Fields(english)
		backwards[0], backwards[2] = backwards[2], backwards[0]
		first := ""
		for _, no := range [][2]string{
			{nobody, b.words(t, nobody, "en")}, {p.code, "able paper mallow"}, {p.code, strings.Join(backwards, " ")}, {p.code, spoken},
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
