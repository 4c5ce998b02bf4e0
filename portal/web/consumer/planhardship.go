package consumer

import (
	"net/http"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/plans"
	"quittance/portal/web"
)

// planHardship is what somebody can do who cannot pay now: a smaller plan, more
// time, a break. Each of them tells the system of record once it is asked for.
func (p *Pages) planHardship(r *web.Request) error {
	v, err := p.load(r)
	if err != nil {
		return err
	}
	s, err := v.shownDebt(r.Param("id"))
	if err != nil {
		return err
	}
	o, err := p.Plans.Options(r.Context(), r.Session().Subject, string(s.Debt.ID))
	if err != nil {
		return hidden(err)
	}
	page := consumer.PlanHardship{Base: r.Base(), DebtID: string(s.Debt.ID), Creditor: s.Debt.CreditorName, Pause: p.Claims != nil}
	if o.Running != nil {
		page.Running = string(o.Running.ID)
		page.Break = o.Running.Status == plans.Active && o.Running.Kind == plans.Installments && o.Running.Terms.PauseDays > 0
		return r.Page(http.StatusOK, page)
	}
	if v.planRefused(consumer.PlanOptions{Base: page.Base}, s, o.Subject) != consumer.PlanRefusedNot {
		return r.SeeOther(paths.PlanOptions(page.DebtID))
	}
	page.Open, page.Later = true, o.Later != nil
	if o.Terms.HardshipMonths > 0 {
		page.Least, page.Months = min(o.Least, o.Terms.HardshipMin), max(o.Terms.MaxMonths, o.Terms.HardshipMonths)
	}
	return r.Page(http.StatusOK, page)
}
