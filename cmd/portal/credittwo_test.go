package main

import (
	"context"
	"slices"
	"testing"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/portal/outbox"
	"quittance/portal/store/storetest"
)

// wins stops who gives a payment again inside their transaction.
type wins struct{ gateway }

func (w wins) PaymentChanged(_ context.Context, c payments.Change) error {
	if !slices.Contains(c.News, payments.NewsReinstated) {
		return nil
	}
	return w.pass()
}

// twice is a debt that was paid in full after a bank took two payments of $40.00 on
// it back: whichever the bank gives again is too much.
func twice(t *testing.T, database string) (*meanwhile, []payments.Payment) {
	t.Helper()
	m := &meanwhile{placing: &placing{locked: &locked{rehearsal: rehearseStill(t, database), t: t}}, database: database}
	var paid []payments.Payment
	var disputes []string
	for n, amount := range []money.Cents{40_00, 40_00, 482_17} {
		p, err := m.Pay(t.Context(), "A-1002", []string{"one", "two", "rest"}[n], amount, payments.Card, "pm_card_visa")
		if err != nil {
			t.Fatal(err)
		}
		if n < 2 {
			paid, disputes = append(paid, p), append(disputes, m.Processor.Dispute(p.IntentID, "fraudulent"))
			m.moves(t, 1)
		}
	}
	for _, d := range disputes {
		m.Processor.DecideDispute(d, true)
	}
	var err error
	if m.account, _, err = m.FirstDebt(t.Context(), "A-1002"); err != nil {
		t.Fatal(err)
	}
	return m, paid
}

// TestAMT07_TwoMovementsAtTheSameMomentAreToldAsWhatIsTooMuchInAll lets a bank give
// two payments again at once: the second is told with the first in it.
func TestAMT07_TwoMovementsAtTheSameMomentAreToldAsWhatIsTooMuchInAll(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, database string) {
		m, paid := twice(t, database)
		g := wins{gateway{make(chan struct{}), make(chan struct{})}}
		m.Portal.Payments.Watchers = append(m.Portal.Payments.Watchers, g)
		refresh := func(p payments.Payment) func() {
			return func() {
				if _, _, err := m.Portal.Payments.Refresh(t.Context(), p.ID); err != nil {
					t.Error(err)
				}
			}
		}
		m.together(g.gateway, refresh(paid[0]), refresh(paid[1]))
		told := m.told(t, m.account, outbox.PaymentOverpaid)
		if len(told) != 2 || told[0].Credit.AmountCents != 40_00 || told[1].Credit.AmountCents != 80_00 {
			t.Errorf("told %+v", told)
		}
		again := m.told(t, m.account, outbox.PaymentReinstated)
		if len(again) != 2 || again[1].Payment.Allocations[0].BalanceAfterCents != -80_00 {
			t.Errorf("given again: %+v", again)
		}
	})
}
