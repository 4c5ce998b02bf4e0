package console

import (
	"cmp"
	"slices"
	"time"

	"quittance/frontend/pages/console"
	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/portal/identity"
)

// trailFor is how long a link is the link of the call.
const trailFor = 24 * time.Hour

// sent is the newest link and how far the person has come with it.
func (p *Pages) sent(l look) *console.Link {
	if len(l.links) == 0 || l.now.Sub(l.links[0].CreatedAt) > trailFor {
		return nil
	}
	link := l.links[0]
	return &console.Link{
		At: link.CreatedAt.In(l.zone), Ended: !link.EndedAt.IsZero(),
		Phrase: p.Links.Phrases.OfLink(link, cmp.Or(l.account.Consumer.Language, "en")),
		Steps:  l.steps(link),
	}
}

func (l look) steps(link identity.Link) []console.Step {
	var paying, result time.Time
	for _, p := range l.payments { // newest first: the last one wins
		if link.VerifiedAt.IsZero() || p.CreatedAt.Before(link.VerifiedAt) {
			break
		}
		paying, result = p.CreatedAt, outcome(p)
	}
	return []console.Step{
		l.step(console.EventLinkSent, link.CreatedAt), l.step(console.EventOpened, link.OpenedAt),
		l.step(console.EventVerified, link.VerifiedAt), l.step(console.EventPaying, paying), l.step(console.EventPaid, result),
	}
}

func (l look) step(kind console.EventKind, at time.Time) console.Step {
	if !at.IsZero() {
		at = at.In(l.zone)
	}
	return console.Step{Kind: kind, At: at}
}

// planPart is what a payment by hand was made for.
func planPart(p payments.Payment) console.PlanPart {
	_, number, ok := plans.PurposeOf(p)
	switch {
	case !ok:
		return console.PartNone
	case number == 0:
		return console.PartExtra
	}
	return console.PartInstead
}

// outcome is when a payment came to a result that a caller can be told.
func outcome(p payments.Payment) time.Time {
	switch {
	case !p.ConfirmedAt.IsZero():
		return p.ConfirmedAt
	case !p.ClosedAt.IsZero():
		return p.ClosedAt
	case p.Status == payments.Processing:
		return p.SubmittedAt
	}
	return time.Time{}
}

// story is what happened on this day of the agency's, newest first.
func (l look) story() []console.Event {
	var events []console.Event
	var part console.PlanPart
	add := func(kind console.EventKind, at time.Time, amount money.Cents) {
		if y, m, d := at.In(l.zone).Date(); !at.IsZero() {
			if ty, tm, td := l.now.In(l.zone).Date(); y == ty && m == tm && d == td {
				events = append(events, console.Event{At: at.In(l.zone), Kind: kind, Amount: amount, Part: part})
			}
		}
	}
	for _, link := range l.links {
		add(console.EventLinkSent, link.CreatedAt, 0)
		add(console.EventOpened, link.OpenedAt, 0)
		add(console.EventVerified, link.VerifiedAt, 0)
		if link.EndedWhy == identity.EndedWrongPerson {
			add(console.EventNotMe, link.EndedAt, 0)
		}
	}
	for _, p := range l.payments {
		part = planPart(p)
		add(console.EventSubmitted, p.SubmittedAt, p.Amount)
		taken := console.EventPaid
		if p.Status == payments.Held {
			taken = console.EventHeld
		}
		add(taken, p.ConfirmedAt, p.Amount)
		switch {
		case p.Status == payments.Failed:
			add(console.EventFailed, p.ClosedAt, p.Amount)
		case p.Withdrawn > 0 && p.Status != payments.Refunded:
			add(console.EventReversed, p.ClosedAt, p.Withdrawn)
		}
	}
	slices.SortStableFunc(events, func(a, b console.Event) int { return b.At.Compare(a.At) })
	return events
}
