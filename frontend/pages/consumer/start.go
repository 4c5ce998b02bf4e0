package consumer

// Start is the front door: one field for the reference code. It says nothing of
// any debt.
//
// POST / with "code". GET /?ended=idle is where the idle warning leads when time
// is up.
type Start struct {
	Base
	Code Input
	// Ended is for whoever comes back after a session ended. It is believed of
	// those alone who are not signed in.
	Ended Ended
}

// Ended says why a person who was signed in stands at the start again.
type Ended string

// The ways a session ends.
const (
	EndedNot     Ended = ""
	EndedIdle    Ended = "idle"    // too long without a sign of life
	EndedExpired Ended = "expired" // the longest a session may last
	EndedOver    Ended = "over"    // from elsewhere, or by another sign-in here
)
