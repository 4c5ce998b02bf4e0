package demo

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"quittance/frontend/htmlcheck"
	"quittance/frontend/locale"
	"quittance/payments/money"
)

// reads lets a page of the given language be read.
func reads(t *testing.T, lang, main string, read func(*reader)) *reader {
	t.Helper()
	words, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	page, err := htmlcheck.Parse(`<html lang="` + lang + `"><body><main id="page">` + main + `</main></body></html>`)
	if err != nil {
		t.Fatal(err)
	}
	r, err := newReader(page, words)
	if err != nil {
		t.Fatal(err)
	}
	read(r)
	return r
}

const overview = `<p class="amount"><span class="amount-words">You owe </span><span class="amount-figure">$1,040.50</span></p>
<article class="debt"><header class="debt-head"><h3>Clinic</h3><p class="debt-amount">$1,040.50</p></header><a class="debt-more" href="/debts/dbt_1">More</a>
<p class="status"><span>$12.00 is on its way</span></p><p class="status"><span>You paid $3.00 more than was owed. We send it back.</span></p></article>
<ul class="past"><li><a href="/payments/pay_1"><span>May 1</span><span class="past-amount">$20.00</span></a><span class="soft">Paid, $5.00 sent back</span></li></ul>`

func TestR16_EachAmountOfAPageIsBoundToItsFact(t *testing.T) {
	t.Parallel()
	r := reads(t, "en", overview, func(r *reader) { r.account("S-01", map[string]string{"dbt_1": "S-01-1"}) })
	for fact, want := range map[string]money.Cents{
		"asked:S-01": 1040_50, "asked:S-01-1": 1040_50, "on its way:S-01-1": 12_00, "credit:S-01-1": 3_00, "held:S-01-1": 0,
		"amount:pay_1": 20_00, "kept:pay_1": 15_00, "refunded:pay_1": 5_00,
	} {
		var told []money.Cents
		for at, amount := range r.told {
			if at.fact == fact {
				told = append(told, amount)
			}
		}
		if len(told) != 1 || told[0] != want {
			t.Errorf("%s: %v, want %s", fact, told, want)
		}
	}
	if left := r.unbound(); len(left) != 0 {
		t.Errorf("unbound: %q", left)
	}
}

func TestR16_AnAmountThatTellsNothingIsFound(t *testing.T) {
	t.Parallel()
	for name, main := range map[string]string{
		"another sentence": strings.Replace(overview, "is on its way", "is nowhere", 1), "another figure": overview + "<p>And $7.00 more.</p>",
		"another language": strings.Replace(overview, "You owe", "Debe", 1),
	} {
		r := reads(t, "en", main, func(r *reader) { r.account("S-01", map[string]string{"dbt_1": "S-01-1"}) })
		if left := r.unbound(); len(left) != 1 {
			t.Errorf("%s: unbound are %q", name, left)
		}
	}
}

func TestR16_AFactOfWhichOnePageTellsAnotherCentIsNamed(t *testing.T) {
	t.Parallel()
	f := facts{}
	for _, where := range []string{"at the processor", "in our ledger"} {
		f.tell("kept:pay_1", where, 5_00)
		f.tell("kept:pay_2", where, 5_00)
	}
	f.tell("kept:pay_1", "on the receipt", 5_01)
	f.tell("owed:S-01-1", "on the debt", 1)
	all := f.compare(nil)
	if len(all) != 1 || all[0].off() != 1 {
		t.Fatalf("%+v", all)
	}
	said := all[0].words(func(string) string { return "PAY-1" })
	if said != "kept of PAY-1: $5.00 at the processor, in our ledger; $5.01 on the receipt" {
		t.Error(said)
	}
	if all := f.compare(map[string]bool{"pay_1": true}); len(all) != 0 {
		t.Errorf("what we have not heard of is told: %+v", all)
	}
}

func TestR16_ATextIsReadByItsWordsAlone(t *testing.T) {
	t.Parallel()
	const words = "Sent on \x02: \x01amount\x01. We hold \x01part\x01."
	for text, want := range map[string]bool{
		"Sent on May 4, 2027: $1,200.05. We hold $3.00.": true, "Sent on : $1,200.05. We hold $3.00.": false, "Sent on May 4: $1,200.05. We hold $3.00. More": false,
		"Sent on May 4: $12. We hold $3.00.": false, "Not sent on May 4: $12.00. We hold $3.00.": false, "": false,
	} {
		amounts, ok := fits(words, text)
		if ok != want || ok && (amounts["amount"] != 1200_05 || amounts["part"] != 3_00) {
			t.Errorf("%q: %v, %v", text, amounts, ok)
		}
	}
	if _, ok := fits("It ends on \x02.", "It ends on May 4."); !ok {
		t.Error("what may be anything stands at the end")
	}
}

// TestR16_TheRehearsalLooksForWordsThatThereAre: a key that was renamed would bind
// nothing, and be missed only where the story comes to its sentence.
func TestR16_TheRehearsalLooksForWordsThatThereAre(t *testing.T) {
	t.Parallel()
	words, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	key, seen := regexp.MustCompile(`"([a-z]+\.[a-z_]+)"`), 0
	for _, name := range []string{"simpages.go", "simconsole.go"} {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range key.FindAllStringSubmatch(string(source), -1) {
			if seen++; words.Printer("en").T(locale.Key(found[1])) == "["+found[1]+"]" {
				t.Errorf("%s: there are no words for %s", name, found[1])
			}
		}
	}
	if seen < 50 {
		t.Errorf("%d keys are looked for", seen)
	}
}
