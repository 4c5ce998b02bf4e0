package gate

import (
	"context"
	"fmt"
	"time"

	"quittance/payments"
	"quittance/portal/debt"
)

// TooManyReturns is why no new authorization to debit a bank account is taken
// (ACH-06).
const TooManyReturns Reason = "too_many_returns"

// Returns counts the ACH debits since a time, all creditors' and each one's.
type Returns interface {
	Returns(ctx context.Context, since time.Time) ([]payments.Returns, error)
}

// mayDebit says whether a plan may be authorized to debit a bank account: not
// while too many debits of the creditor, or of the agency, come back (ACH-06).
// The answer is kept.
func (p Planner) mayDebit(ctx context.Context, accountID, debtID string) error {
	if p.Returns == nil {
		return nil
	}
	statement, account, err := p.find(ctx, accountID, debtID)
	if err != nil {
		return err
	}
	counts, err := p.Returns.Returns(ctx, p.Keeper.now().Add(-payments.ReturnWindow))
	if err != nil {
		return err
	}
	decision := Debit(counts, statement.Debt)
	err = p.Keeper.Records.KeepDecisions(ctx, []Kept{{
		At: p.Keeper.now(), AccountID: account.ID, DebtID: statement.Debt.ID, Action: UseBank, Channel: Page, Status: statement.Debt.Status, Decision: decision,
	}})
	if err == nil && !decision.Allowed {
		err = fmt.Errorf("%w: %s", payments.ErrMethodRefused, decision.Reason)
	}
	return err
}

// Debit says whether a new authorization to debit bank accounts may be taken
// for a debt.
func Debit(counts []payments.Returns, d debt.Debt) Decision {
	for _, r := range counts {
		if (r.CreditorRef == "" || r.CreditorRef == d.CreditorRef) && r.Concern() == payments.Stopped {
			return Decision{Reason: TooManyReturns, RuleIDs: []string{"ACH-06"}}
		}
	}
	return Decision{Allowed: true, RuleIDs: []string{"ACH-06"}}
}
