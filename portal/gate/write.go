package gate

import (
	"context"

	"quittance/portal/debt"
)

// MayTell says the same as MayWrite of a word about money that the person sent
// themselves: a receipt, or that it came back. It is an answer, so that a dispute,
// or that the debt is paid or recalled, does not stand against it; a bankruptcy, a
// lawyer or a stop of all contact does. Of a word about one debt only that debt
// counts; an empty id is about them all.
func (k *Keeper) MayTell(ctx context.Context, id debt.AccountID, of debt.ID) (rule, reason string, err error) {
	return k.mayWrite(ctx, id, Facts{Answer: true}, func(d debt.Debt) bool { return of == "" || d.ID == of })
}

// MayWrite says whether the state of an account's debts lets the agency write
// to the consumer at all: it does when one debt does. Otherwise it returns the
// rule and the reason of the first that stands against it, or GEN-01 where
// there is no debt to write about. The decisions are kept.
func (k *Keeper) MayWrite(ctx context.Context, id debt.AccountID) (rule, reason string, err error) {
	return k.mayWrite(ctx, id, Facts{}, func(debt.Debt) bool { return true })
}

func (k *Keeper) mayWrite(ctx context.Context, id debt.AccountID, f Facts, about func(debt.Debt) bool) (rule, reason string, err error) {
	account, err := k.Records.Account(ctx, id)
	if err != nil {
		return "", "", err
	}
	statements, err := k.Records.AccountStatements(ctx, id)
	if err != nil {
		return "", "", err
	}
	var debts []debt.Debt
	for _, s := range statements {
		if about(s.Debt) {
			debts = append(debts, s.Debt)
		}
	}
	decisions, err := k.Ask(ctx, Outbound, account, debts, f)
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
