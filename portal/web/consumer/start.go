package consumer

import (
	"errors"
	"net/http"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/portal/identity"
	"quittance/portal/web"
)

// start is the front door. It says nothing of any debt (DSC-04).
func (p *Pages) start(r *web.Request) error {
	form, _ := r.KeptForm()
	page := consumer.Start{Base: r.Base(), Code: consumer.Input{Value: form.Typed("code")}}
	switch ended := consumer.Ended(r.Query("ended")); ended {
	case consumer.EndedIdle, consumer.EndedExpired, consumer.EndedOver:
		if !page.SignedIn { // a tab may be wrong about another
			page.Ended = ended
		}
	}
	return r.Page(http.StatusOK, page)
}

// postStart takes a reference code. It looks nothing up: a code that exists and
// one that does not lead to the same next page (S2).
func (p *Pages) postStart(r *web.Request) error {
	typed := r.Form().Typed("code")
	pending, err := p.Visits.Begin(typed)
	if errors.Is(err, identity.ErrMalformedCode) {
		page := consumer.Start{Base: r.Base(), Code: consumer.Input{Value: typed}}
		key := consumer.ProblemCodeFormat
		switch {
		case r.Form().Text("code") == "":
			key = consumer.ProblemCodeMissing
		case errors.Is(err, identity.ErrOtherNumber):
			key = consumer.ProblemCodeOther
		}
		page.Code.Problem = page.T(key)
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	r.ClearPending()
	r.SetPending(pending)
	return r.SeeOther(paths.Verify)
}
