package consumer

import (
	"errors"
	"net/http"

	"quittance/frontend/locale"
	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/portal/contact"
	"quittance/portal/identity"
	"quittance/portal/web"
)

// code asks for the six digits that went to the contact on file (SEC-06).
func (p *Pages) code(r *web.Request) error {
	if _, token := r.StepUp(); token == "" {
		return r.SeeOther(paths.Verify)
	}
	form, _ := r.KeptForm()
	page := codePage(r)
	page.Code.Value = form.Typed("code")
	return r.Page(http.StatusOK, page)
}

// postDigits asks for six digits, for whoever the code keeps waiting. Everybody
// gets the same answer: digits go out only where the detail is right and there is
// somebody to write to.
func (p *Pages) postDigits(r *web.Request) error {
	page := p.verifyPage(r, r.Form())
	page.Asked = true
	factor, ok := p.readFactor(&page, r.Form())
	if !ok {
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	token, err := p.Visits.AskDigits(r.Context(), r.PendingToken(), factor, r.From())
	var hold identity.Hold
	switch {
	case errors.As(err, &hold):
		return p.held(r, page, hold)
	case errors.Is(err, identity.ErrPending):
		return p.startAgain(r)
	case err != nil:
		return err
	}
	r.SetStepUp(string(consumer.ChannelAsked), token)
	return r.SeeOther(paths.Code)
}

// postCode takes the digits and opens the session.
func (p *Pages) postCode(r *web.Request) error {
	_, token := r.StepUp()
	typed := r.Form().Text("code")
	if typed == "" {
		return codeProblem(r, consumer.ProblemStepMissing)
	}
	result, err := p.Visits.Confirm(r.Context(), token, typed)
	switch {
	case errors.Is(err, identity.ErrMalformedDigits):
		return codeProblem(r, consumer.ProblemStepFormat)
	case errors.Is(err, identity.ErrWrongDigits):
		if channel, _ := r.StepUp(); channel == string(consumer.ChannelAsked) {
			return codeProblem(r, consumer.ProblemStepAsked)
		}
		return codeProblem(r, consumer.ProblemStepWrong)
	case errors.Is(err, identity.ErrStepUpOver):
		return p.startAgain(r)
	case err != nil:
		return err
	}
	return p.letIn(r, result)
}

// postResend sends other digits.
func (p *Pages) postResend(r *web.Request) error {
	_, token := r.StepUp()
	page := codePage(r)
	err := p.Visits.Resend(r.Context(), token)
	var wait identity.Wait
	switch {
	case errors.Is(err, identity.ErrStepUpOver):
		return p.startAgain(r)
	case errors.As(err, &wait):
		page.WaitMinutes = minutes(wait.For)
	case err != nil:
		return err
	default:
		page.Resent = true
	}
	return r.Page(http.StatusOK, page)
}

func codePage(r *web.Request) consumer.VerifyCode {
	channel, _ := r.StepUp()
	page := consumer.VerifyCode{Base: r.Base(), Channel: consumer.ChannelSMS}
	switch channel {
	case string(contact.Email):
		page.Channel = consumer.ChannelEmail
	case string(consumer.ChannelAsked):
		page.Channel = consumer.ChannelAsked
	}
	return page
}

func codeProblem(r *web.Request, problem locale.Key) error {
	page := codePage(r)
	page.Code = consumer.Input{Value: r.Form().Typed("code"), Problem: page.T(problem)}
	return r.Page(http.StatusUnprocessableEntity, page)
}
