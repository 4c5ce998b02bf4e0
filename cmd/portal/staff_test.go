package main

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"quittance/cmd/demo"
	"quittance/portal/audit"
	"quittance/portal/identity"
	"quittance/portal/store/storetest"
)

// silent writes nothing down.
func silent(context.Context, identity.SignedIn) error { return nil }

// TestS10_EveryRoleCanBeGrantedAndAPersonWhoIsDisabledIsOutAtOnce uses the
// commands on a running portal.
func TestS10_EveryRoleCanBeGrantedAndAPersonWhoIsDisabledIsOutAtOnce(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		r := rehearse(t, url)
		settings := demo.Settings(r.URL, r.Portal.Config.Stripe.APIURL, "127.0.0.1:1", url)
		settings["PORTAL_SECRET_KEY"] = string(r.Portal.Config.SecretKey)
		const password = "correct horse battery staple"
		file := filepath.Join(folder(t, map[string]string{"password": password}), "password")
		for _, role := range identity.Roles {
			said, code := order(t, settings, "staff", "add", "-email", string(role)+"@acme.example", "-name", "Pat", "-password-file", file, "-roles", string(role))
			if code != exitDone {
				t.Fatalf("%s: exit %d: %s", role, code, said)
			}
		}
		said, code := order(t, settings, "staff", "add", "-email", "two@acme.example", "-name", "Pat", "-password-file", file, "-roles", "finance, admin")
		if code != exitDone {
			t.Fatalf("exit %d: %s", code, said)
		}
		if said, code := order(t, settings, "staff", "add", "-email", "x@acme.example", "-name", "Pat", "-password-file", file, "-roles", "boss"); code != exitUsage || !strings.Contains(said, roleNames()) {
			t.Errorf("an unknown role: exit %d: %s", code, said)
		}
		for _, collects := range []string{"collector", "supervisor"} { // who collects decides no dispute
			if said, code := order(t, settings, "staff", "add", "-email", "x@acme.example", "-name", "Pat", "-password-file", file, "-roles", "compliance,"+collects); code != exitUsage || !strings.Contains(said, "compliance too") {
				t.Errorf("compliance and %s: exit %d: %s", collects, code, said)
			}
			if said, code := order(t, settings, "staff", "roles", "-email", "compliance@acme.example", "-roles", collects+",compliance"); code != exitUsage {
				t.Errorf("compliance and then %s: exit %d: %s", collects, code, said)
			}
		}
		ctx := t.Context()
		step := must(r.Portal.Desk.SignIn(ctx, "two@acme.example", password, identity.Visitor{Address: "::1"}))
		in := must(r.Portal.Desk.Confirm(ctx, step, recoveryCode(t, r.URL, "two@acme.example"), identity.Visitor{Address: "::1"}, silent))
		who, err := r.Portal.Desk.Who(ctx, in.Session)
		if err != nil || !who.Has(identity.RoleFinance) || !who.Has(identity.RoleAdmin) || who.Has(identity.RoleCollector) {
			t.Errorf("roles %v, %v", who.Roles, err)
		}
		for range 2 {
			if said, code := order(t, settings, "staff", "disable", "Two@acme.example"); code != exitDone {
				t.Errorf("exit %d: %s", code, said)
			}
		}
		if _, err := r.Portal.Staff.Check(ctx, in.Cookie); !errors.Is(err, identity.ErrNoSession) {
			t.Errorf("the session of a disabled person: %v", err)
		}
		if _, err := r.Portal.Desk.SignIn(ctx, "two@acme.example", password, identity.Visitor{Address: "::1"}); !errors.Is(err, identity.ErrSignIn) {
			t.Errorf("a disabled person signs in: %v", err)
		}
		if said, code := order(t, settings, "staff", "disable", "nobody@acme.example"); code != exitFaults || !strings.Contains(said, "staff list") {
			t.Errorf("exit %d: %s", code, said)
		}
		said, code = order(t, settings, "staff", "list")
		if code != exitDone || strings.Count(said, "disabled") != 1 || !strings.Contains(said, "finance,admin") || strings.Count(said, "\n") != len(identity.Roles)+3 {
			t.Errorf("exit %d: %s", code, said)
		}
		rows, err := r.Portal.Store.LooseAudit(ctx, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		for _, action := range []string{"staff.added", "staff.disabled"} {
			if !slices.ContainsFunc(rows, func(e audit.Stored) bool { return e.Action == action && e.Object == string(who.ID) }) {
				t.Errorf("%s is not in the log", action)
			}
		}
	})
}
