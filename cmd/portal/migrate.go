package main

import (
	"context"
	"errors"
	"fmt"
	"time"

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
	db, err := store.Open(ctx, databaseURL(p.env), store.Options{Log: newLogger()})
	if err != nil {
		return err
	}
	if action == "up" {
		if _, err = db.Migrate(ctx); err == nil {
			err = (&audit.Log{Store: db, Now: time.Now}).Note(ctx, "command", "", p.command)
		}
	}
	if err == nil {
		err = p.printMigrations(ctx, db)
	}
	return errors.Join(err, db.Close())
}

// databaseURL reads the one setting that migrations need, so that they can run
// before the rest is configured.
func databaseURL(env config.Environment) string {
	cfg, _ := config.Load(env) // other settings may be missing; the store says what is wrong with this one
	return string(cfg.DatabaseURL)
}

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
