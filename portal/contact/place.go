package contact

import (
	"slices"
	"time"
)

// Place knows where a channel may be used with the person's own consent only:
// there the creditor's notice, or an earlier collector's ground, does not do
// (COM-05, SMS-02). Packs of state rules are one.
type Place interface {
	ConsentOnly(state, zip string, ch Channel) bool
	// Closed lists the hours in which the channel is closed there.
	Closed(state, zip string, ch Channel) []Hours
}

// Hours are a stretch of a day where the person is, from one full hour to
// another; the same hour twice is the whole day.
type Hours struct{ From, To int }

func (h Hours) hold(hour int) bool {
	switch {
	case h.From < h.To:
		return h.From <= hour && hour < h.To
	case h.From > h.To:
		return hour >= h.From || hour < h.To
	}
	return true
}

// closedFor reports whether the law of the place closes the channel for good.
func (p Preferences) closedFor() bool {
	return slices.ContainsFunc(p.Closed, func(h Hours) bool { return h.From == h.To })
}

// closedAt reports whether it is closed at a time, in any zone where the person
// may be.
func (p Preferences) closedAt(at time.Time) bool {
	return slices.ContainsFunc(p.Closed, func(h Hours) bool {
		return slices.ContainsFunc(p.Zones, func(z *time.Location) bool { return h.hold(at.In(z).Hour()) })
	})
}

// consented leaves out the grounds that are not the person's own where they
// live in such a place.
func (p Preferences) consented() []Consent {
	if !p.ConsentOnly {
		return p.Consents
	}
	return slices.DeleteFunc(slices.Clone(p.Consents), func(c Consent) bool {
		return c.Basis == CreditorNotice || c.Basis == PriorCollector
	})
}
