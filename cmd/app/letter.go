package app

import (
	"context"
	"crypto/rand"

	"quittance/frontend/mail"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/letter"
	"quittance/portal/notice"
	"quittance/portal/outbox"
)

// wireLetters lets plans, payments and the first view of a debt owe their
// papers, and hears how each went out (STA-04).
func (p *Portal) wireLetters() error {
	*p.Papers = letter.Service{
		Tx: p.Store, Store: p.Store, Records: p.Store, Courier: courier{p}, Law: p.places, Sealer: p.Box, Now: p.in.Now,
		NewID: func() string { return "ltr_" + rand.Text() },
	}
	return nil
}

// paperwork tells package letter what happens elsewhere.
type paperwork struct{ *Portal }

var (
	_ identity.Watcher      = paperwork{}
	_ notice.Watcher        = paperwork{}
	_ outbox.PostingWatcher = paperwork{}
)

// IdentityChanged implements identity.Watcher.
func (l paperwork) IdentityChanged(ctx context.Context, c identity.Change) error {
	if c.Kind != identity.LinkSent && c.Kind != identity.ConsumerVerified {
		return nil
	}
	account, err := l.Store.Account(ctx, c.AccountID)
	if err != nil {
		return err
	}
	all, err := l.Store.AccountStatements(ctx, c.AccountID)
	if err != nil {
		return err
	}
	var ids []debt.ID
	for _, st := range all {
		if st.Owed > 0 && shown(account, all, st, c.Speaker.Role, l.in.Now()) {
			ids = append(ids, st.Debt.ID)
		}
	}
	return l.Papers.Heard(ctx, c.AccountID, ids)
}

// MessageChanged implements notice.Watcher.
func (l paperwork) MessageChanged(ctx context.Context, m notice.Outgoing) error {
	switch {
	case m.Kind != notice.KindLetter:
		return nil
	case m.Status == notice.Sent:
		return l.Papers.WentOut(ctx, m.ID, m.SentAt)
	}
	return l.Papers.Lost(ctx, m.ID)
}

// EventPosted implements outbox.PostingWatcher.
func (l paperwork) EventPosted(ctx context.Context, t outbox.Type, p outbox.Posting) error {
	if t != outbox.NoticeMailRequired {
		return nil
	}
	return l.Papers.WentOut(ctx, string(p.Event), p.PostedAt)
}

// courier sends letters.
type courier struct{ *Portal }

var _ letter.Courier = courier{}

// Email implements letter.Courier. A letter in electronic form alone needs the
// consumer's consent to that (VAL-12).
func (c courier) Email(ctx context.Context, l letter.Letter) (string, error) {
	agreed, err := c.Electronic(ctx, l.AccountID)
	if err != nil || !agreed {
		return "", err
	}
	person, err := c.Store.Person(ctx, l.AccountID)
	if err != nil {
		return "", err
	}
	to := person.Reach()
	to.DebtID = l.DebtID
	known, err := c.Contacts.Preferences(ctx, to, contact.Email)
	if err != nil {
		return "", err
	}
	known.Owed = true
	if may, why := contact.May(known, contact.Email, c.in.Now()); !may && !why.Waits() {
		return "", nil
	}
	words := c.Letters()
	return c.Queue.Add(ctx, notice.Message{
		AccountID: l.AccountID, To: known.Address, Channel: contact.Email, Kind: notice.KindLetter, DebtID: l.DebtID, Language: person.Language,
		Text: emailed(mail.Letter(words.book.Printer(person.Language), words.sender(), words.public+"/")), ExpiresAt: l.Due.In(c.Zone()),
	})
}

// Mail implements letter.Courier.
func (c courier) Mail(ctx context.Context, l letter.Letter) (string, error) {
	id, err := c.recorder.MailRequired(ctx, outbox.About{AccountID: string(l.AccountID), CreditorRef: l.CreditorRef}, noticeFacts(l))
	return string(id), err
}

// Sent implements letter.Courier.
func (c courier) Sent(ctx context.Context, l letter.Letter) error {
	f := noticeFacts(l)
	f.Via = string(l.Way)
	return c.recorder.NoticeSent(ctx, outbox.About{AccountID: string(l.AccountID), CreditorRef: l.CreditorRef}, f)
}

func noticeFacts(l letter.Letter) outbox.NoticeFacts {
	return outbox.NoticeFacts{Kind: string(l.Kind), DebtRef: l.DebtRef, Due: l.Due.String(), NoticeBy: l.Due.String(), AmountCents: l.Amount}
}
