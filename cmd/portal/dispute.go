package main

import (
	"context"
	"crypto/rand"

	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/dispute/clamav"
	"quittance/portal/validation"
)

// wireDisputes lets a dispute hold its debt and tell the system of record, and
// asks once more when a payment clears (AMT-06).
func (p *portal) wireDisputes() error {
	p.disputes = &dispute.Service{
		Tx: p.store, Store: p.store, Queue: p.store, Files: p.store, Scans: p.store, Drafts: p.store, Debts: p.store, Gate: p.keeper,
		Holds: p.holds, Claims: p.store, Sealer: p.box, Timely: p.timely, Deadline: dispute.Within(p.places), Consent: p.electronic, Watchers: p.follows.disputes, Scanner: p.scanner(), Now: p.in.now,
		NewID: func(prefix string) string { return prefix + rand.Text() }, NewReference: readable,
	}
	*p.answerer = answerer{people: p.store, book: p.contacts, queue: p.queue, words: p.letters(), recorder: p.recorder, disputes: p.store}
	*p.parked = dispute.Park{Store: p.store, Parking: p.store, Return: p.payments, Now: p.in.now}
	return nil
}

// scanner looks for malware in what people send, where one is configured.
func (p *portal) scanner() dispute.Scanner {
	if p.cfg.ClamAV == "" {
		return nil
	}
	return clamav.Client{Addr: p.cfg.ClamAV}
}

// timely asks the notices of a debt (VAL-09); what is not known is in time.
func (p *portal) timely(ctx context.Context, of debt.Debt, on civil.Date) (bool, error) {
	all, err := p.store.ValidationNotices(ctx, of.AccountID)
	return validation.Timely(validation.Latest(all, of.ID), on), err
}

// electronic asks whether the consumer agreed to electronic notices (VAL-12).
func (p *portal) electronic(ctx context.Context, id debt.AccountID) (bool, error) {
	account, err := p.store.Account(ctx, id)
	if err != nil {
		return false, err
	}
	consents, err := p.validation.Consents(ctx, account)
	return validation.Electronic(consents), err
}
