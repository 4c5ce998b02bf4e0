package gate

import (
	"context"
	"slices"

	"quittance/portal/debt"
	"quittance/portal/represent"
)

// speaker is what a role may ever do, on top of what each status allows.
type speaker struct {
	needs debt.Status   // the account has to count as this; empty: as anything
	bars  []debt.Status // while it counts as one of these the role has ended
	may   []Action
	rules []string
}

// speakers is the table of roles (DSC-05): nobody who speaks for somebody else
// makes a plan or gives a mandate. An executor speaks for the dead alone and
// pays by hand, a parent for a minor alone; the authority of a guardian ends
// with death; a spouse sees and disputes, and is never asked to pay what the
// other owes.
var speakers = map[represent.Role]speaker{
	represent.Executor: {needs: debt.Deceased, may: []Action{View, Pay, Outbound, Dispute}, rules: []string{"DSC-05", "STS-02"}},
	represent.Guardian: {bars: []debt.Status{debt.Deceased}, may: []Action{View, Pay, Outbound, Dispute}, rules: []string{"DSC-05", "STS-06"}},
	represent.Parent:   {needs: debt.Minor, bars: []debt.Status{debt.Deceased}, may: []Action{View, Outbound, Dispute}, rules: []string{"DSC-05", "STS-06"}},
	represent.Spouse:   {bars: []debt.Status{debt.Minor}, may: []Action{View, Outbound, Dispute}, rules: []string{"DSC-05", "STS-02"}},
}

// speaks asks the table of roles; an unknown role may nothing.
func (s Standing) speaks(a Action, r represent.Role) Decision {
	row, known := speakers[r]
	if !known {
		return Decision{Reason: NotForRole, RuleIDs: []string{"GEN-01", "DSC-05"}}
	}
	if !s.fits(r) || !slices.Contains(row.may, a) {
		return Decision{Reason: NotForRole, RuleIDs: row.rules}
	}
	return Decision{Allowed: true, RuleIDs: row.rules}
}

// fits reports whether somebody in the role speaks for a person who stands so.
func (s Standing) fits(r represent.Role) bool {
	row, known := speakers[r]
	if !known || row.needs != "" && !slices.Contains(s.Statuses, row.needs) {
		return false
	}
	return !slices.ContainsFunc(row.bars, func(b debt.Status) bool { return slices.Contains(s.Statuses, b) })
}

// RoleFits says whether somebody in a role may be recorded for an account as it
// counts now. It implements represent.Fits.
func (k *Keeper) RoleFits(ctx context.Context, id debt.AccountID, r represent.Role) (bool, error) {
	account, err := k.Records.Account(ctx, id)
	if err != nil {
		return false, err
	}
	all, err := k.Records.AccountStatements(ctx, id)
	if err != nil {
		return false, err
	}
	person, day := Person{Born: account.Consumer.DateOfBirth, Debts: debtsOf(all)}, Day(k.now(), account.Consumer.Address.State)
	return slices.ContainsFunc(person.Debts, func(d debt.Debt) bool { return person.Standing(d, day).fits(r) }), nil
}
