package payments

// Codes by which banks send ACH debits back, as the network counts them
// (ACH-06). R11 counts with the unauthorized ones.
var (
	UnauthorizedReturns   = []string{"R05", "R07", "R10", "R11", "R29", "R51"}
	AdministrativeReturns = []string{"R02", "R03", "R04"}
)

// Returns counts the ACH debits of a creditor, or of all of them, that were
// submitted within ReturnWindow, and how they came back.
type Returns struct {
	CreditorRef                               string // empty: all creditors together
	Debits, Unauthorized, Administrative, All int
}

// Concern is how near the network's limits are.
type Concern string

// Concerns: at half of a limit people are warned, at eight tenths no new
// authorization to debit bank accounts is taken.
const (
	Calm    Concern = ""
	Warned  Concern = "warned"
	Stopped Concern = "stopped"
)

// leastDebits is how many debits are needed to stop anything: of a few, one
// return is already a large part.
const leastDebits = 100

// limits of the network, in debits that came back of a thousand.
const (
	unauthorizedLimit   = 5
	administrativeLimit = 30
	overallLimit        = 150
)

// Concern holds the counts against the limits.
func (r Returns) Concern() Concern {
	worst := Calm
	for _, rate := range []struct{ came, limit int }{
		{r.Unauthorized, unauthorizedLimit}, {r.Administrative, administrativeLimit}, {r.All, overallLimit},
	} {
		switch {
		case rate.came == 0:
		case r.Debits >= leastDebits && rate.came*10_000 >= 8*rate.limit*r.Debits:
			return Stopped
		case rate.came*2_000 >= rate.limit*r.Debits:
			worst = Warned
		}
	}
	return worst
}
