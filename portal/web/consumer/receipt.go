package consumer

import (
	"net/http"
	"strings"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/portal/web"
)

// receipt is the record of a payment, for as long as the account is held (U15).
// A payment that took nothing has none; its page says what became of it.
func (p *Pages) receipt(r *web.Request) error {
	reference := strings.ToUpper(r.Param("reference"))
	payment, err := p.Payments.PaymentByReference(r.Context(), r.Session().Subject, reference)
	if err != nil {
		return err
	}
	if err := p.viewable(r, debtsOf(payment)...); err != nil {
		return err
	}
	if !payment.Status.Taken() && payment.Status != payments.Processing {
		return r.SeeOther(paths.Payment(string(payment.ID)))
	}
	v, err := p.load(r)
	if err != nil {
		return err
	}
	c := v.account.Consumer
	page := consumer.Receipt{
		Base: r.Base(), Reference: payment.Reference, State: stateOf(payment, false), Amount: payment.Amount,
		At: payment.SubmittedAt.In(p.Zone), Payer: strings.TrimSpace(c.FirstName + " " + c.LastName),
		Method: methodView(payment), Lines: v.outcomeLines(payment), Refunded: payment.Refunded,
	}
	if payment.Status == payments.Processing {
		page.ClearsBy = v.expected(payment)
	}
	if payment.Method == payments.BankAccount && p.Now().Before(payment.ReversibleUntil) {
		page.ReversibleUntil = v.dayOf(payment.ReversibleUntil)
	}
	return r.Page(http.StatusOK, page)
}
