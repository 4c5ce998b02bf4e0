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
	if contact.Channel(channel) == contact.Email {
		page.Channel = consumer.ChannelEmail
	}
	return page
}

func codeProblem(r *web.Request, problem locale.Key) error {
	page := codePage(r)
	page.Code = consumer.Input{Value: r.Form().Typed("code"), Problem: page.T(problem)}
	return r.Page(http.StatusUnprocessableEntity, page)
}
