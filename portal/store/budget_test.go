package store_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"quittance/plans"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

func TestTheNewestStatementOfAnAccountComesBackWhole(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		account, err := s.AccountStatements(t.Context(), "acc_1")
		if err != nil || len(account) == 0 {
			t.Fatal(err)
		}
		if _, err := s.LatestStatement(t.Context(), "acc_1"); !errors.Is(err, plans.ErrNotFound) {
			t.Errorf("before any: %v", err)
		}
		b := plans.Budget{Household: 3, Income: []plans.Line{{Kind: "pay", Amount: 250000}}, Essentials: []plans.Line{{Kind: "housing", Amount: 120000}, {Kind: "food", Amount: 40000}}}
		var last plans.Statement
		for n, id := range []string{"fst_1", "fst_2"} {
			b.Income[0].Amount += 100
			last = plans.Statement{ID: id, AccountID: "acc_1", RequestKey: "form " + id, Budget: b, Finding: plans.Afford(b), At: noon.Add(time.Duration(n) * time.Hour)}
			if added, err := s.AddStatement(t.Context(), last); err != nil || !added {
				t.Fatalf("added %v, %v", added, err)
			}
		}
		again := last
		again.ID, again.At = "fst_3", noon.Add(9*time.Hour)
		if added, err := s.AddStatement(t.Context(), again); err != nil || added {
			t.Errorf("the same form again: added %v, %v", added, err)
		}
		got, err := s.LatestStatement(t.Context(), "acc_1")
		if err != nil || !reflect.DeepEqual(got, last) {
			t.Errorf("kept %+v, wanted %+v, %v", got, last, err)
		}
	})
}
