package gate

import (
	"errors"
	"maps"
	"testing"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/portal/debt"
	"quittance/portal/represent"
)

func came(by represent.Role, amounts map[string]money.Cents) payments.Payment {
	p := payments.Payment{ID: "pay_1", AccountID: "acc_1", By: string(by), ByID: "rep_1"}
	for _, id := range []string{"dbt_1", "dbt_2"} {
		if amounts[id] > 0 {
			p.Allocations = append(p.Allocations, payments.Allocation{DebtID: id, Amount: amounts[id]})
		}
	}
	return p
}

// TestSTS01_AMT06_F4_WhereItMayNotBePaidItMayNotBeKept asks for money that has
// come: the answers are those of paying, but that a debt paid elsewhere meanwhile
// makes it too much, and no money that may not be kept.
func TestSTS01_AMT06_F4_WhereItMayNotBePaidItMayNotBeKept(t *testing.T) {
	t.Parallel()
	for status, want := range map[debt.Status]string{
		debt.Active: "", debt.Cease: "", debt.Servicemember: "", debt.TimeBarred: "", debt.Paid: "",
		debt.Disputed: "disputed", debt.Bankruptcy: "bankruptcy", debt.Deceased: "deceased", debt.Attorney: "attorney",
		debt.IdentityTheft: "identity_theft", debt.Minor: "minor", debt.Recalled: "recalled", "surprise": "unknown_status",
	} {
		k, s := setup(owes("dbt_1", debt.Medical, status))
		s.account.Consumer.LastName = "Reyes"
		why, err := k.Keep(t.Context(), came("", map[string]money.Cents{"dbt_1": 50_00}))
		if err != nil || why["dbt_1"] != want || len(s.kept) != 1 || s.kept[0].Action != Keep || s.kept[0].Channel != Worker {
			t.Errorf("%s: %v, %v; kept %+v", status, why, err, s.kept)
		}
	}
}

func TestAMT06_F4_WhatIsKeptDependsOnThePartThePayerAndTheAccount(t *testing.T) {
	t.Parallel()
	part := owes("dbt_1", debt.Medical, debt.Active)
	part.Debt.Holds = []debt.Hold{{Status: debt.Disputed, Amount: 40_00}}
	both := owes("dbt_1", debt.Medical, debt.Paid)
	both.Debt.Holds = []debt.Hold{{Status: debt.Disputed}}
	dead := owes("dbt_1", debt.Medical, debt.Deceased)
	fine := owes("dbt_1", debt.Medical, debt.Active)
	for name, c := range map[string]struct {
		debt debt.Statement
		name string
		pay  payments.Payment
		want map[string]string
	}{
		"within the part that is not disputed": {part, "Reyes", came("", map[string]money.Cents{"dbt_1": 30_00}), map[string]string{}},
		"into the disputed part":               {part, "Reyes", came("", map[string]money.Cents{"dbt_1": 30_01}), map[string]string{"dbt_1": "disputed"}},
		"paid, and disputed":                   {both, "Reyes", came("", map[string]money.Cents{"dbt_1": 1}), map[string]string{"dbt_1": "disputed"}},
		"of an executor":                       {dead, "Reyes", came(represent.Executor, map[string]money.Cents{"dbt_1": 1}), map[string]string{}},
		"of a spouse":                          {dead, "Reyes", came(represent.Spouse, map[string]money.Cents{"dbt_1": 1}), map[string]string{"dbt_1": "not_for_role"}},
		"for a debt that is gone":              {fine, "Reyes", came("", map[string]money.Cents{"dbt_1": 1, "dbt_2": 1}), map[string]string{"dbt_2": "gone"}},
		"of nobody":                            {fine, "", came("", map[string]money.Cents{"dbt_1": 1}), map[string]string{"dbt_1": "gone"}},
	} {
		k, s := setup(c.debt)
		s.account.Consumer.LastName = c.name
		if why, err := k.Keep(t.Context(), c.pay); err != nil || !maps.Equal(why, c.want) {
			t.Errorf("%s: %v, %v", name, why, err)
		}
	}
	for _, broken := range []string{"account", "statements", "all", "keep"} {
		k, s := setup(fine)
		s.account.Consumer.LastName, s.broken = "Reyes", broken
		if _, err := k.Keep(t.Context(), came("", map[string]money.Cents{"dbt_1": 1})); !errors.Is(err, errBroken) {
			t.Errorf("%s: %v", broken, err)
		}
	}
}
