package outbox

import (
	"context"
	"fmt"

	"quittance/payments/money"
	"quittance/plans"
)

var _ plans.Watcher = (*Recorder)(nil)

// PlanFacts are what is told of a plan. Days are YYYY-MM-DD.
type PlanFacts struct {
	ID              string             `json:"id"`
	Reference       string             `json:"reference"`
	Kind            string             `json:"kind"`
	Status          string             `json:"status"`
	Charging        string             `json:"charging"`
	Method          string             `json:"method,omitempty"` // of an automatic plan
	DebtRef         string             `json:"debt_ref"`
	CreditorRef     string             `json:"creditor_ref"`
	TotalCents      money.Cents        `json:"total_cents"`
	ForgivenCents   money.Cents        `json:"forgiven_cents"`
	PaidCents       money.Cents        `json:"paid_cents"`
	LeftCents       money.Cents        `json:"left_cents"`
	Rhythm          string             `json:"rhythm"`
	Version         int                `json:"version"`
	Why             string             `json:"why"`
	Reason          string             `json:"reason,omitempty"`
	ReversibleUntil string             `json:"reversible_until,omitempty"` // of a completed one: until then a bank may take a payment back
	NextDue         string             `json:"next_due,omitempty"`
	NextAmountCents money.Cents        `json:"next_amount_cents,omitempty"`
	Installments    []InstallmentFacts `json:"installments"`
	Terms           TermsFacts         `json:"terms"`
}

// InstallmentFacts are one amount on one day.
type InstallmentFacts struct {
	Number      int         `json:"number"`
	Due         string      `json:"due"`
	AmountCents money.Cents `json:"amount_cents"`
	PaidCents   money.Cents `json:"paid_cents"`
	Status      string      `json:"status"`
}

// TermsFacts name the creditor's terms that the plan was agreed under.
type TermsFacts struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
}

// planTypes is which event each piece of news becomes. A plan that goes on is
// a changed one.
var planTypes = map[plans.News]Type{
	plans.NewsCreated: PlanCreated, plans.NewsChanged: PlanChanged, plans.NewsPaused: PlanPaused, plans.NewsResumed: PlanChanged,
	plans.NewsCanceled: PlanCancelled, plans.NewsBroken: PlanBroken, plans.NewsCompleted: PlanCompleted,
}

// PlanChanged implements plans.Watcher: it appends an event for each piece of
// news, in its order.
func (r *Recorder) PlanChanged(ctx context.Context, c plans.Change) error {
	if !c.Moved {
		return nil
	}
	for _, news := range c.News {
		facts := planFacts(c)
		if news == plans.NewsCompleted {
			until, err := r.Books.PlanReversibleUntil(ctx, string(c.After.ID))
			if err != nil {
				return fmt.Errorf("payments of plan %s: %w", c.After.ID, err)
			}
			facts.ReversibleUntil = stamp(until)
		}
		if err := r.onDebt(ctx, planTypes[news], c.After.AccountID, c.After.Debt.CreditorRef, Data{Plan: facts}); err != nil {
			return fmt.Errorf("event %s of plan %s: %w", news, c.After.ID, err)
		}
	}
	if p := c.After; c.Why == plans.Enrolled && p.Kind == plans.Later {
		return r.ExtensionRequested(ctx, About{p.AccountID, p.Debt.CreditorRef}, ExtensionFacts{
			DebtRef: p.Debt.Ref, Until: p.Installments[0].Due.String(), AmountCents: p.Total, PlanID: string(p.ID),
		})
	}
	return nil
}

func planFacts(c plans.Change) *PlanFacts {
	p := c.After
	f := &PlanFacts{
		ID: string(p.ID), Reference: p.Reference, Kind: string(p.Kind), Status: string(p.Status), Charging: string(p.Charging),
		DebtRef: p.Debt.Ref, CreditorRef: p.Debt.CreditorRef, TotalCents: p.Total, ForgivenCents: p.Forgiven, PaidCents: p.PaidSoFar(),
		LeftCents: p.Left(), Rhythm: string(p.Rule.Rhythm), Version: p.Version, Why: string(c.Why), Reason: string(p.Reason),
		Terms: TermsFacts{ID: p.Terms.ID, Version: p.Terms.Version},
	}
	if p.Charging == plans.Automatic {
		f.Method = string(p.Details.Type)
	}
	if next, ok := p.Next(); ok && p.Status.Running() {
		f.NextDue, f.NextAmountCents = next.Due.String(), next.Owed()
	}
	for _, i := range p.Installments {
		f.Installments = append(f.Installments, InstallmentFacts{
			Number: i.Number, Due: i.Due.String(), AmountCents: i.Amount, PaidCents: i.Paid, Status: string(i.Status),
		})
	}
	return f
}

// NoticeFacts are what is told of a written notice that the law wants.
type NoticeFacts struct {
	Kind        string      `json:"kind"`               // ChargeAhead, ValidationNotice, DisputeAnswer, or a paper by the name that packs know it by
	DebtRef     string      `json:"debt_ref,omitempty"` // empty of one about the account
	Due         string      `json:"due"`
	AmountCents money.Cents `json:"amount_cents"`
	NoticeBy    string      `json:"notice_by"`           // the last day on which it may go out
	Via         string      `json:"via,omitempty"`       // of one that was sent: "portal" or "email"
	Reference   string      `json:"reference,omitempty"` // of the dispute whose answer it is
	// MailTo is where it goes, where that is not the address on file.
	MailTo *AddressFacts `json:"mail_to,omitempty"`
}

// ChargeAhead is the kind of a notice of a charge to come.
const ChargeAhead = "charge_ahead"

// DisputeAnswer is the kind of an answer to a dispute of which the consumer
// could not be told electronically (VAL-12).
const DisputeAnswer = "dispute_answer"

// ContactChangedNotice is the kind of a letter to the address that was on file:
// that how the person is reached was changed (SEC-12). It says nothing of a debt.
const ContactChangedNotice = "contact_changed"

// DeathReportedNotice is the kind of a letter to the address on file: that
// somebody told us by a link of a death (STS-02). It says nothing of a debt.
const DeathReportedNotice = "death_reported"

// About says whose an event is and on which creditor's debt.
type About struct{ AccountID, CreditorRef string }

// NoticeSent tells that a written notice was sent by the portal.
func (r *Recorder) NoticeSent(ctx context.Context, of About, f NoticeFacts) error {
	return r.onDebt(ctx, NoticeSent, of.AccountID, of.CreditorRef, Data{Notice: &f})
}

// MailRequired asks the system of record to mail a notice that may not be given
// electronically (PDN-03), and returns the event's id: its posting says that the
// notice was mailed.
func (r *Recorder) MailRequired(ctx context.Context, of About, f NoticeFacts) (EventID, error) {
	id := r.NewID()
	return id, r.onDebtAs(ctx, id, NoticeMailRequired, of.AccountID, of.CreditorRef, Data{Notice: &f})
}

// ExtensionFacts are what is told of a wish for more time.
type ExtensionFacts struct {
	DebtRef     string      `json:"debt_ref"`
	Until       string      `json:"until"` // the day that was asked for
	AmountCents money.Cents `json:"amount_cents"`
	PlanID      string      `json:"plan_id,omitempty"` // where it was granted at once
}

// ExtensionRequested tells that a consumer asked for more time.
func (r *Recorder) ExtensionRequested(ctx context.Context, of About, f ExtensionFacts) error {
	return r.onDebt(ctx, ExtensionRequested, of.AccountID, of.CreditorRef, Data{Extension: &f})
}

// StatementFacts are a consumer's own statement of a month: what comes in and
// what must go out. They are for the agency alone; no creditor is told.
type StatementFacts struct {
	ID           string      `json:"id"`
	Calculation  string      `json:"calculation"` // version of the published calculation
	Household    int         `json:"household"`   // people who live of it
	Income       []LineFacts `json:"income"`
	Essentials   []LineFacts `json:"essentials"`
	CeilingCents money.Cents `json:"ceiling_cents"` // what the calculation says can be paid a month
}

// LineFacts are one line of a statement, by its key word.
type LineFacts struct {
	Kind        string      `json:"kind"`
	AmountCents money.Cents `json:"amount_cents"` // a month
}

// FinancialStatement tells of a statement that a consumer submitted.
func (r *Recorder) FinancialStatement(ctx context.Context, accountID string, f StatementFacts) error {
	return r.onDebt(ctx, FinancialStatementSubmitted, accountID, "", Data{Statement: &f})
}
