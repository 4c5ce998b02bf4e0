package consumer

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/plans"
	"quittance/plans/civil"
	"quittance/portal/web"
)

// freshFor is how long a plan's page says that it was just set up.
const freshFor = 15 * time.Minute

// plan is where a plan stands, what comes next, and each payment.
func (p *Pages) plan(r *web.Request) error {
	plan, err := p.myPlan(r)
	if err != nil {
		return err
	}
	v, err := p.load(r)
	if err != nil {
		return err
	}
	if v.hold() != consumer.HoldNone {
		return r.SeeOther(paths.Account)
	}
	signed, err := p.Plans.Agreements(r.Context(), r.Session().Subject, plan.ID)
	if err != nil {
		return hidden(err)
	}
	page := v.planPage(r, plan, signed)
	if plan.Status == plans.Awaiting || plan.Incoming.Pending() {
		if setup, err := p.Plans.Verify(r.Context(), r.Session().Subject, plan.ID); err == nil {
			page.VerifyURL = cmp.Or(setup.VerifyURL, setup.ActionURL)
			page.BankAsks = setup.State == payments.SetupNeedsAction
		}
	}
	return r.Page(http.StatusOK, page)
}

func (v view) planPage(r *web.Request, p plans.Plan, signed []plans.Agreement) consumer.Plan {
	page := consumer.Plan{
		Base: r.Base(), ID: string(p.ID), Reference: p.Reference, DebtID: p.Debt.ID, Kind: consumer.PlanKind(p.Kind),
		Status: consumer.PlanStatus(p.Status), Reason: planReason(p.Reason), Rhythm: consumer.Rhythm(p.Rule.Rhythm),
		Paid: p.PaidSoFar(), Left: p.Left(), Total: p.Total, Forgiven: p.Forgiven, Lines: v.planLines(p, signed),
		ResumeOn: p.ResumeOn, Running: p.Status.Running(),
		Fresh: p.Version == 1 && p.PaidSoFar() == 0 && v.now.Sub(p.CreatedAt) < freshFor,
	}
	if len(signed) > 0 {
		page.Version = signed[len(signed)-1].Version
	}
	if p.Charging == plans.Automatic {
		page.Method = detailsView(p.Details)
	}
	page.CardEnds = p.CardEnding(v.today)
	page.CardOver = page.CardEnds.Before(v.today)
	switch {
	case p.Incoming.Pending():
		page.Coming = detailsView(p.Incoming.Details)
	case p.Incoming.Refused() && p.Status.Running():
		page.NotTaken = detailsView(p.Incoming.Details)
	}
	if p.Status == plans.Completed {
		page.Provisional = v.reversible(p.Debt.ID)
	}
	if next, ok := nextDue(p); ok {
		line := v.planLine(p, next)
		line.Late = next.Due.Before(v.today)
		page.Next = &line
	}
	if s, ok := v.statement(p.Debt.ID); ok {
		page.Creditor, page.Owed = s.Debt.CreditorName, v.balances(s).owed
		page.CanPay = v.canPay(s) && !page.PaymentsOff
		if b := (bending{v, p}); page.CanPay {
			_, page.Ahead = b.ahead()
		}
	}
	return page
}

var planReasons = map[plans.Reason]consumer.PlanReason{
	"": consumer.PlanReasonNone, plans.ByConsumer: consumer.PlanByYou, plans.MethodFailed: consumer.PlanMethodFailed,
	plans.NeedsSignIn: consumer.PlanNeedsYou, plans.StopPayment: consumer.PlanStopOrder, plans.MissedTooMany: consumer.PlanMissed,
	plans.DebtGone: consumer.PlanDebtGone, plans.VerifyFailed: consumer.PlanVerifyFailed,
	"disputed": consumer.PlanDisputed, "recalled": consumer.PlanDebtGone, "paid": consumer.PlanDebtGone,
}

// planReason puts a reason into the words of the pages; why a debt is on hold
// is nobody's but the consumer's to tell.
func planReason(r plans.Reason) consumer.PlanReason {
	if known, ok := planReasons[r]; ok {
		return known
	}
	return consumer.PlanOnHold
}

// planLines are the payments of a plan that count, with what became of each.
func (v view) planLines(p plans.Plan, signed []plans.Agreement) []consumer.PlanLine {
	var lines []consumer.PlanLine
	for _, i := range p.Installments {
		if i.Status == plans.Dropped {
			continue
		}
		line := v.planLine(p, i)
		line.From = movedFrom(i, signed)
		lines = append(lines, line)
	}
	return lines
}

func (v view) planLine(p plans.Plan, i plans.Installment) consumer.PlanLine {
	line := consumer.PlanLine{Number: i.Number, Date: i.Due, Amount: i.Owed(), Movable: i.Status == plans.Scheduled && i.Owed() > 0}
	switch {
	case i.Status == plans.Paid:
		line.State, line.Amount = consumer.LinePaid, max(i.Amount, i.Paid)
	case i.Status == plans.InFlight:
		line.State = consumer.LineOnWay
		if v.apart(i.PaymentID) {
			line.State = consumer.LineHeld
		}
	case i.Status == plans.Failed:
		line.State, line.Reason, line.Retry = consumer.LineFailed, reasonOf(i.Failure), mayRetry(p, i)
	case i.Unanswered:
		line.State = consumer.LineWaits
	case i.Missed, i.Due.Before(v.day) && p.Charging == plans.ByHand:
		line.State = consumer.LineMissed
	}
	if i.Status == plans.Scheduled && i.Notice.State == plans.NoticeWaiting {
		line.NoticeOn = i.Notice.On
	}
	return line
}

// apart reports whether a payment was taken and counts on no debt.
func (v view) apart(id payments.ID) bool {
	return slices.ContainsFunc(v.payments, func(p payments.Payment) bool { return p.ID == id && p.Status == payments.Held })
}

// mayRetry reports whether an installment that did not work may be tried again
// on another day.
func mayRetry(p plans.Plan, i plans.Installment) bool {
	return p.Charging == plans.Automatic && p.Status == plans.Active && i.Open() && p.MayRetry(i)
}

// movedFrom is the day that the first agreement has for an installment, if it
// is another one. Installments are numbered as they were first agreed on.
func movedFrom(i plans.Installment, signed []plans.Agreement) civil.Date {
	if len(signed) < 2 || i.Status != plans.Scheduled || i.Number > len(signed[0].Lines) {
		return civil.Date{}
	}
	if first := signed[0].Lines[i.Number-1]; first.Due != i.Due && first.Amount == i.Amount {
		return first.Due
	}
	return civil.Date{}
}

// planStop asks once whether to stop.
func (p *Pages) planStop(r *web.Request) error {
	plan, err := p.myPlan(r)
	if err != nil {
		return err
	}
	if !plan.Status.Running() {
		return r.SeeOther(paths.Plan(string(plan.ID)))
	}
	v, err := p.load(r)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, v.stopPage(r, plan))
}

func (v view) stopPage(r *web.Request, p plans.Plan) consumer.PlanStop {
	page := consumer.PlanStop{Base: r.Base(), PlanID: string(p.ID), Automatic: p.Charging == plans.Automatic}
	for _, i := range p.Installments {
		switch {
		case i.Status != plans.InFlight:
		case slices.ContainsFunc(v.payments, func(pay payments.Payment) bool { return pay.ID == i.PaymentID && pay.Status == payments.NeedsAction }):
			page.Waits, page.WaitsAt = page.Waits+i.Owed(), string(i.PaymentID)
		default:
			page.Sent += i.Owed()
		}
	}
	if s, err := v.shownDebt(p.Debt.ID); err == nil {
		page.Creditor, page.Left = s.Debt.CreditorName, max(0, v.balances(s).owed-page.Sent)
	}
	return page
}

// postPlanStop stops a plan at once, whatever the state of the debt (REG-05).
func (p *Pages) postPlanStop(r *web.Request) error {
	plan, err := p.myPlan(r)
	if err != nil {
		return err
	}
	back := paths.Plan(string(plan.ID))
	if !plan.Status.Running() {
		return r.SeeOther(back)
	}
	v, err := p.load(r)
	if err != nil {
		return err
	}
	page := v.stopPage(r, plan)
	consent := planConsent(r, page.T("plan.stop_ask")+"\n"+page.T("plan.stop_yes"))
	_, err = p.Plans.Bend(r.Context(), r.Session().Subject, plan.ID, plans.Bend{Action: plans.Cancel}, plan.Revision, "", consent)
	return seeOther(r, back, err)
}

// planCalendar is the plan's days as a calendar file.
func (p *Pages) planCalendar(r *web.Request) error {
	plan, err := p.myPlan(r)
	if err != nil {
		return err
	}
	file := consumer.PlanCalendar{
		Base: r.Base(), PlanID: string(plan.ID), Host: hostOf(p.PublicURL("/")), Revision: int(plan.Revision), Changed: plan.ChangedAt,
	}
	file.Lines, file.Gone = calendarDays(plan, civil.Of(p.Now().In(p.Zone)))
	r.SetHeader("Content-Disposition", `attachment; filename="plan.ics"`)
	return r.Bytes(http.StatusOK, "text/calendar; charset=utf-8", file.File())
}

// calendarDays are the days of a plan on which something is paid, and those that
// were handed out once and on which nothing is any more. Every installment is one
// of them, so that the file has always an entry, and takes back what it gave.
func calendarDays(p plans.Plan, today civil.Date) (days, gone []consumer.PlanLine) {
	runs := p.Status == plans.Active || p.Status == plans.Awaiting
	for _, i := range p.Installments {
		line := consumer.PlanLine{Number: i.Number, Date: i.Due}
		if i.Open() && runs || i.Status == plans.InFlight || i.Status == plans.Paid && i.Due.Before(today) {
			days = append(days, line)
		} else {
			gone = append(gone, line)
		}
	}
	return days, gone
}

// openLines are the installments on which something is still to be paid: what
// an agreement on the plan lists.
func openLines(p plans.Plan) []consumer.PlanLine {
	var lines []consumer.PlanLine
	for _, i := range p.Installments {
		if !i.Open() {
			continue
		}
		line := consumer.PlanLine{Number: i.Number, Date: i.Due, Amount: i.Owed()}
		if p.Charging == plans.Automatic && i.Notice.State == plans.NoticeWaiting {
			line.NoticeOn = i.Notice.On
		}
		lines = append(lines, line)
	}
	return lines
}
