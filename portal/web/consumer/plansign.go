package consumer

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/plans"
	"quittance/portal/web"
)

// planSign shows the authorization: the account, each amount and date, the end
// and how to stop (REG-02).
func (p *Pages) planSign(r *web.Request) error {
	d, err := p.drafted(r)
	if err != nil {
		return done(err)
	}
	if next := d.missing(); next != "" {
		return r.SeeOther(next)
	}
	page := d.signPage(r)
	if form, kept := r.KeptForm(); kept {
		page.Signed.Name.Value = form.Typed("name")
	}
	return r.Page(http.StatusOK, page)
}

// postPlanSign agrees to the plan that was shown, and to no other one. However
// often it comes, it is one plan.
func (p *Pages) postPlanSign(r *web.Request) error {
	d, err := p.drafted(r)
	if err != nil {
		return done(err)
	}
	if next := d.missing(); next != "" {
		return r.SeeOther(next)
	}
	page := d.signPage(r)
	page.Signed = signature(r, page.Base)
	if r.Form().Text("seen") != page.Seen {
		page.Problem = page.T(consumer.ProblemPlanMoved)
		page.Signed = consumer.Signature{Name: consumer.Input{Value: page.Signed.Name.Value}}
	}
	if page.Problem != "" || unsigned(page.Signed) {
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	if err := p.replace(r.Context(), d.view, "", []payments.Amount{{DebtID: d.draft.DebtID}}); err != nil {
		return err
	}
	text := consumer.PlanAuthorizationText(page.Base, page.Terms).String()
	plan, err := p.Plans.Enroll(r.Context(), r.Session().Subject, d.draft.ID, r.Form().Text("name"), planConsent(r, text))
	if err != nil {
		return p.notEnrolled(r, d, page, err)
	}
	return r.SeeOther(paths.Plan(string(plan.ID)))
}

func (p *Pages) notEnrolled(r *web.Request, d drafting, page consumer.PlanSign, why error) error {
	var impossible *plans.Impossible
	switch {
	case errors.Is(why, payments.ErrMethodRefused), errors.Is(why, payments.ErrRefused):
		page.Problem = page.T(consumer.ProblemPlanDeclined)
	case errors.Is(why, payments.ErrUnknownOutcome):
		page.Problem = page.T(consumer.ProblemPlanAgain)
	case errors.Is(why, plans.ErrNotNow):
		return r.SeeOther(paths.PlanDraft(d.draft.ID))
	case errors.Is(why, plans.ErrRunning), errors.As(why, &impossible):
		return done(p.notDrafted(r, d.draft, why))
	default:
		return hidden(why)
	}
	page.Signed.Agreed = false
	return r.Page(http.StatusUnprocessableEntity, page)
}

// missing is the step that is still to be taken before signing.
func (d drafting) missing() string {
	switch {
	case d.draft.Charging == "":
		return paths.PlanDraft(d.draft.ID)
	case d.draft.Charging == plans.Automatic && d.draft.Token == "":
		return paths.PlanMethod(d.draft.ID)
	}
	return ""
}

func (d drafting) signPage(r *web.Request) consumer.PlanSign {
	page := consumer.PlanSign{Base: r.Base(), DraftID: d.draft.ID}
	lines, _ := linesOf(d.quote)
	page.Terms = d.planTerms(page.Base, d.draft.DebtID, lines)
	page.Terms.Kind, page.Terms.Forgiven = consumer.PlanKind(d.quote.Kind), d.quote.Forgiven
	if d.draft.Charging == plans.Automatic {
		page.Terms.Method = detailsView(d.draft.Details)
		cardEnds(&page, d.draft.Details)
	}
	if s, ok := d.statement(d.draft.DebtID); ok {
		page.Notices = d.withPlan(r.Base(), s.Debt)
	}
	page.Seen = seen(page.Base, page.Terms)
	return page
}

// cardEnds says before the signature that a card ends before the last payment.
func cardEnds(page *consumer.PlanSign, d payments.Details) {
	if n := len(page.Terms.Lines); n > 0 {
		page.LastOn = page.Terms.Lines[n-1].Date
		page.CardEnds = plans.CardEnds(d, page.LastOn)
	}
}

func seen(b consumer.Base, t consumer.PlanTerms) string {
	return mark(consumer.PlanAuthorizationText(b, t).String())
}

// mark stands for a text, so that nobody signs another one than was shown.
func mark(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}
