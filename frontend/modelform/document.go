// Package modelform writes validation notices in the words and the order of the
// bureau's Model Form B-1 (12 CFR 1006, appendix B). Nothing but the variable
// fields is ours (VAL-06, VAL-08).
package modelform

import (
	"quittance/frontend/locale"
	"quittance/payments/money"
	"quittance/plans/civil"
)

// Words writes in one language; *locale.Printer does.
type Words interface {
	Lang() string
	T(key locale.Key, args ...any) string
}

// Document is a whole notice in one language, in the order of Model Form B-1:
// every word and every amount as it was given. It is what is kept.
type Document struct {
	Language string
	From     []string // the collector: name, address, phone and hours, site
	ToWord   string
	To       []string
	Reference,
	Opening,
	Shows,
	Account string
	AsOf    Row
	Between string
	Since   []Row
	Total   Row
	Dispute Part
	Else    Part
	Respond Prompts
}

// Row is one line of the itemization; Sign is "", "+" or "−".
type Row struct {
	Words  string
	Sign   string
	Amount money.Cents
}

// Part is a heading with what stands below it.
type Part struct {
	Heading string
	Lines   []Line
}

// Line is a sentence or more. URL is an address that stands in it and leads
// somewhere; Page says where in the portal, if it is the portal's own.
type Line struct {
	Text string
	URL  string
	Page Page
}

// Page is a page of the portal that a notice may lead to (VAL-13): there is none
// for paying.
type Page string

// Pages that a notice leads to.
const (
	ToDispute Page = "dispute"
	ToRequest Page = "request"
)

// Prompts are the answers that a consumer can give (VAL-08).
type Prompts struct {
	Heading, CheckAll string
	Because           string // above Reasons
	Reasons           []Prompt
	Original          Prompt
	Enclosed          Prompt
	Payable           string // to whom a check is made out
	Spanish           Prompt // in English alone
	MailTo            string
	MailLines         []string
}

// Prompt is one box to check; none is checked by the portal.
type Prompt struct {
	Name  string
	Words string
}

// Names of the prompts, as a form sends them.
const (
	NotMine     = "not_mine"
	WrongAmount = "wrong_amount"
	OtherReason = "other"
	Original    = "original"
	Enclosed    = "enclosed"
	Spanish     = "spanish"
)

// Guide is the bureau's page on rights under federal law.
const Guide = "www.cfpb.gov/debt-collection"

// Compose writes a notice (VAL-04, VAL-06, VAL-07, VAL-08). Facts must not be
// Missing anything.
func Compose(w Words, f Facts) Document {
	agency := f.Collector.Name
	d := Document{
		Language: w.Lang(),
		From:     append(append([]string{agency}, f.Collector.Lines...), reach(w, f)...),
		ToWord:   w.T("legal.notice_to"),
		To:       append([]string{f.Consumer.Name}, f.Consumer.Lines...),
		Opening:  w.T("legal.first_contact", "agency", agency, "creditor", f.CreditorNow),
		Shows:    w.T("legal.notice_shows"),
		Account:  w.T("legal.notice_account", "what", what(w, f.Kind), "creditor", f.CreditorThen, "digits", f.AccountEnding),
		AsOf:     Row{Words: w.T("legal.as_of", "date", f.Itemized), Amount: f.Rows.Owed},
		Between:  w.T("legal.between", "date", f.Itemized),
		Since: []Row{
			{Words: w.T("legal.interest"), Sign: "+", Amount: f.Rows.Interest},
			{Words: w.T("legal.fees"), Sign: "+", Amount: f.Rows.Fees},
			{Words: w.T("legal.paid"), Sign: "−", Amount: f.Rows.Paid},
		},
		Total:   Row{Words: w.T("legal.total"), Amount: f.Rows.Now},
		Dispute: disputes(w, f.End, f.Site),
		Else:    others(w, f.End, f.Site),
		Respond: prompts(w, f),
	}
	if f.Reference != "" {
		d.Reference = w.T("legal.notice_reference", "reference", f.Reference)
	}
	return d
}

func reach(w Words, f Facts) []string {
	lines := []string{f.Phone}
	if f.Hours != "" {
		lines[0] = w.T("legal.notice_phone", "phone", f.Phone, "hours", f.Hours)
	}
	return append(lines, f.Site)
}

// what names the kind of account, as "a … credit card" does in the model form.
func what(w Words, kind string) string {
	switch kind {
	case "credit_card":
		return w.T("legal.notice_credit_card")
	case "loan", "payday":
		return w.T("legal.notice_loan")
	case "auto_loan":
		return w.T("legal.notice_auto_loan")
	case "student_loan":
		return w.T("legal.notice_student_loan")
	case "medical":
		return w.T("legal.notice_medical")
	case "utility":
		return w.T("legal.notice_utility")
	case "telecom":
		return w.T("legal.notice_telecom")
	case "rent":
		return w.T("legal.notice_rent")
	}
	return w.T("legal.notice_other")
}

func disputes(w Words, end civil.Date, site string) Part {
	return Part{Heading: w.T("legal.notice_dispute"), Lines: []Line{
		{Text: w.T("legal.notice_dispute_by", "date", end)},
		{Text: w.T("legal.notice_dispute_stop", "date", end)},
		{Text: w.T("legal.notice_dispute_here", "url", site+"/dispute"), URL: site + "/dispute", Page: ToDispute},
	}}
}

func others(w Words, end civil.Date, site string) Part {
	p := Part{Heading: w.T("legal.notice_else"), Lines: []Line{
		{Text: w.T("legal.notice_original", "date", end)},
		{Text: w.T("legal.notice_original_here", "url", site+"/request"), URL: site + "/request", Page: ToRequest},
		{Text: w.T("legal.notice_rights", "url", Guide), URL: "https://" + Guide},
		{Text: w.T("legal.notice_options")},
	}}
	if w.Lang() != "es" {
		p.Lines = append(p.Lines, Line{Text: w.T("legal.notice_spanish_copy")})
	}
	return p
}

func prompts(w Words, f Facts) Prompts {
	p := Prompts{
		Heading: w.T("legal.notice_respond"), CheckAll: w.T("legal.notice_check_all"), Because: w.T("legal.notice_because"),
		Reasons: []Prompt{
			{Name: NotMine, Words: w.T("legal.notice_not_mine")}, {Name: WrongAmount, Words: w.T("legal.notice_wrong_amount")}, {Name: OtherReason, Words: w.T("legal.notice_other_reason")},
		},
		Original:  Prompt{Name: Original, Words: w.T("legal.notice_want_original")},
		Enclosed:  Prompt{Name: Enclosed, Words: w.T("legal.notice_enclosed")},
		Payable:   w.T("legal.notice_payable", "agency", f.Collector.Name),
		MailTo:    w.T("legal.notice_mail_to"),
		MailLines: append([]string{f.Collector.Name}, f.Collector.Lines...),
	}
	if f.Reference != "" {
		p.Payable += " " + w.T("legal.notice_payable_reference", "reference", f.Reference)
	}
	if w.Lang() != "es" {
		p.Spanish = Prompt{Name: Spanish, Words: w.T("legal.notice_want_spanish")}
	}
	return p
}
