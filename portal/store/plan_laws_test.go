package store_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"slices"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/payments/paymentstest"
	"quittance/plans"
	"quittance/plans/schedule"
	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/intake"
	"quittance/portal/pack/packtest"
	"quittance/portal/store"
)

// planSteps is the most that one run does: each step is several transactions.
const planSteps = 5000

// TestR10_PlansKeepTheLawsOfTheLedgerOnBothEngines does random operations with
// plans on the real store and the real gate: agree, charge, pay by hand,
// return, move, skip, split, resize, pause, resume, cancel, go on by hand, new
// statuses and balances, and steps of the clock, backwards too.
func TestR10_PlansKeepTheLawsOfTheLedgerOnBothEngines(t *testing.T) {
	t.Parallel()
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newPlanMachine(t, open(t))
			m.run(m.step, "agreed", "charged", "paid by hand", "came back", "move", "skip", "split", "pause", "resume", "cancel",
				"agreed settlement", "agreed, awaiting", "verified: ready", "verified: failed", "another method")
		})
	}
}

// planMachine is one consumer after the other, and what was seen of them.
type planMachine struct {
	*plans.Service
	t       *testing.T
	ctx     context.Context
	seed    uint64
	r       *mathrand.Rand
	w       *paymentstest.World
	s       *store.Store
	keeper  *gate.Keeper
	account string
	debts   []string
	status  map[string]debt.Status
	version map[string]int64
	notices []string
	doing   string
	last    planLook
	met     map[string]int
	setups  map[string]payments.Setup // that were not ready at once
}

// settling are terms that offer everybody less than all of it.
type settling struct{}

// TermsFor implements plans.TermsBook.
func (settling) TermsFor(context.Context, string, string, string) ([]plans.Terms, error) {
	t := plans.DefaultTerms()
	t.Settlements = []plans.SettlementFloor{{Percent: 60, Payments: 3, ValidDays: 30}}
	return []plans.Terms{t}, nil
}

func newPlanMachine(t *testing.T, s *store.Store) *planMachine {
	seed := paymentstest.Seed(t)
	m := &planMachine{t: t, ctx: t.Context(), seed: seed, r: mathrand.New(mathrand.NewPCG(seed, 37)), s: s, met: map[string]int{}, setups: map[string]payments.Setup{}}
	m.w = paymentstest.NewWorld(t, func(_ testing.TB, now func() time.Time) paymentstest.Parts {
		m.keeper = &gate.Keeper{Records: s, Law: packtest.Everywhere(), Now: now}
		return paymentstest.Parts{Tx: s, Store: s, Watch: s, Inbox: s, Orders: s, Accounts: m.keeper, Books: newBooks(s)}
	})
	m.w.Unattended = gate.Unattended{Keeper: m.keeper}
	m.Service = &plans.Service{
		Tx: s, Store: s, Drafts: s, Credits: s, Agenda: s, Index: s, Papers: s, Terms: settling{}, Statements: s,
		Debts: gate.Planner{Keeper: m.keeper}, Saver: m, Inspect: m.w.Processor.Inspect, Charger: m.w.Service, Notices: m,
		Now: m.w.Clock.Now, Log: slog.New(slog.DiscardHandler), NewStatementID: rand.Text,
		NewID: func() (plans.ID, string) { return plans.ID(m.w.Name("pln_")), m.w.Name("PLN-") }, NewDraftID: rand.Text,
	}
	m.w.Watchers = []payments.Watcher{m.Service}
	return m
}

// someone is the next consumer, with one or two debts.
func (m *planMachine) someone() {
	m.account, m.debts, m.notices = m.w.Name("acc_"), nil, nil
	m.status, m.version = map[string]debt.Status{}, map[string]int64{}
	for range 1 + m.r.IntN(2) {
		id := m.w.Name("dbt_")
		m.debts, m.status[id] = append(m.debts, id), debt.Active
		m.report(id, money.Cents(20_00+m.r.IntN(900_00)))
	}
}

// report takes in what the system of record says of a debt now.
func (m *planMachine) report(id string, balance money.Cents) {
	m.version[id]++
	row := rowOf(paymentstest.Placement{AccountID: m.account, DebtID: id, CreditorRef: "C-1", Balance: balance, AsOf: m.w.Clock.Now()})
	row.Debt.Status, row.Debt.Snapshot.Version = m.status[id], m.version[id]
	m.must(m.s.InTx(m.ctx, func(ctx context.Context) error {
		held, err := m.s.HeldPlacements(ctx, []string{m.account}, []string{id})
		if err != nil {
			return err
		}
		var known intake.Known
		if a, ok := held.Accounts[m.account]; ok {
			known.Account = &a
		}
		if d, ok := held.Debts[id]; ok {
			known.Debt = &d
		}
		change, err := intake.Decide(known, row, m.w.Clock.Now())
		if err != nil {
			return err
		}
		p := paymentstest.Placement{AccountID: m.account, DebtID: id, AsOf: m.w.Clock.Now()}
		batch := batchFor(p, change)
		for i := range batch.Transfers {
			batch.Transfers[i].ID += fmt.Sprint(m.version[id])
		}
		return m.s.SavePlacements(ctx, batch)
	}))
}

// step does one operation and looks at the laws.
func (m *planMachine) step(n int) {
	if n%120 == 0 {
		m.someone()
		m.last = m.look()
	}
	operations := []struct {
		name string
		do   func()
	}{
		{"agree", m.agree}, {"agree", m.agree}, {"clock", m.clock}, {"clock", m.clock}, {"clock", m.clock}, {"clock", m.clock}, {"clock", m.clock}, {"clock", m.clock}, {"pay by hand", m.byHand},
		{"the bank acts", m.bank}, {"verify", m.verify}, {"another method", m.another}, {"change", m.change}, {"change", m.change}, {"status", m.newStatus}, {"balance", m.newBalance},
	}
	o := operations[m.r.IntN(len(operations))]
	m.doing = fmt.Sprintf("seed %d, operation %d: %s", m.seed, n, o.name)
	before := m.last
	o.do()
	m.last = m.look()
	m.compare(before, m.last)
	if n%32 == 31 {
		m.must(m.s.CheckLedger(m.ctx))
	}
}

func (m *planMachine) debt() string { return m.debts[m.r.IntN(len(m.debts))] }

// agree makes a plan where one may be made.
func (m *planMachine) agree() {
	rhythms := plans.DefaultTerms().Rhythms
	wish := plans.Wish{Kind: plans.Installments, Rule: schedule.Rule{Rhythm: rhythms[m.r.IntN(len(rhythms))]}, Count: 1 + m.r.IntN(8)}
	if wish.Rule.Rhythm == schedule.TwiceAMonth {
		wish.Rule.OtherDay = 1 + m.r.IntN(31)
	}
	if m.r.IntN(6) == 0 {
		wish = plans.Wish{Kind: plans.Later, Rule: schedule.Rule{Rhythm: schedule.Once}}
	}
	if m.r.IntN(6) == 0 {
		wish = plans.Wish{Kind: plans.Settlement, Rule: schedule.Rule{Rhythm: schedule.Monthly}, Count: 1 + m.r.IntN(3)}
	}
	d, _, err := m.Begin(m.ctx, m.account, m.debt(), wish)
	if m.expected(err) {
		return
	}
	method := []payments.Method{payments.Card, payments.BankAccount}[m.r.IntN(2)]
	charging := []plans.Charging{plans.Automatic, plans.Automatic, plans.ByHand}[m.r.IntN(3)]
	outcomes := []paymentstest.Outcome{paymentstest.Succeeds, paymentstest.Succeeds, paymentstest.Succeeds, paymentstest.Processes, paymentstest.Declines, paymentstest.Vanishes, paymentstest.Drops}
	_, err = m.Choose(m.ctx, m.account, d.ID, charging, method, paymentstest.Token(method, outcomes[m.r.IntN(len(outcomes))]))
	m.must(err)
	p, err := m.Enroll(m.ctx, m.account, d.ID, "Ana Ortiz", m.consent())
	if !m.expected(err) {
		m.met["agreed"]++
		m.met["agreed "+string(p.Kind)]++
		m.met["agreed, "+string(p.Status)]++
	}
}

// verify ends the verification of a method, one way or the other.
func (m *planMachine) verify() {
	p, ok := m.somePlan()
	if !ok {
		return
	}
	for _, id := range []string{p.Incoming.SetupID, p.SetupID} {
		setup, waits := m.setups[id]
		if !waits || setup.State != payments.SetupVerifying {
			continue
		}
		setup.State = []payments.SetupState{payments.SetupReady, payments.SetupReady, payments.SetupFailed}[m.r.IntN(3)]
		m.setups[id] = setup
		m.met["verified: "+string(setup.State)]++
		if m.r.IntN(2) == 0 { // otherwise the event is lost, and Tidy asks
			m.must(m.SetupChanged(m.ctx, id))
		}
	}
}

// another gives a plan another method.
func (m *planMachine) another() {
	p, ok := m.somePlan()
	if !ok {
		return
	}
	method := []payments.Method{payments.Card, payments.BankAccount}[m.r.IntN(2)]
	d, err := m.BeginMethod(m.ctx, m.account, p.ID, method)
	if m.expected(err) {
		return
	}
	_, err = m.Choose(m.ctx, m.account, d.ID, plans.Automatic, method, paymentstest.Token(method, paymentstest.Succeeds))
	m.must(err)
	if _, err = m.ChangeMethod(m.ctx, m.account, d.ID, p.Revision, "Ana Ortiz", m.consent()); !m.expected(err) {
		m.met["another method"]++
	}
}

func (m *planMachine) consent() payments.Consent {
	return payments.Consent{Text: "I agree to each amount.", SessionID: "ses_1", IP: "192.0.2.1", UserAgent: "Phone", Language: "en", At: m.w.Clock.Now()}
}

// clock moves the time, now and then backwards, and does what is due.
func (m *planMachine) clock() {
	by := time.Duration(m.r.IntN(9*24)) * time.Hour
	if m.r.IntN(10) == 0 {
		by = -time.Duration(m.r.IntN(40)) * time.Hour
	}
	m.w.Clock.Advance(by)
	_, err := m.Tidy(m.ctx, 100)
	m.must(err)
	for _, id := range m.notices {
		if m.r.IntN(20) == 0 {
			m.must(m.NoticeLost(m.ctx, id))
		} else {
			m.must(m.NoticeSent(m.ctx, id, m.w.Clock.Now()))
		}
	}
	m.notices = nil
	for range 1 + m.r.IntN(2) {
		_, err = m.Run(m.ctx, 100)
		m.must(err)
	}
	_, err = m.w.Sweep(m.ctx, 100)
	m.must(err)
}

// byHand pays a part of a debt beside its plan.
func (m *planMachine) byHand() {
	p, err := m.w.Start(m.ctx, payments.Request{AccountID: m.account, RequestKey: m.w.Name("key"), Method: payments.Card,
		Amounts: []payments.Amount{{DebtID: m.debt(), Amount: money.Cents(1_00 + m.r.IntN(60_00))}}})
	if m.expected(err) {
		return
	}
	_, err = m.w.Choose(m.ctx, m.account, p.ID, paymentstest.Token(payments.Card, paymentstest.Succeeds))
	m.must(err)
	_, err = m.w.Submit(m.ctx, m.account, p.ID, payments.Consent{Text: "I pay.", SessionID: "ses_1"})
	m.must(err)
	m.met["paid by hand"]++
}

// bank moves a debit that is on its way, or takes a payment back.
func (m *planMachine) bank() {
	all := m.payments()
	if len(all) == 0 {
		return
	}
	p := all[m.r.IntN(min(len(all), 8))]
	truth, known := m.w.Processor.Holds(p.ID)
	switch {
	case !known:
		return
	case truth.State == payments.IntentProcessing && m.r.IntN(3) > 0:
		m.w.Processor.Set(p.ID, paymentstest.Take)
	case truth.State == payments.IntentProcessing:
		m.w.Processor.Set(p.ID, paymentstest.Return([]string{"R01", "R02", "R10"}[m.r.IntN(3)]))
	case truth.State == payments.IntentSucceeded && truth.Withdrawn == 0 && m.r.IntN(3) == 0:
		m.w.Processor.Set(p.ID, paymentstest.Withdraw([]string{"R01", "R10", ""}[m.r.IntN(3)]))
		m.met["came back"]++
	}
	_, _, err := m.w.Refresh(m.ctx, p.ID)
	m.must(err)
}

// change bends a plan in a random way; most ways are not always possible.
func (m *planMachine) change() {
	p, ok := m.somePlan()
	if !ok {
		return
	}
	actions := []plans.BendAction{plans.Move, plans.Move, plans.Skip, plans.Split, plans.Resize, plans.Rebeat, plans.Pause, plans.Resume, plans.Retry, plans.Cancel, plans.Hand}
	b := plans.Bend{Action: actions[m.r.IntN(len(actions))], Each: money.Cents(25_00 + m.r.IntN(100_00))}
	b.Number = p.Installments[m.r.IntN(len(p.Installments))].Number
	today, _, err := gate.Planner{Keeper: m.keeper}.Calendar(m.ctx, m.account)
	m.must(err)
	b.To = today.AddDays(m.r.IntN(30))
	b.Rule = schedule.Rule{Rhythm: []schedule.Rhythm{schedule.Weekly, schedule.Monthly}[m.r.IntN(2)]}
	if _, err = m.Bend(m.ctx, m.account, p.ID, b, p.Revision, "Ana Ortiz", m.consent()); !m.expected(err) {
		m.met[string(b.Action)]++
	}
}

func (m *planMachine) somePlan() (plans.Plan, bool) {
	all, err := m.PlansOf(m.ctx, m.account)
	m.must(err)
	if len(all) == 0 {
		return plans.Plan{}, false
	}
	return all[m.r.IntN(min(len(all), 3))], true
}

func (m *planMachine) newStatus() {
	id := m.debt()
	m.status[id] = debt.Active
	if m.r.IntN(3) == 0 {
		m.status[id] = refused[m.r.IntN(len(refused))]
	}
	m.report(id, max(0, m.statement(id).Debt.Snapshot.Balance))
}

// newBalance is a payment elsewhere, an adjustment or a correction.
func (m *planMachine) newBalance() {
	id := m.debt()
	m.report(id, m.statement(id).Debt.Snapshot.Balance*money.Cents(70+m.r.IntN(100))/100)
}

func (m *planMachine) statement(id string) debt.Statement {
	all, err := m.s.Statements(m.ctx, debt.AccountID(m.account), []debt.ID{debt.ID(id)}, "")
	if m.must(err); len(all) != 1 {
		m.t.Fatalf("%s: %d statements of %s", m.doing, len(all), id)
	}
	return all[0]
}

func (m *planMachine) payments() []payments.Payment {
	all, err := m.s.PaymentsOfAccount(m.ctx, m.account, 10_000)
	m.must(err)
	return all
}

// must stops on any error.
func (m *planMachine) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatalf("%s: %v", m.doing, err)
	}
}

// expected reports whether there was an error that a consumer may meet.
func (m *planMachine) expected(err error) bool {
	m.t.Helper()
	var impossible *plans.Impossible
	var problems payments.Problems
	for _, e := range []error{plans.ErrNotNow, plans.ErrRunning, plans.ErrNotFound, payments.ErrMethodRefused} {
		if errors.Is(err, e) {
			return true
		}
	}
	if errors.As(err, &impossible) || errors.As(err, &problems) {
		return true
	}
	m.must(err)
	return false
}

// planLook is what the laws compare.
type planLook struct {
	plans    map[plans.ID]plans.Plan
	payments map[payments.ID]payments.Payment
	payable  map[string]money.Cents
	status   map[string]debt.Status
}

// look reads everything and holds it to the laws that need no comparison.
func (m *planMachine) look() planLook {
	l := planLook{map[plans.ID]plans.Plan{}, map[payments.ID]payments.Payment{}, map[string]money.Cents{}, map[string]debt.Status{}}
	credited := map[plans.ID]money.Cents{}
	for _, p := range m.payments() {
		l.payments[p.ID] = p
		credits, err := m.s.Credits(m.ctx, p.ID)
		m.must(err)
		for _, c := range credits {
			credited[c.Plan] += money.Cents(c.Amount)
		}
	}
	for _, id := range m.debts {
		l.payable[id], l.status[id] = m.statement(id).Payable(), m.status[id]
	}
	all, err := m.PlansOf(m.ctx, m.account)
	m.must(err)
	running := map[string]int{}
	for _, p := range all {
		l.plans[p.ID] = p
		if p.Status.Running() {
			running[p.Debt.ID]++
		}
		if p.Incoming.Pending() && (!p.Status.Running() || p.Status == plans.Awaiting) {
			m.t.Fatalf("%s: %s is %s with %+v to come", m.doing, p.ID, p.Status, p.Incoming)
		}
		if p.PaidSoFar() != credited[p.ID] {
			m.t.Fatalf("%s: %s has %s paid and credits of %s\n%+v", m.doing, p.ID, p.PaidSoFar(), credited[p.ID], p)
		}
		if p.Status == plans.Active && p.PaidSoFar()+p.Left() != p.Total {
			m.t.Fatalf("%s: of %s, %s are paid and %s left of %s\n%+v", m.doing, p.ID, p.PaidSoFar(), p.Left(), p.Total, p.Installments)
		}
	}
	for id, n := range running {
		if n > 1 {
			m.t.Fatalf("%s: %s has %d running plans", m.doing, id, n)
		}
	}
	return l
}

// refused are the statuses in which nothing is charged unattended.
var refused = []debt.Status{debt.Disputed, debt.Cease, debt.Bankruptcy}

// compare holds what was newly charged to what was allowed before.
func (m *planMachine) compare(before, after planLook) {
	charged := map[string]money.Cents{}
	for id, p := range after.payments {
		if _, old := before.payments[id]; old || !p.Unattended {
			continue
		}
		m.met["charged"]++
		debtID := p.Allocations[0].DebtID
		charged[debtID] += p.Amount
		if charged[debtID] > before.payable[debtID] {
			m.t.Fatalf("%s: %s were charged on %s with %s payable", m.doing, charged[debtID], debtID, before.payable[debtID])
		}
		if slices.Contains(refused, before.status[debtID]) {
			m.t.Fatalf("%s: %s was charged on a debt that is %s", m.doing, id, before.status[debtID])
		}
		plan, ok := before.plans[plans.ID(p.RequestKey[:max(0, slices.Index([]byte(p.RequestKey), '/'))])]
		if m.setups[plan.SetupID].State == payments.SetupVerifying && plan.Status == plans.Awaiting {
			m.t.Fatalf("%s: %s was charged by %s before its account was verified", m.doing, id, plan.ID)
		}
		if plan.Incoming.Pending() && m.setups[plan.Incoming.SetupID].State == payments.SetupReady {
			continue // its new method arrived in this step
		}
		if !ok || plan.Status == plans.Canceled || plan.Status == plans.Paused && plan.ResumeOn.IsZero() || plan.Charging != plans.Automatic {
			m.t.Fatalf("%s: %s was charged by plan %q, which is %s", m.doing, id, plan.ID, plan.Status)
		}
	}
}

// run does the steps of a budget, and more of them until the machine met all
// that it has to meet.
func (m *planMachine) run(step func(n int), all ...string) {
	steps, enough := min(paymentstest.Operations(m.t)/2, planSteps), paymentstest.Operations(m.t) >= 4000
	unmet := func() string {
		i := slices.IndexFunc(all, func(what string) bool { return m.met[what] == 0 })
		if i < 0 || !enough {
			return ""
		}
		return all[i]
	}
	n := 0
	for ; n < steps || n < 5*steps && unmet() != ""; n++ {
		step(n)
	}
	m.must(m.s.CheckLedger(m.ctx))
	m.t.Logf("in %d operations met %v", n, m.met)
	if what := unmet(); what != "" {
		m.t.Errorf("no operation met %q: the machine proves nothing about it", what)
	}
}

// Announce implements plans.Notices.
func (m *planMachine) Announce(context.Context, plans.Plan, plans.Installment) (plans.NoticeState, string, error) {
	id := m.w.Name("msg_")
	m.notices = append(m.notices, id)
	return plans.NoticeQueued, id, nil
}

// Mail implements plans.Notices: a letter that nobody reports.
func (m *planMachine) Mail(context.Context, plans.Plan, plans.Installment) (string, error) {
	return m.w.Name("evt_"), nil
}

// SaveMethod implements payments.Saver: the token is the method.
func (m *planMachine) SaveMethod(ctx context.Context, r payments.SaveRequest) (payments.Setup, error) {
	d, err := m.w.Processor.Inspect(ctx, r.Token)
	setup := payments.Setup{
		ID: m.w.Name("seti_"), State: payments.SetupReady, Details: d,
		Saved: payments.Saved{CustomerID: "cus_1", MethodID: r.Token, MandateID: "mandate_1"},
	}
	if r.Method == payments.BankAccount && m.r.IntN(3) == 0 {
		setup.State = payments.SetupVerifying
		m.setups[setup.ID] = setup
	}
	return setup, err
}

// FetchSetup implements payments.Saver.
func (m *planMachine) FetchSetup(_ context.Context, id string) (payments.Setup, error) {
	setup, waits := m.setups[id]
	if !waits {
		return setup, payments.ErrNotFound
	}
	return setup, nil
}

// CancelSetup implements payments.Saver.
func (m *planMachine) CancelSetup(context.Context, string) error { return nil }

// Forget implements payments.Saver.
func (m *planMachine) Forget(context.Context, payments.Saved) error { return nil }
