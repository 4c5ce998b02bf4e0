package payments

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"quittance/payments/money"
)

var payables = []Payable{
	{DebtID: "dbt_1", DebtRef: "A-1", CreditorRef: "mercy", Max: 482_17},
	{DebtID: "dbt_2", DebtRef: "A-2", CreditorRef: "city", Max: 20},
	{DebtID: "dbt_3", DebtRef: "A-3", CreditorRef: "bank", Max: 90_00, Min: 90_00},
	{DebtID: "dbt_4", DebtRef: "A-4", CreditorRef: "bank", Max: 90_00, Refusal: "disputed"},
	{DebtID: "dbt_5", DebtRef: "A-5", CreditorRef: "bank", Max: 2 * money.Max},
	{DebtID: "dbt_6", DebtRef: "A-6", CreditorRef: "bank", Max: 2 * money.Max},
}

func TestAMT07_EachAmountIsHeldAgainstWhatMayBePaidOnItsDebt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		chosen []Amount
		want   Problems
	}{
		"all of it":        {[]Amount{{"dbt_1", 482_17}}, nil},
		"a part of it":     {[]Amount{{"dbt_1", 50}}, nil},
		"two debts":        {[]Amount{{"dbt_2", 20}, {"dbt_1", 30}}, nil},
		"the whole only":   {[]Amount{{"dbt_3", 90_00}}, nil},
		"nothing":          {nil, Problems{{Err: ErrNoAmount}}},
		"a cent too much":  {[]Amount{{"dbt_1", 482_18}}, Problems{{"dbt_1", ErrTooMuch, 482_17, 0}}},
		"zero":             {[]Amount{{"dbt_1", 0}}, Problems{{"dbt_1", ErrBadAmount, 482_17, 0}}},
		"negative":         {[]Amount{{"dbt_1", -5}}, Problems{{"dbt_1", ErrBadAmount, 482_17, 0}}},
		"absurd":           {[]Amount{{"dbt_1", 1 << 62}}, Problems{{"dbt_1", ErrBadAmount, 482_17, 0}}},
		"too little":       {[]Amount{{"dbt_1", 49}}, Problems{{Err: ErrTooLittle, Min: MinAmount}}},
		"part of a whole":  {[]Amount{{"dbt_3", 89_99}}, Problems{{"dbt_3", ErrWholeOnly, 90_00, 90_00}}},
		"a disputed one":   {[]Amount{{"dbt_4", 1_00}}, Problems{{"dbt_4", ErrDebtClosed, 90_00, 0}}},
		"someone else's":   {[]Amount{{"dbt_9", 1_00}}, Problems{{"dbt_9", ErrDebtClosed, 0, 0}}},
		"the same twice":   {[]Amount{{"dbt_1", 1_00}, {"dbt_1", 1_00}}, Problems{{"dbt_1", ErrTwice, 482_17, 0}}},
		"two problems":     {[]Amount{{"dbt_1", 0}, {"dbt_2", 21}, {"dbt_3", 90_00}}, Problems{{"dbt_1", ErrBadAmount, 482_17, 0}, {"dbt_2", ErrTooMuch, 20, 0}}},
		"a sum too large":  {[]Amount{{"dbt_5", money.Max}, {"dbt_6", 1}}, Problems{{Err: ErrBadAmount}}},
		"sum and problems": {[]Amount{{"dbt_2", 21}, {"dbt_5", money.Max}, {"dbt_6", 1}}, Problems{{"dbt_2", ErrTooMuch, 20, 0}, {Err: ErrBadAmount}}},
	} {
		if got := Check(c.chosen, payables); !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestProblemsAreFoundAsWhatTheyAre(t *testing.T) {
	t.Parallel()
	var err error = Check([]Amount{{"dbt_1", 0}, {"dbt_2", 21}}, payables)
	if !errors.Is(err, ErrBadAmount) || !errors.Is(err, ErrTooMuch) || errors.Is(err, ErrTwice) {
		t.Errorf("%v", err)
	}
	if !strings.Contains(err.Error(), ErrTooMuch.Error()) {
		t.Errorf("its words: %v", err)
	}
}

func TestAMT05_AllocationsFollowTheConsumersOrder(t *testing.T) {
	t.Parallel()
	got := Allocate([]Amount{{"dbt_3", 90_00}, {"dbt_1", 1_00}}, payables)
	want := []Allocation{{DebtID: "dbt_3", DebtRef: "A-3", CreditorRef: "bank", Amount: 90_00}, {DebtID: "dbt_1", DebtRef: "A-1", CreditorRef: "mercy", Amount: 1_00}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if !slices.Equal(amounts(got), []Amount{{"dbt_3", 90_00}, {"dbt_1", 1_00}}) || total(got) != 91_00 {
		t.Errorf("%+v, %d", amounts(got), total(got))
	}
}

func TestAPartialRefundComesOffTheLastDebtFirst(t *testing.T) {
	t.Parallel()
	a := []Allocation{{DebtID: "dbt_1", Amount: 100}, {DebtID: "dbt_2", Amount: 50}}
	for net, want := range map[money.Cents][]money.Cents{150: {100, 50}, 120: {100, 20}, 100: {100, 0}, 30: {30, 0}, 0: {0, 0}} {
		if got := Spread(a, net); !slices.Equal(got, want) {
			t.Errorf("%d: %v, want %v", net, got, want)
		}
	}
}

func TestTwoRequestsAreTheSameOnlyWhenEverythingIs(t *testing.T) {
	t.Parallel()
	base := Request{AccountID: "acc_1", RequestKey: "k", Method: Card, Amounts: []Amount{{"dbt_1", 1_00}, {"dbt_2", 2_00}}}
	seen := map[string]bool{base.hash(): true}
	for _, change := range []func(r *Request){
		func(r *Request) { r.AccountID = "acc_2" },
		func(r *Request) { r.Method = BankAccount },
		func(r *Request) { r.Amounts = []Amount{{"dbt_1", 1_00}} },
		func(r *Request) { r.Amounts = []Amount{{"dbt_2", 2_00}, {"dbt_1", 1_00}} },
		func(r *Request) { r.Amounts = []Amount{{"dbt_1", 1_01}, {"dbt_2", 2_00}} },
		func(r *Request) { r.Amounts = []Amount{{`dbt_1"100"dbt_2`, 2_00}} },
	} {
		r := base
		change(&r)
		if seen[r.hash()] {
			t.Errorf("%+v is taken for another", r)
		}
		seen[r.hash()] = true
	}
	again := base
	again.RequestKey = "other"
	if again.hash() != base.hash() {
		t.Error("the key is part of the content")
	}
}

func FuzzCheckNeverLetsMoreThroughThanIsOwed(f *testing.F) {
	f.Add(int64(100), int64(200), int64(150), int64(50), true)
	f.Fuzz(func(t *testing.T, a, b, maxA, maxB int64, same bool) {
		may := []Payable{{DebtID: "dbt_1", Max: max(0, money.Cents(maxA))}, {DebtID: "dbt_2", Max: max(0, money.Cents(maxB))}}
		second := "dbt_2"
		if same {
			second = "dbt_1"
		}
		chosen := []Amount{{"dbt_1", money.Cents(a)}, {second, money.Cents(b)}}
		if Check(chosen, may) != nil {
			return
		}
		sum := total(Allocate(chosen, may))
		if a <= 0 || b <= 0 || a > maxA || b > maxB || same || sum < MinAmount || sum > money.Max || sum != money.Cents(a)+money.Cents(b) {
			t.Fatalf("%d of %d and %d of %d were let through", a, maxA, b, maxB)
		}
	})
}
