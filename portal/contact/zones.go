package contact

import (
	"net/mail"
	"strings"
	"time"
	_ "time/tzdata" // a container without zone files must not send at night
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
)

// Phone reads a US number in any spelling and writes it as +12025550123. It
// returns "" for anything that is no number.
func Phone(typed string) string {
	n, err := phonenumbers.Parse(typed, "US")
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return ""
	}
	return phonenumbers.Format(n, phonenumbers.E164)
}

// EmailAddress reads a bare e-mail address; "" for anything else.
func EmailAddress(typed string) string {
	typed = strings.TrimSpace(typed)
	a, err := mail.ParseAddress(typed)
	if err != nil || a.Address != typed || len(typed) > 254 {
		return ""
	}
	return typed
}

// Address reads a number or an address, as the channel needs it.
func Address(ch Channel, phone, email string) string {
	if ch == SMS {
		return Phone(phone)
	}
	return EmailAddress(email)
}

// states lists the zones of each state and territory. Where a state has two,
// the person may be in either.
var states = map[string][]string{
	"AL": {"America/Chicago"}, "AK": {"America/Anchorage", "America/Adak"},
	"AZ": {"America/Phoenix", "America/Denver"}, "AR": {"America/Chicago"},
	"CA": {"America/Los_Angeles"}, "CO": {"America/Denver"}, "CT": {"America/New_York"},
	"DC": {"America/New_York"}, "DE": {"America/New_York"},
	"FL": {"America/New_York", "America/Chicago"}, "GA": {"America/New_York"},
	"HI": {"Pacific/Honolulu"}, "ID": {"America/Boise", "America/Los_Angeles"},
	"IL": {"America/Chicago"}, "IN": {"America/Indiana/Indianapolis", "America/Chicago"},
	"IA": {"America/Chicago"}, "KS": {"America/Chicago", "America/Denver"},
	"KY": {"America/New_York", "America/Chicago"}, "LA": {"America/Chicago"},
	"ME": {"America/New_York"}, "MD": {"America/New_York"}, "MA": {"America/New_York"},
	"MI": {"America/Detroit", "America/Menominee"}, "MN": {"America/Chicago"},
	"MS": {"America/Chicago"}, "MO": {"America/Chicago"}, "MT": {"America/Denver"},
	"NE": {"America/Chicago", "America/Denver"}, "NV": {"America/Los_Angeles", "America/Denver"},
	"NH": {"America/New_York"}, "NJ": {"America/New_York"}, "NM": {"America/Denver"},
	"NY": {"America/New_York"}, "NC": {"America/New_York"},
	"ND": {"America/Chicago", "America/Denver"}, "OH": {"America/New_York"},
	"OK": {"America/Chicago"}, "OR": {"America/Los_Angeles", "America/Boise"},
	"PA": {"America/New_York"}, "RI": {"America/New_York"}, "SC": {"America/New_York"},
	"SD": {"America/Chicago", "America/Denver"}, "TN": {"America/New_York", "America/Chicago"},
	"TX": {"America/Chicago", "America/Denver"}, "UT": {"America/Denver"},
	"VT": {"America/New_York"}, "VA": {"America/New_York"}, "WA": {"America/Los_Angeles"},
	"WV": {"America/New_York"}, "WI": {"America/Chicago"}, "WY": {"America/Denver"},
	"PR": {"America/Puerto_Rico"}, "VI": {"America/St_Thomas"}, "GU": {"Pacific/Guam"},
	"MP": {"Pacific/Saipan"}, "AS": {"Pacific/Pago_Pago"},
}

// KnownState reports whether two letters name a state or territory.
func KnownState(state string) bool { return len(states[state]) > 0 }

// Masked shows enough of an address to recognize it by: "a•••@example.com". What is
// no address is shown to nobody.
func Masked(ch Channel, address string) string {
	if address == "" {
		return ""
	}
	if ch == Email {
		local, domain, found := strings.Cut(strings.TrimSpace(address), "@")
		first, size := utf8.DecodeRuneInString(local)
		if !found || size == 0 || domain == "" {
			return ""
		}
		return string(first) + "•••@" + domain
	}
	return "(•••) •••-" + address[max(0, len(address)-4):]
}

// anywhere stands in when neither the number nor the address names a place.
var anywhere = []string{"America/Puerto_Rico", "America/New_York", "America/Chicago", "America/Denver",
	"America/Phoenix", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu"}

// Zones lists every zone a person may be in: those of their number, of the
// state they live in, and of the state of their ZIP code (COM-01). People move
// and keep their number, and files disagree, so none outweighs the others.
func Zones(phone, state, zip string) []*time.Location {
	names := append(phoneZones(phone), states[strings.ToUpper(strings.TrimSpace(state))]...)
	zones := locations(append(names, states[stateOf(zip)]...))
	if len(zones) == 0 {
		zones = locations(anywhere)
	}
	return zones
}

func phoneZones(phone string) []string {
	n, err := phonenumbers.Parse(phone, "US")
	if err != nil {
		return nil
	}
	names, err := phonenumbers.GetTimezonesForNumber(n)
	if err != nil {
		return nil
	}
	return names
}

// locations leaves out repetitions and names that no zone has, such as the
// library's "Etc/Unknown".
func locations(names []string) []*time.Location {
	var zones []*time.Location
	seen := map[string]bool{}
	for _, name := range names {
		z, err := time.LoadLocation(name)
		if err != nil || seen[name] {
			continue
		}
		seen[name] = true
		zones = append(zones, z)
	}
	return zones
}
