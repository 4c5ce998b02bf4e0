package app

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"

	"quittance/portal/store"
)

// bookkeeper checks that the ledger sums to zero and that the database still
// refuses to change what was written. While it does not, no payment is taken:
// balances are shown, nothing moves (R18).
type bookkeeper struct {
	store *store.Store
	log   *slog.Logger
	wrong atomic.Bool
}

// off reports whether payments are paused.
func (b *bookkeeper) off() bool { return b.wrong.Load() }

// Check is a job: it looks at the books and says loudly when they are wrong.
func (b *bookkeeper) Check(ctx context.Context) (int, error) {
	err := errors.Join(b.store.CheckGuards(ctx), b.store.CheckLedger(ctx))
	wrong := errors.Is(err, store.ErrGuardMissing) || errors.Is(err, store.ErrLedgerOff)
	if b.wrong.Swap(wrong) != wrong {
		b.log.ErrorContext(ctx, "the state of the books changed", "payments_paused", wrong, "error", err)
	}
	if wrong {
		return 0, nil // said once, above; it is not the job that failed
	}
	return 0, err
}
