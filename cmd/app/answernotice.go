package app

import (
	"context"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/dispute"
	"quittance/portal/identity"
	"quittance/portal/notice"
	"quittance/portal/outbox"
)

// answerer tells people by e-mail that the answer to their dispute is there,
// where it goes by electronic means alone. An answer of which they cannot be
// told, or whose message reaches nobody, is asked for on paper (VAL-12).
type answerer struct {
	people   identity.People
	book     *contact.Book
	queue    *notice.Queue
	words    words
	recorder *outbox.Recorder
	disputes dispute.Store
}

var (
	_ dispute.Watcher = (*answerer)(nil)
	_ notice.Watcher  = (*answerer)(nil)
)

// byPortal is the method of an answer that only the portal shows.
const byPortal = "portal"

// DisputeChanged implements dispute.Watcher.
func (a *answerer) DisputeChanged(ctx context.Context, c dispute.Change) error {
	last, _ := c.Dispute.Last()
	if c.News != dispute.Ended || last.Method != byPortal || c.Dispute.Kind == dispute.Complaint {
		return nil
	}
	person, err := a.people.Person(ctx, c.Dispute.AccountID)
	if err != nil {
		return err
	}
	known, err := a.book.Preferences(ctx, person.Reach(), contact.Email)
	if err != nil {
		return err
	}
	known.Owed = true
	if may, why := contact.May(known, contact.Email, a.book.Now()); !may && !why.Waits() {
		return a.mail(ctx, c.Dispute)
	}
	text, err := a.words.WaitingText(person.Language, contact.Email)
	if err != nil {
		return err
	}
	_, err = a.queue.Add(ctx, notice.Message{
		AccountID: c.Dispute.AccountID, DebtID: c.Dispute.DebtID, To: known.Address, Channel: contact.Email, Kind: notice.KindAnswer,
		Language: person.Language, Text: text,
	})
	return err
}

// MessageChanged implements notice.Watcher.
func (a *answerer) MessageChanged(ctx context.Context, m notice.Outgoing) error {
	if m.Kind != notice.KindAnswer || m.Status == notice.Sent {
		return nil
	}
	d, found, err := a.answered(ctx, m.AccountID, m.DebtID)
	if err != nil || !found {
		return err
	}
	return a.mail(ctx, d)
}

// answered is the dispute of a debt that was answered last by the portal alone.
func (a *answerer) answered(ctx context.Context, account debt.AccountID, id debt.ID) (d dispute.Dispute, found bool, err error) {
	all, err := a.disputes.DisputesOf(ctx, account)
	for _, one := range all {
		last, ended := one.Last()
		if newest, _ := d.Last(); ended && one.DebtID == id && last.Method == byPortal && (!found || last.At.After(newest.At)) {
			d, found = one, true
		}
	}
	return d, found, err
}

func (a *answerer) mail(ctx context.Context, d dispute.Dispute) error {
	_, err := a.recorder.MailRequired(ctx, outbox.About{AccountID: string(d.AccountID), CreditorRef: d.CreditorRef}, outbox.NoticeFacts{
		Kind: outbox.DisputeAnswer, DebtRef: d.DebtRef, Due: d.AnswerBy.String(), NoticeBy: d.AnswerBy.String(), AmountCents: d.Disputed,
		Reference: d.Reference,
	})
	return err
}
