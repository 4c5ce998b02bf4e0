package consumer

// About is the subject the help page opens at.
type About string

// The subjects. Plan, Wrong and Help are the other doors of the account page;
// Code and Identity serve visitors before the identity check and say nothing of
// a debt.
const (
	AboutCode     About = "code"     // I do not have a code
	AboutIdentity About = "identity" // I cannot answer this question
	AboutPlan     About = "plan"     // pay over time
	AboutWrong    About = "wrong"    // something is wrong
	AboutHelp     About = "help"     // I need help
	AboutProof    About = "proof"    // ask for proof of a debt
	AboutCredit   About = "credit"   // why no credit cards
)

// Help says who to call and write to, and what can be done that way today.
// AboutHelp is a page of its own, HelpRoom.
type Help struct {
	Base
	About About
}

// Privacy says what is kept, why and for how long.
type Privacy struct{ Base }

// SignedOut confirms that the session is over.
type SignedOut struct{ Base }

// SessionExpired is shown when a form arrives after the session ended. Nothing
// was sent or charged.
type SessionExpired struct {
	Base
	// Kept is true when what was typed waits until the person has signed in again.
	Kept bool
}

// NotFound is the page for an address that is none. It is the same before and
// after the identity check.
type NotFound struct{ Base }

// Error is the page for what went wrong on our side.
type Error struct {
	Base
	Reference string // read aloud on the phone; found in the log
	// Paying is true when the fault came while a payment was being made: the page
	// then says not to pay again before checking.
	Paying bool
}

// TooMany asks to wait; used for every limit on how often a page may be asked.
type TooMany struct {
	Base
	WaitMinutes int
}

// Unavailable is the page while the portal cannot reach its database.
type Unavailable struct{ Base }

// TooLong is the page for typed text that cannot come along into the other
// language: the language stays, so that the text does.
type TooLong struct{ Base }

// CookiesOff is the page for a form of ours from a browser that keeps no cookies.
// What was typed is sent again with one press.
type CookiesOff struct {
	Base
	Action string // where the form was going
	Typed  []TypedField
}

// TypedField is one field of a form as it came.
type TypedField struct{ Name, Value string }

// Forbidden is the page for a form that did not come from us (403).
type Forbidden struct{ Base }
