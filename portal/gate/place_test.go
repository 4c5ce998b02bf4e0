package gate

import (
	"slices"
	"strings"
	"testing"

	"quittance/plans"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/pack"
	"quittance/portal/pack/packtest"
	"quittance/portal/represent"
)

// cells is the table of rules.md O once more, written by hand and compactly:
// one letter an action, in the order view, pay, plan, autopay, outbound,
// dispute. y is allowed to whoever asks; c when the consumer asks here and now;
// a as an answer; t by an approved template; e to an executor or the spouse, x to
// an executor by hand, g to a guardian or parent, which roles_test.go asks for; o
// with a recorded consent; n never.
var cells = map[debt.Status]string{
	debt.Active: "yyyyyy", debt.Disputed: "ynnnay", debt.Cease: "yccnny", debt.Attorney: "yonnny", debt.Bankruptcy: "nnnnnn",
	debt.Deceased: "exnney", debt.Servicemember: "yyyyyy", debt.IdentityTheft: "nnnnny", debt.Minor: "gnnngg",
	debt.TimeBarred: "ycnnty", debt.Paid: "ynnnay", debt.Recalled: "ynnnay",
}

// why is the reason of each denial by status; autopay has its own.
var why = map[debt.Status]Reason{
	debt.Disputed: IsDisputed, debt.Cease: IsCeased, debt.Attorney: HasAttorney, debt.Bankruptcy: IsBankrupt, debt.Deceased: IsDeceased,
	debt.IdentityTheft: IsIdentity, debt.Minor: IsMinor, debt.TimeBarred: IsTimeBarred, debt.Paid: IsPaid, debt.Recalled: IsRecalled,
}

var paused = []debt.Status{debt.Disputed, debt.Cease, debt.Attorney, debt.TimeBarred}

var meets = map[rune]func(Facts) bool{
	'y': func(Facts) bool { return true }, 'n': func(Facts) bool { return false },
	'c': func(f Facts) bool { return f.ByConsumer }, 'a': func(f Facts) bool { return f.Answer }, 't': func(f Facts) bool { return f.Template },
	'e': func(Facts) bool { return false }, 'x': func(Facts) bool { return false }, 'g': func(Facts) bool { return false }, 'o': func(f Facts) bool { return f.Consent },
}

// TestGEN01_STA05_EveryActionInEveryStatusInEveryState asks for each cell of
// action × status × state of the union, with every set of facts: the table above
// decides where the portal is on, and nothing is allowed where it is off
// (STA-05) or nobody knows where (GEN-03).
func TestGEN01_STA05_EveryActionInEveryStatusInEveryState(t *testing.T) {
	t.Parallel()
	law := packtest.Everywhere()
	law.States = []string{"OH", "CA", "NY", "TX", "NC"}
	law.Licenses = []string{"North Carolina 113456"}
	off := map[string]Reason{"CA": LicenseMissing, "ZZ": StateUnknown, "": StateUnknown}
	day := civil.Date{Year: 2026, Month: 11, Day: 22}
	asked := 0
	for _, state := range append(pack.States(), "ZZ", "") {
		if off[state] == "" && !slices.Contains(law.States, state) {
			off[state] = StateOff
		}
		for status, row := range cells {
			d := debt.Debt{ID: "dbt_1", Type: debt.Medical, Status: status}
			standing, effects := Person{Debts: []debt.Debt{d}}.Standing(d, day).In(law, debt.Address{State: state}, d, day)
			if effects.Off != (off[state] != "") {
				t.Fatalf("%q: off %v, %s", state, effects.Off, effects.Reason)
			}
			for i, a := range everyAction {
				for bits := range 16 {
					f := Facts{ByConsumer: bits&1 > 0, Answer: bits&2 > 0, Template: bits&4 > 0, Consent: bits&8 > 0}
					got, _ := standing.Decide(a, f)
					asked++
					open := meets[rune(row[i])](f)
					want, wantReason := open && off[state] == "", why[status]
					switch {
					case !open && a == Autopay && slices.Contains(paused, status):
						wantReason = Paused
					case !open && a == Autopay:
						wantReason = Canceled
					case open:
						wantReason = off[state]
					}
					if got.Allowed != want || !want && got.Reason != wantReason || len(got.RuleIDs) == 0 {
						t.Errorf("%s, %s, %q, %+v: %+v; want %v %q", a, status, state, f, got, want, wantReason)
					}
					if !want && open && !slices.Contains(got.RuleIDs, "STA-05") {
						t.Errorf("%s, %s, %q: rules %v", a, status, state, got.RuleIDs)
					}
				}
			}
		}
	}
	if wanted := (len(pack.States()) + 2) * 12 * 6 * 16; asked != wanted {
		t.Errorf("%d cells were asked; want %d", asked, wanted)
	}
}

func TestGEN01_WithoutTheLawNothingIsAllowed(t *testing.T) {
	t.Parallel()
	k, s := setup(owes("dbt_1", debt.Medical, debt.Active))
	k.Law = nil
	got, err := k.Payables(t.Context(), "acc_1", []string{"dbt_1"}, "")
	if err != nil || got[0].Refusal != string(StateUnknown) || len(s.kept) != 1 || s.kept[0].Decision.Allowed {
		t.Errorf("payables %+v, kept %+v, %v", got, s.kept, err)
	}
}

// TestGEN01_ADecisionIsKeptWithItsChannelAndTheVersionsOfThePacks also carries
// STA-01: which version of the law answered can be told years later.
func TestGEN01_ADecisionIsKeptWithItsChannelAndTheVersionsOfThePacks(t *testing.T) {
	t.Parallel()
	k, s := setup(owes("dbt_1", debt.Medical, debt.Active))
	if _, err := k.Payables(t.Context(), "acc_1", []string{"dbt_1"}, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := (Unattended{k}).Payables(t.Context(), "acc_1", []string{"dbt_1"}, ""); err != nil {
		t.Fatal(err)
	}
	if _, _, err := k.MayWrite(t.Context(), "acc_1"); err != nil {
		t.Fatal(err)
	}
	for i, want := range []Channel{Page, Worker, Message} {
		kept := s.kept[i]
		if kept.Channel != want || len(kept.Packs) != 3 || !strings.HasPrefix(kept.Packs[0], "US 2026.1 ") || !strings.HasPrefix(kept.Packs[1], "US-NY 2026.1 ") || !strings.HasPrefix(kept.Packs[2], "US-NY-NYC 2026.1 ") {
			t.Errorf("kept %+v", kept)
		}
	}
}

func TestSTA05_APlanOfAStateThatWasTurnedOffRestsAndIsNotEnded(t *testing.T) {
	t.Parallel()
	k, s := setup(owes("dbt_1", debt.Medical, debt.Active))
	k.Law = pack.Places{Book: packtest.Everywhere().Book, States: []string{"TX"}}
	subject, ends, err := (Planner{Keeper: k}).Unattended(t.Context(), plans.Plan{AccountID: "acc_1", Debt: plans.DebtRef{ID: "dbt_1"}})
	if err != nil || ends || subject.Refusal != string(StateOff) {
		t.Errorf("%+v, ends %v, %v", subject, ends, err)
	}
	if rule, reason, err := k.MayWrite(t.Context(), s.account.ID); err != nil || reason != string(StateOff) || rule == "" {
		t.Errorf("writing: %s, %s, %v", rule, reason, err)
	}
}

func TestSTS07_TheStatesTextIsAskedForOnlyOfADebtThatIsTooOld(t *testing.T) {
	t.Parallel()
	day := civil.Date{Year: 2026, Month: 11, Day: 22}
	for status, want := range map[debt.Status]int{debt.Active: 0, debt.TimeBarred: 1} {
		d := debt.Debt{ID: "dbt_1", Type: debt.Loan, Status: status}
		_, effects := Person{Debts: []debt.Debt{d}}.Standing(d, day).In(packtest.Everywhere(), debt.Address{State: "TX", PostalCode: "78701"}, d, day)
		if len(effects.Beside) != want || len(effects.Before) != want {
			t.Errorf("%s: %+v", status, effects)
		}
	}
}

// TestSTS04_AServicememberPlansInFixedInstallmentsWithoutInterest: nothing is
// closed to somebody who serves, and each charge of a plan looks at the status
// again.
func TestSTS04_AServicememberPlansInFixedInstallmentsWithoutInterest(t *testing.T) {
	t.Parallel()
	k, _ := setup(owes("dbt_1", debt.Loan, debt.Servicemember))
	account := debt.Account{ID: "acc_1", Consumer: debt.Consumer{Address: debt.Address{State: "NY"}}}
	for action, want := range map[Action]Reason{View: Plain, Pay: Plain, Plan: FixedNoCharge, Autopay: Recheck, Outbound: Plain, Dispute: Plain} {
		got, err := k.Ask(t.Context(), action, account, []debt.Debt{owes("dbt_1", debt.Loan, debt.Servicemember).Debt}, Facts{})
		if err != nil || !got[0].Allowed || got[0].Reason != want {
			t.Errorf("%s: %+v, %v", action, got, err)
		}
	}
}

// TestDSC05_OfADeceasedOrAMinorOnlyWhoSpeaksForThemSeesAnything: nobody else,
// whatever else is known of them, and nobody is written to in their place.
func TestDSC05_OfADeceasedOrAMinorOnlyWhoSpeaksForThemSeesAnything(t *testing.T) {
	t.Parallel()
	stranger := Facts{ByConsumer: true, Answer: true, Template: true, Consent: true}
	for _, a := range everyAction {
		if got := Decide(a, debt.Minor, stranger); got.Allowed {
			t.Errorf("%s of a minor: %+v", a, got)
		}
		if got := Decide(a, debt.Deceased, stranger); got.Allowed && a != Dispute {
			t.Errorf("%s of a deceased: %+v", a, got)
		}
	}
	if got := Decide(View, debt.Deceased, Facts{Role: represent.Executor}); !got.Allowed || got.Reason != Limited {
		t.Errorf("the executor: %+v", got)
	}
}
