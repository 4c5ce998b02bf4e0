package credit

import (
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/money"
)

var now = time.Date(2026, time.November, 30, 12, 0, 0, 0, time.UTC)

// paid is a payment over two debts, of which the second may be held.
func paid(held string, back ...money.Cents) payments.Payment {
	p := payments.Payment{
		ID: "pay_1", Status: payments.Confirmed, Amount: 90_00, ConfirmedAt: now,
		Allocations: []payments.Allocation{{DebtID: "dbt_1", Amount: 50_00}, {DebtID: "dbt_2", Amount: 40_00, Held: held}},
	}
	for i, sum := range back {
		p.Allocations[i].Refunded, p.Refunded = sum, p.Refunded+sum
	}
	return p
}

// TestAMT05_AMT07_ACreditGoesBackByWhatWasPaidOnItsDebt, whichever debt of the
// payment it is, whether or not a file shows it; what is held goes back by itself.
func TestAMT05_AMT07_ACreditGoesBackByWhatWasPaidOnItsDebt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		of   Balance
		by   payments.Payment
		want money.Cents
	}{
		"the last debt":                    {Balance{DebtID: "dbt_2", Over: 15_00}, paid(""), 15_00},
		"no more than stands there":        {Balance{DebtID: "dbt_2", Over: 60_00}, paid(""), 40_00},
		"no more than still stands there":  {Balance{DebtID: "dbt_2", Over: 60_00}, paid("", 0, 15_00), 25_00},
		"the first of two debts":           {Balance{DebtID: "dbt_1", Over: 15_00}, paid(""), 15_00},
		"beside what is held":              {Balance{DebtID: "dbt_1", Over: 15_00}, paid("disputed"), 15_00},
		"never of what is held":            {Balance{DebtID: "dbt_2", Over: 15_00}, paid("disputed"), 0},
		"what no file shows":               {Balance{DebtID: "dbt_1", Kept: 15_00}, paid(""), 15_00},
		"what a file shows and what not":   {Balance{DebtID: "dbt_2", Over: 5_00, Kept: 10_00}, paid(""), 15_00},
		"of a debt that it did not pay on": {Balance{DebtID: "dbt_3", Over: 5_00}, paid(""), 0},
	} {
		parts, way := Parts(Credit{ID: "crd_1", Balance: c.of}, []payments.Payment{c.by}, now)
		var sum money.Cents
		for _, p := range parts {
			sum += p.Amount
		}
		if sum != c.want || way != 0 {
			t.Errorf("%s: %s goes back, want %s", name, sum, c.want)
		}
	}
}

// TestAMT07_ARefundIsOnItsWayUntilItsOwnDebtHasIt: what goes back from another
// debt of the payment is not it.
func TestAMT07_ARefundIsOnItsWayUntilItsOwnDebtHasIt(t *testing.T) {
	t.Parallel()
	c := Credit{ID: "crd_1", Balance: Balance{DebtID: "dbt_1", Over: 15_00}, Asked: []Refund{{PaymentID: "pay_1", Attempt: 1, Amount: 15_00, At: now}}}
	for name, f := range map[string]struct {
		by        payments.Payment
		at        time.Time
		way, back money.Cents
	}{
		"asked for":              {paid(""), now, 15_00, 0},
		"another one came":       {paid("", 0, 20_00), now, 15_00, 0},
		"a part of it came":      {paid("", 5_00), now, 10_00, 5_00},
		"it came":                {paid("", 15_00), now, 0, 15_00},
		"it never came in weeks": {paid(""), now.Add(patience + 1), 0, 15_00},
	} {
		parts, way := Parts(c, []payments.Payment{f.by}, f.at)
		var back money.Cents
		for _, p := range parts {
			back += p.Amount
		}
		if way != f.way || back != f.back {
			t.Errorf("%s: %s on its way, %s goes back", name, way, back)
		}
	}
}
