// Package mail writes the emails the portal sends, as plain text: readable
// everywhere, nothing loaded from afar. Subject and first lines say nothing of a
// debt (DSC-04), what is about money says in its body whom it is from (DSC-02),
// and each message says how to get no more of them (COM-06).
package mail

import (
	"strings"

	"quittance/frontend/locale"
	"quittance/payments/money"
	"quittance/plans/civil"
)

// Kind is what the law takes an email for.
type Kind string

// The two kinds. An attempt says nothing of a debt, and so carries no disclosure;
// a communication does, and says in its body, in its language, that it is from a
// debt collector (DSC-02, DSC-03).
const (
	Attempt       Kind = "attempt"
	Communication Kind = "communication"
)

// Message is an email without its addresses.
type Message struct {
	Kind    Kind
	Subject string
	Text    string
}

// Sender is what every message ends with.
type Sender struct {
	Agency       string
	AddressLines []string
	Phone        string
	Licenses     []string // one line each (STA-03)
	StopURL      string   // where one press ends these emails
}

// Link carries a private link and the three words that go with it.
func Link(p *locale.Printer, from Sender, link string, phrase []string) Message {
	return attempt(p, from, p.T("mail.link_subject"),
		p.T("mail.link")+"\n"+link,
		p.T("mail.words", "words", strings.Join(phrase, " – ")),
		p.T("mail.link_short"),
	)
}

// Code carries the six digits; the last line of its first part is the form that
// mail programs offer to fill in.
func Code(p *locale.Printer, from Sender, host, digits string) Message {
	return attempt(p, from, p.T("mail.code_subject"),
		p.T("mail.code", "code", digits),
		p.T("mail.code_private"),
		"@"+host+" #"+digits,
	)
}

// attempt writes an email that says nothing of a debt.
func attempt(p *locale.Printer, from Sender, subject string, parts ...string) Message {
	return Message{Kind: Attempt, Subject: subject, Text: paragraphs(p, from, parts...)}
}

// communication writes an email about money. Its first lines, which a phone shows
// unopened, say whom it is for and nothing else.
func communication(p *locale.Printer, from Sender, subject string, parts ...string) Message {
	parts = append(append([]string{p.T("mail.private")}, parts...), p.T("legal.debt_collector"))
	return Message{Kind: Communication, Subject: subject, Text: paragraphs(p, from, parts...)}
}

func paragraphs(p *locale.Printer, from Sender, parts ...string) string {
	foot := append([]string{from.Agency}, from.AddressLines...)
	foot = append(append(foot, from.Phone), from.Licenses...)
	parts = append(parts,
		strings.Join(foot, "\n"),
		p.T("mail.stop")+"\n"+from.StopURL,
	)
	return strings.Join(parts, "\n\n") + "\n"
}

// ChargeWords are what the written notice of a charge says (PDN-01, REG-04):
// how much, when, from what, and where it can be changed or stopped.
type ChargeWords struct {
	Amount money.Cents
	On     civil.Date
	Method string // "Test Bank •••• 6789"
	URL    string
}

// Charge announces one charge of a plan.
func Charge(p *locale.Printer, from Sender, c ChargeWords) Message {
	day := p.Date(c.On)
	return communication(p, from, p.T("mail.charge_subject", "date", day),
		p.T("mail.charge", "date", day, "amount", c.Amount, "method", c.Method),
		p.T("mail.charge_nothing"),
		p.T("mail.charge_change")+"\n"+c.URL,
	)
}

// PutOff says that a charge was not made on its day, and why nobody has to do
// anything about it (WHK-05).
func PutOff(p *locale.Printer, from Sender, c ChargeWords) Message {
	return communication(p, from, p.T("mail.charge_subject", "date", p.Date(c.On)),
		p.T("mail.put_off", "date", p.Date(c.On), "amount", c.Amount),
		p.T("mail.put_off_next"),
		p.T("mail.charge_change")+"\n"+c.URL,
	)
}
