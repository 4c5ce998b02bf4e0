package gate

import (
	"context"

	"quittance/portal/debt"
)

// MayWrite says whether the state of an account's debts lets the agency write
// to the consumer at all: it does when one debt does. Otherwise it returns the
// rule and the reason of the first that stands against it, or GEN-01 where
// there is no debt to write about. The decisions are kept.
func (k *Keeper) MayWrite(ctx context.Context, id debt.AccountID) (rule, reason string, err error) {
	account, err := k.Records.Account(ctx, id)
	if err != nil {
		return "", "", err
	}
	statements, err := k.Records.AccountStatements(ctx, id)
	if err != nil {
		return "", "", err
	}
	decisions, err := k.Ask(ctx, Outbound, account, debtsOf(statements), Facts{})
	if err != nil {
		return "", "", err
	}
	rule, reason = "GEN-01", "no_debt"
	for i, d := range decisions {
		if d.Allowed {
			return "", "", nil
		}
		if i == 0 {
			rule, reason = d.RuleIDs[0], string(d.Reason)
		}
	}
	return rule, reason, nil
}
