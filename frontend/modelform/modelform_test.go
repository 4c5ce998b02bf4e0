package modelform_test

import (
	"slices"
	"strings"
	"testing"

	"quittance/frontend/locale"
	"quittance/frontend/modelform"
	"quittance/plans/civil"
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
func facts() modelform.Facts {
	return modelform.Facts{
		Collector: modelform.Party{Name: "North South Group", Lines: []string{"P.O. Box 123456", "Pasadena, CA 91111-2222"}},
		Phone:     "(800) 123-4567", Hours: "8am to 8pm, Monday to Saturday", Site: "https://pay.example.com",
		Consumer:  modelform.Party{Name: "Person A", Lines: []string{"2323 Park Street", "Apartment 342", "Bethesda, MD 20815"}},
		Reference: "584-345", Kind: "credit_card", CreditorThen: "Main Street Store", CreditorNow: "Bank of Rockville",
		AccountEnding: "6789", ItemizationType: "charge_off", Itemized: day("2017-01-02"),
		Rows:     modelform.Itemization{Owed: 223456, Interest: 7500, Fees: 2500, Paid: 5000, Now: 228456},
		Provided: day("2020-07-22"), End: day("2020-08-28"),
	}
}

func TestVAL01_ANoticeNamesWhatItLacks(t *testing.T) {
	t.Parallel()
	if missing := facts().Missing(); len(missing) != 0 {
		t.Fatalf("whole facts lack %v", missing)
	}
	for want, spoil := range map[string]func(*modelform.Facts){
		"collector":                    func(f *modelform.Facts) { f.Collector.Lines = nil },
		"consumer":                     func(f *modelform.Facts) { f.Consumer.Lines = nil },
		"creditor_on_itemization_date": func(f *modelform.Facts) { f.CreditorThen = "" },
		"account_number":               func(f *modelform.Facts) { f.AccountEnding = "" },
		"creditor":                     func(f *modelform.Facts) { f.CreditorNow = "" },
		"itemization_date":             func(f *modelform.Facts) { f.ItemizationType = "" },
		"itemization":                  func(f *modelform.Facts) { f.Rows.Now++ },
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
	f.Rows = modelform.Itemization{Owed: 5000, Paid: 1, Now: 4999}
	d := modelform.Compose(en, f)
	rows := append(append([]modelform.Row{d.AsOf}, d.Since...), d.Total)
	want := []modelform.Row{
		{Words: "As of January 2, 2017, you owed:", Amount: 5000},
		{Words: "You were charged this amount in interest:", Sign: "+"},
		{Words: "You were charged this amount in fees:", Sign: "+"},
		{Words: "You paid or were credited this amount toward the debt:", Sign: "−", Amount: 1},
		{Words: "Total amount of the debt now:", Amount: 4999},
	}
	if !slices.Equal(rows, want) || d.Between != "Between January 2, 2017 and today:" {
		t.Errorf("rows are %+v", rows)
	}
	for _, i := range []modelform.Itemization{{Owed: 1}, {Now: 1}, {Owed: -1, Now: -1}, {Owed: 5, Paid: 6, Now: -1}} {
		if i.Adds() {
			t.Errorf("%+v adds up", i)
		}
	}
}

func text(p modelform.Part) string {
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
	d := modelform.Compose(en, facts())
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
		d := modelform.Compose(w, facts())
		found := map[modelform.Page]string{}
		for _, l := range append(d.Dispute.Lines, d.Else.Lines...) {
			if l.Page != "" {
				found[l.Page] = l.URL
			}
			if l.URL != "" && !strings.Contains(l.Text, strings.TrimPrefix(l.URL, "https://www.")) && !strings.Contains(l.Text, l.URL) {
				t.Errorf("%s: %q does not name %s", w.Lang(), l.Text, l.URL)
			}
		}
		if found[modelform.ToDispute] != "https://pay.example.com/dispute" || found[modelform.ToRequest] != "https://pay.example.com/request" {
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
	got := modelform.Compose(en, facts()).Respond
	want := modelform.Prompts{
		Heading: "How do you want to respond?", CheckAll: "Check all that apply:", Because: "I want to dispute the debt because I think:",
		Reasons: []modelform.Prompt{
			{Name: "not_mine", Words: "This is not my debt."}, {Name: "wrong_amount", Words: "The amount is wrong."},
			{Name: "other", Words: "Other (please describe on reverse or attach additional information)."},
		},
		Original: modelform.Prompt{Name: "original", Words: "I want you to send me the name and address of the original creditor."},
		Enclosed: modelform.Prompt{Name: "enclosed", Words: "I enclosed this amount:"},
		Payable:  "Make your check payable to North South Group. Include the reference number 584-345.",
		Spanish:  modelform.Prompt{Name: "spanish", Words: "Quiero este formulario en español."},
		MailTo:   "Mail this form to:", MailLines: []string{"North South Group", "P.O. Box 123456", "Pasadena, CA 91111-2222"},
	}
	if !slices.Equal(got.Reasons, want.Reasons) {
		t.Errorf("reasons %+v", got.Reasons)
	}
	if got.Heading != want.Heading || got.CheckAll != want.CheckAll || got.Because != want.Because || got.Original != want.Original ||
		got.Enclosed != want.Enclosed || got.Payable != want.Payable || got.Spanish != want.Spanish || got.MailTo != want.MailTo {
		t.Errorf("got %+v", got)
	}
	if spanish := modelform.Compose(es, facts()).Respond; spanish.Spanish != (modelform.Prompt{}) || spanish.Heading != "¿Cómo desea responder?" {
		t.Errorf("in Spanish: %+v", spanish)
	}
}

// TestVAL14_TheSpanishNoticeSaysTheSame: the bureau's Spanish file repeats a
// heading, says that the form must be used, and ends the period a day early.
func TestVAL14_TheSpanishNoticeSaysTheSame(t *testing.T) {
	t.Parallel()
	_, es := printers(t)
	d := modelform.Compose(es, facts())
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
		d := modelform.Compose(w, facts())
		for _, l := range append(d.Dispute.Lines, d.Else.Lines...) {
			if l.URL != "" && !slices.Contains(allowed, l.URL) {
				t.Errorf("%s leads to %s", w.Lang(), l.URL)
			}
		}
	}
}
