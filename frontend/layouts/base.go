// Package layouts holds the frames pages stand in: the consumer's, the
// console's and the demo's.
package layouts

import (
	"quittance/frontend"
	"quittance/frontend/components/idle"
	"quittance/frontend/locale"
	"quittance/frontend/paths"
)

// Base is what every consumer page knows. Handlers fill it once per request.
type Base struct {
	Words       *locale.Printer
	Assets      *frontend.Assets
	Agency      Agency
	Path        string // GET address of this page without the host; the language switch comes back to it
	SignedIn    bool   // after the identity check; the frame speaks of a debt only then
	Speaking    string // the role of who is here for the consumer: "executor"; empty is the consumer
	CSRF        string // hidden field "csrf" of every form; left out when empty
	Idle        Idle   // zero: no warning, as before the identity check
	PaymentsOff bool   // the portal shows balances but takes no payments (R18)
	Demo        bool   // sample data: a quiet line says so on every page
}

// Agency is who the consumer deals with. Every page shows it.
type Agency struct {
	Name         string   // as consumers know it
	LegalName    string   // as the licenses have it
	AddressLines []string // where post arrives, disputes too
	Phone        string   // as people read it: "(800) 555-0134"
	Hours        string   // in the language of the page
	Licenses     []string // one line each, as the states want it printed
	LogoURL      string   // on our own host; empty: the name is set in type
	Website      string   // host name only; empty: not shown
}

// Idle says when the session ends without a sign of life, so that the page can
// warn in time (A11-05: at least 20 seconds to answer).
type Idle struct {
	WarnAfterSeconds int
	EndAfterSeconds  int
}

// T returns the words of a key in the language of the page.
func (b Base) T(key locale.Key, args ...any) string { return b.Words.T(key, args...) }

// speaking says whose account this is to somebody who speaks for them.
func (b Base) speaking() string {
	switch b.Speaking {
	case "executor":
		return b.T("speaking.executor")
	case "guardian":
		return b.T("speaking.guardian")
	case "parent":
		return b.T("speaking.parent")
	case "spouse":
		return b.T("speaking.spouse")
	}
	return ""
}

// Lang returns the language of the page.
func (b Base) Lang() string { return b.Words.Lang() }

// OtherLang returns the language the switch leads to.
func (b Base) OtherLang() string {
	if b.Lang() == "es" {
		return "en"
	}
	return "es"
}

// PhoneHref returns the phone number as a tel: address.
func (a Agency) PhoneHref() string {
	digits := make([]rune, 0, len(a.Phone))
	for _, r := range a.Phone {
		if r >= '0' && r <= '9' || (r == '+' && len(digits) == 0) {
			digits = append(digits, r)
		}
	}
	return "tel:" + string(digits)
}

// warns reports whether the page warns before the session ends.
func (b Base) warns() bool { return b.SignedIn && b.Idle.WarnAfterSeconds > 0 }

func (b Base) warning() idle.Warning {
	return idle.Warning{
		WarnAfterSeconds: b.Idle.WarnAfterSeconds,
		EndAfterSeconds:  b.Idle.EndAfterSeconds,
		Action:           paths.Extend,
		Ask:              paths.Session,
		CSRF:             b.CSRF,
		Title:            b.T("idle.title"),
		Text:             b.T("idle.text"),
		Stay:             b.T("idle.stay"),
		Offline:          b.T("idle.offline"),
	}
}
