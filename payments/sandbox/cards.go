package sandbox

// decline is a bank's refusal in Stripe's three words.
type decline struct{ code, declineCode, message string }

// challenge says when a card asks for 3-D Secure.
type challenge int

const (
	challengeNever challenge = iota
	challengeUnlessSetUp
	challengeAlways
	challengeOnSession // only while the person is there
)

// testCard is one of Stripe's test numbers and what it does.
type testCard struct {
	number, id, brand, funding string
	challenge                  challenge
	decline                    decline // what the bank says to a charge
	dispute                    string  // the reason of the dispute that follows
	warning                    bool    // an early fraud warning follows
	available                  bool    // money skips the pending balance
	refund                     string  // how a refund goes: "pending" or "failed"
	attaches                   bool    // attaches to a customer although it will be declined
}

var (
	generic      = decline{"card_declined", "generic_decline", "Your card was declined."}
	insufficient = decline{"card_declined", "insufficient_funds", "Your card has insufficient funds."}
	lost         = decline{"card_declined", "lost_card", "Your card was declined."}
	stolen       = decline{"card_declined", "stolen_card", "Your card was declined."}
	velocity     = decline{"card_declined", "card_velocity_exceeded", "Your card was declined for making repeated attempts too frequently or exceeding its amount limit."}
	fraudulent   = decline{"card_declined", "fraudulent", "Your card was declined."}
	expired      = decline{"expired_card", "", "Your card has expired."}
	wrongCVC     = decline{"incorrect_cvc", "", "Your card's security code is incorrect."}
	processing   = decline{"processing_error", "", "An error occurred while processing your card. Try again in a little bit."}
	unproven     = decline{"authentication_required", "authentication_required", "Your card was declined. This transaction requires authentication."}
	wrongNumber  = decline{"incorrect_number", "", "Your card number is incorrect."}
	notProven    = decline{"payment_intent_authentication_failure", "", "We are unable to authenticate your payment method. Please choose a different payment method and try again."}
)

// testCards is Stripe's published table. The identifier is what a server passes
// ("pm_card_visa"); the number is what a person types.
var testCards = []testCard{
	{number: "4242424242424242", id: "visa", brand: "visa", funding: "credit"},
	{number: "4000056655665556", id: "visa_debit", brand: "visa", funding: "debit"},
	{number: "5555555555554444", id: "mastercard", brand: "mastercard", funding: "credit"},
	{number: "2223003122003222", id: "mastercard_2series", brand: "mastercard", funding: "credit"},
	{number: "5200828282828210", id: "mastercard_debit", brand: "mastercard", funding: "debit"},
	{number: "5105105105105100", id: "mastercard_prepaid", brand: "mastercard", funding: "prepaid"},
	{number: "378282246310005", id: "amex", brand: "amex", funding: "credit"},
	{number: "6011111111111117", id: "discover", brand: "discover", funding: "credit"},
	{number: "3056930009020004", id: "diners", brand: "diners", funding: "credit"},
	{number: "3566002020360505", id: "jcb", brand: "jcb", funding: "credit"},
	{number: "6200000000000005", id: "unionpay", brand: "unionpay", funding: "credit"},

	{number: "4000000000000002", id: "chargeDeclined", brand: "visa", funding: "credit", decline: generic},
	{number: "4000000000009995", id: "chargeDeclinedInsufficientFunds", brand: "visa", funding: "credit", decline: insufficient},
	{number: "4000000000009987", id: "chargeDeclinedLostCard", brand: "visa", funding: "credit", decline: lost},
	{number: "4000000000009979", id: "chargeDeclinedStolenCard", brand: "visa", funding: "credit", decline: stolen},
	{number: "4000000000006975", id: "chargeDeclinedVelocityLimitExceeded", brand: "visa", funding: "credit", decline: velocity},
	{number: "4100000000000019", id: "radarBlock", brand: "visa", funding: "credit", decline: fraudulent},
	{number: "4000000000000069", id: "chargeDeclinedExpiredCard", brand: "visa", funding: "credit", decline: expired},
	{number: "4000000000000127", id: "chargeDeclinedIncorrectCvc", brand: "visa", funding: "credit", decline: wrongCVC},
	{number: "4000000000000119", id: "chargeDeclinedProcessingError", brand: "visa", funding: "credit", decline: processing},
	{number: "4000000000000341", id: "chargeCustomerFail", brand: "visa", funding: "credit", decline: generic, attaches: true},

	{number: "4000002500003155", id: "authenticationRequiredOnSetup", brand: "visa", funding: "credit", challenge: challengeUnlessSetUp},
	{number: "4000002760003184", id: "authenticationRequired", brand: "visa", funding: "credit", challenge: challengeAlways},
	{number: "4000003800000446", id: "authenticationRequiredSetupForOffSession", brand: "visa", funding: "credit", challenge: challengeOnSession},
	{number: "4000008260003178", id: "authenticationRequiredChargeDeclinedInsufficientFunds", brand: "visa", funding: "credit", challenge: challengeAlways, decline: insufficient},
	{number: "4000000000003220", id: "threeDSecure2Required", brand: "visa", funding: "credit", challenge: challengeAlways},
	{number: "4000000000003063", id: "threeDSecureRequired", brand: "visa", funding: "credit", challenge: challengeAlways},
	{number: "4000008400001629", id: "threeDSecureRequiredChargeDeclined", brand: "visa", funding: "credit", challenge: challengeAlways, decline: generic},
	{number: "4000008400001280", id: "threeDSecureRequiredProcessingError", brand: "visa", funding: "credit", challenge: challengeAlways, decline: processing},
	{number: "4000000000003055", id: "threeDSecureOptional", brand: "visa", funding: "credit"},

	{number: "4000000000000259", id: "createDispute", brand: "visa", funding: "credit", dispute: "fraudulent"},
	{number: "4000000000002685", id: "createDisputeProductNotReceived", brand: "visa", funding: "credit", dispute: "product_not_received"},
	{number: "4000000000001976", id: "createDisputeInquiry", brand: "visa", funding: "credit", dispute: "inquiry"},
	{number: "4000000000005423", id: "createIssuerFraudRecord", brand: "visa", funding: "credit", warning: true},
	{number: "4000000000000077", id: "bypassPending", brand: "visa", funding: "credit", available: true},
	{number: "4000000000007726", id: "pendingRefund", brand: "visa", funding: "credit", refund: "pending"},
	{number: "4000000000005126", id: "refundFail", brand: "visa", funding: "credit", refund: "failed"},
}

// cardByNumber returns the row of a typed number.
func cardByNumber(number string) (testCard, bool) {
	for _, c := range testCards {
		if c.number == number {
			return c, true
		}
	}
	return testCard{}, false
}

// cardByID returns the row of pm_card_… or tok_…; Stripe also knows the declined
// ones with "visa_" before their name.
func cardByID(name string) (testCard, bool) {
	for _, c := range testCards {
		if c.id == name || "visa_"+c.id == name {
			return c, true
		}
	}
	return testCard{}, false
}

// luhn is the check that every card number passes.
func luhn(number string) bool {
	sum, double := 0, false
	for i := len(number) - 1; i >= 0; i-- {
		d := int(number[i] - '0')
		if d < 0 || d > 9 {
			return false
		}
		if double {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum, double = sum+d, !double
	}
	return len(number) >= 12 && sum%10 == 0
}
