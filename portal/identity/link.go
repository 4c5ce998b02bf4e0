package identity

import "time"

// LinkState is where a link stands.
type LinkState string

// States of a link: sent → opened → verified, and ended from any of them.
const (
	LinkWaiting  LinkState = "sent"
	LinkOpen     LinkState = "opened"
	LinkVerified LinkState = "verified"
	LinkOver     LinkState = "ended"
)

// Why a link was ended before its time.
const (
	EndedRevoked     = "revoked"
	EndedWrongPerson = "wrong_person"
)

// LinkFor is how long a link can be used (SMS-05).
const LinkFor = 24 * time.Hour

// State is where the link stands at a time. A link that was verified stays so:
// it can no longer be used, and its time no longer matters.
func (l Link) State(now time.Time) LinkState {
	switch {
	case !l.EndedAt.IsZero():
		return LinkOver
	case !l.VerifiedAt.IsZero():
		return LinkVerified
	case !now.Before(l.ExpiresAt):
		return LinkOver
	case !l.OpenedAt.IsZero():
		return LinkOpen
	}
	return LinkWaiting
}

// Usable reports whether the link still leads to the identity page.
func (l Link) Usable(now time.Time) bool {
	s := l.State(now)
	return s == LinkWaiting || s == LinkOpen
}
