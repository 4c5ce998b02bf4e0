package consumer

import (
	"net/http"
	"strings"

	"quittance/frontend/pages/consumer"
	"quittance/portal/web"
)

// real proves the agency to whoever asks.
func (p *Pages) real(r *web.Request) error {
	form, _ := r.KeptForm()
	return r.Page(http.StatusOK, consumer.Real{Base: r.Base(), Number: consumer.Input{Value: form.Typed("number")}})
}

// postReal shows the three words of a number. Every well-formed number has
// words, so the page tells nobody which numbers exist (field.md M1).
func (p *Pages) postReal(r *web.Request) error {
	page := consumer.Real{Base: r.Base(), Number: consumer.Input{Value: r.Form().Typed("number")}}
	typed := r.Form().Text("number")
	if typed == "" {
		page.Number.Problem = page.T(consumer.ProblemNumberMissing)
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	phrase, ok := p.phraseOf(typed, page.Lang())
	if !ok {
		page.Number.Problem = page.T(consumer.ProblemNumberFormat)
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	page.Phrase = phrase
	return r.Page(http.StatusOK, page)
}

// phraseOf reads a code, the reference of a link, or the link itself.
func (p *Pages) phraseOf(typed, language string) ([]string, bool) {
	if _, token, isLink := strings.Cut(typed, "/l/"); isLink {
		phrase, _, ok := p.Phrases.OfToken(token, language)
		return phrase, ok
	}
	phrase, err := p.Phrases.Of(typed, language)
	return phrase, err == nil
}
