package main

import (
	"context"
	"fmt"
	"time"
)

// resealedAtOnce bounds one transaction of `portal reseal`.
const resealedAtOnce = 500

// reseal seals the keys of accounts again after the secret key was changed. It
// may be stopped and begun again at any time.
func reseal(ctx context.Context, p program, args []string) error {
	if err := parse(p.flags("reseal"), args); err != nil {
		return err
	}
	return withPortal(ctx, p, func(w *portal) error {
		all, err := w.store.CountAccounts(ctx)
		if err != nil {
			return err
		}
		changed, looked, told := 0, int64(0), time.Now()
		for last := ""; ; {
			next, n, err := w.store.Reseal(ctx, last, resealedAtOnce)
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
		if err := w.store.ResealRoot(ctx); err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "%d of %d accounts were sealed again. PORTAL_SECRET_KEY_PREVIOUS is not needed any more.\n", changed, all)
		return err
	})
}
