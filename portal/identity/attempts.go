package identity

import "time"

// Outcome is how a try at identifying went.
type Outcome string

// Outcomes. Refused tries were not looked at, because the bucket had to wait.
const (
	Failed  Outcome = "failed"
	Passed  Outcome = "passed"
	Cleared Outcome = "cleared" // a collector helped the consumer and let the count begin anew
	Refused Outcome = "refused"
)

// Attempt is one try. Bucket is what tries are counted by: "code:" and the
// blind index in hex whether or not such a code exists, "link:" and the link's
// id, "staff:" and a keyed hash of the address.
type Attempt struct {
	Bucket  string
	At      time.Time
	Outcome Outcome
	// Budgeted marks a try at a code that exists: those count against the
	// agency's budget.
	Budgeted bool
	// Visitor is the address of the visitor's socket, for the audit alone;
	// may be empty.
	Visitor string
}
