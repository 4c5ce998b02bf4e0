package main

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"

	"quittance/cmd/app"
	"quittance/portal/debt"
)

// Words that name a set of creditors on the command line.
const (
	allCreditors = "all"
	noCreditors  = "none"
)

// chosenCreditors is a set of creditors as it was typed: -creditor for each, or
// -creditors all or none.
type chosenCreditors struct {
	named []string
	word  *string
}

// creditorFlags adds the flags that name creditors; unsaid is what counts when none
// was typed.
func creditorFlags(f *flag.FlagSet, unsaid string) *chosenCreditors {
	c := &chosenCreditors{}
	f.Func("creditor", "a creditor_ref whose debts alone may be seen; once for each", func(ref string) error {
		c.named = append(c.named, ref)
		return nil
	})
	c.word = f.String("creditors", unsaid, "all or none, where no -creditor is named")
	return c
}

// read is the set; an error that names the creditors there are when one of those
// typed is none of them.
func (c *chosenCreditors) read(ctx context.Context, w *app.Portal) (debt.Creditors, error) {
	switch {
	case len(c.named) == 0 && *c.word == allCreditors:
		return debt.AllCreditors(), nil
	case len(c.named) == 0 && *c.word == noCreditors:
		return debt.Creditors{}, nil
	case len(c.named) == 0:
		return debt.Creditors{}, fmt.Errorf("%w: -creditors takes all or none, not %q; name single ones by -creditor", errUsage, *c.word)
	}
	known, err := w.Store.CreditorRefs(ctx)
	if err != nil {
		return debt.Creditors{}, err
	}
	for _, ref := range c.named {
		if !slices.Contains(known, ref) {
			return debt.Creditors{}, fmt.Errorf("%w: -creditor %q is no creditor_ref of a debt that was placed; there are: %s", errUsage, ref, strings.Join(known, ", "))
		}
	}
	return debt.OnlyCreditors(c.named...), nil
}
