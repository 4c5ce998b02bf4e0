package consumer

import (
	"errors"
	"net/http"

	"quittance/frontend/pages/consumer"
	"quittance/portal/identity"
	"quittance/portal/web"
)

// real proves the agency to whoever asks.
func (p *Pages) real(r *web.Request) error {
	form, _ := r.KeptForm()
	return r.Page(http.StatusOK, realPage(r, form))
}

// postReal says whether the words that a person was given are ours for the
// number that came with them. It never tells words (field.md M1).
func (p *Pages) postReal(r *web.Request) error {
	page := realPage(r, r.Form())
	held, err := p.Visits.Queue(r.Context(), r.Form().Text("wait"), r.From())
	if err != nil {
		return err
	}
	if held != nil {
		page.Wait, page.HoldSeconds = held.Pending, seconds(held.For)
		return r.Page(http.StatusTooManyRequests, page)
	}
	ours, err := p.Phrases.Ours(r.Context(), r.Form().Text("number"), r.Form().Text("words"))
	switch {
	case r.Form().Text("number") == "":
		page.Number.Problem = page.T(consumer.ProblemNumberMissing)
	case errors.Is(err, identity.ErrMalformedNumber):
		page.Number.Problem = page.T(consumer.ProblemNumberFormat)
	case errors.Is(err, identity.ErrMalformedWords):
		page.Said.Problem = page.T(consumer.ProblemWordsFormat)
	case err != nil:
		return err
	case ours:
		page.Answer = consumer.RealYes
	default:
		page.Answer = consumer.RealNot
		if err := p.Visits.Missed(r.Context(), r.From()); err != nil {
			return err
		}
	}
	if page.Answer == consumer.RealOpen {
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	return r.Page(http.StatusOK, page)
}

func realPage(r *web.Request, form web.Form) consumer.Real {
	return consumer.Real{
		Base: r.Base(), Number: consumer.Input{Value: form.Typed("number")}, Said: consumer.Input{Value: form.Typed("words")},
	}
}
