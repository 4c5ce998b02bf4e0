package consumer

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"slices"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/web"
)

// choose asks which debts to pay and how much on each. Nothing is chosen
// beforehand (AMT-05), but what this person chose a moment ago is still there
// (A11-01).
func (p *Pages) choose(r *web.Request) error {
	v, err := p.load(r)
	if err != nil {
		return err
	}
	if v.hold() != consumer.HoldNone {
		return r.SeeOther(paths.Account)
	}
	form, restored := r.KeptForm()
	if !restored {
		form = v.unfinished()
	}
	page, err := p.choosing(r, v, form)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, page)
}

// choosing is the page with the plans that run on its debts.
func (p *Pages) choosing(r *web.Request, v view, form web.Form) (choosing, error) {
	page := v.choosePage(r, form)
	next, err := p.planNext(r, v)
	for i := range page.Debts {
		page.Debts[i].Plan = next[page.Debts[i].ID]
	}
	return page, err
}

// postChoose keeps what was chosen. The key of the form makes a second
// sending of it find the first payment, whatever sent it twice.
func (p *Pages) postChoose(r *web.Request) error {
	v, err := p.load(r)
	if err != nil {
		return err
	}
	key := r.Form().Text("once")
	if sent, ok := v.sent(key); ok {
		return r.SeeOther(paths.Payment(string(sent.ID)))
	}
	page, err := p.choosing(r, v, r.Form())
	if err != nil {
		return err
	}
	if page.PaymentsOff {
		return paymentsOff(r, page)
	}
	amounts := readAmounts(&page)
	if page.hasProblem() {
		return r.Page(http.StatusUnprocessableEntity, page.Choose)
	}
	if len(key) != onceLength {
		page.Problem = page.T(consumer.ProblemChanged)
		return r.Page(http.StatusUnprocessableEntity, page.Choose)
	}
	if err := p.replace(r.Context(), v, key, amounts); err != nil {
		return err
	}
	payment, err := p.Pay.Start(r.Context(), payments.Request{
		AccountID: r.Session().Subject, RequestKey: key, Method: payments.Method(page.Method), Amounts: amounts, By: string(v.role), ByID: v.byID,
	})
	if err != nil {
		return p.refuseChoice(r, page, err)
	}
	return r.SeeOther(paths.Method(string(payment.ID)))
}

// sent finds the payment that this very form has already made and that was
// submitted since: the way on is its outcome, never another payment (U17).
func (v view) sent(key string) (payments.Payment, bool) {
	for _, p := range v.payments {
		if p.RequestKey == key && !replaceable(p) {
			return p, true
		}
	}
	return payments.Payment{}, false
}

// replace gives up what the consumer began earlier on the same debts and did
// not finish, so that nobody has to wait for a page of their own. If
// money was taken there after all, it is posted and the new payment is held
// against it.
func (p *Pages) replace(ctx context.Context, v view, key string, chosen []payments.Amount) error {
	for _, earlier := range v.payments {
		if !replaceable(earlier) || earlier.RequestKey == key || !overlap(earlier, chosen) {
			continue
		}
		_, err := p.Pay.Cancel(ctx, earlier.AccountID, earlier.ID)
		if err != nil && !errors.Is(err, payments.ErrNotNow) && !errors.Is(err, payments.ErrUnknownOutcome) {
			return err
		}
	}
	return nil
}

func overlap(p payments.Payment, chosen []payments.Amount) bool {
	return slices.ContainsFunc(chosen, func(a payments.Amount) bool { return allocated(p, debt.ID(a.DebtID)) > 0 })
}

// paymentsOff says that the portal takes no payments now (R18).
func paymentsOff(r *web.Request, page choosing) error {
	page.Problem = page.T(consumer.ProblemPaymentsOff)
	return r.Page(http.StatusServiceUnavailable, page.Choose)
}

// refuseChoice puts what the service refused beside the field it is about.
func (p *Pages) refuseChoice(r *web.Request, page choosing, err error) error {
	var problems payments.Problems
	switch {
	case errors.As(err, &problems):
		for _, problem := range problems {
			page.mark(problem)
		}
	case errors.Is(err, payments.ErrKeyReused):
		page.Problem = page.T(consumer.ProblemSamePayment)
	case errors.Is(err, payments.ErrPaused):
		return paymentsOff(r, page)
	case errors.Is(err, payments.ErrDeclines):
		page.MethodProblem = declines(page.Base)
	case errors.Is(err, payments.ErrMethodRefused):
		page.MethodProblem = page.T(consumer.ProblemMethod)
	default:
		return err
	}
	return r.Page(http.StatusUnprocessableEntity, page.Choose)
}

// declines says that no card is taken any more today, and what can be done.
func declines(b consumer.Base) string { return b.T(consumer.ProblemDeclines, "phone", b.Agency.Phone) }

// onceLength is the length of rand.Text, of which a form's key is made.
const onceLength = 26

// choosing is the page while it is being filled in.
type choosing struct{ consumer.Choose }

// choosePage is the page with what was chosen so far.
func (v view) choosePage(r *web.Request, form web.Form) choosing {
	page := choosing{consumer.Choose{
		Base: r.Base(), Method: consumer.Method(form.Text("method")), BankClears: v.clearsBy(v.now),
		CreditCards: true, Once: rand.Text(),
	}}
	for _, s := range v.shown() {
		d := consumer.PayDebt{
			ID: string(s.Debt.ID), Creditor: s.Debt.CreditorName, What: s.Debt.Description, Payable: v.payable(s),
			Choice: choiceOf(form, s.Debt.ID), Amount: consumer.Input{Value: form.Typed("amount_" + string(s.Debt.ID))},
			OnlyAll: v.ask(gate.Pay, s.Debt).WholeOnly, Closed: v.closed(s), Notices: v.notices(page.Base, s.Debt),
		}
		if s.Debt.Counts(debt.Recalled) {
			continue
		}
		sum := v.balances(s)
		d.Disputed, d.Pending = sum.disputed, max(0, sum.owed-d.Payable)
		page.CreditCards = page.CreditCards && (d.Closed != consumer.ClosedNot || takesAny(s.Debt.Type))
		page.Debts = append(page.Debts, d)
	}
	return page
}

// choiceOf reads a choice; an amount that was typed without one is the choice
// of another amount.
func choiceOf(form web.Form, id debt.ID) consumer.Choice {
	switch choice := consumer.Choice(form.Text("choice_" + string(id))); {
	case choice == consumer.ChoiceAll, choice == consumer.ChoiceOther, choice == consumer.ChoiceNone:
		return choice
	case form.Text("amount_"+string(id)) != "":
		return consumer.ChoiceOther
	}
	return consumer.ChoiceUnset
}

// unfinished is what whoever is here chose for a payment that was not submitted.
func (v view) unfinished() web.Form {
	values := map[string]string{}
	for _, p := range v.payments {
		if !unsent(p) || p.ByID != v.byID || p.Purpose != "" {
			continue
		}
		values["method"] = string(p.Method)
		for _, s := range v.statements {
			amount, id := allocated(p, s.Debt.ID), string(s.Debt.ID)
			switch {
			case amount == 0:
				values["choice_"+id] = string(consumer.ChoiceNone)
			case amount == v.payable(s):
				values["choice_"+id] = string(consumer.ChoiceAll)
			default:
				values["choice_"+id], values["amount_"+id] = string(consumer.ChoiceOther), amount.Decimal()
			}
		}
		break
	}
	return web.FormOf(values)
}
