package identity

import (
	"bytes"
	"time"
)

// Outcome is how a try at identifying went.
type Outcome string

// Outcomes. Refused tries were not looked at, or changed nothing: the bucket had
// to wait, the same answer was judged already, or possession has to be shown too.
const (
	Failed  Outcome = "failed"
	Passed  Outcome = "passed"
	Cleared Outcome = "cleared" // somebody of the agency helped, and the count begins anew
	Refused Outcome = "refused"
)

// Attempt is one try. Bucket is what tries are counted by: "code:" and the blind
// index in hex, "link:" with the account's id and the address that links went to,
// "step:" and the account's id, "staff:" and a keyed hash of the address; behind it
// "/known:" and the id of a browser that was let in before, "/at:" and where a
// stranger to the console is, or "/all" of such strangers together.
type Attempt struct {
	Bucket  string
	At      time.Time
	Outcome Outcome
	// Budgeted marks a try at a code that exists: those count against the
	// agency's budget. Tries at codes that do not exist find nothing (45 bits)
	// and must not keep anybody out.
	Budgeted bool
	// Given is the keyed hash of the fact of a failure; may be empty.
	Given []byte
	// Visitor is the address of the visitor's socket, for the audit alone;
	// may be empty.
	Visitor string
	// Tally is where it is counted when it is not kept.
	Tally Slot
	// Nobody says that what was tried does not exist.
	Nobody bool
}

// Kept reports whether the try is a row. What nobody has, and what was not looked
// at, is a number alone: strangers can make as much of it as they like.
func (a Attempt) Kept() bool { return !a.Nobody && a.Outcome != Refused }

// Limits of trying (S3, SEC-07, NIST 800-63B: 100 in a row). Beyond them no fact
// alone is looked at, so that nobody learns whether it is right: possession opens
// (a texted link, six digits, a browser that was in before), or a person of the
// agency. What is older than FailuresFor counts no more: no lock is for ever.
const (
	MostInARow  = 100
	MostADay    = 20
	FailuresFor = 90 * day
)

const day = 24 * time.Hour

// delays is how long to wait after the first, second, … failure in a row. A
// typing mistake costs nothing; the last delay holds for all that follow.
var delays = []time.Duration{0, 0, 30 * time.Second, 5 * time.Minute, time.Hour}

// Decision says whether a try may be looked at now.
type Decision struct {
	Allowed bool
	Wait    time.Duration // until one may
}

// Capped reports whether it is more than a pause between two tries.
func (d Decision) Capped() bool { return d.Wait > delays[len(delays)-1] }

// Decide judges a bucket by its past tries, oldest first. A success clears.
func Decide(past []Attempt, now time.Time) Decision {
	failures := sinceSuccess(past, now)
	n := len(failures)
	if n == 0 {
		return Decision{Allowed: true}
	}
	free := later(failures[n-1].At.Add(delays[min(n, len(delays))-1]), cappedUntil(failures))
	if now.Before(free) {
		return Decision{Wait: free.Sub(now)}
	}
	return Decision{Allowed: true}
}

// cappedUntil is when failures are few enough again for one more; zero when they
// are.
func cappedUntil(failures []Attempt) (until time.Time) {
	n := len(failures)
	if n >= MostADay {
		until = failures[n-MostADay].At.Add(day)
	}
	if n >= MostInARow {
		until = later(until, failures[n-MostInARow].At.Add(FailuresFor))
	}
	return until
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func sinceSuccess(past []Attempt, now time.Time) []Attempt {
	failures := make([]Attempt, 0, len(past))
	for _, a := range past {
		switch a.Outcome {
		case Failed:
			if now.Before(a.At.Add(FailuresFor)) {
				failures = append(failures, a)
			}
		case Passed, Cleared:
			failures = failures[:0]
		case Refused:
		}
	}
	return failures
}

// judged reports whether the same answer was found wrong already: typing or
// sending it again is no new guess.
func judged(past []Attempt, given []byte, now time.Time) bool {
	for _, a := range sinceSuccess(past, now) {
		if len(a.Given) > 0 && bytes.Equal(a.Given, given) {
			return true
		}
	}
	return false
}
