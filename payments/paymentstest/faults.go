package paymentstest

import (
	"context"
	"errors"
	"testing"
	"time"

	"quittance/payments"
)

// errFault is what a call that was made to fail says.
var errFault = errors.New("this call was made to fail")

// faults counts the calls to the world outside and makes one of them fail.
type faults struct {
	at    int // which call fails; the first is 1
	after bool
	seen  int
}

// around makes a call, or fails before or after it.
func (f *faults) around(call func() error) error {
	f.seen++
	if f.seen != f.at {
		return call()
	}
	if !f.after {
		return errFault
	}
	if err := call(); err != nil {
		return err
	}
	return errFault
}

// Faults pays, attended and not, is told of it, refunds a part and has the rest taken back, once
// for each call to store and processor, with that call failing before it is
// done and again with its answer lost. Whoever asked tries again, then time
// passes. In the end the payment was charged once at most and the books are
// what the processor holds.
func Faults(t *testing.T, open Open) {
	for _, after := range []bool{false, true} {
		everyCall(t, open, after, attended)
		everyCall(t, open, after, unattended)
	}
}

// everyCall makes each call of the journey fail once.
func everyCall(t *testing.T, open Open, after bool, pay payment) {
	t.Helper()
	f := &faults{after: after}
	w := NewWorld(t, open)
	w.under(f)
	for n := 1; ; n++ {
		f.at, f.seen = n, 0
		id, account, debt := journey(t, w, pay)
		calls := f.seen
		f.at = 0
		audit(t.Context(), t, w, id, account, debt)
		if calls < n {
			t.Logf("%d calls failed once each, answers lost: %t", n-1, after)
			break
		}
	}
	if sum, err := w.Books.Total(t.Context()); err != nil || sum != 0 {
		t.Fatalf("the ledger sums to %d, %v", sum, err)
	}
}

// payment is a way to pay, whose steps are tried again when they fail. It
// returns what was made.
type payment func(ctx context.Context, w *World, r payments.Request, step func(do func() error)) payments.Payment

// attended pays while the consumer is watching.
func attended(ctx context.Context, w *World, r payments.Request, step func(do func() error)) (p payments.Payment) {
	step(func() (err error) { p, err = w.Start(ctx, r); return err })
	step(func() error { _, err := w.Choose(ctx, r.AccountID, p.ID, Token(payments.Card, Succeeds)); return err })
	step(func() error { _, err := w.Submit(ctx, r.AccountID, p.ID, payments.Consent{}); return err })
	return p
}

// unattended charges a saved method while nobody is watching.
func unattended(ctx context.Context, w *World, r payments.Request, step func(do func() error)) (p payments.Payment) {
	step(func() (err error) { p, err = w.Charge(ctx, r, Succeeds); return err })
	return p
}

// journey is the life of one payment whose steps are tried again when they
// fail.
func journey(t *testing.T, w *World, pay payment) (id payments.ID, account, debt string) {
	t.Helper()
	ctx := t.Context()
	account, debt = w.Name("acc_"), w.Name("dbt_")
	must(t, w.Books.Place(ctx, Placement{AccountID: account, DebtID: debt, CreditorRef: debt, Balance: 482_17, AsOf: w.Clock.Now()}))
	request := payments.Request{
		AccountID: account, RequestKey: w.Name("key"), Method: payments.Card,
		Amounts: []payments.Amount{{DebtID: debt, Amount: 150_00}},
	}
	step := func(do func() error) {
		t.Helper()
		for range 2 {
			err := do()
			if err == nil {
				return
			}
			if !errors.Is(err, errFault) && !errors.Is(err, payments.ErrUnknownOutcome) && !errors.Is(err, payments.ErrNotNow) {
				t.Fatalf("unexpected: %v", err)
			}
		}
	}
	p := pay(ctx, w, request, step)
	w.Clock.Advance(StaleAfter)
	tell := func() {
		e := w.Processor.Event(p.ID, w.Name("evt_"))
		if _, known := w.Processor.Holds(p.ID); known {
			step(func() error { _, err := w.Handle(ctx, e); return err })
		}
	}
	tell()
	step(func() error { _, err := w.Refund(ctx, p.ID, payments.Back{Amount: 10_00, Key: "refund"}); return err })
	if truth, _ := w.Processor.Holds(p.ID); truth.State == payments.IntentSucceeded {
		w.Processor.Set(p.ID, Withdraw(""))
		tell()
	}
	for range 45 {
		w.Clock.Advance(3 * day)
		_, err := w.Sweep(ctx, 100)
		if err != nil && !errors.Is(err, errFault) && !errors.Is(err, payments.ErrUnknownOutcome) {
			t.Fatal(err)
		}
	}
	return p.ID, account, debt
}

// audit compares the books with the processor.
func audit(ctx context.Context, t *testing.T, w *World, id payments.ID, account, debt string) {
	t.Helper()
	p, err := w.Store.Payment(ctx, id)
	must(t, err)
	owed, pending, err := w.Books.Owed(ctx, account, debt)
	must(t, err)
	truth, _ := w.Processor.Holds(id)
	if p.Net() != left(truth) || owed != 482_17-p.Net() || pending != 0 || p.Status.Holds() {
		t.Errorf("%s with %d, owed %d, pending %d; the processor has %d", p.Status, p.Net(), owed, pending, left(truth))
	}
	if n := w.Processor.Charges(id); n > 1 {
		t.Errorf("charged %d times", n)
	}
}

// under puts every call of the service to store and processor under faults.
func (w *World) under(f *faults) {
	s := w.Service
	s.Tx = faultyTx{s.Tx, f}
	s.Store = faultyStore{s.Store, f}
	s.Watch = faultyWatch{s.Watch, f}
	s.Inbox = faultyInbox{s.Inbox, f}
	s.Accounts, s.Unattended = faultyAccounts{s.Accounts, f}, faultyAccounts{s.Unattended, f}
	s.Gateway, s.Refunds, s.Orders = faultyGateway{s.Gateway, f}, faultyRefunds{s.Refunds, f}, faultyOrders{s.Orders, f}
}

type faultyOrders struct {
	payments.Orders
	f *faults
}

func (o faultyOrders) RefundOrders(ctx context.Context, id payments.ID) (all []payments.Order, err error) {
	err = o.f.around(func() (err error) { all, err = o.Orders.RefundOrders(ctx, id); return err })
	return all, err
}

func (o faultyOrders) KeepRefundOrder(ctx context.Context, order payments.Order) error {
	return o.f.around(func() error { return o.Orders.KeepRefundOrder(ctx, order) })
}

func (o faultyOrders) CloseRefundOrder(ctx context.Context, id payments.ID, key string, as payments.OrderState, now time.Time) error {
	return o.f.around(func() error { return o.Orders.CloseRefundOrder(ctx, id, key, as, now) })
}

type faultyTx struct {
	payments.Transactor
	f *faults
}

// InTx fails before the transaction begins, or instead of committing it.
func (x faultyTx) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	if !x.f.after {
		return x.f.around(func() error { return x.Transactor.InTx(ctx, fn) })
	}
	return x.Transactor.InTx(ctx, func(ctx context.Context) error {
		return x.f.around(func() error { return fn(ctx) })
	})
}

type faultyStore struct {
	payments.Store
	f *faults
}

func (s faultyStore) Payment(ctx context.Context, id payments.ID) (p payments.Payment, err error) {
	err = s.f.around(func() (err error) { p, err = s.Store.Payment(ctx, id); return err })
	return p, err
}

func (s faultyStore) PaymentByKey(ctx context.Context, accountID, key string) (p payments.Payment, err error) {
	err = s.f.around(func() (err error) { p, err = s.Store.PaymentByKey(ctx, accountID, key); return err })
	return p, err
}

func (s faultyStore) CreatePayment(ctx context.Context, n payments.Payment) (p payments.Payment, created bool, err error) {
	err = s.f.around(func() (err error) { p, created, err = s.Store.CreatePayment(ctx, n); return err })
	return p, created, err
}

func (s faultyStore) SavePayment(ctx context.Context, c payments.Change) error {
	return s.f.around(func() error { return s.Store.SavePayment(ctx, c) })
}

type faultyWatch struct {
	payments.Watchlist
	f *faults
}

func (w faultyWatch) NoteCheck(ctx context.Context, id payments.ID, observedAt, checkAt time.Time) error {
	return w.f.around(func() error { return w.Watchlist.NoteCheck(ctx, id, observedAt, checkAt) })
}

func (w faultyWatch) DuePayments(ctx context.Context, now time.Time, limit int) (ids []payments.ID, err error) {
	err = w.f.around(func() (err error) { ids, err = w.Watchlist.DuePayments(ctx, now, limit); return err })
	return ids, err
}

type faultyInbox struct {
	payments.Inbox
	f *faults
}

func (i faultyInbox) RecordEvent(ctx context.Context, e payments.Event, at time.Time) (fresh bool, err error) {
	err = i.f.around(func() (err error) { fresh, err = i.Inbox.RecordEvent(ctx, e, at); return err })
	return fresh, err
}

func (i faultyInbox) SeenEvent(ctx context.Context, id string) (seen bool, err error) {
	err = i.f.around(func() (err error) { seen, err = i.Inbox.SeenEvent(ctx, id); return err })
	return seen, err
}

type faultyAccounts struct {
	payments.Accounts
	f *faults
}

func (a faultyAccounts) Payables(ctx context.Context, account string, ids []string, except payments.ID) (all []payments.Payable, err error) {
	err = a.f.around(func() (err error) { all, err = a.Accounts.Payables(ctx, account, ids, except); return err })
	return all, err
}

func (a faultyAccounts) MayUse(ctx context.Context, p payments.Payment, d payments.Details) error {
	return a.f.around(func() error { return a.Accounts.MayUse(ctx, p, d) })
}

func (a faultyAccounts) Keep(ctx context.Context, p payments.Payment) (why map[string]string, err error) {
	err = a.f.around(func() (err error) { why, err = a.Accounts.Keep(ctx, p); return err })
	return why, err
}

// unknown is a fault as a processor's client reports it.
func unknown(err error) error {
	if errors.Is(err, errFault) {
		return payments.ErrUnknownOutcome
	}
	return err
}

type faultyGateway struct {
	payments.Gateway
	f *faults
}

func (g faultyGateway) Inspect(ctx context.Context, token string) (d payments.Details, err error) {
	err = g.f.around(func() (err error) { d, err = g.Gateway.Inspect(ctx, token); return err })
	return d, unknown(err)
}

func (g faultyGateway) Begin(ctx context.Context, p payments.Payment) (id string, err error) {
	err = g.f.around(func() (err error) { id, err = g.Gateway.Begin(ctx, p); return err })
	return id, unknown(err)
}

func (g faultyGateway) Charge(ctx context.Context, p payments.Payment) (payments.Truth, error) {
	return g.truth(func() (payments.Truth, error) { return g.Gateway.Charge(ctx, p) })
}

func (g faultyGateway) Fetch(ctx context.Context, p payments.Payment) (payments.Truth, error) {
	return g.truth(func() (payments.Truth, error) { return g.Gateway.Fetch(ctx, p) })
}

func (g faultyGateway) Cancel(ctx context.Context, p payments.Payment) (payments.Truth, error) {
	return g.truth(func() (payments.Truth, error) { return g.Gateway.Cancel(ctx, p) })
}

func (g faultyGateway) truth(call func() (payments.Truth, error)) (t payments.Truth, err error) {
	err = g.f.around(func() (err error) { t, err = call(); return err })
	return t, unknown(err)
}

type faultyRefunds struct {
	payments.Refunder
	f *faults
}

func (r faultyRefunds) Refund(ctx context.Context, p payments.Payment, b payments.Back) (t payments.Truth, err error) {
	err = r.f.around(func() (err error) { t, err = r.Refunder.Refund(ctx, p, b); return err })
	return t, unknown(err)
}
