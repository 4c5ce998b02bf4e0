package credit

import (
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/money"
)

// TestAMT07_OnlyWhatARefundTakesOffTheDebtGoesBackByIt: a refund takes what is held
// first and then the last debt, so that a credit of another debt goes back another
// way, and so does what no file shows.
func TestAMT07_OnlyWhatARefundTakesOffTheDebtGoesBackByIt(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 30, 12, 0, 0, 0, time.UTC)
	of := func(held string) []payments.Payment {
		return []payments.Payment{{
			ID: "pay_1", Status: payments.Confirmed, Amount: 90_00, ConfirmedAt: now,
			Allocations: []payments.Allocation{{DebtID: "dbt_1", Amount: 50_00}, {DebtID: "dbt_2", Amount: 40_00, Held: held}},
		}}
	}
	for name, c := range map[string]struct {
		of   Balance
		held string
		want money.Cents
	}{
		"the last debt":                {Balance{DebtID: "dbt_2", Over: 15_00}, "", 15_00},
		"no more than stands there":    {Balance{DebtID: "dbt_2", Over: 60_00}, "", 40_00},
		"the first of two debts":       {Balance{DebtID: "dbt_1", Over: 15_00}, "", 0},
		"beside what is held":          {Balance{DebtID: "dbt_1", Over: 15_00}, "disputed", 0},
		"what no file shows":           {Balance{DebtID: "dbt_2", Kept: 15_00}, "", 0},
		"the part that the file shows": {Balance{DebtID: "dbt_2", Over: 5_00, Kept: 10_00}, "", 5_00},
	} {
		parts, way := Parts(Credit{ID: "crd_1", Balance: c.of}, of(c.held), now)
		var sum money.Cents
		for _, p := range parts {
			sum += p.Amount
		}
		if sum != c.want || way != 0 {
			t.Errorf("%s: %s goes back, want %s", name, sum, c.want)
		}
	}
}
