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
	// ChannelDay and ChannelWeek are about one debt by the channel at hand alone.
	ChannelDay, ChannelWeek int
}

// DefaultCaps hold where neither configuration nor a state says otherwise.
func DefaultCaps() Caps { return Caps{Day: 1, Week: 3, DebtDay: 1, DebtWeek: 3} }

// Where is what caps depend on: the place, the channel, and whether the person
// agreed to it themselves.
type Where struct {
	State, ZIP string
	Channel    Channel
	Consented  bool
}

// Limits knows the caps of a place; packs of state rules are one.
type Limits interface {
	Caps(w Where) Caps
}

// Caps makes fixed caps Limits of every place.
func (c Caps) Caps(Where) Caps { return c }

// Stricter is the lower of each of two caps.
func (c Caps) Stricter(o Caps) Caps {
	return Caps{
		Day: lower(c.Day, o.Day), Week: lower(c.Week, o.Week), DebtDay: lower(c.DebtDay, o.DebtDay), DebtWeek: lower(c.DebtWeek, o.DebtWeek),
		ChannelDay: lower(c.ChannelDay, o.ChannelDay), ChannelWeek: lower(c.ChannelWeek, o.ChannelWeek),
	}
}

func lower(a, b int) int {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// Counts is how many messages went to a person lately.
type Counts struct{ Day, Week, DebtDay, DebtWeek, ChannelDay, ChannelWeek int }

// full reports whether one more would be too many.
func (c Caps) full(n Counts) bool {
	return reached(c.Day, n.Day) || reached(c.Week, n.Week) || reached(c.DebtDay, n.DebtDay) || reached(c.DebtWeek, n.DebtWeek) ||
		reached(c.ChannelDay, n.ChannelDay) || reached(c.ChannelWeek, n.ChannelWeek)
}

func reached(limit, n int) bool { return limit > 0 && n >= limit }

// Tally counts messages.
type Tally interface {
	// MessagesSince counts the messages to an account that were not asked for
	// and were sent, or with waiting are still to be sent, after a time.
	MessagesSince(ctx context.Context, id debt.AccountID, debtID debt.ID, ch Channel, since time.Time, waiting bool) (Lately, error)
}

// Lately counts messages: all of them, those about the debt or the whole
// account, and of these the ones by the channel.
type Lately struct{ All, OfDebt, ByChannel int }

const day = 24 * time.Hour

func (b *Book) count(ctx context.Context, p Person, ch Channel) (Counts, error) {
	now := b.now()
	today, err := b.Tally.MessagesSince(ctx, p.AccountID, p.DebtID, ch, now.Add(-day), !p.Leaving)
	if err != nil {
		return Counts{}, err
	}
	week, err := b.Tally.MessagesSince(ctx, p.AccountID, p.DebtID, ch, now.Add(-7*day), !p.Leaving)
	return Counts{
		Day: today.All, DebtDay: today.OfDebt, ChannelDay: today.ByChannel, Week: week.All, DebtWeek: week.OfDebt, ChannelWeek: week.ByChannel,
	}, err
}
