package payments

// ReviewKind says who must look at why a charge came back.
type ReviewKind string

// Kinds of reviews.
const (
	ReviewNone       ReviewKind = ""
	ReviewIdentity   ReviewKind = "identity"   // wrong payer or identity theft (R10, R29)
	ReviewDeceased   ReviewKind = "deceased"   // the account's holder or payee has died (STS-02)
	ReviewCompliance ReviewKind = "compliance" // frozen account (R16)
	ReviewOurError   ReviewKind = "our_error"  // our date, amount or entry class was wrong
)

// Advice is what a failure means for the plan that charged the method. With
// MethodOff the mandate is off too: nothing is charged to it again.
type Advice struct {
	MayRetry     bool       // on a day that the consumer confirmed, within the cap (ACH-05, STR-09)
	MethodOff    bool       // the method must never be charged again
	Pause        bool       // the plan waits for the consumer
	Cancel       bool       // the authorization has ended: the schedule ends
	AskNewMethod bool       // the consumer is asked for another method
	Review       ReviewKind // somebody must look
	Rule         string     // the rule behind it; empty for a code that is not known
}

// Advices that several codes share.
var (
	retryDebit = Advice{MayRetry: true, Rule: "ACH-05"}
	otherDebit = Advice{MethodOff: true, AskNewMethod: true, Rule: "ACH-05"}
	retryCard  = Advice{MayRetry: true, Rule: "STR-09"}
	otherCard  = Advice{MethodOff: true, AskNewMethod: true, Rule: "STR-09"}
	deceased   = Advice{MethodOff: true, Cancel: true, Review: ReviewDeceased, Rule: "STS-02"}
	thirdParty = Advice{MethodOff: true, AskNewMethod: true, Review: ReviewIdentity, Rule: "ACH-05"}
	revoked    = Advice{MethodOff: true, Cancel: true, Rule: "STR-09"}
)

// byReturn is the table of return codes (rules.md J).
var byReturn = map[string]Advice{
	"R01": retryDebit,
	"R02": otherDebit,
	"R03": otherDebit,
	"R04": otherDebit,
	"R05": {MethodOff: true, AskNewMethod: true, Review: ReviewOurError, Rule: "ACH-05"},
	"R07": {MethodOff: true, Cancel: true, Rule: "ACH-05"},
	"R08": {Pause: true, Rule: "ACH-05"},
	"R09": retryDebit,
	"R10": {MethodOff: true, Cancel: true, Review: ReviewIdentity, Rule: "ACH-05"},
	"R11": {Pause: true, Review: ReviewOurError, Rule: "ACH-05"},
	"R14": deceased,
	"R15": deceased,
	"R16": {MethodOff: true, Review: ReviewCompliance, Rule: "ACH-05"},
	"R20": otherDebit,
	"R29": thirdParty,
	"R31": thirdParty,
}

// byDebit is of bank accounts whose failure has no return code.
var byDebit = map[string]Advice{
	FailureElsewhere:                      retryDebit,
	FailureNeedsConsumer:                  {Pause: true, Rule: "STR-08"},
	"payment_method_bank_account_blocked": {MethodOff: true, AskNewMethod: true, Rule: "STR-15"},
	"payment_intent_mandate_invalid":      {MethodOff: true, AskNewMethod: true, Rule: "STR-12"},
}

// byCard is of cards. What is tried again may work on another day with nothing
// changed; what turns the method off never will (STR-09).
var byCard = map[string]Advice{
	FailureNeedsConsumer: {Pause: true, Rule: "STR-08"},
	FailureElsewhere:     retryCard,

	"insufficient_funds":              retryCard,
	"withdrawal_count_limit_exceeded": retryCard,
	"card_velocity_exceeded":          retryCard,
	"issuer_not_available":            retryCard,
	"processing_error":                retryCard,
	"reenter_transaction":             retryCard,
	"try_again_later":                 retryCard,

	"stolen_card":             otherCard,
	"lost_card":               otherCard,
	"pickup_card":             otherCard,
	"do_not_try_again":        otherCard,
	"transaction_not_allowed": otherCard,
	"expired_card":            otherCard,
	"incorrect_number":        otherCard,
	"invalid_number":          otherCard,
	"invalid_account":         otherCard,
	"card_not_supported":      otherCard,
	"restricted_card":         otherCard,

	"stop_payment_order":               {Pause: true, Rule: "STR-09"},
	"revocation_of_authorization":      revoked,
	"revocation_of_all_authorizations": revoked,
}

// Advise says what a failure of a method means for later charges. A code that
// is not known is not tried again, and the method is kept.
func Advise(f Failure, m Method) Advice {
	if m == Card {
		return byCard[f.Code]
	}
	if a, known := byReturn[f.ReturnCode]; known {
		return a
	}
	return byDebit[f.Code]
}
