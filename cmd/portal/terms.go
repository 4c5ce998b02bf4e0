package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"quittance/cmd/app"
	"quittance/plans"
	"quittance/portal/terms"
)

// errTerms makes the import exit with 1 when the terms were refused.
var errTerms = errors.New("nothing was changed")

// termsCommand sets what creditors allow, and shows it.
func termsCommand(ctx context.Context, p program, args []string) error {
	return choose(args, map[string]func([]string) error{
		"import": func(args []string) error { return p.importTerms(ctx, args) },
		"list": func([]string) error {
			return p.withTerms(ctx, func(d *terms.Desk) error { return p.listTerms(ctx, d) })
		},
	})
}

func (p program) withTerms(ctx context.Context, fn func(*terms.Desk) error) error {
	return withPortal(ctx, p, func(w *app.Portal) error { return fn(&terms.Desk{Tx: w.Store, Book: w.Store, Now: time.Now}) })
}

func (p program) importTerms(ctx context.Context, args []string) error {
	files, err := parseMixed(p.flags("terms import"), args)
	if err != nil {
		return err
	}
	if len(files) != 1 {
		return fmt.Errorf("%w: name one file: portal terms import terms.json", errUsage)
	}
	return p.withTerms(ctx, func(d *terms.Desk) error { return p.setTerms(ctx, d, files[0]) })
}

func (p program) setTerms(ctx context.Context, d *terms.Desk, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("the file cannot be read: %w", err)
	}
	defer file.Close()
	words, err := terms.Read(file)
	var held []plans.Terms
	if err == nil {
		held, err = d.Set(ctx, words)
	}
	var refused *terms.Refused
	if errors.As(err, &refused) {
		for _, f := range refused.Faults {
			fmt.Fprintf(p.stdout, "%s: %s %s\n", name, f.Field, f.Message)
		}
		return errTerms
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, t := range held {
		fmt.Fprintf(p.stdout, "%s: %s is at version %d, from %s\n", name, t.ID, t.Version, t.Effective)
	}
	return nil
}

func (p program) listTerms(ctx context.Context, d *terms.Desk) error {
	list, err := d.List(ctx)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		_, err = fmt.Fprintln(p.stdout, "No creditor set terms; the portal's own hold.")
		return err
	}
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "for\tversion\tfrom\tuntil\tleast\tmonths\tsettlements\tretries")
	for _, t := range list {
		fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%s\t%d\t%d\t%d\n",
			t.ID, t.Version, t.Effective, t.Until, t.MinAmount, t.MaxMonths, len(t.Settlements), t.Retries)
	}
	return w.Flush()
}
