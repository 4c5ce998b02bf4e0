package ledger

import (
	"errors"
	"testing"

	"quittance/payments/money"
)

func TestR10_ATransferSumsToZeroOrIsRefused(t *testing.T) {
	t.Parallel()
	pair := func(a, b money.Cents) []Entry { return []Entry{{Debt("dbt_1"), a}, {Clearing, b}} }
	for name, c := range map[string]struct {
		transfer Transfer
		want     error
	}{
		"balanced":      {Transfer{ID: "t", Entries: pair(-5, 5)}, nil},
		"off by a cent": {Transfer{ID: "t", Entries: pair(-5, 6)}, ErrUnbalanced},
		"no id":         {Transfer{Entries: pair(-5, 5)}, ErrEmpty},
		"no entries":    {Transfer{ID: "t"}, ErrEmpty},
		"one entry":     {Transfer{ID: "t", Entries: pair(-5, 5)[:1]}, ErrEmpty},
		"zero entries":  {Transfer{ID: "t", Entries: pair(0, 0)}, ErrEmpty},
		"no account":    {Transfer{ID: "t", Entries: []Entry{{"", -5}, {Clearing, 5}}}, ErrEmpty},
	} {
		if err := c.transfer.Check(); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestR10_ABalanceIsTheFoldOfItsEntries(t *testing.T) {
	t.Parallel()
	all := []Transfer{
		{ID: "1", Entries: []Entry{{Debt("dbt_1"), 482_17}, {Placed("mercy"), -482_17}}},
		{ID: "2", Entries: []Entry{{Debt("dbt_1"), -150_00}, {Clearing, 150_00}}},
		{ID: "3", Entries: []Entry{{Debt("dbt_1"), 50_00}, {Clearing, -50_00}}},
	}
	for account, want := range map[Account]money.Cents{Debt("dbt_1"): 382_17, Clearing: 100_00, Placed("mercy"): -482_17, Debt("dbt_2"): 0} {
		if got := Balance(all, account); got != want {
			t.Errorf("%s: %d, want %d", account, got, want)
		}
	}
}

func TestADebtsAccountNamesItsDebt(t *testing.T) {
	t.Parallel()
	if id, ok := Debt("dbt_1").DebtID(); !ok || id != "dbt_1" {
		t.Errorf("%q, %v", id, ok)
	}
	if _, ok := Clearing.DebtID(); ok {
		t.Error("clearing is no debt")
	}
}
