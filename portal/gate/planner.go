package gate

import (
	"context"
	"fmt"
	"time"

	"quittance/payments"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/validation"
)

// Planner answers package plans: what may be agreed on, what may be charged
// with nobody watching, and what day it is for the consumer.
type Planner struct {
	Keeper *Keeper
	// Periods knows the validation notices; nil: offers may expire on any day.
	Periods Periods
	// Fresh is how old the system of record's word on a debt may be for a charge
	// that nobody watches (WHK-05); 0 takes the stored one, however old.
	Fresh time.Duration
	// Returns counts what came back; nil: nothing is counted.
	Returns Returns
}

// Periods lists the validation notices of an account.
type Periods interface {
	ValidationNotices(ctx context.Context, id debt.AccountID) ([]validation.Notice, error)
}

var (
	_ plans.Debts       = Planner{}
	_ payments.Accounts = Unattended{}
)

// Calendar implements plans.Debts. The day is the one that has come in every
// zone the consumer may be in, so that nothing is early (PDN-04).
func (p Planner) Calendar(ctx context.Context, accountID string) (civil.Date, []*time.Location, error) {
	account, err := p.Keeper.Records.Account(ctx, debt.AccountID(accountID))
	if err != nil {
		return civil.Date{}, nil, err
	}
	today, zones := p.calendar(account)
	return today, zones, nil
}

func (p Planner) calendar(account debt.Account) (civil.Date, []*time.Location) {
	zones := contact.Zones(account.Consumer.Phone, account.Consumer.Address.State, account.Consumer.Address.PostalCode)
	now := p.Keeper.Now()
	today := civil.Of(now.In(zones[0]))
	for _, z := range zones[1:] {
		if day := civil.Of(now.In(z)); day.Before(today) {
			today = day
		}
	}
	return today, zones
}

// Lock implements plans.Debts.
func (p Planner) Lock(ctx context.Context, accountID string) error {
	return p.Keeper.Records.LockAccount(ctx, debt.AccountID(accountID))
}

// Subject implements plans.Debts: may the consumer, who is there, make a plan? No
// offer expires before the validation period ends (DIS-09).
func (p Planner) Subject(ctx context.Context, accountID, debtID string) (plans.Subject, error) {
	s, d, err := p.ask(ctx, Plan, accountID, debtID, Facts{ByConsumer: true})
	switch {
	case err != nil || d.Decision.Allowed:
	case d.Decision.Reason == IsJoint:
		s.NoNew = string(IsJoint)
	default:
		s.Refusal = string(d.Decision.Reason)
	}
	if err == nil && p.Periods != nil {
		var notices []validation.Notice
		notices, err = p.Periods.ValidationNotices(ctx, debt.AccountID(accountID))
		s.OfferUntil = validation.LastDay(validation.Latest(notices, debt.ID(debtID)), s.Today)
	}
	return s, err
}

// Unattended implements plans.Debts: may an installment be charged now? The
// refusal is the status that stands in the way.
func (p Planner) Unattended(ctx context.Context, plan plans.Plan) (plans.Subject, bool, error) {
	s, d, err := p.ask(ctx, Autopay, plan.AccountID, plan.Debt.ID, Facts{})
	if err != nil || d.Decision.Allowed {
		return s, false, err
	}
	s.Refusal = string(d.Status)
	if _, off := offRules[d.Decision.Reason]; off {
		s.Refusal = string(d.Decision.Reason)
	}
	return s, d.Decision.Reason == Canceled, nil
}

// MayUse implements plans.Debts (STR-02, ACH-06).
func (p Planner) MayUse(ctx context.Context, accountID, debtID string, d payments.Details) error {
	if d.Type == payments.BankAccount {
		return p.mayDebit(ctx, accountID, debtID)
	}
	statement, account, err := p.find(ctx, accountID, debtID)
	if err != nil {
		return err
	}
	decision := Card(statement.Debt.Type, d.Funding)
	err = p.Keeper.Records.KeepDecisions(ctx, []Kept{{
		At: p.Keeper.now(), AccountID: account.ID, DebtID: statement.Debt.ID, Action: UseCard, Channel: Page, Status: statement.Debt.Status, Decision: decision,
	}})
	if err == nil && !decision.Allowed {
		err = fmt.Errorf("%w: %s", payments.ErrMethodRefused, decision.Reason)
	}
	return err
}

func (p Planner) ask(ctx context.Context, a Action, accountID, debtID string, f Facts) (plans.Subject, Kept, error) {
	statement, account, err := p.find(ctx, accountID, debtID)
	if err != nil {
		return plans.Subject{}, Kept{}, err
	}
	kept, err := p.Keeper.ask(ctx, a, account, []debt.Debt{statement.Debt}, f)
	if err != nil {
		return plans.Subject{}, Kept{}, err
	}
	d, most := statement.Debt, statement.Payable()
	if f.ByConsumer {
		most = statement.Free() // whoever signs gives up what waits for them
	}
	today, zones := p.calendar(account)
	return plans.Subject{
		AccountID: accountID, Debt: plans.DebtRef{ID: debtID, Ref: d.Ref, CreditorRef: d.CreditorRef}, DebtType: string(d.Type),
		Owed: statement.Owed, Payable: most, Unanswered: a == Autopay && p.stale(d), Since: d.Itemization.Date, Today: today, Zones: zones,
	}, kept[0], nil
}

// stale reports whether the system of record's word on a debt is too old to
// charge it unasked.
func (p Planner) stale(d debt.Debt) bool {
	return p.Fresh > 0 && p.Keeper.Now().Sub(d.Snapshot.AsOf) > p.Fresh
}

// find reads a debt without a lock; plans.ErrNotFound for another's.
func (p Planner) find(ctx context.Context, accountID, debtID string) (debt.Statement, debt.Account, error) {
	account, err := p.Keeper.Records.Account(ctx, debt.AccountID(accountID))
	if err != nil {
		return debt.Statement{}, account, err
	}
	all, err := p.Keeper.Records.AccountStatements(ctx, account.ID)
	if err != nil {
		return debt.Statement{}, account, err
	}
	for _, s := range all {
		if string(s.Debt.ID) == debtID {
			return s, account, nil
		}
	}
	return debt.Statement{}, account, plans.ErrNotFound
}

// Unattended answers package payments for charges that nobody watches: the
// same questions, asked of the row of autopay.
type Unattended struct{ *Keeper }

// Payables implements payments.Accounts.
func (u Unattended) Payables(ctx context.Context, accountID string, debtIDs []string, except payments.ID) ([]payments.Payable, error) {
	return u.payables(ctx, Autopay, Facts{}, accountID, debtIDs, except)
}

// Still implements payments.Accounts.
func (u Unattended) Still(ctx context.Context, p payments.Payment) ([]payments.Payable, error) {
	return u.Payables(ctx, p.AccountID, allocatedTo(p), p.ID)
}
