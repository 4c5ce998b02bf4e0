package consumer

import (
	"errors"
	"net/http"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/plans"
	"quittance/portal/gate"
	"quittance/portal/web"
)

// drafting is a draft with what it is today.
type drafting struct {
	view
	draft plans.Draft
	quote plans.Quote
}

// errAnswered says that the answer was already written.
var errAnswered = errors.New("answered")

// drafted is the draft of the address. One that became a plan leads there; one
// that is not possible any more leads back to what is.
func (p *Pages) drafted(r *web.Request) (drafting, error) {
	var d drafting
	var err error
	if d.view, err = p.load(r); err != nil {
		return d, err
	}
	d.draft, d.quote, err = p.Plans.Draft(r.Context(), r.Session().Subject, r.Param("draft"))
	if err != nil {
		return d, p.notDrafted(r, d.draft, err)
	}
	_, err = d.shownDebt(d.draft.DebtID)
	return d, err
}

// notDrafted answers what a draft has become instead.
func (p *Pages) notDrafted(r *web.Request, d plans.Draft, why error) error {
	var impossible *plans.Impossible
	switch {
	case errors.Is(why, plans.ErrRunning):
		return answered(p.toRunning(r, d))
	case errors.As(why, &impossible):
		page, err := p.optionsPage(r, d.DebtID)
		if err != nil {
			return err
		}
		page.Path = paths.PlanOptions(d.DebtID)
		if page.Refused == consumer.PlanRefusedNot {
			page.Problem = page.T(consumer.ProblemPlanOfferGone)
		}
		return answered(r.Page(http.StatusUnprocessableEntity, page))
	}
	return hidden(why)
}

func answered(err error) error {
	if err != nil {
		return err
	}
	return errAnswered
}

// done is the answer of a handler whose draft was answered for.
func done(err error) error {
	if errors.Is(err, errAnswered) {
		return nil
	}
	return err
}

// toRunning leads to the plan that a draft became, or to the debt's plan.
func (p *Pages) toRunning(r *web.Request, d plans.Draft) error {
	all, err := p.Plans.PlansOf(r.Context(), r.Session().Subject)
	if err != nil {
		return err
	}
	for _, plan := range all {
		if plan.RequestKey == d.ID {
			return r.SeeOther(paths.Plan(string(plan.ID)))
		}
	}
	return r.SeeOther(paths.PlanOptions(d.DebtID))
}

// planSchedule shows every date and amount, and asks how each is to be paid.
func (p *Pages) planSchedule(r *web.Request) error {
	d, err := p.drafted(r)
	if err != nil {
		return done(err)
	}
	page := d.schedulePage(r)
	if form, kept := r.KeptForm(); kept {
		page.Charging = consumer.Charging(form.Text("charging"))
	}
	return r.Page(http.StatusOK, page)
}

// postPlanSchedule takes another first day, or how each payment is to be made.
func (p *Pages) postPlanSchedule(r *web.Request) error {
	d, err := p.drafted(r)
	if err != nil {
		return done(err)
	}
	if r.Form().Text("do") == "first" {
		return p.otherFirst(r, d)
	}
	id := d.draft.ID
	switch consumer.Charging(r.Form().Text("charging")) {
	case consumer.ChargingHand:
		_, err = p.Plans.Choose(r.Context(), r.Session().Subject, id, plans.ByHand, "", "")
		return seeOther(r, paths.PlanSign(id), err)
	case consumer.ChargingBank:
		_, err = p.Plans.Choose(r.Context(), r.Session().Subject, id, plans.Automatic, payments.BankAccount, "")
		return seeOther(r, paths.PlanMethod(id), err)
	case consumer.ChargingCard:
		_, err = p.Plans.Choose(r.Context(), r.Session().Subject, id, plans.Automatic, payments.Card, "")
		return seeOther(r, paths.PlanMethod(id), err)
	}
	page := d.schedulePage(r)
	page.Charging, page.ChargingProblem = consumer.ChargingUnset, page.T(consumer.ProblemPlanCharging)
	return r.Page(http.StatusUnprocessableEntity, page)
}

func seeOther(r *web.Request, address string, err error) error {
	if err != nil {
		return hidden(err)
	}
	return r.SeeOther(address)
}

func (p *Pages) otherFirst(r *web.Request, d drafting) error {
	page := d.schedulePage(r)
	page.First.Value = r.Form().Text("first")
	wish := d.draft.Wish
	if wish.Rule.First = readDay(page.Base, &page.First); page.First.Problem == "" {
		_, _, err := p.Plans.Revise(r.Context(), r.Session().Subject, d.draft.ID, wish)
		var impossible *plans.Impossible
		if !errors.As(err, &impossible) {
			return seeOther(r, paths.PlanDraft(d.draft.ID), err)
		}
		page.First.Problem = impossibleWords(page.Base, impossible)
	}
	return r.Page(http.StatusUnprocessableEntity, page)
}

func (d drafting) schedulePage(r *web.Request) consumer.PlanSchedule {
	q := d.quote
	page := consumer.PlanSchedule{
		Base: r.Base(), DraftID: d.draft.ID, DebtID: d.draft.DebtID, Kind: consumer.PlanKind(q.Kind),
		Rhythm: consumer.Rhythm(q.Rule.Rhythm), Forgiven: q.Forgiven, Until: q.Expires, Charging: charging(d.draft),
	}
	page.Lines, page.Total = linesOf(q)
	until := d.day.AddDays(q.Terms.FirstWithinDays)
	if q.Kind == plans.Later {
		until = d.day.AddDays(q.Terms.LaterDays)
	}
	page.Days = openDays(d.day, until)
	if s, ok := d.statement(d.draft.DebtID); ok {
		page.Creditor, page.Notices = s.Debt.CreditorName, d.withPlan(r.Base(), s.Debt)
		page.CreditCards = takesAny(s.Debt.Type)
	}
	return page
}

// charging is what the consumer chose before, if anything.
func charging(d plans.Draft) consumer.Charging {
	switch {
	case d.Charging == plans.ByHand:
		return consumer.ChargingHand
	case d.Charging == plans.Automatic && d.Method == payments.BankAccount:
		return consumer.ChargingBank
	case d.Charging == plans.Automatic:
		return consumer.ChargingCard
	}
	return consumer.ChargingUnset
}

// planMethod shows the processor's own fields for a card or bank account that
// is kept for the plan.
func (p *Pages) planMethod(r *web.Request) error {
	d, err := p.drafted(r)
	if err != nil {
		return done(err)
	}
	if d.draft.Charging != plans.Automatic {
		return r.SeeOther(paths.PlanDraft(d.draft.ID))
	}
	return p.savingPage(r, http.StatusOK, d.view, d.draft, consumer.RefusedNot)
}

// postPlanMethod takes the token that stands for the card or account (STR-02).
func (p *Pages) postPlanMethod(r *web.Request) error {
	d, err := p.drafted(r)
	if err != nil {
		return done(err)
	}
	if d.draft.Charging != plans.Automatic {
		return r.SeeOther(paths.PlanDraft(d.draft.ID))
	}
	return p.saveToken(r, d.view, d.draft, paths.PlanSign(d.draft.ID))
}

// saveToken notes the token of a card or account, and goes on to the signature
// where it may be used for the debt.
func (p *Pages) saveToken(r *web.Request, v view, d plans.Draft, next string) error {
	token := r.Form().Text("confirmation_token")
	if token == "" || len(token) > 200 {
		return p.savingPage(r, http.StatusUnprocessableEntity, v, d, consumer.RefusedAgain)
	}
	_, err := p.Plans.Choose(r.Context(), r.Session().Subject, d.ID, plans.Automatic, d.Method, token)
	switch {
	case errors.Is(err, payments.ErrMethodRefused):
		return p.savingPage(r, http.StatusUnprocessableEntity, v, d, v.refusedSaving(d))
	case errors.Is(err, payments.ErrRefused), errors.Is(err, payments.ErrUnknownOutcome):
		return p.savingPage(r, http.StatusUnprocessableEntity, v, d, consumer.RefusedAgain)
	}
	return seeOther(r, next, err)
}

// refusedSaving says why a card or account cannot be used for the debt.
func (v view) refusedSaving(d plans.Draft) consumer.Refused {
	s, ok := v.statement(d.DebtID)
	switch {
	case d.Method == payments.BankAccount:
		return consumer.RefusedBlocked
	case ok && gate.Card(s.Debt.Type, "debit").Allowed:
		return consumer.RefusedCredit
	}
	return consumer.RefusedUnknown
}

// savingPage has the processor's own fields for a card or account of a draft.
func (p *Pages) savingPage(r *web.Request, status int, v view, d plans.Draft, refused consumer.Refused) error {
	r.AllowProcessor()
	page := consumer.PlanMethod{
		Base: r.Base(), DraftID: d.ID, PlanID: string(d.Plan), Method: consumer.Method(d.Method),
		PublishableKey: p.PublishableKey, ScriptURL: p.ScriptURL, Refused: refused,
	}
	if s, ok := v.statement(d.DebtID); ok {
		page.CreditCards = takesAny(s.Debt.Type)
	}
	return r.Page(status, page)
}
