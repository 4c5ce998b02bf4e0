package main

import (
	"quittance/portal/contact"
	"quittance/portal/notice"
)

// wireContact builds what knows whom the agency may write to, and the queue
// that every message goes through.
func (p *portal) wireContact() {
	p.contacts = &contact.Book{
		Tx: p.store, Store: p.store, Wishes: p.store, Stops: p.store, Tally: p.store, Refusals: p.store,
		Limits: limits{p.caps(), p.places, p.in.now}, Place: limits{law: p.places, now: p.in.now}, Key: p.store.Key("address"), On: p.channels(), Now: p.in.now,
	}
	p.queue = &notice.Queue{Store: p.store, Sealer: p.box, Ways: p.contacts, PublicURL: p.cfg.PublicURL, Now: p.in.now}
	p.reports = &notice.Reports{Tx: p.store, Records: p.store}
}

// caps are the agency's own, which hold in every state (COM-11).
func (p *portal) caps() contact.Caps {
	day, week := p.cfg.MessagesADay, p.cfg.MessagesAWeek
	return contact.Caps{Day: day, Week: week, DebtDay: day, DebtWeek: week}
}
