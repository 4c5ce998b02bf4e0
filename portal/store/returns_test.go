package store_test

import (
	"testing"
	"time"

	"quittance/payments"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

func TestACH06_ReturnsOfSixtyDaysAreCountedByCreditorOnBothEngines(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		for i, c := range []struct {
			method payments.Method
			code   string
			ago    time.Duration
		}{
			{payments.BankAccount, "", 0}, {payments.BankAccount, "R01", 0}, {payments.BankAccount, "R10", 0}, {payments.BankAccount, "R03", 59 * 24 * time.Hour},
			{payments.BankAccount, "R10", 61 * 24 * time.Hour}, {payments.Card, "", 0},
		} {
			p := payment(string(rune('a'+i)), 100)
			p.Method, p.Failure.ReturnCode, p.SubmittedAt = c.method, c.code, noon.Add(-c.ago)
			p.Status = payments.Failed
			mustCreate(t, s, p)
		}
		got, err := s.Returns(t.Context(), noon.Add(-payments.ReturnWindow))
		if err != nil || len(got) != 2 {
			t.Fatalf("%+v, %v", got, err)
		}
		for _, r := range got {
			creditor := r.CreditorRef
			r.CreditorRef = ""
			if r != (payments.Returns{Debits: 4, Unauthorized: 1, Administrative: 1, All: 3}) {
				t.Errorf("of %q: %+v", creditor, r)
			}
		}
		if got[0].CreditorRef != "" || got[1].CreditorRef == "" {
			t.Errorf("the order: %+v", got)
		}
	})
}
