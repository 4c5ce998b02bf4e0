package app

import (
	"context"
	"fmt"
	"time"

	"quittance/frontend/mail"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/notice"
	"quittance/portal/outbox"
)

// announcer gives the written notices of charges to come: by e-mail where the
// consumer agreed to that, otherwise the system of record is asked to mail one
// (PDN-01, PDN-03). It hears what became of each e-mail.
type announcer struct {
	people   identity.People
	book     *contact.Book
	queue    *notice.Queue
	words    words
	recorder *outbox.Recorder
	plans    *plans.Service
	now      func() time.Time
}

var (
	_ plans.Notices  = (*announcer)(nil)
	_ plans.Watcher  = (*announcer)(nil)
	_ notice.Watcher = (*announcer)(nil)
)

// Announce implements plans.Notices.
func (a *announcer) Announce(ctx context.Context, p plans.Plan, i plans.Installment) (plans.NoticeState, string, error) {
	person, known, err := a.reach(ctx, p.AccountID)
	if err != nil {
		return "", "", err
	}
	known.Owed = true
	// The hour is looked at when the message leaves; the ground is looked at now.
	if may, why := contact.May(known, contact.Email, a.now()); !may && !why.Waits() {
		id, err := a.Mail(ctx, p, i)
		return plans.NoticeMail, id, err
	}
	text := emailed(mail.Charge(a.words.book.Printer(person.Language), a.words.sender(), mail.ChargeWords{
		Amount: i.Owed(), On: i.Due, Method: methodWords(p), URL: a.words.public + "/",
	}))
	id, err := a.queue.Add(ctx, notice.Message{
		AccountID: debt.AccountID(p.AccountID), To: known.Address, Channel: contact.Email, Kind: notice.KindCharge, DebtID: debt.ID(p.Debt.ID),
		Language: person.Language, Text: text, ExpiresAt: lastDay(i.Due),
	})
	return plans.NoticeQueued, id, err
}

// Mail implements plans.Notices.
func (a *announcer) Mail(ctx context.Context, p plans.Plan, i plans.Installment) (string, error) {
	id, err := a.recorder.MailRequired(ctx, outbox.About{AccountID: p.AccountID, CreditorRef: p.Debt.CreditorRef}, outbox.NoticeFacts{
		Kind: outbox.ChargeAhead, DebtRef: p.Debt.Ref, Due: i.Due.String(), AmountCents: i.Owed(),
		NoticeBy: civil.AddRegFDays(i.Due, -3).String(),
	})
	return string(id), err
}

// lastDay is until when the notice of a charge is of use: three Reg F days
// before it (PDN-01).
func lastDay(due civil.Date) time.Time {
	return civil.AddRegFDays(due, -3).In(time.UTC).Add(36 * time.Hour)
}

func methodWords(p plans.Plan) string {
	if p.Details.Last4 == "" {
		return p.Details.Brand
	}
	return fmt.Sprintf("%s •••• %s", p.Details.Brand, p.Details.Last4)
}

func (a *announcer) reach(ctx context.Context, accountID string) (identity.Person, contact.Preferences, error) {
	person, err := a.people.Person(ctx, debt.AccountID(accountID))
	if err != nil {
		return person, contact.Preferences{}, err
	}
	known, err := a.book.Preferences(ctx, contact.Person{
		AccountID: person.AccountID, Phone: person.Phone, Email: person.Email, State: person.State, ZIP: person.PostalCode,
	}, contact.Email)
	return person, known, err
}

// MessageChanged implements notice.Watcher.
func (a *announcer) MessageChanged(ctx context.Context, m notice.Outgoing) error {
	if m.Kind != notice.KindCharge {
		return nil
	}
	if m.Status == notice.Sent {
		return a.plans.NoticeSent(ctx, m.ID, m.SentAt)
	}
	return a.plans.NoticeLost(ctx, m.ID)
}

// EventPosted implements outbox.PostingWatcher: the system of record mailed a
// notice that it was asked to mail.
func (a *announcer) EventPosted(ctx context.Context, t outbox.Type, p outbox.Posting) error {
	if t != outbox.NoticeMailRequired {
		return nil
	}
	return a.plans.NoticeSent(ctx, string(p.Event), p.PostedAt)
}

// PlanChanged implements plans.Watcher: whoever signs an automatic plan, or
// another method for one, agrees to get its notices by e-mail, as the text that
// they signed says (COM-05).
func (a *announcer) PlanChanged(ctx context.Context, c plans.Change) error {
	if c.Why == plans.RecordSilent {
		return a.waiting(ctx, c)
	}
	signed := c.Agreement != nil && (c.Why == plans.Enrolled || c.Why == plans.MethodChanged)
	if !signed || c.After.Charging != plans.Automatic && !c.After.Incoming.Pending() {
		return nil
	}
	_, known, err := a.reach(ctx, c.After.AccountID)
	if err != nil || known.Address == "" {
		return err
	}
	return a.book.Record(ctx, contact.Consent{
		AccountID: debt.AccountID(c.After.AccountID), Channel: contact.Email, Basis: contact.DirectConsent,
		RecordedBy: "consumer", TextVersion: "plan " + c.After.Reference,
	}, known.Address)
}

// waiting tells the consumer that a charge was not made on its day, where they
// may be written to; the plan's page says so too (WHK-05).
func (a *announcer) waiting(ctx context.Context, c plans.Change) error {
	person, known, err := a.reach(ctx, c.After.AccountID)
	if err != nil {
		return err
	}
	known.Owed = true
	if may, why := contact.May(known, contact.Email, a.now()); !may && !why.Waits() {
		return nil
	}
	for _, i := range c.After.Installments {
		if before, _ := c.Before.Installment(i.Number); !i.Unanswered || before.Unanswered {
			continue
		}
		_, err = a.queue.Add(ctx, notice.Message{
			AccountID: debt.AccountID(c.After.AccountID), To: known.Address, Channel: contact.Email, Kind: notice.KindCharge,
			DebtID: debt.ID(c.After.Debt.ID), Language: person.Language, ExpiresAt: a.now().Add(waitingFor),
			Text: emailed(mail.PutOff(a.words.book.Printer(person.Language), a.words.sender(), mail.ChargeWords{
				Amount: i.Owed(), On: i.Due, URL: a.words.public + "/",
			})),
		})
	}
	return err
}

// waitingFor is for how long it is of use to hear that a charge waits: then it
// moves, and is announced anew.
const waitingFor = 3 * 24 * time.Hour

// statements tells the system of record what consumers said of their month.
type statements struct{ recorder *outbox.Recorder }

// StatementSubmitted implements plans.StatementWatcher.
func (s statements) StatementSubmitted(ctx context.Context, st plans.Statement) error {
	return s.recorder.FinancialStatement(ctx, st.AccountID, outbox.StatementFacts{
		ID: st.ID, Calculation: st.Finding.Calculation, Household: st.Budget.Household, CeilingCents: st.Finding.Ceiling,
		Income: lineFacts(st.Budget.Income), Essentials: lineFacts(st.Budget.Essentials),
	})
}

func lineFacts(lines []plans.Line) []outbox.LineFacts {
	facts := make([]outbox.LineFacts, len(lines))
	for i, l := range lines {
		facts[i] = outbox.LineFacts{Kind: l.Kind, AmountCents: l.Amount}
	}
	return facts
}
