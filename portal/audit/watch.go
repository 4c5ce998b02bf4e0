package audit

import (
	"context"

	"quittance/payments"
	"quittance/plans"
	"quittance/portal/hold"
	"quittance/portal/identity"
	"quittance/portal/notice"
	"quittance/portal/represent"
)

var (
	_ payments.Watcher = (*Log)(nil)
	_ plans.Watcher    = (*Log)(nil)
	_ identity.Watcher = (*Log)(nil)
	_ notice.Watcher   = (*Log)(nil)
	_ hold.Watcher     = (*Log)(nil)

	_ represent.Watcher = (*Log)(nil)
)

// PaymentChanged writes a row for each piece of news.
func (l *Log) PaymentChanged(ctx context.Context, c payments.Change) error {
	if !c.Moved || len(c.News) == 0 {
		return nil
	}
	entries := make([]Entry, 0, len(c.News))
	for _, news := range c.News {
		entries = append(entries, l.entry(ctx, string(news), c.After.AccountID, string(c.After.ID), nonEmpty(string(c.After.Status), c.After.IntentID)))
	}
	return l.Store.AddAudit(ctx, entries)
}

// PlanChanged writes a row for each piece of news.
func (l *Log) PlanChanged(ctx context.Context, c plans.Change) error {
	if !c.Moved || len(c.News) == 0 {
		return nil
	}
	entries := make([]Entry, 0, len(c.News))
	for _, news := range c.News {
		entries = append(entries, l.entry(ctx, "plan."+string(news), c.After.AccountID, string(c.After.ID), nonEmpty(string(c.Why), c.After.Debt.ID)))
	}
	return l.Store.AddAudit(ctx, entries)
}

// IdentityChanged writes a row for a link sent or opened, and for who came in.
func (l *Log) IdentityChanged(ctx context.Context, c identity.Change) error {
	return l.Note(ctx, string(c.Kind), string(c.AccountID), string(c.LinkID), nonEmpty(string(c.Via), string(c.Channel), string(c.SessionID), c.By, c.CallID, string(c.Speaker.Role), string(c.Speaker.ID))...)
}

// RepresentativeChanged writes a row for who may speak for a consumer, or may no
// more, with the paper and who looked at it.
func (l *Log) RepresentativeChanged(ctx context.Context, c represent.Change) error {
	r, action := c.Representative, "representative.recorded"
	if c.Revoked {
		action = "representative.revoked"
	}
	return l.Note(ctx, action, string(r.AccountID), string(r.ID), nonEmpty(string(r.Role), r.DocumentID, c.By)...)
}

// MessageChanged writes a row for a message that went out, or did not.
func (l *Log) MessageChanged(ctx context.Context, m notice.Outgoing) error {
	return l.Note(ctx, "message."+string(m.Status), string(m.AccountID), m.ID, nonEmpty(string(m.Kind), string(m.Channel))...)
}

// HoldsChanged writes a row for each hold that was opened or closed.
func (l *Log) HoldsChanged(ctx context.Context, c hold.Change) error {
	var entries []Entry
	for _, h := range c.Opened {
		entries = append(entries, l.entry(ctx, "hold.opened", string(h.AccountID), string(h.DebtID), nonEmpty(string(h.Status), h.Source)))
	}
	for _, h := range c.Closed {
		entries = append(entries, l.entry(ctx, "hold.closed", string(h.AccountID), string(h.DebtID), nonEmpty(string(h.Status), h.Source)))
	}
	return l.Store.AddAudit(ctx, entries)
}

func nonEmpty(list ...string) []string {
	var kept []string
	for _, s := range list {
		if s != "" {
			kept = append(kept, s)
		}
	}
	return kept
}
