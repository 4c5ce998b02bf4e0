package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"log/slog"
	"slices"
	"time"

	"quittance/frontend/locale"
	"quittance/frontend/modelform"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/identity"
	"quittance/portal/intake"
	"quittance/portal/outbox"
	"quittance/portal/represent"
	"quittance/portal/validation"
)

// wireValidation lets the first link and the first view of a debt ask for its
// validation notice, and the system of record say that it was mailed (VAL-10).
func (p *Portal) wireValidation() error {
	var words []modelform.Words
	for _, lang := range locale.Languages() {
		words = append(words, p.words.Printer(lang))
	}
	*p.Validation = validation.Service{
		Tx: p.Store, Store: p.Store, Duties: p.Store, Accounts: p.Store, Sealer: p.Box, Mail: p.recorder, Alarm: overdueNotices{p.in.Log},
		Shown: shown, Agency: p.collector, Zone: p.Zone(), Now: p.in.Now, Consents: p.emailConsents, Words: words,
		NewID: func(prefix string) string { return prefix + "_" + rand.Text() },
	}
	return nil
}

// emailConsents are those for the address that the account has.
func (p *Portal) emailConsents(ctx context.Context, a debt.Account) ([]contact.Consent, error) {
	email := contact.EmailAddress(a.Consumer.Email)
	if email == "" {
		return nil, nil
	}
	return p.Contacts.Consents(ctx, a.ID, contact.Email, email)
}

// collector is the agency's side of a validation notice.
func (p *Portal) collector() modelform.Facts {
	a := p.Config.Agency
	return modelform.Facts{
		Collector: modelform.Party{Name: cmp.Or(a.LegalName, a.Name), Lines: a.AddressLines},
		Phone:     a.Phone, Hours: a.Hours, Site: p.Config.PublicURL,
	}
}

// shown reports whether a debt is shown to the consumer, or to who speaks for
// them in a role: of one who died that is the executor or the spouse, whose
// first look counts like the consumer's own (STS-02). What a status shows to
// them alone they see as the pages do, but where a lawyer is asked (STS-03).
func shown(a debt.Account, all []debt.Statement, st debt.Statement, by represent.Role, now time.Time) bool {
	person, day := gate.Person{Born: a.Consumer.DateOfBirth}, gate.Day(now, a.Consumer.Address.State)
	for _, s := range all {
		person.Debts = append(person.Debts, s.Debt)
	}
	d, _ := person.Standing(st.Debt, day).Decide(gate.View, gate.Facts{ByConsumer: true, Role: by})
	lifted := by != "" && !slices.ContainsFunc(person.Debts, func(d debt.Debt) bool {
		return slices.Contains(person.Standing(d, day).Statuses, debt.Attorney)
	})
	return d.Allowed && (lifted || d.Reason != gate.Limited) && !st.Debt.Counts(debt.Recalled)
}

// firstViews tells package validation when a consumer hears of their debts.
type firstViews struct{ *validation.Service }

var (
	_ identity.Watcher      = firstViews{}
	_ intake.Watcher        = firstViews{}
	_ outbox.PostingWatcher = firstViews{}
)

// IdentityChanged implements identity.Watcher.
func (f firstViews) IdentityChanged(ctx context.Context, c identity.Change) error {
	if c.Kind != identity.LinkSent && c.Kind != identity.ConsumerVerified {
		return nil
	}
	return f.Begin(ctx, c.AccountID, c.Speaker.Role)
}

// DebtsPlaced implements intake.Watcher.
func (f firstViews) DebtsPlaced(ctx context.Context, p intake.Placed) error {
	for _, t := range p.Debts {
		if t.Before.Status == t.After.Status || t.First {
			continue
		}
		if err := f.Turned(ctx, t.After.AccountID, t.After.ID, t.After.Status); err != nil {
			return again(err)
		}
	}
	return nil
}

// EventPosted implements outbox.PostingWatcher.
func (f firstViews) EventPosted(ctx context.Context, t outbox.Type, p outbox.Posting) error {
	if t != outbox.NoticeMailRequired {
		return nil
	}
	return f.Mailed(ctx, string(p.Event), p.PostedAt)
}

// overdueNotices writes notices that are still owed to the log.
type overdueNotices struct{ log *slog.Logger }

// NoticeOverdue implements validation.Alarm.
func (o overdueNotices) NoticeOverdue(ctx context.Context, d validation.Duty) error {
	o.log.WarnContext(ctx, "a validation notice is still owed; mail it and report it", "debt", d.DebtID, "due", d.Due.String())
	return nil
}
