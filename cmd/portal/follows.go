package main

import (
	"quittance/payments"
	"quittance/plans"
	"quittance/portal/alert"
	"quittance/portal/claim"
	"quittance/portal/contact"
	"quittance/portal/dispute"
	"quittance/portal/hold"
	"quittance/portal/identity"
	"quittance/portal/letter"
	"quittance/portal/notice"
	"quittance/portal/outbox"
	"quittance/portal/represent"
	"quittance/portal/talk"
	"quittance/portal/validation"
)

// follows is what follows from what: whom each service tells, in this order and
// in the transaction of what it tells. Nobody is told by any other list.
type follows struct {
	payments   []payments.Watcher
	alarms     []payments.Alarm
	plans      []plans.Watcher
	statements []plans.StatementWatcher
	visits     []identity.Watcher
	links      []identity.Watcher
	contacts   []contact.Watcher
	messages   []notice.Watcher // of what was sent, and of what a carrier says of it later
	postings   []outbox.PostingWatcher
	holds      []hold.Watcher
	disputes   []dispute.Watcher
	claims     []claim.Watcher
	speakers   []represent.Watcher
}

// follow makes room for all who are told, so that they may be named before they
// are wired, and writes the list. What must be settled first stands first: money
// that is parked is not told as paid. The audit log comes last, so that what it
// notes is what is about to be committed.
func (p *portal) follow() {
	p.parked, p.plans, p.papers, p.recorder, p.alerts = new(dispute.Park), new(plans.Service), new(letter.Service), new(outbox.Recorder), new(alert.Desk)
	p.announcer, p.answerer, p.changing, p.contacts = new(announcer), new(answerer), new(talk.Changing), new(contact.Book)
	p.links, p.claims, p.validation = new(identity.Links), new(claim.Service), new(validation.Service)
	p.follows = follows{
		payments:   []payments.Watcher{p.parked, p.plans, p.recorder, p.papers, p.audit},
		alarms:     []payments.Alarm{p.alerts},
		plans:      []plans.Watcher{p.recorder, p.announcer, p.papers, p.audit},
		statements: []plans.StatementWatcher{statements{p.recorder}},
		visits:     []identity.Watcher{p.recorder, firstViews{p.validation}, paperwork{p}, p.audit},
		links:      []identity.Watcher{p.recorder, firstViews{p.validation}, paperwork{p}, strangers{p.claims}, p.audit},
		contacts:   []contact.Watcher{p.links, p.recorder},
		messages:   []notice.Watcher{notice.Bounces{Book: p.contacts}, p.recorder, p.announcer, p.changing, p.answerer, paperwork{p}, p.audit},
		postings:   []outbox.PostingWatcher{p.announcer, firstViews{p.validation}, paperwork{p}},
		holds:      []hold.Watcher{stopPlans{p.plans}, p.audit},
		disputes:   []dispute.Watcher{p.recorder, p.answerer},
		claims:     []claim.Watcher{p.recorder, condolences{p}},
		speakers:   []represent.Watcher{p.recorder, p.audit},
	}
}
