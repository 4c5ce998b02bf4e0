// Package represent knows who may speak for a consumer who can't, or need not,
// speak for themselves: the executor of somebody who died, a guardian, a parent
// of a minor, a spouse (12 CFR 1006.6(a), DSC-05). The agency records each with
// the paper that shows it and who looked at the paper; the representative signs
// in with a reference code of their own, and all they do is marked with their
// role. What each role may do stands in package gate.
package represent

import (
	"errors"
	"strings"
	"time"

	"quittance/plans/civil"
	"quittance/portal/debt"
)

// Errors of this package.
var (
	ErrNotFound = errors.New("no such representative")
	ErrTaken    = errors.New("the reference code is already taken")
	// ErrRole is for a role that does not fit what the account counts as: an
	// executor of somebody who lives, a parent of somebody who is grown.
	ErrRole = errors.New("the role does not fit the account's status")
)

// ID is the id of a representative ("rep_…").
type ID string

// Role is in what capacity somebody speaks for a consumer.
type Role string

// The roles. An attorney is none: they never sign in here (STS-03).
const (
	Executor Role = "executor" // executor, administrator or personal representative of an estate (STS-02)
	Guardian Role = "guardian" // appointed by a court, of a minor or an adult
	Parent   Role = "parent"   // of a minor (STS-06)
	Spouse   Role = "spouse"
)

// Roles lists them in the order in which they are asked.
func Roles() []Role { return []Role{Executor, Guardian, Parent, Spouse} }

// Valid reports whether the role is known.
func (r Role) Valid() bool {
	switch r {
	case Executor, Guardian, Parent, Spouse:
		return true
	}
	return false
}

// Speaker is who is signed in for a consumer; the zero Speaker is the consumer.
type Speaker struct {
	ID   ID
	Role Role
}

// Person is who a representative is. It is sealed while stored.
type Person struct {
	Name       string     `json:"name"`
	Phone      string     `json:"phone,omitempty"` // +12025550123
	Email      string     `json:"email,omitempty"`
	PostalCode string     `json:"postal_code,omitempty"`
	Born       civil.Date `json:"-"`
	Birth      string     `json:"date_of_birth,omitempty"` // Born as it is stored
	Language   string     `json:"language,omitempty"`      // "en" or "es"
}

// Representative is one person who may speak for one consumer.
type Representative struct {
	ID        ID
	AccountID debt.AccountID
	Role      Role
	Person    Person
	// DocumentID is the agency's own number of the paper that shows the role, such
	// as letters testamentary; CheckedBy is who looked at it.
	DocumentID, CheckedBy string
	From                  civil.Date // first day
	Until                 civil.Date // last day; zero until revoked
	CodeHash, CodeSealed  []byte     // of the reference code
	RecordedBy            string     // "staff:stf_…" or "token:tok_…"
	CreatedAt             time.Time
	RevokedAt             time.Time
	RevokedBy             string
}

// lastHour is when a day has ended everywhere in the country: midnight in
// Honolulu, in hours of UTC on the day after.
const lastHour = 10

// Ends is when the authority ends by itself; zero for never. The last day counts
// whole wherever the representative is.
func (r Representative) Ends() time.Time {
	if r.Until.IsZero() {
		return time.Time{}
	}
	next := r.Until.AddDays(1)
	return time.Date(next.Year, next.Month, next.Day, lastHour, 0, 0, 0, time.UTC)
}

// Speaks reports whether the authority holds at a time.
func (r Representative) Speaks(now time.Time) bool {
	ends := r.Ends()
	return r.RevokedAt.IsZero() && !civil.Of(now.UTC()).Before(r.From) && (ends.IsZero() || now.Before(ends))
}

// Again reports whether r, as it is recorded, is nothing new beside held: the same
// person in the same role by the same paper, who was not revoked and whose
// authority has not ended. One paper may name several people.
func (r Representative) Again(held Representative) bool {
	ends := held.Ends()
	return held.RevokedAt.IsZero() && (ends.IsZero() || r.CreatedAt.Before(ends)) && r.AccountID == held.AccountID &&
		r.Role == held.Role && r.DocumentID == held.DocumentID && r.Person.same(held.Person)
}

func (p Person) same(o Person) bool {
	return strings.EqualFold(p.Name, o.Name) && p.Birth == o.Birth && p.PostalCode == o.PostalCode
}

// Speaker is the representative as the one who acts.
func (r Representative) Speaker() Speaker { return Speaker{ID: r.ID, Role: r.Role} }
