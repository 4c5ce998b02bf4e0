package consumer

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/plans/schedule"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/web"
)

// planRoutes are the addresses of plans. Without the service they lead to the
// phone.
func (p *Pages) planRoutes() []web.Route {
	get := func(pattern, page string, h func(*web.Request) error) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Access: web.Consumer, Page: page, Handler: h}
	}
	post := func(pattern, page string, h func(*web.Request) error) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Access: web.Consumer, Page: page, Handler: h, CSRF: true, Body: web.FormBody}
	}
	slow := func(r web.Route) web.Route { r.Deadline = web.PayDeadline; return r }
	if p.Plans == nil {
		byPhone := func(r *web.Request) error { return r.SeeOther(paths.HelpAbout(string(consumer.AboutPlan))) }
		return []web.Route{get(paths.Plans, "Help", byPhone), get("/debts/:id/plan", "Help", byPhone)}
	}
	return []web.Route{
		get(paths.Plans, "PlanDebts", p.planDebts),
		get("/debts/:id/plan", "PlanOptions", p.planOptions),
		post("/debts/:id/plan", "PlanOptions", p.postPlanOptions),
		get("/debts/:id/budget", "PlanBudget", p.planBudget),
		post("/debts/:id/budget", "PlanBudget", p.postPlanBudget),
		get("/debts/:id/hardship", "PlanHardship", p.planHardship),
		get("/plans/new/:draft", "PlanSchedule", p.planSchedule),
		post("/plans/new/:draft", "PlanSchedule", p.postPlanSchedule),
		get("/plans/new/:draft/method", "PlanMethod", p.planMethod),
		slow(post("/plans/new/:draft/method", "PlanMethod", p.postPlanMethod)),
		get("/plans/new/:draft/sign", "PlanSign", p.planSign),
		slow(post("/plans/new/:draft/sign", "PlanSign", p.postPlanSign)),
		slow(get("/plans/:id", "Plan", p.plan)),
		get("/plans/:id/pay", "PlanPay", p.planPay),
		post("/plans/:id/pay", "PlanPay", p.postPlanPay),
		get("/plans/:id/method", "PlanNewMethod", p.planNewMethod),
		post("/plans/:id/method", "PlanNewMethod", p.postPlanNewMethod),
		get("/plans/:id/method/:draft", "PlanMethod", p.planMethodDraft),
		slow(post("/plans/:id/method/:draft", "PlanMethod", p.postPlanMethodDraft)),
		get("/plans/:id/method/:draft/sign", "PlanSign", p.planMethodSign),
		slow(post("/plans/:id/method/:draft/sign", "PlanSign", p.postPlanMethodSign)),
		get("/plans/:id/change", "PlanChange", p.planChange),
		post("/plans/:id/change", "PlanPreview", p.postPlanChange),
		post("/plans/:id/change/confirm", "PlanPreview", p.postPlanConfirm),
		get("/plans/:id/stop", "PlanStop", p.planStop),
		slow(post("/plans/:id/stop", "PlanStop", p.postPlanStop)),
		get("/plans/:id/agreements/:version", "PlanPaper", p.planPaper),
		get("/plans/:id/agreements/:version/copy.pdf", "", p.planPaperCopy),
		get("/plans/:id/calendar.ics", "", p.planCalendar),
		get("/plans/:id/letter", "PlanLetter", p.planLetter),
		get("/plans/:id/letter.pdf", "", p.planLetterCopy),
	}
}

// hidden turns what is not there, or not this consumer's, into one answer (S10).
func hidden(err error) error {
	if errors.Is(err, plans.ErrNotFound) {
		return web.ErrNotFound
	}
	return err
}

// myPlan is the plan of the address, if it is this consumer's.
func (p *Pages) myPlan(r *web.Request) (plans.Plan, error) {
	found, err := p.Plans.Plan(r.Context(), r.Session().Subject, plans.ID(r.Param("id")))
	if err != nil {
		return found, hidden(err)
	}
	return found, p.viewable(r, found.Debt.ID)
}

// shownDebt is a debt of the address whose amounts may be shown.
func (v view) shownDebt(id string) (debt.Statement, error) {
	if v.hold() != consumer.HoldNone {
		return debt.Statement{}, errHeld
	}
	for _, s := range v.shown() {
		if string(s.Debt.ID) == id {
			return s, nil
		}
	}
	return debt.Statement{}, web.ErrNotFound
}

// planNext says of each debt with a running plan what comes next.
func (p *Pages) planNext(r *web.Request, v view) (map[string]*consumer.PlanNext, error) {
	next := map[string]*consumer.PlanNext{}
	if p.Plans == nil {
		return next, nil
	}
	all, err := p.Plans.PlansOf(r.Context(), r.Session().Subject)
	if err != nil {
		return nil, err
	}
	for _, plan := range all {
		if !plan.Status.Running() {
			continue
		}
		today := civil.Of(p.Now().In(p.Zone))
		n := &consumer.PlanNext{PlanID: string(plan.ID), Failed: slices.ContainsFunc(plan.Installments, func(i plans.Installment) bool {
			return i.Status == plans.Failed && i.Owed() > 0
		})}
		if i, ok := nextDue(plan); ok && (plan.Status == plans.Active || plan.Status == plans.Awaiting) {
			n.Amount, n.Date, n.Taken = i.Owed(), i.Due, plan.Charging == plans.Automatic
			n.Behind = behind(plan, today)
			n.Late = i.Due.Before(today)
			_, n.Ahead = bending{v, plan}.ahead()
		}
		n.CardEnds = plan.CardEnding(today)
		n.CardOver = n.CardEnds.Before(today)
		next[plan.Debt.ID] = n
	}
	return next, nil
}

// behind reports whether a payment by hand goes to what is late or due today
// before anything that comes.
func behind(p plans.Plan, today civil.Date) bool {
	return slices.ContainsFunc(p.Installments, func(i plans.Installment) bool {
		return i.Open() && (i.Status == plans.Failed || !i.Due.After(today))
	})
}

// nextDue is the next installment that waits for its day.
func nextDue(p plans.Plan) (plans.Installment, bool) {
	for _, i := range p.Installments {
		if i.Status == plans.Scheduled && i.Owed() > 0 {
			return i, true
		}
	}
	return plans.Installment{}, false
}

// openDays are the days from one to another on which a payment can be due.
func openDays(from, until civil.Date) []civil.Date {
	var days []civil.Date
	for d := schedule.Roll(from); !d.After(until); d = schedule.Roll(d.AddDays(1)) {
		days = append(days, d)
	}
	return days
}

// detailsView is a saved method as it may be shown.
func detailsView(d payments.Details) consumer.MethodView {
	return consumer.MethodView{Kind: consumer.Method(d.Type), Label: cmp.Or(brands[d.Brand], d.Brand), Last4: d.Last4}
}

// planConsent is the text that was shown, word for word, and who said yes to
// it from where (REG-02, ACH-03).
func planConsent(r *web.Request, text string) payments.Consent {
	visitor := r.Visitor()
	return payments.Consent{
		Text: text, SessionID: string(r.Session().ID), IP: visitor.IP.String(),
		UserAgent: cmp.Or(visitor.UserAgent, "unknown"), Language: visitor.Language,
	}
}

// signature reads the box and the name, and marks what is missing.
func signature(r *web.Request, b consumer.Base) consumer.Signature {
	s := consumer.Signature{Agreed: r.Form().Text("agree") == "yes", Name: consumer.Input{Value: r.Form().Typed("name")}}
	if !s.Agreed {
		s.AgreeProblem = b.T(consumer.ProblemPlanAgree)
	}
	if name := r.Form().Text("name"); name == "" || len(name) > 200 || strings.ContainsAny(name, "\n\r\uFFFD") {
		s.Name.Problem = b.T(consumer.ProblemPlanName)
	}
	return s
}

func unsigned(s consumer.Signature) bool { return s.AgreeProblem != "" || s.Name.Problem != "" }

// planTerms are the terms of lines on a debt, for the text that is signed.
func (v view) planTerms(b consumer.Base, debtID string, lines []consumer.PlanLine) consumer.PlanTerms {
	t := consumer.PlanTerms{AgencyLegalName: b.Agency.LegalName, AgencyPhone: b.Agency.Phone, Lines: lines, Email: contact.Masked(contact.Email, v.account.Consumer.Email)}
	for _, l := range lines {
		t.Total += l.Amount
	}
	if s, ok := v.statement(debtID); ok {
		t.Creditor, t.Original = s.Debt.CreditorName, s.Debt.OriginalCreditorName
		t.Account, t.What = s.Debt.AccountNumberLast4, s.Debt.Description
	}
	return t
}
