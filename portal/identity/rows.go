package identity

import (
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/represent"
)

// SessionID names a session ("ses_…", 128 random bits).
type SessionID string

// Audience is whom a session is for; each has its own signing key.
type Audience string

// The two audiences of sessions.
const (
	Consumers Audience = "consumer"
	Collector Audience = "staff"
)

// Path is how a session came to be; every way in is in this list (ASVS 6.1.3).
type Path string

// The ways in.
const (
	ByCode     Path = "code"
	ByLink     Path = "link"
	ByPassword Path = "password"
)

// Session is one visit. Times are UTC.
type Session struct {
	ID       SessionID
	Audience Audience
	// Subject is the account's id or the collector's.
	Subject string
	Path    Path
	// Speaker is who signed in for the consumer, and in what capacity; zero is the
	// consumer (DSC-05).
	Speaker   represent.Speaker
	LinkID    LinkID // empty but for ByLink
	SteppedUp bool   // possession of the contact on file was shown too
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time // the longest it may last
	EndedAt   time.Time // zero while it lives
	EndedWhy  string    // "signed out", "revoked", …
	// Device is what the browser is, in words of ours: "android chrome". Empty is
	// not known.
	Device string
}

// StepUpID names one request for a one-time code ("stp_…").
type StepUpID string

// StepUp is a one-time code on its way to the contact on file, and what the
// visitor had shown when it was sent.
type StepUp struct {
	ID        StepUpID
	AccountID debt.AccountID
	Speaker   represent.ID // whose code goes out; empty: the consumer's
	Path      Path
	LinkID    LinkID
	Channel   contact.Channel
	CodeHash  []byte // keyed; never the six digits
	CreatedAt time.Time
	SentAt    time.Time // of the newest code
	Sends     int
	Tries     int // against the newest code
	UsedAt    time.Time
}

// LinkID names a link ("lnk_…").
type LinkID string

// Link is a link that was sent to a consumer. Its token is nowhere; TokenHash
// is the SHA-256 of it.
type Link struct {
	ID        LinkID
	Reference string // "LNK-7KQ2M9XD", for people
	AccountID debt.AccountID
	Channel   contact.Channel
	// AddressHash is the keyed hash of the number or address it was sent to.
	AddressHash []byte
	TokenHash   []byte
	SentBy      string // who asked for it: "staff:stf_…", "token:tok_…" or "holder", by the link before it
	CallID      string // the call during which it was sent; may be empty
	CreatedAt   time.Time
	ExpiresAt   time.Time
	OpenedAt    time.Time // a person pressed Continue
	VerifiedAt  time.Time
	EndedAt     time.Time // revoked, or a stranger said so; not set by time
	EndedWhy    string    // EndedRevoked or EndedWrongPerson
	AskedAt     time.Time // its holder asked for a new one, and has no answer yet
}

// TokenID names an API token ("tok_…"); it is the token's jti.
type TokenID string

// APIToken is what is known of a token that was issued.
type APIToken struct {
	ID        TokenID
	Name      string
	Scopes    []string
	Creditors debt.Creditors // whose debts it may know of
	IssuedBy  string
	CreatedAt time.Time
	ExpiresAt time.Time
	RevokedAt time.Time
	RotatedAt time.Time // another took its place; it ends at ExpiresAt
	UsedAt    time.Time // of the last minute in which it was
}

// StaffID names a collector ("stf_…").
type StaffID string

// Staff is a person who uses the console.
type Staff struct {
	ID         StaffID
	Email      string // lower case
	Name       string
	Password   string // argon2id in its own text form
	Roles      []string
	CreatedAt  time.Time
	DisabledAt time.Time
}
