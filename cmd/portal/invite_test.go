package main

import (
	"net/http"
	"net/url"
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

const (
	chosenPassword = "seven green boats in a row"
	nextPassword   = "eight red boats on a lake"
)

// chooses is what somebody does at a link to choose a password.
func (a *agent) chooses(path, password string) (status int, page string) {
	a.t.Helper()
	a.get(path)
	return a.do(http.MethodPost, path, url.Values{"password": {password}})
}

// TestSEC06_F2_APasswordIsChosenByWhoseItIs by a link that works once and for three
// days: whoever takes a person on never knows it, what is easy to guess is not taken,
// a reset ends it and all sessions, and so does a change.
func TestSEC06_F2_APasswordIsChosenByWhoseItIs(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		r := rehearse(t, database)
		r.realTime()
		settings := demo.Settings(r.URL, r.Portal.Config.Stripe.APIURL, "127.0.0.1:1", database)
		settings["PORTAL_SECRET_KEY"] = string(r.Portal.Config.SecretKey)
		says := func(want int, args ...string) string {
			t.Helper()
			said, code := order(t, settings, append([]string{"staff"}, args...)...)
			if code != want {
				t.Fatalf("%v: exit %d: %s", args, code, said)
			}
			return said
		}
		link := func(args ...string) string {
			t.Helper()
			address, _, _ := strings.Cut(says(exitDone, args...), "\n")
			path, ours := strings.CutPrefix(address, settings["PORTAL_PUBLIC_URL"])
			if !ours {
				t.Fatalf("%v: no link of ours: %s", args, address)
			}
			return path
		}
		const email = "pat@acme.example"
		first := link("invite", "-email", email, "-name", "Pat", "-roles", "finance")
		if said := says(exitFaults, "invite", "-email", email, "-name", "Pat"); !strings.Contains(said, "staff list") {
			t.Errorf("invited twice: %s", said)
		}
		says(exitFaults, "add", "-bootstrap", "-email", "first@acme.example", "-name", "First")

		a := newAgent(t, r.URL)
		if status := a.signIn(email, "unset:"); status != http.StatusUnprocessableEntity {
			t.Errorf("without a password: %d", status)
		}
		if _, page := a.get(first); !strings.Contains(page, email) {
			t.Errorf("whose password is it: %s", textOf(page))
		}
		for password, words := range map[string]string{
			"eleven sign": "12 characters", "password1234": "easy to guess", "aaaaaaaaaaaa": "easy to guess", "123456789012": "easy to guess",
			"passwordpassword": "easy to guess", "Unbelievable": "easy to guess", "pat123456789": "easy to guess",
		} {
			if status, page := a.chooses(first, password); status != http.StatusUnprocessableEntity || !strings.Contains(page, words) {
				t.Errorf("%q: %d %s", password, status, textOf(page))
			}
		}
		if status, page := a.chooses(first, chosenPassword); status != http.StatusSeeOther {
			t.Fatalf("chosen: %d %s", status, textOf(page))
		}
		if status, _ := a.chooses(first, nextPassword); status != http.StatusGone {
			t.Errorf("the link a second time: %d", status)
		}
		if status := a.signIn(email, chosenPassword); status != http.StatusSeeOther {
			t.Fatalf("signs in: %d", status)
		}
		if said := says(exitDone, "sessions", "-email", email); strings.Count(said, "ses_") != 1 {
			t.Errorf("sessions: %s", said)
		}

		other := newAgent(t, r.URL)
		other.signIn(email, chosenPassword)
		change := func(current, password string) (int, string) {
			a.get(paths.ConsolePassword)
			return a.do(http.MethodPost, paths.ConsolePassword, url.Values{"current": {current}, "password": {password}})
		}
		if status, page := change("not what it is", nextPassword); status != http.StatusUnprocessableEntity || !strings.Contains(page, "not the password you have now") {
			t.Errorf("a wrong one: %d %s", status, textOf(page))
		}
		for range 6 { // whoever knows the one they have does not guess
			if status, page := change(chosenPassword, "password1234"); status != http.StatusUnprocessableEntity || !strings.Contains(page, "easy to guess") {
				t.Errorf("an easy one: %d %s", status, textOf(page))
			}
		}
		if status, page := change(chosenPassword, nextPassword); status != http.StatusSeeOther {
			t.Fatalf("changed: %d %s", status, textOf(page))
		}
		for name, browser := range map[string]*agent{"this one": a, "another": other} {
			if status, _ := browser.get(paths.Console); status != http.StatusSeeOther {
				t.Errorf("the session of %s after the change: %d", name, status)
			}
		}
		if status := a.signIn(email, chosenPassword); status == http.StatusSeeOther {
			t.Error("the old password still opens")
		}
		a.signIn(email, nextPassword)

		second := link("reset", email)
		third := link("reset", email)
		if status, _ := a.get(paths.Console); status != http.StatusSeeOther {
			t.Errorf("the session after the reset: %d", status)
		}
		if status := a.signIn(email, nextPassword); status == http.StatusSeeOther {
			t.Error("the password that was reset still opens")
		}
		if status, _ := a.get(second); status != http.StatusGone {
			t.Errorf("the link before the last: %d", status)
		}
		says(exitDone, "disable", email)
		if status, _ := a.get(third); status != http.StatusGone {
			t.Errorf("of who is disabled: %d", status)
		}
		if said := says(exitFaults, "reset", email); !strings.Contains(said, "enable them first") {
			t.Errorf("the reset of who is disabled: %s", said)
		}
		says(exitDone, "enable", email)
		if status, _ := a.chooses(link("reset", email), chosenPassword); status != http.StatusSeeOther {
			t.Errorf("after the reset: %d", status)
		}
		says(exitDone, "roles", "-email", email, "-roles", "collector,supervisor")
		if said := says(exitDone, "list"); !strings.Contains(said, "collector,supervisor  Pat") {
			t.Errorf("roles: %s", said)
		}
		says(exitUsage, "roles", "-email", email, "-roles", "boss")
		a.signIn(email, chosenPassword)
		says(exitDone, "sessions", "-end", "-email", email)
		if status, _ := a.get(paths.Console); status != http.StatusSeeOther {
			t.Errorf("after the operator ended it: %d", status)
		}

		late := link("reset", email)
		r.Clock.Move(identity.ResetFor + time.Minute)
		if status, _ := a.get(late); status != http.StatusGone {
			t.Errorf("after its hour: %d", status)
		}

		rows := must(r.Portal.Store.LooseAudit(t.Context(), 10_000))
		for _, action := range []string{
			"staff.invited", "staff.password_reset", "staff.enabled", "staff.roles_changed", "staff.sessions_ended",
			"console.password_chosen", "console.password_changed",
		} {
			if !slices.ContainsFunc(rows, func(e audit.Stored) bool { return e.Action == action }) {
				t.Errorf("%s is not in the log", action)
			}
		}
	})
}

// TestSEC06_F2_TheFirstAdministratorIsInvitedOnce on a database in which nobody is.
func TestSEC06_F2_TheFirstAdministratorIsInvitedOnce(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		settings := demo.Settings("http://127.0.0.1:1", "http://127.0.0.1:1", "127.0.0.1:0", database)
		settings["PORTAL_SECRET_KEY"] = "first-key-0123456789-abcdefghijklmnopqrstuvwxyz"
		if said, code := order(t, settings, "migrate", "up"); code != exitDone {
			t.Fatalf("exit %d: %s", code, said)
		}
		for _, want := range []int{exitDone, exitFaults} {
			said, code := order(t, settings, "staff", "add", "-bootstrap", "-email", "first@acme.example", "-name", "First")
			if code != want || (code == exitDone) != strings.Contains(said, "/console/invitations/") {
				t.Errorf("exit %d: %s", code, said)
			}
		}
		if said, _ := order(t, settings, "staff", "list"); !strings.Contains(said, "admin") || strings.Count(said, "\n") != 1 {
			t.Errorf("who is there: %s", said)
		}
	})
}
