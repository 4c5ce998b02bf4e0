package dispute

import (
	"errors"
	"testing"

	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/portal/debt"
)

var (
	rows  = debt.Itemization{Amount: 300_00, Interest: 32_17, Fees: 5_00, Credits: 20_00}
	today = civil.Date{Year: 2026, Month: 11, Day: 22}
)

func TestDIS04_WhatIsDisputedIsWorkedOutToTheCent(t *testing.T) {
	t.Parallel()
	const owed = money.Cents(317_17)
	for name, c := range map[string]struct {
		f    Filing
		want money.Cents
	}{
		"nothing said is all of it":   {Filing{}, owed},
		"the whole":                   {Filing{Scope: Whole}, owed},
		"one line":                    {Filing{Scope: Lines, Lines: []Line{LineInterest}}, 32_17},
		"two lines":                   {Filing{Scope: Lines, Lines: []Line{LineInterest, LineFees}}, 37_17},
		"lines above what is owed":    {Filing{Scope: Lines, Lines: AllLines}, owed},
		"an amount":                   {Filing{Scope: Part, Amount: 1}, 1},
		"the question is about all":   {Filing{Kind: Creditor, Scope: Part, Amount: 1}, owed},
		"a complaint is about none":   {Filing{Kind: Complaint, Story: Story{Words: "x"}}, 0},
		"a line that is not in there": {Filing{Scope: Lines, Lines: []Line{LineInterest, "odd"}}, 32_17},
	} {
		if c.f.Kind == "" {
			c.f.Kind = OfDebt
		}
		c.f.Reasons = []Reason{WrongAmount}
		got, problems := Check(c.f, rows, owed, today)
		if got != c.want || len(problems) > 0 {
			t.Errorf("%s: %s, %v", name, got, problems)
		}
	}
}

func TestDIS04_STS05_STS08_ThePartThatIsHeld(t *testing.T) {
	t.Parallel()
	part := Dispute{Filing: Filing{Kind: OfDebt, Scope: Part, Reasons: []Reason{WrongAmount}}, Disputed: 50, Owed: 100}
	if part.HoldAmount() != 50 || part.HoldStatus() != debt.Disputed {
		t.Errorf("a part: %s, %s", part.HoldAmount(), part.HoldStatus())
	}
	for _, r := range []Reason{IdentityTheft, Coerced} {
		d := part
		d.Reasons = []Reason{WrongAmount, r}
		if d.HoldAmount() != 0 {
			t.Errorf("%s holds a part alone", r)
		}
	}
}

func TestDIS01_AsLittleIsAskedAsCanBe(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		f    Filing
		want Problems
	}{
		"one reason is enough":   {Filing{Reasons: []Reason{NotMine}}, nil},
		"no reason":              {Filing{}, Problems{{FieldReasons, Missing}}},
		"an unknown reason":      {Filing{Reasons: []Reason{"odd"}}, Problems{{FieldReasons, Unknown}}},
		"other without words":    {Filing{Reasons: []Reason{Other}, Story: Story{Words: " \n"}}, Problems{{FieldWords, Missing}}},
		"other with words":       {Filing{Reasons: []Reason{Other}, Story: Story{Words: "it is"}}, nil},
		"paid today":             {Filing{Reasons: []Reason{AlreadyPaid}, PaidOn: today}, nil},
		"paid tomorrow":          {Filing{Reasons: []Reason{AlreadyPaid}, PaidOn: today.AddDays(1)}, Problems{{FieldPaidOn, Future}}},
		"more than is owed":      {Filing{Reasons: []Reason{NotMine}, Scope: Part, Amount: 101}, Problems{{FieldAmount, TooMuch}}},
		"no amount":              {Filing{Reasons: []Reason{NotMine}, Scope: Part}, Problems{{FieldAmount, Missing}}},
		"no line":                {Filing{Reasons: []Reason{NotMine}, Scope: Lines}, Problems{{FieldLines, Missing}}},
		"a scope of another age": {Filing{Reasons: []Reason{NotMine}, Scope: "half"}, Problems{{FieldLines, Unknown}}},
	} {
		c.f.Kind = OfDebt
		_, got := Check(c.f, rows, 100, today)
		if len(got) != len(c.want) || len(got) > 0 && got[0] != c.want[0] {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestDIS03_NothingFollowsAnEnd(t *testing.T) {
	t.Parallel()
	for _, end := range []State{Answered, Closed} {
		d := Dispute{Filing: Filing{Kind: OfDebt}, Steps: []Step{{State: end}}}
		if _, err := Answer(d, Proof{Outcome: Verified, DocumentID: "1", Method: "mail", SentOn: today}, today); !errors.Is(err, ErrNotNow) {
			t.Errorf("answered after %s: %v", end, err)
		}
		if _, err := Favor(d, debt.Statement{Debt: debt.Debt{Status: debt.Recalled}}, "x"); !errors.Is(err, ErrNotNow) {
			t.Errorf("closed after %s: %v", end, err)
		}
	}
}

// TestDIS03_WhatMayBeTakenBackAndWhatStays is the table of withdrawing: only what
// is open and holds, and never on a page what somebody else may have wanted
// gone (STS-05, STS-08).
func TestDIS03_WhatMayBeTakenBackAndWhatStays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind    Kind
		reasons []Reason
		steps   []Step
		want    error
	}{
		"an open dispute":           {OfDebt, []Reason{WrongAmount, NotMine}, nil, nil},
		"an open question":          {Creditor, nil, nil, nil},
		"a stolen name":             {OfDebt, []Reason{NotMine, IdentityTheft}, nil, ErrStays},
		"somebody who was made to":  {OfDebt, []Reason{Coerced}, nil, ErrStays},
		"a complaint":               {Complaint, nil, nil, ErrStays},
		"one that was answered":     {OfDebt, []Reason{WrongAmount}, []Step{{State: Answered, Outcome: Verified}}, ErrNotNow},
		"one that was closed":       {OfDebt, []Reason{WrongAmount}, []Step{{State: Closed, Outcome: InFavor}}, ErrNotNow},
		"one that was taken back":   {OfDebt, []Reason{WrongAmount}, []Step{{State: Closed, Outcome: Withdrawn}}, ErrNotNow},
		"an answered, stolen name":  {OfDebt, []Reason{IdentityTheft}, []Step{{State: Answered, Outcome: Verified}}, ErrNotNow},
		"an answered original name": {Creditor, nil, []Step{{State: Answered, Outcome: CreditorSent}}, ErrNotNow},
	} {
		d := Dispute{Filing: Filing{Kind: c.kind, Reasons: c.reasons}, Steps: c.steps}
		step, err := Withdraw(d, "consumer")
		if !errors.Is(err, c.want) || d.MayWithdraw() != (c.want == nil) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && (step.State != Closed || step.Outcome != Withdrawn || step.By != "consumer") {
			t.Errorf("%s: %+v", name, step)
		}
	}
}
