package console

import (
	"context"
	"errors"
	"net/http"

	"quittance/frontend/pages/console"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/portal/credit"
	"quittance/portal/identity"
	"quittance/portal/web"
)

// Credits is what people paid beyond their debts; package credit's desk does.
type Credits interface {
	Waiting(ctx context.Context, most int) ([]credit.Line, error)
	// Refund returns credit.ErrNotFound, credit.ErrNothing, credit.ErrChanged when
	// another amount was shown, or why the processor was not asked.
	Refund(ctx context.Context, id string, shown money.Cents, by string) (money.Cents, error)
	Close(ctx context.Context, id string, as credit.Closed, shown money.Cents, by string) error
}

// mostCredits is how many are listed.
const mostCredits = 200

func (p *Pages) credits(r *web.Request, who identity.Staff) error {
	return p.listCredits(r, who, http.StatusOK, "", "")
}

// listCredits shows the list; problem says why nothing was done, and changed is the
// line that was another one when it was pressed.
func (p *Pages) listCredits(r *web.Request, who identity.Staff, status int, problem console.CreditProblem, changed string) error {
	page := console.Credits{Base: base(r, who), Problem: problem}
	all, err := p.Credits.Waiting(r.Context(), mostCredits)
	if err != nil {
		return err
	}
	for _, l := range all {
		account, err := p.Accounts.Account(r.Context(), l.AccountID)
		if err != nil {
			return err
		}
		line := console.Credit{
			ID: l.ID, AccountID: string(l.AccountID), AccountRef: account.Ref, DebtRef: l.DebtRef, Creditor: l.CreditorRef,
			Amount: l.Amount(), Kept: l.Kept, Back: l.Back(), OnItsWay: l.OnItsWay, Since: p.local(l.OpenedAt), Due: l.Due, Late: p.past(l.Due), Changed: l.ID == changed,
		}
		if risk := l.RiskUntil(p.Now()); !risk.IsZero() {
			line.RiskUntil = civil.Of(p.local(risk))
		}
		page.Credits = append(page.Credits, line)
	}
	if changed != "" && !page.AnyChanged() {
		page.Problem = console.CreditNothing // it is on the list no more
	}
	return r.Page(status, page)
}

// postCredit sends a credit back by one press, or takes what finance says of it.
func (p *Pages) postCredit(r *web.Request, who identity.Staff) error {
	id, act := r.Param("id"), r.Form().Text("act")
	shown, err := shownAmount(r)
	if err == nil && act == "refund" {
		_, err = p.Credits.Refund(r.Context(), id, shown, string(who.ID))
	} else if err == nil {
		err = p.Credits.Close(r.Context(), id, credit.Closed(act), shown, string(who.ID))
	}
	switch {
	case errors.Is(err, credit.ErrChanged), errors.Is(err, errNotShown):
		return p.listCredits(r, who, http.StatusUnprocessableEntity, "", id)
	case errors.Is(err, credit.ErrNotFound), errors.Is(err, credit.ErrNothing):
		return p.listCredits(r, who, http.StatusUnprocessableEntity, console.CreditNothing, "")
	case errors.Is(err, payments.ErrRefused), errors.Is(err, payments.ErrNotNow), errors.Is(err, payments.ErrTooMuch), errors.Is(err, payments.ErrPaused):
		return p.listCredits(r, who, http.StatusUnprocessableEntity, console.CreditRefused, "")
	case err != nil:
		return err
	}
	p.record(r, who, "credit "+act, "")
	return r.SeeOther(paths.ConsoleCredits)
}

var errNotShown = errors.New("the form says no amount")

// shownAmount is the amount that stood on the page beside the button: what is
// closed, counted or sent back is that much, or nothing.
func shownAmount(r *web.Request) (money.Cents, error) {
	shown, err := money.Parse(r.Form().Text("amount"))
	if err != nil {
		return 0, errNotShown
	}
	return shown, nil
}
