package contact

import "slices"

// Place knows where a channel may be used with the person's own consent only:
// there the creditor's notice, or an earlier collector's ground, does not do
// (COM-05, SMS-02). Packs of state rules are one.
type Place interface {
	ConsentOnly(state, zip string, ch Channel) bool
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
