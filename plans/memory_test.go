package plans_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/plans/civil"
)

// memory keeps plans in a map, with all roles of a store. A transaction is the
// lock; what an error undoes is copied back.
type memory struct {
	mu         sync.Mutex
	plans      map[plans.ID]plans.Plan
	agreements map[plans.ID][]plans.Agreement
	drafts     map[string]plans.Draft
	credits    []plans.Credit
	leases     map[plans.Due]time.Time
	asked      map[plans.ID]time.Time
	terms      []plans.Terms
	statements []plans.Statement
	saves      int
}

type inTx struct{}

func newMemory() *memory {
	return &memory{
		plans: map[plans.ID]plans.Plan{}, agreements: map[plans.ID][]plans.Agreement{},
		drafts: map[string]plans.Draft{}, leases: map[plans.Due]time.Time{}, asked: map[plans.ID]time.Time{},
	}
}

func (m *memory) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	if ctx.Value(inTx{}) != nil {
		return fn(ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return fn(context.WithValue(ctx, inTx{}, true))
}

func (m *memory) lock(ctx context.Context) func() {
	if ctx.Value(inTx{}) != nil {
		return func() {}
	}
	m.mu.Lock()
	return m.mu.Unlock
}

func (m *memory) CreatePlan(ctx context.Context, p plans.Plan, a plans.Agreement) (plans.Plan, bool, error) {
	defer m.lock(ctx)()
	for _, held := range m.plans {
		if held.AccountID == p.AccountID && held.RequestKey == p.RequestKey {
			return held, false, nil
		}
	}
	for _, held := range m.plans {
		if held.Debt.ID == p.Debt.ID && held.Status.Running() {
			return plans.Plan{}, false, plans.ErrRunning
		}
	}
	m.plans[p.ID], m.agreements[p.ID] = copied(p), append(m.agreements[p.ID], a)
	return p, true, nil
}

func copied(p plans.Plan) plans.Plan {
	p.Installments = slices.Clone(p.Installments)
	return p
}

func (m *memory) Plan(ctx context.Context, id plans.ID) (plans.Plan, error) {
	defer m.lock(ctx)()
	p, ok := m.plans[id]
	if !ok {
		return p, plans.ErrNotFound
	}
	return p, nil // decisions change a clone of it
}

func (m *memory) PlansOfAccount(ctx context.Context, accountID string) ([]plans.Plan, error) {
	defer m.lock(ctx)()
	var all []plans.Plan
	for _, p := range m.plans {
		if p.AccountID == accountID {
			all = append(all, copied(p))
		}
	}
	slices.SortFunc(all, func(a, b plans.Plan) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return all, nil
}

func (m *memory) RunningPlan(ctx context.Context, debtID string) (plans.Plan, error) {
	defer m.lock(ctx)()
	for _, p := range m.plans {
		if p.Debt.ID == debtID && p.Status.Running() {
			return copied(p), nil
		}
	}
	return plans.Plan{}, plans.ErrNotFound
}

func (m *memory) SavePlan(ctx context.Context, c plans.Change) error {
	defer m.lock(ctx)()
	if m.plans[c.After.ID].Revision != c.Before.Revision {
		return plans.ErrStale
	}
	m.saves++
	m.plans[c.After.ID] = c.After
	if c.Agreement != nil {
		m.agreements[c.After.ID] = append(m.agreements[c.After.ID], *c.Agreement)
	}
	return nil
}

func (m *memory) CreateDraft(ctx context.Context, d plans.Draft) error {
	defer m.lock(ctx)()
	m.drafts[d.ID] = d
	return nil
}

func (m *memory) Draft(ctx context.Context, accountID, id string) (plans.Draft, error) {
	defer m.lock(ctx)()
	d, ok := m.drafts[id]
	if !ok || d.AccountID != accountID {
		return plans.Draft{}, plans.ErrNotFound
	}
	return d, nil
}

func (m *memory) SaveDraft(ctx context.Context, d plans.Draft) error { return m.CreateDraft(ctx, d) }

func (m *memory) AddCredits(ctx context.Context, list []plans.Credit) error {
	defer m.lock(ctx)()
	m.credits = append(m.credits, list...)
	return nil
}

func (m *memory) Credits(ctx context.Context, id payments.ID) ([]plans.Credit, error) {
	defer m.lock(ctx)()
	var of []plans.Credit
	for _, c := range m.credits {
		if c.Payment == id {
			of = append(of, c)
		}
	}
	return of, nil
}

func (m *memory) DropCredits(ctx context.Context, id payments.ID) error {
	defer m.lock(ctx)()
	m.credits = slices.DeleteFunc(m.credits, func(c plans.Credit) bool { return c.Payment == id })
	return nil
}

func (m *memory) ClaimDue(ctx context.Context, now, until time.Time, limit int) ([]plans.Due, error) {
	defer m.lock(ctx)()
	type at struct {
		plans.Due
		t time.Time
	}
	var due []at
	for _, p := range m.plans {
		if p.Status != plans.Active || p.Charging != plans.Automatic {
			continue
		}
		for _, i := range p.Installments {
			d := plans.Due{Plan: p.ID, Number: i.Number}
			waits := i.Status == plans.Scheduled || i.Status == plans.InFlight && i.PaymentID == ""
			if waits && !i.ChargeAt.After(now) && !m.leases[d].After(now) {
				due = append(due, at{d, i.ChargeAt})
			}
		}
	}
	slices.SortFunc(due, func(a, b at) int {
		return cmp.Or(a.t.Compare(b.t), cmp.Compare(a.Plan, b.Plan), cmp.Compare(a.Number, b.Number))
	})
	var list []plans.Due
	for _, d := range due[:min(limit, len(due))] {
		m.leases[d.Due] = until
		list = append(list, d.Due)
	}
	return list, nil
}

func (m *memory) Defer(ctx context.Context, d plans.Due, until time.Time) error {
	defer m.lock(ctx)()
	m.leases[d] = until
	return nil
}

func (m *memory) NoticesDue(ctx context.Context, day civil.Date, limit int) ([]plans.Due, error) {
	return m.list(ctx, limit, func(p plans.Plan, i plans.Installment) bool {
		return p.Status == plans.Active && i.Status == plans.Scheduled && i.Notice.State == plans.NoticeWaiting && !i.Notice.On.After(day)
	}), nil
}

func (m *memory) CardsEnding(ctx context.Context, from, to civil.Date, limit int) ([]plans.ID, error) {
	defer m.lock(ctx)()
	var ids []plans.ID
	for _, p := range m.plans {
		ends := p.CardEnding(to)
		if p.Status == plans.Active && p.CardTold != p.Details.Expires && !ends.IsZero() && !ends.Before(from) && len(ids) < limit {
			ids = append(ids, p.ID)
		}
	}
	return ids, nil
}

func (m *memory) Overdue(ctx context.Context, day civil.Date, limit int) ([]plans.Due, error) {
	list := m.list(ctx, limit, func(p plans.Plan, i plans.Installment) bool {
		return p.Status == plans.Active && i.Open() && !i.Missed && !i.Due.After(day)
	})
	defer m.lock(ctx)()
	for _, p := range m.plans {
		if p.Status == plans.Paused && !p.ResumeOn.IsZero() && !p.ResumeOn.After(day) {
			list = append(list, plans.Due{Plan: p.ID})
		}
	}
	return list, nil
}

func (m *memory) list(ctx context.Context, limit int, fits func(plans.Plan, plans.Installment) bool) []plans.Due {
	defer m.lock(ctx)()
	var list []plans.Due
	for _, p := range m.plans {
		for _, i := range p.Installments {
			if len(list) < limit && fits(p, i) {
				list = append(list, plans.Due{Plan: p.ID, Number: i.Number})
			}
		}
	}
	return list
}

func (m *memory) ByNotice(ctx context.Context, messageID string) (plans.Due, error) {
	list := m.list(ctx, 1, func(_ plans.Plan, i plans.Installment) bool { return i.Notice.MessageID == messageID })
	if len(list) == 0 {
		return plans.Due{}, plans.ErrNotFound
	}
	return list[0], nil
}

func (m *memory) BySetup(ctx context.Context, setupID string) (plans.ID, error) {
	defer m.lock(ctx)()
	for _, p := range m.plans {
		if p.SetupID == setupID || p.Incoming.SetupID == setupID {
			return p.ID, nil
		}
	}
	return "", plans.ErrNotFound
}

func (m *memory) ByMethod(ctx context.Context, methodID string) ([]plans.ID, error) {
	defer m.lock(ctx)()
	var ids []plans.ID
	for _, p := range m.plans {
		if p.Saved.MethodID == methodID && p.Status.Running() {
			ids = append(ids, p.ID)
		}
	}
	return ids, nil
}

func (m *memory) ClaimVerifying(ctx context.Context, now, before time.Time, limit int) ([]plans.ID, error) {
	defer m.lock(ctx)()
	var ids []plans.ID
	for _, p := range m.plans {
		if (p.Status == plans.Awaiting || p.Incoming.Pending()) && len(ids) < limit && !m.asked[p.ID].After(before) {
			ids = append(ids, p.ID)
			m.asked[p.ID] = now
		}
	}
	return ids, nil
}

func (m *memory) RunningOf(ctx context.Context, accountIDs []string) ([]plans.ID, error) {
	defer m.lock(ctx)()
	var ids []plans.ID
	for _, p := range m.plans {
		if slices.Contains(accountIDs, p.AccountID) && p.Status.Running() {
			ids = append(ids, p.ID)
		}
	}
	slices.Sort(ids)
	return ids, nil
}

func (m *memory) Agreements(ctx context.Context, id plans.ID) ([]plans.Agreement, error) {
	defer m.lock(ctx)()
	return slices.Clone(m.agreements[id]), nil
}

func (m *memory) AddStatement(ctx context.Context, s plans.Statement) (bool, error) {
	defer m.lock(ctx)()
	for _, held := range m.statements {
		if held.AccountID == s.AccountID && held.RequestKey == s.RequestKey {
			return false, nil
		}
	}
	m.statements = append(m.statements, s)
	return true, nil
}

func (m *memory) LatestStatement(ctx context.Context, accountID string) (plans.Statement, error) {
	defer m.lock(ctx)()
	for _, s := range slices.Backward(m.statements) {
		if s.AccountID == accountID {
			return s, nil
		}
	}
	return plans.Statement{}, plans.ErrNotFound
}

func (m *memory) TermsFor(context.Context, string, string, string) ([]plans.Terms, error) {
	return m.terms, nil
}

// world is everything around the service: one account, its debts, a processor
// that says yes unless told otherwise, and a clock.
type world struct {
	*memory
	*plans.Service
	now     time.Time
	zones   []*time.Location
	owed    map[string]money.Cents
	pending money.Cents // of other payments on their way
	refusal string
	silent  bool // the system of record has not answered
	pulls   []time.Time
	ends    bool
	setup   payments.Setup
	paid    map[string]payments.Payment // by request key
	charges []charge
	answer  func(n int, r payments.SavedRequest) payments.Payment
	told    []plans.Change
	sent    []announced
	paper   []announced // notices that were asked for by mail after an e-mail was lost
	email   bool
	forgot  int
	givenUp []string // setups
	barred  bool     // the kind of card may not be used
	ids     int
}

type charge struct {
	key    string
	at     time.Time
	amount money.Cents
}

type announced struct {
	plan   plans.ID
	number int
	at     time.Time
	due    civil.Date
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// newWorld begins on Monday, November 23, 2026, at 10:00 in New York.
func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{
		memory: newMemory(), now: time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC), zones: []*time.Location{zone(t, "America/New_York")},
		owed: map[string]money.Cents{"dbt_1": 60000}, paid: map[string]payments.Payment{}, email: true,
		setup: payments.Setup{ID: "seti_1", State: payments.SetupReady, Saved: payments.Saved{CustomerID: "cus_1", MethodID: "pm_1"},
			Details: payments.Details{Type: payments.BankAccount, Brand: "Test Bank", Last4: "6789"}},
	}
	w.Service = &plans.Service{
		Tx: w.memory, Store: w.memory, Drafts: w.memory, Credits: w.memory, Agenda: w.memory, Index: w.memory, Papers: w.memory,
		Terms: w.memory, Debts: w, Saver: w, Charger: w, Notices: w, Watchers: []plans.Watcher{w},
		Inspect: func(context.Context, string) (payments.Details, error) { return w.setup.Details, nil },
		Now:     func() time.Time { return w.now }, Log: slog.New(slog.DiscardHandler),
		NewID: func() (plans.ID, string) {
			w.ids++
			return plans.ID(fmt.Sprintf("pln_%d", w.ids)), fmt.Sprintf("PLN-%08d", w.ids)
		},
		Statements: w.memory, NewStatementID: func() string { return "fst_1" },
		NewDraftID: func() string {
			w.ids++
			return fmt.Sprintf("drf_%d", w.ids)
		},
	}
	return w
}

func (w *world) today() civil.Date {
	today := civil.Of(w.now.In(w.zones[0]))
	for _, z := range w.zones {
		if d := civil.Of(w.now.In(z)); d.Before(today) {
			today = d
		}
	}
	return today
}

func (w *world) Ask(context.Context, plans.Plan) error {
	w.pulls = append(w.pulls, w.now)
	if w.silent {
		return context.DeadlineExceeded
	}
	return nil
}

func (w *world) Calendar(context.Context, string) (civil.Date, []*time.Location, error) {
	return w.today(), w.zones, nil
}

func (w *world) Subject(_ context.Context, accountID, debtID string) (plans.Subject, error) {
	owed, ok := w.owed[debtID]
	if !ok || accountID != "acc_1" {
		return plans.Subject{}, plans.ErrNotFound
	}
	return plans.Subject{
		AccountID: accountID, Debt: plans.DebtRef{ID: debtID, Ref: "D-1", CreditorRef: "mercy"}, DebtType: "medical",
		Owed: owed, Payable: owed - w.pending, Since: civil.Date{Year: 2025, Month: 3, Day: 31}, Refusal: w.refusal, Unanswered: w.silent, Today: w.today(), Zones: w.zones,
	}, nil
}

func (w *world) Lock(context.Context, string) error { return nil }

func (w *world) Unattended(ctx context.Context, p plans.Plan) (plans.Subject, bool, error) {
	s, err := w.Subject(ctx, p.AccountID, p.Debt.ID)
	return s, w.ends, err
}

func (w *world) MayUse(context.Context, string, string, payments.Details) error {
	if w.barred {
		return payments.ErrMethodRefused
	}
	return nil
}

func (w *world) SaveMethod(context.Context, payments.SaveRequest) (payments.Setup, error) {
	return w.setup, nil
}

func (w *world) FetchSetup(context.Context, string) (payments.Setup, error) { return w.setup, nil }
func (w *world) CancelSetup(_ context.Context, id string) error {
	w.givenUp = append(w.givenUp, id)
	return nil
}
func (w *world) Forget(context.Context, payments.Saved) error { w.forgot++; return nil }

func (w *world) PlanChanged(_ context.Context, c plans.Change) error {
	w.told = append(w.told, c)
	return nil
}

func (w *world) Announce(_ context.Context, p plans.Plan, i plans.Installment) (plans.NoticeState, string, error) {
	if !w.email {
		return plans.NoticeMail, "", nil
	}
	w.sent = append(w.sent, announced{p.ID, i.Number, w.now, i.Due})
	return plans.NoticeQueued, fmt.Sprintf("msg_%d", len(w.sent)), nil
}

// Mail implements plans.Notices: the system of record is asked for paper.
func (w *world) Mail(_ context.Context, p plans.Plan, i plans.Installment) (string, error) {
	w.paper = append(w.paper, announced{p.ID, i.Number, w.now, i.Due})
	return fmt.Sprintf("evt_%d", len(w.paper)), nil
}

// ChargeSaved answers like the payments service: one payment a key, and its
// changes are told.
func (w *world) ChargeSaved(ctx context.Context, r payments.SavedRequest) (payments.Payment, error) {
	if p, ok := w.paid[r.RequestKey]; ok {
		return p, nil
	}
	amount := r.Amounts[0].Amount
	if amount > w.owed[r.Amounts[0].DebtID] {
		return payments.Payment{}, payments.Problems{{DebtID: r.Amounts[0].DebtID}}
	}
	w.charges = append(w.charges, charge{r.RequestKey, w.now, amount})
	p := payments.Payment{
		ID: payments.ID(fmt.Sprintf("pay_%d", len(w.charges))), RequestKey: r.RequestKey, AccountID: r.AccountID, Amount: amount,
		Status: payments.Submitting, Details: r.Details,
		Allocations: []payments.Allocation{{DebtID: r.Amounts[0].DebtID, Amount: amount}},
	}
	after := p
	after.Status = payments.Confirmed
	if w.answer != nil {
		after = w.answer(len(w.charges), r)
		after.ID, after.RequestKey, after.Amount, after.Allocations = p.ID, p.RequestKey, p.Amount, p.Allocations
	}
	w.paid[r.RequestKey] = after
	return after, w.becomes(ctx, p, after)
}

// becomes moves a payment, the balance with it, and tells the plans.
func (w *world) becomes(ctx context.Context, before, after payments.Payment) error {
	debt := after.Allocations[0].DebtID
	switch {
	case after.Status == payments.Confirmed:
		w.owed[debt] -= after.Amount
	case before.Status == payments.Confirmed:
		w.owed[debt] += after.Amount
	}
	return w.PaymentChanged(ctx, payments.Change{Before: before, After: after, Moved: true})
}

// payByHand is a payment that the consumer makes beside the plan.
func (w *world) payByHand(t *testing.T, amount money.Cents) payments.Payment {
	t.Helper()
	p := payments.Payment{
		ID: payments.ID(fmt.Sprintf("pay_h%d", len(w.told))), RequestKey: "form", AccountID: "acc_1", Amount: amount,
		Allocations: []payments.Allocation{{DebtID: "dbt_1", Amount: amount}}, Status: payments.Processing,
	}
	after := p
	after.Status = payments.Confirmed
	if err := w.becomes(t.Context(), p, after); err != nil {
		t.Fatal(err)
	}
	return after
}

// days moves the clock day by day at 10:00 in New York and does what is due.
func (w *world) days(t *testing.T, n int) {
	t.Helper()
	for range n {
		w.now = w.now.Add(24 * time.Hour)
		w.work(t)
	}
}

func (w *world) work(t testing.TB) {
	t.Helper()
	if _, err := w.Tidy(t.Context(), 10000); err != nil {
		t.Fatal(err)
	}
	for n, s := range w.sent {
		if s.at.Equal(w.now) {
			if err := w.NoticeSent(t.Context(), fmt.Sprintf("msg_%d", n+1), w.now); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := w.Run(t.Context(), 10000); err != nil {
		t.Fatal(err)
	}
}

var signature = payments.Consent{Text: "I agree to each amount on each day.", SessionID: "ses_1", IP: "203.0.113.9", UserAgent: "test", Language: "en"}

// enroll goes from a wish to a plan.
func (w *world) enroll(t *testing.T, wish plans.Wish, c plans.Charging) plans.Plan {
	t.Helper()
	p, err := w.tryEnroll(t, wish, c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (w *world) tryEnroll(t *testing.T, wish plans.Wish, c plans.Charging) (plans.Plan, error) {
	t.Helper()
	d, _, err := w.Begin(t.Context(), "acc_1", "dbt_1", wish)
	if err != nil {
		return plans.Plan{}, err
	}
	if _, err := w.Choose(t.Context(), "acc_1", d.ID, c, w.setup.Details.Type, "ctoken_1"); err != nil {
		return plans.Plan{}, err
	}
	return w.Enroll(t.Context(), "acc_1", d.ID, "Maria Lopez", signature)
}

func (w *world) plan(t *testing.T, id plans.ID) plans.Plan {
	t.Helper()
	p, err := w.memory.Plan(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
