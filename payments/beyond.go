package payments

import (
	"context"
	"slices"

	"quittance/payments/ledger"
	"quittance/payments/money"
)

// beyond asks, before anybody is told of a movement, what stands as credit beside its
// debts, which locks them: who is told reads what stands. What goes back comes off
// there first: what was too much is not owed again (AMT-07). What comes goes there as
// far as it would pay what nobody may be asked for (AMT-04).
func (s *Service) beyond(ctx context.Context, c Change) (Change, error) {
	if s.Credits == nil || len(c.Transfers) == 0 {
		return c.offCredits(nil, nil), nil
	}
	var debts []string
	for _, a := range c.After.Allocations {
		debts = append(debts, a.DebtID)
	}
	var asks map[string]Ask
	var err error
	if slices.ContainsFunc(c.Transfers, comes) {
		if asks, err = s.Credits.Asks(ctx, c.After.AccountID, debts); err != nil {
			return c, err
		}
	}
	kept, err := s.Credits.Kept(ctx, debts)
	if err != nil {
		return c, err
	}
	return c.offCredits(kept, asks), nil
}

// comes reports whether a transfer brings money onto debts for the first time.
func comes(t ledger.Transfer) bool { return t.Kind == ledger.Payment || t.Kind == ledger.Release }

// unasked is what of an amount that comes onto a debt is beyond what may be asked
// for, where some of what is owed may not be: it must not pay that. Elsewhere the
// debt's own account, below zero, says what is too much.
func (a Ask) unasked(amount money.Cents) money.Cents {
	if a.Excluded == 0 {
		return 0
	}
	return max(0, amount-max(0, a.Owed))
}

// offCredits moves what goes back of debts, as far as there are credits beside
// them, from the debts' own accounts to those of the credits; what comes again,
// beyond what is owed again by then, back there; and so what comes and could not
// have been asked for.
func (c Change) offCredits(kept map[string]money.Cents, asks map[string]Ask) Change {
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
			moved := ledger.Balance([]ledger.Transfer{t}, ledger.Debt(a.DebtID))
			if comes(t) {
				extra := asks[a.DebtID].unasked(-moved)
				left += extra
				c.Transfers[n] = aside(t, a.DebtID, -extra)
				continue
			}
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
