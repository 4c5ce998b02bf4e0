// Package sms writes the few texts the portal sends. They say nothing of a debt,
// a creditor, an amount or a person (SMS-04), fit one message in either
// language, and name the way to stop them (COM-06).
package sms

import (
	"errors"
	"fmt"
	"strings"

	"quittance/frontend/locale"
)

// Longest is how many characters of the GSM alphabet one message holds.
const Longest = 160

// ErrTooLong and ErrAlphabet say why a text can not be sent as one plain
// message: the agency's name or the portal's address is too long, or holds a
// character phones may garble.
var (
	ErrTooLong  = errors.New("the text is longer than one message")
	ErrAlphabet = errors.New("the text holds a character outside the GSM alphabet")
)

// Link is the text that carries a private link.
func Link(p *locale.Printer, agency, link string) (string, error) {
	return checked(p.T("sms.link", "agency", agency, "link", link))
}

// Code is the text with the six digits. Its last line binds them to the portal's
// host, so that phones offer them there and nowhere else.
func Code(p *locale.Printer, agency, host, digits string) (string, error) {
	return checked(p.T("sms.code", "agency", agency, "code", digits) + "\n@" + host + " #" + digits)
}

// Stopped confirms an opt-out, and says nothing else (COM-08).
func Stopped(p *locale.Printer) (string, error) { return checked(p.T("sms.stopped")) }

// Help says who texts and how to reach a person (SMS-06).
func Help(p *locale.Printer, agency, phone string) (string, error) {
	return checked(p.T("sms.help", "agency", agency, "phone", phone))
}

// News says that there is news, and nothing of what: the text with an account's
// page, where it stands.
func News(p *locale.Printer, agency, link string) (string, error) {
	return checked(p.T("sms.news", "agency", agency, "link", link))
}

// Changed tells the number on file that how the person is reached was changed.
func Changed(p *locale.Printer, agency, phone string) (string, error) {
	return checked(p.T("sms.changed", "agency", agency, "phone", phone))
}

// Access tells a person that their sign-in was opened again, or that there is a
// new code; the code itself is in no message.
func Access(p *locale.Printer, agency, phone string, renewed bool) (string, error) {
	if renewed {
		return checked(p.T("sms.access_code", "agency", agency, "phone", phone))
	}
	return checked(p.T("sms.access", "agency", agency, "phone", phone))
}

// basic is the GSM 03.38 basic alphabet without the Greek letters; each of the
// extended characters counts twice.
const (
	basic = "@£$¥èéùìòÇ\nØø\rÅå_ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿" +
		"abcdefghijklmnopqrstuvwxyzäöñüà"
	extended = "^{}\\[~]|€"
)

func checked(text string) (string, error) {
	length := 0
	for _, r := range text {
		switch {
		case strings.ContainsRune(basic, r):
			length++
		case strings.ContainsRune(extended, r):
			length += 2
		default:
			return "", fmt.Errorf("%w: %q", ErrAlphabet, r)
		}
	}
	if length > Longest {
		return "", fmt.Errorf("%w: %d characters, %d fit", ErrTooLong, length, Longest)
	}
	return text, nil
}
