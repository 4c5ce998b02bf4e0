package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"quittance/cmd/app"
	"quittance/portal/audit"
	"quittance/portal/config"
	"quittance/portal/store"
)

// migrate brings the schema up to date, or says where it stands.
func migrate(ctx context.Context, p program, args []string) error {
	f := p.flags("migrate")
	if err := parse(f, args); err != nil {
		return err
	}
	action := "up"
	if f.NArg() > 0 {
		action = f.Arg(0)
	}
	if f.NArg() > 1 || action != "up" && action != "status" {
		return fmt.Errorf("%w: portal migrate takes up or status", errUsage)
	}
	owner, server := databaseURLs(p.env)
	db, err := store.Open(ctx, owner, store.Options{Log: app.NewLogger()})
	if err != nil {
		return err
	}
	if action == "up" {
		if _, err = db.Migrate(ctx); err == nil {
			err = letServe(ctx, db, owner, server)
		}
		if err == nil {
			err = (&audit.Log{Store: db, Now: time.Now}).Note(ctx, "command", "", p.command)
		}
	}
	if err == nil {
		err = p.printMigrations(ctx, db)
	}
	return errors.Join(err, db.Close())
}

// databaseURLs are the database as its owner opens it, and as serving does: the
// only settings that migrations need, so that they can run before the rest is
// configured.
func databaseURLs(env config.Environment) (owner, server string) {
	cfg, _ := config.Load(env) // other settings may be missing; the store says what is wrong with these
	server = string(cfg.DatabaseURL)
	return cmp.Or(string(cfg.MigrateDatabaseURL), server), server
}

// letServe grants the role that serves what it needs, where it is not the owner.
func letServe(ctx context.Context, db *store.Store, owner, server string) error {
	u, err := url.Parse(server)
	if owner == server || err != nil || u.User.Username() == "" {
		return err
	}
	return db.LetServe(ctx, u.User.Username())
}

// mayAlter is the warning of a role that can take the guards away.
const mayAlter = "the role of PORTAL_DATABASE_URL can alter the tables, and so take away the guards of the audit log; " +
	"give PORTAL_MIGRATE_DATABASE_URL the owner, and serve under a role of its own."

func (p program) printMigrations(ctx context.Context, db *store.Store) error {
	all, err := db.MigrationStatus(ctx)
	for _, m := range all {
		state := "to come"
		if !m.AppliedAt.IsZero() {
			state = "applied " + m.AppliedAt.Format("2006-01-02 15:04")
		}
		fmt.Fprintf(p.stdout, "%3d  %-26s %s\n", m.Version, state, m.Name)
	}
	return err
}
