package consumer

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"quittance/frontend/locale"
	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/web"
)

// verifyNotMe takes "this is not me" from whoever came by a texted link.
const verifyNotMe = paths.Verify + "/not-me"

// verify asks for the one personal detail.
func (p *Pages) verify(r *web.Request) error {
	if _, err := p.Visits.Waiting(r.PendingToken()); err != nil {
		return p.startAgain(r)
	}
	form, _ := r.KeptForm()
	return r.Page(http.StatusOK, p.verifyPage(r, form))
}

// postVerify compares it. Every refusal reads the same, whatever is behind it
// (DSC-04, S2).
func (p *Pages) postVerify(r *web.Request) error {
	page := p.verifyPage(r, r.Form())
	factor, ok := p.readFactor(&page, r.Form())
	if !ok {
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	result, err := p.Visits.Verify(r.Context(), r.PendingToken(), factor, r.From())
	var wait identity.Wait
	var hold identity.Hold
	switch {
	case errors.As(err, &hold):
		return p.held(r, page, hold)
	case errors.Is(err, identity.ErrNoMatch):
		page.Failed = true
		return r.Page(http.StatusUnprocessableEntity, page)
	case errors.Is(err, identity.ErrPending), errors.Is(err, identity.ErrLinkEnded):
		return p.startAgain(r)
	case errors.Is(err, identity.ErrNoContact):
		return r.SeeOther(paths.HelpAbout(string(consumer.AboutIdentity)))
	case errors.As(err, &wait):
		return r.Page(http.StatusTooManyRequests, consumer.TooMany{Base: r.Base(), WaitMinutes: minutes(wait.For)})
	case err != nil:
		return err
	}
	if result.StepUp != "" {
		r.SetStepUp(string(result.Channel), result.StepUp)
		return r.SeeOther(paths.Code)
	}
	return p.letIn(r, result)
}

// held asks to wait for a moment; what was typed stays.
func (p *Pages) held(r *web.Request, page consumer.Verify, hold identity.Hold) error {
	if hold.Pending != "" {
		r.SetPending(hold.Pending)
	}
	page.HoldSeconds = seconds(hold.For)
	return r.Page(http.StatusTooManyRequests, page)
}

// letIn starts the session, in the language of the person unless they chose
// another here, and leads back to where they were. What let them in works once:
// the browser has its session before anything here can fail, so whoever reads
// that something did is in all the same.
func (p *Pages) letIn(r *web.Request, result identity.Result) error {
	before := r.SessionToken()
	r.SetMark(result.Mark)
	r.SignIn(result.Session, result.Cookie)
	if err := p.Sessions.Arrive(r.Context(), result.Session, r.Visitor().Device(), before); err != nil {
		return err
	}
	if !r.ChoseLanguage() {
		account, err := p.Accounts.Account(r.Context(), debt.AccountID(result.Session.Subject))
		if err != nil {
			return err
		}
		if account.Consumer.Language == "es" {
			r.SetLanguage("es")
		}
	}
	return r.SeeOther(r.KeptPath(paths.Account))
}

// startAgain is for a visit that waited too long, or whose link has ended.
func (p *Pages) startAgain(r *web.Request) error {
	r.ClearPending()
	return r.SeeOther(paths.Start)
}

func (p *Pages) verifyPage(r *web.Request, form web.Form) consumer.Verify {
	page := consumer.Verify{
		Base: r.Base(), Factor: consumer.FactorZIP, ZIP: consumer.Input{Value: form.Typed("zip")},
		Birth: consumer.Birth{Month: form.Typed("birth_month"), Day: form.Typed("birth_day"), Year: form.Typed("birth_year")},
	}
	if p.Factor == identity.DateOfBirth {
		page.Factor = consumer.FactorBirth
	}
	if path, err := p.Visits.Waiting(r.PendingToken()); err == nil && path == identity.ByLink {
		page.NotMePath = verifyNotMe
	}
	return page
}

// readFactor reads the detail and puts what is wrong with it beside the field.
func (p *Pages) readFactor(page *consumer.Verify, form web.Form) (identity.Factor, bool) {
	if p.Factor == identity.DateOfBirth {
		factor, problem := readBirth(form, p.Now())
		if problem != "" {
			page.Birth.Problem = page.T(problem)
		}
		return factor, problem == ""
	}
	if form.Text("zip") == "" {
		page.ZIP.Problem = page.T(consumer.ProblemZIPMissing)
		return identity.Factor{}, false
	}
	factor, err := identity.ZIP(form.Text("zip"))
	if err != nil {
		page.ZIP.Problem = page.T(consumer.ProblemZIPFormat)
	}
	return factor, err == nil
}

func readBirth(form web.Form, now time.Time) (identity.Factor, locale.Key) {
	parts := [3]int{}
	for i, name := range []string{"birth_year", "birth_month", "birth_day"} {
		typed := identity.Plain(form.Text(name))
		if typed == "" {
			return identity.Factor{}, consumer.ProblemBirthMissing
		}
		n, err := strconv.Atoi(typed)
		if err != nil || len(typed) > 4 {
			return identity.Factor{}, consumer.ProblemBirthFormat
		}
		parts[i] = n
	}
	day, err := civil.New(parts[0], time.Month(parts[1]), parts[2])
	if err != nil && parts[0] < 1000 {
		return identity.Factor{}, consumer.ProblemBirthYear
	}
	if err != nil {
		return identity.Factor{}, consumer.ProblemBirthFormat
	}
	factor, err := identity.Birth(day, now)
	if err != nil && day.Before(civil.Of(now)) {
		return identity.Factor{}, consumer.ProblemBirthYear
	}
	if err != nil {
		return identity.Factor{}, consumer.ProblemBirthFormat
	}
	return factor, ""
}

func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

func minutes(d time.Duration) int { return int((d + time.Minute - 1) / time.Minute) }
