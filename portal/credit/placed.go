package credit

import (
	"context"

	"quittance/portal/debt"
	"quittance/portal/intake"
)

var _ intake.Watcher = (*Desk)(nil)

// DebtsPlaced implements intake.Watcher: a balance that was stated may be below
// what was paid, or show it no more.
func (d *Desk) DebtsPlaced(ctx context.Context, p intake.Placed) error {
	var ids []debt.ID
	for _, t := range p.Debts {
		if t.Owed < 0 || t.OwedBefore < 0 {
			ids = append(ids, t.After.ID)
		}
	}
	return d.Look(ctx, ids)
}
