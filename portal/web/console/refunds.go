package console

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strings"

	"quittance/frontend/pages/console"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/portal/identity"
	"quittance/portal/web"
)

// Refunds sends payments back; package payments' service does.
type Refunds interface {
	Refund(ctx context.Context, id payments.ID, b payments.Back) (payments.Payment, error)
}

// Paid finds payments by the reference that people see; payments.ErrNotFound.
type Paid interface {
	PaymentNamed(ctx context.Context, reference string) (payments.Payment, error)
}

// refunds shows what of a payment stands on which debt.
func (p *Pages) refunds(r *web.Request, who identity.Staff) error {
	page := console.Refunds{Base: base(r, who), Reference: r.Query("reference")}
	if page.Reference == "" {
		return r.Page(http.StatusOK, page)
	}
	paid, problem, err := p.taken(r.Context(), page.Reference)
	if err != nil {
		return err
	}
	if page.Problem = problem; problem != "" {
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	page.Payment = p.refundOf(paid)
	if asked, err := money.Parse(r.Query("asked")); err == nil {
		page.Asked = asked
	}
	return r.Page(http.StatusOK, page)
}

// taken finds a payment by which money was taken.
func (p *Pages) taken(ctx context.Context, reference string) (payments.Payment, console.RefundProblem, error) {
	paid, err := p.Paid.PaymentNamed(ctx, strings.ToUpper(strings.TrimSpace(reference)))
	if errors.Is(err, payments.ErrNotFound) || err == nil && !paid.Status.Taken() {
		return paid, console.RefundNotFound, nil
	}
	return paid, "", err
}

// postRefund sends some of a payment back from the debt that finance names
// (AMT-05).
func (p *Pages) postRefund(r *web.Request, who identity.Staff) error {
	form := r.Form()
	page := console.Refunds{Base: base(r, who), Reference: form.Text("reference")}
	paid, problem, err := p.taken(r.Context(), page.Reference)
	if err != nil {
		return err
	}
	if page.Problem = problem; problem != "" {
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	debtID := form.Text("debt")
	typed := form.Text("amount-" + debtID)
	amount, err := money.Parse(typed)
	key := form.Text("key")
	switch {
	case err != nil:
	case key == "":
		err = payments.ErrNoKey
	case heldOf(paid, debtID):
		err = payments.ErrNotNow // it is decided on a page of its own
	}
	if key = "console/" + key; err == nil {
		_, err = p.Refunds.Refund(r.Context(), paid.ID, payments.Back{DebtID: debtID, Amount: amount, Key: key, By: string(who.ID)})
	}
	if problem, err = refundProblem(err); err != nil {
		return err
	}
	if problem == "" {
		p.record(r, who, "refund", paid.AccountID)
		return r.SeeOther(paths.ConsoleRefundAsked(paid.Reference, amount.Decimal()))
	}
	page.Payment = p.refundOf(paid)
	if problem == console.RefundRefused {
		page.Problem = problem
	}
	for i := range page.Payment.Lines {
		if l := &page.Payment.Lines[i]; l.DebtID == debtID && problem == console.RefundAmount {
			l.Typed, l.Problem = typed, problem
		}
	}
	return r.Page(http.StatusUnprocessableEntity, page)
}

// heldOf reports whether what a payment took for a debt is held.
func heldOf(p payments.Payment, debtID string) bool {
	return slices.ContainsFunc(p.Allocations, func(a payments.Allocation) bool { return a.DebtID == debtID && a.Held != "" })
}

// refundProblem is what the page says of an error; others are returned. An answer
// that was lost is no problem: what came of it shows later.
func refundProblem(err error) (console.RefundProblem, error) {
	switch {
	case err == nil, errors.Is(err, payments.ErrUnknownOutcome):
		return "", nil
	case errors.Is(err, payments.ErrTooMuch), errors.Is(err, payments.ErrBadAmount), errors.Is(err, money.ErrNotAnAmount),
		errors.Is(err, money.ErrFraction), errors.Is(err, money.ErrTooLarge):
		return console.RefundAmount, nil
	case errors.Is(err, payments.ErrRefused), errors.Is(err, payments.ErrNotNow), errors.Is(err, payments.ErrPaused), errors.Is(err, payments.ErrWhichDebt),
		errors.Is(err, payments.ErrNoKey), errors.Is(err, payments.ErrKeyReused):
		return console.RefundRefused, nil
	}
	return "", err
}

func (p *Pages) refundOf(paid payments.Payment) *console.RefundPayment {
	page := console.RefundPayment{Reference: paid.Reference, Amount: paid.Amount, SentBack: paid.Refunded, Part: planPart(paid), Key: rand.Text()}
	if paid.Method == payments.BankAccount && p.Now().Before(paid.ReversibleUntil) {
		page.RiskUntil = civil.Of(p.local(paid.ReversibleUntil))
	}
	for i, stands := range paid.Shares() {
		a := paid.Allocations[i]
		if a.Held != "" {
			stands = 0 // what is held is decided on a page of its own
		}
		stands = max(0, stands-a.Ordered)
		page.Lines = append(page.Lines, console.RefundLine{DebtID: a.DebtID, DebtRef: a.DebtRef, Creditor: a.CreditorRef, Amount: a.Amount, Stands: stands, OnItsWay: a.Ordered})
	}
	return &page
}
