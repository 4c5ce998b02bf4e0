package gate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/portal/debt"
	"quittance/portal/represent"
)

// Keeper asks the tables about debts as they stand in the store, and keeps
// every answer (GEN-01). It answers package payments.
type Keeper struct {
	Records Records
	Law     Law // of the place; nil allows nothing
	Now     func() time.Time
	// Consents knows who asked to pay although an attorney speaks for them; nil
	// means nobody did (STS-03).
	Consents Consents
}

// Consents reads recorded consents.
type Consents interface {
	// PayConsent reports whether the account's consumer asked to pay here
	// themselves although represented.
	PayConsent(ctx context.Context, id debt.AccountID) (bool, error)
}

var _ payments.Accounts = (*Keeper)(nil)

// Ask decides on one action for debts of an account and keeps the decisions,
// in the order of the debts. A status that is the person's counts for all.
func (k *Keeper) Ask(ctx context.Context, a Action, account debt.Account, debts []debt.Debt, f Facts) ([]Decision, error) {
	kept, err := k.ask(ctx, a, account, debts, f)
	decisions := make([]Decision, len(kept))
	for i := range kept {
		decisions[i] = kept[i].Decision
	}
	return decisions, err
}

// now is the time as it is stored: UTC, in microseconds.
func (k *Keeper) now() time.Time { return k.Now().UTC().Truncate(time.Microsecond) }

func (k *Keeper) ask(ctx context.Context, a Action, account debt.Account, debts []debt.Debt, f Facts) ([]Kept, error) {
	now, who := k.now(), represent.Who(ctx)
	if f.ByConsumer {
		f.Role = who.Role
	}
	day := Day(now, account.Consumer.Address.State)
	all, err := k.Records.AccountStatements(ctx, account.ID)
	if err != nil {
		return nil, err
	}
	person := Person{Born: account.Consumer.DateOfBirth, Debts: debtsOf(all)}
	kept := make([]Kept, len(debts))
	for i, d := range debts {
		standing, effects := person.Standing(d, day).In(k.Law, account.Consumer.Address, d, day)
		decision, status := standing.Decide(a, f)
		kept[i] = Kept{
			At: now, AccountID: account.ID, DebtID: d.ID, Action: a, Channel: channel(a, f), Status: status,
			Decision: decision, Packs: effects.Versions, By: who,
		}
	}
	return kept, k.Records.KeepDecisions(ctx, kept)
}

// Payables implements payments.Accounts: what the consumer, who is asking, may
// pay on each debt now.
func (k *Keeper) Payables(ctx context.Context, accountID string, debtIDs []string, except payments.ID) ([]payments.Payable, error) {
	return k.payables(ctx, Pay, Facts{ByConsumer: true}, accountID, debtIDs, except)
}

// Still implements payments.Accounts: what whoever began an open payment may pay
// on its debts now.
func (k *Keeper) Still(ctx context.Context, p payments.Payment) ([]payments.Payable, error) {
	ctx = represent.As(ctx, represent.Speaker{ID: represent.ID(p.ByID), Role: represent.Role(p.By)})
	return k.Payables(ctx, p.AccountID, allocatedTo(p), p.ID)
}

func allocatedTo(p payments.Payment) []string {
	ids := make([]string, len(p.Allocations))
	for i, a := range p.Allocations {
		ids[i] = a.DebtID
	}
	return ids
}

func (k *Keeper) payables(ctx context.Context, a Action, f Facts, accountID string, debtIDs []string, except payments.ID) ([]payments.Payable, error) {
	statements, decisions, err := k.judge(ctx, a, f, accountID, debtIDs, except)
	if err != nil {
		return nil, err
	}
	payables := make([]payments.Payable, len(statements))
	for i, s := range statements {
		payables[i] = payable(s, decisions[i])
	}
	return payables, nil
}

// judge locks debts and decides about an action on each.
func (k *Keeper) judge(ctx context.Context, a Action, f Facts, accountID string, debtIDs []string, except payments.ID) ([]debt.Statement, []Decision, error) {
	account, err := k.Records.Account(ctx, debt.AccountID(accountID))
	if err != nil {
		return nil, nil, err
	}
	statements, err := k.statements(ctx, account.ID, debtIDs, except)
	if err != nil {
		return nil, nil, err
	}
	if f, err = k.consented(ctx, f, account.ID, statements); err != nil {
		return nil, nil, err
	}
	decisions, err := k.Ask(ctx, a, account, debtsOf(statements), f)
	return statements, decisions, err
}

// Keep implements payments.Accounts: where the consumer, or who paid for them,
// might not pay now, what has come may not be kept either; nor what reaches into
// a disputed part (AMT-06, STS-01). Money of nobody, or for a debt that is gone
// from the account, is not kept.
func (k *Keeper) Keep(ctx context.Context, p payments.Payment) (map[string]string, error) {
	amounts := map[string]money.Cents{}
	var ids []string
	for _, a := range p.Allocations {
		ids, amounts[a.DebtID] = append(ids, a.DebtID), a.Amount
	}
	why := map[string]string{}
	for _, id := range ids {
		why[id] = string(IsGone)
	}
	account, err := k.Records.Account(ctx, debt.AccountID(p.AccountID))
	if err != nil || account.Nobody() {
		return why, err
	}
	ctx = represent.As(ctx, represent.Speaker{ID: represent.ID(p.ByID), Role: represent.Role(p.By)})
	statements, decisions, err := k.judge(ctx, Keep, Facts{ByConsumer: true}, p.AccountID, ids, p.ID)
	if err != nil {
		return nil, err
	}
	for i, s := range statements {
		id, d := string(s.Debt.ID), decisions[i]
		switch delete(why, id); {
		case !d.Allowed:
			why[id] = string(d.Reason)
		case d.Withheld > 0 && amounts[id] > s.Payable()-d.Withheld:
			why[id] = string(IsDisputed)
		}
	}
	return why, nil
}

// consented adds to the facts what a represented person asked for.
func (k *Keeper) consented(ctx context.Context, f Facts, id debt.AccountID, statements []debt.Statement) (Facts, error) {
	represented := slices.ContainsFunc(statements, func(s debt.Statement) bool { return s.Debt.Counts(debt.Attorney) })
	if !f.ByConsumer || !represented || k.Consents == nil {
		return f, nil
	}
	var err error
	f.Consent, err = k.Consents.PayConsent(ctx, id)
	return f, err
}

// Open says of debts of an account what the consumer could pay on each now. It is
// for showing; nothing is decided or kept.
func (k *Keeper) Open(ctx context.Context, account debt.Account, all []debt.Statement) ([]payments.Payable, error) {
	f, err := k.consented(ctx, Facts{ByConsumer: true}, account.ID, all)
	day := Day(k.now(), account.Consumer.Address.State)
	person := Person{Born: account.Consumer.DateOfBirth, Debts: debtsOf(all)}
	open := make([]payments.Payable, len(all))
	for i, s := range all {
		standing, _ := person.Standing(s.Debt, day).In(k.Law, account.Consumer.Address, s.Debt, day)
		decision, _ := standing.Decide(Pay, f)
		open[i] = payable(s, decision)
	}
	return open, err
}

func payable(s debt.Statement, d Decision) payments.Payable {
	p := payments.Payable{DebtID: string(s.Debt.ID), DebtRef: s.Debt.Ref, CreditorRef: s.Debt.CreditorRef}
	if !d.Allowed {
		p.Refusal = string(d.Reason)
		return p
	}
	p.Max = max(0, s.Payable()-d.Withheld)
	switch {
	case d.WholeOnly:
		p.Min = p.Max
	case d.Withheld > 0 && p.Max == 0:
		p.Refusal = string(IsDisputed)
	}
	return p
}

// MayUse implements payments.Accounts: a card may be used when every debt of
// the payment takes it (STR-02). Bank accounts always may: when too many debits
// come back, new mandates stop, which debit later and unasked (ACH-06, see
// Planner.MayUse). One debit that somebody makes by their own act now authorizes
// nothing after it, and for many it is the only way to pay.
func (k *Keeper) MayUse(ctx context.Context, p payments.Payment, d payments.Details) error {
	if d.Type == payments.BankAccount {
		return nil
	}
	ids := allocatedTo(p)
	statements, err := k.statements(ctx, debt.AccountID(p.AccountID), ids, p.ID)
	if err != nil {
		return err
	}
	if len(statements) != len(ids) {
		return fmt.Errorf("%w: a debt of the payment is gone", payments.ErrMethodRefused)
	}
	var refused error
	var kept []Kept
	for _, s := range statements {
		decision := Card(s.Debt.Type, d.Funding)
		kept = append(kept, Kept{
			At: k.now(), AccountID: s.Debt.AccountID, DebtID: s.Debt.ID, PaymentID: p.ID,
			Action: UseCard, Channel: channel(UseCard, Facts{ByConsumer: true}), Status: s.Debt.Status, Decision: decision, By: represent.Who(ctx),
		})
		if !decision.Allowed {
			refused = fmt.Errorf("%w: %s", payments.ErrMethodRefused, decision.Reason)
		}
	}
	if err := k.Records.KeepDecisions(ctx, kept); err != nil {
		return err
	}
	return refused
}

func (k *Keeper) statements(ctx context.Context, account debt.AccountID, debtIDs []string, except payments.ID) ([]debt.Statement, error) {
	ids := make([]debt.ID, len(debtIDs))
	for i, id := range debtIDs {
		ids[i] = debt.ID(id)
	}
	return k.Records.Statements(ctx, account, ids, except)
}

func debtsOf(statements []debt.Statement) []debt.Debt {
	debts := make([]debt.Debt, len(statements))
	for i, s := range statements {
		debts[i] = s.Debt
	}
	return debts
}
