package consumer

// Factor is the personal detail the agency checks beside the reference code.
type Factor string

// The details an agency may choose from.
const (
	FactorZIP   Factor = "zip"
	FactorBirth Factor = "birth"
)

// Verify asks for the one personal detail.
//
// POST /verify with "zip", or with "birth_month" (1 to 12), "birth_day" and
// "birth_year"; POST /verify/digits with the same asks for six digits.
type Verify struct {
	Base
	Factor Factor
	ZIP    Input
	Birth  Birth
	// Failed is the one answer to every mismatch: wrong code, wrong detail,
	// closed or unknown account read the same (DSC-04).
	Failed bool
	// HoldSeconds, when above zero, says how long to wait before the same is sent
	// again: nothing was looked at, and what was typed stays.
	HoldSeconds int
	Asked       bool // six digits were asked for, and something is missing
	// NotMePath is the POST address of "this is not me"; set for a visitor who
	// came by a texted link, empty otherwise.
	NotMePath string
}

// offers reports whether six digits may be asked for: by everybody whose details
// did not open, or who has to wait, but by no link, which came to a contact itself.
func (p Verify) offers() bool { return p.NotMePath == "" && (p.Failed || p.Asked || p.HoldSeconds > 0) }

// Birth is a date of birth as typed, in three fields.
type Birth struct {
	Month, Day, Year string
	Problem          string
}

// VerifyCode asks for the six digits that were sent to the phone or address on
// file, which is not shown.
//
// POST /verify/code with "code"; POST /verify/code/resend sends another. Of digits
// that were asked for nobody is told whether they were sent.
type VerifyCode struct {
	Base
	Channel     Channel
	Code        Input
	Resent      bool // another code is on its way
	WaitMinutes int  // until another code may be sent
}

// Channel is the way a code was sent.
type Channel string

// The ways there are.
const (
	ChannelSMS   Channel = "sms"
	ChannelEmail Channel = "email"
	ChannelAsked Channel = "asked" // by whichever there is, if the details are right
)
