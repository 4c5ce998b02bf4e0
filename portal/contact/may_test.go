package contact_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"quittance/portal/contact"
)

func eastern(clock string) time.Time {
	zone, _ := time.LoadLocation("America/New_York")
	at, err := time.ParseInLocation("2006-01-02 15:04", clock, zone)
	if err != nil {
		panic(err)
	}
	return at
}

// TestCOM02_WhatThePersonAskedForCounts has a person of two candidate zones: a
// New York number and a California address. An hour counts in both.
func TestCOM02_WhatThePersonAskedForCounts(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		ch   contact.Channel
		wish contact.Wish
		at   string // in New York; three hours earlier in Los Angeles
		want contact.Reason
	}{
		{"nothing asked for", contact.SMS, contact.Wish{}, "2026-11-23 14:00", ""},
		{"COM-01 too early in California", contact.SMS, contact.Wish{}, "2026-11-23 10:59", contact.QuietHours},
		{"COM-01 eight in California", contact.SMS, contact.Wish{}, "2026-11-23 11:00", ""},
		{"COM-01 too late in New York", contact.SMS, contact.Wish{}, "2026-11-23 21:00", contact.QuietHours},
		{"do not text", contact.SMS, contact.Wish{NoSMS: true}, "2026-11-23 14:00", contact.AskedNotTo},
		{"do not text, but e-mail", contact.Email, contact.Wish{NoSMS: true}, "2026-11-23 14:00", ""},
		{"do not e-mail", contact.Email, contact.Wish{NoEmail: true}, "2026-11-23 14:00", contact.AskedNotTo},
		{"not on Mondays", contact.SMS, contact.Wish{Days: []time.Weekday{time.Monday}}, "2026-11-23 14:00", contact.Inconvenient},
		{"not on Mondays, on a Tuesday", contact.SMS, contact.Wish{Days: []time.Weekday{time.Monday}}, "2026-11-24 14:00", ""},
		{"after noon, noon in New York only", contact.SMS, contact.Wish{From: 12, Until: 20}, "2026-11-23 14:59", contact.Inconvenient},
		{"after noon, noon in both", contact.SMS, contact.Wish{From: 12, Until: 20}, "2026-11-23 15:00", ""},
		{"until five, five in New York", contact.SMS, contact.Wish{From: 9, Until: 17}, "2026-11-23 17:00", contact.Inconvenient},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			at := eastern(c.at)
			known := contact.Preferences{On: true, Address: "x", Zones: contact.Zones("+12125550123", "", "90001"), Wish: c.wish,
				Consents: []contact.Consent{{Basis: contact.DirectConsent, At: at.Add(-time.Hour)}}}
			if _, why := contact.May(known, c.ch, at); why != c.want {
				t.Errorf("why = %q, want %q", why, c.want)
			}
			known.Asked = true
			if ok, _ := contact.May(known, c.ch, at); !ok {
				t.Error("an answer to what they just asked for is refused (COM-03)")
			}
		})
	}
}

func TestCOM01_EachSourceOfAPlaceAddsItsZones(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		phone, state, zip string
		want              int
	}{
		{"+12125550123", "NY", "10001", 1}, {"+12125550123", "NY", "90001", 2}, {"", "CA", "10001", 2},
		{"", "", "85001", 2}, {"", "", "96201", 8}, {"+12125550123", "TX", "83814", 5},
	} {
		if got := contact.Zones(c.phone, c.state, c.zip); len(got) != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestCOM04_AnAddressAtWorkNeedsThePersonsOwnWord(t *testing.T) {
	t.Parallel()
	at := eastern("2026-11-23 14:00")
	for address, business := range map[string]bool{"ana@gmail.com": false, "ana@Yahoo.com": false, "ana@cityhall.example": true, "": false} {
		if contact.Business(address) != business {
			t.Errorf("%q: business %v", address, !business)
		}
	}
	for basis, want := range map[contact.Basis]contact.Reason{
		contact.CreditorNotice: contact.EmployerEmail, contact.PriorCollector: contact.EmployerEmail, contact.DirectConsent: "", contact.InboundMessage: "",
	} {
		known := contact.Preferences{On: true, Address: "ana@cityhall.example", Employer: true, Zones: contact.Zones("", "NY", ""),
			Consents: []contact.Consent{{Basis: basis, At: at.Add(-contact.NoticeWait)}}}
		if _, why := contact.May(known, contact.Email, at); why != want {
			t.Errorf("%s: %q, want %q", basis, why, want)
		}
	}
}

func TestCOM11_CapsCountAndTheStricterWins(t *testing.T) {
	t.Parallel()
	at := eastern("2026-11-23 14:00")
	known := contact.Preferences{On: true, Address: "x", Zones: contact.Zones("", "NY", ""), Consents: []contact.Consent{{Basis: contact.DirectConsent, At: at}}}
	strict := contact.DefaultCaps().Stricter(contact.Caps{Week: 2, Day: 4})
	if strict != (contact.Caps{Day: 1, Week: 2, DebtDay: 1, DebtWeek: 3}) {
		t.Errorf("stricter = %+v", strict)
	}
	for _, c := range []struct {
		caps contact.Caps
		sent contact.Counts
		want contact.Reason
	}{
		{contact.DefaultCaps(), contact.Counts{}, ""},
		{contact.DefaultCaps(), contact.Counts{Day: 1, Week: 1}, contact.TooMany},
		{contact.DefaultCaps(), contact.Counts{Week: 2}, ""},
		{contact.DefaultCaps(), contact.Counts{Week: 3}, contact.TooMany},
		{strict, contact.Counts{Week: 2}, contact.TooMany},
		{contact.Caps{Day: 5, Week: 9, DebtWeek: 1}, contact.Counts{Day: 1, Week: 1, DebtWeek: 1}, contact.TooMany},
		{contact.Caps{}, contact.Counts{Day: 90, Week: 90}, ""},
	} {
		known.Caps, known.Sent = c.caps, c.sent
		if _, why := contact.May(known, contact.Email, at); why != c.want {
			t.Errorf("%+v: %q, want %q", c, why, c.want)
		}
	}
	known.Owed, known.Caps, known.Sent = true, contact.DefaultCaps(), contact.Counts{Day: 3}
	if ok, why := contact.May(known, contact.Email, at); !ok {
		t.Errorf("a notice that the law wants: %q", why)
	}
}

func TestCOM07_AStopEndsOnlyByTheSamePersonsNewWord(t *testing.T) {
	t.Parallel()
	at := eastern("2026-11-23 14:00")
	stop := contact.Suppression{Reason: contact.OptedOut, AccountID: "acc_1", At: at.Add(-time.Hour)}
	for _, c := range []struct {
		name string
		anew contact.Consent
		want contact.Reason
	}{
		{"agreed before", contact.Consent{Basis: contact.DirectConsent, AccountID: "acc_1", At: at.Add(-2 * time.Hour)}, contact.OptedOut},
		{"agreed after", contact.Consent{Basis: contact.DirectConsent, AccountID: "acc_1", At: at.Add(-time.Minute)}, ""},
		{"another agreed after", contact.Consent{Basis: contact.DirectConsent, AccountID: "acc_2", At: at.Add(-time.Minute)}, contact.OptedOut},
		{"START from the number itself", contact.Consent{Basis: contact.InboundMessage, AccountID: "acc_2", At: at.Add(-time.Minute)}, ""},
		{"a notice of the creditor after", contact.Consent{Basis: contact.CreditorNotice, AccountID: "acc_1", At: at.Add(-time.Minute)}, contact.OptedOut},
	} {
		known := contact.Preferences{On: true, Address: "x", Zones: contact.Zones("", "NY", ""), Suppressions: []contact.Suppression{stop}, Consents: []contact.Consent{c.anew}}
		if _, why := contact.May(known, contact.Email, at); why != c.want {
			t.Errorf("%s: %q, want %q", c.name, why, c.want)
		}
	}
}

func TestVAL12_AnAddressThatTookNothingIsNotUsedAgain(t *testing.T) {
	t.Parallel()
	at := eastern("2026-11-23 14:00")
	known := contact.Preferences{On: true, Address: "x", Zones: contact.Zones("", "NY", ""),
		Consents:     []contact.Consent{{Basis: contact.DirectConsent, At: at.Add(-time.Hour)}},
		Suppressions: []contact.Suppression{{Reason: contact.Unreachable, At: at.Add(-time.Minute)}}}
	if _, why := contact.May(known, contact.Email, at); why != contact.Unreachable {
		t.Errorf("why = %q", why)
	}
}

func TestCOM07_AnyWordsThatMayMeanStopDo(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]contact.Reading{
		"STOP": contact.ReadStop, "stop.": contact.ReadStop, " Stop texting me ": contact.ReadStop, "S.T.O.P": contact.ReadStop, "s t o p": contact.ReadStop,
		"QUIT": contact.ReadStop, "END": contact.ReadStop, "REVOKE": contact.ReadStop, "opt out": contact.ReadStop, "OPT-OUT": contact.ReadStop,
		"CANCEL": contact.ReadStop, "UNSUBSCRIBE": contact.ReadStop, "pls unsubscribe": contact.ReadStop, "please don't text me": contact.ReadStop,
		"don’t contact me again": contact.ReadStop, "Leave me alone!!": contact.ReadStop, "no more messages": contact.ReadStop,
		"can I stop my payment?": contact.ReadStop, "take me off your list": contact.ReadStop,
		"ALTO": contact.ReadStop, "No me escriban más": contact.ReadStop, "Ya no me manden mensajes": contact.ReadStop, "BASTA": contact.ReadStop,
		"déjenme en paz": contact.ReadStop, "quiero cancelar": contact.ReadStop,
		"WRONG": contact.ReadWrong, "wrong number": contact.ReadWrong, "This is not me": contact.ReadWrong, "Número equivocado": contact.ReadWrong,
		"wrong number, stop": contact.ReadStopWrong, "STOP wrong number": contact.ReadStopWrong, "not me": contact.ReadWrong, "No soy yo": contact.ReadWrong,
		"START": contact.ReadStart, "unstop": contact.ReadStart, "HELP": contact.ReadHelp, "Ayuda": contact.ReadHelp,
		"I get paid at the end of the month": contact.ReadOther, "lo tengo a fin de mes": contact.ReadOther,
		"Can I pay on Friday?": contact.ReadOther, "help me pay": contact.ReadOther, "": contact.ReadOther, "👍": contact.ReadOther,
	} {
		if got := contact.Read(text); got != want {
			t.Errorf("%q reads as %s, want %s", text, got, want)
		}
	}
}

// Craft F1: what is most often a dispute is nobody's wrong number, and a phrase
// ends where its last word does.
func TestCOM07_SMS03_AWordInASentenceMakesNobodyAStranger(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]contact.Reading{
		"The amount is wrong": contact.ReadOther, "You have the wrong amount, I paid $50 in May": contact.ReadOther,
		"whats wrong with my card, it was declined": contact.ReadOther, "I do not mean to be rude, can I pay Friday?": contact.ReadOther,
		"Please do not message me": contact.ReadStop, "do not message": contact.ReadStop, "I have not met that doctor": contact.ReadOther,
		"I did not mention it": contact.ReadOther, "STOP wrong number": contact.ReadStopWrong,
		"I dispute this bill. The amount is wrong, I paid $50 in May.": contact.ReadOther,
		"STOP, wrong amount, leave me alone":                           contact.ReadStop,
		"It was not me who went there":                                 contact.ReadOther, "You have the wrong number of visits": contact.ReadOther,
		"You got the wrong person": contact.ReadWrong, "Wrong number!!": contact.ReadWrong, "I don’t know this person": contact.ReadWrong,
		"El monto está equivocado": contact.ReadOther, "La cantidad es equivocada": contact.ReadOther, "No conozco a ese doctor": contact.ReadOther,
		"Tiene el número equivocado": contact.ReadWrong, "no me moleste": contact.ReadStop,
		"I do not contest it": contact.ReadOther, "there is no moreover": contact.ReadOther,
	} {
		if got := contact.Read(text); got != want {
			t.Errorf("%q reads as %s, want %s", text, got, want)
		}
	}
}

func TestCOM02_WordsThatNobodyHasReadHoldEverythingBackButWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	at := eastern("2026-11-23 14:00")
	for _, ch := range []contact.Channel{contact.SMS, contact.Email} {
		known := contact.Preferences{On: true, Address: "x", Zones: contact.Zones("", "NY", ""),
			Consents: []contact.Consent{{Basis: contact.DirectConsent, At: at.Add(-time.Hour)}}, Wish: contact.Wish{OwnWords: []byte("sealed")}}
		for _, owed := range []bool{false, true} {
			known.Owed = owed
			if _, why := contact.May(known, ch, at); why != contact.WordsUnread || why.Rule() != "COM-02" || why.Waits() {
				t.Errorf("%s, owed %v: %q", ch, owed, why)
			}
		}
		known.Asked = true
		if ok, why := contact.May(known, ch, at); !ok {
			t.Errorf("%s, a code they asked for: %q", ch, why)
		}
		known.Asked, known.Wish.WordsReadBy = false, "staff:stf_1"
		if ok, why := contact.May(known, ch, at); !ok {
			t.Errorf("%s, read: %q", ch, why)
		}
	}
}

func TestCOM02_WhoReadsTheWordsCanOnlyAddToWhatWasChosen(t *testing.T) {
	t.Parallel()
	days := func(all ...time.Weekday) []time.Weekday { return all }
	for _, c := range []struct{ chose, read, want contact.Wish }{
		{contact.Wish{}, contact.Wish{}, contact.Wish{}},
		{contact.Wish{NoSMS: true, Days: days(0)}, contact.Wish{NoEmail: true, NotAtWork: true, Days: days(6, 0)},
			contact.Wish{NoSMS: true, NoEmail: true, NotAtWork: true, Days: days(0, 6)}},
		{contact.Wish{From: 9, Until: 18}, contact.Wish{}, contact.Wish{From: 9, Until: 18}},
		{contact.Wish{}, contact.Wish{From: 12, Until: 21}, contact.Wish{From: 12, Until: 21}},
		{contact.Wish{From: 9, Until: 18}, contact.Wish{From: 8, Until: 12}, contact.Wish{From: 9, Until: 12}},
	} {
		got := c.chose.With(c.read)
		if got.NoSMS != c.want.NoSMS || got.NoEmail != c.want.NoEmail || got.NotAtWork != c.want.NotAtWork ||
			got.From != c.want.From || got.Until != c.want.Until || !slices.Equal(got.Days, c.want.Days) {
			t.Errorf("%+v with %+v is %+v", c.chose, c.read, got)
		}
	}
	if err := (contact.Wish{From: 9, Until: 12}).With(contact.Wish{From: 14, Until: 21}).Check(); !errors.Is(err, contact.ErrWish) {
		t.Errorf("no hour is left: %v", err)
	}
}

func TestCOM05_ACreditorsNoticeIsAGroundAfterItsThirtyFiveDays(t *testing.T) {
	t.Parallel()
	at := eastern("2026-11-23 14:00")
	for _, c := range []struct {
		sent     time.Duration // ago
		no       time.Duration // ago; 0: the consumer said nothing
		employer bool
		want     contact.Reason
	}{
		{35*24*time.Hour - time.Second, 0, false, contact.NoConsent},
		{35 * 24 * time.Hour, 0, false, ""},
		{90 * 24 * time.Hour, 0, false, ""},
		{90 * 24 * time.Hour, time.Hour, false, contact.NoConsent},
		{90 * 24 * time.Hour, 0, true, contact.EmployerEmail},
	} {
		known := contact.Preferences{On: true, Address: "x", Zones: contact.Zones("", "NY", ""), Employer: c.employer}
		if c.no > 0 {
			known.Consents = append(known.Consents, contact.Consent{Basis: contact.Withdrawn, At: at.Add(-c.no)})
		}
		known.Consents = append(known.Consents, contact.Consent{Basis: contact.CreditorNotice, At: at.Add(-c.sent)})
		if _, why := contact.May(known, contact.Email, at); why != c.want {
			t.Errorf("%+v: %q", c, why)
		}
		if _, why := contact.May(known, contact.SMS, at); why != contact.NoConsent && why != c.want {
			t.Errorf("a text on an e-mail's ground: %q", why)
		}
	}
}
