package intake

import (
	"errors"
	"testing"
	"time"

	"quittance/payments/money"
	"quittance/portal/debt"
)

func TestWHK05_AStandingChangesStatusAndBalanceAndNothingElse(t *testing.T) {
	t.Parallel()
	m := newMemory()
	im := importer(m)
	take(t, im, csvOf(placed()))
	before := m.debts["D-1"]
	m.pay("D-1", 10000, noon.Add(-time.Hour)) // in the balance below
	m.pay("D-1", 5000, time.Time{})           // not posted yet
	say := func(balance money.Cents, s debt.Status, at time.Time) {
		t.Helper()
		if err := im.Stand(t.Context(), Standing{AccountRef: "A-1", DebtRef: "D-1", Status: s, Balance: balance, AsOf: at}); err != nil {
			t.Fatal(err)
		}
	}
	say(38217, debt.Active, noon)
	m.wantOwed(t, "D-1", 33217)
	after := m.debts["D-1"]
	if after.Snapshot.Balance != 38217 || !after.Snapshot.AsOf.Equal(noon) || after.Itemization.Total() != 38217 || after.Itemization.Amount != before.Itemization.Amount || after.CreditorRef != before.CreditorRef {
		t.Errorf("kept %+v", after)
	}
	say(100, debt.Bankruptcy, noon.Add(-time.Minute)) // older
	if m.debts["D-1"].Status != debt.Active || m.debts["D-1"].Snapshot.Balance != 38217 {
		t.Error("an older standing counted")
	}
	say(38217, debt.Bankruptcy, noon.Add(time.Minute))
	if m.debts["D-1"].Status != debt.Bankruptcy {
		t.Error("a new status was not taken in")
	}
	say(99999900, debt.Active, noon.Add(2*time.Minute))
	if d := m.debts["D-1"]; d.Snapshot.Balance != d.Itemization.Amount+d.Itemization.Interest+d.Itemization.Fees || d.Itemization.Total() != d.Snapshot.Balance {
		t.Errorf("more than is itemized is asked for: %s", d.Snapshot.Balance)
	}
	if err := im.Stand(t.Context(), Standing{AccountRef: "A-1", DebtRef: "D-9", Status: debt.Active, AsOf: noon}); !errors.Is(err, ErrNotPlaced) {
		t.Errorf("a debt that is not placed: %v", err)
	}
}
