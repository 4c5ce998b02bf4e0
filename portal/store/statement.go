package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/portal/debt"
	"quittance/portal/gate"
)

var _ gate.Records = (*Store)(nil)

// AccountStatements loads all debts of an account with what is owed on each,
// in the order in which they were placed. Nothing is locked.
func (s *Store) AccountStatements(ctx context.Context, id debt.AccountID) ([]debt.Statement, error) {
	return s.statements(ctx, statementsOf{account: id})
}

// Statements implements gate.Records.
func (s *Store) Statements(ctx context.Context, id debt.AccountID, debtIDs []debt.ID, except payments.ID) ([]debt.Statement, error) {
	if len(debtIDs) == 0 {
		return nil, nil
	}
	q := statementsOf{account: id, except: except, lock: s.txn(ctx) != nil}
	for _, d := range debtIDs {
		q.only = append(q.only, string(d))
	}
	return s.statements(ctx, q)
}

// statementsOf says which statements are read.
type statementsOf struct {
	account debt.AccountID
	only    []string    // debts; none means all
	except  payments.ID // does not count as pending
	lock    bool
}

// statements needs three reads, one more with the lock and one where added
// amounts are judged, and one round trip on PostgreSQL. The lock has a statement of its own, so that what is read after
// it was committed before the lock was given. Payments are read before
// balances: one that is confirmed in between counts twice for a moment, and
// never not at all (AMT-07).
func (s *Store) statements(ctx context.Context, q statementsOf) ([]debt.Statement, error) {
	var all []debt.Statement
	var paid []gate.Moving
	holds := map[debt.ID][]debt.Hold{}
	reads := []lookup{s.movingOf(q, &paid), s.debtsOf(q, &all), s.holdsOf(q, holds)}
	var person debt.Account
	if s.opts.Count != nil {
		reads = append(reads, s.accountLookup(&person, `c.id`, string(q.account)))
	}
	if q.lock && s.engine == postgresEngine {
		reads = append([]lookup{s.lockAccounts(string(q.account)), s.lockOf(q)}, reads...)
	}
	if err := s.lookups(ctx, reads...); err != nil {
		return nil, fmt.Errorf("load statements: %w", err)
	}
	gate.AddPayments(all, paid)
	addHolds(all, holds)
	if err := s.addCredits(ctx, q.account, all); err != nil {
		return nil, err
	}
	s.count(person, all)
	return all, nil
}

// count leaves out what nobody may be asked for. Every statement goes through it.
func (s *Store) count(person debt.Account, all []debt.Statement) {
	for i := range all {
		if s.opts.Count != nil {
			all[i] = s.opts.Count(person.Consumer.Address, all[i])
		}
	}
}

// LockAccount implements gate.Records. SQLite has one writer at a time.
func (s *Store) LockAccount(ctx context.Context, id debt.AccountID) error {
	if s.engine != postgresEngine || s.txn(ctx) == nil {
		return nil
	}
	if err := s.lookups(ctx, s.lockAccounts(string(id))); err != nil {
		return fmt.Errorf("lock an account: %w", err)
	}
	return nil
}

// lockAccounts locks accounts in the order of their ids, before any of their
// debts: what is placed of a person, what they sign and what they pay come one
// after the other.
func (s *Store) lockAccounts(ids ...string) lookup {
	match, list := s.oneOf("c.id", ids)
	return lookup{
		query: `SELECT c.id FROM accounts c WHERE ` + match + ` ORDER BY c.id FOR NO KEY UPDATE`,
		args:  []any{list}, scan: func(row) error { return nil },
	}
}

func (s *Store) lockOf(q statementsOf) lookup {
	where, args := s.whereDebts(q)
	return lookup{
		query: `SELECT d.id FROM debts d WHERE ` + where + ` ORDER BY d.id FOR NO KEY UPDATE`,
		args:  args, scan: func(row) error { return nil },
	}
}

func (s *Store) whereDebts(q statementsOf) (string, []any) {
	where, args := `d.id IN (`+debtsOfAccount+`)`, []any{string(q.account), string(q.account)}
	if len(q.only) > 0 {
		match, list := s.oneOf("d.id", q.only)
		where, args = where+` AND `+match, append(args, list)
	}
	return where, args
}

const debtColumns = `d.id, d.account_id, d.ref, d.creditor_ref, r.name, d.original_creditor_name, d.type,
	d.account_number_last4, d.description, d.contract_date, d.limitation_date, d.itemization_type,
	d.itemization_date, d.itemization_cents, d.interest_added_cents, d.fees_added_cents, d.credits_cents,
	d.interest_authority, d.fees_authority,
	d.balance_cents, d.below_cents, d.as_of, d.version, d.status`

// debtsOfAccount are the debts that a person owes, alone or together with others;
// it takes the account twice.
const debtsOfAccount = `SELECT o.id FROM debts o WHERE o.account_id = ? UNION ALL SELECT o.debt_id FROM joint_debtors o WHERE o.account_id = ?`

const settledColumn = `EXISTS (SELECT 1 FROM plans s WHERE s.debt_id = d.id
	AND s.kind = 'settlement' AND s.status = 'completed')`

func (s *Store) debtsOf(q statementsOf, all *[]debt.Statement) lookup {
	where, args := s.whereDebts(q)
	return lookup{
		query: `SELECT ` + debtColumns + `, ` + owedColumn + `, ` + keptColumn + `, ` + settledColumn + `, COALESCE(j.status, '')
			FROM debts d JOIN creditors r ON r.ref = d.creditor_ref LEFT JOIN joint_debtors j ON j.debt_id = d.id AND j.account_id = ?
			WHERE ` + where + ` ORDER BY d.created_at, d.id`,
		args: append([]any{string(q.account)}, args...),
		scan: func(r row) error {
			var st debt.Statement
			var settled bool
			var own debt.Status
			d, err := s.scanDebt(r, &st.Owed, &st.Credit, &settled, &own)
			if st.Debt = d; own != "" { // by the row of the person who is asked about
				st.Debt.AccountID, st.Debt.Status, st.Debt.Joint = q.account, own, true
			}
			if st.Debt.Settled = settled; settled {
				st.Owed = min(0, st.Owed) // the rest was let go, whatever the last file says
			}
			*all = append(*all, st)
			return err
		},
	}
}

func (s *Store) scanDebt(r row, more ...any) (debt.Debt, error) {
	var d debt.Debt
	var contract, limitation, itemized day
	var asOf stamp
	var below money.Cents
	i := &d.Itemization
	dest := []any{&d.ID, &d.AccountID, &d.Ref, &d.CreditorRef, &d.CreditorName, &d.OriginalCreditorName, &d.Type,
		&d.AccountNumberLast4, &d.Description, &contract, &limitation, &i.Type, &itemized, &i.Amount, &i.Interest,
		&i.Fees, &i.Credits, &i.InterestAuthority, &i.FeesAuthority, &d.Snapshot.Balance, &below, &asOf, &d.Snapshot.Version, &d.Status}
	err := r.Scan(append(dest, more...)...)
	d.ContractDate, d.LimitationDate, i.Date = contract.Date, limitation.Date, itemized.Date
	d.Snapshot.AsOf = asOf.Time
	d.Snapshot.Balance, i.Credits = d.Snapshot.Balance-below, i.Credits+below
	if err == nil {
		d.AccountNumberLast4, err = s.lasting.plain(d.AccountNumberLast4, "debts.account_number_last4:"+string(d.ID))
	}
	if err == nil {
		d.Description, err = s.lasting.plain(d.Description, "debts.description:"+string(d.ID))
	}
	return d, err
}

// movingOf reads the account's live payments, the oldest first, each with its
// allocations: one row for each allocation. Those of persons who owe a debt
// together with it are among them, and are nobody's to see.
func (s *Store) movingOf(q statementsOf, paid *[]gate.Moving) lookup {
	return lookup{
		query: `SELECT p.id, p.reference, p.status, p.amount_cents, p.refunded_cents, p.withdrawn_cents, p.created_at,
				p.submitted_at, p.confirmed_at, p.posted_at, a.debt_id, a.amount_cents, a.refunded_cents, a.held,
				CASE WHEN p.account_id = ? THEN 0 ELSE 1 END
			FROM payments p JOIN payment_allocations a ON a.payment_id = p.id
			WHERE p.account_id IN (SELECT c.id FROM accounts c WHERE c.id = ? UNION ` + owingWith + `mine.account_id = ?)
				AND p.status NOT IN ('failed', 'canceled') AND p.id <> ?
			ORDER BY p.created_at, p.id, a.position`,
		args: []any{string(q.account), string(q.account), string(q.account), string(q.except)},
		scan: func(r row) error {
			var m gate.Moving
			var a payments.Allocation
			var created, submitted, confirmed, posted stamp
			var others int
			err := r.Scan(&m.ID, &m.Reference, &m.Status, &m.Amount, &m.Refunded, &m.Withdrawn, &created,
				&submitted, &confirmed, &posted, &a.DebtID, &a.Amount, &a.Refunded, &a.Held, &others)
			m.Others = others == 1
			m.CreatedAt, m.SubmittedAt, m.ConfirmedAt, m.PostedAt = created.Time, submitted.Time, confirmed.Time, posted.Time
			if n := len(*paid); n == 0 || (*paid)[n-1].ID != m.ID {
				*paid = append(*paid, m)
			}
			last := &(*paid)[len(*paid)-1]
			last.Allocations = append(last.Allocations, a)
			return err
		},
	}
}

// KeepDecisions implements gate.Records.
func (s *Store) KeepDecisions(ctx context.Context, kept []gate.Kept) error {
	if len(kept) == 0 {
		return nil
	}
	var args []any
	for _, k := range kept {
		rules, err := json.Marshal(k.Decision.RuleIDs)
		if err != nil {
			return fmt.Errorf("keep decisions: %w", err)
		}
		args = append(args, at(k.At), string(k.AccountID), string(k.DebtID), string(k.PaymentID), string(k.Action), string(k.Channel),
			string(k.Status), flag(k.Decision.Allowed), string(k.Decision.Reason), string(rules), strings.Join(k.Packs, ", "),
			strings.TrimSpace(string(k.By.Role)+" "+string(k.By.ID)))
	}
	_, err := s.exec(ctx, `INSERT INTO decisions
		(at, account_id, debt_id, payment_id, action, channel, status, allowed, reason, rules, packs, speaker) VALUES `+
		tuples(len(kept), 12), args...)
	if err != nil {
		return fmt.Errorf("keep decisions: %w", err)
	}
	return nil
}
