package debt

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"quittance/payments/money"
)

func TestAMT04_WhatNothingAllowsIsLeftOutOfWhatIsOwed(t *testing.T) {
	t.Parallel()
	whole := Itemization{Amount: 300_00, Interest: 32_17, Fees: 10_00, Credits: 0}
	with := func(change func(*Itemization)) Itemization { i := whole; change(&i); return i }
	for _, c := range []struct {
		about    string
		i        Itemization
		owed     money.Cents
		law      Bars
		required bool
		want     money.Cents
		out      []Excluded
	}{
		{"nothing is asked for, nothing is left out", whole, 342_17, Bars{}, false, 342_17, nil},
		{"both without a code", whole, 342_17, Bars{}, true, 300_00, []Excluded{{Interest, 32_17, "AMT-04"}, {Fees, 10_00, "AMT-04"}}},
		{"one with a code", with(func(i *Itemization) { i.InterestAuthority = "agreement" }), 342_17, Bars{}, true, 332_17, []Excluded{{Fees, 10_00, "AMT-04"}}},
		{"the law forbids one whatever its code", with(func(i *Itemization) { i.InterestAuthority, i.FeesAuthority = "agreement", "agreement" }), 342_17,
			Bars{Interest: "US-XX-1"}, true, 310_00, []Excluded{{Interest, 32_17, "US-XX-1"}}},
		{"the law forbids one and no code is asked for", whole, 342_17, Bars{Fees: "US-XX-2"}, false, 332_17, []Excluded{{Fees, 10_00, "US-XX-2"}}},
		{"a payment since then stays", whole, 42_17, Bars{}, true, 0, []Excluded{{Interest, 32_17, "AMT-04"}, {Fees, 10_00, "AMT-04"}}},
		{"more was paid than is left: never below zero", whole, 20_00, Bars{}, true, 0, []Excluded{{Interest, 32_17, "AMT-04"}, {Fees, 10_00, "AMT-04"}}},
		{"what was overpaid stays overpaid", whole, -5_00, Bars{}, true, -5_00, []Excluded{{Interest, 32_17, "AMT-04"}, {Fees, 10_00, "AMT-04"}}},
		{"what credits paid already is not left out again", with(func(i *Itemization) { i.Credits = 320_00 }), 22_17, Bars{}, true, 0, []Excluded{{Interest, 22_17, "AMT-04"}}},
		{"a debt that was let go", whole, 0, Bars{}, true, 0, []Excluded{{Interest, 32_17, "AMT-04"}, {Fees, 10_00, "AMT-04"}}},
	} {
		got := Statement{Debt: Debt{Itemization: c.i}, Owed: c.owed}.Counted(c.law, c.required)
		if got.Owed != c.want || !reflect.DeepEqual(got.Excluded, c.out) {
			t.Errorf("%s: owed %d, left out %+v", c.about, got.Owed, got.Excluded)
		}
	}
}

// TestVAL04_RowsAddUpWhateverIsLeftOut counts statements of any amounts.
func TestVAL04_RowsAddUpWhateverIsLeftOut(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(4, 4))
	cents := func() money.Cents { return money.Cents(dice.IntN(4) * dice.IntN(500)) }
	text := func(s string) string { return []string{"", s}[dice.IntN(2)] }
	for range 5000 {
		i := Itemization{Amount: cents(), Interest: cents(), Fees: cents(), InterestAuthority: text("agreement"), FeesAuthority: text("judgment")}
		i.Credits = min(cents(), i.Amount+i.Interest+i.Fees)
		s := Statement{Debt: Debt{Itemization: i, Snapshot: Snapshot{Balance: i.Total()}}, Owed: i.Total() - cents(), Pending: cents()}
		got := s.Counted(Bars{text("US-XX-1"), text("US-XX-2")}, dice.IntN(2) == 0)
		var out money.Cents
		for _, e := range got.Excluded {
			out += e.Amount
			if e.Amount <= 0 || e.Rule == "" {
				t.Fatalf("left out %+v of %+v", e, s)
			}
		}
		rows := got.Debt.Itemization
		switch {
		case rows.Total() < 0 || rows.Total()+out != i.Total():
			t.Fatalf("rows come to %d with %d left out of %d", rows.Total(), out, i.Total())
		case rows.Amount != i.Amount || rows.Credits != i.Credits || rows.Interest < 0 || rows.Fees < 0:
			t.Fatalf("rows %+v of %+v", rows, i)
		case got.Owed > s.Owed || got.Owed < min(0, s.Owed) || s.Owed-got.Owed > out:
			t.Fatalf("owed %d of %d with %d left out", got.Owed, s.Owed, out)
		case s.Owed == i.Total() && got.Owed != rows.Total():
			t.Fatalf("owed %d, the rows come to %d", got.Owed, rows.Total())
		case got.Pending != s.Pending || got.Debt.Snapshot != s.Debt.Snapshot:
			t.Fatal("what is not the balance changed")
		}
	}
}
