package contact

import (
	"context"
	"time"

	"quittance/portal/debt"
)

// Caps are how many texts and e-mails together a person may get in a day and in
// seven (COM-11); zero is no cap. What they asked for themselves is not counted.
type Caps struct {
	Day, Week         int // about whatever
	DebtDay, DebtWeek int // about one debt; a message about the account counts for each
}

// DefaultCaps hold where neither configuration nor a state says otherwise.
func DefaultCaps() Caps { return Caps{Day: 1, Week: 3, DebtDay: 1, DebtWeek: 3} }

// Limits knows the caps of a state, by its two letters; packs of state rules
// are one.
type Limits interface {
	Caps(state string) Caps
}

// Caps makes fixed caps Limits of every state.
func (c Caps) Caps(string) Caps { return c }

// Stricter is the lower of each of two caps.
func (c Caps) Stricter(o Caps) Caps {
	return Caps{Day: lower(c.Day, o.Day), Week: lower(c.Week, o.Week), DebtDay: lower(c.DebtDay, o.DebtDay), DebtWeek: lower(c.DebtWeek, o.DebtWeek)}
}

func lower(a, b int) int {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// Counts is how many messages went to a person lately.
type Counts struct{ Day, Week, DebtDay, DebtWeek int }

// full reports whether one more would be too many.
func (c Caps) full(n Counts) bool {
	return reached(c.Day, n.Day) || reached(c.Week, n.Week) || reached(c.DebtDay, n.DebtDay) || reached(c.DebtWeek, n.DebtWeek)
}

func reached(limit, n int) bool { return limit > 0 && n >= limit }

// Tally counts messages.
type Tally interface {
	// MessagesSince counts the messages to an account that were not asked for
	// and were sent, or with waiting are still to be sent, after a time: all of
	// them, and those about the debt or about the whole account.
	MessagesSince(ctx context.Context, id debt.AccountID, debtID debt.ID, since time.Time, waiting bool) (all, ofDebt int, err error)
}

const day = 24 * time.Hour

func (b *Book) count(ctx context.Context, p Person) (n Counts, err error) {
	now := b.now()
	if n.Day, n.DebtDay, err = b.Tally.MessagesSince(ctx, p.AccountID, p.DebtID, now.Add(-day), !p.Leaving); err != nil {
		return n, err
	}
	n.Week, n.DebtWeek, err = b.Tally.MessagesSince(ctx, p.AccountID, p.DebtID, now.Add(-7*day), !p.Leaving)
	return n, err
}
