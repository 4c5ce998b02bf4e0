package gate

import (
	"context"
	"errors"
	"testing"
	"time"

	"quittance/payments"
	"quittance/portal/debt"
)

type counted []payments.Returns

func (c counted) Returns(context.Context, time.Time) ([]payments.Returns, error) { return c, nil }

func TestACH06_NoNewMandateIsTakenWhileTooManyDebitsComeBack(t *testing.T) {
	t.Parallel()
	bank := payments.Details{Type: payments.BankAccount}
	for name, c := range map[string]struct {
		counts  counted
		refused bool
	}{
		"nothing came back":              {counted{{Debits: 1000}}, false},
		"a warning":                      {counted{{Debits: 1000, Unauthorized: 3, All: 3}}, false},
		"too many of the creditor":       {counted{{Debits: 9000}, {CreditorRef: "creditor", Debits: 1000, Unauthorized: 4, All: 4}}, true},
		"too many of another creditor":   {counted{{Debits: 9000}, {CreditorRef: "other", Debits: 1000, Unauthorized: 4, All: 4}}, false},
		"too many of all of them":        {counted{{Debits: 9000, All: 1100}}, true},
		"nobody counts: nothing to hold": {nil, false},
	} {
		k, s := setup(owes("dbt_1", debt.Medical, debt.Active))
		err := Planner{Keeper: k, Returns: c.counts}.MayUse(t.Context(), "acc_1", "dbt_1", bank)
		if errors.Is(err, payments.ErrMethodRefused) != c.refused {
			t.Errorf("%s: %v", name, err)
		}
		if len(s.kept) != 1 || s.kept[0].Decision.Allowed == c.refused || s.kept[0].Action != UseBank {
			t.Errorf("%s: kept %+v", name, s.kept)
		}
	}
}
