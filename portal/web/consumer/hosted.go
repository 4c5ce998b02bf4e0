package consumer

import (
	"net/http"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/portal/web"
)

// hosted is the last look before the processor's own page, which works without
// JavaScript (U7). What the law wants to be said before paying is said here,
// because over there it is not (AMT-08, ACH-03).
func (p *Pages) hosted(r *web.Request) error {
	payment, err := p.mine(r)
	if err != nil {
		return err
	}
	if !unsent(payment) || payment.Saved.MethodID != "" {
		return r.SeeOther(paths.Payment(string(payment.ID)))
	}
	page, err := p.reviewPage(r, payment, elsewhere(payment))
	if err != nil {
		return err
	}
	return p.leaving(r, http.StatusOK, page)
}

// postHosted leads to that page, which comes back to the outcome whatever
// happened there. A second sending opens the same page.
func (p *Pages) postHosted(r *web.Request) error {
	payment, err := p.mine(r)
	if err != nil {
		return err
	}
	page, err := p.reviewPage(r, payment, elsewhere(payment))
	if err != nil {
		return err
	}
	if page.AuthorizeProblem = unauthorized(r, page); page.AuthorizeProblem != "" {
		return p.leaving(r, http.StatusUnprocessableEntity, page)
	}
	if err := p.hears(r, page); err != nil {
		return err
	}
	back := p.PublicURL(paths.Payment(string(payment.ID)))
	address, err := p.Pay.OpenPage(r.Context(), r.Session().Subject, payment.ID, consent(r, page), back, back)
	if err != nil {
		return p.unusable(r, payment, err)
	}
	return r.SeeOther(address)
}

// leaving shows the page whose form may lead to the processor's.
func (p *Pages) leaving(r *web.Request, status int, page consumer.Review) error {
	r.AllowProcessor()
	return r.Page(status, page)
}

// elsewhere is a card or account that is given on the processor's page.
func elsewhere(p payments.Payment) consumer.MethodView {
	return consumer.MethodView{Kind: consumer.Method(p.Method), Elsewhere: true}
}
