package consumer

import (
	"errors"
	"net/http"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/web"
)

// planDebts asks which debt to pay over time.
func (p *Pages) planDebts(r *web.Request) error {
	if cameBack(r) {
		return r.SeeOther(paths.Plans)
	}
	v, err := p.load(r)
	if err != nil {
		return err
	}
	if v.hold() != consumer.HoldNone {
		return r.SeeOther(paths.Account)
	}
	next, err := p.planNext(r, v)
	if err != nil {
		return err
	}
	page := consumer.PlanDebts{Base: r.Base()}
	for _, s := range v.shown() {
		running := next[string(s.Debt.ID)]
		closed := v.closed(s)
		if running == nil && closed == consumer.ClosedPaid {
			continue
		}
		d := consumer.PlanDebt{
			DebtID: string(s.Debt.ID), Creditor: s.Debt.CreditorName, What: s.Debt.Description, Amount: v.balances(s).total(),
			Closed: closed != consumer.ClosedNot || !v.ask(gate.Plan, s.Debt).Allowed || page.PaymentsOff,
		}
		if running != nil {
			d.PlanID = running.PlanID
		}
		page.Debts = append(page.Debts, d)
	}
	return r.Page(http.StatusOK, page)
}

// planOptions are the ways to pay one debt over time, none of them chosen.
func (p *Pages) planOptions(r *web.Request) error {
	page, err := p.optionsPage(r, r.Param("id"))
	if err != nil {
		return err
	}
	if form, kept := r.KeptForm(); kept && form.Has("each") {
		typeWish(&page, form)
	}
	return r.Page(http.StatusOK, page)
}

// postPlanOptions keeps a wish and shows what it would be, or says what is
// possible instead.
func (p *Pages) postPlanOptions(r *web.Request) error {
	page, err := p.optionsPage(r, r.Param("id"))
	if err != nil {
		return err
	}
	if page.Running != "" || page.Refused != consumer.PlanRefusedNot {
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	wish := readWish(&page, r.Form())
	if wishProblem(page) {
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	if err := p.giveUpWaiting(r, page.DebtID); err != nil {
		return err
	}
	draft, _, err := p.Plans.Begin(r.Context(), r.Session().Subject, page.DebtID, wish)
	var impossible *plans.Impossible
	switch {
	case errors.As(err, &impossible):
		markWish(&page, wish, impossible)
		return r.Page(http.StatusUnprocessableEntity, page)
	case errors.Is(err, plans.ErrRunning):
		return r.SeeOther(paths.PlanOptions(page.DebtID))
	case err != nil:
		return hidden(err)
	}
	return r.SeeOther(paths.PlanDraft(draft.ID))
}

// giveUpWaiting gives up what the consumer began to pay on a debt and did not
// finish: they pay it over time instead.
func (p *Pages) giveUpWaiting(r *web.Request, debtID string) error {
	v, err := p.load(r)
	if err != nil {
		return err
	}
	return p.replace(r.Context(), v, "", []payments.Amount{{DebtID: debtID}})
}

// markWish puts what is not possible beside the field it is about.
func markWish(page *consumer.PlanOptions, w plans.Wish, i *plans.Impossible) {
	words := impossibleWords(page.Base, i)
	own := w.Kind == plans.Installments && w.Count == 0
	switch {
	case w.Kind == plans.Later && i.Field == "first":
		page.Later.Problem = words
	case own && i.Field == "amount":
		page.Wish.Each.Problem = words
	case own && i.Field == "rhythm":
		page.Wish.Rhythm.Problem = words
	case own && i.Field == "first":
		page.Wish.First.Problem = words
	case i.Problem == plans.NotAllowed || i.Problem == plans.NothingOwed:
		page.Problem = words
	default:
		page.Problem = page.T(consumer.ProblemPlanOfferGone)
	}
}

func (p *Pages) optionsPage(r *web.Request, debtID string) (consumer.PlanOptions, error) {
	v, err := p.load(r)
	if err != nil {
		return consumer.PlanOptions{}, err
	}
	s, err := v.shownDebt(debtID)
	if err != nil {
		return consumer.PlanOptions{}, err
	}
	o, err := p.Plans.Options(r.Context(), r.Session().Subject, debtID)
	if err != nil {
		return consumer.PlanOptions{}, hidden(err)
	}
	page := consumer.PlanOptions{
		Base: r.Base(), DebtID: debtID, Creditor: s.Debt.CreditorName, What: s.Debt.Description,
		Payable: o.Subject.Payable, Notices: v.withPlan(r.Base(), s.Debt),
	}
	if o.Running != nil {
		page.Running = string(o.Running.ID)
		return page, nil
	}
	if page.Refused = v.planRefused(page, s, o.Subject); page.Refused == consumer.PlanRefusedNot {
		offered(&page, o)
	} else if sum := v.balances(s); sum.owed > 0 {
		page.Disputed = sum.disputed
	}
	return page, nil
}

// planRefused says why no plan can be made.
func (v view) planRefused(page consumer.PlanOptions, s debt.Statement, subject plans.Subject) consumer.PlanRefused {
	switch {
	case page.PaymentsOff:
		return consumer.PlanRefusedOff
	case subject.Refusal == string(gate.IsDisputed):
		return consumer.PlanRefusedDisputed
	case subject.Refusal == string(gate.IsTimeBarred):
		return consumer.PlanRefusedTimeBarred
	case subject.Refusal == string(gate.IsPaid), v.closed(s) == consumer.ClosedPaid:
		return consumer.PlanRefusedPaid
	case subject.NoNew != "":
		return consumer.PlanRefusedHere
	case subject.Refusal != "":
		return consumer.PlanRefusedHold
	case subject.Payable <= 0:
		return consumer.PlanRefusedPending
	}
	return consumer.PlanRefusedNot
}

// offered puts what the terms allow on the page.
func offered(page *consumer.PlanOptions, o plans.Options) {
	for _, q := range o.Plans {
		page.Offers = append(page.Offers, offerOf(q))
	}
	for _, q := range o.Settlements {
		page.Settlements = append(page.Settlements, offerOf(q))
	}
	for _, rhythm := range o.Terms.Rhythms {
		page.Rhythms = append(page.Rhythms, consumer.Rhythm(rhythm))
	}
	page.Days = openDays(o.FirstFrom, o.FirstUntil)
	if o.Later != nil {
		page.LaterDays = openDays(o.Subject.Today.AddDays(1), o.Subject.Today.AddDays(o.Terms.LaterDays))
	}
	page.Why = consumer.PlanWhy{
		Least: o.Least, Months: o.Terms.MaxMonths, FirstUntil: o.FirstUntil,
		Skips: o.Terms.Skips, PauseDays: o.Terms.PauseDays, Settles: len(o.Settlements) > 0,
	}
}

func offerOf(q plans.Quote) consumer.PlanOffer {
	last := q.Last()
	return consumer.PlanOffer{
		Rhythm: consumer.Rhythm(q.Rule.Rhythm), Each: q.Each, Count: len(q.Lines), First: q.Lines[0].Due, Last: last.Due,
		LastAmount: last.Amount, Total: q.Total, Forgiven: q.Forgiven, Until: q.Expires,
	}
}

// linesOf are the lines of a quote as a page shows them.
func linesOf(q plans.Quote) (lines []consumer.PlanLine, total money.Cents) {
	for n, l := range q.Lines {
		lines = append(lines, consumer.PlanLine{Number: n + 1, Date: l.Due, Amount: l.Amount})
		total += l.Amount
	}
	return lines, total
}
