package main

import (
	"context"
	"fmt"
	"time"

	"quittance/cmd/app"
)

// resealedAtOnce bounds one transaction of `portal reseal`.
const resealedAtOnce = 500

// reseal seals the keys of accounts again after the secret key was changed. It
// may be stopped and begun again at any time.
func reseal(ctx context.Context, p program, args []string) error {
	if err := parse(p.flags("reseal"), args); err != nil {
		return err
	}
	return withPortal(ctx, p, func(w *app.Portal) error {
		all, err := w.Store.CountAccounts(ctx)
		if err != nil {
			return err
		}
		changed, looked, told := 0, int64(0), time.Now()
		for last := ""; ; {
			next, n, err := w.Store.Reseal(ctx, last, resealedAtOnce)
			if err != nil {
				return err
			}
			changed += n
			if next == "" {
				break
			}
			last, looked = next, min(all, looked+resealedAtOnce)
			if now := time.Now(); now.Sub(told) > time.Second {
				told = now
				fmt.Fprintf(p.stderr, "%d of %d accounts\n", looked, all)
			}
		}
		if err := w.Store.ResealRoot(ctx); err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "%d of %d accounts were sealed again. PORTAL_SECRET_KEY_PREVIOUS is not needed any more.\n", changed, all)
		return err
	})
}
