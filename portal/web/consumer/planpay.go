package consumer

import (
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans"
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
	form, kept := r.KeptForm()
	if !kept {
		form = b.unsentPart()
	}
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
		return p.chooseAnew(r, b.view)
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
// or changed before it was sent. Where nothing can be paid ahead any more, all that
// can be paid is shown.
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
		return p.chooseAnew(r, v)
	}
	page := b.payPage(r, next, b.unsentPart())
	page.Path, page.Problem = paths.PlanPay(string(id)), page.T(consumer.ProblemReviewMoved)
	return r.Page(http.StatusUnprocessableEntity, page)
}

// chooseAnew shows all that can be paid, with nothing chosen.
func (p *Pages) chooseAnew(r *web.Request, v view) error {
	page, err := p.choosing(r, v, web.FormOf(nil))
	if err != nil {
		return err
	}
	page.Path, page.Problem = paths.Choose, page.T(consumer.ProblemReviewMoved)
	return r.Page(http.StatusUnprocessableEntity, page.Choose)
}

// ahead is what can be paid now ahead of a plan's charges. What waits for a step at
// the bank that nobody took is given up once another payment is chosen; the service
// asks again when the payment is sent.
func (b bending) ahead() (plans.Ahead, bool) {
	s, err := b.shownDebt(b.plan.Debt.ID)
	if err != nil || !b.canPay(s) || b.ask(gate.Pay, s.Debt).WholeOnly {
		return plans.Ahead{}, false
	}
	a, ok := b.plan.Freed(b.leaves).Ahead(b.day, s.Owed-s.Free())
	most := b.payable(s)
	if !ok || a.Next.Owed() > most {
		return plans.Ahead{}, false
	}
	if a.Extra = min(a.Extra, most-a.Next.Owed()); a.Extra < payments.MinAmount {
		a.Extra = 0
	}
	return a, true
}

// leaves reports whether choosing again gives a payment up.
func (b bending) leaves(id payments.ID) bool {
	return slices.ContainsFunc(b.payments, func(p payments.Payment) bool { return p.ID == id && replaceable(p) })
}

func (b bending) payPage(r *web.Request, a plans.Ahead, form web.Form) consumer.PlanPay {
	page := consumer.PlanPay{
		Base: r.Base(), PlanID: string(b.plan.ID), Next: b.planLine(b.plan, a.Next), Most: a.Extra, BankClears: b.clearsBy(b.now), Once: rand.Text(),
		Choice: consumer.PlanPart(form.Text("choice")), Amount: consumer.Input{Value: form.Typed("amount")}, Method: consumer.Method(form.Text("method")),
		Other: b.plan.Kind != plans.Settlement, Chosen: form.Text("number"),
	}
	page.Next.Amount = a.Next.Owed()
	if s, ok := b.statement(b.plan.Debt.ID); ok {
		page.Creditor, page.CreditCards = s.Debt.CreditorName, takesAny(s.Debt.Type)
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
	return b.role == "" && b.plan.Chargeable(b.day)
}

// payment is what the form asks for; what cannot be read is marked on the page.
func (b bending) payment(page *consumer.PlanPay, a plans.Ahead, key string) payments.SavedRequest {
	amount, purpose := a.Next.Owed(), plans.Instead(b.plan.ID, a.Next.Number)
	switch {
	case page.Choice == consumer.PlanInstead:
	case page.Choice == consumer.PlanExtra && page.Most > 0:
		amount = b.extra(page)
		purpose = plans.Extra(b.plan.ID)
	default:
		page.Choice, page.ChoiceProblem = "", page.T(consumer.ProblemPlanPart)
	}
	if page.Choice == consumer.PlanInstead && page.Chosen != "" && page.Chosen != strconv.Itoa(a.Next.Number) {
		page.Choice, page.ChoiceProblem = "", page.T(consumer.ProblemReviewMoved)
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

// extra reads an extra amount. None may leave so little of one of the plan's payments
// that it cannot be charged.
func (b bending) extra(page *consumer.PlanPay) money.Cents {
	amount, problem := typedAmount(page.Base, page.Amount.Value, page.Most)
	s, ok := b.statement(b.plan.Debt.ID)
	if page.Amount.Problem = problem; problem != "" || !ok {
		return 0
	}
	scrap := b.plan.Freed(b.leaves).Scrap(amount, s.Owed-s.Free())
	less := amount - (payments.MinAmount - scrap)
	switch {
	case amount < payments.MinAmount:
		page.Amount.Problem = page.T(consumer.ProblemAmountMin, "min", payments.MinAmount)
	case scrap > 0 && less >= payments.MinAmount:
		page.Amount.Problem = page.T(consumer.ProblemAmountScrap, "rest", scrap, "more", amount+scrap, "less", less)
	case scrap > 0:
		page.Amount.Problem = page.T(consumer.ProblemAmountScrapMore, "rest", scrap, "more", amount+scrap)
	}
	return amount
}

// unsentPart is what whoever is here chose before, for a payment for this plan that
// was not sent.
func (b bending) unsentPart() web.Form {
	for _, p := range b.payments {
		id, number, ok := plans.PurposeOf(p)
		if !ok || id != b.plan.ID || !unsent(p) || p.ByID != b.byID {
			continue
		}
		values := map[string]string{"choice": string(consumer.PlanInstead), "method": string(p.Method)}
		if number == 0 {
			values["choice"], values["amount"] = string(consumer.PlanExtra), p.Amount.Decimal()
		}
		if p.Saved.MethodID != "" {
			values["method"] = string(consumer.MethodSaved)
		}
		return web.FormOf(values)
	}
	return web.FormOf(nil)
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
		if next, ok := nextDue(all[n]); ok && all[n].Status == plans.Active && all[n].Charging == plans.Automatic {
			f.Amount, f.Date = next.Owed(), next.Due
		}
		return f, nil
	}
	i, ok := all[n].Installment(number)
	counts := payment.Status.InFlight() || payment.Status.Taken()
	waits := i.Status == plans.Scheduled && i.Owed() == payment.Amount
	if !ok || counts && i.PaymentID != payment.ID || unsent(payment) && !waits {
		return nil, nil //nolint:nilnil // it went to another one, or another one took it
	}
	return &consumer.ForPlan{PlanID: string(id), Part: consumer.PlanInstead, Number: number, Amount: payment.Amount, Date: i.Due}, nil
}
