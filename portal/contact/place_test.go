package contact_test

import (
	"testing"

	"quittance/portal/contact"
)

// TestCOM05_InSomePlacesOnlyThePersonsOwnConsentDoes: New York wants it for
// e-mail, the city for texts too (STA-02).
func TestCOM05_InSomePlacesOnlyThePersonsOwnConsentDoes(t *testing.T) {
	t.Parallel()
	for basis, want := range map[contact.Basis]contact.Reason{
		contact.DirectConsent: "", contact.CreditorNotice: contact.NoConsent, contact.PriorCollector: contact.NoConsent,
	} {
		p := contact.Preferences{
			On: true, Address: "ana@example.com", Zones: contact.Zones("", "NY", "12207"),
			Consents: []contact.Consent{consent(basis, contact.NoticeWait)},
		}
		if _, why := contact.May(p, contact.Email, noon); why != "" {
			t.Errorf("%s elsewhere: %q", basis, why)
		}
		p.ConsentOnly = true
		if _, why := contact.May(p, contact.Email, noon); why != want {
			t.Errorf("%s in New York: %q", basis, why)
		}
	}
}
