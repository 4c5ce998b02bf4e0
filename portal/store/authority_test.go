package store_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/payments/paymentstest"
	"quittance/plans"
	"quittance/plans/schedule"
	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/intake"
	"quittance/portal/pack/packtest"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// requiring is a consumer who owes $50.00, of which $2.50 is interest without an
// authority, and the switch of PORTAL_REQUIRE_AUTHORITY.
func requiring(t *testing.T, s *store.Store) (m *planMachine, id string, require func(bool)) {
	t.Helper()
	m = newPlanMachine(t, s)
	m.account, id = "acc_1", "dbt_1"
	m.status, m.version = map[string]debt.Status{id: debt.Active}, map[string]int64{}
	m.report(id, 50_00)
	require = func(yes bool) {
		s.CountBy(gate.Counting{Law: packtest.Everywhere().Book, Required: yes, Now: m.w.Clock.Now}.Count)
	}
	require(false)
	return m, id, require
}

func (m *planMachine) request(amount money.Cents) payments.Request {
	return payments.Request{AccountID: m.account, RequestKey: m.w.Name("key"), Method: payments.Card, Amounts: []payments.Amount{{DebtID: "dbt_1", Amount: amount}}}
}

// chosen starts a payment and chooses a card for it.
func (m *planMachine) chosen(amount money.Cents) payments.Payment {
	m.t.Helper()
	p, err := m.w.Start(m.ctx, m.request(amount))
	m.must(err)
	p, err = m.w.Choose(m.ctx, m.account, p.ID, paymentstest.Token(payments.Card, paymentstest.Succeeds))
	m.must(err)
	return p
}

func TestAMT04_EveryReaderLeavesOutWhatNothingAllows(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		m, id, require := requiring(t, s)
		left := []debt.Excluded{{Part: debt.Interest, Amount: 2_50, Rule: "AMT-04"}}
		for _, c := range []struct {
			required bool
			owed     money.Cents
			left     []debt.Excluded
		}{{false, 50_00, nil}, {true, 47_50, left}, {false, 50_00, nil}} {
			require(c.required)
			_, overview, _, err := s.Overview(m.ctx, "acc_1", 10)
			must(t, err)
			all, err := s.AccountStatements(m.ctx, "acc_1")
			must(t, err)
			one, err := s.Statements(m.ctx, "acc_1", []debt.ID{debt.ID(id)}, "")
			must(t, err)
			for name, list := range map[string][]debt.Statement{"page": overview, "account": all, "debt": one} {
				if st := list[0]; st.Owed != c.owed || st.Payable() != c.owed || st.Debt.Itemization.Total() != c.owed || !reflect.DeepEqual(st.Excluded, c.left) {
					t.Errorf("%s, required %v: owed %s, rows of %s, left out %+v", name, c.required, st.Owed, st.Debt.Itemization.Total(), st.Excluded)
				}
			}
			plan, err := gate.Planner{Keeper: m.keeper}.Subject(m.ctx, "acc_1", id)
			if err != nil || plan.Owed != c.owed || plan.Payable != c.owed {
				t.Errorf("plans, required %v: %s of %s, %v", c.required, plan.Payable, plan.Owed, err)
			}
			payable, err := m.keeper.Payables(m.ctx, "acc_1", []string{id}, "")
			if err != nil || payable[0].Max != c.owed {
				t.Errorf("payments, required %v: %+v, %v", c.required, payable, err)
			}
			if sum, _ := balance(m.ctx, s, ledger.Debt(id)); sum != 50_00 {
				t.Errorf("the ledger changed: %s", sum)
			}
		}
	})
}

func TestAMT04_APaymentOfWhatIsLeftOutIsRefusedAndAStaleDraftIsNotCharged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		m, id, require := requiring(t, s)
		stale := m.chosen(50_00)
		require(true)
		if p, err := m.w.Submit(m.ctx, m.account, stale.ID, m.consent()); !errors.Is(err, payments.ErrTooMuch) || m.w.Processor.Charges(stale.ID) != 0 {
			t.Fatalf("the draft is %s, %d charges, %v", p.Status, m.w.Processor.Charges(stale.ID), err)
		}
		_, err := m.w.Cancel(m.ctx, m.account, stale.ID)
		m.must(err)
		if _, err := m.w.Start(m.ctx, m.request(47_51)); !errors.Is(err, payments.ErrTooMuch) {
			t.Errorf("a cent of it: %v", err)
		}
		paid := m.chosen(47_50)
		_, err = m.w.Submit(m.ctx, m.account, paid.ID, m.consent())
		m.must(err)
		m.must(m.w.Settle(m.ctx, 1))
		if st := m.statement(id); st.Owed != 0 || st.Payable() != 0 {
			t.Errorf("after it was paid: owed %s, payable %s", st.Owed, st.Payable())
		}
		if p, err := m.w.Payment(m.ctx, m.account, paid.ID); err != nil || p.Net() != 47_50 {
			t.Errorf("the payment holds %s, %v", p.Net(), err)
		}
		require(false)
		if st := m.statement(id); st.Owed != 2_50 {
			t.Errorf("with the setting off: owed %s", st.Owed)
		}
		m.must(s.CheckLedger(m.ctx))
	})
}

func TestAMT04_APlanThatWasAgreedOnBeforeChargesNothingThatIsLeftOut(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		m, id, require := requiring(t, s)
		d, _, err := m.Begin(m.ctx, m.account, id, plans.Wish{Kind: plans.Installments, Rule: schedule.Rule{Rhythm: schedule.Weekly}, Count: 2})
		m.must(err)
		_, err = m.Choose(m.ctx, m.account, d.ID, plans.Automatic, payments.Card, paymentstest.Token(payments.Card, paymentstest.Succeeds))
		m.must(err)
		p, err := m.Enroll(m.ctx, m.account, d.ID, "Ana Ortiz", m.consent())
		m.must(err)
		if p.Total != 50_00 {
			t.Fatalf("agreed on %s", p.Total)
		}
		require(true)
		for range 40 {
			m.w.Clock.Advance(24 * time.Hour)
			_, err := m.Tidy(m.ctx, 100)
			m.must(err)
			for _, notice := range m.notices {
				m.must(m.NoticeSent(m.ctx, notice, m.w.Clock.Now()))
			}
			m.notices = nil
			_, err = m.Run(m.ctx, 100)
			m.must(err)
			_, err = m.w.Sweep(m.ctx, 100)
			m.must(err)
		}
		var taken money.Cents
		for _, one := range m.payments() {
			taken += one.Net()
		}
		p, err = s.Plan(m.ctx, p.ID)
		if err != nil || p.Status != plans.Completed || taken != 47_50 || m.statement(id).Owed != 0 {
			t.Errorf("the plan is %s, %s was taken, %s is owed, %v", p.Status, taken, m.statement(id).Owed, err)
		}
	})
}

func TestAMT04_AuthoritiesReadBackAsTheyWereStored(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 500_00)
		d := statement(t, s).Debt
		d.Itemization.InterestAuthority, d.Itemization.FeesAuthority = "statute: § 334.01", "judgment"
		save(t, s, intake.Batch{ChangedDebts: debts(d), At: noon})
		if got := statement(t, s).Debt.Itemization; got != d.Itemization {
			t.Errorf("got %+v", got)
		}
		held, err := s.HeldPlacements(t.Context(), []string{"A-1"}, []string{"D-1"})
		if err != nil || held.Debts["D-1"].Debt.Itemization != d.Itemization {
			t.Errorf("held %+v, %v", held.Debts["D-1"], err)
		}
	})
}
