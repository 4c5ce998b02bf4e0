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
		parts, way := Parts(Credit{ID: "crd_1", Balance: c.of}, []payments.Payment{c.by})
		var sum money.Cents
		for _, p := range parts {
			sum += p.Amount
		}
		if sum != c.want || way != 0 {
			t.Errorf("%s: %s goes back, want %s", name, sum, c.want)
		}
	}
}

// TestAMT07_WhatIsOrderedIsOnItsWayWhoeverPaidIt: of a joint debt it goes back by the
// payments of them who paid last, less what is on its way to others.
func TestAMT07_WhatIsOrderedIsOnItsWayWhoeverPaidIt(t *testing.T) {
	t.Parallel()
	ours, theirs := paid(""), paid("")
	ours.AccountID, theirs.AccountID, theirs.Allocations[0].Ordered = "acc_1", "acc_2", 15_00
	c := Credit{ID: "crd_1", Balance: Balance{AccountID: "acc_1", DebtID: "dbt_1", Over: 40_00}}
	parts, way := Parts(c, []payments.Payment{theirs, ours})
	if way != 15_00 || len(parts) != 1 || parts[0].Payment.AccountID != "acc_1" || parts[0].Amount != 25_00 {
		t.Errorf("%s on its way, %+v goes back", way, parts)
	}
}
