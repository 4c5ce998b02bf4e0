package store

import (
	"context"
	"fmt"
	"time"

	"quittance/payments/ledger"
	"quittance/payments/money"
)

// LetGo books, as of now, what is left of each debt whose settlement is paid and
// of which no payment can come back any more (ACH-08): until then the debt counts
// as paid without it. It returns how many were booked.
func (s *Store) LetGo(ctx context.Context, now time.Time, most int) (booked int, err error) {
	err = s.InTx(ctx, func(ctx context.Context) error {
		var all []ledger.Transfer
		err := s.query(ctx, func(r row) error {
			var plan, debt string
			var owed money.Cents
			err := r.Scan(&plan, &debt, &owed)
			all = append(all, ledger.Transfer{ID: plan + "/" + string(ledger.Waiver), Kind: ledger.Waiver, At: now, Entries: []ledger.Entry{
				{Account: ledger.Debt(debt), Amount: -owed}, {Account: ledger.Waived(debt), Amount: owed},
			}})
			return err
		}, `SELECT s.id, d.id, `+owedColumn+` FROM plans s JOIN debts d ON d.id = s.debt_id
			WHERE s.kind = 'settlement' AND s.status = 'completed' AND s.reason = ''
				AND NOT EXISTS (SELECT 1 FROM ledger_transfers t WHERE t.id = s.id || '/waiver')
				AND NOT EXISTS (SELECT 1 FROM plan_credits c JOIN payments p ON p.id = c.payment_id
					WHERE c.plan_id = s.id AND (p.reversible_until IS NULL OR p.reversible_until > ?))
				AND `+owedColumn+` > 0
			ORDER BY s.id LIMIT ?`+s.forUpdate(ctx, "s"), at(now), most)
		if err != nil {
			return err
		}
		booked = len(all)
		steps, err := insertTransfers(all)
		if err != nil {
			return err
		}
		return s.batch(ctx, steps...)
	})
	if err != nil {
		return 0, fmt.Errorf("let go of what settlements leave: %w", err)
	}
	return booked, nil
}
