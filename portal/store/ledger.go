package store

import (
	"context"

	"quittance/payments/ledger"
	"quittance/payments/money"
)

// insertTransfers posts transfers and their entries; each must sum to zero. A
// transfer that was posted before is refused by its id.
func insertTransfers(transfers []ledger.Transfer) ([]step, error) {
	if len(transfers) == 0 {
		return nil, nil
	}
	var heads, lines []any
	for _, t := range transfers {
		if err := t.Check(); err != nil {
			return nil, err
		}
		heads = append(heads, t.ID, string(t.Kind), optional(t.PaymentID), at(t.At))
		for i, e := range t.Entries {
			lines = append(lines, t.ID, i, string(e.Account), int64(e.Amount))
		}
	}
	return []step{{
		query:   `INSERT INTO ledger_transfers (id, kind, payment_id, at) VALUES ` + tuples(len(transfers), 4),
		args:    heads,
		touches: int64(len(transfers)),
	}, {
		query:   `INSERT INTO ledger_entries (transfer_id, position, account, amount_cents) VALUES ` + tuples(len(lines)/4, 4),
		args:    lines,
		touches: int64(len(lines) / 4),
	}}, nil
}

// owedColumn folds the ledger of the debt d of the surrounding statement.
const owedColumn = `(SELECT CAST(COALESCE(SUM(e.amount_cents), 0) AS BIGINT)
	FROM ledger_entries e WHERE e.account = 'debt:' || d.id)`

// keptColumn folds the account of what was paid beyond the debt d and does not
// show in its balance.
const keptColumn = `(SELECT CAST(-COALESCE(SUM(e.amount_cents), 0) AS BIGINT)
	FROM ledger_entries e WHERE e.account = 'credit:' || d.id)`

// joinPosted joins when the movement t was posted by its own acknowledgement. A
// movement of which that was not noted, by a release before this one, goes by
// its payment's.
const joinPosted = `LEFT JOIN transfer_postings x ON x.transfer_id = t.id LEFT JOIN payments p ON p.id = t.payment_id`

const postedColumn = `CASE WHEN x.transfer_id IS NULL THEN p.posted_at ELSE x.posted_at END`

// Owed implements outbox.Books: the fold of each debt, what the surrounding
// transaction posted included.
func (s *Store) Owed(ctx context.Context, debtIDs []string) (map[string]money.Cents, error) {
	owed := make(map[string]money.Cents, len(debtIDs))
	var accounts []string
	for _, id := range debtIDs {
		owed[id] = 0
		accounts = append(accounts, string(ledger.Debt(id)))
	}
	if len(accounts) == 0 {
		return owed, nil
	}
	match, list := s.oneOf("account", accounts)
	err := s.query(ctx, func(r row) error {
		var account ledger.Account
		var sum money.Cents
		if err := r.Scan(&account, &sum); err != nil {
			return err
		}
		id, _ := account.DebtID()
		owed[id] = sum
		return nil
	}, `SELECT account, CAST(SUM(amount_cents) AS BIGINT) FROM ledger_entries
		WHERE `+match+` GROUP BY account`, list)
	return owed, err
}

// Transfers lists every transfer with an entry on one of the accounts, whole
// and in the order of their times.
func (s *Store) Transfers(ctx context.Context, accounts ...ledger.Account) ([]ledger.Transfer, error) {
	match, list := s.oneOf("account", texts(accounts))
	var all []ledger.Transfer
	err := s.query(ctx, func(r row) error {
		var t ledger.Transfer
		var e ledger.Entry
		var payment optional
		var when stamp
		err := r.Scan(&t.ID, &t.Kind, &payment, &when, &e.Account, &e.Amount)
		if n := len(all); n == 0 || all[n-1].ID != t.ID {
			t.PaymentID, t.At = string(payment), when.Time
			all = append(all, t)
		}
		last := &all[len(all)-1]
		last.Entries = append(last.Entries, e)
		return err
	}, `SELECT t.id, t.kind, t.payment_id, t.at, e.account, e.amount_cents
		FROM ledger_transfers t JOIN ledger_entries e ON e.transfer_id = t.id
		WHERE t.id IN (SELECT transfer_id FROM ledger_entries WHERE `+match+`)
		ORDER BY t.at, t.id, e.position`, list)
	return all, err
}
