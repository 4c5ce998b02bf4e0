package main

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/cmd/demo"
	"quittance/frontend/paths"
	"quittance/portal/audit"
	"quittance/portal/identity"
	"quittance/portal/store/storetest"
)

var (
	enrollmentField = regexp.MustCompile(`name="enrollment" value="([^"]+)"`)
	secretShown     = regexp.MustCompile(`(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}`)
	recoveryShown   = regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`)
	sessionField    = regexp.MustCompile(`name="session" value="([^"]+)"`)
)

// phone is somebody's authenticator app.
type phone struct {
	*rehearsal
	secret string
}

// shows is the code of now, half a minute after the last one.
func (p *phone) shows(t *testing.T) string {
	t.Helper()
	p.Clock.Move(30 * time.Second)
	return must(identity.AppCode(p.secret, p.Clock.Now()))
}

// reads is what an app takes from a page on which one is set up, and what the page's
// form sends back.
func (p *phone) reads(t *testing.T, page string) (enrollment string) {
	t.Helper()
	secret, field := secretShown.FindString(page), enrollmentField.FindStringSubmatch(page)
	if secret == "" || field == nil || !strings.Contains(page, `class="square"`) {
		t.Fatalf("no app can be set up: %s", textOf(page))
	}
	p.secret = strings.ReplaceAll(secret, " ", "")
	return html.UnescapeString(field[1])
}

// passes shows a password that is right.
func (a *agent) passes(email, password string) {
	a.t.Helper()
	a.get(paths.ConsoleSignIn)
	if status, page := a.do(http.MethodPost, paths.ConsoleSignIn, url.Values{"email": {email}, "password": {password}}); status != http.StatusSeeOther {
		a.t.Fatalf("the password: %d %s", status, textOf(page))
	}
}

func (a *agent) types(code string) (status int, page string) {
	a.t.Helper()
	a.get(paths.ConsoleSecondStep)
	return a.do(http.MethodPost, paths.ConsoleSecondStep, url.Values{"code": {code}})
}

func (a *agent) isIn() bool {
	a.t.Helper()
	status, _ := a.get(paths.Console)
	return status == http.StatusOK
}

// TestSEC06_F2_NobodyComesInByAPasswordAlone: whoever has no app sets one up after their
// password; a code opens once; ten recovery codes open where the phone is not at hand; a
// stranger who knows the password guesses at 20 codes a day and keeps nobody's own
// browser out; and the operator helps who lost the phone.
func TestSEC06_F2_NobodyComesInByAPasswordAlone(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := rehearse(t, database)
		r.realTime()
		settings := demo.Settings(r.URL, r.Portal.Config.Stripe.APIURL, "127.0.0.1:1", database)
		settings["PORTAL_SECRET_KEY"] = string(r.Portal.Config.SecretKey)
		says := func(args ...string) string {
			t.Helper()
			said, code := order(t, settings, append([]string{"staff"}, args...)...)
			if code != exitDone {
				t.Fatalf("%v: exit %d: %s", args, code, said)
			}
			return said
		}
		const email, password = "pat@acme.example", chosenPassword
		if _, err := r.Portal.Desk.Add(t.Context(), email, "Pat", password, identity.RoleCollector); err != nil {
			t.Fatal(err)
		}
		app := &phone{rehearsal: r}
		refuses := func(a *agent, name, code, words string) {
			t.Helper()
			if status, page := a.types(code); status != http.StatusUnprocessableEntity || !strings.Contains(textOf(page), words) || a.isIn() {
				t.Errorf("%s: %d %s", name, status, textOf(page))
			}
		}
		opens := func(a *agent, name, code string) {
			t.Helper()
			if status, page := a.types(code); status != http.StatusSeeOther || !a.isIn() {
				t.Errorf("%s: %d %s", name, status, textOf(page))
			}
		}

		// The first app.
		desk := newAgent(t, r.URL)
		desk.passes(email, password)
		if desk.isIn() {
			t.Fatal("a password alone opens the console")
		}
		_, page := desk.get(paths.ConsoleApp)
		enrollment := app.reads(t, page)
		sets := func(a *agent, path, code, current string) (int, string) {
			return a.do(http.MethodPost, path, url.Values{"enrollment": {enrollment}, "code": {code}, "current": {current}})
		}
		status, page := sets(desk, paths.ConsoleApp, "000000", "")
		if again := app.reads(t, page); status != http.StatusUnprocessableEntity || again != enrollment || !strings.Contains(page, "not the code of the new app") {
			t.Errorf("a slip at the new app: %d, the same picture %v: %s", status, again == enrollment, textOf(page))
		}
		first := app.shows(t)
		status, _ = sets(desk, paths.ConsoleApp, first, "")
		desk.get(paths.ConsoleSecurityCodes)
		_, page = desk.get(paths.ConsoleSecurityCodes) // as often as it is loaded
		codes := recoveryShown.FindAllString(page, -1)
		if status != http.StatusSeeOther || len(codes) != identity.RecoveryCodes || !desk.isIn() {
			t.Fatalf("set up: %d, codes %v", status, codes)
		}
		if kept := must(r.Portal.Store.App(t.Context(), must(r.Portal.Store.StaffByEmail(t.Context(), email)).ID)); strings.Contains(string(kept.Sealed), app.secret) {
			t.Error("the secret is kept as it is")
		}

		// The second step, from another browser.
		elsewhere := newAgent(t, r.URL)
		elsewhere.passes(email, password)
		if status, _ := sets(elsewhere, paths.ConsoleApp, app.shows(t), ""); status != http.StatusSeeOther || elsewhere.isIn() {
			t.Errorf("another app after the password alone: %d", status)
		}
		elsewhere.passes(email, password)
		refuses(elsewhere, "the code of the set-up again", first, "was used before")
		refuses(elsewhere, "words", "let me in", "6 digits")
		code := app.shows(t)
		opens(elsewhere, "the code of now", code)
		third := newAgent(t, r.URL)
		third.passes(email, password)
		refuses(third, "the same code in another browser", code, "was used before")
		opens(third, "a recovery code", strings.ToLower(codes[0]))
		if _, page := third.get(paths.ConsoleSecurityRecovered); !strings.Contains(page, "9 codes are left") {
			t.Errorf("after a recovery code: %s", textOf(page))
		}

		// Where one is signed in.
		_, page = desk.get(paths.ConsoleSecurity)
		others := sessionField.FindAllStringSubmatch(page, -1)
		if len(others) != 2 {
			t.Fatalf("%d other sessions: %s", len(others), textOf(page))
		}
		for _, one := range others {
			if status, _ := desk.do(http.MethodPost, paths.ConsoleSecuritySessions, url.Values{"session": {one[1]}}); status != http.StatusSeeOther {
				t.Errorf("ending a session: %d", status)
			}
		}
		if elsewhere.isIn() || third.isIn() || !desk.isIn() {
			t.Error("ending the others ends them and not this one")
		}

		// New codes, and another app, want a code.
		renews := func(code string) (int, string) {
			desk.get(paths.ConsoleSecurity)
			if status, page := desk.do(http.MethodPost, paths.ConsoleSecurityCodes, url.Values{"code": {code}}); status != http.StatusSeeOther {
				return status, page
			}
			return desk.get(paths.ConsoleSecurityCodes)
		}
		if status, page := renews("000000"); status != http.StatusUnprocessableEntity || len(recoveryShown.FindAllString(page, -1)) != 0 {
			t.Errorf("new codes without one: %d", status)
		}
		old := codes[1]
		if _, page = renews(app.shows(t)); len(recoveryShown.FindAllString(page, -1)) != identity.RecoveryCodes {
			t.Fatalf("new codes: %s", textOf(page))
		}
		codes = recoveryShown.FindAllString(page, -1)
		third.passes(email, password)
		refuses(third, "a code of before", old, "was used before")
		_, page = desk.get(paths.ConsoleSecurityApp)
		next := &phone{rehearsal: r}
		enrollment = next.reads(t, page)
		if status, page := sets(desk, paths.ConsoleSecurityApp, next.shows(t), "000000"); status != http.StatusUnprocessableEntity || !strings.Contains(page, "was used before") {
			t.Errorf("another app without a code of the first: %d %s", status, textOf(page))
		}
		if status, page := sets(desk, paths.ConsoleSecurityApp, next.shows(t), codes[0]); status != http.StatusSeeOther || desk.isIn() {
			t.Fatalf("another app: %d %s", status, textOf(page))
		}
		desk.passes(email, password)
		refuses(desk, "the old app", app.shows(t), "was used before")
		opens(desk, "the new app", next.shows(t))

		// A stranger who knows the password.
		for i := range identity.MostADay {
			stranger := newAgent(t, r.URL)
			stranger.passes(email, password)
			stranger.types(fmt.Sprintf("%06d", i))
		}
		stranger := newAgent(t, r.URL)
		stranger.passes(email, password)
		refuses(stranger, "the right code after 20 wrong ones", next.shows(t), "after 24 hours")
		desk.passes(email, password)
		opens(desk, "the owner's own browser meanwhile", next.shows(t))
		slips := newAgent(t, r.URL)
		slips.passes(email, password)
		opens(slips, "a browser that comes to be known", codes[2])
		for range 3 {
			slips.passes(email, password)
			slips.types("000000")
		}
		if status, page := slips.types("000001"); status != http.StatusUnprocessableEntity || !strings.Contains(page, "You can try again after 1 minute.") {
			t.Errorf("a fourth try in a known browser: %d %s", status, textOf(page))
		}
		stranger.passes(email, password)
		opens(stranger, "a recovery code meanwhile", codes[1])
		third = newAgent(t, r.URL)
		third.passes(email, password)
		says("unlock", email)
		opens(third, "after the operator helped", next.shows(t))

		// Too late, and a lost phone.
		third = newAgent(t, r.URL)
		third.passes(email, password)
		r.Clock.Move(identity.SecondStepFor + time.Minute)
		if status, _ := third.types(next.shows(t)); status != http.StatusSeeOther || third.isIn() {
			t.Errorf("the second step after its time: %d", status)
		}
		address, _, _ := strings.Cut(says("reset", "-app", email), "\n")
		path, _ := strings.CutPrefix(address, settings["PORTAL_PUBLIC_URL"])
		if desk.isIn() {
			t.Error("the session after the reset")
		}
		desk.chooses(path, nextPassword)
		desk.passes(email, nextPassword)
		if status, _ := desk.types(codes[3]); status != http.StatusUnprocessableEntity || desk.isIn() {
			t.Errorf("a recovery code from before the reset: %d", status)
		}
		_, page = desk.get(paths.ConsoleApp)
		enrollment = app.reads(t, page)
		if status, page := sets(desk, paths.ConsoleApp, app.shows(t), ""); status != http.StatusSeeOther || !desk.isIn() {
			t.Errorf("the app after the reset: %d %s", status, textOf(page))
		}

		rows := must(r.Portal.Store.LooseAudit(t.Context(), 10_000))
		for _, action := range []string{
			audit.RefusedCode, "console.signed_in", "console.signed_in_by_recovery_code", "console.app_set_up",
			"console.recovery_codes_renewed", "console.session_ended", "staff.password_and_app_reset",
		} {
			if !slices.ContainsFunc(rows, func(e audit.Stored) bool { return e.Action == action }) {
				t.Errorf("%s is not in the log", action)
			}
		}
	})
}

// TestSEC07_GuessesByHTTP: of two thousand codes of a stranger who knows the password,
// over one connection after the other, 20 are compared; the owner's own browser gets in
// between any two of them.
func TestSEC07_GuessesByHTTP(t *testing.T) {
	t.Parallel()
	const email, guesses = "pat@acme.example", 2_000
	r := rehearse(t, storetest.SQLiteURL(t))
	if _, err := r.Portal.Desk.Add(t.Context(), email, "Pat", chosenPassword, identity.RoleCollector); err != nil {
		t.Fatal(err)
	}
	secret, _, err := r.Portal.Desk.Issue(t.Context(), email)
	if err != nil {
		t.Fatal(err)
	}
	app := &phone{rehearsal: r, secret: secret}
	owner := newAgent(t, r.URL)
	owner.passes(email, chosenPassword)
	if owner.types(app.shows(t)); !owner.isIn() {
		t.Fatal("the owner is not in")
	}
	compared, refused := 0, 0
	var stranger *agent
	for i := range guesses {
		if i%100 == 0 { // a step of the sign-in takes ten minutes
			stranger = newAgent(t, r.URL)
			stranger.passes(email, chosenPassword)
		}
		guess := fmt.Sprintf("%06d", i)
		now := r.Clock.Now()
		if slices.ContainsFunc([]int{-1, 0, 1}, func(steps int) bool {
			return guess == must(identity.AppCode(secret, now.Add(time.Duration(steps)*30*time.Second)))
		}) {
			continue // luck is no fault of the door
		}
		switch status, page := stranger.do(http.MethodPost, paths.ConsoleSecondStep, url.Values{"code": {guess}}); {
		case status == http.StatusUnprocessableEntity && strings.Contains(page, "was used before"):
			compared++
		case status == http.StatusUnprocessableEntity && strings.Contains(page, "after 24 hours"):
			refused++
		default:
			t.Fatalf("guess %d: %d %s", i, status, textOf(page))
		}
		if i%500 == 250 {
			owner.passes(email, chosenPassword)
			if owner.types(app.shows(t)); !owner.isIn() {
				t.Errorf("the owner after %d guesses", i)
			}
		}
	}
	if stranger.isIn() || compared != identity.MostADay {
		t.Errorf("%d codes were compared, %d not", compared, refused)
	}
	t.Logf("row: %d guesses by HTTP: %d compared, %d refused, 0 in", compared+refused, compared, refused)
}
