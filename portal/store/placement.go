package store

import (
	"cmp"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"

	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/portal/debt"
	"quittance/portal/intake"
)

var _ intake.Store = (*Store)(nil)

// importLock lets one import write at a time on PostgreSQL, until its
// transaction ends. The number is arbitrary and must not change.
const importLock = 0x7175_6974_0001

// HeldPlacements implements intake.Store: five reads for a batch of any size.
func (s *Store) HeldPlacements(ctx context.Context, accountRefs, debtRefs []string) (intake.Held, error) {
	held := intake.Held{
		Accounts: make(map[string]intake.HeldAccount, len(accountRefs)),
		Debts:    make(map[string]intake.HeldDebt, len(debtRefs)),
	}
	byAccount := map[ledger.Account]string{}
	reads := []lookup{s.heldAccounts(accountRefs, held.Accounts), s.heldDebts(debtRefs, held.Debts, byAccount)}
	if s.engine == postgresEngine {
		reads = append([]lookup{{
			query: `SELECT pg_advisory_xact_lock(?)`, args: []any{int64(importLock)},
			scan: func(row) error { return nil },
		}}, reads...)
	}
	if err := s.lookups(ctx, reads...); err != nil {
		return held, fmt.Errorf("load what is held: %w", err)
	}
	if err := s.heldDebtors(ctx, held.Debts, debtRefs); err != nil {
		return held, fmt.Errorf("load who owes what is held: %w", err)
	}
	if err := s.heldLeft(ctx, accountRefs, held.Accounts); err != nil {
		return held, fmt.Errorf("load what was left: %w", err)
	}
	if err := s.heldMoney(ctx, held.Debts, byAccount); err != nil {
		return held, fmt.Errorf("load what is held: %w", err)
	}
	return held, nil
}

func (s *Store) heldAccounts(refs []string, held map[string]intake.HeldAccount) lookup {
	match, list := s.oneOf("c.ref", refs)
	return lookup{
		query: `SELECT (SELECT MAX(o.as_of) FROM (SELECT d.as_of FROM debts d WHERE d.account_id = c.id
				UNION ALL SELECT j.as_of FROM joint_debtors j WHERE j.account_id = c.id) o),
			(SELECT MIN(o.id) FROM (SELECT d.id FROM debts d WHERE d.account_id = c.id
				UNION ALL SELECT j.debt_id FROM joint_debtors j WHERE j.account_id = c.id) o), ` + accountColumns + `
			FROM accounts c WHERE ` + match,
		args: []any{list},
		scan: func(r row) error {
			var asOf stamp
			var owing optional
			a, err := s.scanAccount(after{r, []any{&asOf, &owing}})
			held[a.Ref] = intake.HeldAccount{Account: a, AsOf: asOf.Time, Debt: debt.ID(owing)}
			return err
		},
	}
}

// after scans columns that stand before those of a known row.
type after struct {
	row
	first []any
}

func (a after) Scan(dest ...any) error { return a.row.Scan(append(a.first, dest...)...) }

func (s *Store) heldDebts(refs []string, held map[string]intake.HeldDebt, byAccount map[ledger.Account]string) lookup {
	match, list := s.oneOf("d.ref", refs)
	return lookup{
		query: `SELECT ` + debtColumns + `, c.ref, d.itemization_used_at FROM debts d
			JOIN creditors r ON r.ref = d.creditor_ref JOIN accounts c ON c.id = d.account_id WHERE ` + match,
		args: []any{list},
		scan: func(r row) error {
			var h intake.HeldDebt
			var used stamp
			d, err := s.scanDebt(r, &h.AccountRef, &used)
			h.Debt, h.Used = d, !used.IsZero()
			held[d.Ref] = h
			for _, account := range []ledger.Account{ledger.Debt(string(d.ID)), ledger.Credit(string(d.ID)), ledger.Waived(string(d.ID))} {
				byAccount[account] = d.Ref
			}
			return err
		},
	}
}

// heldMoney folds the debts' ledger accounts, by what payments moved and when it
// was posted. Balance and movements come from one statement, so that a payment
// that is confirmed meanwhile is in both or in neither.
func (s *Store) heldMoney(ctx context.Context, held map[string]intake.HeldDebt, byAccount map[ledger.Account]string) error {
	if len(byAccount) == 0 {
		return nil
	}
	accounts := make([]string, 0, len(byAccount))
	for account := range byAccount {
		accounts = append(accounts, string(account))
	}
	match, list := s.oneOf("e.account", accounts)
	return s.query(ctx, func(r row) error {
		var account ledger.Account
		var moved, posted stamp
		var sum money.Cents
		err := r.Scan(&account, &moved, &posted, &sum)
		h := held[byAccount[account]]
		if _, beyond := account.CreditOf(); beyond {
			h.Kept -= sum
		} else if _, waived := account.WaivedOf(); waived {
			h.Waived += sum
		} else {
			h.Owed += sum
			if !moved.IsZero() && sum != 0 {
				h.Payments = append(h.Payments, intake.Credit{Amount: -sum, At: moved.Time, PostedAt: posted.Time})
			}
		}
		held[byAccount[account]] = h
		return err
	}, `SELECT e.account, CASE WHEN t.payment_id IS NULL THEN NULL ELSE t.at END, `+postedColumn+`, CAST(SUM(e.amount_cents) AS BIGINT)
		FROM ledger_entries e JOIN ledger_transfers t ON t.id = e.transfer_id `+joinPosted+`
		WHERE `+match+` GROUP BY 1, 2, 3`, list)
}

// SavePlacements implements intake.Store.
func (s *Store) SavePlacements(ctx context.Context, b intake.Batch) error {
	err := s.InTx(ctx, func(ctx context.Context) error {
		if err := s.lockPlaced(ctx, b); err != nil {
			return err
		}
		if err := s.saveCreditors(ctx, b); err != nil {
			return err
		}
		if err := s.saveNewAccounts(ctx, b); err != nil {
			return err
		}
		b, err := s.sealDebts(b)
		if err != nil {
			return err
		}
		if err := s.insert(ctx, newDebts(b)); err != nil {
			return err
		}
		if err := s.saveChanged(ctx, b); err != nil {
			return err
		}
		if err := s.saveDebtors(ctx, b); err != nil {
			return err
		}
		if err := s.recode(ctx, b); err != nil {
			return err
		}
		if err := s.postPlacements(ctx, b.Transfers); err != nil {
			return err
		}
		return s.saveTasks(ctx, b)
	})
	if errors.Is(err, gorm.ErrDuplicatedKey) || Retryable(err) {
		return fmt.Errorf("%w: %w", intake.ErrConflict, err)
	}
	if err != nil {
		return fmt.Errorf("save placements: %w", err)
	}
	return nil
}

// lockPlaced locks the accounts whose debts a batch places, so that whoever signs
// a plan or begins a payment at this moment comes before it, and is seen by those
// who follow, or after it, and sees it.
func (s *Store) lockPlaced(ctx context.Context, b intake.Batch) error {
	if s.engine != postgresEngine {
		return nil
	}
	placed := map[string]bool{}
	for _, d := range slices.Concat(b.NewDebts, b.ChangedDebts) {
		placed[string(d.AccountID)] = true
	}
	for _, id := range debtorsOf(b) {
		placed[id] = true
	}
	for _, a := range b.NewAccounts {
		delete(placed, string(a.Account.ID)) // nobody else knows them
	}
	if len(placed) == 0 {
		return nil
	}
	return s.lookups(ctx, s.lockAccounts(slices.Sorted(maps.Keys(placed))...))
}

// saveCreditors names new creditors. Nobody renames one but a person
// (RenameCreditor).
func (s *Store) saveCreditors(ctx context.Context, b intake.Batch) error {
	first := map[string]debt.Debt{}
	for _, d := range slices.Concat(b.NewDebts, b.ChangedDebts) {
		if _, known := first[d.CreditorRef]; !known {
			first[d.CreditorRef] = d
		}
	}
	for _, ref := range slices.Sorted(maps.Keys(first)) {
		_, err := s.exec(ctx, `INSERT INTO creditors (ref, name, named_as_of) VALUES (?, ?, ?) ON CONFLICT (ref) DO NOTHING`,
			ref, first[ref].CreditorName, micros(first[ref].Snapshot.AsOf))
		if err != nil {
			return err
		}
	}
	return nil
}

// saveNewAccounts seals each person in a vault of its own.
func (s *Store) saveNewAccounts(ctx context.Context, b intake.Batch) error {
	people := make([][]any, len(b.NewAccounts))
	for i, n := range b.NewAccounts {
		v, err := s.newVault(string(n.Account.ID))
		if err != nil {
			return err
		}
		if people[i], err = s.sealPerson(v, string(n.Account.ID), n.Account.Consumer); err != nil {
			return err
		}
	}
	return s.insert(ctx, bulk{
		table: "accounts", rows: len(b.NewAccounts),
		columns: []string{"id", "ref", "code_hash", "code_sealed", "vault", "person", "name_token", "phone_token", "state", "language",
			"created_at", "updated_at"},
		values: func(i int) []any {
			n := b.NewAccounts[i]
			values := append([]any{string(n.Account.ID), n.Account.Ref, n.CodeHash, n.CodeSealed}, people[i]...)
			return append(values, micros(b.At), micros(b.At))
		},
	})
}

// recode gives accounts that were erased a code again. They count as placed now:
// whoever prints the letters of new accounts prints theirs.
func (s *Store) recode(ctx context.Context, b intake.Batch) error {
	for _, n := range b.Recoded {
		_, err := s.exec(ctx, `UPDATE accounts SET code_hash = ?, code_sealed = ?, created_at = ? WHERE id = ?`,
			n.CodeHash, n.CodeSealed, micros(b.At), string(n.Account.ID))
		if err != nil {
			return err
		}
	}
	return nil
}

// sealedUpdate replaces a person.
const sealedUpdate = `UPDATE accounts SET erased_at = NULL, vault = ?, person = ?, name_token = ?, phone_token = ?, state = ?, language = ?`

// changedPeople seals changed persons in the vaults they have.
func (s *Store) changedPeople(ctx context.Context, b intake.Batch) ([]step, error) {
	var steps []step
	for _, a := range sortedBy(b.ChangedAccounts, func(a debt.Account) string { return string(a.ID) }) {
		values, err := s.sealAgain(ctx, a)
		if err != nil {
			return nil, err
		}
		steps = append(steps, step{
			query: sealedUpdate + `, updated_at = ? WHERE id = ?`, args: append(values, micros(b.At), string(a.ID)), touches: 1,
		})
	}
	return steps, nil
}

// sealAgain seals a person in the account's vault; a new one where it has none.
func (s *Store) sealAgain(ctx context.Context, a debt.Account) ([]any, error) {
	v, err := s.vaultOf(ctx, string(a.ID))
	if err == nil && v.box == nil {
		v, err = s.newVault(string(a.ID))
	}
	if err != nil {
		return nil, err
	}
	return s.sealPerson(v, string(a.ID), a.Consumer)
}

func newDebts(b intake.Batch) bulk {
	return bulk{
		table: "debts", rows: len(b.NewDebts),
		columns: []string{"id", "account_id", "ref", "creditor_ref", "original_creditor_name", "type", "account_number_last4",
			"description", "contract_date", "limitation_date", "itemization_type", "itemization_date", "itemization_cents",
			"interest_added_cents", "fees_added_cents", "credits_cents", "interest_authority", "fees_authority", "balance_cents", "below_cents", "as_of",
			"version", "status", "created_at", "updated_at"},
		values: func(i int) []any {
			d := b.NewDebts[i]
			return append(append([]any{string(d.ID), string(d.AccountID), d.Ref}, debtValues(d)...), micros(b.At), micros(b.At))
		},
	}
}

// sealDebts seals what debts tell of a person's life. The key is of no single
// account, for debts of many are written at a time; the columns are emptied when
// the account is erased.
func (s *Store) sealDebts(b intake.Batch) (intake.Batch, error) {
	b.NewDebts, b.ChangedDebts = slices.Clone(b.NewDebts), slices.Clone(b.ChangedDebts)
	for _, list := range [][]debt.Debt{b.NewDebts, b.ChangedDebts} {
		for i := range list {
			d := &list[i]
			number, first := s.lasting.text(d.AccountNumberLast4, "debts.account_number_last4:"+string(d.ID))
			words, second := s.lasting.text(d.Description, "debts.description:"+string(d.ID))
			if err := errors.Join(first, second); err != nil {
				return b, err
			}
			d.AccountNumberLast4, d.Description = number, words
		}
	}
	return b, nil
}

// debtValues are the columns of a debt. What is stated below zero stands in a
// column of its own.
func debtValues(d debt.Debt) []any {
	i, below := d.Itemization, d.Snapshot.Stated()
	return []any{d.CreditorRef, d.OriginalCreditorName, string(d.Type), d.AccountNumberLast4, d.Description,
		d.ContractDate.String(), d.LimitationDate.String(), string(i.Type), i.Date.String(), int64(i.Amount),
		int64(i.Interest), int64(i.Fees), int64(i.Credits - below), i.InterestAuthority, i.FeesAuthority, int64(d.Snapshot.Balance + below), int64(below),
		micros(d.Snapshot.AsOf), d.Snapshot.Version, string(d.Status)}
}

// saveChanged replaces rows in the order of their ids, in which those who lock
// several debts lock them too.
func (s *Store) saveChanged(ctx context.Context, b intake.Batch) error {
	steps, err := s.changedPeople(ctx, b)
	if err != nil {
		return err
	}
	for _, d := range sortedBy(b.ChangedDebts, func(d debt.Debt) string { return string(d.ID) }) {
		steps = append(steps, step{
			query: `UPDATE debts SET creditor_ref = ?, original_creditor_name = ?, type = ?, account_number_last4 = ?,
				description = ?, contract_date = ?, limitation_date = ?, itemization_type = ?, itemization_date = ?,
				itemization_cents = ?, interest_added_cents = ?, fees_added_cents = ?, credits_cents = ?,
				interest_authority = ?, fees_authority = ?, balance_cents = ?, below_cents = ?,
				as_of = ?, version = ?, status = ?, account_id = ?, updated_at = ? WHERE id = ?`,
			args: append(debtValues(d), string(d.AccountID), micros(b.At), string(d.ID)), touches: 1,
		})
	}
	return s.batch(ctx, steps...)
}

func sortedBy[T any](list []T, key func(T) string) []T {
	return slices.SortedFunc(slices.Values(list), func(a, b T) int { return cmp.Compare(key(a), key(b)) })
}

// postPlacements adds the transfers of a whole batch to the ledger.
func (s *Store) postPlacements(ctx context.Context, transfers []ledger.Transfer) error {
	type line struct {
		transfer string
		position int64
		ledger.Entry
	}
	var lines []line
	for _, t := range transfers {
		if err := t.Check(); err != nil {
			return err
		}
		for i, e := range t.Entries {
			lines = append(lines, line{transfer: t.ID, position: int64(i), Entry: e})
		}
	}
	err := s.insert(ctx, bulk{
		table: "ledger_transfers", columns: []string{"id", "kind", "payment_id", "at"}, rows: len(transfers),
		values: func(i int) []any {
			t := transfers[i]
			payment, _ := optional(t.PaymentID).Value()
			return []any{t.ID, string(t.Kind), payment, micros(t.At)}
		},
	})
	if err != nil {
		return err
	}
	return s.insert(ctx, bulk{
		table: "ledger_entries", columns: []string{"transfer_id", "position", "account", "amount_cents"}, rows: len(lines),
		values: func(i int) []any {
			l := lines[i]
			return []any{l.transfer, l.position, string(l.Account), int64(l.Amount)}
		},
	})
}

// micros is a time as a driver value.
func micros(t time.Time) driver.Value {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}
