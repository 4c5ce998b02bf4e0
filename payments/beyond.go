package payments

import (
	"context"
	"slices"

	"quittance/payments/ledger"
	"quittance/payments/money"
)

// beyond asks, before anybody is told of a movement, what stands as credit beside its
// debts, which locks them: who is told reads what stands. What goes back comes off
// there first: what was too much is not owed again (AMT-07).
func (s *Service) beyond(ctx context.Context, c Change) (Change, error) {
	var kept map[string]money.Cents
	if s.Credits != nil && len(c.Transfers) > 0 {
		var debts []string
		for _, a := range c.After.Allocations {
			debts = append(debts, a.DebtID)
		}
		var err error
		if kept, err = s.Credits.Kept(ctx, debts); err != nil {
			return c, err
		}
	}
	return c.offCredits(kept), nil
}

// offCredits moves what goes back of debts, as far as there are credits beside
// them, from the debts' own accounts to those of the credits; and what comes
// again, beyond what is owed again by then, back there.
func (c Change) offCredits(kept map[string]money.Cents) Change {
	c.After.Allocations = slices.Clone(c.After.Allocations)
	shares := c.Before.Shares()
	for i := range c.After.Allocations {
		a := &c.After.Allocations[i]
		var again money.Cents // is owed again
		if !c.Before.ConfirmedAt.IsZero() {
			again = a.Amount - shares[i] - a.FromCredit
		}
		left := max(0, kept[a.DebtID])
		for n, t := range c.Transfers {
			if t.Kind == ledger.Payment || t.Kind == ledger.Release {
				continue
			}
			moved := ledger.Balance([]ledger.Transfer{t}, ledger.Debt(a.DebtID))
			off := min(moved, left)
			if moved < 0 {
				off = -min(max(0, -moved-again), a.FromCredit)
			}
			left, again, a.FromCredit = left-max(0, off), again+moved-off, a.FromCredit+off
			c.Transfers[n] = aside(t, a.DebtID, off)
		}
	}
	return c
}

// aside moves an amount of a transfer from a debt's own account to its account of
// credits.
func aside(t ledger.Transfer, debtID string, amount money.Cents) ledger.Transfer {
	if amount == 0 {
		return t
	}
	t.Entries = slices.Clone(t.Entries)
	for i := range t.Entries {
		if t.Entries[i].Account == ledger.Debt(debtID) {
			t.Entries[i].Amount -= amount
		}
	}
	t.Entries = append(t.Entries, ledger.Entry{Account: ledger.Credit(debtID), Amount: amount})
	t.Entries = slices.DeleteFunc(t.Entries, func(e ledger.Entry) bool { return e.Amount == 0 })
	return t
}
