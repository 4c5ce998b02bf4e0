package store_test

import (
	"context"
	"testing"

	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/portal/debt"
	"quittance/portal/intake"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// TestAMT07_F19_WhatIsPaidBeyondAJointDebtIsWhosePaidIt: one debt of two persons is
// paid by the second, and a file then says that less was owed.
func TestAMT07_F19_WhatIsPaidBeyondAJointDebtIsWhosePaidIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 100_00)
		both := func(of int) intake.Debtor {
			d := owing(1, 1, 100_00)
			return intake.Debtor{By: "staff:stf_1", Debtor: debt.Debtor{DebtID: d.ID, AccountID: account(of).ID, Status: debt.Active, Snapshot: d.Snapshot}}
		}
		save(t, s, intake.Batch{NewAccounts: []intake.NewAccount{newAccount(account(2))}, Debtors: []intake.Debtor{both(1), both(2)}, At: noon})
		paid := payment("1", 100_00)
		paid.AccountID = "acc_2"
		mustCreate(t, s, paid)
		must(t, confirm(t.Context(), s, paid.ID))
		less := placement(owing(1, 1, 100_00), -20_00)
		less.ID += "/less"
		save(t, s, intake.Batch{Transfers: []ledger.Transfer{less}, At: noon})

		for of, credit := range map[debt.AccountID]money.Cents{"acc_1": 0, "acc_2": 20_00} {
			all, err := s.AccountStatements(t.Context(), of)
			if err != nil || len(all) != 1 || all[0].Owed != -20_00 || all[0].Credit != credit || !all[0].Debt.Joint || all[0].Debt.AccountID != of || all[0].Payable() != 0 {
				t.Errorf("%s: %+v, %v", of, all, err)
			}
		}
		if beyond, err := s.Beyond(t.Context(), []debt.ID{"dbt_1"}); err != nil || len(beyond) != 1 || beyond[0].AccountID != "acc_2" || beyond[0].Over != 20_00 {
			t.Errorf("the credit is %+v, %v", beyond, err)
		}
		must(t, s.InTx(t.Context(), func(ctx context.Context) error {
			for _, id := range []string{"acc_1", "acc_2"} {
				if facts, found, err := s.LockFacts(ctx, id); err != nil || !found || !facts.Open {
					t.Errorf("collection from %s is over: %+v, %v", id, facts, err)
				}
			}
			return nil
		}))
	})
}
