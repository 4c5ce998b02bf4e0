package app

import (
	"context"
	"crypto/rand"

	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/dispute/clamav"
	"quittance/portal/validation"
)

// wireDisputes lets a dispute hold its debt and tell the system of record.
func (p *Portal) wireDisputes() error {
	p.Disputes = &dispute.Service{
		Tx: p.Store, Store: p.Store, Queue: p.Store, Files: p.Store, Scans: p.Store, Drafts: p.Store, Debts: p.Store, Gate: p.keeper,
		Holds: p.holds, Claims: p.Store, Sealer: p.Box, Timely: p.timely, Deadline: dispute.Within(p.places), Consent: p.Electronic, Watchers: p.follows.disputes, Scanner: p.scanner(), Now: p.in.Now,
		NewID: func(prefix string) string { return prefix + rand.Text() }, NewReference: readable,
	}
	*p.answerer = answerer{people: p.Store, book: p.Contacts, queue: p.Queue, words: p.Letters(), recorder: p.recorder, disputes: p.Store}
	return nil
}

// scanner looks for malware in what people send, where one is configured.
func (p *Portal) scanner() dispute.Scanner {
	if p.Config.ClamAV == "" {
		return nil
	}
	return clamav.Client{Addr: p.Config.ClamAV}
}

// timely asks the notices of a debt (VAL-09); what is not known is in time.
func (p *Portal) timely(ctx context.Context, of debt.Debt, on civil.Date) (bool, error) {
	all, err := p.Store.ValidationNotices(ctx, of.AccountID)
	return validation.Timely(validation.Latest(all, of.ID), on), err
}

// Electronic asks whether the consumer agreed to electronic notices (VAL-12).
func (p *Portal) Electronic(ctx context.Context, id debt.AccountID) (bool, error) {
	account, err := p.Store.Account(ctx, id)
	if err != nil {
		return false, err
	}
	consents, err := p.Validation.Consents(ctx, account)
	return validation.Electronic(consents), err
}
