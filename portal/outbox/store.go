package outbox

import (
	"context"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/portal/debt"
)

// Transactor runs fn in one transaction: all of it is kept or none. The context
// handed to fn carries the transaction; a nested call joins it.
type Transactor interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// Events is where the Recorder appends, inside the transaction of the domain
// change that it tells of.
type Events interface {
	// AppendEvent stores an event that has no Position yet, and by Transfers what is
	// posted once the system of record acknowledges it.
	AppendEvent(ctx context.Context, e Event) error
	// LatestEvent returns the id of a payment's latest event of one type, its
	// own transaction's included; ErrNoEvent when there is none.
	LatestEvent(ctx context.Context, paymentID payments.ID, t Type) (EventID, error)
}

// Books answers what an event says about an account, inside the transaction.
type Books interface {
	// AccountRef is the collector's own number of an account.
	AccountRef(ctx context.Context, accountID string) (string, error)
	// Owed is the ledger's balance of each debt, what this transaction posted
	// included and nothing left out (AMT-04): books are compared by it.
	Owed(ctx context.Context, debtIDs []string) (map[string]money.Cents, error)
	// PlanReversibleUntil is until when a bank may take back the last of the
	// payments that a plan was paid by; zero where none is behind it.
	PlanReversibleUntil(ctx context.Context, planID string) (time.Time, error)
}

// Sequence is what the Sequencer needs. Its methods are called in one
// transaction, LockSequence first; Unsequenced is also called before it, with
// limit 1, to see whether there is work.
type Sequence interface {
	// LockSequence lets one sequencer at a time go on, until the transaction
	// ends, and returns the last position given out (0 at first). A second one
	// waits, or gets ErrBusy.
	LockSequence(ctx context.Context) (int64, error)
	// Unsequenced lists committed events without a position in the order in
	// which they were inserted (by a rising row number, not by time or id).
	Unsequenced(ctx context.Context, limit int) ([]Event, error)
	// OpenEndpoints lists every endpoint that is not Closed; paused and
	// disabled ones still collect deliveries.
	OpenEndpoints(ctx context.Context) ([]Endpoint, error)
	// SaveNumbering stores positions, deliveries and last sequences.
	SaveNumbering(ctx context.Context, n Numbering) error
}

// Numbering is what one run of the Sequencer decided.
type Numbering struct {
	Positions  map[EventID]int64
	Last       int64 // the last position given out
	Deliveries []Delivery
	Sequences  map[EndpointID]int64 // LastSequence of each endpoint that got deliveries
}

// Queue is what the Deliverer claims from and reports to. Both writes are made
// for batches, so that many deliveries cost few statements.
type Queue interface {
	// DueEndpoints lists the endpoints that are Active, not held at the given
	// time (HoldUntil), and have a delivery that is Pending, due (NextAt) and
	// not leased.
	DueEndpoints(ctx context.Context, now time.Time) ([]EndpointID, error)
	// Claim leases up to c.Limit due deliveries of one endpoint until c.Until,
	// lowest sequence first, skipping those leased by others, and returns them
	// with the endpoint as it is now. It returns none when the endpoint is no
	// longer Active or is held.
	Claim(ctx context.Context, c Claim) (Endpoint, []Delivery, error)
	// Record ends the leases of a batch of results, inserts their attempts and,
	// where a result carries one, its Posting, unless one with a TransactionID
	// is held. A delivery that is no longer Pending keeps its state unless the
	// result is Delivered: a late failure never undoes a success. It may run
	// inside the caller's transaction.
	Record(ctx context.Context, results []Result) error
}

// Claim asks for due deliveries of one endpoint, the lowest sequences first.
type Claim struct {
	Endpoint   EndpointID
	After      int64 // only higher sequences; 0 asks for all
	Now, Until time.Time
	Limit      int
}

// Result is what became of one claimed delivery.
type Result struct {
	Endpoint    EndpointID
	Sequence    int64
	State       DeliveryState
	Attempts    int       // in this round, the one reported included
	NextAt      time.Time // when Pending
	DeliveredAt time.Time // when Delivered
	Attempt     Attempt
	Event       EventID
	Posting     *Posting // what the receiver answered it posted; nil when nothing
}

// Endpoints keeps where deliveries go.
type Endpoints interface {
	CreateEndpoint(ctx context.Context, e Endpoint) error
	// Endpoint loads and, in a transaction, locks an endpoint; ErrNoEndpoint.
	Endpoint(ctx context.Context, id EndpointID) (Endpoint, error)
	// Endpoints lists all, oldest first, Closed ones included.
	Endpoints(ctx context.Context) ([]Endpoint, error)
	// SaveEndpoint stores every field but ID, CreatedAt and LastSequence, which
	// is the Sequencer's.
	SaveEndpoint(ctx context.Context, e Endpoint) error
	// Requeue makes deliveries Pending and due at the given time with Attempts 0
	// and no lease, and returns how many.
	Requeue(ctx context.Context, s Selection, at time.Time) (int64, error)
}

// Selection says which deliveries of an endpoint are to be sent again. Empty
// fields select nothing away; From is inclusive, To is exclusive, both by the
// time of the event.
type Selection struct {
	Endpoint    EndpointID
	Event       EventID
	Types       []Type
	From, To    time.Time
	Undelivered bool // only those that are Pending or Exhausted
}

// Postings keeps what receivers said they did with an event.
type Postings interface {
	// Posting loads and, in a transaction, locks what was said of an event on
	// behalf of a creditor (empty: the collector's own system of record);
	// ErrNoPosting.
	Posting(ctx context.Context, event EventID, creditorRef string) (Posting, error)
	// SavePosting inserts or replaces by event and creditor, but never one that
	// has a TransactionID: that is ErrPosted. One with a TransactionID and no
	// CreditorRef is the acknowledgement that lets a later snapshot absorb the
	// payment; PostedAt is its time.
	SavePosting(ctx context.Context, p Posting) error
	// Unposted lists deliveries to endpoints without a CreditorRef that were
	// Delivered from one time, which may be zero, to before another, and whose
	// event asks for a posting (type in types) but was not booked, oldest first.
	Unposted(ctx context.Context, types []Type, from, before time.Time, limit int) ([]Unposted, error)
}

// History is read by the API and the console.
type History interface {
	// Event loads one event; ErrNoEvent.
	Event(ctx context.Context, id EventID) (Event, error)
	// Feed lists events that touch debts of the creditors, of all of them every
	// event, by rising position after q.After.
	Feed(ctx context.Context, of debt.Creditors, q FeedQuery) ([]Event, error)
	// Deliveries lists an endpoint's deliveries by rising sequence.
	Deliveries(ctx context.Context, endpoint EndpointID, after int64, limit int) ([]Delivery, error)
	// Attempts lists what was tried for one delivery, oldest first.
	Attempts(ctx context.Context, endpoint EndpointID, sequence int64) ([]Attempt, error)
}

// FeedQuery selects events of the feed.
type FeedQuery struct {
	After int64
	Since time.Time // events that occurred before are left out
	Limit int
}
