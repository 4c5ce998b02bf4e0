package gate

import (
	"testing"

	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/represent"
)

// roleCells is what each role may do by its own act, written by hand: one letter
// an action in the order view, pay, plan, autopay, outbound, dispute. What is
// not listed is denied.
var roleCells = map[represent.Role]map[debt.Status]string{
	represent.Executor: {debt.Deceased: "yynnyy"},
	represent.Guardian: {
		debt.Active: "yynnyy", debt.Disputed: "ynnnny", debt.Cease: "yynnny", debt.Attorney: "ynnnny", debt.Servicemember: "yynnyy",
		debt.IdentityTheft: "nnnnny", debt.Minor: "ynnnyy", debt.TimeBarred: "yynnny", debt.Paid: "ynnnny", debt.Recalled: "ynnnny",
		debt.UnderReview: "nnnnny",
	},
	represent.Parent: {debt.Minor: "ynnnyy"},
	represent.Spouse: {
		debt.Active: "ynnnyy", debt.Disputed: "ynnnny", debt.Cease: "ynnnny", debt.Attorney: "ynnnny", debt.Deceased: "ynnnyy",
		debt.Servicemember: "ynnnyy", debt.IdentityTheft: "nnnnny", debt.TimeBarred: "ynnnny", debt.Paid: "ynnnny", debt.Recalled: "ynnnny",
		debt.UnderReview: "nnnnny",
	},
	"friend": {},
}

func TestDSC05_STS02_STS06_EveryCellOfEveryRole(t *testing.T) {
	t.Parallel()
	for role, rows := range roleCells {
		for _, status := range everyStatus {
			for i, a := range everyAction {
				got, _ := Standing{Statuses: []debt.Status{status}}.Decide(a, Facts{ByConsumer: true, Role: role})
				want := rows[status] != "" && rows[status][i] == 'y'
				if got.Allowed != want || len(got.RuleIDs) == 0 || !want && got.Reason == Plain {
					t.Errorf("%s of %s by the %s: %+v; want %v", a, status, role, got, want)
				}
			}
		}
	}
}

func TestSTS02_AnExecutorPaysByHandAndNothingElseMovesMoneyForTheDead(t *testing.T) {
	t.Parallel()
	dead := Standing{Statuses: []debt.Status{debt.Deceased, debt.Active}}
	for role, want := range map[represent.Role]bool{represent.Executor: true, represent.Spouse: false, represent.Guardian: false, represent.Parent: false, "": false} {
		if got, _ := dead.Decide(Pay, Facts{ByConsumer: true, Role: role}); got.Allowed != want {
			t.Errorf("by hand, by %q: %+v", role, got)
		}
		for _, a := range []Action{Pay, Plan, Autopay} {
			if got, _ := dead.Decide(a, Facts{Role: role}); got.Allowed {
				t.Errorf("%s unattended, by %q: %+v", a, role, got)
			}
		}
	}
}

func TestDSC05_ADecisionSaysWhoAskedAndOnlyTheirOwnActIsTheirs(t *testing.T) {
	t.Parallel()
	k, s := setup(owes("dbt_1", debt.Medical, debt.Deceased))
	who := represent.Speaker{ID: "rep_1", Role: represent.Executor}
	ctx := represent.As(t.Context(), who)
	got, err := k.Payables(ctx, "acc_1", []string{"dbt_1"}, "")
	if err != nil || got[0].Refusal != "" || got[0].Max == 0 {
		t.Errorf("by the executor: %+v, %v", got, err)
	}
	if kept := s.kept[len(s.kept)-1]; kept.By != who {
		t.Errorf("kept: %+v", kept)
	}
	if got, err = k.Payables(t.Context(), "acc_1", []string{"dbt_1"}, ""); err != nil || got[0].Refusal != "deceased" {
		t.Errorf("by anybody else: %+v, %v", got, err)
	}
	if got, err = (Unattended{k}).Payables(ctx, "acc_1", []string{"dbt_1"}, ""); err != nil || got[0].Refusal == "" {
		t.Errorf("unattended: %+v, %v", got, err)
	}
}

func TestSTS06_ARoleIsTakenOnlyWhereItFits(t *testing.T) {
	t.Parallel()
	fits := map[debt.Status]map[represent.Role]bool{
		debt.Active:   {represent.Guardian: true, represent.Spouse: true},
		debt.Deceased: {represent.Executor: true, represent.Spouse: true},
		debt.Minor:    {represent.Guardian: true, represent.Parent: true},
	}
	for status, want := range fits {
		k, s := setup(owes("dbt_1", debt.Medical, status))
		for _, role := range append(represent.Roles(), "friend") {
			if got, err := k.RoleFits(t.Context(), "acc_1", role); got != want[role] || err != nil {
				t.Errorf("a %s of %s: %v, %v", role, status, got, err)
			}
		}
		for _, broken := range []string{"account", "all"} {
			s.broken = broken
			if _, err := k.RoleFits(t.Context(), "acc_1", represent.Guardian); err == nil {
				t.Errorf("%s broken: no error", broken)
			}
		}
	}
	k, s := setup(owes("dbt_1", debt.Medical, debt.Active))
	s.account.Consumer.DateOfBirth = civil.Date{Year: 2015, Month: 1, Day: 1}
	if got, err := k.RoleFits(t.Context(), "acc_1", represent.Parent); !got || err != nil {
		t.Errorf("the parent of somebody born in 2015: %v, %v", got, err)
	}
}
