package validation

import "quittance/portal/contact"

// ElectronicText names the text in which a consumer agrees to electronic notices
// (E-SIGN 101(c), VAL-12), as it is kept with the consent.
const ElectronicText = "esign-1"

// Electronic reports whether a consumer's consents to an address, the newest
// first, say that notices may come electronically. Whoever ends the e-mails to
// the address ends that too.
func Electronic(newestFirst []contact.Consent) bool {
	for _, c := range newestFirst {
		switch {
		case c.Basis == contact.Withdrawn:
			return false
		case c.Basis == contact.DirectConsent && c.TextVersion == ElectronicText:
			return true
		}
	}
	return false
}
