package store_test

import (
	"errors"
	"reflect"
	"testing"

	"quittance/payments"
	"quittance/portal/identity"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

func TestAnOverviewIsWhatItsPartsAre(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000, 20000)
		for _, id := range []string{"a", "b", "c"} {
			p := payment(id, 700)
			p.Status = payments.Processing
			mustCreate(t, s, p)
		}
		must(t, confirm(t.Context(), s, "pay_a"))
		account, err := s.Account(t.Context(), "acc_1")
		must(t, err)
		owed, err := s.AccountStatements(t.Context(), "acc_1")
		must(t, err)
		paid, err := s.PaymentsOfAccount(t.Context(), "acc_1", 2)
		must(t, err)
		a, o, p, err := s.Overview(t.Context(), "acc_1", 2)
		must(t, err)
		if !reflect.DeepEqual(a, account) || !reflect.DeepEqual(o, owed) || !reflect.DeepEqual(p, paid) {
			t.Errorf("got %+v\n%+v\n%+v\nwant %+v\n%+v\n%+v", a, o, p, account, owed, paid)
		}
		if len(o) != 2 || o[0].Pending != 1400 || len(p) != 2 || p[0].ID != payments.ID("pay_c") {
			t.Errorf("the parts themselves: %+v, %+v", o, p)
		}
		if _, _, _, err := s.Overview(t.Context(), "acc_none", 2); !errors.Is(err, identity.ErrNotFound) {
			t.Errorf("an account that does not exist: %v", err)
		}
	})
}
