package paths

// Addresses of the collector's console.
const (
	Console         = "/console"
	ConsoleSignIn   = "/console/sign-in"  // GET and POST
	ConsoleSignOut  = "/console/sign-out" // POST
	ConsoleSearch   = "/console/search"   // POST: what is searched for never stands in an address
	ConsoleClaims   = "/console/claims"
	ConsoleWebhooks = "/console/webhooks"
	ConsoleReplay   = "/console/webhooks/replay" // POST
)

// ConsoleAccount is one account as the collector sees it.
func ConsoleAccount(id string) string { return "/console/accounts/" + id }

// ConsoleLinks takes the POST that sends a link to the consumer.
func ConsoleLinks(id string) string { return "/console/accounts/" + id + "/links" }

// Addresses of the demo.
const (
	Demo       = "/demo"
	DemoClock  = "/demo/clock" // POST
	DemoPhone  = "/demo/phone"
	DemoRecord = "/demo/system-of-record"
)
