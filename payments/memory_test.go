package payments_test

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/payments/paymentstest"
)

// memory keeps payments in maps. A transaction holds one lock and notes how to
// undo what it did.
type memory struct {
	mu        sync.Mutex
	undo      []func()
	payments  map[payments.ID]payments.Payment
	watched   map[payments.ID]bool
	byKey     map[[2]string]payments.ID
	debts     map[string]*memoryDebt
	byDebt    map[string][]payments.ID
	posted    map[string]time.Time // transfers
	events    map[string]bool
	transfers []ledger.Transfer
	ids       map[string]bool
	orders    map[payments.ID][]payments.Order
	news      []payments.News
	alarms    []string
	refusal   map[string]string // why a debt may not be paid
	noCredit  bool
	decisions int   // how often Payables, MayUse and Keep were asked, in what was committed
	broken    error // of the watcher
}

type memoryDebt struct {
	account, creditor string
	asOf              time.Time
	transfers         []int
}

type inTx struct{}

func newMemory() *memory {
	return &memory{
		payments: map[payments.ID]payments.Payment{}, watched: map[payments.ID]bool{}, byKey: map[[2]string]payments.ID{}, debts: map[string]*memoryDebt{},
		byDebt: map[string][]payments.ID{}, posted: map[string]time.Time{}, events: map[string]bool{}, ids: map[string]bool{},
		orders:  map[payments.ID][]payments.Order{},
		refusal: map[string]string{},
	}
}

func (m *memory) parts() paymentstest.Parts {
	return paymentstest.Parts{Tx: m, Store: m, Watch: m, Inbox: m, Orders: m, Accounts: m, Books: m, Watchers: []payments.Watcher{m}}
}

func openMemory(testing.TB, func() time.Time) paymentstest.Parts { return newMemory().parts() }

func (m *memory) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	if ctx.Value(inTx{}) != nil {
		return fn(ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	m.undo = nil
	err := fn(context.WithValue(ctx, inTx{}, true))
	if err != nil {
		for _, undo := range slices.Backward(m.undo) {
			undo()
		}
	}
	return err
}

// locked runs fn inside the lock, which a transaction holds already.
func (m *memory) locked(ctx context.Context, fn func()) {
	if ctx.Value(inTx{}) == nil {
		m.mu.Lock()
		defer m.mu.Unlock()
	}
	fn()
}

func (m *memory) put(p payments.Payment) {
	before, existed := m.payments[p.ID]
	m.set(p)
	m.undo = append(m.undo, func() {
		if existed {
			m.set(before)
			return
		}
		delete(m.payments, p.ID)
		delete(m.watched, p.ID)
	})
}

func (m *memory) set(p payments.Payment) {
	m.payments[p.ID] = p
	if m.watched[p.ID] = true; p.CheckAt.IsZero() {
		delete(m.watched, p.ID)
	}
}

func (m *memory) CreatePayment(_ context.Context, p payments.Payment) (payments.Payment, bool, error) {
	key := [2]string{p.AccountID, p.RequestKey}
	if id, taken := m.byKey[key]; taken {
		return m.payments[id], false, nil
	}
	m.put(p)
	m.byKey[key] = p.ID
	m.undo = append(m.undo, func() { delete(m.byKey, key) })
	for _, a := range p.Allocations {
		m.byDebt[a.DebtID] = append(m.byDebt[a.DebtID], p.ID)
		m.undo = append(m.undo, func() { m.byDebt[a.DebtID] = m.byDebt[a.DebtID][:len(m.byDebt[a.DebtID])-1] })
	}
	return p, true, nil
}

func (m *memory) Payment(ctx context.Context, id payments.ID) (p payments.Payment, err error) {
	m.locked(ctx, func() {
		var ok bool
		if p, ok = m.payments[id]; !ok {
			err = payments.ErrNotFound
		}
		p.Allocations = slices.Clone(p.Allocations)
		for i := range p.Allocations {
			p.Allocations[i].Ordered = 0
			for _, o := range m.orders[id] {
				if o.DebtID == p.Allocations[i].DebtID && o.State == payments.OrderOpen {
					p.Allocations[i].Ordered += o.Amount
				}
			}
		}
	})
	return p, err
}

func (m *memory) RefundOrders(ctx context.Context, id payments.ID) (all []payments.Order, err error) {
	m.locked(ctx, func() { all = slices.Clone(m.orders[id]) })
	return all, nil
}

func (m *memory) KeepRefundOrder(ctx context.Context, o payments.Order) error {
	m.locked(ctx, func() {
		before := m.orders[o.PaymentID]
		m.orders[o.PaymentID] = append(slices.DeleteFunc(slices.Clone(before), func(b payments.Order) bool { return b.Key == o.Key }), o)
		m.undo = append(m.undo, func() { m.orders[o.PaymentID] = before })
	})
	return nil
}

func (m *memory) CloseRefundOrder(ctx context.Context, id payments.ID, key string, as payments.OrderState, now time.Time) error {
	m.locked(ctx, func() {
		before := m.orders[id]
		m.orders[id] = slices.Clone(before)
		m.undo = append(m.undo, func() { m.orders[id] = before })
		for i, o := range m.orders[id] {
			if o.Key == key {
				m.orders[id][i].State, m.orders[id][i].ClosedAt = as, now
			}
		}
	})
	return nil
}

func (m *memory) PaymentByKey(_ context.Context, accountID, key string) (payments.Payment, error) {
	if id, ok := m.byKey[[2]string{accountID, key}]; ok {
		return m.payments[id], nil
	}
	return payments.Payment{}, payments.ErrNotFound
}

func (m *memory) PaymentOf(ctx context.Context, intentID, checkoutID string) (id payments.ID, err error) {
	err = payments.ErrNotFound
	m.locked(ctx, func() {
		for _, p := range m.payments {
			if intentID != "" && p.IntentID == intentID || checkoutID != "" && p.CheckoutID == checkoutID {
				id, err = p.ID, nil
			}
		}
	})
	return id, err
}

func (m *memory) SavePayment(_ context.Context, c payments.Change) error {
	if m.payments[c.After.ID].Revision != c.Before.Revision {
		return payments.ErrStale
	}
	m.put(c.After)
	for _, t := range c.Transfers {
		if err := m.post(t); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) post(t ledger.Transfer) error {
	if err := t.Check(); err != nil {
		return err
	}
	if m.ids[t.ID] {
		return payments.ErrStale
	}
	m.ids[t.ID] = true
	m.transfers = append(m.transfers, t)
	m.undo = append(m.undo, func() {
		delete(m.ids, t.ID)
		m.transfers = m.transfers[:len(m.transfers)-1]
	})
	for _, e := range t.Entries {
		if id, ok := e.Account.DebtID(); ok {
			d := m.debts[id]
			d.transfers = append(d.transfers, len(m.transfers)-1)
			m.undo = append(m.undo, func() { d.transfers = d.transfers[:len(d.transfers)-1] })
		}
	}
	return nil
}

func (m *memory) DuePayments(_ context.Context, now time.Time, limit int) ([]payments.ID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var due []payments.Payment
	for id := range m.watched {
		if p := m.payments[id]; !p.CheckAt.After(now) {
			due = append(due, p)
		}
	}
	slices.SortFunc(due, func(a, b payments.Payment) int {
		return cmp.Or(a.CheckAt.Compare(b.CheckAt), cmp.Compare(a.ID, b.ID))
	})
	var ids []payments.ID
	for _, p := range due[:min(limit, len(due))] {
		ids = append(ids, p.ID)
	}
	return ids, nil
}

func (m *memory) NoteCheck(_ context.Context, id payments.ID, observedAt, checkAt time.Time) error {
	p := m.payments[id]
	p.ObservedAt, p.CheckAt = observedAt, checkAt
	m.put(p)
	return nil
}

func (m *memory) RecordEvent(_ context.Context, e payments.Event, _ time.Time) (bool, error) {
	if m.events[e.ID] {
		return false, nil
	}
	m.events[e.ID] = true
	m.undo = append(m.undo, func() { delete(m.events, e.ID) })
	return true, nil
}

func (m *memory) SeenEvent(ctx context.Context, id string) (seen bool, err error) {
	m.locked(ctx, func() { seen = m.events[id] })
	return seen, nil
}

func (m *memory) Payables(_ context.Context, accountID string, debtIDs []string, except payments.ID) ([]payments.Payable, error) {
	m.decided()
	var all []payments.Payable
	for _, id := range debtIDs {
		d := m.debts[id]
		if d == nil || d.account != accountID {
			continue
		}
		all = append(all, payments.Payable{
			DebtID: id, DebtRef: "ref " + id, CreditorRef: d.creditor, Max: max(0, m.owed(id)-m.pending(id, except)), Refusal: m.refusal[id],
		})
	}
	return all, nil
}

func (m *memory) Still(ctx context.Context, p payments.Payment) ([]payments.Payable, error) {
	var ids []string
	for _, a := range p.Allocations {
		ids = append(ids, a.DebtID)
	}
	return m.Payables(ctx, p.AccountID, ids, p.ID)
}

func (m *memory) MayUse(_ context.Context, _ payments.Payment, d payments.Details) error {
	m.decided()
	if m.noCredit && d.Type == payments.Card && d.Funding != "debit" && d.Funding != "prepaid" {
		return payments.ErrMethodRefused
	}
	return nil
}

func (m *memory) Keep(_ context.Context, p payments.Payment) (map[string]string, error) {
	m.decided()
	why := map[string]string{}
	for _, a := range p.Allocations {
		if m.refusal[a.DebtID] != "" {
			why[a.DebtID] = m.refusal[a.DebtID]
		}
	}
	return why, nil
}

func (m *memory) decided() {
	m.decisions++
	m.undo = append(m.undo, func() { m.decisions-- })
}

func (m *memory) owed(debtID string) (sum money.Cents) {
	if d := m.debts[debtID]; d != nil {
		for _, i := range d.transfers {
			sum += ledger.Balance(m.transfers[i:i+1], ledger.Debt(debtID))
		}
	}
	return sum
}

func (m *memory) pending(debtID string, except payments.ID) (sum money.Cents) {
	m.each(debtID, func(p payments.Payment, a payments.Allocation) {
		if p.ID != except && p.Status.InFlight() {
			sum += a.Amount
		}
	})
	return sum
}

func (m *memory) each(debtID string, fn func(p payments.Payment, a payments.Allocation)) {
	for _, id := range m.byDebt[debtID] {
		p := m.payments[id]
		for _, a := range p.Allocations {
			if a.DebtID == debtID {
				fn(p, a)
			}
		}
	}
}

// Place posts what the snapshot says less the confirmed payments that it does
// not contain yet.
func (m *memory) Place(_ context.Context, s paymentstest.Placement) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	d := m.debts[s.DebtID]
	if d == nil {
		d = &memoryDebt{account: s.AccountID, creditor: s.CreditorRef}
		m.debts[s.DebtID] = d
	} else if !s.AsOf.After(d.asOf) {
		return nil
	}
	d.asOf = s.AsOf
	want := s.Balance
	for _, i := range d.transfers {
		t := m.transfers[i]
		if at := m.posted[t.ID]; t.PaymentID != "" && (at.IsZero() || !at.Before(s.AsOf)) {
			want += ledger.Balance([]ledger.Transfer{t}, ledger.Debt(s.DebtID))
		}
	}
	change := want - m.owed(s.DebtID)
	if change == 0 {
		return nil
	}
	return m.post(ledger.Transfer{
		ID: "placement/" + s.DebtID + "/" + s.AsOf.Format(time.RFC3339Nano), Kind: ledger.Placement, At: s.AsOf,
		Entries: []ledger.Entry{{Account: ledger.Debt(s.DebtID), Amount: change}, {Account: ledger.Placed(s.CreditorRef), Amount: -change}},
	})
}

func (m *memory) Acknowledge(_ context.Context, id payments.ID, postedAt time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, t := range m.transfers {
		if _, before := m.posted[t.ID]; t.PaymentID == string(id) && !before {
			m.posted[t.ID] = postedAt
		}
	}
	return nil
}

func (m *memory) Owed(_ context.Context, _, debtID string) (owed, pending money.Cents, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.owed(debtID), m.pending(debtID, ""), nil
}

func (m *memory) Transfers(_ context.Context, debtIDs []string) ([]ledger.Transfer, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var at []int
	for _, id := range debtIDs {
		at = append(at, m.debts[id].transfers...)
	}
	slices.Sort(at)
	var all []ledger.Transfer
	for _, i := range slices.Compact(at) {
		all = append(all, m.transfers[i])
	}
	return all, nil
}

func (m *memory) Total(context.Context) (sum money.Cents, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, t := range m.transfers {
		for _, e := range t.Entries {
			sum += e.Amount
		}
	}
	return sum, nil
}

func (m *memory) PaymentChanged(_ context.Context, c payments.Change) error {
	n := len(m.news)
	m.news = append(m.news, c.News...)
	m.undo = append(m.undo, func() { m.news = m.news[:n] })
	return m.broken
}

func (m *memory) Mismatch(_ context.Context, wrong payments.Mismatch) error {
	n := len(m.alarms)
	m.alarms = append(m.alarms, string(wrong.PaymentID)+": "+wrong.Reason)
	m.undo = append(m.undo, func() { m.alarms = m.alarms[:n] })
	return nil
}
