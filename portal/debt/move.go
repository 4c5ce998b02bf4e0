package debt

import "time"

// MoveFor is how long after a change of mailing address the ZIP code before it
// still counts for recognizing the person.
const MoveFor = 7 * 24 * time.Hour

// Move is the last change of a person's ZIP code; zero: there was none.
type Move struct {
	PostalCode string // the one before
	At         time.Time
	Own        bool // the person changed it here, signed in; otherwise a file or the agency did
}

// Lately reports whether the move is so recent that the ZIP code before it
// counts.
func (m Move) Lately(now time.Time) bool {
	return m.PostalCode != "" && now.Before(m.At.Add(MoveFor))
}

// Moves returns the person at another address. What they were recognized by
// before they changed it here themselves stays what they are recognized by,
// however often it changes meanwhile: else whoever came in once would choose
// what opens the account.
func (c Consumer) Moves(to Address, own bool, now time.Time) Consumer {
	before := c.Address.PostalCode
	if c.Address = to; five(before) == five(to.PostalCode) {
		return c
	}
	if c.Moved.Own && c.Moved.Lately(now) {
		before = c.Moved.PostalCode
	}
	c.Moved = Move{PostalCode: before, At: now.UTC().Truncate(time.Microsecond), Own: own}
	return c
}

func five(zip string) string { return zip[:min(5, len(zip))] }
