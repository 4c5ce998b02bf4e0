package identity_test

import (
	"errors"
	"fmt"
	"maps"
	"testing"
	"time"

	"quittance/payments/paymentstest"
	"quittance/plans/civil"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
)

func account(i int) debt.AccountID { return debt.AccountID(fmt.Sprintf("acc_%d", i)) }

func TestACodeAndAZIPCodeOpenASession(t *testing.T) {
	t.Parallel()
	b := setup(t)
	code := b.person("acc_1")
	for _, typed := range []string{"10001", " 10001 ", "10001-9999", "100019999"} {
		r, err := b.try(t, code, typed)
		if err != nil {
			t.Fatalf("%q: %v", typed, err)
		}
		s, err := b.sessions.Check(t.Context(), r.Cookie)
		if err != nil || s.Subject != "acc_1" || s.Path != identity.ByCode {
			t.Errorf("session = %+v, %v", s, err)
		}
	}
	if got := b.kinds(); got[0] != identity.ConsumerVerified {
		t.Errorf("watchers heard %v", got)
	}
}

func TestADateOfBirthOpensASessionWhereTheAgencyChoseIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.verifier.Factor = identity.DateOfBirth
	pending, err := b.verifier.Begin(b.person("acc_1"))
	if err != nil {
		t.Fatal(err)
	}
	born, err := identity.Birth(civil.Date{Year: 1980, Month: 2, Day: 29}, noon)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.verifier.Verify(t.Context(), pending, born, identity.Visitor{Address: ""}); err != nil {
		t.Errorf("the right day: %v", err)
	}
	wrong, _ := identity.Birth(civil.Date{Year: 1980, Month: 3, Day: 1}, noon)
	if _, err := b.verifier.Verify(t.Context(), pending, wrong, identity.Visitor{Address: ""}); !errors.Is(err, identity.ErrNoMatch) {
		t.Errorf("another day: %v", err)
	}
	if _, err := b.verifier.Verify(t.Context(), pending, zip(t, "10001"), identity.Visitor{Address: ""}); !errors.Is(err, identity.ErrMalformedFactor) {
		t.Errorf("a ZIP code instead: %v", err)
	}
}

func TestWhatIsNoFactorIsRefusedWithoutCountingATry(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"", "1234", "123456", "ABCDE", "1234567890", "१२३४५", "10001\x00"} {
		if _, err := identity.ZIP(typed); !errors.Is(err, identity.ErrMalformedFactor) {
			t.Errorf("%q: %v", typed, err)
		}
	}
	for _, d := range []civil.Date{{}, {Year: 2026, Month: 11, Day: 24}} {
		if _, err := identity.Birth(d, noon); !errors.Is(err, identity.ErrMalformedFactor) {
			t.Errorf("%v: %v", d, err)
		}
	}
}

func TestSomeoneOfWhomNothingIsHeldMatchesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i, held := range []string{"", "n/a", "1"} {
		code := b.person(account(i), func(p *identity.Person) { p.PostalCode = held })
		for _, typed := range []string{"00000", "10001", "11111"} {
			if _, err := b.try(t, code, typed); !errors.Is(err, identity.ErrNoMatch) {
				t.Errorf("%q against %q: %v", typed, held, err)
			}
		}
	}
}

// TestS2_DSC04_EveryRefusalReadsTheSameAndCostsTheSame counts work instead of
// timing it.
func TestS2_DSC04_EveryRefusalReadsTheSameAndCostsTheSame(t *testing.T) {
	t.Parallel()
	type outcome struct {
		err    string
		hashes int
		asked  map[string]int
	}
	unknown := func(b *bundle) string { code, _, _ := b.codes.New(); return code }
	cases := map[string]struct {
		code func(b *bundle) string
		zip  string
	}{
		"no such code":   {unknown, "10001"},
		"another ZIP":    {func(b *bundle) string { return b.person("acc_1") }, "99999"},
		"nothing held":   {func(b *bundle) string { return b.person("acc_1", func(p *identity.Person) { p.PostalCode = "" }) }, "10001"},
		"closed, right":  {func(b *bundle) string { return b.person("acc_1", func(p *identity.Person) { p.Shut = true }) }, "10001"},
		"closed, wrong":  {func(b *bundle) string { return b.person("acc_1", func(p *identity.Person) { p.Shut = true }) }, "99999"},
		"waiting, right": {func(b *bundle) string { return b.exhausted(t, b.person("acc_1")) }, "10001"},
		"waiting, wrong": {func(b *bundle) string { return b.exhausted(t, b.person("acc_1")) }, "99999"},
		"waiting, none":  {func(b *bundle) string { return b.exhausted(t, unknown(b)) }, "10001"},
	}
	seen := map[string]outcome{}
	for name, c := range cases {
		b := setup(t)
		code := c.code(b)
		b.hashes, b.asked = 0, map[string]int{}
		_, err := b.try(t, code, c.zip)
		if !errors.Is(err, identity.ErrNoMatch) {
			t.Fatalf("%s: %v", name, err)
		}
		seen[name] = outcome{err.Error(), b.hashes, b.asked}
	}
	want := seen["no such code"]
	for name, got := range seen {
		if got.err != want.err || got.hashes != want.hashes || !maps.Equal(got.asked, want.asked) {
			t.Errorf("%s differs: %+v, want %+v", name, got, want)
		}
	}
	if want.hashes != 5 || want.asked["save attempt"] != 1 || want.asked["add tallies"] != 1 {
		t.Errorf("the work was not counted: %+v", want)
	}
}

// exhausted fails until the code must wait.
func (b *bundle) exhausted(t *testing.T, code string) string {
	for i := range 5 {
		_, _ = b.try(t, code, fmt.Sprint(99990+i))
	}
	return code
}

func TestBeginSaysTheSameOfEveryCode(t *testing.T) {
	t.Parallel()
	b := setup(t)
	unknown, _, _ := b.codes.New()
	known, _ := b.verifier.Begin(b.person("acc_1"))
	other, err := b.verifier.Begin(unknown)
	if err != nil || len(known) != len(other) || len(b.asked) > 0 {
		t.Errorf("%d and %d bytes, store asked %v, %v", len(known), len(other), b.asked, err)
	}
	if p, err := b.verifier.Waiting(other); err != nil || p != identity.ByCode {
		t.Errorf("waiting = %q, %v", p, err)
	}
}

func TestAPendingVisitEndsAfterAQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	b := setup(t)
	pending, _ := b.verifier.Begin(b.person("acc_1"))
	b.clock.move(identity.PendingFor + time.Minute)
	if _, err := b.verifier.Verify(t.Context(), pending, zip(t, "10001"), identity.Visitor{Address: ""}); !errors.Is(err, identity.ErrPending) {
		t.Errorf("too late: %v", err)
	}
	if _, err := b.verifier.Verify(t.Context(), "", zip(t, "10001"), identity.Visitor{Address: ""}); !errors.Is(err, identity.ErrPending) {
		t.Errorf("none: %v", err)
	}
}

// TestS4_AStrangerCannotLockOutTheHolderOfALink makes 10,000 bad tries at a
// code, then comes by the link and by a collector's help.
func TestS4_AStrangerCannotLockOutTheHolderOfALink(t *testing.T) {
	paymentstest.Long(t)
	t.Parallel()
	b := setup(t)
	code := b.person("acc_1")
	b.agree(t, "acc_1", contact.SMS)
	token := b.sendLink(t, "acc_1")
	for i := range 10_000 {
		_, _ = b.through(t, code, fmt.Sprint(20000+i), fmt.Sprintf("10.0.%d.%d", i/250, i%250))
		b.clock.move(time.Second)
	}
	if _, err := b.try(t, code, "10001"); !errors.Is(err, identity.ErrNoMatch) {
		t.Fatalf("the code is not locked: %v", err)
	}
	byLink, err := b.links.Open(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := b.verifier.Waiting(byLink); err != nil || p != identity.ByLink {
		t.Errorf("waiting = %q, %v", p, err)
	}
	if _, err := b.verifier.Verify(t.Context(), byLink, zip(t, "10001"), identity.Visitor{Address: ""}); err != nil {
		t.Errorf("by link: %v", err)
	}
	if err := b.verifier.Help(t.Context(), "acc_1"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.try(t, code, "10001"); err != nil {
		t.Errorf("with a collector's help: %v", err)
	}
}

func TestS4_ALinkStaysOpenWhenTheAgencysBudgetIsSpent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.person("acc_1")
	b.agree(t, "acc_1", contact.SMS)
	token := b.sendLink(t, "acc_1")
	for range identity.BudgetAnHour {
		b.attempts = append(b.attempts, identity.Attempt{Bucket: "code:x", At: b.clock.now(), Outcome: identity.Failed, Budgeted: true})
	}
	pending, err := b.links.Open(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.verifier.Verify(t.Context(), pending, zip(t, "10001"), identity.Visitor{Address: ""}); err != nil {
		t.Errorf("by link: %v", err)
	}
}

func TestALinkHasALimitOfItsOwn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.person("acc_1")
	b.agree(t, "acc_1", contact.SMS)
	pending, err := b.links.Open(t.Context(), b.sendLink(t, "acc_1"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		_, _ = b.verifier.Verify(t.Context(), pending, zip(t, fmt.Sprint(99990+i)), identity.Visitor{Address: ""})
	}
	if _, err := b.verifier.Verify(t.Context(), pending, zip(t, "10001"), identity.Visitor{Address: ""}); !errors.Is(err, identity.ErrNoMatch) {
		t.Errorf("the sixth try at once: %v", err)
	}
}

func TestWhatAWatcherRefusesDoesNotHappen(t *testing.T) {
	t.Parallel()
	b := setup(t)
	code := b.person("acc_watcher_fails")
	if _, err := b.try(t, code, "10001"); err == nil || errors.Is(err, identity.ErrNoMatch) {
		t.Errorf("error = %v", err)
	}
	if len(b.memory.sessions) != 0 {
		t.Error("the session was kept")
	}
}
