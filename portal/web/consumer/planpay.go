package consumer

import (
	"crypto/rand"
	"errors"
	"net/http"
	"slices"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/web"
)

// planPay asks what a payment by hand is to a plan: in place of the next charge, or
// extra; and from where it comes.
func (p *Pages) planPay(r *web.Request) error {
	b, err := p.bending(r)
	if err != nil {
		return err
	}
	next, ok := b.ahead()
	if !ok {
		return r.SeeOther(paths.Choose)
	}
	form, _ := r.KeptForm()
	return r.Page(http.StatusOK, b.payPage(r, next, form))
}

// postPlanPay keeps what was chosen. However often it is sent, it is one payment.
func (p *Pages) postPlanPay(r *web.Request) error {
	b, err := p.bending(r)
	if err != nil {
		return err
	}
	key := r.Form().Text("once")
	if sent, ok := b.sent(key); ok {
		return r.SeeOther(paths.Payment(string(sent.ID)))
	}
	next, ok := b.ahead()
	if !ok {
		return r.SeeOther(paths.Choose)
	}
	page := b.payPage(r, next, r.Form())
	request := b.payment(&page, next, key)
	switch {
	case page.PaymentsOff:
		page.Problem = page.T(consumer.ProblemPaymentsOff)
		return r.Page(http.StatusServiceUnavailable, page)
	case page.ChoiceProblem != "" || page.Amount.Problem != "" || page.MethodProblem != "":
		return r.Page(http.StatusUnprocessableEntity, page)
	case len(key) != onceLength:
		page.Problem = page.T(consumer.ProblemChanged)
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	if err := p.replace(r.Context(), b.view, key, request.Amounts); err != nil {
		return err
	}
	return p.startPart(r, page, request)
}

// startPart makes the payment, by the plan's own method or another one.
func (p *Pages) startPart(r *web.Request, page consumer.PlanPay, request payments.SavedRequest) error {
	start := func() (payments.Payment, error) { return p.Pay.Start(r.Context(), request.Request) }
	if request.Saved.MethodID != "" {
		start = func() (payments.Payment, error) { return p.Pay.StartSaved(r.Context(), request) }
	}
	payment, err := start()
	var problems payments.Problems
	switch {
	case errors.Is(err, payments.ErrPaused):
		page.Problem = page.T(consumer.ProblemPaymentsOff)
		return r.Page(http.StatusServiceUnavailable, page)
	case errors.Is(err, payments.ErrTooLittle):
		page.Amount.Problem = page.T(consumer.ProblemAmountMin, "min", payments.MinAmount)
	case errors.As(err, &problems):
		page.Problem = page.T(consumer.ProblemChanged)
	case errors.Is(err, payments.ErrKeyReused):
		page.Problem = page.T(consumer.ProblemSamePayment)
	case errors.Is(err, payments.ErrDeclines):
		page.MethodProblem = declines(page.Base)
	case errors.Is(err, payments.ErrMethodRefused):
		page.MethodProblem = page.T(consumer.ProblemMethod)
	case err != nil:
		return err
	case payment.Saved.MethodID != "":
		return r.SeeOther(paths.Review(string(payment.ID)))
	default:
		return r.SeeOther(paths.Method(string(payment.ID)))
	}
	return r.Page(http.StatusUnprocessableEntity, page)
}

// partMoved shows the choice again: what a payment was made for was charged, paid
// or changed before it was sent.
func (p *Pages) partMoved(r *web.Request, payment payments.Payment) error {
	id, _, _ := plans.PurposeOf(payment)
	v, err := p.load(r)
	if err != nil {
		return err
	}
	plan, err := p.Plans.Plan(r.Context(), r.Session().Subject, id)
	if err != nil {
		return hidden(err)
	}
	b := bending{v, plan}
	next, ok := b.ahead()
	if !ok {
		return r.SeeOther(paths.Plan(string(id)))
	}
	page := b.payPage(r, next, web.FormOf(nil))
	page.Path, page.Problem = paths.PlanPay(string(id)), page.T(consumer.ProblemChanged)
	return r.Page(http.StatusUnprocessableEntity, page)
}

// ahead is the installment that can be paid now in place of its charge. One that
// waits for a step at the bank which nobody took is free again once another
// payment is chosen.
func (b bending) ahead() (plans.Installment, bool) {
	s, err := b.shownDebt(b.plan.Debt.ID)
	if err != nil || !b.canPay(s) || b.ask(gate.Pay, s.Debt).WholeOnly || !ahead(b.plan, b.day) {
		return plans.Installment{}, false
	}
	for _, i := range b.plan.Installments {
		if i.Owed() > 0 && (i.Status == plans.Scheduled || i.Status == plans.InFlight && b.leaves(i.PaymentID)) {
			return i, i.Owed() >= payments.MinAmount && i.Owed() <= b.payable(s)
		}
	}
	return plans.Installment{}, false
}

// leaves reports whether choosing again gives a payment up.
func (b bending) leaves(id payments.ID) bool {
	return slices.ContainsFunc(b.payments, func(p payments.Payment) bool { return p.ID == id && replaceable(p) })
}

// extra is the most that can be paid on top of the next installment.
func (b bending) extra(s debt.Statement, next plans.Installment) money.Cents {
	var open money.Cents
	for _, i := range b.plan.Installments {
		if i.Status == plans.Scheduled && i.Number != next.Number {
			open += i.Owed()
		}
	}
	most := min(open, b.payable(s)-next.Owed())
	if most < payments.MinAmount {
		return 0
	}
	return most
}

func (b bending) payPage(r *web.Request, next plans.Installment, form web.Form) consumer.PlanPay {
	page := consumer.PlanPay{
		Base: r.Base(), PlanID: string(b.plan.ID), Next: b.planLine(b.plan, next), BankClears: b.clearsBy(b.now), Once: rand.Text(),
		Choice: consumer.PlanPart(form.Text("choice")), Amount: consumer.Input{Value: form.Typed("amount")}, Method: consumer.Method(form.Text("method")),
	}
	page.Next.Amount = next.Owed()
	if s, ok := b.statement(b.plan.Debt.ID); ok {
		page.Creditor, page.Most, page.CreditCards = s.Debt.CreditorName, b.extra(s, next), takesAny(s.Debt.Type)
		page.Notices = b.notices(page.Base, s.Debt)
	}
	if b.savedHere() {
		page.Saved = detailsView(b.plan.Details)
	}
	return page
}

// savedHere reports whether the plan's method can be offered: to who saved it, as
// long as it can be charged.
func (b bending) savedHere() bool {
	ends := b.plan.CardEnding(b.today)
	return b.role == "" && b.plan.Saved.MethodID != "" && (ends.IsZero() || !ends.Before(b.today))
}

// payment is what the form asks for; what cannot be read is marked on the page.
func (b bending) payment(page *consumer.PlanPay, next plans.Installment, key string) payments.SavedRequest {
	amount, purpose := next.Owed(), plans.Instead(b.plan.ID, next.Number)
	switch {
	case page.Choice == consumer.PlanInstead:
	case page.Choice == consumer.PlanExtra && page.Most > 0:
		amount, page.Amount.Problem = typedAmount(page.Base, page.Amount.Value, page.Most)
		purpose = plans.Extra(b.plan.ID)
	default:
		page.Choice, page.ChoiceProblem = "", page.T(consumer.ProblemPlanPart)
	}
	r := payments.SavedRequest{Request: payments.Request{
		AccountID: b.plan.AccountID, RequestKey: key, Method: payments.Method(page.Method), Purpose: purpose,
		Amounts: []payments.Amount{{DebtID: b.plan.Debt.ID, Amount: amount}}, By: string(b.role), ByID: b.byID,
	}}
	switch {
	case page.Method == consumer.MethodSaved && page.Saved.Kind != consumer.MethodNone:
		r.Method, r.Saved, r.Details = b.plan.Details.Type, b.plan.Saved, b.plan.Details
	case page.Method != consumer.MethodCard && page.Method != consumer.MethodBank:
		page.Method, page.MethodProblem = consumer.MethodNone, page.T(consumer.ProblemMethod)
	}
	return r
}

// forPlan is what a payment says it is to a plan of the consumer's; nil where it
// says nothing, or nothing that still is so.
func (p *Pages) forPlan(r *web.Request, payment payments.Payment) (*consumer.ForPlan, error) {
	id, number, ok := plans.PurposeOf(payment)
	if !ok || p.Plans == nil {
		return nil, nil //nolint:nilnil // it is for no plan
	}
	all, err := p.Plans.PlansOf(r.Context(), r.Session().Subject)
	if err != nil {
		return nil, err
	}
	n := slices.IndexFunc(all, func(plan plans.Plan) bool { return plan.ID == id })
	if n < 0 {
		return nil, nil //nolint:nilnil // another's, or none
	}
	if number == 0 {
		f := &consumer.ForPlan{PlanID: string(id), Part: consumer.PlanExtra}
		if next, ok := nextDue(all[n]); ok {
			f.Amount, f.Date = next.Owed(), next.Due
		}
		return f, nil
	}
	i, ok := all[n].Installment(number)
	if counts := payment.Status.InFlight() || payment.Status.Taken(); !ok || counts && i.PaymentID != payment.ID {
		return nil, nil //nolint:nilnil // it went to another one
	}
	return &consumer.ForPlan{PlanID: string(id), Part: consumer.PlanInstead, Amount: payment.Amount, Date: i.Due}, nil
}
