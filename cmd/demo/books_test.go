package demo

import (
	"math/rand/v2"
	"strings"
	"testing"

	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/payments/sandbox"
	"quittance/plans/civil"
)

func TestR16_APaymentThatOneBookHoldsOtherwiseIsFound(t *testing.T) {
	t.Parallel()
	moved := func() book {
		return book{"pay_1": {ledger.Payment: 500, ledger.Reversal: 500, ledger.Reinstate: 500}, "pay_2": {ledger.Payment: 300, ledger.Refund: 100}}
	}
	if wrong := (paymentBooks{moved(), moved(), moved(), moved()}).compare(); len(wrong) > 0 {
		t.Errorf("equal books differ: %+v", wrong)
	}
	for name, spoil := range map[string]func(book){
		"a cent too much":   func(b book) { b["pay_2"][ledger.Payment]++ },
		"never confirmed":   func(b book) { delete(b, "pay_2") },
		"refunded twice":    func(b book) { b["pay_2"][ledger.Refund] *= 2 },
		"no reinstatement":  func(b book) { delete(b["pay_1"], ledger.Reinstate) },
		"equal in the sum":  func(b book) { b["pay_1"] = sums{ledger.Payment: 500} },
		"one that is extra": func(b book) { b.add("pay_3", ledger.Payment, 1) },
	} {
		for i := range 4 {
			all := [4]book{moved(), moved(), moved(), moved()}
			spoil(all[i])
			wrong := (paymentBooks{all[0], all[1], all[2], all[3]}).compare()
			if len(wrong) != 1 || wrong[0].off <= 0 {
				t.Errorf("%s in book %d: %+v", name, i, wrong)
			}
		}
	}
}

func TestR16_AVerdictCountsPaymentsAndDebtsOnce(t *testing.T) {
	t.Parallel()
	lost := mismatch{payment: "pay_1", held: [4]sums{{ledger.Payment: 5}, {ledger.Payment: 5}, {}, {}}, off: 5}
	for name, c := range map[string]struct {
		v    verdict
		want money.Cents
		open bool
	}{
		"nothing":                      {verdict{}, 0, false},
		"a lost posting":               {verdict{wrong: []mismatch{lost}, unequal: []unequal{{"d", 5, 10}}}, 5, false},
		"a balance alone":              {verdict{unequal: []unequal{{"d", 10, 3}}}, 7, false},
		"not heard of":                 {verdict{wrong: []mismatch{{payment: "pay_1", held: [4]sums{{ledger.Payment: 5}, {}, {}, {}}, off: 5}}}, 5, true},
		"a webhook on its way":         {verdict{waiting: 1}, 0, true},
		"a debit on its way":           {verdict{moving: 1}, 0, true},
		"two that cancel each other":   {verdict{unequal: []unequal{{"d", 1, 2}, {"e", 2, 1}}}, 2, false},
		"a fault beside the books":     {verdict{faults: []string{"x"}}, 0, false},
		"a lost posting on more debts": {verdict{wrong: []mismatch{lost}}, 5, false},
	} {
		if got := c.v.difference(); got != c.want || c.v.open() != c.open || c.v.faulty() != (c.want != 0 || len(c.v.faults) > 0) {
			t.Errorf("%s: %s, open %v, faulty %v", name, got, c.v.open(), c.v.faulty())
		}
	}
}

func TestAChargeOfNoPaymentStandsUnderItsOwnName(t *testing.T) {
	t.Parallel()
	b := processorBook([]sandbox.Charge{{ID: "ch_1", Amount: 700}, {ID: "ch_2", Amount: 200, Metadata: map[string]string{"payment_id": "pay_1"}}})
	others := book{"pay_1": {ledger.Payment: 200}}
	wrong := paymentBooks{b, others, others, others}.compare()
	if len(wrong) != 1 || wrong[0].payment != "ch_1" || wrong[0].off != 700 {
		t.Errorf("%+v", wrong)
	}
	if said := (verdict{}).nameOf("ch_1"); !strings.Contains(said, "no payment of ours") {
		t.Error(said)
	}
}

func TestR16_SeedsBeginDifferently(t *testing.T) {
	t.Parallel()
	begin := func(seed uint64) (civil.Date, [everybody]money.Cents) {
		r := rand.New(rand.NewPCG(seed, 1))
		return firstDay(r), newCast(r).debts
	}
	day, debts := begin(7)
	if other, others := begin(8); day == other || debts == others {
		t.Errorf("seeds 7 and 8 begin alike: %s, %v", day, debts)
	}
}
