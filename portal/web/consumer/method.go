package consumer

import (
	"errors"
	"net/http"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/portal/debt"
	"quittance/portal/gate"
	"quittance/portal/web"
)

// method shows the processor's own fields for a card or a bank account.
func (p *Pages) method(r *web.Request) error {
	payment, err := p.mine(r)
	if err != nil {
		return err
	}
	if !unsent(payment) || payment.Saved.MethodID != "" {
		return r.SeeOther(paths.Payment(string(payment.ID)))
	}
	return p.methodPage(r, http.StatusOK, payment, consumer.RefusedNot)
}

// postMethod takes the token that stands for the card or account, and goes on
// when it may be used for these debts (STR-02).
func (p *Pages) postMethod(r *web.Request) error {
	token := r.Form().Text("confirmation_token")
	payment, err := p.mine(r)
	if err != nil {
		return err
	}
	if token == "" || len(token) > 200 {
		return p.methodPage(r, http.StatusUnprocessableEntity, payment, consumer.RefusedAgain)
	}
	payment, err = p.Pay.Choose(r.Context(), r.Session().Subject, payment.ID, token)
	if err != nil {
		return p.unusable(r, payment, err)
	}
	return r.SeeOther(paths.Review(string(payment.ID)))
}

// unusable says why the card or account was not taken, and what can be done.
func (p *Pages) unusable(r *web.Request, payment payments.Payment, why error) error {
	var problems payments.Problems
	switch {
	case errors.Is(why, payments.ErrNotNow):
		return r.SeeOther(paths.Payment(r.Param("id")))
	case errors.Is(why, payments.ErrMoved):
		return p.partMoved(r, payment)
	case errors.Is(why, payments.ErrMethodRefused):
		return p.methodPage(r, http.StatusUnprocessableEntity, payment, refusedMethod)
	case errors.Is(why, payments.ErrRefused), errors.Is(why, payments.ErrUnknownOutcome):
		return p.methodPage(r, http.StatusUnprocessableEntity, payment, consumer.RefusedAgain)
	case errors.As(why, &problems), errors.Is(why, payments.ErrPaused), errors.Is(why, payments.ErrDeclines):
		return p.changed(r, why)
	}
	return why
}

// mine is the payment of the address, if it is this consumer's; another's does
// not exist (S10).
func (p *Pages) mine(r *web.Request) (payments.Payment, error) {
	found, err := p.Pay.Payment(r.Context(), r.Session().Subject, payments.ID(r.Param("id")))
	if err != nil {
		return found, err
	}
	if unsent(found) && !begun(r, found) {
		return found, web.ErrNotFound
	}
	return found, p.viewable(r, debtsOf(found)...)
}

// begun reports whether who is here began the payment, and not the consumer or
// another who speaks for them (DSC-05).
func begun(r *web.Request, p payments.Payment) bool {
	who := r.Session().Speaker
	return p.By == string(who.Role) && p.ByID == string(who.ID)
}

func debtsOf(p payments.Payment) []string {
	var ids []string
	for _, a := range p.Allocations {
		ids = append(ids, a.DebtID)
	}
	return ids
}

// refusedMethod stands for the reason that fits the debts.
const refusedMethod consumer.Refused = "method"

func (p *Pages) methodPage(r *web.Request, status int, payment payments.Payment, refused consumer.Refused) error {
	v, err := p.load(r)
	if err != nil {
		return err
	}
	if refused == refusedMethod {
		refused = v.refused(payment)
	}
	r.AllowProcessor()
	credit := v.creditCards(payment)
	return r.Page(status, consumer.PayMethod{
		Base: r.Base(), PaymentID: string(payment.ID), Amount: payment.Amount, Method: consumer.Method(payment.Method),
		PublishableKey: p.PublishableKey, ScriptURL: p.ScriptURL, CreditCards: credit,
		BankClears: v.clearsBy(v.now), Refused: refused,
		// On the processor's page any card could be given, so it is offered only
		// where any card may be used.
		Hosted: payment.Method == payments.BankAccount || credit,
	})
}

// creditCards reports whether any card may pay all of a payment, and takesCards
// whether some card may.
func (v view) creditCards(payment payments.Payment) bool {
	return v.all(payment, takesAny)
}

func (v view) takesCards(payment payments.Payment) bool {
	return v.all(payment, func(t debt.Type) bool { return gate.Card(t, "debit").Allowed })
}

// takesAny reports whether a debt of this type may be paid by any card.
func takesAny(t debt.Type) bool { return gate.Card(t, "").Allowed }

func (v view) all(payment payments.Payment, takes func(debt.Type) bool) bool {
	for _, a := range payment.Allocations {
		if s, ok := v.statement(a.DebtID); !ok || !takes(s.Debt.Type) {
			return false
		}
	}
	return true
}

// refused says why the card or account cannot be used.
func (v view) refused(payment payments.Payment) consumer.Refused {
	switch {
	case payment.Method == payments.BankAccount:
		return consumer.RefusedBlocked
	case v.takesCards(payment):
		return consumer.RefusedCredit
	}
	return consumer.RefusedUnknown
}
