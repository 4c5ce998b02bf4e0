package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quittance/payments/ledger"
	"quittance/payments/money"
	"quittance/payments/sandbox"
	"quittance/plans/civil"
	"quittance/portal/config"
)

// rehearsed runs `portal sim` in an environment and returns the story, what else
// was said, and the exit code.
func rehearsed(t *testing.T, env map[string]string, args ...string) (story, aside string, code int) {
	t.Helper()
	var out, err bytes.Buffer
	p := program{env: config.Environment{Lookup: func(name string) (string, bool) { v, ok := env[name]; return v, ok }, ReadFile: os.ReadFile}, stdout: &out, stderr: &err}
	code = run(t.Context(), p, append([]string{"sim"}, args...))
	return out.String(), err.String(), code
}

func storyTells(t *testing.T, text string, all ...string) {
	t.Helper()
	for _, want := range all {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing from:\n%s", want, text)
		}
	}
}

// TestR16_AfterAllDisastersTheThreeBooksAgree plays the whole story; the quick
// loop plays its first days.
func TestR16_AfterAllDisastersTheThreeBooksAgree(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		story, aside, code := rehearsed(t, nil, "-days", "5")
		if code != exitDone {
			t.Errorf("exit %d: %s", code, aside)
		}
		storyTells(t, story, "1 payment.failed (R01)", "Ledger difference: $0.00")
		return
	}
	story, aside, code := rehearsed(t, nil, "-seed", "2")
	if code != exitDone {
		t.Errorf("exit %d: %s", code, aside)
	}
	storyTells(t, story, "payment.failed (R01)", "the payment is checking", "are restarted", "16 updated", "16 older than what is held",
		"the system of record goes down", "the system of record is back", "1 dispute.opened", "plan.paused", "payment.refunded",
		"payment.reversed (R10)", "2 payment.reversed", "1 payment.reinstated", "0 not delivered", "Ledger difference: $0.00")
}

func TestR16_TheSameSeedTellsTheSameStoryAndAnotherSeedAnother(t *testing.T) {
	t.Parallel()
	first, _, _ := rehearsed(t, nil, "-seed", "7", "-days", "2")
	again, _, _ := rehearsed(t, nil, "-seed", "7", "-days", "2")
	if first != again {
		t.Errorf("seed 7 told:\n%s\nand then:\n%s", first, again)
	}
	begin := func(seed uint64) (civil.Date, [everybody]money.Cents) {
		r := rand.New(rand.NewPCG(seed, 1))
		return firstDay(r), newCast(r).debts
	}
	day, debts := begin(7)
	if other, others := begin(8); day == other || debts == others {
		t.Errorf("seeds 7 and 8 begin alike: %s, %v", day, debts)
	}
}

func TestR16_ALostPostingIsNamedAndEndsInExitOne(t *testing.T) {
	t.Parallel()
	story, aside, code := rehearsed(t, nil, "-days", "2", "-lose")
	if code != exitFaults || !strings.Contains(aside, "do not agree") {
		t.Errorf("exit %d: %s", code, aside)
	}
	storyTells(t, story, "differs: PAY-", " of S-07: ", "$0.00 in the system of record", "differs: debt S-07-1")
	if strings.Contains(story, "Ledger difference: $0.00") {
		t.Error("a lost posting is no difference")
	}
}

func TestARehearsalTouchesNobodysDatabaseAndRefusesLiveKeys(t *testing.T) {
	t.Parallel()
	theirs := filepath.Join(t.TempDir(), "portal.db")
	env := map[string]string{"PORTAL_DATABASE_URL": "sqlite:" + theirs}
	if _, aside, code := rehearsed(t, env, "-days", "1"); code != exitDone {
		t.Errorf("exit %d: %s", code, aside)
	}
	if _, err := os.Stat(theirs); err == nil {
		t.Error("the rehearsal wrote to the database of the environment")
	}
	env["STRIPE_SECRET_KEY"] = "sk_live_x"
	if _, aside, code := rehearsed(t, env, "-days", "1"); code != exitUsage || !strings.Contains(aside, "live key") {
		t.Errorf("beside a live key: exit %d: %s", code, aside)
	}
	for _, args := range [][]string{{"-days", "0"}, {"-days", "731"}, {"-days", "x"}, {"-seed", "-1"}, {"more"}} {
		if _, aside, code := rehearsed(t, nil, args...); code != exitUsage || aside == "" {
			t.Errorf("%v: exit %d: %s", args, code, aside)
		}
	}
}

func TestR16_APaymentThatOneBookHoldsOtherwiseIsFound(t *testing.T) {
	t.Parallel()
	moved := func() book {
		return book{"pay_1": {ledger.Payment: 500, ledger.Reversal: 500, ledger.Reinstate: 500}, "pay_2": {ledger.Payment: 300, ledger.Refund: 100}}
	}
	if wrong := (threeBooks{moved(), moved(), moved()}).compare(); len(wrong) > 0 {
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
		for i := range 3 {
			all := [3]book{moved(), moved(), moved()}
			spoil(all[i])
			wrong := (threeBooks{all[0], all[1], all[2]}).compare()
			if len(wrong) != 1 || wrong[0].off <= 0 {
				t.Errorf("%s in book %d: %+v", name, i, wrong)
			}
		}
	}
}

func TestR16_AVerdictCountsPaymentsAndDebtsOnce(t *testing.T) {
	t.Parallel()
	lost := mismatch{payment: "pay_1", held: [3]sums{{ledger.Payment: 5}, {ledger.Payment: 5}, {}}, off: 5}
	for name, c := range map[string]struct {
		v    verdict
		want money.Cents
		open bool
	}{
		"nothing":                      {verdict{}, 0, false},
		"a lost posting":               {verdict{wrong: []mismatch{lost}, unequal: []unequal{{"d", 5, 10}}}, 5, false},
		"a balance alone":              {verdict{unequal: []unequal{{"d", 10, 3}}}, 7, false},
		"not heard of":                 {verdict{wrong: []mismatch{{payment: "pay_1", held: [3]sums{{ledger.Payment: 5}, {}, {}}, off: 5}}}, 5, true},
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
	wrong := threeBooks{b, book{"pay_1": {ledger.Payment: 200}}, book{"pay_1": {ledger.Payment: 200}}}.compare()
	if len(wrong) != 1 || wrong[0].payment != "ch_1" || wrong[0].off != 700 {
		t.Errorf("%+v", wrong)
	}
	if said := (verdict{}).nameOf("ch_1"); !strings.Contains(said, "no payment of ours") {
		t.Error(said)
	}
}
