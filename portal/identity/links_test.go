package identity_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/notice"
)

// sendLink sends a link and reads the token out of the text.
func (b *bundle) sendLink(t *testing.T, id debt.AccountID) string {
	t.Helper()
	if _, err := b.links.Send(t.Context(), identity.LinkRequest{AccountID: id, Channel: contact.SMS, By: "staff:stf_1", CallID: "call_1"}); err != nil {
		t.Fatal(err)
	}
	text := b.messages[len(b.messages)-1].Plain
	token, ok := strings.CutPrefix(text, "https://pay.example/l/")
	if !ok {
		t.Fatalf("the text reads %q", text)
	}
	return token
}

func agreed(t *testing.T) *bundle {
	t.Helper()
	b := setup(t)
	b.person("acc_1")
	b.agree(t, "acc_1", contact.SMS)
	return b
}

func TestSMS05_ALinkGoesFromSentToVerifiedAndIsStoredHashed(t *testing.T) {
	t.Parallel()
	b := agreed(t)
	token := b.sendLink(t, "acc_1")
	held := func() identity.Link { return b.memory.links[0] }
	if len(token) != 22 || bytes.Contains(held().TokenHash, []byte(token)) || held().ExpiresAt.Sub(held().CreatedAt) > 24*time.Hour {
		t.Errorf("token of %d characters, link %+v", len(token), held())
	}
	if held().State(noon) != identity.LinkWaiting || b.messages[0].To != "+12125550123" {
		t.Errorf("state %s, sent to %s", held().State(noon), b.messages[0].To)
	}
	pending, err := b.links.Open(t.Context(), token)
	if err != nil || held().State(noon) != identity.LinkOpen {
		t.Fatalf("open: %v, state %s", err, held().State(noon))
	}
	if _, err := b.links.Open(t.Context(), token); err != nil {
		t.Errorf("a second Continue: %v", err)
	}
	r, err := b.verifier.Verify(t.Context(), pending, zip(t, "10001"), identity.Visitor{Address: ""})
	if err != nil || r.Session.LinkID != held().ID || held().State(noon.AddDate(1, 0, 0)) != identity.LinkVerified {
		t.Fatalf("verify: %v, state %s", err, held().State(noon))
	}
	if _, err := b.links.Open(t.Context(), token); !errors.Is(err, identity.ErrLinkEnded) {
		t.Errorf("after it was used: %v", err)
	}
	want := []identity.Kind{identity.LinkSent, identity.LinkOpened, identity.ConsumerVerified}
	if !slices.Equal(b.kinds(), want) {
		t.Errorf("watchers heard %v, want %v once each", b.kinds(), want)
	}
	if c := b.changes[0]; c.By != "staff:stf_1" || c.CallID != "call_1" || c.Channel != contact.SMS {
		t.Errorf("change = %+v", c)
	}
}

// TestSMS05_WhatAGetNeedsChangesNothing stands for every robot that looks at a
// link: all that a GET page shows comes by reading alone.
func TestSMS05_WhatAGetNeedsChangesNothing(t *testing.T) {
	t.Parallel()
	b := agreed(t)
	token := b.sendLink(t, "acc_1")
	b.asked = map[string]int{}
	before := b.memory.links[0]
	for range 50 {
		if phrase, err := b.phrases.OfToken(t.Context(), token, "en"); err != nil || len(phrase) != 3 {
			t.Fatalf("phrase %v, %v", phrase, err)
		}
	}
	if len(b.asked) != 1 || b.asked["link by reference"] != 50 || b.memory.links[0].OpenedAt != before.OpenedAt || len(b.changes) != 1 {
		t.Errorf("the store was asked %v", b.asked)
	}
	if _, err := b.links.Open(t.Context(), token); err != nil {
		t.Errorf("the person afterwards: %v", err)
	}
}

func TestSMS03_AStrangerEndsALinkAndIsNeverTextedAgain(t *testing.T) {
	t.Parallel()
	b := agreed(t)
	token := b.sendLink(t, "acc_1")
	pending, err := b.links.Open(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.links.NotMe(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	if err := b.links.NotMePending(t.Context(), pending); err != nil {
		t.Errorf("saying so twice: %v", err)
	}
	if _, err := b.verifier.Verify(t.Context(), pending, zip(t, "10001"), identity.Visitor{Address: ""}); !errors.Is(err, identity.ErrLinkEnded) {
		t.Errorf("verify: %v", err)
	}
	if _, err := b.links.Open(t.Context(), token); !errors.Is(err, identity.ErrLinkEnded) {
		t.Errorf("open: %v", err)
	}
	if n := len(slices.DeleteFunc(b.kinds(), func(k identity.Kind) bool { return k != identity.WrongPartyReported })); n != 1 {
		t.Errorf("the system of record was told %d times", n)
	}
	b.person("acc_2") // another account with the same number
	b.agree(t, "acc_2", contact.SMS)
	for _, id := range []debt.AccountID{"acc_1", "acc_2"} {
		b.refused(t, identity.LinkRequest{AccountID: id, Channel: contact.SMS}, "SMS-03", "wrong_person")
	}
}

func TestSMS03_AStrangerCanSayAnythingOnlyOfALinkThatExists(t *testing.T) {
	t.Parallel()
	b := agreed(t)
	token := b.sendLink(t, "acc_1")
	code, _ := b.verifier.Begin(b.person("acc_2"))
	if err := b.links.NotMePending(t.Context(), code); !errors.Is(err, identity.ErrPending) {
		t.Errorf("a visit by code: %v", err)
	}
	for _, wrong := range []string{"", "x", token[:21], token + "A", "AAAAAAAAAAAAAAAAAAAAAA", strings.ToLower(token) + "\n"} {
		if err := b.links.NotMe(t.Context(), wrong); !errors.Is(err, identity.ErrLinkEnded) {
			t.Errorf("%q: %v", wrong, err)
		}
		if _, err := b.links.Open(t.Context(), wrong); !errors.Is(err, identity.ErrLinkEnded) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	b.clock.move(25 * time.Hour)
	if err := b.links.NotMe(t.Context(), token); err != nil || len(b.suppressions) != 1 {
		t.Errorf("a link that grew too old: %v", err)
	}
}

// refused asks for a link and wants it refused by a rule.
func (b *bundle) refused(t *testing.T, r identity.LinkRequest, rule, reason string) {
	t.Helper()
	before := len(b.messages)
	_, err := b.links.Send(t.Context(), r)
	var why identity.Refusal
	if !errors.As(err, &why) || why.Rule != rule || why.Reason != reason {
		t.Errorf("%+v: %v, want %s %s", r, err, rule, reason)
	}
	if len(b.messages) != before {
		t.Error("a message was queued all the same")
	}
}

func TestALinkIsRefusedWithTheRuleBehindIt(t *testing.T) {
	t.Parallel()
	text := identity.LinkRequest{AccountID: "acc_1", Channel: contact.SMS}
	cases := map[string]struct {
		change       func(b *bundle)
		rule, reason string
	}{
		"texts are off": {func(b *bundle) { b.book.On[contact.SMS] = false }, "SMS-01", "channel_off"},
		"no number": {func(b *bundle) {
			p := b.people["acc_1"]
			p.Phone = "none"
			b.people["acc_1"] = p
		}, "SMS-02", "no_address"},
		"no consent":      {func(b *bundle) { b.consents = nil }, "SMS-02", "no_consent"},
		"an old consent":  {func(b *bundle) { b.clock.move(61 * 24 * time.Hour) }, "SMS-02", "consent_too_old"},
		"at night":        {func(b *bundle) { b.clock.move(8 * time.Hour) }, "COM-01", "quiet_hours"},
		"an attorney":     {func(b *bundle) { b.gate.rule, b.gate.reason = "STS-03", "attorney" }, "STS-03", "attorney"},
		"the holder left": {func(b *bundle) { b.stop() }, "COM-07", "opted_out"},
		"five today": {func(b *bundle) {
			for range 5 {
				b.memory.links = append(b.memory.links, identity.Link{AccountID: "acc_1", CreatedAt: noon.Add(-23 * time.Hour)})
			}
		}, "COM-11", "too_many_messages"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := agreed(t)
			c.change(b)
			b.refused(t, text, c.rule, c.reason)
		})
	}
}

func (b *bundle) stop() {
	b.suppressions = append(b.suppressions, contact.Suppression{Channel: contact.SMS,
		AddressHash: b.book.Hash(contact.SMS, "+12125550123"), Reason: contact.OptedOut})
}

func TestSMS02_AConsentGivenDuringTheCallLetsTheLinkGo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.person("acc_1")
	r := identity.LinkRequest{AccountID: "acc_1", Channel: contact.SMS, By: "staff:stf_1", CallID: "call_9",
		Consent: &contact.Consent{Basis: contact.DirectConsent, TextVersion: "call/3"}}
	sent, err := b.links.Send(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if c := b.consents[0]; c.RecordedBy != "staff:stf_1" || c.CallID != "call_9" || c.TextVersion != "call/3" {
		t.Errorf("consent = %+v", c)
	}
	if !slices.Equal(sent.Phrase, b.phrases.OfLink(sent.Link, "en")) {
		t.Errorf("the collector reads %v", sent.Phrase)
	}
}

func TestAConsentIsKeptThoughTheLinkMustWaitForTheMorning(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.person("acc_1")
	b.clock.move(8 * time.Hour)
	r := identity.LinkRequest{AccountID: "acc_1", Channel: contact.SMS, Consent: &contact.Consent{Basis: contact.DirectConsent}}
	b.refused(t, r, "COM-01", "quiet_hours")
	b.clock.move(16 * time.Hour)
	r.Consent = nil
	if _, err := b.links.Send(t.Context(), r); err != nil {
		t.Errorf("in the morning: %v", err)
	}
}

func TestALinkThatIsRevokedOrOldCannotBeUsed(t *testing.T) {
	t.Parallel()
	b := agreed(t)
	first, second := b.sendLink(t, "acc_1"), b.sendLink(t, "acc_1")
	if err := b.links.RevokeAll(t.Context(), "acc_1"); err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{first, second} {
		if _, err := b.links.Open(t.Context(), token); !errors.Is(err, identity.ErrLinkEnded) {
			t.Errorf("revoked: %v", err)
		}
	}
	b = agreed(t)
	third := b.sendLink(t, "acc_1")
	b.clock.move(identity.LinkFor)
	if _, err := b.links.Open(t.Context(), third); !errors.Is(err, identity.ErrLinkEnded) {
		t.Errorf("old: %v", err)
	}
}

func TestAMessageIsLookedAtOnceMoreBeforeItLeaves(t *testing.T) {
	t.Parallel()
	b := agreed(t)
	b.sendLink(t, "acc_1")
	m := b.messages[0]
	g := &identity.Recheck{People: b.memory, Book: b.book, Permission: b.gate, Now: b.clock.now}
	ask := func() string {
		t.Helper()
		reason, err := g.MaySend(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		return reason
	}
	if r := ask(); r != "" {
		t.Errorf("a good message: %s", r)
	}
	b.gate.reason = "bankruptcy"
	if r := ask(); r != "bankruptcy" {
		t.Errorf("a hold: %q", r)
	}
	b.clock.move(8 * time.Hour)
	if r := ask(); r != "quiet_hours" {
		t.Errorf("at night: %q", r)
	}
	m.Kind = notice.KindStepUp
	if r := ask(); r != "" {
		t.Errorf("what the person asked for: %q", r)
	}
	b.stop()
	b.suppressions[0].Reason = contact.WrongPerson
	if r := ask(); r != "wrong_person" {
		t.Errorf("a stranger's number: %q", r)
	}
	m.To = "+12125550199"
	if r := ask(); r != "address_changed" {
		t.Errorf("a number no longer on file: %q", r)
	}
}

func TestM1_WordsAreOursForANumberThatExistsAlone(t *testing.T) {
	t.Parallel()
	b := agreed(t)
	sent, err := b.links.Send(t.Context(), identity.LinkRequest{AccountID: "acc_1", Channel: contact.SMS})
	if err != nil {
		t.Fatal(err)
	}
	token := strings.TrimPrefix(b.messages[0].Plain, "https://pay.example/l/")
	known := b.people["acc_1"]
	code, _ := b.codes.Open(known.CodeSealed, known.CodeHash)
	unknown, hash, _ := b.codes.New()
	inLetter, words := b.phrases.OfCodeHash(known.CodeHash, "es"), strings.Join(sent.Phrase, " ")
	for _, c := range []struct {
		number, said string
		ours         bool
	}{
		{sent.Link.Reference, words, true},
		{" " + strings.ToLower(sent.Link.Reference) + ".", strings.ToUpper(words), true},
		{"https://pay.example/l/" + token, words, true},
		{"https://pay.example/l/" + token + ").", words, true},
		{code.Format(), strings.Join(inLetter, ", "), true},
		{code.Format(), strings.Join(b.phrases.OfCodeHash(known.CodeHash, "en"), "  "), true},
		{code.Format(), strings.Join([]string{inLetter[1], inLetter[0], inLetter[2]}, " "), false},
		{code.Format(), words, false},
		{unknown, strings.Join(b.phrases.OfCodeHash(hash, "es"), " "), false},
		{"LNK-23456789", words, false},
		{"https://pay.example/l/" + strings.Repeat("A", 22), words, false},
	} {
		b.asked = map[string]int{}
		ours, err := b.phrases.Ours(t.Context(), c.number, c.said)
		if err != nil || ours != c.ours || len(b.asked) != 1 {
			t.Errorf("%q with %q: %t, %v, the store was asked %v", c.number, c.said, ours, err, b.asked)
		}
	}
	if phrase, err := b.phrases.OfToken(t.Context(), strings.Repeat("A", 22), "en"); !errors.Is(err, identity.ErrLinkEnded) || phrase != nil {
		t.Errorf("a link that never was has words: %v, %v", phrase, err)
	}
	for _, wrong := range []string{"", "LNK-", "LNK-2345678", "LNK-0O1I2345", "hello", strings.Repeat("LNK-23456789", 30)} {
		if _, err := b.phrases.Ours(t.Context(), wrong, words); !errors.Is(err, identity.ErrMalformedNumber) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	for _, said := range []string{"", "one", "one two", "one two three four", "1 2 3", strings.Repeat("word ", 90)} {
		if _, err := b.phrases.Ours(t.Context(), code.Format(), said); !errors.Is(err, identity.ErrMalformedWords) {
			t.Errorf("%q: %v", said, err)
		}
	}
}

func TestSMS05_AStopEndsTheLinksThatWentToTheAddressAndNoOthers(t *testing.T) {
	t.Parallel()
	b := agreed(t)
	b.sendLink(t, "acc_1")
	for _, c := range []struct {
		number string
		ended  bool
	}{{"+12125550199", false}, {"+12125550123", true}} {
		stop := contact.Change{Kind: contact.Ended, AccountID: "acc_1", Channel: contact.SMS, AddressHash: b.book.Hash(contact.SMS, c.number)}
		if err := b.links.ContactChanged(t.Context(), stop); err != nil {
			t.Fatal(err)
		}
		if got := !b.memory.links[0].EndedAt.IsZero(); got != c.ended {
			t.Errorf("a stop of %s ended it: %t", c.number, got)
		}
	}
}
