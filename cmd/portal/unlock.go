package main

import (
	"context"
	"errors"

	"quittance/cmd/app"
	"quittance/portal/config"
	"quittance/portal/debt"
	"quittance/portal/identity"
)

// opens lets the person of an account in again, by the agency's own number. An
// account that was erased has no code and nobody to let in (REC-01).
func (p program) opens(ctx context.Context, args []string, use, done string, do func(*app.Portal) func(context.Context, debt.AccountID) error) error {
	ref, err := one(args, use)
	if err != nil {
		return err
	}
	return withPart(ctx, p, config.Letters, func(w *app.Portal) error {
		return w.Store.InTx(ctx, func(ctx context.Context) error {
			code, err := w.Store.SealedCode(ctx, ref)
			if errors.Is(err, identity.ErrNotFound) {
				return errors.New("no account with this number has a code")
			}
			if err != nil {
				return err
			}
			if err := do(w)(ctx, code.AccountID); err != nil {
				return err
			}
			return w.Audit.Note(ctx, done, string(code.AccountID), "")
		})
	})
}

func (p program) unlockCode(ctx context.Context, args []string) error {
	return p.opens(ctx, args, "portal codes unlock ACCOUNT_REF", "code.unlocked", func(w *app.Portal) func(context.Context, debt.AccountID) error { return w.Visits.Help })
}

func (p program) renewCode(ctx context.Context, args []string) error {
	return p.opens(ctx, args, "portal codes renew ACCOUNT_REF", "code.renewed", func(w *app.Portal) func(context.Context, debt.AccountID) error { return w.Visits.Renew })
}
