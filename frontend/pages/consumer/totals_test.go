package consumer_test

import (
	"regexp"
	"strings"
	"testing"

	"quittance/frontend/htmlcheck"
	"quittance/frontend/pages"
	"quittance/payments/money"
)

// dollars are the amounts that a pattern finds in a page's text, added up.
func dollars(t *testing.T, pattern *regexp.Regexp, text string) money.Cents {
	t.Helper()
	var sum money.Cents
	for _, match := range pattern.FindAllStringSubmatch(text, -1) {
		amount, err := money.Parse(match[1])
		if err != nil {
			t.Fatalf("%q: %v", match[1], err)
		}
		sum += amount
	}
	return sum
}

func sumOf(t *testing.T, nodes []*htmlcheck.Node) money.Cents {
	t.Helper()
	var sum money.Cents
	for _, n := range nodes {
		sum += dollars(t, anyAmount, n.Text())
	}
	return sum
}

var (
	anyAmount = regexp.MustCompile(`(\$[\d,]+\.\d\d)`)
	beside    = regexp.MustCompile(`(\$[\d,]+\.\d\d) is (?:in dispute: you need|on hold: you need)`)
	partly    = regexp.MustCompile(`You told us that (\$[\d,]+\.\d\d) of this is wrong`)
)

// TestVAL05_F3_F4_NoTotalContradictsTheDebt adds up what each page says of a
// debt, in every state of the gallery: the sum at the head and what stands beside
// it are the debts below it, and the last row of the itemization is the balance.
func TestVAL05_F3_F4_NoTotalContradictsTheDebt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, e pages.Example, lang, _ string, page *htmlcheck.Node) {
		if lang != "en" {
			return
		}
		text, head := page.Text(), page.Find(".amount-figure")
		switch e.Page {
		case "account":
			said := sumOf(t, head) + dollars(t, beside, text)
			if cards := sumOf(t, page.Find(".debt-amount")); said != cards {
				t.Errorf("the head says %s, the debts below come to %s", said, cards)
			}
		case "debt":
			totals := page.Find(".items-total")
			if len(head) == 0 {
				return // it is not ours any more
			}
			said := sumOf(t, head) + dollars(t, beside, text) + dollars(t, partly, text)
			if last := sumOf(t, totals[len(totals)-1:]); said != last {
				t.Errorf("the head says %s, its rows come to %s", said, last)
			}
		case "review", "receipt":
			addsUp(t, page)
		}
	})
}

// beyondIt is a row of what went back since, or of what stays of the debt.
var beyondIt = regexp.MustCompile(`^(Sent back|Taken back|Left|In dispute|On hold)`)

// addsUp holds the lines of a payment against its amount.
func addsUp(t *testing.T, page *htmlcheck.Node) {
	t.Helper()
	whole := sumOf(t, page.Find(".details-strong"))
	parts := sumOf(t, page.Find(".details-row")) - whole
	for _, row := range page.Find(".details-row") {
		if beyondIt.MatchString(row.Text()) {
			parts -= sumOf(t, []*htmlcheck.Node{row})
		}
	}
	if whole != parts || whole == 0 {
		t.Errorf("the lines come to %s, not to %s", parts, whole)
	}
}

// TestDIS02_F4_WhereNothingMayBePaidNoDoorLeadsToPaying looks at every state of
// the two pages that have the doors.
func TestDIS02_F4_WhereNothingMayBePaidNoDoorLeadsToPaying(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"account/one": "Pay|Pay over time|Something is wrong|I need help", "account/disputed": "Something is wrong|I need help",
		"account/on-hold": "Something is wrong|I need help", "account/disputed-beside": "Pay|Pay over time|Something is wrong|I need help",
		"account/plan": "Pay|Pay over time|Something is wrong|I need help", "account/plan-paused": "Pay|Your plan|Something is wrong|I need help",
		"debt/open": "Pay|Pay over time|Something is wrong|I need help", "debt/disputed": "Something is wrong|I need help",
		"debt/disputed-plan": "Your plan|Something is wrong|I need help", "debt/paid": "Something is wrong|I need help",
		"debt/disputed-part": "Pay|Pay over time|Something is wrong|I need help", "account/payments-off": "Something is wrong|I need help",
		"outcome/returned": "Pay|Pay over time|Something is wrong|I need help", "outcome/returned-closed": "Something is wrong|I need help",
		"plan/canceled": "Pay|A new plan|Something is wrong", "plan/canceled-gone": "Something is wrong",
	} {
		var words []string
		for _, door := range find(t, name, "en").Find(".door") {
			words = append(words, door.Text())
		}
		if got := strings.Join(words, "|"); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// hollow is a sentence that lost its part.
var hollow = regexp.MustCompile(`[:,;(–-]\s*[.,;)](\s|$)|\s[.,;](\s|$)|\(\)`)

// linkEnd is a link at the end of its sentence.
var linkEnd = regexp.MustCompile(`(/\w+) \.`)

// TestIE_F21_NoSentenceKeepsAnEmptyPart reads every state in both languages.
func TestIE_F21_NoSentenceKeepsAnEmptyPart(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ pages.Example, _, _ string, page *htmlcheck.Node) {
		text := linkEnd.ReplaceAllString(page.Text(), "$1.")
		if at := hollow.FindStringIndex(text); at != nil {
			t.Errorf("…%s", text[max(0, at[0]-40):min(len(text), at[1]+20)])
		}
	})
}
