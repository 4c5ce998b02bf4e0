package consumer_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"quittance/frontend/htmlcheck"
	"quittance/frontend/layouts"
	"quittance/frontend/locale"
	"quittance/frontend/modelform"
	"quittance/frontend/pages/consumer"
	"quittance/plans/civil"
)

var update = flag.Bool("update", false, "write the golden files anew")

// bureausExample are the facts of the model form's own example.
func bureausExample() modelform.Facts {
	return modelform.Facts{
		Collector: modelform.Party{Name: "North South Group", Lines: []string{"P.O. Box 123456", "Pasadena, CA 91111-2222"}},
		Phone:     "(800) 123-4567", Hours: "8am to 8pm, Monday to Saturday", Site: "https://pay.example.com",
		Consumer:  modelform.Party{Name: "Person A", Lines: []string{"2323 Park Street", "Apartment 342", "Bethesda, MD 20815"}},
		Reference: "584-345", Kind: "credit_card", CreditorThen: "Main Street Store", CreditorNow: "Bank of Rockville",
		AccountEnding: "6789", ItemizationType: "charge_off", Itemized: civil.Date{Year: 2017, Month: 1, Day: 2},
		Rows:     modelform.Itemization{Owed: 223456, Interest: 7500, Fees: 2500, Paid: 5000, Now: 228456},
		Provided: civil.Date{Year: 2020, Month: 7, Day: 22}, End: civil.Date{Year: 2020, Month: 8, Day: 28},
	}
}

// notice is the page's own document, without the frame around it.
func notice(t *testing.T, lang string) string {
	t.Helper()
	k := kit(t)
	d := modelform.Compose(k.Book.Printer(lang), bureausExample())
	page := consumer.ValidationNotice{
		Base:   consumer.Base{Words: k.Book.Printer(lang), Assets: k.Assets, CSRF: "token", SignedIn: true, Agency: layouts.Agency{Name: "North South Group"}},
		DebtID: "dbt_1", Paper: &d,
	}
	var body bytes.Buffer
	if err := page.Render(t.Context(), &body); err != nil {
		t.Fatal(err)
	}
	_, rest, begun := strings.Cut(body.String(), `<article class="vnotice`)
	article, _, ended := strings.Cut(rest, "</article>")
	if !begun || !ended {
		t.Fatal("there is no notice on the page")
	}
	return `<article class="vnotice` + article + "</article>\n"
}

var betweenTags = regexp.MustCompile(`>\s*<`)

// TestVAL05_VAL06_VAL07_VAL14_TheNoticeIsToTheLetterWhatWasReviewed holds the whole document
// against the one that was read by a person: whoever changes a word of it sees
// the change here first (go test -update).
func TestVAL05_VAL06_VAL07_VAL14_TheNoticeIsToTheLetterWhatWasReviewed(t *testing.T) {
	t.Parallel()
	for _, lang := range locale.Languages() {
		golden := filepath.Join("testdata", "notice."+lang+".html")
		got := betweenTags.ReplaceAllString(notice(t, lang), ">\n<")
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			at := 0
			for at < min(len(got), len(want)) && got[at] == want[at] {
				at++
			}
			t.Errorf("%s differs from %s at %d:\n…%s", lang, golden, at, got[max(0, at-80):min(len(got), at+80)])
		}
	}
}

// TestVAL04_VAL08_TheNoticeHasTheOrderOfModelFormB1 reads the page from its top
// to its end.
func TestVAL04_VAL08_TheNoticeHasTheOrderOfModelFormB1(t *testing.T) {
	t.Parallel()
	page, err := htmlcheck.Parse(notice(t, "en"))
	if err != nil {
		t.Fatal(err)
	}
	text, at := strings.Join(strings.Fields(page.Text()), " "), 0
	for _, part := range []string{
		"North South Group", "P.O. Box 123456", "Person A", "2323 Park Street", "Reference: 584-345",
		"North South Group is a debt collector. We are trying to collect a debt that you owe to Bank of Rockville. We will use any information you give us to help collect the debt.",
		"Our information shows:", "You had a credit card from Main Street Store with account number ending in 6789.",
		"As of January 2, 2017, you owed:", "$2,234.56", "Between January 2, 2017 and today:",
		"You were charged this amount in interest:", "$75.00", "You were charged this amount in fees:", "$25.00",
		"You paid or were credited this amount toward the debt:", "$50.00", "Total amount of the debt now:", "$2,284.56",
		"How can you dispute the debt?", "Call or write to us by August 28, 2020, to dispute all or part of the debt.", "We accept disputes electronically at",
		"What else can you do?", "Write to ask for the name and address of the original creditor, if different from the current creditor.", "We accept such requests electronically at",
		"Go to www.cfpb.gov/debt-collection to learn more about your rights under federal law.", "Contact us about your payment options.",
		"How do you want to respond?", "Check all that apply:", "I want to dispute the debt because I think:", "This is not my debt.", "The amount is wrong.",
		"Other (please describe on reverse or attach additional information).",
		"I want you to send me the name and address of the original creditor.", "I enclosed this amount:", "Quiero este formulario en español.",
	} {
		i := strings.Index(text[at:], part)
		if i < 0 {
			t.Fatalf("%q does not stand behind …%s", part, text[max(0, at-60):at])
		}
		at += i + len(part)
	}
}
