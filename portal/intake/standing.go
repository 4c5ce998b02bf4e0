package intake

import (
	"context"
	"errors"
	"time"

	"quittance/payments/money"
	"quittance/portal/debt"
)

// ErrNotPlaced is returned for a debt that was never placed.
var ErrNotPlaced = errors.New("no such debt was placed")

// Standing is what the system of record says of one debt at a moment, asked or
// unasked: its status and its balance, and nothing else.
type Standing struct {
	AccountRef, DebtRef string
	Status              debt.Status
	Balance             money.Cents
	AsOf                time.Time
}

// Stand takes a standing in as a row of a file that says nothing new otherwise:
// an older one changes nothing, and payments that it cannot contain yet still
// count. What the balance fell by is a credit of its itemization; more than is
// itemized is asked of nobody before a placement says what it is for (VAL-04).
func (im *Importer) Stand(ctx context.Context, s Standing) error {
	held, err := im.Store.HeldPlacements(ctx, []string{s.AccountRef}, []string{s.DebtRef})
	if err != nil {
		return err
	}
	account, ok := held.Accounts[s.AccountRef]
	placed, known := held.Debts[s.DebtRef]
	if !ok || !known {
		return ErrNotPlaced
	}
	row := Row{Number: 1, Impersonal: true, AccountRef: s.AccountRef, Consumer: account.Account.Consumer, Debt: placed.Debt}
	i := &row.Debt.Itemization
	balance := min(s.Balance, i.Amount+i.Interest+i.Fees)
	i.Credits = i.Amount + i.Interest + i.Fees - balance
	row.Debt.Status, row.Debt.Snapshot = s.Status, debt.Snapshot{Balance: balance, AsOf: s.AsOf}
	r := &run{Importer: im, id: im.NewID("imp")}
	return r.batch(ctx, []item{{row: row}})
}
