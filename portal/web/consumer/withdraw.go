package consumer

import (
	"errors"
	"net/http"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/portal/dispute"
	"quittance/portal/web"
)

// withdraw asks once more before a dispute is taken back; nothing is ticked
// beforehand and staying is as easy.
func (p *Pages) withdraw(r *web.Request) error {
	page, err := p.withdrawPage(r)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, page)
}

func (p *Pages) withdrawPage(r *web.Request) (consumer.DisputeWithdraw, error) {
	d, err := p.theirs(r)
	if err != nil {
		return consumer.DisputeWithdraw{}, err
	}
	of, err := p.disputePage(r, d)
	if err == nil && !of.CanWithdraw {
		err = web.ErrNotFound
	}
	return consumer.DisputeWithdraw{Base: r.Base(), Reference: d.Reference, Asked: d.Kind == dispute.Creditor, Creditor: of.Creditor}, err
}

// postWithdraw takes a dispute back. However often it comes, it is once.
func (p *Pages) postWithdraw(r *web.Request) error {
	if r.Form().Text("sure") != "yes" {
		page, err := p.withdrawPage(r)
		if err != nil {
			return err
		}
		page.Problem = page.T(consumer.ProblemWithdraw)
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	d, err := p.theirs(r)
	if err != nil {
		return err
	}
	d, err = p.Disputes.Withdraw(r.Context(), me(r), d.Reference)
	switch {
	case errors.Is(err, dispute.ErrNotNow): // it was answered meanwhile: the tracker says so
		return r.SeeOther(paths.Sent(r.Param("reference")))
	case errors.Is(err, dispute.ErrStays):
		return web.ErrNotFound
	case err != nil:
		return noDispute(err)
	}
	return r.SeeOther(paths.Sent(d.Reference))
}
