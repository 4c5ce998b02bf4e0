package console

import (
	"context"
	"errors"
	"net/http"

	"quittance/frontend/locale"
	"quittance/frontend/pages/console"
	"quittance/frontend/paths"
	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/held"
	"quittance/portal/identity"
	"quittance/portal/web"
)

// Held is money that was taken and counts on no debt; it is held.Service.
type Held interface {
	List(ctx context.Context, most int) ([]held.Money, error)
	// Due is the day by which one is to be decided or gone.
	Due(m held.Money) civil.Date
	Release(ctx context.Context, id payments.ID, of debt.ID, shown money.Cents) error
	SendBack(ctx context.Context, id payments.ID, of debt.ID, shown money.Cents, by string, atRisk bool) error
}

// mostHeld is how many payments are listed.
const mostHeld = 200

func (p *Pages) held(r *web.Request, who identity.Staff) error {
	return p.listHeld(r, who, http.StatusOK, "", heldPart{})
}

// heldPart is one line of the list.
type heldPart struct {
	payment payments.ID
	debt    debt.ID
}

// listHeld shows the list; problem says why nothing was done, and changed is the
// line that was another one when it was pressed.
func (p *Pages) listHeld(r *web.Request, who identity.Staff, status int, problem locale.Key, changed heldPart) error {
	all, err := p.Held.List(r.Context(), mostHeld)
	if err != nil {
		return err
	}
	page := console.Held{Base: base(r, who), Problem: problem}
	for _, m := range all {
		line := p.heldLine(m)
		line.Changed = heldPart{m.PaymentID, m.DebtID} == changed
		page.Lines = append(page.Lines, line)
	}
	if changed != (heldPart{}) && !page.AnyChanged() {
		page.Problem = console.HeldChanged // it is on the list no more
	}
	return r.Page(status, page)
}

func (p *Pages) heldLine(m held.Money) console.HeldLine {
	line := console.HeldLine{
		PaymentID: string(m.PaymentID), DebtID: string(m.DebtID), Reference: m.Reference, AccountRef: m.AccountRef, DebtRef: m.DebtRef,
		CreditorRef: m.CreditorRef, Reason: m.Reason, Amount: m.Amount, At: p.local(m.At), GoesBack: m.SentBackBy != "", UnderWay: m.UnderWay(p.Now()),
		ByConsumer: m.SentBackBy == held.Consumer, Asked: p.local(m.AskedAt), Due: p.Held.Due(m),
		Days: civil.DaysBetween(civil.Of(m.At.In(p.Zone)), civil.Of(p.Now().In(p.Zone))),
	}
	line.Late = p.past(line.Due)
	if p.Now().Before(m.ReversibleUntil) {
		line.Until = civil.Of(m.ReversibleUntil.In(p.Zone))
	}
	return line
}

// decideHeld counts held money on its debt, or sends it back: once no bank can
// take it back any more, or now, at the agency's risk.
func (p *Pages) decideHeld(r *web.Request, who identity.Staff) error {
	form := r.Form()
	id, of := payments.ID(form.Text("payment")), debt.ID(form.Text("debt"))
	shown, err := shownAmount(r)
	switch do := form.Text("do"); {
	case do != "count" && do != "back" && do != "now":
		return web.ErrNotFound
	case err != nil:
	case do == "count":
		err = p.Held.Release(r.Context(), id, of, shown)
	default:
		err = p.sendBack(r, who, id, of, shown, do == "now")
	}
	switch {
	case errors.Is(err, errNoTick):
		return p.listHeld(r, who, http.StatusUnprocessableEntity, console.HeldNoTick, heldPart{})
	case errors.Is(err, payments.ErrDebtClosed):
		return p.listHeld(r, who, http.StatusUnprocessableEntity, console.HeldStillClosed, heldPart{})
	case errors.Is(err, held.ErrChanged), errors.Is(err, errNotShown):
		return p.listHeld(r, who, http.StatusUnprocessableEntity, "", heldPart{id, of})
	case errors.Is(err, held.ErrNotFound), errors.Is(err, payments.ErrNotNow):
		return p.listHeld(r, who, http.StatusUnprocessableEntity, console.HeldChanged, heldPart{})
	case errors.Is(err, payments.ErrRefused), errors.Is(err, payments.ErrTooMuch):
		return p.listHeld(r, who, http.StatusUnprocessableEntity, console.HeldRefused, heldPart{})
	case err != nil:
		return err
	}
	p.record(r, who, "held "+form.Text("do"), "")
	return r.SeeOther(paths.ConsoleHeld)
}

var errNoTick = errors.New("the risk was not ticked")

// sendBack asks for the tick only where there is a risk.
func (p *Pages) sendBack(r *web.Request, who identity.Staff, id payments.ID, of debt.ID, shown money.Cents, now bool) error {
	if now && r.Form().Text("risk") != "yes" {
		all, err := p.Held.List(r.Context(), mostHeld)
		if err != nil {
			return err
		}
		for _, m := range all {
			if m.PaymentID == id && p.Now().Before(m.ReversibleUntil) {
				return errNoTick
			}
		}
	}
	return p.Held.SendBack(r.Context(), id, of, shown, string(who.ID), now)
}
