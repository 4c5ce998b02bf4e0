package console

import (
	"context"
	"io"

	"quittance/frontend/locale"
	"quittance/payments/money"
	"quittance/plans/civil"
)

// Refunds finds a payment and sends some of it back, from the debt that is named
// (AMT-05).
//
// GET /console/refunds with "reference" finds the payment. POST with "reference",
// "debt", "key" and the amount in "amount-" and the debt: it goes back from that
// debt.
type Refunds struct {
	Base
	Reference string
	Problem   RefundProblem
	Payment   *RefundPayment // nil: none was asked for, or found
	Asked     money.Cents    // was just asked of the processor
}

// RefundPayment is a payment of which something may be sent back.
type RefundPayment struct {
	Reference        string
	Amount, SentBack money.Cents
	Part             PlanPart // what it was made for
	Lines            []RefundLine
	RiskUntil        civil.Date // until then the bank may take it back; zero: it may not
	Key              string     // of the form: the same key sends nothing twice
}

// RefundLine is one debt of it.
type RefundLine struct {
	DebtID, DebtRef, Creditor string
	Amount, Stands            money.Cents
	OnItsWay                  money.Cents // ordered, and not known to have gone
	Typed                     string
	Problem                   RefundProblem
}

// RefundProblem says why nothing was sent back.
type RefundProblem string

// The problems.
const (
	RefundNotFound RefundProblem = "not_found"
	RefundAmount   RefundProblem = "amount"  // not an amount, or more than stands
	RefundRefused  RefundProblem = "refused" // by the processor, or the payment is not such that anything may go back
)

var refundProblems = map[RefundProblem]locale.Key{
	RefundNotFound: "console.refund_not_found", RefundAmount: "console.refund_amount", RefundRefused: "console.credit_refused",
}

func (p RefundProblem) words(b Base) string {
	if p == "" {
		return ""
	}
	return b.T(refundProblems[p])
}

// Render writes the page.
func (p Refunds) Render(ctx context.Context, w io.Writer) error { return refundsPage(p).Render(ctx, w) }
