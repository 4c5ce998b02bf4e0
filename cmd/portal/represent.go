package main

import (
	"crypto/rand"

	"quittance/portal/represent"
)

// wireRepresentatives lets people speak for consumers: the system of record and
// the log hear of each in the same transaction.
func (p *portal) wireRepresentatives() error {
	p.speakers = &represent.Service{
		Tx: p.store, Store: p.store, Codes: p.codes, Fits: p.keeper, Sessions: p.store, Factor: string(p.cfg.Factor),
		Watchers: p.follows.speakers, Now: p.in.now,
		NewID: func() represent.ID { return represent.ID("rep_" + rand.Text()) },
	}
	return nil
}
