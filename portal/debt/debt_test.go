package debt

import (
	"testing"
	"time"

	"quittance/payments/money"
	"quittance/plans/civil"
)

func day(t *testing.T, s string) civil.Date {
	t.Helper()
	d, err := civil.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestVAL04_TheRowsOfAnItemizationAddUp(t *testing.T) {
	t.Parallel()
	i := Itemization{Amount: 30000, Interest: 3217, Fees: 150, Credits: 1000}
	if got := i.Total(); got != 32367 {
		t.Errorf("total is %d", got)
	}
}

func TestM3_ASnapshotIsNewerByVersionElseByDate(t *testing.T) {
	t.Parallel()
	monday := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	cases := []struct {
		name string
		s, h Snapshot
		want bool
	}{
		{"a higher version wins over an earlier date", Snapshot{Version: 3, AsOf: monday}, Snapshot{Version: 2, AsOf: monday.AddDate(0, 0, 1)}, true},
		{"the same version is not newer", Snapshot{Version: 2, AsOf: monday.AddDate(0, 0, 1)}, Snapshot{Version: 2, AsOf: monday}, false},
		{"without versions the later date wins", Snapshot{AsOf: monday.AddDate(0, 0, 1)}, Snapshot{AsOf: monday}, true},
		{"one version alone does not count", Snapshot{Version: 9, AsOf: monday}, Snapshot{AsOf: monday.AddDate(0, 0, 1)}, false},
		{"the same day is not newer", Snapshot{AsOf: monday}, Snapshot{AsOf: monday}, false},
	}
	for _, tc := range cases {
		if got := tc.s.Newer(tc.h); got != tc.want {
			t.Errorf("%s: got %v", tc.name, got)
		}
	}
}

func TestM3_ASnapshotContainsOnlyPaymentsPostedBeforeIt(t *testing.T) {
	t.Parallel()
	s := Snapshot{AsOf: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
	if s.Absorbs(time.Time{}) {
		t.Error("a payment that nobody posted is contained")
	}
	if s.Absorbs(s.AsOf) {
		t.Error("a payment posted on the same instant is contained: in doubt it is not")
	}
	if !s.Absorbs(s.AsOf.Add(-time.Second)) {
		t.Error("a payment posted before is not contained")
	}
}

func TestSTS07_AnActiveDebtIsTimeBarredFromItsLimitationDateOn(t *testing.T) {
	t.Parallel()
	d := Debt{Status: Active, LimitationDate: day(t, "2026-11-22")}
	for on, want := range map[string]Status{"2026-11-21": Active, "2026-11-22": TimeBarred, "2027-01-01": TimeBarred} {
		if got := d.StatusOn(day(t, on)); got != want {
			t.Errorf("on %s it is %s; want %s", on, got, want)
		}
	}
	d.Status = Bankruptcy
	if got := d.StatusOn(day(t, "2027-01-01")); got != Bankruptcy {
		t.Errorf("a bankrupt debt became %s", got)
	}
}

func TestAMT07_PayableIsWhatIsOwedLessWhatIsPendingAndNeverNegative(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ owed, pending, want int64 }{{500, 200, 300}, {500, 500, 0}, {100, 300, 0}, {-50, 0, 0}} {
		s := Statement{Owed: money.Cents(tc.owed), Pending: money.Cents(tc.pending)}
		if got := s.Payable(); got != money.Cents(tc.want) {
			t.Errorf("owed %d, pending %d: payable %d", tc.owed, tc.pending, got)
		}
	}
}
