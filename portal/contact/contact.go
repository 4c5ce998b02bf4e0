package contact

// Channel is a way of writing to a person.
type Channel string

// The two channels.
const (
	SMS   Channel = "sms"
	Email Channel = "email"
)

// Reason says why a message must not be sent; empty when it may.
type Reason string

// Reasons.
const (
	ChannelOff    Reason = "channel_off"     // SMS-01: the agency does not send by this channel
	NoAddress     Reason = "no_address"      // there is no number or address, or it cannot be read
	WrongPerson   Reason = "wrong_person"    // SMS-03: it reached a stranger
	OptedOut      Reason = "opted_out"       // COM-07, SMS-06: the holder said stop
	NoConsent     Reason = "no_consent"      // SMS-02, COM-05: no recorded ground
	ConsentTooOld Reason = "consent_too_old" // SMS-02: none within 60 days
	QuietHours    Reason = "quiet_hours"     // COM-01: before 8:00 or after 21:00 there
)

// Basis is the ground on which an address may be used.
type Basis string

// Grounds, and their end.
const (
	DirectConsent  Basis = "direct_consent"  // the consumer agreed (SMS-02; COM-05 (i)(B))
	InboundMessage Basis = "inbound_message" // the consumer wrote from it (SMS-02; COM-05 (i)(A))
	NumberChecked  Basis = "number_checked"  // the reassigned numbers database was asked since (SMS-02)
	Withdrawn      Basis = "withdrawn"
)
