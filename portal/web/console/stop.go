package console

import (
	"context"
	"errors"
	"net/http"

	"quittance/frontend/locale"
	"quittance/frontend/pages/console"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/web"
)

// Stopper gives up a payment that is not sent; it is payments.Service. ErrNotNow
// after that; ErrUnknownOutcome where the processor's answer was lost.
type Stopper interface {
	Cancel(ctx context.Context, accountID string, id payments.ID) (payments.Payment, error)
}

// stoppable lists what waits for a step of the person at their bank: nothing is
// sent yet (ACH-03).
func (l look) stoppable() (all []console.OpenPayment) {
	for _, p := range l.payments {
		if p.Status == payments.NeedsAction {
			all = append(all, console.OpenPayment{ID: string(p.ID), Reference: p.Reference, Amount: p.Amount})
		}
	}
	return all
}

// stopPayment gives up a payment for somebody who asks for it on a call. The page
// says where it was sent meanwhile, or where that is not known yet.
func (p *Pages) stopPayment(r *web.Request, who identity.Staff) error {
	account := debt.AccountID(r.Param("id"))
	paid, err := p.Stopper.Cancel(r.Context(), string(account), payments.ID(r.Param("payment")))
	sent := errors.Is(err, payments.ErrNotNow) || err == nil && !paid.Status.Ended()
	switch {
	case sent:
		return p.notStopped(r, who, account, console.StopSent)
	case errors.Is(err, payments.ErrUnknownOutcome), errors.Is(err, payments.ErrRefused):
		return p.notStopped(r, who, account, console.StopUnknown)
	case err != nil:
		return err
	}
	p.record(r, who, "stop payment", string(account))
	return r.SeeOther(paths.ConsoleAccount(string(account)))
}

func (p *Pages) notStopped(r *web.Request, who identity.Staff, id debt.AccountID, why locale.Key) error {
	l, err := p.load(r.Context(), id)
	if err != nil {
		return err
	}
	page, err := p.accountPage(r, who, l)
	if err != nil {
		return err
	}
	page.NotStopped = why
	return r.Page(http.StatusUnprocessableEntity, page)
}
