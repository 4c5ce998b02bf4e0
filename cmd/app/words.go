package app

import (
	"net/url"

	"quittance/frontend/locale"
	"quittance/frontend/mail"
	"quittance/frontend/sms"
	"quittance/portal/config"
	"quittance/portal/contact"
	"quittance/portal/identity"
	"quittance/portal/notice"
)

// words writes messages: identity says what about, frontend how.
type words struct {
	book   *locale.Book
	agency config.Agency
	public string
}

var (
	_ identity.Words       = words{}
	_ identity.AccessWords = words{}
)

func (w words) sender() mail.Sender {
	return mail.Sender{Agency: w.agency.Name, AddressLines: w.agency.AddressLines, Phone: w.agency.Phone, Licenses: w.agency.Licenses, StopURL: notice.StopMark}
}

func (w words) host() string {
	u, err := url.Parse(w.public)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// LinkText implements identity.Words.
func (w words) LinkText(language string, ch contact.Channel, l identity.LinkWords) (notice.Text, error) {
	p := w.book.Printer(language)
	if ch == contact.Email {
		return emailed(mail.Link(p, w.sender(), l.URL, l.Phrase)), nil
	}
	text, err := sms.Link(p, w.agency.Name, l.URL)
	return notice.Text{Plain: text}, err
}

// StepUpText implements identity.Words.
func (w words) StepUpText(language string, ch contact.Channel, digits string) (notice.Text, error) {
	p := w.book.Printer(language)
	if ch == contact.Email {
		return emailed(mail.Code(p, w.sender(), w.host(), digits)), nil
	}
	text, err := sms.Code(p, w.agency.Name, w.host(), digits)
	return notice.Text{Plain: text}, err
}

// AccessText implements identity.AccessWords.
func (w words) AccessText(language string, ch contact.Channel, renewed bool) (notice.Text, error) {
	p := w.book.Printer(language)
	if ch == contact.Email {
		return emailed(mail.Access(p, w.sender(), renewed)), nil
	}
	text, err := sms.Access(p, w.agency.Name, w.agency.Phone, renewed)
	return notice.Text{Plain: text}, err
}

func emailed(m mail.Message) notice.Text { return notice.Text{Subject: m.Subject, Plain: m.Text} }
