package consumer

import (
	"errors"
	"net/http"
	"strconv"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/plans"
	"quittance/portal/web"
)

// rewiring is a running plan that gets another account or card: what was given
// so far, and the plan as it would be.
type rewiring struct {
	view
	draft  plans.Draft
	change plans.Change
}

// planNewMethod asks from where a running plan is to be paid.
func (p *Pages) planNewMethod(r *web.Request) error {
	b, err := p.bending(r)
	if err != nil {
		return err
	}
	if !b.newMethod() {
		return r.SeeOther(paths.Plan(string(b.plan.ID)))
	}
	return r.Page(http.StatusOK, b.newMethodPage(r))
}

// postPlanNewMethod begins the change with an account or a card.
func (p *Pages) postPlanNewMethod(r *web.Request) error {
	b, err := p.bending(r)
	if err != nil {
		return err
	}
	method := payments.BankAccount
	switch consumer.Charging(r.Form().Text("charging")) {
	case consumer.ChargingBank:
	case consumer.ChargingCard:
		method = payments.Card
	default:
		page := b.newMethodPage(r)
		page.Problem = page.T(consumer.ProblemPlanCharging)
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	d, err := p.Plans.BeginMethod(r.Context(), r.Session().Subject, b.plan.ID, method)
	if errors.Is(err, plans.ErrNotNow) || err == nil && !b.newMethod() {
		return r.SeeOther(paths.Plan(string(b.plan.ID)))
	}
	return seeOther(r, paths.PlanMethodDraft(string(b.plan.ID), d.ID), err)
}

// newMethod reports whether a plan may be paid from somewhere else.
func (b bending) newMethod() bool {
	_, err := b.shownDebt(b.plan.Debt.ID)
	return b.plan.Status.Running() && err == nil && b.plan.Left() > 0
}

func (b bending) newMethodPage(r *web.Request) consumer.PlanNewMethod {
	page := consumer.PlanNewMethod{Base: r.Base(), PlanID: string(b.plan.ID)}
	if b.plan.Charging == plans.Automatic {
		page.Now = detailsView(b.plan.Details)
	}
	if s, ok := b.statement(b.plan.Debt.ID); ok {
		page.Creditor, page.CreditCards = s.Debt.CreditorName, takesAny(s.Debt.Type)
	}
	return page
}

// rewired is the change of the address; one that is not possible any more leads
// to the plan, which says why.
func (p *Pages) rewired(r *web.Request) (rewiring, error) {
	var w rewiring
	var err error
	if w.view, err = p.load(r); err != nil {
		return w, err
	}
	id := plans.ID(r.Param("id"))
	w.draft, w.change, err = p.Plans.MethodDraft(r.Context(), r.Session().Subject, id, r.Param("draft"))
	var impossible *plans.Impossible
	switch {
	case errors.Is(err, plans.ErrNotNow), errors.As(err, &impossible), err == nil && w.hold() != consumer.HoldNone:
		return w, answered(r.SeeOther(paths.Plan(string(id))))
	case err != nil:
		return w, hidden(err)
	}
	_, err = w.shownDebt(w.draft.DebtID)
	return w, err
}

// planMethodDraft shows the processor's own fields.
func (p *Pages) planMethodDraft(r *web.Request) error {
	w, err := p.rewired(r)
	if err != nil {
		return done(err)
	}
	return p.savingPage(r, http.StatusOK, w.view, w.draft, consumer.RefusedNot)
}

// postPlanMethodDraft takes the token that stands for the card or account
// (STR-02).
func (p *Pages) postPlanMethodDraft(r *web.Request) error {
	w, err := p.rewired(r)
	if err != nil {
		return done(err)
	}
	return p.saveToken(r, w.view, w.draft, paths.PlanMethodSign(r.Param("id"), w.draft.ID))
}

// planMethodSign shows the authorization of the new account or card (REG-02).
func (p *Pages) planMethodSign(r *web.Request) error {
	w, err := p.rewired(r)
	if err != nil {
		return done(err)
	}
	if w.draft.Token == "" {
		return r.SeeOther(paths.PlanMethodDraft(r.Param("id"), w.draft.ID))
	}
	page := w.signPage(r)
	if form, kept := r.KeptForm(); kept {
		page.Signed.Name.Value = form.Typed("name")
	}
	return r.Page(http.StatusOK, page)
}

// postPlanMethodSign makes the change that was shown, and no other one.
func (p *Pages) postPlanMethodSign(r *web.Request) error {
	w, err := p.rewired(r)
	if err != nil {
		return done(err)
	}
	page := w.signPage(r)
	page.Signed = signature(r, page.Base)
	revision, err := strconv.ParseInt(r.Form().Text("revision"), 10, 64)
	if r.Form().Text("seen") != page.Seen || err != nil {
		return w.again(r, page, page.T(consumer.ProblemPlanMoved))
	}
	if unsigned(page.Signed) {
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	text := consumer.PlanAuthorizationText(page.Base, page.Terms).String()
	_, err = p.Plans.ChangeMethod(r.Context(), r.Session().Subject, w.draft.ID, revision, r.Form().Text("name"), planConsent(r, text))
	var impossible *plans.Impossible
	switch {
	case errors.Is(err, payments.ErrMethodRefused), errors.Is(err, payments.ErrRefused):
		return w.again(r, page, page.T(consumer.ProblemPlanDeclined))
	case errors.Is(err, payments.ErrUnknownOutcome):
		return w.again(r, page, page.T(consumer.ProblemPlanAgain))
	case errors.Is(err, plans.ErrStale):
		return w.again(r, page, page.T(consumer.ProblemPlanMoved))
	case errors.Is(err, plans.ErrNotNow), errors.As(err, &impossible):
		err = nil
	}
	return seeOther(r, paths.Plan(r.Param("id")), err)
}

// again asks for another look and keeps the name that was typed.
func (w rewiring) again(r *web.Request, page consumer.PlanSign, why string) error {
	page.Problem = why
	page.Signed = consumer.Signature{Name: consumer.Input{Value: page.Signed.Name.Value}}
	return r.Page(http.StatusUnprocessableEntity, page)
}

func (w rewiring) signPage(r *web.Request) consumer.PlanSign {
	is := w.change.After
	if !w.change.Moved {
		is = w.change.Before
	}
	page := consumer.PlanSign{Base: r.Base(), DraftID: w.draft.ID, PlanID: string(is.ID), Revision: w.change.Before.Revision}
	page.Terms = w.planTerms(page.Base, is.Debt.ID, openLines(is))
	page.Terms.Kind, page.Terms.Forgiven = consumer.PlanKind(is.Kind), is.Forgiven
	page.Terms.Method = detailsView(w.draft.Details)
	cardEnds(&page, w.draft.Details)
	page.Terms.Meanwhile, page.Terms.Old = meanwhile(w.change.Before)
	if s, ok := w.statement(w.draft.DebtID); ok {
		page.Notices = w.notices(page.Base, s.Debt)
	}
	page.Seen = seen(page.Base, page.Terms)
	return page
}

// meanwhile is how a plan is paid until its new account is checked.
func meanwhile(p plans.Plan) (consumer.Meanwhile, consumer.MethodView) {
	switch {
	case p.Charging == plans.ByHand:
		return consumer.MeanwhileHand, consumer.MethodView{}
	case p.Status == plans.Active, p.Status == plans.Paused && p.Reason == plans.ByConsumer:
		return consumer.MeanwhileOld, detailsView(p.Details)
	}
	return consumer.MeanwhileNothing, consumer.MethodView{}
}

// methodTerms puts into a text from where a plan is paid, now and later.
func methodTerms(t *consumer.PlanTerms, p plans.Plan) {
	switch {
	case p.Incoming.Pending():
		t.Method = detailsView(p.Incoming.Details)
		t.Meanwhile, t.Old = meanwhile(p)
	case p.Charging == plans.Automatic:
		t.Method = detailsView(p.Details)
	}
}
