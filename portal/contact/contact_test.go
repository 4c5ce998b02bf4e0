package contact_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
)

// noon is in the middle of the day all over the country.
var noon = time.Date(2026, 11, 23, 19, 0, 0, 0, time.UTC)

func consent(b contact.Basis, ago time.Duration) contact.Consent {
	return contact.Consent{Basis: b, At: noon.Add(-ago)}
}

const day = 24 * time.Hour

func TestMayAPersonBeWrittenTo(t *testing.T) {
	t.Parallel()
	good := func() contact.Preferences {
		return contact.Preferences{On: true, Address: "+12125550123", Zones: contact.Zones("+12125550123", "NY", "10001"),
			Consents: []contact.Consent{consent(contact.DirectConsent, day)}}
	}
	cases := []struct {
		name   string
		ch     contact.Channel
		change func(p *contact.Preferences)
		at     time.Time
		want   contact.Reason
	}{
		{"a good text", contact.SMS, func(*contact.Preferences) {}, noon, ""},
		{"SMS-01 texts are off", contact.SMS, func(p *contact.Preferences) { p.On = false }, noon, contact.ChannelOff},
		{"no number", contact.SMS, func(p *contact.Preferences) { p.Address = "" }, noon, contact.NoAddress},
		{"SMS-03 a stranger's number", contact.SMS, func(p *contact.Preferences) {
			p.Suppressions = []contact.Suppression{{Reason: contact.OptedOut}, {Reason: contact.WrongPerson}}
		}, noon, contact.WrongPerson},
		{"SMS-03 a stranger's number, though asked for", contact.SMS, func(p *contact.Preferences) {
			p.Asked, p.Suppressions = true, []contact.Suppression{{Reason: contact.WrongPerson}}
		}, noon, contact.WrongPerson},
		{"COM-07 the holder said stop", contact.SMS, func(p *contact.Preferences) {
			p.Suppressions = []contact.Suppression{{Reason: contact.OptedOut, At: noon}}
		}, noon, contact.OptedOut},
		{"SMS-02 no ground", contact.SMS, func(p *contact.Preferences) { p.Consents = nil }, noon, contact.NoConsent},
		{"SMS-02 a check of the number is no ground", contact.SMS, func(p *contact.Preferences) {
			p.Consents = []contact.Consent{consent(contact.NumberChecked, day)}
		}, noon, contact.NoConsent},
		{"SMS-02 a ground of e-mail is none for texts", contact.SMS, func(p *contact.Preferences) {
			p.Consents = []contact.Consent{consent(contact.PriorCollector, day)}
		}, noon, contact.NoConsent},
		{"SMS-02 sixty days to the second", contact.SMS, func(p *contact.Preferences) {
			p.Consents = []contact.Consent{consent(contact.DirectConsent, 60*day)}
		}, noon, ""},
		{"SMS-02 more than sixty days", contact.SMS, func(p *contact.Preferences) {
			p.Consents = []contact.Consent{consent(contact.DirectConsent, 60*day+time.Second)}
		}, noon, contact.ConsentTooOld},
		{"SMS-02 an old ground, the number checked since", contact.SMS, func(p *contact.Preferences) {
			p.Consents = []contact.Consent{consent(contact.NumberChecked, day), consent(contact.DirectConsent, 300*day)}
		}, noon, ""},
		{"SMS-02 an old ground, the person texted since", contact.SMS, func(p *contact.Preferences) {
			p.Consents = []contact.Consent{consent(contact.InboundMessage, day), consent(contact.DirectConsent, 300*day)}
		}, noon, ""},
		{"SMS-06 withdrawn", contact.SMS, func(p *contact.Preferences) {
			p.Consents = []contact.Consent{consent(contact.Withdrawn, 0), consent(contact.DirectConsent, day)}
		}, noon, contact.NoConsent},
		{"SMS-06 given again after it was withdrawn", contact.SMS, func(p *contact.Preferences) {
			p.Consents = []contact.Consent{consent(contact.DirectConsent, 0), consent(contact.Withdrawn, day)}
		}, noon, ""},
		{"COM-05 an e-mail ground does not age", contact.Email, func(p *contact.Preferences) {
			p.Consents = []contact.Consent{consent(contact.CreditorNotice, 400*day)}
		}, noon, ""},
		{"COM-01 at night", contact.SMS, func(*contact.Preferences) {}, noon.Add(8 * time.Hour), contact.QuietHours},
		{"COM-01 at night, but asked for", contact.SMS, func(p *contact.Preferences) { p.Asked = true }, noon.Add(8 * time.Hour), ""},
		{"COM-03 after a stop, but asked for", contact.SMS, func(p *contact.Preferences) {
			p.Asked, p.Suppressions = true, []contact.Suppression{{Reason: contact.OptedOut}}
		}, noon, ""},
		{"COM-01 nobody knows where", contact.SMS, func(p *contact.Preferences) { p.Zones = nil }, noon, contact.QuietHours},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := good()
			c.change(&p)
			ok, why := contact.May(p, c.ch, c.at)
			if ok != (c.want == "") || why != c.want {
				t.Errorf("may = %v, %q; want %q", ok, why, c.want)
			}
			if why != "" && why.Rule() == "" {
				t.Errorf("%q has no rule behind it", why)
			}
		})
	}
}

// TestCOM01_TheHourCountsEverywhereThePersonMayBe looks at each minute of a day
// of winter, of summer and of both changes of the clock.
func TestCOM01_TheHourCountsEverywhereThePersonMayBe(t *testing.T) {
	t.Parallel()
	people := []struct{ phone, state string }{
		{"+12125550123", "NY"}, {"+12125550123", "CA"}, {"+16025550123", "AZ"}, {"+19075550123", "AK"},
		{"+12085550123", "ID"}, {"+18085550123", "NY"}, {"", "TX"}, {"", ""}, {"+18005550123", ""},
	}
	for _, p := range people {
		zones := contact.Zones(p.phone, p.state, "")
		if len(zones) == 0 {
			t.Fatalf("%+v is nowhere", p)
		}
		known := contact.Preferences{On: true, Address: "x", Zones: zones, Consents: []contact.Consent{consent(contact.DirectConsent, 0)}}
		for _, from := range []time.Time{noon, noon.AddDate(0, -5, 0), time.Date(2026, 3, 8, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)} {
			for m := range 24 * 60 {
				at := from.Add(time.Duration(m) * time.Minute)
				inside := !slices.ContainsFunc(zones, func(z *time.Location) bool {
					clock := at.In(z).Format("15:04")
					return clock < "08:00" || clock >= "21:00"
				})
				if ok, _ := contact.May(known, contact.Email, at); ok != inside {
					t.Fatalf("%+v at %s: %v", p, at, ok)
				}
			}
		}
	}
}

func TestCOM01_AMovedNumberIsQuietInBothPlaces(t *testing.T) {
	t.Parallel()
	zones := contact.Zones("(212) 555-0123", "CA", "")
	if len(zones) != 2 {
		t.Fatalf("zones = %v", zones)
	}
	known := contact.Preferences{On: true, Address: "x", Zones: zones, Consents: []contact.Consent{consent(contact.DirectConsent, 0)}}
	for at, want := range map[string]bool{
		"2026-11-23T15:59:00Z": false, // 10:59 in New York, 7:59 in Los Angeles
		"2026-11-23T16:00:00Z": true,
		"2026-11-24T01:59:00Z": true,
		"2026-11-24T02:00:00Z": false, // 21:00 in New York
	} {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if ok, _ := contact.May(known, contact.Email, when); ok != want {
			t.Errorf("%s: %v", at, ok)
		}
	}
}

func TestEveryStateHasAZone(t *testing.T) {
	t.Parallel()
	everywhere := len(contact.Zones("", "", ""))
	for _, state := range []string{"AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY",
		"LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI",
		"SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "PR", "VI", "GU", "MP", "AS", "ny"} {
		if n := len(contact.Zones("", state, "")); n == 0 || n >= everywhere {
			t.Errorf("%s has %d zones", state, n)
		}
	}
}

func TestNumbersAndAddressesAreReadHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"(212) 555-0123": "+12125550123", "212.555.0123": "+12125550123", "+1 212 555 0123": "+12125550123", "12125550123": "+12125550123",
		"": "", "555-0123": "", "0000000000": "", "call me": "", "212555012": "",
	} {
		if got := contact.Phone(typed); got != want {
			t.Errorf("%q reads as %q, want %q", typed, got, want)
		}
	}
	for typed, want := range map[string]string{
		" ana@example.com ": "ana@example.com", "Ana <ana@example.com>": "", "ana": "", "": "", "a@b\r\nBcc: c@d": "", "a@b, c@d": "",
	} {
		if got := contact.EmailAddress(typed); got != want {
			t.Errorf("%q reads as %q, want %q", typed, got, want)
		}
	}
}

// shelf is a store in memory.
type shelf struct {
	consents     []contact.Consent
	suppressions []contact.Suppression
}

func (s *shelf) AddConsent(_ context.Context, c contact.Consent) error {
	s.consents = append([]contact.Consent{c}, s.consents...)
	return nil
}

func (s *shelf) Consents(context.Context, debt.AccountID, contact.Channel, []byte) ([]contact.Consent, error) {
	return s.consents, nil
}

func (s *shelf) Suppress(_ context.Context, one contact.Suppression) error {
	s.suppressions = append(s.suppressions, one)
	return nil
}

func (s *shelf) Suppressions(context.Context, contact.Channel, []byte) ([]contact.Suppression, error) {
	return s.suppressions, nil
}

func TestABookRemembersWhatWasAgreedAndNeverTheNumberItself(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	b := &contact.Book{Store: s, Key: []byte("a key of the tests, long enough"), Now: func() time.Time { return noon },
		On: map[contact.Channel]bool{contact.SMS: true}}
	ana := contact.Person{AccountID: "acc_1", Phone: "(212) 555-0123", Email: "ana@example.com", State: "NY"}
	err := b.Record(t.Context(), contact.Consent{AccountID: "acc_1", Channel: contact.SMS, Basis: contact.DirectConsent, At: noon.Add(time.Hour)}, "+12125550123")
	if err != nil || s.consents[0].At != noon || s.consents[0].ID == "" || len(s.consents[0].AddressHash) != 32 {
		t.Fatalf("kept %+v, %v", s.consents, err)
	}
	p, err := b.Preferences(t.Context(), ana, contact.SMS)
	if ok, why := contact.May(p, contact.SMS, noon); err != nil || !ok {
		t.Errorf("may = %q, %v", why, err)
	}
	if err := b.Suppress(t.Context(), "acc_1", contact.SMS, b.Hash(contact.SMS, p.Address), contact.WrongPerson); err != nil {
		t.Fatal(err)
	}
	p, _ = b.Preferences(t.Context(), ana, contact.SMS)
	if _, why := contact.May(p, contact.SMS, noon); why != contact.WrongPerson {
		t.Errorf("may = %q", why)
	}
	p, _ = b.Preferences(t.Context(), ana, contact.Email)
	if _, why := contact.May(p, contact.Email, noon); why != contact.ChannelOff {
		t.Errorf("e-mail: %q", why)
	}
	for _, c := range []contact.Consent{{Channel: contact.SMS, Basis: "hearsay"}, {Channel: contact.SMS, Basis: contact.PriorCollector}, {Channel: contact.Email, Basis: contact.NumberChecked}} {
		if err := b.Record(t.Context(), c, "x"); !errors.Is(err, contact.ErrBasis) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
