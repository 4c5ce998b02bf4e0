package consumer_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"quittance/portal/debt"
)

var hiddenField = regexp.MustCompile(`<input type="hidden" name="(kind|each|rhythm|first)" value="([^"]*)"`)

func TestAWorksheetSuggestsANumberAndAPlanBeginsAtIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	options := "/debts/" + string(p.debts[0].ID) + "/plan"
	budget := "/debts/" + string(p.debts[0].ID) + "/budget"
	says(t, v.get(options), `href="`+budget+`"`)
	says(t, v.get(budget), "You do not need it to see a debt", `name="month_housing"`)
	v.goes(303, budget, v.post(budget, "household", "2", "month_pay", "1,600", "month_benefits", "", "month_housing", "$900.00", "month_food", "600.00"))
	page := v.get(budget)
	says(t, page, "$1,600.00", "$1,500.00", "What is left", "$100.00", "$50.00", "quittance-1", "a tenth of what comes in", `value="900.00"`)
	form := []string{}
	for _, m := range hiddenField.FindAllStringSubmatch(page.body, -1) {
		form = append(form, m[1], m[2])
	}
	draft := v.goes(303, "/plans/new/drf_", v.post(options, form...)).location
	says(t, v.get(draft), "$50.00", "$150.00")
	if a := b.signedIn(t, b.place(t, owing(15000))).get(budget); a.status != http.StatusNotFound {
		t.Errorf("another consumer's month: %d", a.status)
	}
}

func TestAWorksheetThatCannotBeReadIsKeptAsTyped(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	budget := "/debts/" + string(p.debts[0].ID) + "/budget"
	v.get(budget)
	for _, c := range []struct{ people, pay, housing, want string }{
		{"", "1600", "", "from 1 to 20"},
		{"0", "1600", "", "from 1 to 20"},
		{"21", "1600", "", "from 1 to 20"},
		{"2.5", "1600", "", `value="2.5"`},
		{"2", "about 1600", "", `value="about 1600"`},
		{"2", "-5", "", "Type dollars and cents, like 250.00"},
		{"2", "10.005", "", "Type dollars and cents, like 250.00"},
		{"2", "1600", "1000000.01", "Type $1,000,000.00 or less."},
		{"2", "1600", "99999999999999999999", "Type $1,000,000.00 or less."},
	} {
		a := v.post(budget, "household", c.people, "month_pay", c.pay, "month_housing", c.housing)
		if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, c.want) {
			t.Errorf("%+v: %d without %q", c, a.status, c.want)
		}
	}
	if a := v.get(budget); strings.Contains(a.body, "quittance-1") {
		t.Error("a worksheet with problems was kept")
	}
}

func TestAWorksheetWithNothingLeftNamesHelpAndPressesNobody(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(15000))
	v := b.signedIn(t, p)
	budget := "/debts/" + string(p.debts[0].ID) + "/budget"
	v.get(budget)
	v.goes(303, budget, v.post(budget, "household", "4", "month_pay", "1600", "month_housing", "1700"))
	page := v.get(budget)
	says(t, page, "there is too little left to pay with", "211", "more time", "Not now")
	if strings.Contains(page.body, `name="each"`) {
		t.Error("a plan is offered")
	}
}

func TestANumberBelowTheLeastOfTheRulesSaysSo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owing(600000))
	v := b.signedIn(t, p)
	budget := "/debts/" + string(p.debts[0].ID) + "/budget"
	v.get(budget)
	v.goes(303, budget, v.post(budget, "household", "1", "month_pay", "1600", "month_housing", "1580"))
	page := v.get(budget)
	says(t, page, "$10.00", "That is more than we suggest.")
	if strings.Contains(page.body, `name="each"`) {
		t.Error("a plan is offered that cannot be")
	}
}

func TestDIS09_NobodyIsAskedForTheirMonthOnADisputedDebt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.place(t, owingAs(15000, debt.Medical, debt.Disputed))
	v := b.signedIn(t, p)
	options := "/debts/" + string(p.debts[0].ID) + "/plan"
	budget := "/debts/" + string(p.debts[0].ID) + "/budget"
	v.goes(303, options, v.get(budget))
	v.goes(303, options, v.post(budget, "household", "1", "month_pay", "1600"))
	if strings.Contains(v.get(options).body, budget) {
		t.Error("the worksheet is asked for")
	}
}
