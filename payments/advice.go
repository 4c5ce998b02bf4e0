package payments

// ReviewKind says who must look at why a charge came back.
type ReviewKind string

// Kinds of reviews.
const (
	ReviewNone       ReviewKind = ""
	ReviewIdentity   ReviewKind = "identity"   // wrong payer or identity theft (R10)
	ReviewDeceased   ReviewKind = "deceased"   // the account's holder or payee has died (STS-02)
	ReviewCompliance ReviewKind = "compliance" // frozen account (R16)
	ReviewOurError   ReviewKind = "our_error"  // our date, amount or entry class was wrong
)

// Advice is what a failure means for the plan that charged the method.
type Advice struct {
	MayRetry     bool       // on a day that the consumer confirmed, within the cap (ACH-05)
	MethodOff    bool       // the method must never be charged again
	Pause        bool       // the plan waits for the consumer
	Cancel       bool       // the authorization ended: the schedule ends
	AskNewMethod bool       // the consumer is asked for another method
	Review       ReviewKind // somebody must look
	Rule         string     // the rule behind it
}

// Advise says what a failure of a method means for later charges. A code that
// is not known is not tried again, and the method is kept.
func Advise(_ Failure, _ Method) Advice { return Advice{} }
