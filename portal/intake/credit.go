package intake

import (
	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/portal/debt"
)

// What was paid beyond a debt is the consumer's until it is sent back (AMT-07). A
// row that does not show it leaves it on the debt's account of credits; a row
// never makes a credit smaller, unless it comes from books that had stated the
// credit themselves and settle it there.

// over is by how much money that surely came after the snapshot, or that the
// snapshot surely lacks, goes beyond the debt.
func (h HeldDebt) over(s debt.Snapshot, owed money.Cents) money.Cents {
	for _, p := range h.Payments {
		if s.Doubts(p.At, p.PostedAt) {
			owed += p.Amount
		}
	}
	return max(0, -owed)
}

// keep is what stands on the account of credits once a row made the debt's own
// account hold owed.
func (h HeldDebt) keep(next debt.Snapshot, owed money.Cents) money.Cents {
	before := max(0, h.over(h.Debt.Snapshot, h.Owed)-h.Debt.Snapshot.Stated())
	return max(0, h.Kept+before-h.over(next, owed))
}

// letGo is what is owed after a settlement let something go, whether or not the
// books that a row comes from have written it off by then: when in doubt the
// lower.
func letGo(owed, waived money.Cents) money.Cents {
	if owed >= waived {
		return owed - waived
	}
	return owed
}

// placement posts what a snapshot changed: the debt's account, and what was paid
// beyond the debt and does not show in it, against what its creditor placed. The
// id holds the import and the row, so that a batch that is saved twice is
// refused.
func placement(id string, c Change) ledger.Transfer {
	t := ledger.Transfer{ID: id, Kind: ledger.Placement, At: c.At}
	for _, e := range []ledger.Entry{
		{Account: ledger.Debt(string(c.Debt.ID)), Amount: c.Placed},
		{Account: ledger.Credit(string(c.Debt.ID)), Amount: -c.Kept},
		{Account: ledger.Placed(c.Debt.CreditorRef), Amount: c.Kept - c.Placed},
	} {
		if e.Amount != 0 {
			t.Entries = append(t.Entries, e)
		}
	}
	return t
}
