package main

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"quittance/cmd/demo"
	"quittance/payments"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/identity"
	"quittance/portal/store/storetest"
)

// TestSEC08_ServingNeedsNoRoleThatCanAlter: the owner's role migrates and grants,
// and the whole portal works under another one, which can take no guard away
// (F13).
func TestSEC08_ServingNeedsNoRoleThatCanAlter(t *testing.T) {
	t.Parallel()
	owner := storetest.PostgresURL(t)
	role := "serve_" + strings.ToLower(rand.Text())
	run := func(address, statement string) error {
		ctx := context.WithoutCancel(t.Context()) // also when the test has ended
		c, err := pgx.Connect(ctx, address)
		if err != nil {
			return err
		}
		defer c.Close(ctx)
		_, err = c.Exec(ctx, statement)
		return err
	}
	if err := run(owner, "CREATE ROLE "+role+" LOGIN PASSWORD 'serving'"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := run(owner, "DROP OWNED BY "+role); err != nil {
			t.Error(err)
		}
		if err := run(owner, "DROP ROLE "+role); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(owner)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(role, "serving")
	serving := u.String()
	settings := demo.Settings("http://127.0.0.1:1", "http://127.0.0.1:1", "127.0.0.1:0", serving)
	settings["PORTAL_SECRET_KEY"] = "first-key-0123456789-abcdefghijklmnopqrstuvwxyz"
	if said, code := order(t, settings, "check"); code == exitDone || strings.Contains(said, "guards and ledger are right") {
		t.Errorf("before it was granted anything: exit %d: %s", code, said)
	}
	settings["PORTAL_MIGRATE_DATABASE_URL"] = owner
	for range 2 {
		if said, code := order(t, settings, "migrate", "up"); code != exitDone {
			t.Fatalf("exit %d: %s", code, said)
		}
	}
	if said, _ := order(t, settings, "check"); !strings.Contains(said, "guards and ledger are right") || strings.Contains(said, mayAlter) {
		t.Errorf("under a role of its own: %s", said)
	}
	settings["PORTAL_DATABASE_URL"] = owner
	if said, _ := order(t, settings, "check"); !strings.Contains(said, mayAlter) {
		t.Errorf("under the owner: %s", said)
	}
	for _, statement := range []string{
		"ALTER TABLE audit DISABLE TRIGGER ALL", "ALTER TABLE audit DISABLE TRIGGER audit_append_only", "DROP TRIGGER audit_append_only ON audit",
		"DROP TABLE audit", "TRUNCATE audit", "SET session_replication_role = replica", "CREATE TABLE more (n int)",
		"UPDATE audit SET actor = 'x'", "DELETE FROM audit",
	} {
		if err := run(serving, statement); err == nil {
			t.Errorf("the role that serves may %s", statement)
		}
	}
	r := rehearse(t, serving)
	r.signUp(t, "A-1002", payments.Card, "pm_card_visa", plans.Wish{
		Kind: plans.Installments, Rule: schedule.Rule{Rhythm: schedule.Monthly, First: civil.Of(r.Clock.Now()).AddDays(20)}, Count: 3,
	})
	const password = "correct horse battery staple"
	if _, err := r.Portal.Desk.Add(t.Context(), "all@acme.example", "Pat", password, identity.RoleCollector, identity.RoleFinance, identity.RoleAdmin); err != nil {
		t.Fatal(err)
	}
	a := newAgent(t, r.URL)
	if status := a.signIn("all@acme.example", password); status != http.StatusSeeOther {
		t.Errorf("signing in: %d", status)
	}
	if err := r.MoveDays(t.Context(), 25); err != nil { // with every job that serving has
		t.Errorf("its jobs: %v", err)
	}
}
