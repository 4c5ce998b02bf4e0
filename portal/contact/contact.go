package contact

import "time"

// Channel is a way of writing to a person.
type Channel string

// The two channels.
const (
	SMS   Channel = "sms"
	Email Channel = "email"
)

// Reason says why a message must not be sent; empty when it may.
type Reason string

// Reasons, in the order in which May looks for them.
const (
	ChannelOff    Reason = "channel_off"       // the agency does not send by this channel
	NoAddress     Reason = "no_address"        // there is no number or address, or it cannot be read
	WrongPerson   Reason = "wrong_person"      // it reached a stranger
	OptedOut      Reason = "opted_out"         // the holder said stop
	ClosedThere   Reason = "closed_there"      // the law of the place closes the channel
	NoConsent     Reason = "no_consent"        // no recorded ground
	ConsentTooOld Reason = "consent_too_old"   // no ground renewed or number checked within 60 days
	AskedNotTo    Reason = "asked_not_to"      // the person wants nothing by the channel
	Unreachable   Reason = "unreachable"       // messages to the address came back
	WordsUnread   Reason = "words_unread"      // they said how to write to them, and nobody has read it
	EmployerEmail Reason = "employer_email"    // an address at work that the person did not give us
	QuietHours    Reason = "quiet_hours"       // before 8:00 or after 21:00 somewhere they may be
	Inconvenient  Reason = "inconvenient"      // a day or hour that they asked us to leave out
	TooMany       Reason = "too_many_messages" // they got as many of late as they may
)

// Waits reports whether the reason passes by itself: a message may wait for it.
func (r Reason) Waits() bool { return r == QuietHours || r == Inconvenient || r == TooMany }

// rules names the rule behind each reason.
var rules = map[Reason]string{
	ChannelOff: "SMS-01", NoAddress: "SMS-02", WrongPerson: "SMS-03", OptedOut: "COM-07",
	ClosedThere: "STA-02", NoConsent: "SMS-02", ConsentTooOld: "SMS-02", QuietHours: "COM-01",
	AskedNotTo: "COM-02", WordsUnread: "COM-02", Unreachable: "VAL-12", EmployerEmail: "COM-04", Inconvenient: "COM-02", TooMany: "COM-11",
}

// Rule is the id of the rule behind the reason; empty for no reason.
func (r Reason) Rule() string { return rules[r] }

// Basis is the ground on which an address may be used.
type Basis string

// Grounds, and their end.
const (
	DirectConsent  Basis = "direct_consent"  // the consumer agreed (SMS-02; COM-05 (i)(B))
	InboundMessage Basis = "inbound_message" // the consumer wrote from it (SMS-02; COM-05 (i)(A))
	CreditorNotice Basis = "creditor_notice" // e-mail only: notice with 35 days to opt out, as of its day (COM-05 (ii))
	PriorCollector Basis = "prior_collector" // e-mail only (COM-05 (iii))
	NumberChecked  Basis = "number_checked"  // the reassigned numbers database was asked since (SMS-02)
	Withdrawn      Basis = "withdrawn"
)

// Valid reports whether b may be recorded for the channel.
func (b Basis) Valid(ch Channel) bool {
	switch b {
	case DirectConsent, InboundMessage, Withdrawn:
		return true
	case CreditorNotice, PriorCollector:
		return ch == Email
	case NumberChecked:
		return ch == SMS
	}
	return false
}

// Hours are those in which a person may be written to, where they are (COM-01).
const (
	EarliestHour = 8
	LatestHour   = 21
)

// Freshness is how long a ground for texting holds without being renewed
// (SMS-02).
const Freshness = 60 * 24 * time.Hour

// NoticeWait is how long a consumer has to say no to a creditor's notice that a
// collector will write to their e-mail address (COM-05 (ii)): it is a ground
// only after that.
const NoticeWait = 35 * 24 * time.Hour

// Preferences is all that is known about writing to one address of a person.
type Preferences struct {
	On           bool // the agency sends by the channel
	Address      string
	Zones        []*time.Location // everywhere the person may be; see Zones
	Consents     []Consent        // newest first
	Suppressions []Suppression
	Wish         Wish
	Caps         Caps
	Sent         Counts
	Employer     bool    // the e-mail address looks like one at work
	ConsentOnly  bool    // no ground but the person's own consent; see Place
	Closed       []Hours // in which the law of the place closes the channel
	// Owed is true of a notice that the law wants sent: no cap stands against it.
	Owed bool
	// Security is true of a word about the safety of the account to a contact that
	// was on file (SEC-12). That a ground was never given, or grew old, does not
	// stand against it; one that was taken back does, so does the law of a place
	// that wants the person's own, and so does everything else.
	Security bool
	// Asked is true when the person asked for this very message a moment ago:
	// neither the hour nor a consent stands against it then, nor a stop, but a
	// number that reached a stranger does.
	Asked bool
}

// May reports whether a message may be sent at the given time, and if not, why.
func May(p Preferences, ch Channel, at time.Time) (bool, Reason) {
	r := refusal(p, ch, at)
	return r == "", r
}

func refusal(p Preferences, ch Channel, at time.Time) Reason {
	switch {
	case !p.On:
		return ChannelOff
	case p.Address == "":
		return NoAddress
	case suppressed(p.Suppressions, WrongPerson):
		return WrongPerson
	case p.Asked:
		return ""
	case p.stopped(OptedOut):
		return OptedOut
	case p.Wish.off(ch):
		return AskedNotTo
	case p.stopped(Unreachable):
		return Unreachable
	}
	if p.closedFor() {
		return ClosedThere
	}
	if r := ground(p.consented(), ch, at); r != "" && (!p.Security || p.ConsentOnly || withdrawn(p.Consents)) {
		return r
	}
	switch {
	case p.Employer && !p.own():
		return EmployerEmail
	case p.Wish.Unread():
		return WordsUnread
	case !open(p.Zones, at), p.closedAt(at):
		return QuietHours
	case p.Wish.inconvenient(p.Zones, at):
		return Inconvenient
	case !p.Owed && p.Caps.full(p.Sent):
		return TooMany
	}
	return ""
}

func suppressed(all []Suppression, r Reason) bool {
	for _, s := range all {
		if s.Reason == r {
			return true
		}
	}
	return false
}

// stopped reports whether a stop, or a bounce, still counts: it ends when the
// same person agrees anew, or writes from the address itself.
func (p Preferences) stopped(r Reason) bool {
	for _, s := range p.Suppressions {
		if s.Reason == r && !p.after(s) {
			return true
		}
	}
	return false
}

func (p Preferences) after(s Suppression) bool {
	for _, c := range p.Consents {
		anew := c.Basis == InboundMessage || c.Basis == DirectConsent && c.AccountID == s.AccountID
		if anew && c.At.After(s.At) {
			return true
		}
	}
	return false
}

// own reports whether the person gave us the address, or used it with us,
// themselves (COM-04).
func (p Preferences) own() bool {
	for _, c := range p.Consents {
		switch c.Basis {
		case Withdrawn:
			return false
		case DirectConsent, InboundMessage:
			return true
		default:
		}
	}
	return false
}

// ground folds consents from the oldest to the newest. A check of the number
// renews a ground but is none.
func ground(newestFirst []Consent, ch Channel, at time.Time) Reason {
	held, fresh := false, time.Time{}
	for i := len(newestFirst) - 1; i >= 0; i-- {
		c := newestFirst[i]
		switch {
		case c.Basis == Withdrawn:
			held = false
		case c.Basis == NumberChecked:
			fresh = c.At
		case c.Basis == CreditorNotice && at.Sub(c.At) < NoticeWait:
			// The consumer may still say no.
		case c.Basis.Valid(ch):
			held, fresh = true, c.At
		}
	}
	if !held {
		return NoConsent
	}
	if ch == SMS && at.Sub(fresh) > Freshness {
		return ConsentTooOld
	}
	return ""
}

// withdrawn reports whether the last that was said of a ground is that it ends.
func withdrawn(newestFirst []Consent) bool {
	for _, c := range newestFirst {
		if c.Basis != NumberChecked {
			return c.Basis == Withdrawn
		}
	}
	return false
}

// open reports whether at falls into the hours of every zone.
func open(zones []*time.Location, at time.Time) bool {
	for _, z := range zones {
		if h := at.In(z).Hour(); h < EarliestHour || h >= LatestHour {
			return false
		}
	}
	return len(zones) > 0
}
