package plans_test

import (
	"errors"
	"testing"

	"quittance/payments/money"
	"quittance/plans"
)

func budget(pay, housing money.Cents) plans.Budget {
	return plans.Budget{Household: 2, Income: []plans.Line{{Kind: "pay", Amount: pay}}, Essentials: []plans.Line{{Kind: "housing", Amount: housing}}}
}

func TestTheCalculationIsOpenAndLeavesRoomToLive(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		pay, housing, left, ceiling money.Cents
	}{
		"half of what is left":           {200000, 180000, 20000, 10000},
		"no more than a tenth of income": {200000, 50000, 150000, 20000},
		"whole dollars":                  {200000, 180133, 19867, 9900},
		"nothing is left":                {100000, 100000, 0, 0},
		"more goes out than comes in":    {100000, 150000, 0, 0},
		"nothing comes in":               {0, 0, 0, 0},
	} {
		f := plans.Afford(budget(c.pay, c.housing))
		if f.Left != c.left || f.Ceiling != c.ceiling || f.Calculation != plans.Calculation {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// FuzzAfford holds the suggestion to what it promises, whatever is typed.
func FuzzAfford(f *testing.F) {
	f.Add(uint32(200000), uint32(180000))
	f.Fuzz(func(t *testing.T, pay, housing uint32) {
		found := plans.Afford(budget(money.Cents(pay), money.Cents(housing)))
		switch {
		case found.Ceiling < 0, found.Ceiling > found.Left/2, found.Ceiling > found.Income/10, found.Ceiling%100 != 0:
			t.Errorf("%d in, %d out: %+v", pay, housing, found)
		}
	})
}

func TestAStatementOpensSmallerInstallmentsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wish := plans.Wish{Kind: plans.Installments, Rule: monthly("2026-12-15"), Each: 1500}
	var impossible *plans.Impossible
	if _, err := w.tryEnroll(t, wish, plans.ByHand); !errors.As(err, &impossible) || impossible.Problem != plans.TooSmall || impossible.Amount != 2500 {
		t.Fatalf("without a statement: %v", err)
	}
	s, err := w.Submit(t.Context(), "acc_1", "form", budget(100000, 97000))
	if err != nil || s.Finding.Ceiling != 1500 {
		t.Fatalf("%+v, %v", s.Finding, err)
	}
	if p := w.enroll(t, wish, plans.ByHand); len(p.Installments) != 40 || p.Terms.MaxMonths != 60 {
		t.Errorf("%d installments in at most %d months", len(p.Installments), p.Terms.MaxMonths)
	}
	if w.now = w.now.AddDate(0, 0, 91); true {
		if _, err := w.Latest(t.Context(), "acc_1"); !errors.Is(err, plans.ErrNotFound) {
			t.Errorf("a statement of 91 days ago still counts: %v", err)
		}
	}
}

func TestABudgetOutOfBoundsIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := budget(100000, 50000)
	for name, spoil := range map[string]func(b *plans.Budget){
		"nobody":            func(b *plans.Budget) { b.Household = 0 },
		"a village":         func(b *plans.Budget) { b.Household = 21 },
		"negative":          func(b *plans.Budget) { b.Income = []plans.Line{{Kind: "pay", Amount: -1}} },
		"absurd":            func(b *plans.Budget) { b.Income = []plans.Line{{Kind: "pay", Amount: 1e14}} },
		"unknown line":      func(b *plans.Budget) { b.Essentials = []plans.Line{{Kind: "yacht", Amount: 1}} },
		"the same twice":    func(b *plans.Budget) { b.Income = []plans.Line{{Kind: "pay", Amount: 1}, {Kind: "pay", Amount: 1}} },
		"in another's list": func(b *plans.Budget) { b.Income = []plans.Line{{Kind: "housing", Amount: 1}} },
	} {
		b := good
		spoil(&b)
		if _, err := w.Submit(t.Context(), "acc_1", "form", b); !errors.Is(err, plans.ErrBadBudget) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(w.statements) != 0 {
		t.Error("a refused budget was kept")
	}
}
