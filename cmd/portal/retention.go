package main

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"quittance/cmd/app"
)

// retentionCommand erases what is past, says what would be, or keeps an account
// from being erased.
func retentionCommand(ctx context.Context, p program, args []string) error {
	if len(args) > 0 && (args[0] == "hold" || args[0] == "lift") {
		return p.legalHold(ctx, args[0], args[1:])
	}
	f := p.flags("retention")
	dry := f.Bool("dry-run", false, "say what is due, erase nothing")
	if err := parse(f, args); err != nil {
		return err
	}
	return withPortal(ctx, p, func(w *app.Portal) error {
		report, err := w.Retention().Run(ctx, *dry)
		if err != nil {
			return err
		}
		word := "erased"
		if *dry {
			word = "due"
		}
		for _, id := range report.Accounts {
			fmt.Fprintf(p.stdout, "%s  %s\n", word, id)
		}
		for _, id := range report.Held {
			fmt.Fprintf(p.stdout, "held    %s  by a legal hold\n", id)
		}
		for _, table := range slices.Sorted(maps.Keys(report.Erased)) {
			fmt.Fprintf(p.stdout, "%-22s %d rows\n", table, report.Erased[table])
		}
		_, err = fmt.Fprintf(p.stdout, "%d accounts looked at, %d %s, %d kept by a legal hold\n", report.Looked, len(report.Accounts), word, len(report.Held))
		return err
	})
}

func (p program) legalHold(ctx context.Context, action string, args []string) error {
	f := p.flags("retention " + action)
	reason := f.String("reason", "", "a case number; no personal data")
	refs, err := parseMixed(f, args)
	if err != nil {
		return err
	}
	if len(refs) != 1 || action == "hold" && *reason == "" {
		return fmt.Errorf("%w: portal retention hold ACCOUNT_REF -reason CASE, or portal retention lift ACCOUNT_REF", errUsage)
	}
	return withPortal(ctx, p, func(w *app.Portal) error {
		account, found, err := w.Store.AccountByRef(ctx, refs[0])
		if err != nil {
			return err
		}
		if !found {
			return fmt.Errorf("there is no account %s", refs[0])
		}
		if action == "lift" {
			_, err = w.LegalHolds().Lift(ctx, string(account.ID))
			return err
		}
		_, err = w.LegalHolds().Place(ctx, string(account.ID), "command", *reason)
		return err
	})
}
