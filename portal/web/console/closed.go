package console

import (
	"strings"

	"quittance/frontend/locale"
	"quittance/frontend/pages/console"
	"quittance/portal/contact"
	"quittance/portal/gate"
)

// closedWords says in a sentence why a message may not be sent.
var closedWords = map[string]locale.Key{
	string(contact.ChannelOff): "console.closed_channel_off", string(contact.NoAddress): "console.closed_no_address",
	string(contact.WrongPerson): "console.closed_wrong_person", string(contact.OptedOut): "console.closed_opted_out",
	string(contact.AskedNotTo): "console.closed_asked_not_to", string(contact.Unreachable): "console.closed_unreachable",
	string(contact.ClosedThere): "console.closed_there", string(contact.NoConsent): "console.closed_no_consent", string(contact.ConsentTooOld): "console.closed_consent_too_old",
	string(contact.WordsUnread): "console.closed_words_unread", string(contact.EmployerEmail): "console.closed_employer_email", string(contact.QuietHours): "console.closed_quiet_hours",
	string(contact.Inconvenient): "console.closed_inconvenient", string(contact.TooMany): "console.closed_too_many",
	string(gate.IsDisputed): "console.closed_disputed", string(gate.IsCeased): "console.closed_cease",
	string(gate.HasAttorney): "console.closed_attorney", string(gate.IsBankrupt): "console.closed_bankruptcy",
	string(gate.IsDeceased): "console.closed_deceased", string(gate.IsIdentity): "console.closed_identity_theft",
	string(gate.IsMinor): "console.closed_minor", string(gate.IsTimeBarred): "console.closed_time_barred",
	string(gate.IsPaid): "console.closed_paid", string(gate.IsRecalled): "console.closed_recalled", string(gate.IsUnderReview): "console.closed_under_review", "no_debt": "console.closed_no_debt",
}

// closed is the sentence of a reason, with the rules behind it.
func closed(b console.Base, reason string, rules ...string) string {
	key, known := closedWords[reason]
	if !known {
		return inWords(reason, rules...)
	}
	return b.T(key) + " (" + strings.Join(rules, ", ") + ")"
}
