package validation_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"quittance/frontend/locale"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/validation"
)

func day(s string) civil.Date {
	d, err := civil.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func printers(t *testing.T) (en, es *locale.Printer) {
	t.Helper()
	book, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	return book.Printer("en"), book.Printer("es")
}

// facts are those of the model form's own example, as far as they fit.
func facts() validation.Facts {
	return validation.Facts{
		Collector: validation.Party{Name: "North South Group", Lines: []string{"P.O. Box 123456", "Pasadena, CA 91111-2222"}},
		Phone:     "(800) 123-4567", Hours: "8am to 8pm, Monday to Saturday", Site: "https://pay.example.com",
		Consumer:  validation.Party{Name: "Person A", Lines: []string{"2323 Park Street", "Apartment 342", "Bethesda, MD 20815"}},
		Reference: "584-345", DebtType: debt.CreditCard, CreditorThen: "Main Street Store", CreditorNow: "Bank of Rockville",
		AccountEnding: "6789", ItemizationType: debt.ChargeOff, Itemized: day("2017-01-02"),
		Rows:     validation.Itemization{Owed: 223456, Interest: 7500, Fees: 2500, Paid: 5000, Now: 228456},
		Provided: day("2020-07-22"), End: day("2020-08-28"),
	}
}

func TestVAL09_ThePeriodIsFiveRegFDaysAndThirtyCalendarDays(t *testing.T) {
	t.Parallel()
	for provided, end := range map[string]string{
		"2026-11-02": "2026-12-09",
		"2026-11-06": "2026-12-16", // Veterans Day is skipped
		"2026-12-23": "2027-01-30",
		"2027-01-15": "2027-02-24",
		"2026-06-12": "2026-07-22",
	} {
		receipt, got := validation.Period(day(provided))
		if got != day(end) || receipt != got.AddDays(-30) {
			t.Errorf("provided %s: received %s, ends %s, want %s", provided, receipt, got, end)
		}
	}
}

func TestVAL09_TheLastDayIsWithinThePeriodAndTheNextIsNot(t *testing.T) {
	t.Parallel()
	n := validation.Notice{ID: "vn_1", Provided: day("2026-11-02"), End: day("2026-12-09")}
	for on, want := range map[string]bool{"2026-11-02": true, "2026-12-09": true, "2026-12-10": false} {
		if validation.Timely(n, day(on)) != want || validation.Running(n, day(on)) != want {
			t.Errorf("%s: want %v", on, want)
		}
	}
	if !validation.Timely(validation.Notice{}, day("2031-01-01")) {
		t.Error("without a known notice the period has not ended")
	}
}

// TestGEN03_NobodyIsLateByATimeZone: 1:00 on the 10th in New York is still the
// 9th in Honolulu.
func TestGEN03_NobodyIsLateByATimeZone(t *testing.T) {
	t.Parallel()
	var zones []*time.Location
	for _, name := range []string{"America/New_York", "Pacific/Honolulu"} {
		z, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		zones = append(zones, z)
	}
	at := time.Date(2026, time.December, 10, 6, 0, 0, 0, time.UTC)
	if got := validation.Day(at, zones); got != day("2026-12-09") {
		t.Errorf("the day is %s", got)
	}
	if got := validation.Day(at, nil); got.After(day("2026-12-09")) {
		t.Errorf("nowhere known: %s", got)
	}
}

func TestDIS09_AnOfferMayNotEndBeforeThePeriod(t *testing.T) {
	t.Parallel()
	n := validation.Notice{ID: "vn_1", End: day("2026-12-09")}
	if got := validation.LastDay(n, day("2026-11-22")); got != day("2026-12-09") {
		t.Errorf("a known period: %s", got)
	}
	// The notice may still go out on the 27th, a Friday.
	if got := validation.LastDay(validation.Notice{}, day("2026-11-22")); got != day("2027-01-03") {
		t.Errorf("an unknown period: %s", got)
	}
}

func TestVAL01_ANoticeNamesWhatItLacks(t *testing.T) {
	t.Parallel()
	if missing := facts().Missing(); len(missing) != 0 {
		t.Fatalf("whole facts lack %v", missing)
	}
	for want, spoil := range map[string]func(*validation.Facts){
		"collector":                    func(f *validation.Facts) { f.Collector.Lines = nil },
		"consumer":                     func(f *validation.Facts) { f.Consumer.Lines = nil },
		"creditor_on_itemization_date": func(f *validation.Facts) { f.CreditorThen = "" },
		"account_number":               func(f *validation.Facts) { f.AccountEnding = "" },
		"creditor":                     func(f *validation.Facts) { f.CreditorNow = "" },
		"itemization_date":             func(f *validation.Facts) { f.ItemizationType = "last_call" },
		"itemization":                  func(f *validation.Facts) { f.Rows.Now++ },
	} {
		f := facts()
		spoil(&f)
		if missing := f.Missing(); !slices.Equal(missing, []string{want}) {
			t.Errorf("without %s it lacks %v", want, missing)
		}
	}
}

func TestVAL04_TheRowsAreThoseOfTheModelFormAndComeToTheTotal(t *testing.T) {
	t.Parallel()
	en, _ := printers(t)
	f := facts()
	f.Rows = validation.Itemization{Owed: 5000, Paid: 1, Now: 4999}
	d := validation.Compose(en, f)
	rows := append(append([]validation.Row{d.AsOf}, d.Since...), d.Total)
	want := []validation.Row{
		{Words: "As of January 2, 2017, you owed:", Amount: 5000},
		{Words: "You were charged this amount in interest:", Sign: "+"},
		{Words: "You were charged this amount in fees:", Sign: "+"},
		{Words: "You paid or were credited this amount toward the debt:", Sign: "−", Amount: 1},
		{Words: "Total amount of the debt now:", Amount: 4999},
	}
	if !slices.Equal(rows, want) || d.Between != "Between January 2, 2017 and today:" {
		t.Errorf("rows are %+v", rows)
	}
	for _, i := range []validation.Itemization{{Owed: 1}, {Now: 1}, {Owed: -1, Now: -1}, {Owed: 5, Paid: 6, Now: -1}} {
		if i.Adds() {
			t.Errorf("%+v adds up", i)
		}
	}
}

func text(p validation.Part) string {
	var all []string
	for _, l := range p.Lines {
		all = append(all, l.Text)
	}
	return strings.Join(all, " ")
}

// TestVAL06_TheStatementsAreTheModelFormsOwn compares with the text of the
// bureau's Word file, the example's names and addresses put in.
func TestVAL06_TheStatementsAreTheModelFormsOwn(t *testing.T) {
	t.Parallel()
	en, _ := printers(t)
	d := validation.Compose(en, facts())
	for got, want := range map[string]string{
		d.Opening:         "North South Group is a debt collector. We are trying to collect a debt that you owe to Bank of Rockville. We will use any information you give us to help collect the debt.",
		d.Shows:           "Our information shows:",
		d.Account:         "You had a credit card from Main Street Store with account number ending in 6789.",
		d.Reference:       "Reference: 584-345",
		d.Dispute.Heading: "How can you dispute the debt?",
		text(d.Dispute): "Call or write to us by August 28, 2020, to dispute all or part of the debt. If you do not, we will assume that our information is correct. " +
			"If you write to us by August 28, 2020, we must stop collection on any amount you dispute until we send you information that shows you owe the debt. You may use the form below or write to us without the form. You may also include supporting documents. " +
			"We accept disputes electronically at https://pay.example.com/dispute.",
		d.Else.Heading: "What else can you do?",
		text(d.Else): "Write to ask for the name and address of the original creditor, if different from the current creditor. If you write by August 28, 2020, we must stop collection until we send you that information. You may use the form below or write to us without the form. " +
			"We accept such requests electronically at https://pay.example.com/request. " +
			"Go to www.cfpb.gov/debt-collection to learn more about your rights under federal law. For instance, you have the right to stop or limit how we contact you. " +
			"Contact us about your payment options. Póngase en contacto con nosotros para solicitar una copia de este formulario en español.",
	} {
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestVAL07_BothElectronicWaysStandInTheNotice(t *testing.T) {
	t.Parallel()
	for _, w := range both(t) {
		d := validation.Compose(w, facts())
		found := map[validation.Page]string{}
		for _, l := range append(d.Dispute.Lines, d.Else.Lines...) {
			if l.Page != "" {
				found[l.Page] = l.URL
			}
			if l.URL != "" && !strings.Contains(l.Text, strings.TrimPrefix(l.URL, "https://www.")) && !strings.Contains(l.Text, l.URL) {
				t.Errorf("%s: %q does not name %s", w.Lang(), l.Text, l.URL)
			}
		}
		if found[validation.ToDispute] != "https://pay.example.com/dispute" || found[validation.ToRequest] != "https://pay.example.com/request" {
			t.Errorf("%s: %v", w.Lang(), found)
		}
	}
}

func both(t *testing.T) []*locale.Printer {
	en, es := printers(t)
	return []*locale.Printer{en, es}
}

func TestVAL08_ThePromptsAreExact(t *testing.T) {
	t.Parallel()
	en, es := printers(t)
	got := validation.Compose(en, facts()).Respond
	want := validation.Prompts{
		Heading: "How do you want to respond?", CheckAll: "Check all that apply:", Because: "I want to dispute the debt because I think:",
		Reasons: []validation.Prompt{
			{Name: "not_mine", Words: "This is not my debt."}, {Name: "wrong_amount", Words: "The amount is wrong."},
			{Name: "other", Words: "Other (please describe on reverse or attach additional information)."},
		},
		Original: validation.Prompt{Name: "original", Words: "I want you to send me the name and address of the original creditor."},
		Enclosed: validation.Prompt{Name: "enclosed", Words: "I enclosed this amount:"},
		Payable:  "Make your check payable to North South Group. Include the reference number 584-345.",
		Spanish:  validation.Prompt{Name: "spanish", Words: "Quiero este formulario en español."},
		MailTo:   "Mail this form to:", MailLines: []string{"North South Group", "P.O. Box 123456", "Pasadena, CA 91111-2222"},
	}
	if !slices.Equal(got.Reasons, want.Reasons) {
		t.Errorf("reasons %+v", got.Reasons)
	}
	if got.Heading != want.Heading || got.CheckAll != want.CheckAll || got.Because != want.Because || got.Original != want.Original ||
		got.Enclosed != want.Enclosed || got.Payable != want.Payable || got.Spanish != want.Spanish || got.MailTo != want.MailTo {
		t.Errorf("got %+v", got)
	}
	if spanish := validation.Compose(es, facts()).Respond; spanish.Spanish != (validation.Prompt{}) || spanish.Heading != "¿Cómo desea responder?" {
		t.Errorf("in Spanish: %+v", spanish)
	}
}

// TestVAL14_TheSpanishNoticeSaysTheSame: the bureau's Spanish file repeats a
// heading, says that the form must be used, and ends the period a day early.
func TestVAL14_TheSpanishNoticeSaysTheSame(t *testing.T) {
	t.Parallel()
	_, es := printers(t)
	d := validation.Compose(es, facts())
	if d.Dispute.Heading != "¿Cómo puede disputar la deuda?" || d.Else.Heading != "¿Qué más puede hacer?" {
		t.Errorf("headings %q, %q", d.Dispute.Heading, d.Else.Heading)
	}
	whole := text(d.Dispute) + text(d.Else)
	if strings.Contains(whole, "Debe utilizar") || strings.Contains(whole, "antes del") || strings.Count(whole, "a más tardar el 28 de agosto de 2020") != 3 {
		t.Error(whole)
	}
	if !strings.HasPrefix(d.Opening, "North South Group es un cobrador de deudas.") {
		t.Errorf("DSC-03: the disclosure is not in Spanish: %s", d.Opening)
	}
}

// TestVAL13_ANoticeHasNoWayToPay looks at every address that it leads to.
func TestVAL13_ANoticeHasNoWayToPay(t *testing.T) {
	t.Parallel()
	allowed := []string{"https://pay.example.com/dispute", "https://pay.example.com/request", "https://www.cfpb.gov/debt-collection"}
	for _, w := range both(t) {
		d := validation.Compose(w, facts())
		for _, l := range append(d.Dispute.Lines, d.Else.Lines...) {
			if l.URL != "" && !slices.Contains(allowed, l.URL) {
				t.Errorf("%s leads to %s", w.Lang(), l.URL)
			}
		}
	}
}

func TestANoticeGivenAgainLengthensThePeriodAndNeverShortensIt(t *testing.T) {
	t.Parallel()
	all := []validation.Notice{
		{ID: "vn_1", DebtID: "dbt_1", End: day("2026-12-09")}, {ID: "vn_2", DebtID: "dbt_1", End: day("2026-12-16")},
		{ID: "vn_3", DebtID: "dbt_1", End: day("2026-12-01")}, {ID: "vn_4", DebtID: "dbt_2", End: day("2027-12-01")},
	}
	if got := validation.Latest(all, "dbt_1"); got.ID != "vn_2" {
		t.Errorf("got %s", got.ID)
	}
	if got := validation.Latest(all, "dbt_3"); got.ID != "" {
		t.Errorf("got %s", got.ID)
	}
}
