package app

import (
	"slices"
	"strings"

	"quittance/frontend/locale"
	"quittance/frontend/mail"
	"quittance/frontend/sms"
	"quittance/portal/contact"
	"quittance/portal/notice"
	"quittance/portal/talk"
)

var (
	_ talk.Answers     = words{}
	_ talk.Invitations = words{}
	_ talk.ChangeWords = words{}
)

// StoppedText implements talk.Answers.
func (w words) StoppedText(language string) (notice.Text, error) {
	text, err := sms.Stopped(w.book.Printer(language))
	return notice.Text{Plain: text}, err
}

// HelpText implements talk.Answers.
func (w words) HelpText(language string) (notice.Text, error) {
	text, err := sms.Help(w.book.Printer(language), w.agency.Name, w.agency.Phone)
	return notice.Text{Plain: text}, err
}

// WaitingText implements talk.Invitations.
func (w words) WaitingText(language string, ch contact.Channel) (notice.Text, error) {
	p := w.book.Printer(language)
	if ch == contact.Email {
		return emailed(mail.Waiting(p, w.sender(), w.public+"/")), nil
	}
	text, err := sms.Link(p, w.agency.Name, w.public+"/")
	return notice.Text{Plain: text}, err
}

// CheckText implements talk.ChangeWords.
func (w words) CheckText(language string, ch contact.Channel, digits string) (notice.Text, error) {
	return w.StepUpText(language, ch, digits)
}

// ChangedText implements talk.ChangeWords.
func (w words) ChangedText(language string, ch contact.Channel, what talk.What) (notice.Text, error) {
	p := w.book.Printer(language)
	if ch == contact.Email {
		return emailed(mail.Changed(p, w.sender(), mail.Part(what))), nil
	}
	text, err := sms.Changed(p, w.agency.Name, w.agency.Phone)
	return notice.Text{Plain: text}, err
}

// asked are the words of a change that a person has to make.
var asked = map[talk.What]locale.Key{talk.Address: "reach.asked_address", talk.Phone: "reach.asked_phone", talk.Email: "reach.asked_email"}

// AskedText implements talk.ChangeWords.
func (w words) AskedText(language string, what talk.What, to talk.Contact) string {
	value := to.Phone + to.Email
	if what == talk.Address {
		a := to.Address
		value = strings.Join(slices.DeleteFunc([]string{a.Line1, a.Line2, a.City, a.State + " " + a.PostalCode}, func(s string) bool { return s == "" }), ", ")
	}
	return w.book.Printer(language).T(asked[what], "value", value)
}
