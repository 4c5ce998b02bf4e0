package consumer

import (
	"quittance/payments/money"
	"quittance/plans/civil"
)

// PlanPay asks what a payment by hand is to an automatic plan, and from where it
// comes. Nothing is chosen beforehand (AMT-05, U11).
//
// POST /plans/{id}/pay with "choice" (instead or extra), "amount" (dollars; of extra
// alone), "number" (of the payment that was shown as the next), "method" (saved, card or
// us_bank_account) and "once", the value of Once.
type PlanPay struct {
	Base
	PlanID, Creditor string
	Next             PlanLine
	Choice           PlanPart // as chosen before
	ChoiceProblem    string
	Chosen           string      // the number of the payment that was shown as the next
	Most             money.Cents // that can be extra; zero: nothing can
	Amount           Input       // as typed, without the dollar sign
	Saved            MethodView  // the plan's own; empty: it is not offered
	Method           Method      // as chosen before
	MethodProblem    string
	Problem          string // belongs to no field
	CreditCards      bool
	Other            bool // anything else may be paid: a deal to pay less asks for no more than its rest
	BankClears       civil.Date
	Notices          []Notice
	// Once makes a second sending of the same form find the first payment.
	Once string
}

// MethodSaved is the choice of the card or account that a plan is charged with.
const MethodSaved Method = "saved"

// PlanPart is what a payment by hand is to a plan.
type PlanPart string

// The two parts.
const (
	PlanInstead PlanPart = "instead" // it takes the place of the next installment
	PlanExtra   PlanPart = "extra"   // it comes off the end
)

// ForPlan is what a payment was made for: one of a plan's payments, or extra.
type ForPlan struct {
	PlanID string
	Part   PlanPart
	Number int         // of the payment in whose place it is
	Amount money.Cents // of the payment in whose place it is, or, of extra, of the next one
	Date   civil.Date  // of the same; zero: there is none
}

// PlanPartText is what a payment does to a plan, as it is agreed to and as it is said
// afterwards.
func PlanPartText(b Base, f ForPlan) []string {
	switch {
	case f.Part == PlanInstead:
		return []string{
			b.T("legal.plan_instead", "amount", f.Amount, "date", f.Date),
			b.T("legal.plan_instead_fails"),
		}
	case f.Date.IsZero():
		return []string{b.T("legal.plan_extra")}
	}
	return []string{b.T("legal.plan_extra"), b.T("choose.plan_taken", "amount", f.Amount, "date", f.Date)}
}
