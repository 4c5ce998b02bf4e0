package outbox

import (
	"errors"
	"time"

	"quittance/payments"
)

// Errors of this package.
var (
	ErrNoEvent      = errors.New("no such event")
	ErrNoEndpoint   = errors.New("no such endpoint")
	ErrNoPosting    = errors.New("nothing was posted for the event")
	ErrBusy         = errors.New("another process is numbering events")
	ErrBadURL       = errors.New("endpoint address must be an https URL of a public host")
	ErrBadType      = errors.New("no such type of event")
	ErrBadSecret    = errors.New("secret is not whsec_ and 24 to 64 bytes in base64")
	ErrForbidden    = errors.New("endpoint address is not on the public internet")
	ErrAnswer       = errors.New("the other system gave no answer")
	ErrPosted       = errors.New("the event was posted with another transaction id")
	ErrEmptyPosting = errors.New("a posting needs a transaction id or a refusal reason, not both")
	ErrNotPosted    = errors.New("events of this type are not posted")
	ErrClosed       = errors.New("endpoint is closed")
	ErrBadStatus    = errors.New("endpoint can be made active, paused or closed")
)

// EventID is the id of an event ("evt_…") and the webhook-id of its deliveries.
type EventID string

// EndpointID is the id of an endpoint ("ep_…").
type EndpointID string

// Event is one fact that systems of record are told. It is appended without a
// Position; the Sequencer gives it one.
type Event struct {
	ID         EventID
	Type       Type
	AccountID  string      // empty for events about the portal itself
	PaymentID  payments.ID // empty unless the event is about a payment
	EndpointID EndpointID  // only for endpoint.paused and endpoint.resumed
	Creditors  []string    // refs of the creditors whose debts it touches
	Facts      []byte      // JSON of Data, as stored; sequence is filled in per receiver
	Transfers  []string    // of the ledger, that it tells of; known while it is appended only
	OccurredAt time.Time
	Position   int64 // in the feed; 0 until it is sequenced
}

// EndpointStatus says whether deliveries are sent.
type EndpointStatus string

// Statuses of an endpoint. Paused and Disabled endpoints go on collecting
// deliveries, which are sent when they are resumed; Closed ones do not.
const (
	Active   EndpointStatus = "active"
	Paused   EndpointStatus = "paused"   // nothing but failures for 72 hours, or by hand
	Disabled EndpointStatus = "disabled" // the receiver answered 410 Gone
	Closed   EndpointStatus = "closed"   // removed by its owner
)

// Endpoint is where deliveries go.
type Endpoint struct {
	ID           EndpointID
	URL          string
	Description  string
	CreditorRef  string // when set, only this creditor's debts are told
	Types        []Type // empty means all
	Status       EndpointStatus
	Reason       string // why it is not active, in a code: "failing", "gone", "manual"
	Secrets      []Secret
	LastSequence int64
	FailingSince time.Time // first failure after the last success; zero when healthy
	Failures     int       // in a row
	AlertedAt    time.Time // last time its owner was warned of FailingSince
	HoldUntil    time.Time // the receiver asked for a pause
	CreatedAt    time.Time
	// PostsOnReceipt is the collector's word that its plain 2xx of a payment's
	// event means that the payment is booked. Without it, and without a
	// transaction id, no snapshot absorbs the payment: nothing else tells whether
	// a balance contains it. That credits grew by its amount does not, for money
	// that came another way does the same, and would hide the payment.
	PostsOnReceipt bool
}

// Secret is one signing secret, sealed. During a rotation there are two.
type Secret struct {
	Sealed   []byte
	NotAfter time.Time // zero for the current one
}

// DeliveryState is where a delivery stands.
type DeliveryState string

// States of a delivery.
const (
	Pending   DeliveryState = "pending"
	Delivered DeliveryState = "delivered"
	Exhausted DeliveryState = "exhausted" // ten attempts failed; it waits for a replay
)

// Delivery is one event on its way to one endpoint. Body holds the exact bytes
// that are signed and sent, so that a replay is byte for byte the same.
type Delivery struct {
	Endpoint    EndpointID
	Sequence    int64
	Event       EventID
	Type        Type
	Body        []byte
	OccurredAt  time.Time
	State       DeliveryState
	Attempts    int // in this round; a replay starts a new one
	NextAt      time.Time
	LeasedUntil time.Time
	DeliveredAt time.Time
}

// Attempt is one try to deliver.
type Attempt struct {
	At       time.Time
	Duration time.Duration
	Status   int    // HTTP status; 0 when there was no answer
	Class    Class  // what kind of outcome it was
	Reply    string // first 1 KB of the answer, valid UTF-8 without NUL
}

// Class says what became of an attempt, in the words the console shows.
type Class string

// Classes of attempts.
const (
	ClassOK       Class = "ok"
	ClassStatus   Class = "status"   // an answer other than 2xx
	ClassRedirect Class = "redirect" // 3xx, not followed
	ClassGone     Class = "gone"     // 410
	ClassThrottle Class = "throttle" // 429, 502 or 504
	ClassTimeout  Class = "timeout"
	ClassDNS      Class = "dns"
	ClassTLS      Class = "tls"
	ClassRefused  Class = "refused" // connection refused or reset
	ClassBlocked  Class = "blocked" // the address is not on the public internet
	ClassNetwork  Class = "network" // any other failure on the way
	ClassSecret   Class = "secret"  // our own signing secret could not be opened
)

// Posting is what a receiver said it did with an event: the transaction in its
// books, or why there will be none. With neither it is booked by its receipt
// (Endpoint.PostsOnReceipt).
type Posting struct {
	Event         EventID
	CreditorRef   string // empty for the collector's own system of record
	TransactionID string
	Refusal       string
	PostedAt      time.Time
}

// Unposted is an event that was received but not yet posted.
type Unposted struct {
	Event       EventID
	Type        Type
	PaymentID   payments.ID
	Endpoint    EndpointID
	Sequence    int64
	DeliveredAt time.Time
	Refusal     string // set when the system of record refused it
}
