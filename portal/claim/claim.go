package claim

import (
	"errors"
	"time"

	"quittance/plans/civil"
	"quittance/portal/debt"
)

// Errors of this package.
var (
	ErrNotFound = errors.New("no such claim")
	ErrKind     = errors.New("nothing that can be claimed")
	ErrCleared  = errors.New("the claim was cleared already; what is new is claimed anew")
	ErrOver     = errors.New("a pause ends by itself and is not confirmed")
	ErrStands   = errors.New("the system of record confirmed it; only there it ends")
	ErrDecision = errors.New("a claim is confirmed or cleared, by somebody, on a day that has come")
)

// ID is the id of a claim ("clm_…").
type ID string

// Kind is what is claimed.
type Kind string

// What can be claimed, in the order of the page.
const (
	Hardship      Kind = "hardship"
	Illness       Kind = "illness" // in hospital, or ill at home
	Disaster      Kind = "disaster"
	Death         Kind = "death"
	Bankruptcy    Kind = "bankruptcy"
	Attorney      Kind = "attorney"
	Servicemember Kind = "servicemember"
	IdentityTheft Kind = "identity_theft"
	Minor         Kind = "minor"
	WrongPerson   Kind = "wrong_person"
)

// State is where a claim stands. Only the system of record moves it, but for a
// pause, which ends on its day.
type State string

// States of a claim: claimed → confirmed or cleared, confirmed → cleared.
const (
	Claimed   State = "claimed"
	Confirmed State = "confirmed"
	Cleared   State = "cleared"
	Over      State = "over" // a pause whose day has come
)

// Open reports whether the claim still has its effect.
func (s State) Open() bool { return s == Claimed || s == Confirmed }

// Door is how a claim came in.
type Door string

// The doors.
const (
	ByConsumer Door = "consumer" // who passed the identity check
	ByLink     Door = "link"     // whoever holds a texted link; nothing was shown to them
	ByRecord   Door = "record"   // the system of record
)

// Effect is what a claim does at once.
type Effect struct {
	// Counts is what every debt of the account counts as; empty for a person
	// whose number was wrong, who says nothing of the debts.
	Counts debt.Status
	// Status is the status that the system of record knows it by; empty where it
	// knows none.
	Status debt.Status
	Days   int   // of a pause; 0 lasts until the system of record decides
	Links  bool  // texted links end, and nothing is sent any more
	Sever  bool  // the addresses on file are not used again (STS-09)
	Event  Event // what the system of record is told
}

// Event is the type of event that a claim becomes.
type Event string

// The three types.
const (
	StatusClaimed         Event = "status.claimed"
	RepresentationClaimed Event = "representation.claimed"
	WrongPartyReported    Event = "wrong_party.reported"
)

// Lengths of the pauses that a person is given without being asked why, in days
// (STS-09).
const (
	hardshipDays = 30
	illnessDays  = 60
	disasterDays = 60
)

// effects is the table of what follows from what. A pause stops what we begin
// and nothing that the person begins: it counts as a wish not to be written to.
var effects = map[Kind]Effect{
	Hardship:      {Counts: debt.Cease, Days: hardshipDays, Links: true, Event: StatusClaimed},
	Illness:       {Counts: debt.Cease, Days: illnessDays, Links: true, Event: StatusClaimed},
	Disaster:      {Counts: debt.Cease, Days: disasterDays, Links: true, Event: StatusClaimed},
	Death:         {Counts: debt.Deceased, Status: debt.Deceased, Links: true, Event: StatusClaimed},
	Bankruptcy:    {Counts: debt.Bankruptcy, Status: debt.Bankruptcy, Links: true, Event: StatusClaimed},
	Attorney:      {Counts: debt.Attorney, Status: debt.Attorney, Links: true, Event: RepresentationClaimed},
	Servicemember: {Counts: debt.Servicemember, Status: debt.Servicemember, Event: StatusClaimed},
	IdentityTheft: {Counts: debt.IdentityTheft, Status: debt.IdentityTheft, Links: true, Event: StatusClaimed},
	Minor:         {Counts: debt.Minor, Status: debt.Minor, Links: true, Event: StatusClaimed},
	WrongPerson:   {Counts: debt.UnderReview, Links: true, Sever: true, Event: WrongPartyReported},
}

// EndsLinks reports whether texted links end when a debt begins to count as a
// status.
func EndsLinks(s debt.Status) bool {
	for _, e := range effects {
		if e.Counts == s && e.Links {
			return true
		}
	}
	return false
}

// Kinds lists what can be claimed, in the order of the page.
func Kinds() []Kind {
	return []Kind{Hardship, Illness, Disaster, Death, Bankruptcy, Attorney, Servicemember, IdentityTheft, Minor, WrongPerson}
}

// Effect returns what a claim of the kind does; false for what is no kind.
func (k Kind) Effect() (Effect, bool) {
	e, known := effects[k]
	return e, known
}

// Pause reports whether the kind ends by itself.
func (k Kind) Pause() bool { return effects[k].Days > 0 }

// Claim is one thing that was said, and where it stands.
type Claim struct {
	ID        ID
	Reference string // "CLM-7KQ2M9XD", to be read aloud
	AccountID debt.AccountID
	Kind      Kind
	State     State
	Door      Door      // by which it came first
	Until     time.Time // end of a pause; zero for none
	Stopped   Stopped
	CreatedAt time.Time
	DecidedAt time.Time
	DecidedBy string     // who confirmed or cleared it, in the system of record's words
	DecidedOn civil.Date // the day on which they did
	// ConsentAt is when a represented person asked, in their own words, to pay
	// here themselves all the same (STS-03); zero when they did not.
	ConsentAt time.Time
}

// TakesPapers reports whether photos and papers may be added to the claim: while
// it is open, and never to a pause, which is given without a proof, or to what a
// stranger said.
func (c Claim) TakesPapers() bool {
	return c.State.Open() && !c.Kind.Pause() && c.Kind != WrongPerson
}

// Stopped counts what stopped in the claim's own transaction.
type Stopped struct {
	Links    int // texted links that could still be opened
	Plans    int // plans that would have gone on
	Messages int // that were about to leave and will not
}

// minus is what is no longer there.
func (s Stopped) minus(after Stopped) Stopped {
	return Stopped{Links: s.Links - after.Links, Plans: s.Plans - after.Plans}
}

// begin makes the claim that a person's word becomes.
func begin(k Kind, account debt.AccountID, door Door, now time.Time) (Claim, error) {
	e, known := effects[k]
	if !known {
		return Claim{}, ErrKind
	}
	c := Claim{AccountID: account, Kind: k, State: Claimed, Door: door, CreatedAt: now}
	if e.Days > 0 {
		c.Until = now.AddDate(0, 0, e.Days)
	}
	return c, nil
}

// Decision is what the system of record says of a claim.
type Decision struct {
	State State // Confirmed or Cleared
	By    string
	On    civil.Date
}

// decide moves a claim as the system of record says. The same decision again
// changes nothing.
func decide(c Claim, d Decision, now time.Time) (Claim, error) {
	switch {
	case d.State != Confirmed && d.State != Cleared, d.By == "", d.On.IsZero(), d.On.After(civil.Of(now.UTC()).AddDays(1)):
		return c, ErrDecision
	case c.State == d.State:
		return c, nil
	case !c.State.Open():
		return c, ErrCleared
	case d.State == Confirmed && c.Kind.Pause():
		return c, ErrOver
	}
	c.State, c.DecidedAt, c.DecidedBy, c.DecidedOn = d.State, now, d.By, d.On
	return c, nil
}
