package consumer

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/payments/money"
	"quittance/plans"
	"quittance/plans/schedule"
	"quittance/portal/web"
)

// bending is a plan whose owner wants to change it.
type bending struct {
	view
	plan plans.Plan
}

func (p *Pages) bending(r *web.Request) (bending, error) {
	var b bending
	var err error
	if b.plan, err = p.myPlan(r); err != nil {
		return b, err
	}
	b.view, err = p.load(r)
	return b, err
}

// planChange lists the changes that the plan's state and terms allow.
func (p *Pages) planChange(r *web.Request) error {
	b, err := p.bending(r)
	if err != nil {
		return err
	}
	if !b.plan.Status.Running() || b.hold() != consumer.HoldNone {
		return r.SeeOther(paths.Plan(string(b.plan.ID)))
	}
	page := b.changePage(r)
	if form, kept := r.KeptForm(); kept {
		page.Asked = asked(form)
	}
	return r.Page(http.StatusOK, page)
}

// postPlanChange shows what a change would make of the plan; nothing is saved.
func (p *Pages) postPlanChange(r *web.Request) error {
	b, err := p.bending(r)
	if err != nil {
		return err
	}
	preview, err := p.preview(r, b)
	if err != nil {
		return done(err)
	}
	return r.Page(http.StatusOK, preview)
}

// postPlanConfirm makes the change that was shown. A plan that another tab
// changed meanwhile stays as it is.
func (p *Pages) postPlanConfirm(r *web.Request) error {
	b, err := p.bending(r)
	if err != nil {
		return err
	}
	preview, err := p.preview(r, b)
	if err != nil {
		return done(err)
	}
	revision, err := strconv.ParseInt(r.Form().Text("revision"), 10, 64)
	if err != nil || revision != b.plan.Revision || r.Form().Text("seen") != preview.Seen {
		return b.stale(r)
	}
	if preview.Signed = signature(r, preview.Base); unsigned(preview.Signed) {
		return r.Page(http.StatusUnprocessableEntity, preview)
	}
	wish, _ := readBend(preview.Base, asked(r.Form()))
	text := consumer.PlanAuthorizationText(preview.Base, preview.Terms).String()
	_, err = p.Plans.Bend(r.Context(), r.Session().Subject, b.plan.ID, wish, revision, r.Form().Text("name"), planConsent(r, text))
	if errors.Is(err, plans.ErrStale) {
		return b.stale(r)
	}
	if err != nil {
		return done(b.refuse(r, asked(r.Form()), err))
	}
	return r.SeeOther(paths.Plan(string(b.plan.ID)))
}

// stale says that the plan was changed meanwhile, and how it can be changed now.
func (b bending) stale(r *web.Request) error {
	page := b.changePage(r)
	page.Stale = true
	return r.Page(http.StatusConflict, page)
}

// preview is what the asked change would make of the plan.
func (p *Pages) preview(r *web.Request, b bending) (consumer.PlanPreview, error) {
	ask := asked(r.Form())
	if !slices.Contains(b.actions(), ask.Action) {
		return consumer.PlanPreview{}, b.refuse(r, ask, plans.ErrNotNow)
	}
	wish, ask := readBend(r.Base(), ask)
	if askProblem(ask) {
		return consumer.PlanPreview{}, b.refuse(r, ask, nil)
	}
	c, err := p.Plans.Preview(r.Context(), r.Session().Subject, b.plan.ID, wish)
	if err != nil {
		return consumer.PlanPreview{}, b.refuse(r, ask, err)
	}
	return b.previewPage(r, ask, c), nil
}

func (b bending) previewPage(r *web.Request, ask consumer.PlanAsk, c plans.Change) consumer.PlanPreview {
	page := consumer.PlanPreview{
		Base: r.Base(), PlanID: string(c.After.ID), Revision: c.Before.Revision, Ask: ask,
		Old: openLines(c.Before), New: openLines(c.After),
	}
	for i := range page.Old {
		page.Old[i].NoticeOn.Year, page.Old[i].NoticeOn.Month, page.Old[i].NoticeOn.Day = 0, 0, 0
	}
	for i := range page.New {
		page.New[i].New = !slices.ContainsFunc(page.Old, func(o consumer.PlanLine) bool {
			return o.Date == page.New[i].Date && o.Amount == page.New[i].Amount
		})
	}
	page.Terms = b.planTerms(page.Base, c.After.Debt.ID, page.New)
	page.Terms.Kind, page.Terms.Forgiven = consumer.PlanKind(c.After.Kind), c.After.Forgiven
	methodTerms(&page.Terms, c.After)
	page.Seen = seen(page.Base, page.Terms)
	return page
}

// refuse shows the changes again, with what is not possible beside its field.
func (b bending) refuse(r *web.Request, ask consumer.PlanAsk, why error) error {
	page := b.changePage(r)
	page.Asked = ask
	var impossible *plans.Impossible
	switch {
	case why == nil:
	case errors.As(why, &impossible):
		markAsk(page.Base, &page.Asked, impossible)
	case errors.Is(why, plans.ErrNotNow):
		page.NotNow, page.Asked = true, consumer.PlanAsk{}
	default:
		return hidden(why)
	}
	return answered(r.Page(http.StatusUnprocessableEntity, page))
}

// markAsk puts a problem beside the field of the action that it is about.
func markAsk(b consumer.Base, a *consumer.PlanAsk, i *plans.Impossible) {
	words := impossibleWords(b, i)
	switch {
	case i.Problem == plans.NotAllowed || i.Problem == plans.NothingOwed:
		a.Problem = words
	case i.Field == "date" && (a.Action == consumer.ActionMove || a.Action == consumer.ActionRetry || a.Action == consumer.ActionPause):
		a.To.Problem = words
	case a.Action == consumer.ActionAmount:
		a.Each.Problem = words
	case a.Action == consumer.ActionRhythm:
		a.Rhythm.Problem = words
	case a.Action == consumer.ActionResume || a.Action == consumer.ActionHand || a.Action == consumer.ActionPause:
		a.Problem = words
	default:
		a.Number.Problem = words
	}
}

// asked reads which change was asked for, as it was sent.
func asked(form web.Form) consumer.PlanAsk {
	a := consumer.PlanAsk{Action: consumer.PlanAction(form.Text("action"))}
	field := func(part string) consumer.Input {
		return consumer.Input{Value: form.Typed(string(a.Action) + "_" + part)}
	}
	a.Number, a.To, a.Each, a.Rhythm = field("number"), field("to"), field("each"), field("rhythm")
	return a
}

// readBend reads a change, and marks what cannot be read.
func readBend(base consumer.Base, a consumer.PlanAsk) (plans.Bend, consumer.PlanAsk) {
	b := plans.Bend{Action: plans.BendAction(a.Action)}
	switch a.Action {
	case consumer.ActionMove, consumer.ActionSkip, consumer.ActionSplit, consumer.ActionRetry:
		number, err := strconv.Atoi(a.Number.Value)
		if b.Number = number; err != nil || number < 1 {
			a.Number.Problem = base.T(consumer.ProblemPlanWhich)
		}
	}
	switch a.Action {
	case consumer.ActionMove, consumer.ActionRetry, consumer.ActionPause:
		b.To = readDay(base, &a.To)
	case consumer.ActionAmount:
		b.Each = readMoney(base, &a.Each)
	case consumer.ActionRhythm:
		b.Rule.Rhythm = schedule.Rhythm(a.Rhythm.Value)
		if a.Rhythm.Value == "" {
			a.Rhythm.Problem = base.T(consumer.ProblemPlanRhythm)
		}
	}
	return b, a
}

func askProblem(a consumer.PlanAsk) bool {
	return a.Problem != "" || a.Number.Problem != "" || a.To.Problem != "" || a.Each.Problem != "" || a.Rhythm.Problem != ""
}

// actions are the changes that can be asked for now, in the order of the page.
func (b bending) actions() []consumer.PlanAction {
	p := b.plan
	var all []consumer.PlanAction
	add := func(a consumer.PlanAction, possible bool) {
		if possible {
			all = append(all, a)
		}
	}
	open := p.Status == plans.Active || p.Status == plans.Awaiting
	movable, failed := b.movable()
	parts := open && len(movable) > 0 && p.Kind == plans.Installments
	add(consumer.ActionResume, (p.Status == plans.Paused || p.Status == plans.Broken) && (p.Reason != plans.MethodFailed || p.Charging == plans.ByHand))
	add(consumer.ActionRetry, len(failed) > 0)
	add(consumer.ActionMove, open && len(movable) > 0)
	add(consumer.ActionSkip, parts && p.Skipped < p.Terms.Skips)
	add(consumer.ActionSplit, parts)
	add(consumer.ActionAmount, parts)
	add(consumer.ActionRhythm, parts && len(p.Terms.Rhythms) > 1)
	add(consumer.ActionPause, p.Status == plans.Active && parts && p.Terms.PauseDays > 0)
	add(consumer.ActionHand, (p.Charging == plans.Automatic || p.Incoming.Pending()) && p.Status.Running() && p.Status != plans.Awaiting)
	return all
}

// movable are the payments that nothing was sent for, and failed those that
// may be tried again.
func (b bending) movable() (movable, failed []consumer.PlanLine) {
	for _, i := range b.plan.Installments {
		line := b.planLine(b.plan, i)
		if line.Movable {
			movable = append(movable, line)
		}
		if line.Retry {
			failed = append(failed, line)
		}
	}
	return movable, failed
}

// changeDays is how far ahead the lists of days reach: a payment moves by a
// month at most, from its own day.
const changeDays = 31

func (b bending) changePage(r *web.Request) consumer.PlanChange {
	p := b.plan
	page := consumer.PlanChange{
		Base: r.Base(), PlanID: string(p.ID), Actions: b.actions(), NewMethod: b.newMethod(), SkipsLeft: max(0, p.Terms.Skips-p.Skipped),
		Least: min(p.Left(), max(p.Terms.MinAmount, percentOf(p.Left(), p.Terms.MinPercent))),
	}
	page.Path = paths.PlanChange(string(p.ID))
	page.Movable, page.Failed = b.movable()
	last := b.day
	for n, l := range page.Movable {
		if n < consumer.MovableAtOnce && l.Date.After(last) {
			last = l.Date
		}
	}
	page.Days = openDays(b.day, last.AddDays(changeDays))
	page.PauseDays = openDays(b.day.AddDays(1), b.day.AddDays(p.Terms.PauseDays))
	for _, rhythm := range p.Terms.Rhythms {
		if rhythm != p.Rule.Rhythm {
			page.Rhythms = append(page.Rhythms, consumer.Rhythm(rhythm))
		}
	}
	if s, ok := b.statement(p.Debt.ID); ok {
		page.Creditor = s.Debt.CreditorName
	}
	return page
}

// percentOf rounds up, as the terms do.
func percentOf(amount money.Cents, percent int) money.Cents {
	return (amount*money.Cents(percent) + 99) / 100
}

func versionOf(a plans.Agreement) string { return strconv.Itoa(a.Version) }

func paragraphs(text string) []string { return strings.Split(text, "\n") }

func nameOf(first, last string) string { return strings.TrimSpace(first + " " + last) }

// hostOf is the host of an address of ours.
func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Hostname()
	}
	return ""
}
