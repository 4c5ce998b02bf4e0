package intake

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/portal/debt"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// placed is a row that is right in every column.
func placed(change ...string) map[string]string {
	row := map[string]string{
		"account_ref": "A-1", "debt_ref": "D-1", "creditor_ref": "C-1", "creditor_name": "Mercy Clinic", "original_creditor_name": "Mercy Clinic",
		"debt_type": "medical", "account_number_last4": "1234", "first_name": "Ana", "last_name": "Ruiz", "date_of_birth": "1980-02-29",
		"ssn_last4": "0042", "address_line1": "1 Main St", "address_line2": "", "city": "Dover", "state": "DE", "postal_code": "19901",
		"phone": "(302) 555-0123", "email": "ana@example.com", "language": "es", "itemization_type": "charge_off",
		"itemization_date": "2026-01-31", "itemization_amount": "500.00", "interest_added": "12.17", "fees_added": "0.00",
		"payments_credits": "30.00", "balance": "482.17", "balance_as_of": "2026-11-20", "balance_version": "3",
		"contract_date": "2024-05-01", "description": "Office visit", "limitation_date": "2029-01-31", "status": "active",
		"interest_authority": "agreement",
	}
	for i := 0; i+1 < len(change); i += 2 {
		row[change[i]] = change[i+1]
	}
	return row
}

func csvOf(rows ...map[string]string) string {
	var b strings.Builder
	b.WriteString(strings.Join(Columns(), ",") + "\n")
	for _, row := range rows {
		for i, name := range Columns() {
			if i > 0 {
				b.WriteByte(',')
			}
			v := row[name]
			if strings.ContainsAny(v, ",\"") {
				v = `"` + strings.ReplaceAll(v, `"`, `""`) + `"`
			}
			b.WriteString(v)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// memory is a store in memory that keeps what the real ones keep.
type memory struct {
	mu        sync.Mutex
	accounts  map[string]debt.Account
	debts     map[string]debt.Debt
	refs      map[debt.AccountID]string
	transfers []ledger.Transfer
	paid      map[string][]Credit
	used      map[string]bool
	tasks     []Task
	creditors map[string]Creditor
	saves     int
	fail      []error // what the next saves return
}

// Place implements Holder.
func (m *memory) Place(_ context.Context, holds []debt.Hold) error {
	for _, h := range holds {
		for i, t := range m.tasks {
			if t.ID == h.Source && !slices.Contains(t.Holds, h) {
				m.tasks[i].Holds = append(t.Holds, h)
			}
		}
	}
	return nil
}

// Release implements Holder.
func (m *memory) Release(_ context.Context, source string) ([]debt.Hold, error) {
	for i, t := range m.tasks {
		if t.ID == source {
			m.tasks[i].Holds = nil
		}
	}
	return nil, nil
}

func (m *memory) HeldTasks(_ context.Context, into *Held, subjects, _ []string) error {
	for _, t := range m.tasks {
		if slices.Contains(subjects, t.Subject) {
			into.Tasks = append(into.Tasks, t)
		}
	}
	into.Creditors = maps.Clone(m.creditors)
	return nil
}

func newMemory() *memory {
	return &memory{
		accounts: map[string]debt.Account{}, debts: map[string]debt.Debt{}, refs: map[debt.AccountID]string{},
		paid: map[string][]Credit{}, used: map[string]bool{}, creditors: map[string]Creditor{},
	}
}

func (m *memory) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return fn(ctx)
}

func (m *memory) HeldPlacements(_ context.Context, accountRefs, debtRefs []string) (Held, error) {
	if !slices.IsSorted(accountRefs) || !slices.IsSorted(debtRefs) {
		return Held{}, errors.New("references are not sorted")
	}
	held := Held{Accounts: map[string]HeldAccount{}, Debts: map[string]HeldDebt{}}
	for _, ref := range accountRefs {
		if a, ok := m.accounts[ref]; ok {
			h := HeldAccount{Account: a}
			for _, d := range m.debts {
				if d.AccountID == a.ID {
					h.Debt = d.ID
				}
				if d.AccountID == a.ID && d.Snapshot.AsOf.After(h.AsOf) {
					h.AsOf = d.Snapshot.AsOf
				}
			}
			held.Accounts[ref] = h
		}
	}
	for _, ref := range debtRefs {
		if d, ok := m.debts[ref]; ok {
			held.Debts[ref] = HeldDebt{Debt: d, AccountRef: m.refs[d.AccountID], Owed: m.owed(ref), Payments: m.paid[ref], Used: m.used[ref]}
		}
	}
	return held, nil
}

func (m *memory) owed(ref string) money.Cents {
	return ledger.Balance(m.transfers, ledger.Debt(string(m.debts[ref].ID)))
}

// pay confirms a payment on a debt.
func (m *memory) pay(ref string, amount money.Cents, posted time.Time) {
	m.paid[ref] = append(m.paid[ref], Credit{Amount: amount, PostedAt: posted})
	m.transfers = append(m.transfers, ledger.Transfer{
		ID: fmt.Sprintf("pay_%d", len(m.transfers)), Kind: ledger.Payment,
		Entries: []ledger.Entry{{Account: ledger.Debt(string(m.debts[ref].ID)), Amount: -amount}, {Account: ledger.Clearing, Amount: amount}},
	})
}

func (m *memory) SavePlacements(_ context.Context, b Batch) error {
	if len(m.fail) > 0 {
		err := m.fail[0]
		m.fail = m.fail[1:]
		return err
	}
	m.saves++
	for _, t := range b.Transfers {
		if err := t.Check(); err != nil {
			return err
		}
		if slices.ContainsFunc(m.transfers, func(o ledger.Transfer) bool { return o.ID == t.ID }) {
			return errors.New("transfer was saved before")
		}
	}
	m.transfers = append(m.transfers, b.Transfers...)
	for _, a := range b.NewAccounts {
		if _, ok := m.accounts[a.Account.Ref]; ok || len(a.CodeHash) == 0 || a.Account.ID == "" {
			return errors.New("account is held or has no code or id")
		}
		m.accounts[a.Account.Ref], m.refs[a.Account.ID] = a.Account, a.Account.Ref
	}
	for _, a := range b.ChangedAccounts {
		if m.accounts[a.Ref].ID != a.ID {
			return errors.New("account is not held")
		}
		m.accounts[a.Ref] = a
	}
	for _, d := range b.NewDebts {
		if _, ok := m.debts[d.Ref]; ok || d.ID == "" || m.refs[d.AccountID] == "" {
			return errors.New("debt is held or has no id or account")
		}
		m.debts[d.Ref] = d
		if _, named := m.creditors[d.CreditorRef]; !named {
			m.creditors[d.CreditorRef] = Creditor{Name: d.CreditorName, AsOf: d.Snapshot.AsOf}
		}
	}
	for _, d := range b.ChangedDebts {
		if m.debts[d.Ref].ID != d.ID || m.refs[d.AccountID] == "" {
			return errors.New("debt is not held")
		}
		m.debts[d.Ref] = d
	}
	m.tasks = append(m.tasks, b.Tasks...)
	for i := range m.tasks {
		if slices.Contains(b.Answered, m.tasks[i].ID) {
			m.tasks[i].Decision, m.tasks[i].DecidedAt = Answered, b.At
		}
	}
	return nil
}

type codes struct{ n int }

func (c *codes) New() (string, []byte, []byte) {
	c.n++
	return fmt.Sprint("CODE-", c.n), []byte{byte(c.n), byte(c.n >> 8), byte(c.n >> 16), 1}, []byte("sealed")
}

func importer(m *memory) *Importer {
	n := 0
	return &Importer{
		Tx: m, Store: m, Codes: &codes{}, Holds: m, Key: []byte("key"), Now: func() time.Time { return noon }, BatchRows: 3,
		NewID: func(prefix string) string { n++; return fmt.Sprintf("%s_%d_%p", prefix, n, m) },
	}
}

// take imports a file and returns its report and lines.
func take(t *testing.T, im *Importer, file string, change ...func(*Options)) (Report, []Line) {
	t.Helper()
	var lines []Line
	o := Options{Each: func(l Line) error { lines = append(lines, l); return nil }}
	for _, c := range change {
		c(&o)
	}
	report, err := im.Import(t.Context(), strings.NewReader(file), o)
	if err != nil {
		t.Fatal(err)
	}
	if report.Rows != len(lines) || report.Rows != report.New+report.Updated+report.Unchanged+report.Older+report.Refused+report.HeldBack {
		t.Fatalf("the report does not add up: %+v, %d lines", report, len(lines))
	}
	return report, lines
}

func outcomes(lines []Line) string {
	var s []string
	for _, l := range lines {
		o := string(l.Outcome)
		for _, f := range l.Faults {
			o += " " + f.Column + ":" + f.Code
		}
		s = append(s, o)
	}
	return strings.Join(s, " | ")
}

func wantLines(t *testing.T, lines []Line, want string) {
	t.Helper()
	if got := outcomes(lines); got != want {
		t.Errorf("outcomes: %s\nwant:     %s", got, want)
	}
}

func (m *memory) wantOwed(t *testing.T, ref string, want money.Cents) {
	t.Helper()
	if got := m.owed(ref); got != want {
		t.Errorf("%s: owed %v, want %v", ref, got, want)
	}
	var sum money.Cents
	for _, tr := range m.transfers {
		for _, e := range tr.Entries {
			sum += e.Amount
		}
	}
	if sum != 0 {
		t.Errorf("the ledger is off by %v", sum)
	}
}

func (m *memory) snapshot() string {
	return fmt.Sprint(m.accounts, m.debts, len(m.transfers), slices.Sorted(maps.Keys(m.refs)))
}
