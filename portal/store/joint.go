package store

import (
	"context"
	"fmt"
	"slices"

	"quittance/portal/debt"
	"quittance/portal/intake"
)

// owingWith are the accounts of persons who owe a debt together with the one that
// the caller's condition on mine names.
const owingWith = `SELECT other.account_id FROM joint_debtors mine JOIN joint_debtors other ON other.debt_id = mine.debt_id
	AND other.account_id <> mine.account_id WHERE `

// heldDebtors adds to each debt the persons who owe it together, where there are
// several.
func (s *Store) heldDebtors(ctx context.Context, held map[string]intake.HeldDebt, debtRefs []string) error {
	match, list := s.oneOf("d.ref", debtRefs)
	return s.query(ctx, func(r row) error {
		var ref, accountRef string
		var p debt.Debtor
		var asOf stamp
		err := r.Scan(&ref, &accountRef, &p.DebtID, &p.AccountID, &p.Status, &asOf, &p.Snapshot.Version)
		p.Snapshot.AsOf = asOf.Time
		h := held[ref]
		if h.Debtors == nil {
			h.Debtors = map[string]debt.Debtor{}
		}
		h.Debtors[accountRef], h.Debt.Joint = p, true
		held[ref] = h
		return err
	}, `SELECT d.ref, c.ref, j.debt_id, j.account_id, j.status, j.as_of, j.version FROM joint_debtors j
		JOIN debts d ON d.id = j.debt_id JOIN accounts c ON c.id = j.account_id WHERE `+match, list)
}

// saveDebtors keeps what each person's own row said of a joint debt. Who confirmed
// it first stays.
func (s *Store) saveDebtors(ctx context.Context, b intake.Batch) error {
	for _, p := range b.Debtors {
		_, err := s.exec(ctx, `INSERT INTO joint_debtors (debt_id, account_id, status, as_of, version, confirmed_by, confirmed_at) VALUES (`+marks(7)+`)
			ON CONFLICT (debt_id, account_id) DO UPDATE SET status = excluded.status, as_of = excluded.as_of, version = excluded.version`,
			string(p.DebtID), string(p.AccountID), string(p.Status), micros(p.Snapshot.AsOf), p.Snapshot.Version, p.By, micros(b.At))
		if err != nil {
			return fmt.Errorf("keep who owes a debt: %w", err)
		}
	}
	return nil
}

// debtorsOf are the accounts of those who owe joint debts of a batch.
func debtorsOf(b intake.Batch) []string {
	var ids []string
	for _, p := range b.Debtors {
		ids = append(ids, string(p.AccountID))
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
