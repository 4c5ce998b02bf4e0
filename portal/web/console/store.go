package console

import (
	"context"

	"quittance/portal/debt"
)

// Search finds accounts for a collector.
type Search interface {
	// AccountByRef finds by the collector's own number; debt.Account's zero value
	// and false when there is none.
	AccountByRef(ctx context.Context, ref string) (debt.Account, bool, error)
}
