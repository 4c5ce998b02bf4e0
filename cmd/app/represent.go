package app

import (
	"crypto/rand"

	"quittance/portal/represent"
)

// wireRepresentatives lets people speak for consumers: the system of record and
// the log hear of each in the same transaction.
func (p *Portal) wireRepresentatives() error {
	p.Speakers = &represent.Service{
		Tx: p.Store, Store: p.Store, Codes: p.Codes, Fits: p.keeper, Sessions: p.Store, Factor: string(p.Config.Factor),
		Watchers: p.follows.speakers, Now: p.in.Now,
		NewID: func() represent.ID { return represent.ID("rep_" + rand.Text()) },
	}
	return nil
}
