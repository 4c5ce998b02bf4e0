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
// id, "step:" and the account's id, "staff:" and a keyed hash of the address.
type Attempt struct {
	Bucket  string
	At      time.Time
	Outcome Outcome
	// Budgeted marks a try at a code that exists: those count against the
	// agency's budget. Tries at codes that do not exist find nothing (45 bits)
	// and must not keep anybody out.
	Budgeted bool
	// Visitor is the address of the visitor's socket, for the audit alone;
	// may be empty.
	Visitor string
}

// Limits of trying (S3, SEC-07, NIST 800-63B: 100 in a row).
const (
	MostInARow = 100
	MostADay   = 20
	// BudgetAnHour is how many failures at existing codes an agency bears in an
	// hour. Beyond it typed codes are refused as fast as the hour moves on;
	// links and the help of a collector stay open (S4).
	BudgetAnHour = 500
)

const day = 24 * time.Hour

// delays is how long to wait after the first, second, … failure in a row. A
// typing mistake costs nothing; the last delay holds for all that follow.
var delays = []time.Duration{0, 0, 30 * time.Second, 5 * time.Minute, time.Hour}

// Decision says whether a try may be looked at now.
type Decision struct {
	Allowed bool
	Wait    time.Duration // until one may; zero when Locked
	Locked  bool          // until a collector helps
}

// Decide judges a bucket by its past tries, oldest first. A success clears.
func Decide(past []Attempt, now time.Time) Decision {
	failures := sinceSuccess(past)
	n := len(failures)
	switch {
	case n == 0:
		return Decision{Allowed: true}
	case n >= MostInARow:
		return Decision{Locked: true}
	}
	free := failures[n-1].At.Add(delays[min(n, len(delays))-1])
	if n >= MostADay {
		free = later(free, failures[n-MostADay].At.Add(day))
	}
	if now.Before(free) {
		return Decision{Wait: free.Sub(now)}
	}
	return Decision{Allowed: true}
}

func sinceSuccess(past []Attempt) []Attempt {
	failures := make([]Attempt, 0, len(past))
	for _, a := range past {
		switch a.Outcome {
		case Failed:
			failures = append(failures, a)
		case Passed, Cleared:
			failures = failures[:0]
		case Refused:
		}
	}
	return failures
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
