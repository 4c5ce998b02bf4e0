package gate

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"quittance/payments"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/pack/packtest"
)

var errBroken = errors.New("the store is broken")

// shelf is a store of one account.
type shelf struct {
	account    debt.Account
	statements []debt.Statement
	kept       []Kept
	broken     string
}

func (s *shelf) fail(name string) error {
	if s.broken == name {
		return errBroken
	}
	return nil
}

func (s *shelf) Account(context.Context, debt.AccountID) (debt.Account, error) {
	return s.account, s.fail("account")
}

func (s *shelf) Statements(_ context.Context, id debt.AccountID, ids []debt.ID, _ payments.ID) ([]debt.Statement, error) {
	var found []debt.Statement
	for _, st := range s.statements {
		if id == s.account.ID && slices.Contains(ids, st.Debt.ID) {
			found = append(found, st)
		}
	}
	return found, s.fail("statements")
}

func (s *shelf) LockAccount(context.Context, debt.AccountID) error { return s.fail("lock") }

func (s *shelf) AccountStatements(context.Context, debt.AccountID) ([]debt.Statement, error) {
	return s.statements, s.fail("all")
}

func (s *shelf) KeepDecisions(_ context.Context, kept []Kept) error {
	s.kept = append(s.kept, kept...)
	return s.fail("keep")
}

func owes(id string, kind debt.Type, status debt.Status) debt.Statement {
	return debt.Statement{
		Debt: debt.Debt{ID: debt.ID(id), AccountID: "acc_1", Ref: "ref " + id, CreditorRef: "creditor", Type: kind, Status: status},
		Owed: 100_00, Pending: 30_00,
	}
}

func setup(statements ...debt.Statement) (*Keeper, *shelf) {
	s := &shelf{account: debt.Account{ID: "acc_1", Consumer: debt.Consumer{Address: debt.Address{State: "NY"}}}, statements: statements}
	return &Keeper{Records: s, Law: packtest.Everywhere(), Now: func() time.Time { return time.Date(2026, 11, 22, 18, 0, 0, 123, time.UTC) }}, s
}

func TestGEN01_PayablesAreDecidedOneByOneAndKept(t *testing.T) {
	t.Parallel()
	k, s := setup(owes("dbt_1", debt.Medical, debt.Active), owes("dbt_2", debt.Medical, debt.Disputed), owes("dbt_3", debt.Loan, debt.TimeBarred))
	got, err := k.Payables(t.Context(), "acc_1", []string{"dbt_1", "dbt_2", "dbt_3", "dbt_other"}, "")
	if err != nil {
		t.Fatal(err)
	}
	want := []payments.Payable{
		{DebtID: "dbt_1", DebtRef: "ref dbt_1", CreditorRef: "creditor", Max: 70_00},
		{DebtID: "dbt_2", DebtRef: "ref dbt_2", CreditorRef: "creditor", Refusal: "disputed"},
		{DebtID: "dbt_3", DebtRef: "ref dbt_3", CreditorRef: "creditor", Max: 70_00, Min: 70_00},
	}
	if !slices.Equal(got, want) {
		t.Errorf("payables %+v", got)
	}
	if len(s.kept) != 3 || s.kept[1].Decision.Allowed || s.kept[1].Action != Pay || s.kept[1].At.Nanosecond() != 0 || s.kept[2].Status != debt.TimeBarred {
		t.Errorf("kept %+v", s.kept)
	}
}

func TestSTS07_ADebtPastItsLimitationDateIsTimeBarredWhateverTheFileSays(t *testing.T) {
	t.Parallel()
	st := owes("dbt_1", debt.Medical, debt.Active)
	st.Debt.LimitationDate, _ = civil.Parse("2026-11-22")
	k, _ := setup(st)
	got, err := k.Payables(t.Context(), "acc_1", []string{"dbt_1"}, "")
	if err != nil || got[0].Min != got[0].Max {
		t.Errorf("payables %+v, %v", got, err)
	}
	k.Now = func() time.Time { return time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC) } // still the 21st in New York
	if got, err = k.Payables(t.Context(), "acc_1", []string{"dbt_1"}, ""); err != nil || got[0].Min != 0 {
		t.Errorf("the day before: %+v, %v", got, err)
	}
}

func TestSTS01_BankruptcyReachesEveryDebtOfThePerson(t *testing.T) {
	t.Parallel()
	k, _ := setup(owes("dbt_1", debt.Medical, debt.Active), owes("dbt_2", debt.Medical, debt.Bankruptcy))
	got, err := k.Payables(t.Context(), "acc_1", []string{"dbt_1"}, "")
	if err != nil || got[0].Refusal != "bankruptcy" {
		t.Errorf("payables %+v, %v", got, err)
	}
}

func TestSTS06_AMinorIsShownAndAskedNothing(t *testing.T) {
	t.Parallel()
	k, s := setup(owes("dbt_1", debt.Medical, debt.Active))
	s.account.Consumer.DateOfBirth, _ = civil.Parse("2008-11-23")
	got, err := k.Payables(t.Context(), "acc_1", []string{"dbt_1"}, "")
	if err != nil || got[0].Refusal != "minor" {
		t.Errorf("a day before the 18th birthday: %+v, %v", got, err)
	}
	s.account.Consumer.DateOfBirth, _ = civil.Parse("2008-11-22")
	if got, err = k.Payables(t.Context(), "acc_1", []string{"dbt_1"}, ""); err != nil || got[0].Refusal != "" {
		t.Errorf("on the 18th birthday: %+v, %v", got, err)
	}
}

func TestSTR02_OneDebtThatTakesNoCreditCardRefusesItForThePayment(t *testing.T) {
	t.Parallel()
	k, s := setup(owes("dbt_1", debt.Medical, debt.Active), owes("dbt_2", debt.Loan, debt.Active))
	p := payments.Payment{ID: "pay_1", AccountID: "acc_1", Allocations: []payments.Allocation{{DebtID: "dbt_1"}, {DebtID: "dbt_2"}}}
	for _, c := range []struct {
		details payments.Details
		refused bool
	}{
		{payments.Details{Type: payments.Card, Funding: "debit"}, false},
		{payments.Details{Type: payments.Card, Funding: "prepaid"}, false},
		{payments.Details{Type: payments.Card, Funding: "credit"}, true},
		{payments.Details{Type: payments.Card}, true},
		{payments.Details{Type: payments.BankAccount}, false},
	} {
		if err := k.MayUse(t.Context(), p, c.details); errors.Is(err, payments.ErrMethodRefused) != c.refused {
			t.Errorf("%+v: %v", c.details, err)
		}
	}
	if len(s.kept) != 8 || s.kept[7].Action != UseCard || s.kept[7].PaymentID != "pay_1" || s.kept[7].Decision.Allowed {
		t.Errorf("kept %+v", s.kept)
	}
	p.Allocations = append(p.Allocations, payments.Allocation{DebtID: "dbt_gone"})
	if err := k.MayUse(t.Context(), p, payments.Details{Type: payments.Card, Funding: "debit"}); !errors.Is(err, payments.ErrMethodRefused) {
		t.Errorf("a debt that is gone: %v", err)
	}
}

func TestGEN01_WithoutItsRecordNothingIsAllowed(t *testing.T) {
	t.Parallel()
	p := payments.Payment{ID: "pay_1", AccountID: "acc_1", Allocations: []payments.Allocation{{DebtID: "dbt_1"}}}
	for _, broken := range []string{"account", "statements", "all", "keep"} {
		k, s := setup(owes("dbt_1", debt.Medical, debt.Active))
		s.broken = broken
		if got, err := k.Payables(t.Context(), "acc_1", []string{"dbt_1"}, ""); !errors.Is(err, errBroken) || got != nil {
			t.Errorf("%s: payables %+v, %v", broken, got, err)
		}
		err := k.MayUse(t.Context(), p, payments.Details{Type: payments.Card, Funding: "debit"})
		if asks := broken == "statements" || broken == "keep"; errors.Is(err, errBroken) != asks {
			t.Errorf("%s: may use %v", broken, err)
		}
	}
}

func TestPagesAskTheSameTables(t *testing.T) {
	t.Parallel()
	day, _ := civil.Parse("2026-11-22")
	barred := debt.Debt{Status: debt.Active, Type: debt.Loan, LimitationDate: day}
	if d := may(barred, View, day); !d.Allowed || d.Reason != WithNotice {
		t.Errorf("view: %+v", d)
	}
	if !may(barred, Pay, day).WholeOnly || may(barred, Pay, day.AddDays(-1)).WholeOnly {
		t.Error("a time-barred debt is paid whole, one that is not yet is not")
	}
	if Card(barred.Type, "").Allowed || !Card(debt.Rent, "").Allowed {
		t.Error("a loan takes no credit card, rent does")
	}
}

// TestDIS02_STS01_F6_AWordOfTheirOwnMoneyIsAnAnswer: what a dispute, or that nothing
// is owed any more, keeps us from writing, we may write of money that the person
// sent; not against a bankruptcy, a lawyer or a stop.
func TestDIS02_STS01_F6_AWordOfTheirOwnMoneyIsAnAnswer(t *testing.T) {
	t.Parallel()
	for status, want := range map[debt.Status]string{
		debt.Active: "", debt.Disputed: "", debt.Paid: "", debt.Recalled: "", debt.Servicemember: "",
		debt.Bankruptcy: "bankruptcy", debt.Attorney: "attorney", debt.Cease: "cease", debt.Deceased: "deceased", debt.IdentityTheft: "identity_theft", debt.Minor: "minor",
	} {
		k, s := setup(owes("dbt_1", debt.Medical, status))
		if _, reason, err := k.MayTell(t.Context(), "acc_1", "dbt_1"); reason != want || err != nil || len(s.kept) != 1 {
			t.Errorf("%s: %q, %v; %d kept", status, reason, err, len(s.kept))
		}
	}
	k, s := setup(owes("dbt_1", debt.Medical, debt.Cease), owes("dbt_2", debt.Medical, debt.Active))
	for of, want := range map[debt.ID]string{"dbt_1": "cease", "dbt_2": "", "": ""} {
		if _, reason, err := k.MayTell(t.Context(), "acc_1", of); reason != want || err != nil {
			t.Errorf("about %q: %q, %v", of, reason, err)
		}
	}
	if len(s.kept) != 4 {
		t.Errorf("%d decisions were kept", len(s.kept))
	}
}

func TestGEN01_AnAccountIsWrittenToWhenOneOfItsDebtsAllowsIt(t *testing.T) {
	t.Parallel()
	disputed, active := owes("dbt_1", debt.Medical, debt.Disputed), owes("dbt_2", debt.Medical, debt.Active)
	for name, c := range map[string]struct {
		statements   []debt.Statement
		rule, reason string
	}{
		"no debt at all":   {nil, "GEN-01", "no_debt"},
		"only a disputed":  {[]debt.Statement{disputed}, "DIS-02", "disputed"},
		"one more, active": {[]debt.Statement{disputed, active}, "", ""},
	} {
		k, s := setup(c.statements...)
		rule, reason, err := k.MayWrite(t.Context(), "acc_1")
		if rule != c.rule || reason != c.reason || err != nil || len(s.kept) != len(c.statements) {
			t.Errorf("%s: %q, %q, %v; %d kept", name, rule, reason, err, len(s.kept))
		}
	}
	for _, broken := range []string{"account", "all", "keep"} {
		k, s := setup(active)
		s.broken = broken
		if _, _, err := k.MayWrite(t.Context(), "acc_1"); !errors.Is(err, errBroken) {
			t.Errorf("%s: %v", broken, err)
		}
	}
}
