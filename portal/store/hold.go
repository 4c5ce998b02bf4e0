package store

import (
	"context"
	"fmt"
	"time"

	"quittance/portal/debt"
	"quittance/portal/hold"
)

var _ hold.Store = (*Store)(nil)

const holdColumns = `id, account_id, debt_id, status, amount_cents, source, opened_at`

// holdsOf reads the open holds of an account's debts, the oldest first. What was
// said of others who owe a debt together with it counts as debt.Status.Shared.
func (s *Store) holdsOf(q statementsOf, holds map[debt.ID][]debt.Hold) lookup {
	return lookup{
		query: `SELECT ` + holdColumns + ` FROM holds WHERE account_id = ? AND closed_at IS NULL
			UNION ALL SELECT h.id, h.account_id, h.debt_id, h.status, h.amount_cents, h.source, h.opened_at FROM joint_debtors mine
				JOIN holds h ON h.debt_id = mine.debt_id AND h.account_id <> mine.account_id WHERE mine.account_id = ? AND h.closed_at IS NULL
			UNION ALL SELECT '', other.account_id, other.debt_id, other.status, 0, 'joint', other.confirmed_at FROM joint_debtors mine
				JOIN joint_debtors other ON other.debt_id = mine.debt_id AND other.account_id <> mine.account_id WHERE mine.account_id = ?
			ORDER BY opened_at, id`,
		args: []any{string(q.account), string(q.account), string(q.account)},
		scan: func(r row) error {
			h, err := scanHold(r)
			if h.AccountID != q.account {
				h = debt.Hold{AccountID: q.account, DebtID: h.DebtID, Status: h.Status.Shared(), OpenedAt: h.OpenedAt}
			}
			if h.Status == "" {
				return err
			}
			holds[h.DebtID] = append(holds[h.DebtID], h)
			return err
		},
	}
}

func addHolds(all []debt.Statement, holds map[debt.ID][]debt.Hold) {
	for i := range all {
		all[i].Debt.Holds = holds[all[i].Debt.ID]
	}
}

func scanHold(r row) (debt.Hold, error) {
	var h debt.Hold
	var opened stamp
	err := r.Scan(&h.ID, &h.AccountID, &h.DebtID, &h.Status, &h.Amount, &h.Source, &opened)
	h.OpenedAt = opened.Time
	return h, err
}

// OpenHold implements hold.Store.
func (s *Store) OpenHold(ctx context.Context, h debt.Hold) (opened bool, err error) {
	rows, err := s.exec(ctx, `INSERT INTO holds (id, account_id, debt_id, status, amount_cents, source, opened_at)
		VALUES (?,?,?,?,?,?,?) ON CONFLICT DO NOTHING`,
		h.ID, string(h.AccountID), string(h.DebtID), string(h.Status), int64(h.Amount), h.Source, at(h.OpenedAt))
	if err != nil {
		return false, fmt.Errorf("open a hold: %w", err)
	}
	return rows == 1, nil
}

// CloseHolds implements hold.Store.
func (s *Store) CloseHolds(ctx context.Context, source string, when time.Time) ([]debt.Hold, error) {
	var closed []debt.Hold
	err := s.query(ctx, func(r row) error {
		h, err := scanHold(r)
		closed = append(closed, h)
		return err
	}, `UPDATE holds SET closed_at = ? WHERE source = ? AND closed_at IS NULL RETURNING `+holdColumns, at(when), source)
	if err != nil {
		return nil, fmt.Errorf("close holds: %w", err)
	}
	return closed, nil
}
