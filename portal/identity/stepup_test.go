package identity_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"quittance/portal/contact"
	"quittance/portal/identity"
	"quittance/portal/represent"
)

// stepped is a visitor who was sent six digits.
func stepped(t *testing.T) (b *bundle, r identity.Result, digits string) {
	t.Helper()
	b = setup(t)
	b.verifier.StepUp = contact.SMS
	r, err := b.try(t, b.person("acc_1"), "10001")
	if err != nil {
		t.Fatal(err)
	}
	return b, r, b.messages[0].Plain
}

// another returns six digits that are not the given ones.
func another(digits string) string {
	if digits == "000000" {
		return "000001"
	}
	return "000000"
}

func TestSEC06_ASessionOpensOnlyAfterThePersonHoldsTheCodeSent(t *testing.T) {
	t.Parallel()
	b, r, digits := stepped(t)
	if r.Cookie != "" || r.StepUp == "" || r.Channel != contact.SMS || len(b.memory.sessions) != 0 || len(b.changes) != 0 {
		t.Fatalf("before the digits: %+v", r)
	}
	if m := b.messages[0]; m.To != "+12125550123" || !m.ExpiresAt.Equal(noon.Add(10*time.Minute)) || len(digits) != 6 {
		t.Errorf("message = %+v", m)
	}
	done, err := b.verifier.Confirm(t.Context(), r.StepUp, digits[:3]+" "+digits[3:])
	if err != nil || !done.Session.SteppedUp {
		t.Fatalf("confirm = %+v, %v", done, err)
	}
	if s, err := b.sessions.Check(t.Context(), done.Cookie); err != nil || s.Subject != "acc_1" {
		t.Errorf("session = %+v, %v", s, err)
	}
	if _, err := b.verifier.Confirm(t.Context(), r.StepUp, digits); !errors.Is(err, identity.ErrStepUpOver) {
		t.Errorf("used twice: %v", err)
	}
}

func TestFiveTriesAtTheDigitsAreAll(t *testing.T) {
	t.Parallel()
	b, r, digits := stepped(t)
	for _, typed := range []string{"", "12345", "1234567", "abcdef", "१२३४५६"} {
		if _, err := b.verifier.Confirm(t.Context(), r.StepUp, typed); !errors.Is(err, identity.ErrMalformedDigits) {
			t.Errorf("%q: %v", typed, err)
		}
	}
	for range 4 {
		if _, err := b.verifier.Confirm(t.Context(), r.StepUp, another(digits)); !errors.Is(err, identity.ErrWrongDigits) {
			t.Fatalf("wrong digits: %v", err)
		}
	}
	if _, err := b.verifier.Confirm(t.Context(), r.StepUp, another(digits)); !errors.Is(err, identity.ErrStepUpOver) {
		t.Errorf("the fifth: %v", err)
	}
	if _, err := b.verifier.Confirm(t.Context(), r.StepUp, digits); !errors.Is(err, identity.ErrStepUpOver) {
		t.Errorf("the right ones after that: %v", err)
	}
}

func TestTheDigitsHoldForTenMinutes(t *testing.T) {
	t.Parallel()
	b, r, digits := stepped(t)
	b.clock.move(identity.DigitsFor)
	if _, err := b.verifier.Confirm(t.Context(), r.StepUp, digits); !errors.Is(err, identity.ErrStepUpOver) {
		t.Errorf("too late: %v", err)
	}
	if _, err := b.verifier.Confirm(t.Context(), "", digits); !errors.Is(err, identity.ErrStepUpOver) {
		t.Errorf("no token: %v", err)
	}
}

func TestMoreDigitsComeTwiceAndNotAtOnceAndReplaceTheOld(t *testing.T) {
	t.Parallel()
	b, r, old := stepped(t)
	var wait identity.Wait
	if err := b.verifier.Resend(t.Context(), r.StepUp); !errors.As(err, &wait) || wait.For != 30*time.Second {
		t.Errorf("at once: %v", err)
	}
	for range 2 {
		b.clock.move(30 * time.Second)
		if err := b.verifier.Resend(t.Context(), r.StepUp); err != nil {
			t.Fatal(err)
		}
	}
	b.clock.move(30 * time.Second)
	if err := b.verifier.Resend(t.Context(), r.StepUp); !errors.Is(err, identity.ErrStepUpOver) || len(b.messages) != 3 {
		t.Errorf("a fourth: %v, %d messages", err, len(b.messages))
	}
	if newest := b.messages[2].Plain; newest != old {
		if _, err := b.verifier.Confirm(t.Context(), r.StepUp, old); !errors.Is(err, identity.ErrWrongDigits) {
			t.Errorf("the old digits: %v", err)
		}
	}
	if _, err := b.verifier.Confirm(t.Context(), r.StepUp, b.messages[2].Plain); err != nil {
		t.Errorf("the newest digits: %v", err)
	}
}

func TestAPhoneCannotBeFloodedWithCodes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.verifier.StepUp = contact.SMS
	code := b.person("acc_1")
	for range 200 {
		_, _ = b.try(t, code, "10001")
	}
	if len(b.messages) != 3 {
		t.Errorf("%d messages at once", len(b.messages))
	}
	if _, err := b.try(t, code, "10001"); !errors.Is(err, identity.ErrWait) {
		t.Errorf("the next: %v", err)
	}
}

func TestTheDigitsGoWhereTheyCan(t *testing.T) {
	t.Parallel()
	strange := func(b *bundle) {
		_ = b.book.Suppress(t.Context(), "acc_1", contact.SMS, b.book.Hash(contact.SMS, "+12125550123"), contact.WrongPerson)
	}
	cases := []struct {
		prefer contact.Channel
		change func(b *bundle)
		want   contact.Channel
	}{
		{contact.SMS, func(*bundle) {}, contact.SMS},
		{contact.Email, func(*bundle) {}, contact.Email},
		{contact.SMS, func(b *bundle) { b.book.On[contact.SMS] = false }, contact.Email},
		{contact.SMS, strange, contact.Email},
		{contact.SMS, func(b *bundle) { strange(b); b.book.On[contact.Email] = false }, ""},
		{contact.SMS, func(b *bundle) { b.clock.move(8 * time.Hour) }, contact.SMS}, // at night, because they asked
	}
	for i, c := range cases {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.verifier.StepUp = c.prefer
			code := b.person("acc_1")
			c.change(b)
			r, err := b.try(t, code, "10001")
			if r.Channel != c.want || (c.want == "") != errors.Is(err, identity.ErrNoContact) {
				t.Errorf("sent by %q, %v; want %q", r.Channel, err, c.want)
			}
		})
	}
}

func TestALinkToTheContactOnFileIsPossessionEnough(t *testing.T) {
	t.Parallel()
	b := agreed(t)
	b.verifier.StepUp = contact.SMS
	pending, err := b.links.Open(t.Context(), b.sendLink(t, "acc_1"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := b.verifier.Verify(t.Context(), pending, zip(t, "10001"), identity.Visitor{Address: ""})
	if err != nil || !r.Session.SteppedUp {
		t.Errorf("verify = %+v, %v", r, err)
	}
}

func TestDSC05_NoMoreDigitsGoToWhoSpeaksNoMore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.verifier.StepUp = contact.SMS
	speaks := func(p *identity.Person) { p.Speaking = represent.Representative{ID: "rep_1", Role: represent.Executor} }
	r, err := b.try(t, b.person("acc_1", speaks), "10001")
	if err != nil {
		t.Fatal(err)
	}
	p := b.people["acc_1"]
	p.Speaking.RevokedAt = b.clock.now()
	b.people["acc_1"] = p
	b.clock.move(30 * time.Second)
	if err := b.verifier.Resend(t.Context(), r.StepUp); !errors.Is(err, identity.ErrStepUpOver) || len(b.messages) != 1 {
		t.Errorf("revoked: %v, %d messages", err, len(b.messages))
	}
}
