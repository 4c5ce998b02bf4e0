package paths

import "strconv"

// Addresses of the collector's console.
const (
	Console         = "/console"
	ConsoleSignIn   = "/console/sign-in"  // GET and POST
	ConsoleSignOut  = "/console/sign-out" // POST
	ConsoleSearch   = "/console/search"   // POST: what is searched for never stands in an address
	ConsoleClaims   = "/console/claims"
	ConsoleNotices  = "/console/notices" // validation notices that are owed
	ConsoleWebhooks = "/console/webhooks"
	ConsoleAlerts   = "/console/alerts"          // what the processor wants looked at; its POST marks one as seen
	ConsoleCredits  = "/console/credits"         // what was paid beyond debts
	ConsoleRefunds  = "/console/refunds"         // what of a payment stands on which debt; its POST sends some of it back
	ConsoleReplay   = "/console/webhooks/replay" // POST
	ConsoleDisputes = "/console/disputes"
	ConsoleRows     = "/console/rows" // rows of placements to look at; its POST decides on one
	ConsoleHeld     = "/console/held" // money that counts on no debt; its POST decides about it
)

// Where whoever is signed in changes their password, and where they sign in after it.
const (
	ConsolePassword       = "/console/password"
	ConsolePasswordChosen = ConsoleSignIn + "?password=chosen"
)

// The second step of signing in, and where an app is set up for it.
const (
	ConsoleSecondStep   = "/console/code"
	ConsoleApp          = "/console/app"
	ConsoleSignInLate   = ConsoleSignIn + "?step=late" // the second step took too long
	ConsoleSignInNewApp = ConsoleSignIn + "?app=new"
)

// What lets a person in, and where they are signed in.
const (
	ConsoleSecurity          = "/console/security"
	ConsoleSecurityRecovered = ConsoleSecurity + "?by=recovery"
	ConsoleSecuritySessions  = "/console/security/sessions" // POST: ends one
	ConsoleSecurityCodes     = "/console/security/codes"    // POST makes ten new recovery codes; GET shows them
	ConsoleSecurityApp       = "/console/security/app"
)

// ConsoleInvitation is where a person chooses a password, once.
func ConsoleInvitation(token string) string { return "/console/invitations/" + token }

// ConsoleAccount is one account as the collector sees it.
func ConsoleAccount(id string) string { return "/console/accounts/" + id }

// ConsoleSeen lists what the person of an account saw.
func ConsoleSeen(id string) string { return "/console/accounts/" + id + "/seen" }

// ConsoleSight is one page as it was seen.
func ConsoleSight(id string, number int64) string {
	return ConsoleSeen(id) + "/" + strconv.FormatInt(number, 10)
}

// ConsoleLinks takes the POST that sends a link to the consumer.
func ConsoleLinks(id string) string { return "/console/accounts/" + id + "/links" }

// ConsoleStopPayment takes the POST that gives up a payment before it is sent.
func ConsoleStopPayment(account, id string) string {
	return ConsoleAccount(account) + "/payments/" + id + "/stop"
}

// ConsoleAccess is the code of an account and the ways to let its consumer in
// again.
func ConsoleAccess(id string) string { return "/console/accounts/" + id + "/access" }

// ConsoleAccessClear takes the POST that lets them try again at once.
func ConsoleAccessClear(id string) string { return ConsoleAccess(id) + "/clear" }

// ConsoleAccessRenew takes the POST that gives them a new code.
func ConsoleAccessRenew(id string) string { return ConsoleAccess(id) + "/renew" }

// ConsoleDoors is how the doors of consumers stand.
const ConsoleDoors = "/console/sign-ins"

// ConsoleRefundAsked is a payment of which an amount was just asked to go back.
func ConsoleRefundAsked(reference, amount string) string {
	return ConsoleRefunds + "?reference=" + reference + "&asked=" + amount
}

// ConsoleCredit takes the POST that sends one back, or says what became of it.
func ConsoleCredit(id string) string { return ConsoleCredits + "/" + id }

// ConsoleDispute is one dispute as those who answer it see it; its POST answers.
func ConsoleDispute(id string) string { return "/console/disputes/" + id }

// ConsoleDisputeClose takes the POST that closes it in the consumer's favor.
func ConsoleDisputeClose(id string) string { return "/console/disputes/" + id + "/close" }

// ConsoleClaimFile is one file of a claim, as a download.
func ConsoleClaimFile(id, file string) string { return ConsoleClaims + "/" + id + "/files/" + file }

// ConsoleDisputeFile is one of its files, as a download.
func ConsoleDisputeFile(id, file string) string { return "/console/disputes/" + id + "/files/" + file }

// Addresses of the demo.
const (
	Demo       = "/demo"
	DemoClock  = "/demo/clock" // POST
	DemoPhone  = "/demo/phone"
	DemoRecord = "/demo/system-of-record"
)

// ConsoleRepresentatives is who may speak for the consumer of an account; its
// POST records somebody.
func ConsoleRepresentatives(id string) string { return "/console/accounts/" + id + "/representatives" }

// ConsoleRepresentativeEnd takes the POST that ends what one may do.
func ConsoleRepresentativeEnd(id, representative string) string {
	return ConsoleRepresentatives(id) + "/" + representative + "/end"
}
