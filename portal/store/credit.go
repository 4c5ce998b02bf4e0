package store

import (
	"context"
	"fmt"
	"slices"

	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/portal/credit"
	"quittance/portal/debt"
)

var (
	_ credit.Store  = (*Store)(nil)
	_ credit.Books  = (*Store)(nil)
	_ credit.Orders = (*Store)(nil)

	_ payments.Credits = (*Store)(nil)
)

// addCredits adds to each statement what was paid beyond the debt. One more read
// is made where an account stands below zero, which is rare: what the snapshot
// may contain already is not counted. What was paid beyond a joint debt is shown to
// whoever paid it, and to nobody else who owes it.
func (s *Store) addCredits(ctx context.Context, whose debt.AccountID, all []debt.Statement) error {
	var below []string
	var joint []debt.ID
	for _, st := range all {
		if st.Debt.Joint && (st.Owed < 0 || st.Credit > 0) {
			joint = append(joint, st.Debt.ID)
		}
		if st.Owed < 0 {
			below = append(below, string(st.Debt.ID))
		}
	}
	if len(below)+len(joint) == 0 {
		return nil
	}
	doubts, err := s.doubts(ctx, below)
	if err != nil {
		return err
	}
	others, err := s.Beyond(ctx, joint)
	for i := range all {
		st := &all[i]
		if st.Credit += max(0, -(st.Owed + doubts[string(st.Debt.ID)])); slices.ContainsFunc(others, func(b credit.Balance) bool {
			return b.DebtID == st.Debt.ID && b.AccountID != whose
		}) {
			st.Credit = 0
		}
	}
	return err
}

// doubts sums what payments took off each debt, or put back, before its snapshot
// was cut and of which it is not known that the snapshot contains it.
func (s *Store) doubts(ctx context.Context, debts []string) (map[string]money.Cents, error) {
	sums := map[string]money.Cents{}
	match, list := s.oneOf("d.id", debts)
	err := s.query(ctx, func(r row) error {
		var id string
		var asOf, moved, posted stamp
		var amount money.Cents
		err := r.Scan(&id, &asOf, &moved, &posted, &amount)
		if (debt.Snapshot{AsOf: asOf.Time}).Doubts(moved.Time, posted.Time) {
			sums[id] -= amount
		}
		return err
	}, `SELECT d.id, d.as_of, t.at, `+postedColumn+`, e.amount_cents
		FROM debts d JOIN ledger_entries e ON e.account = 'debt:' || d.id JOIN ledger_transfers t ON t.id = e.transfer_id `+joinPosted+`
		WHERE `+match+` AND t.payment_id IS NOT NULL AND t.at < d.as_of`, list)
	if err != nil {
		return nil, fmt.Errorf("load doubts: %w", err)
	}
	return sums, nil
}

// payeeColumn is whose a credit of the debt d is: of several persons who owe it,
// theirs who paid last.
const payeeColumn = `COALESCE((SELECT p.account_id FROM joint_debtors j JOIN payments p ON p.account_id = j.account_id AND p.status = 'confirmed'
	JOIN payment_allocations a ON a.payment_id = p.id AND a.debt_id = d.id
	WHERE j.debt_id = d.id ORDER BY p.confirmed_at DESC, p.id DESC LIMIT 1), d.account_id)`

// Beyond implements credit.Books.
func (s *Store) Beyond(ctx context.Context, debts []debt.ID) ([]credit.Balance, error) {
	if len(debts) == 0 {
		return nil, nil
	}
	var all []credit.Balance
	match, list := s.oneOf("d.id", texts(debts))
	var below []string
	err := s.query(ctx, func(r row) error {
		var b credit.Balance
		err := r.Scan(&b.AccountID, &b.DebtID, &b.DebtRef, &b.CreditorRef, &b.Over, &b.Kept, &b.Stated)
		if b.Over < 0 {
			below = append(below, string(b.DebtID))
		}
		all = append(all, b)
		return err
	}, `SELECT `+payeeColumn+`, d.id, d.ref, d.creditor_ref, `+owedColumn+`, `+keptColumn+`, d.below_cents FROM debts d
		WHERE `+match+` ORDER BY d.id`, list)
	if err != nil {
		return nil, fmt.Errorf("load what was paid beyond debts: %w", err)
	}
	doubts := map[string]money.Cents{}
	if len(below) > 0 {
		doubts, err = s.doubts(ctx, below)
	}
	for i := range all {
		all[i].Over = max(0, -(all[i].Over + doubts[string(all[i].DebtID)]))
	}
	return all, err
}

// lockDebts locks debts before what stands on them is read: the lock has a statement
// of its own, so that what is read after it was committed before the lock was given.
func (s *Store) lockDebts(ctx context.Context, where string, args ...any) []lookup {
	lock := s.forUpdate(ctx, "d")
	if lock == "" {
		return nil
	}
	return []lookup{{query: `SELECT d.id FROM debts d WHERE ` + where + ` ORDER BY d.id` + lock, args: args, scan: func(row) error { return nil }}}
}

// Kept implements payments.Credits.
func (s *Store) Kept(ctx context.Context, debts []string) (map[string]money.Cents, error) {
	match, list := s.oneOf("d.id", debts)
	kept := map[string]money.Cents{}
	reads := append(s.lockDebts(ctx, match, list), lookup{query: `SELECT d.id, ` + keptColumn + ` FROM debts d WHERE ` + match, args: []any{list}, scan: func(r row) error {
		var id string
		var sum money.Cents
		err := r.Scan(&id, &sum)
		kept[id] = sum
		return err
	}})
	if err := s.lookups(ctx, reads...); err != nil {
		return nil, fmt.Errorf("load what no snapshot shows: %w", err)
	}
	return kept, nil
}

// Asks implements payments.Credits.
func (s *Store) Asks(ctx context.Context, accountID string, debts []string) (map[string]payments.Ask, error) {
	var ids []debt.ID
	for _, id := range debts {
		ids = append(ids, debt.ID(id))
	}
	all, err := s.Statements(ctx, debt.AccountID(accountID), ids, "")
	if err != nil {
		return nil, err
	}
	owed, err := s.Owed(ctx, debts)
	asks := map[string]payments.Ask{}
	for _, st := range all {
		ask := payments.Ask{Owed: st.Owed}
		for _, e := range st.Excluded {
			ask.Excluded += e.Amount
		}
		ask.Excluded = max(0, min(ask.Excluded, owed[string(st.Debt.ID)]-st.Owed))
		if st.Debt.Settled {
			ask.Excluded = 0 // the settlement says what was to be paid
		}
		asks[string(st.Debt.ID)] = ask
	}
	return asks, err
}

const creditColumns = `k.id, k.debt_id, k.opened_at, k.due_on, k.told_cents, k.closed_at, k.closed_by, k.closed_as`

// OpenCredits implements credit.Store.
func (s *Store) OpenCredits(ctx context.Context, debts []debt.ID, most int) ([]credit.Credit, error) {
	where, args := `k.closed_at IS NULL`, []any{}
	if len(debts) > 0 {
		match, list := s.oneOf("d.id", texts(debts))
		if err := s.lookups(ctx, s.lockDebts(ctx, match, list)...); err != nil {
			return nil, fmt.Errorf("lock debts: %w", err)
		}
		match, list = s.oneOf("k.debt_id", texts(debts))
		where, args = where+` AND `+match, append(args, list)
	}
	return s.credits(ctx, where+` ORDER BY k.due_on, k.id LIMIT ?`+s.forUpdate(ctx, "k"), append(args, most)...)
}

// Credit implements credit.Store.
func (s *Store) Credit(ctx context.Context, id string) (credit.Credit, error) {
	if err := s.lookups(ctx, s.lockDebts(ctx, `d.id = (SELECT o.debt_id FROM credits o WHERE o.id = ?)`, id)...); err != nil {
		return credit.Credit{}, fmt.Errorf("lock debts: %w", err)
	}
	all, err := s.credits(ctx, `k.id = ? AND k.closed_at IS NULL`+s.forUpdate(ctx, "k"), id)
	if err == nil && len(all) == 0 {
		err = credit.ErrNotFound
	}
	if err != nil {
		return credit.Credit{}, err
	}
	return all[0], nil
}

func (s *Store) credits(ctx context.Context, where string, args ...any) ([]credit.Credit, error) {
	var all []credit.Credit
	at := map[debt.ID]int{}
	err := s.query(ctx, func(r row) error {
		var c credit.Credit
		var opened, closed stamp
		var due day
		err := r.Scan(&c.ID, &c.DebtID, &opened, &due, &c.Told, &closed, &c.ClosedBy, &c.ClosedAs)
		c.OpenedAt, c.Due, c.ClosedAt = opened.Time, due.Date, closed.Time
		at[c.DebtID] = len(all)
		all = append(all, c)
		return err
	}, `SELECT `+creditColumns+` FROM credits k WHERE `+where, args...)
	if err != nil || len(all) == 0 {
		return all, err
	}
	var ids []debt.ID
	for _, c := range all {
		ids = append(ids, c.DebtID)
	}
	balances, err := s.Beyond(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, b := range balances {
		all[at[b.DebtID]].Balance = b
	}
	return all, s.refundsAsked(ctx, all)
}

func (s *Store) refundsAsked(ctx context.Context, all []credit.Credit) error {
	at, ids := map[string]int{}, []string{}
	for i, c := range all {
		at[c.ID] = i
		ids = append(ids, c.ID)
	}
	match, list := s.oneOf("f.credit_id", ids)
	return s.query(ctx, func(r row) error {
		var id string
		var f credit.Refund
		var when stamp
		err := r.Scan(&id, &f.PaymentID, &f.Attempt, &f.Amount, &f.Before, &when, &f.By)
		f.At = when.Time
		c := &all[at[id]]
		c.Asked = append(c.Asked, f)
		return err
	}, `SELECT f.credit_id, f.payment_id, f.attempt, f.amount_cents, f.before_cents, f.asked_at, f.asked_by FROM credit_refunds f
		WHERE `+match+` ORDER BY f.asked_at, f.attempt`, list)
}

// AddCredit implements credit.Store.
func (s *Store) AddCredit(ctx context.Context, c credit.Credit) (bool, error) {
	n, err := s.exec(ctx, `INSERT INTO credits (id, account_id, debt_id, opened_at, due_on, told_cents) VALUES (`+marks(6)+`)
		ON CONFLICT (debt_id) WHERE closed_at IS NULL DO NOTHING`,
		c.ID, string(c.AccountID), string(c.DebtID), at(c.OpenedAt), c.Due.String(), int64(c.Told))
	if err != nil {
		return false, fmt.Errorf("keep credit: %w", err)
	}
	return n == 1, nil
}

// SaveCredit implements credit.Store.
func (s *Store) SaveCredit(ctx context.Context, c credit.Credit) error {
	_, err := s.exec(ctx, `UPDATE credits SET told_cents = ?, closed_at = ?, closed_by = ?, closed_as = ? WHERE id = ?`,
		int64(c.Told), at(c.ClosedAt), c.ClosedBy, string(c.ClosedAs), c.ID)
	if err != nil {
		return fmt.Errorf("save credit: %w", err)
	}
	return nil
}

// AskRefund implements credit.Orders.
func (s *Store) AskRefund(ctx context.Context, id string, r credit.Refund) error {
	_, err := s.exec(ctx, `INSERT INTO credit_refunds (credit_id, payment_id, attempt, amount_cents, before_cents, asked_at, asked_by)
		VALUES (`+marks(7)+`)`, id, string(r.PaymentID), r.Attempt, int64(r.Amount), int64(r.Before), at(r.At), r.By)
	if err != nil {
		return fmt.Errorf("keep what is asked of the processor: %w", err)
	}
	return nil
}

// PostTransfer implements credit.Books.
func (s *Store) PostTransfer(ctx context.Context, t ledger.Transfer) error {
	steps, err := insertTransfers([]ledger.Transfer{t})
	if err == nil {
		err = s.InTx(ctx, func(ctx context.Context) error { return s.batch(ctx, steps...) })
	}
	if err != nil {
		return fmt.Errorf("post %s: %w", t.ID, err)
	}
	return nil
}
