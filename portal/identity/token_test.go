package identity_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"quittance/payments/paymentstest"
	"quittance/portal/debt"
	"quittance/portal/identity"
)

// forge signs whatever it is told to.
func forge(t *testing.T, method jwt.SigningMethod, key any, header, body map[string]any) string {
	t.Helper()
	token := jwt.NewWithClaims(method, jwt.MapClaims(body))
	for k, v := range header {
		token.Header[k] = v
	}
	signed, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// part decodes the claims of a token.
func part(t *testing.T, token string, i int) map[string]any {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[i])
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func with(m map[string]any, k string, v any) map[string]any {
	out := map[string]any{}
	for key, value := range m {
		out[key] = value
	}
	if v == nil {
		delete(out, k)
	} else {
		out[k] = v
	}
	return out
}

// TestS6_EveryForgedSessionIsRefused tries what is known to have worked
// somewhere.
func TestS6_EveryForgedSessionIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	code := b.person("acc_1")
	r, err := b.try(t, code, "10001")
	if err != nil {
		t.Fatal(err)
	}
	good, key := part(t, r.Cookie, 1), derive("session-consumer")
	ended, _ := b.try(t, code, "10001")
	if err := b.sessions.End(t.Context(), ended.Session.ID, "signed out"); err != nil {
		t.Fatal(err)
	}
	pending, _ := b.verifier.Begin(code)
	api, _, err := b.tokens.IssueToken(t.Context(), identity.Grant{Name: "x", Scopes: identity.Scopes, Creditors: debt.AllCreditors(), For: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	staff, err := b.staffCookie(t)
	if err != nil {
		t.Fatal(err)
	}
	hs := jwt.SigningMethodHS256
	parts := strings.Split(r.Cookie, ".")
	forged := map[string]string{
		"no algorithm":          forge(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil, good),
		"signature cut off":     parts[0] + "." + parts[1] + ".",
		"HS384":                 forge(t, jwt.SigningMethodHS384, key, nil, good),
		"HS512":                 forge(t, jwt.SigningMethodHS512, key, nil, good),
		"RS256 named, HS256 in": strings.Join([]string{encodeJSON(t, map[string]any{"alg": "RS256", "typ": "JWT"}), parts[1], parts[2]}, "."),
		"empty key":             forge(t, hs, []byte{}, nil, good),
		"key of the pending":    forge(t, hs, derive("pending"), nil, good),
		"key of the staff":      forge(t, hs, derive("session-staff"), nil, good),
		"no expiry":             forge(t, hs, key, nil, with(good, "exp", nil)),
		"expiry as a string":    forge(t, hs, key, nil, with(good, "exp", "4102444800")),
		"expired":               forge(t, hs, key, nil, with(good, "exp", noon.Add(-time.Minute).Unix())),
		"not yet valid":         forge(t, hs, key, nil, with(good, "nbf", noon.Add(time.Hour).Unix())),
		"another audience":      forge(t, hs, key, nil, with(good, "aud", "staff")),
		"two audiences":         forge(t, hs, key, nil, with(good, "aud", []string{"consumer", "staff"})),
		"no audience":           forge(t, hs, key, nil, with(good, "aud", nil)),
		"another issuer":        forge(t, hs, key, nil, with(good, "iss", "someone")),
		"no issuer":             forge(t, hs, key, nil, with(good, "iss", nil)),
		"another type":          forge(t, hs, key, nil, with(good, "typ", "pending")),
		"no type":               forge(t, hs, key, nil, with(good, "typ", nil)),
		"a key id":              forge(t, hs, key, map[string]any{"kid": "../../dev/null"}, good),
		"critical header":       forge(t, hs, key, map[string]any{"crit": []string{"b64"}, "b64": false}, good),
		"unknown session":       forge(t, hs, key, nil, with(good, "sid", "ses_AAAA")),
		"no session":            forge(t, hs, key, nil, with(good, "sid", nil)),
		"claims exchanged":      parts[0] + "." + encodeJSON(t, with(good, "sid", string(ended.Session.ID))) + "." + parts[2],
		"padding":               r.Cookie + "=",
		"signed out":            ended.Cookie,
		"a pending token":       pending,
		"an API token":          api,
		"a collector's cookie":  staff,
		"nothing":               "",
		"noise":                 "a.b.c",
	}
	for name, token := range forged {
		if s, err := b.sessions.Check(t.Context(), token); err == nil {
			t.Errorf("%s passed as %+v", name, s)
		}
	}
	if _, err := b.sessions.Check(t.Context(), forge(t, hs, key, nil, good)); err != nil {
		t.Errorf("the forger cannot even copy a good one: %v", err)
	}
	for _, other := range []string{r.Cookie, pending, staff} {
		if _, err := b.tokens.CheckToken(t.Context(), other, ""); !errors.Is(err, identity.ErrBadToken) {
			t.Errorf("as an API token: %v", err)
		}
	}
	for _, other := range []string{r.Cookie, api, staff} {
		if _, err := b.verifier.Verify(t.Context(), other, zip(t, "10001"), identity.Visitor{Address: ""}); !errors.Is(err, identity.ErrPending) {
			t.Errorf("as a pending token: %v", err)
		}
	}
}

func encodeJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

func (b *bundle) desk() *identity.Desk {
	sessions := identity.NewSessions(b.memory, identity.Collector, nil, b.keys, b.clock.now)
	return identity.NewDesk(b.memory, b.memory, b.memory, sessions, b.keys, b.clock.now)
}

func (b *bundle) staffCookie(t *testing.T) (string, error) {
	t.Helper()
	d := b.desk()
	if _, err := d.Add(t.Context(), "Cora@Acme.example", "Cora", "a long enough password", identity.RoleCollector); err != nil {
		return "", err
	}
	return letIn(t, d, "cora@acme.example ", "a long enough password", identity.Visitor{}).Cookie, nil
}

func TestASessionsCookieCarriesNothingButItsName(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r, err := b.try(t, b.person("acc_1"), "10001")
	if err != nil {
		t.Fatal(err)
	}
	carried := part(t, r.Cookie, 1)
	for _, k := range []string{"sid", "aud", "typ", "exp", "iss"} {
		if _, ok := carried[k]; !ok {
			t.Errorf("no %s", k)
		}
		delete(carried, k)
	}
	if len(carried) > 0 {
		t.Errorf("it carries %v too", carried)
	}
}

func TestSEC12_A11_05_ASessionEndsWhenIdleOrTooLongAndGoesOnWithALifeSign(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r, err := b.try(t, b.person("acc_1"), "10001")
	if err != nil {
		t.Fatal(err)
	}
	for range 31 { // ten extensions and more
		b.clock.move(identity.Idle - time.Second)
		s, err := b.sessions.Check(t.Context(), r.Cookie)
		if err != nil || s.IdleAt() != b.clock.now().Add(identity.Idle) {
			t.Fatalf("after %s: idle at %s, %v", b.clock.now().Sub(noon), s.IdleAt(), err)
		}
	}
	b.clock.move(identity.Idle - time.Second)
	if _, err := b.sessions.Check(t.Context(), r.Cookie); err != nil {
		t.Fatal(err)
	}
	b.clock.move(time.Minute)
	if _, err := b.sessions.Check(t.Context(), r.Cookie); !errors.Is(err, identity.ErrExpired) {
		t.Errorf("after eight hours: %v", err)
	}
	r, _ = b.try(t, b.person("acc_2"), "10001")
	b.clock.move(identity.Idle)
	if _, err := b.sessions.Check(t.Context(), r.Cookie); !errors.Is(err, identity.ErrIdle) {
		t.Errorf("after a quarter of an hour: %v", err)
	}
}

func TestReadingPagesDoesNotWriteToTheSessionEachTime(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r, err := b.try(t, b.person("acc_1"), "10001")
	if err != nil {
		t.Fatal(err)
	}
	for range 60 {
		b.clock.move(time.Second)
		if _, err := b.sessions.Check(t.Context(), r.Cookie); err != nil {
			t.Fatal(err)
		}
	}
	if n := b.asked["touch"]; n != 2 {
		t.Errorf("%d writes in a minute of one page a second", n)
	}
}

func TestSigningOutAndRevokingWorkAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	code := b.person("acc_1")
	one, _ := b.try(t, code, "10001")
	two, _ := b.try(t, code, "10001")
	if err := b.sessions.EndAll(t.Context(), "acc_1", "revoked"); err != nil {
		t.Fatal(err)
	}
	for _, r := range []identity.Result{one, two} {
		if _, err := b.sessions.Check(t.Context(), r.Cookie); !errors.Is(err, identity.ErrNoSession) {
			t.Errorf("check: %v", err)
		}
	}
}

func TestAnAPITokenDoesWhatItsScopesSayUntilItIsRevoked(t *testing.T) {
	t.Parallel()
	b := setup(t)
	token, kept, err := b.tokens.IssueToken(t.Context(), identity.Grant{
		Name: "system of record", Scopes: []identity.Scope{identity.EventsRead}, Creditors: debt.OnlyCreditors("CR-1"), By: "staff:stf_1", For: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	got, err := b.tokens.CheckToken(t.Context(), token, identity.EventsRead)
	if err != nil || got.ID != kept.ID || !got.Creditors.See("CR-1") || got.Creditors.All() {
		t.Errorf("check = %+v, %v", got, err)
	}
	if _, err := b.tokens.CheckToken(t.Context(), token, identity.PlacementsWrite); !errors.Is(err, identity.ErrScope) {
		t.Errorf("another scope: %v", err)
	}
	b.clock.move(time.Hour)
	if _, err := b.tokens.CheckToken(t.Context(), token, identity.EventsRead); !errors.Is(err, identity.ErrBadToken) {
		t.Errorf("an hour later: %v", err)
	}
	token, kept, _ = b.tokens.IssueToken(t.Context(), identity.Grant{Name: "x", Scopes: identity.Scopes, Creditors: debt.AllCreditors(), For: time.Hour})
	if err := b.tokens.Revoke(t.Context(), kept.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := b.tokens.CheckToken(t.Context(), token, identity.EventsRead); !errors.Is(err, identity.ErrBadToken) {
		t.Errorf("revoked: %v", err)
	}
}

func TestAnAPITokenNeedsAWholeGrant(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, g := range []identity.Grant{
		{}, {Name: "x", For: time.Hour}, {Name: "x", Scopes: identity.Scopes}, {Scopes: identity.Scopes, For: time.Hour},
		{Name: "x", Scopes: []identity.Scope{"everything"}, For: time.Hour}, {Name: "x", Scopes: identity.Scopes, For: 10 * 365 * 24 * time.Hour},
	} {
		if _, _, err := b.tokens.IssueToken(t.Context(), g); !errors.Is(err, identity.ErrGrant) {
			t.Errorf("%+v: %v", g, err)
		}
	}
}

func TestACollectorSignsInAndEveryRefusalReadsTheSame(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.desk()
	cora, err := d.Add(t.Context(), "Cora@Acme.example", " Cora ", "a long enough password", identity.RoleCollector)
	if err != nil || cora.Email != "cora@acme.example" || !cora.Has(identity.RoleCollector) || cora.Has(identity.RoleAdmin) {
		t.Fatalf("add = %+v, %v", cora, err)
	}
	s := letIn(t, d, "CORA@acme.example", "a long enough password", identity.Visitor{}).Session
	if who, err := d.Who(t.Context(), s); err != nil || who.Name != "Cora" {
		t.Errorf("who = %+v, %v", who, err)
	}
	wrong := [][2]string{{"cora@acme.example", "a long enough passwore"}, {"nobody@acme.example", "a long enough password"}, {"", ""},
		{"cora@acme.example", strings.Repeat("x", 1<<20)}}
	for _, w := range wrong {
		if _, err := d.SignIn(t.Context(), w[0], w[1], identity.Visitor{Address: ""}); !errors.Is(err, identity.ErrSignIn) {
			t.Errorf("%q: %v", w[0], err)
		}
	}
	cora.DisabledAt = b.clock.now()
	_ = b.SaveStaff(t.Context(), cora)
	if _, err := d.SignIn(t.Context(), "cora@acme.example", "a long enough password", identity.Visitor{Address: ""}); !errors.Is(err, identity.ErrSignIn) {
		t.Errorf("someone who left: %v", err)
	}
	if _, err := d.Who(t.Context(), s); !errors.Is(err, identity.ErrNoSession) {
		t.Errorf("the session of someone who left: %v", err)
	}
}

func TestGuessingACollectorsPasswordMustWait(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.desk()
	if _, err := d.Add(t.Context(), "cora@acme.example", "Cora", "a long enough password", identity.RoleAdmin); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		_, _ = d.SignIn(t.Context(), "cora@acme.example", "not the password", identity.Visitor{Address: ""})
	}
	if _, err := d.SignIn(t.Context(), "cora@acme.example", "a long enough password", identity.Visitor{Address: ""}); !errors.Is(err, identity.ErrSignIn) {
		t.Errorf("at once: %v", err)
	}
	b.clock.move(30 * time.Second)
	if _, err := d.SignIn(t.Context(), "cora@acme.example", "a long enough password", identity.Visitor{Address: ""}); err != nil {
		t.Errorf("half a minute later: %v", err)
	}
}

// TestSEC07_ManyNetworksHaveNoMoreGuessesAtAPassword: over the cap of all of them
// together browsers that nobody knows wait; her own does not, a person helps, and
// a day later it is over.
func TestSEC07_ManyNetworksHaveNoMoreGuessesAtAPassword(t *testing.T) {
	paymentstest.Long(t)
	t.Parallel()
	b := setup(t)
	d := b.desk()
	const email, password = "cora@acme.example", "a long enough password"
	if _, err := d.Add(t.Context(), email, "Cora", password, identity.RoleAdmin); err != nil {
		t.Fatal(err)
	}
	mark := letIn(t, d, email, password, identity.Visitor{Address: "192.0.2.1"}).Mark
	in := func(typed string, from identity.Visitor) error {
		_, err := d.SignIn(t.Context(), email, typed, from)
		return err
	}
	network := 0
	elsewhere := func() identity.Visitor {
		network++
		return identity.Visitor{Address: fmt.Sprintf("10.%d.%d.7", network/250, network%250)}
	}
	guess := func(n int) {
		for range n {
			_ = in("not the password", elsewhere())
		}
	}
	before := b.failures("staff:", "/all")
	guess(identity.MostADay - 1)
	if err := in(password, elsewhere()); err != nil {
		t.Errorf("below the cap: %v", err)
	}
	guess(identity.MostADay + 3)
	if kept := b.failures("staff:", "/all") - before; kept != 2*identity.MostADay {
		t.Errorf("%d tries were looked at; want %d with the right one, and %d after it", kept, identity.MostADay, identity.MostADay)
	}
	if err := in(password, elsewhere()); !errors.Is(err, identity.ErrSignIn) {
		t.Errorf("over the cap of all networks, from another: %v", err)
	}
	if err := in(password, identity.Visitor{Address: "10.0.1.7", Mark: mark}); err != nil {
		t.Errorf("her own browser: %v", err)
	}
	b.clock.move(day)
	if err := in(password, elsewhere()); err != nil {
		t.Errorf("a day later: %v", err)
	}
	guess(identity.MostADay)
	if _, err := d.Unlock(t.Context(), email); err != nil {
		t.Fatal(err)
	}
	if err := in(password, elsewhere()); err != nil {
		t.Errorf("after somebody helped: %v", err)
	}
}

// failures counts those that are kept in buckets of a kind.
func (b *bundle) failures(prefix, suffix string) (n int) {
	for _, a := range b.attempts {
		if a.Outcome == identity.Failed && strings.HasPrefix(a.Bucket, prefix) && strings.HasSuffix(a.Bucket, suffix) {
			n++
		}
	}
	return n
}

// TestF5_AStrangersWrongPasswordsLockNoColleagueOut: neither from elsewhere, nor
// from the same place in a browser that was in before; and a person can clear it.
func TestF5_AStrangersWrongPasswordsLockNoColleagueOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	d := b.desk()
	const email, password = "cora@acme.example", "a long enough password"
	if _, err := d.Add(t.Context(), email, "Cora", password, identity.RoleAdmin); err != nil {
		t.Fatal(err)
	}
	mark := letIn(t, d, email, password, identity.Visitor{Address: "192.0.2.1"}).Mark
	office := identity.Visitor{Address: "203.0.113.7"}
	for range 8 {
		_, _ = d.SignIn(t.Context(), email, "not the password", office)
	}
	in := func(from identity.Visitor) error {
		_, err := d.SignIn(t.Context(), email, password, from)
		return err
	}
	if err := in(office); !errors.Is(err, identity.ErrSignIn) {
		t.Fatalf("guessing goes on: %v", err)
	}
	if err := in(identity.Visitor{Address: "198.51.100.4"}); err != nil {
		t.Errorf("from elsewhere: %v", err)
	}
	if err := in(identity.Visitor{Address: "203.0.113.7", Mark: mark}); err != nil {
		t.Errorf("from her own browser: %v", err)
	}
	if _, err := d.Add(t.Context(), "sam@acme.example", "Sam", password, identity.RoleAdmin); err != nil {
		t.Fatal(err)
	}
	other := letIn(t, d, "sam@acme.example", password, identity.Visitor{Address: "192.0.2.1"}).Mark
	if err := in(identity.Visitor{Address: "203.0.113.7", Mark: other}); !errors.Is(err, identity.ErrSignIn) {
		t.Errorf("by another's mark: %v", err)
	}
	if _, err := d.Unlock(t.Context(), "nobody@acme.example"); !errors.Is(err, identity.ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
	if _, err := d.Unlock(t.Context(), email); err != nil {
		t.Fatal(err)
	}
	if err := in(office); err != nil {
		t.Errorf("after somebody helped: %v", err)
	}
}

func TestStaffNeedANameARoleAndAPasswordOfTwelveCharacters(t *testing.T) {
	t.Parallel()
	d := setup(t).desk()
	if _, err := d.Add(t.Context(), "cora@acme.example", "Cora", "too short", identity.RoleAdmin); !errors.Is(err, identity.ErrWeakPassword) {
		t.Errorf("short password: %v", err)
	}
	for _, add := range []func() error{
		func() error {
			_, err := d.Add(context.Background(), "not an address", "Cora", "a long enough password", identity.RoleAdmin)
			return err
		},
		func() error {
			_, err := d.Add(context.Background(), "c@acme.example", " ", "a long enough password", identity.RoleAdmin)
			return err
		},
		func() error {
			_, err := d.Add(context.Background(), "c@acme.example", "Cora", "a long enough password")
			return err
		},
		func() error {
			_, err := d.Add(context.Background(), "c@acme.example", "Cora", "a long enough password", "king")
			return err
		},
	} {
		if err := add(); !errors.Is(err, identity.ErrStaff) {
			t.Errorf("error = %v", err)
		}
	}
}
