package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"time"

	"quittance/cmd/app"
	"quittance/portal/identity"
)

// codesCommand writes the reference codes of accounts as CSV, for letters, or lets
// one person in again.
func codesCommand(ctx context.Context, p program, args []string) error {
	if len(args) > 0 && args[0] == "unlock" {
		return p.unlockCode(ctx, args[1:])
	}
	if len(args) > 0 && args[0] == "renew" {
		return p.renewCode(ctx, args[1:])
	}
	f := p.flags("codes")
	from := f.String("since", "", "only accounts placed since this day, YYYY-MM-DD in UTC")
	if err := parse(f, args); err != nil {
		return err
	}
	since, err := time.Parse(time.DateOnly, cmp.Or(*from, "1970-01-01"))
	if err != nil || f.NArg() > 0 {
		return fmt.Errorf("%w: portal codes [-since 2026-11-22], portal codes unlock|renew ACCOUNT_REF", errUsage)
	}
	return withPortal(ctx, p, func(w *app.Portal) error {
		out := csv.NewWriter(p.stdout)
		err := out.Write([]string{"account_ref", "reference_code", "words_en", "words_es"})
		if err == nil {
			err = w.Codebook().Each(ctx, since, func(ref string, l identity.Letter) error {
				return out.Write([]string{ref, l.Code, l.Words["en"], l.Words["es"]})
			})
		}
		out.Flush()
		return cmp.Or(err, out.Error())
	})
}
