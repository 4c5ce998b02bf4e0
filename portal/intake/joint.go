package intake

import (
	"maps"
	"slices"

	"quittance/portal/debt"
)

// The same creditor_ref and debt_ref under a second account_ref is held back until
// a person confirms that both owe it. Then there is one debt with one balance, and
// each row counts for its own person: their details, and what its status says.

// Debtor is one of those who owe a debt together, as it is kept, and who confirmed
// it.
type Debtor struct {
	debt.Debtor
	By string
}

// joint is the code of a row under a second account_ref.
const joint = "joint"

// of is the debt as the row of an account_ref sees it: the status is that person's
// own. What is not known of a person yet is nothing.
func (h HeldDebt) of(accountRef string) HeldDebt {
	if p, known := h.Debtors[accountRef]; known {
		h.Debt.AccountID, h.Debt.Status = p.AccountID, p.Status
	} else if h.AccountRef != accountRef {
		h.Debt.Status = debt.Active
	}
	return h
}

// since is of when the person's own row is that was taken in last.
func (h HeldDebt) since(accountRef string) debt.Snapshot {
	if p, known := h.Debtors[accountRef]; known {
		return p.Snapshot
	}
	if h.AccountRef == accountRef {
		return h.Debt.Snapshot
	}
	return debt.Snapshot{}
}

// owes reports whether the row's account is known to owe the debt.
func (h HeldDebt) owes(accountRef string) bool {
	_, together := h.Debtors[accountRef]
	return together || h.AccountRef == accountRef
}

// own decides about a row of a joint debt whose balance is held already, by the
// row of somebody else who owes it: the person's details and status are taken in.
func (c *Change) own(k Known, row Row) {
	held := k.Debt.Debt
	c.Outcome, c.Debt, c.Owed = Updated, held, k.Debt.Owed
	c.Debt.Status = row.Debt.Status
	c.Stays = k.Debt.stays(c.Debt, c.At)
	c.Differs = held.Snapshot.AsOf.Equal(row.Debt.Snapshot.AsOf) && held.Snapshot.Balance != row.Debt.Snapshot.Balance
	c.account(k.Account, row)
}

// asked is the task in which a person confirmed that the row's person owes the
// debt too.
func (b *batch) asked(row Row) (*Task, bool) {
	t, known := b.tasks[string(b.mark(JointDebtors, row.Debt.Ref, row.AccountRef, identity(row.Consumer)))]
	return t, known && t.Decision == Confirmed
}

// keepDebtor keeps what a row of a debt that several persons owe says of its own
// person. The debt stays where it was placed first.
func (b *batch) keepDebtor(slot *debtSlot, row Row, c *Change) {
	if slot.AccountRef == row.AccountRef && len(slot.Debtors) == 0 {
		return
	}
	all := maps.Clone(slot.Debtors)
	if all == nil {
		all = map[string]debt.Debtor{slot.AccountRef: {
			DebtID: slot.Debt.ID, AccountID: slot.Debt.AccountID, Status: slot.Debt.Status, Snapshot: slot.Debt.Snapshot,
		}}
	}
	_, known := all[row.AccountRef]
	all[row.AccountRef] = debt.Debtor{DebtID: slot.Debt.ID, AccountID: c.Debt.AccountID, Status: row.Debt.Status, Snapshot: row.Debt.Snapshot}
	if t, confirmed := b.asked(row); confirmed && !known {
		slot.by = t.DecidedBy
		b.end(t)
	}
	slot.Debtors = all
	first := all[slot.AccountRef]
	c.Debt.AccountID, c.Debt.Status, c.Debt.Joint = first.AccountID, first.Status, true
}

// end ends the hold of a row that is taken in now: what its person's row says
// counts from here on.
func (b *batch) end(t *Task) {
	if len(t.Holds) > 0 {
		b.released, t.Holds = append(b.released, t.ID), nil
	}
}

// said is the status that a row under a second account_ref was held for, where the
// one that is taken in now is less strict.
func (b *batch) said(placed *debtSlot, row Row) debt.Status {
	if placed == nil || placed.owes(row.AccountRef) {
		return ""
	}
	if t, confirmed := b.asked(row); confirmed && t.Status.Stricter(row.Debt.Status) {
		return t.Status
	}
	return ""
}

// about is the debt that a row is about, as its person's.
func (b *batch) about(row Row) debt.Debt { return b.debts[row.Debt.Ref].of(row.AccountRef).Debt }

// whose tells tasks about one person of a joint debt from those about another; a
// debt that one person owes needs nothing.
func (b *batch) whose(row Row) []string {
	if slot := b.debts[row.Debt.Ref]; slot != nil && slot.Debt.Joint {
		return []string{row.AccountRef}
	}
	return nil
}

// debtors are those who owe a debt together, as they are saved.
func (d *debtSlot) debtors() []Debtor {
	var all []Debtor
	for _, ref := range slices.Sorted(maps.Keys(d.Debtors)) {
		all = append(all, Debtor{Debtor: d.Debtors[ref], By: d.by})
	}
	return all
}

// turned is what the batch made of a debt, once for each person who owes it.
func (b *batch) turned(d *debtSlot) []Turned {
	who := slices.Sorted(maps.Keys(d.Debtors))
	if len(who) == 0 {
		who = []string{d.AccountRef}
	}
	all := make([]Turned, 0, len(who))
	for _, ref := range who {
		account := b.accounts[ref]
		t := Turned{Before: d.was.of(ref).Debt, After: d.of(ref).Debt, OwedBefore: d.was.Owed, Owed: d.Owed}
		if account != nil { // else no row of this batch is about them
			t.First, t.Moved = account.state == New, account.moved()
		}
		all = append(all, t)
	}
	return all
}
