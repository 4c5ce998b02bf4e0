package mail

import "quittance/frontend/locale"

// Waiting says that an answer waits in the portal, and nothing of what it says.
func Waiting(p *locale.Printer, from Sender, address string) Message {
	return attempt(p, from, p.T("mail.link_subject"), p.T("mail.waiting")+"\n"+address)
}

// Letter says that a letter is there to read and keep, and nothing of what it
// says. It stands for one on paper, and is a communication as that is.
func Letter(p *locale.Printer, from Sender, address string) Message {
	return communication(p, from, p.T("mail.link_subject"), p.T("mail.letter")+"\n"+address, p.T("mail.letter_mail", "phone", from.Phone))
}

// Part is what was changed of how a person is reached.
type Part string

var parts = map[Part]locale.Key{"address": "mail.changed_address", "phone": "mail.changed_phone", "email": "mail.changed_email"}

// Changed tells the old contact that there is a new one, and what to do if it
// was somebody else's doing (SEC-12).
func Changed(p *locale.Printer, from Sender, what Part) Message {
	return attempt(p, from, p.T("mail.changed_subject"), p.T(parts[what]), p.T("mail.changed_not_you", "phone", from.Phone))
}

// Access tells a person that their sign-in was opened again, or that there is a
// new code; the code itself is in no message.
func Access(p *locale.Printer, from Sender, renewed bool) Message {
	what := p.T("mail.access")
	if renewed {
		what = p.T("mail.access_code")
	}
	return attempt(p, from, p.T("mail.access_subject"), what, p.T("mail.changed_not_you", "phone", from.Phone))
}
