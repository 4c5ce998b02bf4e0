package gate_test

import (
	"testing"
	"time"

	"quittance/payments"
	"quittance/portal/debt"
	"quittance/portal/gate"
)

// TestAMT07_APaymentStandsOnEachDebtAsItsStateSays adds one payment over two debts
// to their statements, in each state in which it can be.
func TestAMT07_APaymentStandsOnEachDebtAsItsStateSays(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	type sums struct{ pending, waiting, held, onTheWay int64 }
	for name, c := range map[string]struct {
		change   func(*gate.Moving)
		one, two sums
	}{
		"draft":           {change: func(m *gate.Moving) { m.Status = payments.Ready }},
		"sent":            {change: func(m *gate.Moving) { m.Status = payments.Processing }, one: sums{pending: 60_00, onTheWay: 60_00}, two: sums{pending: 40_00, onTheWay: 40_00}},
		"at the bank":     {change: func(m *gate.Moving) { m.Status = payments.NeedsAction }, one: sums{pending: 60_00, waiting: 60_00, onTheWay: 60_00}, two: sums{pending: 40_00, waiting: 40_00, onTheWay: 40_00}},
		"taken":           {change: func(*gate.Moving) {}, one: sums{onTheWay: 60_00}, two: sums{onTheWay: 40_00}},
		"acknowledged":    {change: func(m *gate.Moving) { m.PostedAt = now.Add(-48 * time.Hour) }},
		"back, no word":   {change: func(m *gate.Moving) { m.Refunded = 50_00 }, one: sums{onTheWay: 50_00}},
		"back of the one": {change: func(m *gate.Moving) { m.Refunded, m.Allocations[0].Refunded = 50_00, 50_00 }, one: sums{onTheWay: 10_00}, two: sums{onTheWay: 40_00}},
		"one is held":     {change: func(m *gate.Moving) { m.Allocations[0].Held = "dispute" }, one: sums{held: 60_00, onTheWay: 60_00}, two: sums{onTheWay: 40_00}},
		"taken back":      {change: func(m *gate.Moving) { m.Withdrawn = 100_00 }},
	} {
		m := gate.Moving{Payment: payments.Payment{
			ID: "pay_1", Reference: "PAY-1", Status: payments.Confirmed, Amount: 100_00, CreatedAt: now.Add(-time.Hour), ConfirmedAt: now,
			Allocations: []payments.Allocation{{DebtID: "dbt_1", Amount: 60_00}, {DebtID: "dbt_2", Amount: 40_00}},
		}}
		c.change(&m)
		if m.Status != payments.Confirmed {
			m.ConfirmedAt = time.Time{}
		}
		all := []debt.Statement{statementOf("dbt_1", now), statementOf("dbt_2", now), statementOf("dbt_3", now)}
		gate.AddPayments(all, []gate.Moving{m})
		for i, want := range []sums{c.one, c.two, {}} {
			st := all[i]
			got := sums{pending: int64(st.Pending), waiting: int64(st.Waiting), held: int64(st.Held)}
			for _, way := range st.OnTheWay {
				got.onTheWay += int64(way.Amount)
				if way.PaymentReference != "PAY-1" || way.Held != (got.held > 0) || way.Confirmed == m.ConfirmedAt.IsZero() {
					t.Errorf("%s: on debt %d: %+v", name, i+1, way)
				}
			}
			if got != want {
				t.Errorf("%s: on debt %d: %+v, want %+v", name, i+1, got, want)
			}
		}
	}
}

// statementOf is the statement of a debt whose snapshot was cut a day ago.
func statementOf(id debt.ID, now time.Time) debt.Statement {
	var st debt.Statement
	st.Debt.ID, st.Debt.Snapshot.AsOf = id, now.Add(-24*time.Hour)
	return st
}
