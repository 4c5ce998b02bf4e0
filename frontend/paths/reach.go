package paths

// Addresses about how a person is reached.
const (
	Preferences = "/preferences"           // GET and POST
	Cease       = "/preferences/stop"      // GET and POST
	CeaseUndo   = "/preferences/stop/undo" // POST
	Messages    = "/messages"              // GET and POST
)

// NewContact changes the address, the phone or the e-mail.
func NewContact(part string) string { return Preferences + "/new/" + part }

// CheckContact takes the digits that were sent to a new e-mail address.
func CheckContact(change string) string { return Preferences + "/check/" + change }

// ConsoleWishes are the wishes in people's own words that nobody has read.
const ConsoleWishes = "/console/wishes"

// ConsoleWish is the wish of one account; its POST turns the words into rules.
func ConsoleWish(id string) string { return "/console/accounts/" + id + "/wishes" }

// ConsoleMessages are the threads in which a consumer waits for an answer.
const ConsoleMessages = "/console/messages"

// ConsoleThread is the thread of one account; its POST answers.
func ConsoleThread(id string) string { return "/console/accounts/" + id + "/messages" }
