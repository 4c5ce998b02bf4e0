package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/payments/paymentstest"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/hold"
	"quittance/portal/store"
)

// TestDIS02_AMT06_NoOrderOfStepsMovesMoneyOnADisputedOrStoppedDebt does random
// operations on the real store with the real gate: plans, payments by hand that
// are begun and sent later, what banks do, new statuses and balances, steps of
// the clock; and between them disputes of debts and of parts, questions, claims,
// answers and releases. Whatever the order, no money is asked of the processor
// for what was disputed or stopped at that moment.
func TestDIS02_AMT06_NoOrderOfStepsMovesMoneyOnADisputedOrStoppedDebt(t *testing.T) {
	t.Parallel()
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newRightsMachine(t, open(t))
			m.run(m.right, "agreed", "sent", "disputed", "disputed a part", "answered", "paid the rest", "was refused", "charged")
		})
	}
}

// rightsMachine is the machine of plans with people who say no.
type rightsMachine struct {
	*planMachine
	holds  *hold.Service
	desk   *dispute.Service
	begun  []payments.ID // by hand, not sent yet
	claims []string
	before map[string]stand
}

// stand is what may be taken on a debt at one moment, worked out from its holds
// alone and not by the gate.
type stand struct {
	stopped bool // nobody may pay
	held    bool // nothing may be charged unattended
	part    money.Cents
	owed    money.Cents
}

func newRightsMachine(t *testing.T, s *store.Store) *rightsMachine {
	m := &rightsMachine{planMachine: newPlanMachine(t, s)}
	m.holds = &hold.Service{Tx: s, Store: s, Now: m.w.Clock.Now, NewID: func() string { return m.w.Name("hld_") }, Watchers: []hold.Watcher{m}}
	m.desk = disputes(t, s, m.holds, m.w.Clock.Now)
	m.desk.Gate = m.keeper
	m.desk.NewID = m.w.Name
	m.desk.NewReference = func() string { return m.w.Name("") }
	return m
}

// HoldsChanged implements hold.Watcher: plans hear of it as in the product.
func (m *rightsMachine) HoldsChanged(ctx context.Context, c hold.Change) error {
	return m.AccountsChanged(ctx, string(c.AccountID))
}

func (m *rightsMachine) right(n int) {
	if n%120 == 0 {
		m.someone()
		m.begun, m.claims = nil, nil
		m.last = m.look()
	}
	operations := []struct {
		name string
		do   func()
	}{
		{"agree", m.agree}, {"agree", m.agree}, {"agree", m.agree}, {"clock", m.clock}, {"clock", m.clock}, {"clock", m.clock},
		{"clock", m.clock}, {"clock", m.clock}, {"clock", m.clock}, {"clock", m.clock}, {"clock", m.clock},
		{"pay by hand", m.byHand}, {"begin by hand", m.begin}, {"begin by hand", m.begin}, {"send what was begun", m.send}, {"the bank acts", m.bank},
		{"change", m.change}, {"status", m.newStatus}, {"balance", m.newBalance}, {"dispute", m.dispute}, {"answer", m.answer}, {"answer", m.answer},
		{"answer", m.answer}, {"claim", m.claim}, {"clear", m.clear}, {"clear", m.clear}, {"clear", m.clear},
	}
	o := operations[m.r.IntN(len(operations))]
	m.doing = fmt.Sprintf("seed %d, operation %d: %s", m.seed, n, o.name)
	m.before = m.stands()
	last := m.last
	o.do()
	m.last = m.look()
	m.hold(last, m.last)
}

// stands works out what may be taken now.
func (m *rightsMachine) stands() map[string]stand {
	all := map[string]stand{}
	everywhere := false
	for _, id := range m.debts {
		st := m.statement(id)
		s := stand{owed: st.Owed}
		for _, status := range append([]debt.Status{m.status[id]}, statusesOf(st.Debt.Holds)...) {
			s.stopped = s.stopped || slices.Contains([]debt.Status{debt.IdentityTheft, debt.Bankruptcy, debt.Attorney}, status)
			s.held = s.held || slices.Contains([]debt.Status{debt.Disputed, debt.Cease, debt.IdentityTheft, debt.Bankruptcy, debt.Attorney}, status)
			everywhere = everywhere || status == debt.Bankruptcy
		}
		whole := m.status[id] == debt.Disputed
		for _, h := range st.Debt.Holds {
			if h.Status == debt.Disputed {
				s.part, whole = s.part+h.Amount, whole || h.Amount == 0
			}
		}
		s.stopped = s.stopped || whole
		all[id] = s
	}
	for id, s := range all {
		s.stopped, s.held = s.stopped || everywhere, s.held || everywhere
		all[id] = s
	}
	return all
}

func statusesOf(holds []debt.Hold) []debt.Status {
	var all []debt.Status
	for _, h := range holds {
		all = append(all, h.Status)
	}
	return all
}

// hold looks at every payment that was newly sent to the processor.
func (m *rightsMachine) hold(before, after planLook) {
	for id, p := range after.payments {
		if p.SubmittedAt.IsZero() || !before.payments[id].SubmittedAt.IsZero() {
			continue
		}
		for _, a := range p.Allocations {
			s := m.before[a.DebtID]
			switch {
			case s.stopped || p.Unattended && s.held:
				m.t.Fatalf("%s: %s (%s, unattended %v) was sent for a debt that stood %+v", m.doing, id, a.Amount, p.Unattended, s)
			case s.part > 0 && a.Amount > s.owed-s.part:
				m.t.Fatalf("%s: %s paid %s of a debt that stood %+v: a part of it is disputed", m.doing, id, a.Amount, s)
			case s.part > 0:
				m.met["paid the rest"]++
			}
			m.met["sent"]++
			if p.Unattended {
				m.met["charged"]++
			}
		}
	}
}

// begin reserves a payment by hand and leaves it.
func (m *rightsMachine) begin() {
	p, err := m.w.Start(m.ctx, payments.Request{AccountID: m.account, RequestKey: m.w.Name("key"), Method: payments.Card,
		Amounts: []payments.Amount{{DebtID: m.debt(), Amount: money.Cents(1_00 + m.r.IntN(60_00))}}})
	if m.expected(err) {
		return
	}
	_, err = m.w.Choose(m.ctx, m.account, p.ID, paymentstest.Token(payments.Card, paymentstest.Succeeds))
	if !m.expected(err) {
		m.begun = append(m.begun, p.ID)
	}
}

// send sends one that was begun, whatever happened since.
func (m *rightsMachine) send() {
	if len(m.begun) == 0 {
		return
	}
	id := m.begun[0]
	m.begun = m.begun[1:]
	_, err := m.w.Submit(m.ctx, m.account, id, payments.Consent{Text: "I pay.", SessionID: "ses_1"})
	if errors.Is(err, payments.ErrNotNow) || m.expected(err) {
		m.met["was refused"]++
	}
}

// dispute disputes a debt, a part of it, or asks whom it was first owed to.
func (m *rightsMachine) dispute() {
	f := dispute.Filing{Kind: dispute.OfDebt, Reasons: []dispute.Reason{dispute.Reasons[m.r.IntN(len(dispute.Reasons))]}, Story: dispute.Story{Words: "no"}}
	id := m.debt()
	switch m.r.IntN(4) {
	case 0:
		f = dispute.Filing{Kind: dispute.Creditor}
	case 1, 2:
		f.Scope, f.Amount = dispute.Part, money.Cents(1+m.r.IntN(int(max(1, m.statement(id).Owed))))
	}
	d, err := m.desk.Open(m.ctx, debt.AccountID(m.account), debt.ID(id), f, m.w.Name("dsp key"))
	var problems dispute.Problems
	if errors.Is(err, dispute.ErrNotOpen) || errors.As(err, &problems) {
		return
	}
	m.must(err)
	m.met["disputed"]++
	if d.HoldAmount() > 0 {
		m.met["disputed a part"]++
	}
}

// answer ends a dispute on proof, or tries to without one.
func (m *rightsMachine) answer() {
	all, err := m.desk.Of(m.ctx, debt.AccountID(m.account))
	m.must(err)
	open := slices.DeleteFunc(all, func(d dispute.Dispute) bool { return d.State() != dispute.Open })
	if len(open) == 0 {
		return
	}
	d := open[m.r.IntN(len(open))]
	p := dispute.Proof{Outcome: dispute.Verified, DocumentID: "V-1", Method: "mail", SentOn: civil.Of(m.w.Clock.Now()), By: "api:1"}
	if d.Kind == dispute.Creditor {
		p.Outcome = dispute.CreditorSent
	}
	if m.r.IntN(5) == 0 {
		p.DocumentID = ""
	}
	if _, err = m.desk.Answer(m.ctx, d.ID, p, nil); errors.Is(err, dispute.ErrNoProof) {
		return
	}
	m.must(err)
	m.met["answered"]++
}

// claim stops a debt for another reason; clear ends one of those.
func (m *rightsMachine) claim() {
	source := m.w.Name("clm_")
	statuses := []debt.Status{debt.Cease, debt.Attorney, debt.Bankruptcy, debt.IdentityTheft}
	m.must(m.holds.Place(m.ctx, []debt.Hold{{
		AccountID: debt.AccountID(m.account), DebtID: debt.ID(m.debt()), Status: statuses[m.r.IntN(len(statuses))], Source: source,
	}}))
	m.claims = append(m.claims, source)
}

func (m *rightsMachine) clear() {
	if len(m.claims) == 0 {
		return
	}
	_, err := m.holds.Release(m.ctx, m.claims[0])
	m.must(err)
	m.claims = m.claims[1:]
}

// TestDIS02_TheNextChargeOfAPlanIsCanceledInTheDisputesOwnTransaction disputes
// a debt on which a plan runs: when the dispute fails, the plan runs on; when it
// is kept, the plan rests and its next day charges nothing. The answer frees the
// debt, and the plan still waits for the consumer's word (DIS-03).
func TestDIS02_TheNextChargeOfAPlanIsCanceledInTheDisputesOwnTransaction(t *testing.T) {
	t.Parallel()
	for name, open := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newRightsMachine(t, open(t))
			m.account, m.debts = m.w.Name("acc_"), []string{m.w.Name("dbt_")}
			m.status, m.version = map[string]debt.Status{m.debts[0]: debt.Active}, map[string]int64{}
			m.report(m.debts[0], 600_00)
			p := m.automatic()
			deaf := &ear{deaf: errors.New("nobody listens")}
			m.desk.Watchers = []dispute.Watcher{deaf}
			if _, err := m.desk.Open(m.ctx, debt.AccountID(m.account), debt.ID(m.debts[0]), wrongAmount, "key"); err == nil {
				t.Fatal("kept without its event")
			}
			if got, err := m.Plan(m.ctx, m.account, p.ID); err != nil || got.Status != plans.Active {
				t.Fatalf("a dispute that failed touched the plan: %s, %v", got.Status, err)
			}
			m.desk.Watchers = nil
			d, err := m.desk.Open(m.ctx, debt.AccountID(m.account), debt.ID(m.debts[0]), wrongAmount, "key")
			m.must(err)
			if got, err := m.Plan(m.ctx, m.account, p.ID); err != nil || got.Status != plans.Paused {
				t.Fatalf("the plan is %s, %v", got.Status, err)
			}
			m.passes(45)
			if paid := m.payments(); len(paid) != 0 {
				t.Fatalf("charged in dispute: %+v", paid)
			}
			_, err = m.desk.Answer(m.ctx, d.ID, dispute.Proof{
				Outcome: dispute.Verified, DocumentID: "V-1", Method: "mail", SentOn: civil.Of(m.w.Clock.Now()), By: "api:1",
			}, nil)
			m.must(err)
			m.passes(45)
			if got, err := m.Plan(m.ctx, m.account, p.ID); err != nil || got.Status != plans.Paused || len(m.payments()) != 0 {
				t.Errorf("after the answer the plan is %s without anybody's word, %v; %d payments", got.Status, err, len(m.payments()))
			}
		})
	}
}

// automatic is a plan that charges a card.
func (m *rightsMachine) automatic() plans.Plan {
	for {
		m.agree()
		all, err := m.PlansOf(m.ctx, m.account)
		m.must(err)
		for _, p := range all {
			if p.Status == plans.Active && p.Charging == plans.Automatic && len(p.Installments) > 1 && p.PaidSoFar() == 0 {
				return p
			}
			if p.Status.Running() {
				_, err := m.Bend(m.ctx, m.account, p.ID, plans.Bend{Action: plans.Cancel}, p.Revision, "Ana Ortiz", m.consent())
				m.must(err)
			}
		}
	}
}

// passes lets days pass, and does what is due.
func (m *rightsMachine) passes(days int) {
	for range days {
		m.w.Clock.Advance(24 * time.Hour)
		_, err := m.Tidy(m.ctx, 100)
		m.must(err)
		for _, id := range m.notices {
			m.must(m.NoticeSent(m.ctx, id, m.w.Clock.Now()))
		}
		m.notices = nil
		_, err = m.Run(m.ctx, 100)
		m.must(err)
	}
}
