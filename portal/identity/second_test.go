package identity_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/payments/paymentstest"
	"quittance/portal/identity"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// silent writes nothing down.
func silent(context.Context, identity.SignedIn) error { return nil }

// letIn takes both factors of somebody: the second is a recovery code of an app that
// is set up for it.
func letIn(t *testing.T, d *identity.Desk, email, password string, from identity.Visitor) identity.SignedIn {
	t.Helper()
	step, err := d.SignIn(t.Context(), email, password, from)
	if err != nil {
		t.Fatal(err)
	}
	_, codes, err := d.Issue(t.Context(), email)
	if err != nil {
		t.Fatal(err)
	}
	in, err := d.Confirm(t.Context(), step, codes[0], from, silent)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// TestSEC06_TheCodesOfAnAppAreThoseOfRFC6238 by its own vectors for SHA-1, of which an
// app shows the last six digits.
func TestSEC06_TheCodesOfAnAppAreThoseOfRFC6238(t *testing.T) {
	t.Parallel()
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" // "12345678901234567890"
	for second, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		if got, err := identity.AppCode(secret, time.Unix(second, 0)); err != nil || got != want {
			t.Errorf("at %d: %s, %v; want %s", second, got, err, want)
		}
	}
	for _, bad := range []string{"", "not base 32!"} {
		if _, err := identity.AppCode(bad, time.Unix(59, 0)); err == nil {
			t.Errorf("%q has a code", bad)
		}
	}
}

// guarded is a person of the console with an app, on a store.
type guarded struct {
	t     *testing.T
	desk  *identity.Desk
	clock *clock
	who   identity.Staff

	secret string
	codes  []string
}

const (
	guardedAt       = "cora@acme.example"
	guardedPassword = "a long enough password"
)

func guard(t *testing.T, s *store.Store) *guarded {
	t.Helper()
	b := setup(t)
	g := &guarded{t: t, clock: b.clock}
	g.desk = identity.NewDesk(s, s, s, identity.NewSessions(s, identity.Collector, nil, b.keys, b.clock.now), b.keys, b.clock.now)
	return g.with(t)
}

func (g *guarded) with(t *testing.T) *guarded {
	t.Helper()
	var err error
	if g.who, err = g.desk.Add(t.Context(), guardedAt, "Cora", guardedPassword, identity.RoleCollector); err != nil {
		t.Fatal(err)
	}
	if g.secret, g.codes, err = g.desk.Issue(t.Context(), guardedAt); err != nil {
		t.Fatal(err)
	}
	return g
}

// shows is what the app shows in so many steps from now.
func (g *guarded) shows(steps int) string {
	g.t.Helper()
	code, err := identity.AppCode(g.secret, g.clock.now().Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		g.t.Fatal(err)
	}
	return code
}

func (g *guarded) step(from identity.Visitor) string {
	g.t.Helper()
	step, err := g.desk.SignIn(g.t.Context(), guardedAt, guardedPassword, from)
	if err != nil {
		g.t.Fatal(err)
	}
	return step
}

func (g *guarded) tries(step, code string, from identity.Visitor) (identity.SignedIn, error) {
	return g.desk.Confirm(g.t.Context(), step, code, from, silent)
}

// TestSEC06_ACodeOpensOnce whether it is an app's or a recovery code, also two at the
// same moment; the clocks may be 30 seconds apart, and no older code opens after a newer.
func TestSEC06_ACodeOpensOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := guard(t, s)
		home := identity.Visitor{Address: "203.0.113.7"}
		for _, c := range []struct {
			name string
			code string
			want error
		}{
			{"two steps behind", g.shows(-2), identity.ErrWrongFactorCode},
			{"two steps ahead", g.shows(2), identity.ErrWrongFactorCode},
			{"a step behind", g.shows(-1), nil},
			{"the same again", g.shows(-1), identity.ErrWrongFactorCode},
			{"a step ahead, with a blank", g.shows(1)[:3] + " " + g.shows(1)[3:], nil},
			{"older than the last", g.shows(0), identity.ErrWrongFactorCode},
			{"a recovery code in small letters", strings.ToLower(g.codes[0]), nil},
			{"a recovery code again", g.codes[0], identity.ErrWrongFactorCode},
			{"a recovery code without dashes", strings.ReplaceAll(g.codes[1], "-", ""), nil},
			{"neither", "12345", identity.ErrMalformedFactorCode},
			{"words", "open the door", identity.ErrMalformedFactorCode},
		} {
			if in, err := g.tries(g.step(home), c.code, home); !errors.Is(err, c.want) || (err == nil) != (in.Cookie != "") {
				t.Errorf("%s: %v, cookie %q", c.name, err, in.Cookie)
			}
		}
		for name, code := range map[string]string{"app": g.shows(0), "recovery": g.codes[2]} {
			g.clock.move(time.Minute)
			if name == "app" {
				code = g.shows(0)
			}
			step := g.step(home)
			var in [4]error
			done := make(chan struct{})
			for i := range in {
				go func() {
					_, in[i] = g.tries(step, code, home)
					done <- struct{}{}
				}()
			}
			opened := 0
			for range in {
				<-done
			}
			for _, err := range in {
				if err == nil {
					opened++
				}
			}
			if opened != 1 {
				t.Errorf("%s: one code opened %d times at once: %v", name, opened, in)
			}
		}
	})
}

// TestSEC06_TheSecondStepBelongsToOnePassword and to ten minutes: not after a change, a
// reset, an end, and not as a session.
func TestSEC06_TheSecondStepBelongsToOnePassword(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := guard(t, s)
		home := identity.Visitor{Address: "203.0.113.7"}
		over := func(name string, do func() error) {
			t.Helper()
			step := g.step(home)
			if err := do(); err != nil {
				t.Fatal(err)
			}
			if _, err := g.tries(step, g.shows(1), home); !errors.Is(err, identity.ErrSecondStep) {
				t.Errorf("%s: %v", name, err)
			}
		}
		over("too late", func() error { g.clock.move(identity.SecondStepFor + time.Minute); return nil })
		over("another password", func() error {
			return g.desk.ChangePassword(t.Context(), guardedAt, guardedPassword, guardedPassword+" two", home)
		})
		if err := g.desk.ChangePassword(t.Context(), guardedAt, guardedPassword+" two", guardedPassword, home); err != nil {
			t.Fatal(err)
		}
		over("disabled", func() error { _, err := g.desk.Disable(t.Context(), guardedAt); return err })
		if _, err := g.desk.Enable(t.Context(), guardedAt); err != nil {
			t.Fatal(err)
		}
		if _, err := g.tries("", g.shows(1), home); !errors.Is(err, identity.ErrSecondStep) {
			t.Errorf("nothing: %v", err)
		}
	})
}

// TestSEC06_AnAppIsSetUpOnceByACodeOfIt whose first code opens nothing else; a second
// enrollment that was begun before it fits no more; and none is without the password.
func TestSEC06_AnAppIsSetUpOnceByACodeOfIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := guard(t, s)
		if _, err := g.desk.ForgetFactors(t.Context(), guardedAt); err != nil {
			t.Fatal(err)
		}
		home := identity.Visitor{Address: "203.0.113.7"}
		step := g.step(home)
		begin := func() identity.Enrollment {
			e, err := g.desk.NewEnrollment(t.Context(), g.who)
			if err != nil {
				t.Fatal(err)
			}
			return e
		}
		first, other := begin(), begin()
		enroll := func(e identity.Enrollment, code string) (identity.SignedIn, []string, error) {
			return g.desk.Enroll(t.Context(), step, e.Token, code, silent)
		}
		g.secret = first.Secret
		code := g.shows(0)
		if _, _, err := enroll(other, code); !errors.Is(err, identity.ErrNewAppCode) {
			t.Errorf("the code of another app: %v", err)
		}
		in, codes, err := enroll(first, code)
		if err != nil || in.Cookie == "" || len(codes) != identity.RecoveryCodes {
			t.Fatalf("set up: %v, %d codes", err, len(codes))
		}
		if _, _, err := enroll(first, code); !errors.Is(err, identity.ErrSecondStep) {
			t.Errorf("set up twice: %v", err)
		}
		if _, err := g.tries(g.step(home), code, home); !errors.Is(err, identity.ErrWrongFactorCode) {
			t.Errorf("the code of the set-up opens again: %v", err)
		}
		for _, err := range []error{
			g.desk.ReplaceApp(t.Context(), g.who, other.Token, codes[0], "000000", home),
			g.desk.ReplaceApp(t.Context(), g.who, "", codes[0], code, home),
		} {
			if !errors.Is(err, identity.ErrNewAppCode) && !errors.Is(err, identity.ErrEnrollment) {
				t.Errorf("another app without its code or its token: %v", err)
			}
		}
		g.secret = other.Secret
		if err := g.desk.ReplaceApp(t.Context(), g.who, other.Token, codes[0], g.shows(0), home); !errors.Is(err, identity.ErrEnrollment) {
			t.Errorf("an enrollment from before the app: %v", err)
		}
		next := begin()
		g.secret = next.Secret
		if err := g.desk.ReplaceApp(t.Context(), g.who, next.Token, "000-000", g.shows(0), home); !errors.Is(err, identity.ErrWrongFactorCode) {
			t.Errorf("without a code of the first: %v", err)
		}
		if err := g.desk.ReplaceApp(t.Context(), g.who, next.Token, codes[0], g.shows(0), home); err != nil {
			t.Errorf("with a recovery code, which an attempt that failed did not use up: %v", err)
		}
		if _, err := g.desk.RenewRecoveryCodes(t.Context(), g.who, codes[1], home); err != nil {
			t.Fatal(err)
		}
		if _, err := g.tries(g.step(home), codes[2], home); !errors.Is(err, identity.ErrWrongFactorCode) {
			t.Errorf("a recovery code of before: %v", err)
		}
	})
}

// TestSEC07_GuessingAtCodesAfterThePassword for 30 days, from one address and from a
// thousand: few codes are compared, none fits, and the owner gets in from a browser that
// was in before, and by a recovery code. `make proof` makes a million tries.
func TestSEC07_GuessingAtCodesAfterThePassword(t *testing.T) {
	paymentstest.Long(t)
	t.Parallel()
	tries := paymentstest.Budget(t, "PROOF_GUESSES", 6_000)
	const bursts = 60
	for _, addresses := range []int{1, 1000} {
		t.Run(fmt.Sprintf("%d addresses", addresses), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			g := (&guarded{t: t, clock: b.clock, desk: b.desk()}).with(t)
			home := identity.Visitor{Address: "203.0.113.7"}
			in, err := g.tries(g.step(home), g.shows(0), home)
			if err != nil {
				t.Fatal(err)
			}
			home.Mark = in.Mark
			opened := 0
			for burst := range bursts {
				g.clock.move(30 * day / bursts)
				step := g.step(identity.Visitor{Address: "198.51.0.0"}) // the attacker knows the password
				for i := range tries / bursts {
					from := identity.Visitor{Address: fmt.Sprintf("198.51.%d.%d", i%addresses/250, i%addresses%250)}
					guess := fmt.Sprintf("%06d", (burst*tries/bursts+i)%1_000_000)
					if slices.Contains([]string{g.shows(-1), g.shows(0), g.shows(1)}, guess) {
						continue // a guess that is right is luck, and no fault of the door
					}
					if _, err := g.tries(step, guess, from); err == nil {
						opened++
					}
				}
				// The owner also comes from machines that keep no cookies.
				g.clock.move(time.Hour)
				_, _ = g.tries(g.step(identity.Visitor{Address: "192.0.2.7"}), g.shows(0), identity.Visitor{Address: "192.0.2.7"})
				if burst == bursts/2 {
					if _, err := g.tries(g.step(home), g.shows(0), home); err != nil {
						t.Errorf("the owner's own browser: %v", err)
					}
					if _, err := g.tries(g.step(identity.Visitor{Address: "192.0.2.9"}), g.codes[0], identity.Visitor{Address: "192.0.2.9"}); err != nil {
						t.Errorf("a recovery code from elsewhere: %v", err)
					}
				}
			}
			compared := b.failures("staff:", "/app/all")
			// Each right code of the owner's may have been compared too.
			if opened > 0 || compared > 600+bursts || compared < identity.MostADay {
				t.Errorf("%d tries: %d opened, %d codes were compared", tries, opened, compared)
			}
			t.Logf("row: %d tries from %d addresses in 30 days: %d opened, %d codes were compared", tries, addresses, opened, compared)
		})
	}
}

var stranger = identity.Visitor{Address: "198.51.100.7"}

// guesses makes so many wrong codes from browsers that nobody knows, and returns how many
// of them were compared.
func (g *guarded) guesses(step string, n int) (compared int) {
	g.t.Helper()
	right := []string{g.shows(-1), g.shows(0), g.shows(1)}
	for i := 0; n > 0; i++ {
		guess := fmt.Sprintf("%06d", i)
		if slices.Contains(right, guess) {
			continue
		}
		n--
		switch _, err := g.tries(step, guess, stranger); {
		case errors.Is(err, identity.ErrWrongFactorCode):
			compared++
		case !errors.Is(err, identity.ErrFactorPaused):
			g.t.Errorf("a guess: %v", err)
		}
	}
	return compared
}

// TestSEC07_TheOwnersCodeGivesAGuesserNoMore tries: what fits takes back its own count,
// and no failure of somebody else.
func TestSEC07_TheOwnersCodeGivesAGuesserNoMore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := guard(t, s)
		step := g.step(stranger)
		compared := g.guesses(step, identity.MostADay-1)
		if _, err := g.tries(g.step(stranger), g.shows(0), identity.Visitor{Address: "192.0.2.9"}); err != nil {
			t.Fatalf("the owner, from a browser that was never in: %v", err)
		}
		if compared += g.guesses(step, identity.MostADay); compared != identity.MostADay {
			t.Errorf("%d guesses were compared in a day, want %d", compared, identity.MostADay)
		}
	})
}

// TestSEC07_ABrowserIsKnownByThePasswordItCameInWith and after another one counts with
// all that nobody knows.
func TestSEC07_ABrowserIsKnownByThePasswordItCameInWith(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		g := guard(t, s)
		home := identity.Visitor{Address: "203.0.113.7"}
		in, err := g.tries(g.step(home), g.shows(0), home)
		if err != nil {
			t.Fatal(err)
		}
		home.Mark = in.Mark
		g.clock.move(time.Minute)
		g.guesses(g.step(stranger), identity.MostADay)
		if _, err := g.tries(g.step(home), g.shows(0), home); err != nil {
			t.Fatalf("a known browser, beside guesses: %v", err)
		}
		if err := g.desk.ChangePassword(t.Context(), guardedAt, guardedPassword, guardedPassword+" two", home); err != nil {
			t.Fatal(err)
		}
		step, err := g.desk.SignIn(t.Context(), guardedAt, guardedPassword+" two", home)
		if err != nil {
			t.Fatal(err)
		}
		g.clock.move(time.Minute)
		g.guesses(step, identity.MostADay)
		if _, err := g.tries(step, g.shows(0), home); !errors.Is(err, identity.ErrFactorPaused) {
			t.Errorf("a browser that came in by the password of before: %v", err)
		}
	})
}

// meanwhile does something else just before the transaction of that number.
type meanwhile struct {
	identity.Transactor
	left int
	do   func()
}

func (m *meanwhile) InTx(ctx context.Context, do func(context.Context) error) error {
	if m.left--; m.left == 0 {
		m.do()
	}
	return m.Transactor.InTx(ctx, do)
}

// TestSEC06_WhoIsChangedMeanwhileIsNotLetIn although the code was right: the password was
// changed, or the person disabled, between the reading of them and the use of the code.
func TestSEC06_WhoIsChangedMeanwhileIsNotLetIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		b := setup(t)
		tx := &meanwhile{Transactor: s}
		sessions := identity.NewSessions(s, identity.Collector, nil, b.keys, b.clock.now)
		other := identity.NewDesk(s, s, s, sessions, b.keys, b.clock.now)
		g := (&guarded{t: t, clock: b.clock, desk: identity.NewDesk(tx, s, s, sessions, b.keys, b.clock.now)}).with(t)
		tries := 0
		for name, change := range map[string]func() error{
			"another password": func() error {
				return other.ChangePassword(t.Context(), guardedAt, guardedPassword, guardedPassword+" two", stranger)
			},
			"disabled": func() error { _, err := other.Disable(t.Context(), guardedAt); return err },
		} {
			step, err := g.desk.SignIn(t.Context(), guardedAt, guardedPassword, stranger)
			if err != nil {
				t.Fatal(err)
			}
			code := g.codes[tries]
			tries++
			tx.left, tx.do = 2, func() {
				if err := change(); err != nil {
					t.Fatal(err)
				}
			}
			if in, err := g.tries(step, code, stranger); !errors.Is(err, identity.ErrSecondStep) || in.Cookie != "" {
				t.Errorf("%s: %v, cookie %q", name, err, in.Cookie)
			}
			if tx.left != 0 {
				t.Errorf("%s: nothing happened meanwhile", name)
			}
			if name == "disabled" {
				_, err = other.Enable(t.Context(), guardedAt)
			} else {
				err = other.ChangePassword(t.Context(), guardedAt, guardedPassword+" two", guardedPassword, stranger)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
