package consumer

import (
	"quittance/payments/money"
	"quittance/plans/civil"
)

// Choose is where the consumer says which debts to pay, how much on each, and
// by what. Nothing is chosen beforehand (AMT-05, U11).
//
// POST /payments/new with, for each debt, "choice_{id}" (all, other or none)
// and "amount_{id}" (dollars; counts when the choice is other or none was made),
// "method" (card or us_bank_account), and "once", the value of Once.
type Choose struct {
	Base
	Debts []PayDebt
	// Method as chosen before; MethodProblem stands beside the two choices.
	Method        Method
	MethodProblem string
	// Problem belongs to no one debt: nothing chosen, or nothing payable.
	Problem string
	// BankClears is the day a bank payment made now should clear by.
	BankClears civil.Date
	// CreditCards is true when credit cards are taken for every debt on the page;
	// otherwise the page says that debit cards are (STR-02).
	CreditCards bool
	// Once makes a second sending of the same form find the first payment.
	Once string
}

// PayDebt is one debt to choose an amount for.
type PayDebt struct {
	ID       string
	Creditor string
	What     string
	Payable  money.Cents // what may be paid now: balance less what is disputed and on its way
	Disputed money.Cents // of the balance: nobody is asked for it (DIS-04)
	Pending  money.Cents // of the balance: on its way
	Choice   Choice      // as chosen before
	Amount   Input       // the other amount, as typed, without the dollar sign
	Problem  string      // beside the choices of this debt
	OnlyAll  bool        // part payments are off for this debt (STS-07)
	Closed   Closed      // why it cannot be paid here; empty: it can
	Plan     *PlanNext   // of the plan that runs; nil: none
	Notices  []Notice    // stand beside the amount, before any choice
}

// Choice is how much of one debt to pay.
type Choice string

// What a consumer may choose for a debt.
const (
	ChoiceUnset Choice = ""
	ChoiceAll   Choice = "all"
	ChoiceOther Choice = "other"
	ChoiceNone  Choice = "none"
)

// Closed is why a debt cannot be paid now.
type Closed string

// The reasons, each with a sentence of its own.
const (
	ClosedNot      Closed = ""
	ClosedDisputed Closed = "disputed"
	ClosedPending  Closed = "pending" // all of it is on its way
	ClosedPaid     Closed = "paid"
	ClosedHold     Closed = "hold"
	ClosedChecking Closed = "checking" // an earlier payment has no answer yet
)
