package console

import (
	"context"
	"errors"
	"net/http"

	"quittance/frontend/pages/console"
	"quittance/frontend/paths"
	"quittance/portal/identity"
	"quittance/portal/intake"
	"quittance/portal/web"
)

// Rows is what somebody must look at of the files of placements; intake's Desk
// does.
type Rows interface {
	Open(ctx context.Context, limit int) ([]intake.Task, error)
	// Decide returns intake.ErrNoTask for what was decided before.
	Decide(ctx context.Context, id string, said intake.Decision, by string) (intake.Task, error)
}

// mostRows is how many are listed and counted.
const mostRows = 200

func (p *Pages) rows(r *web.Request, who identity.Staff) error {
	return p.listRows(r, who, http.StatusOK, false)
}

func (p *Pages) listRows(r *web.Request, who identity.Staff, status int, changed bool) error {
	page := console.Rows{Base: base(r, who), Changed: changed}
	open, err := p.Rows.Open(r.Context(), mostRows)
	if err != nil {
		return err
	}
	for _, t := range open {
		line := console.Row{
			TaskID: t.ID, Kind: string(t.Kind), AccountID: string(t.AccountID), AccountRef: t.AccountRef, DebtRef: t.DebtRef,
			Name: t.Name, Status: string(t.Status), Reasons: t.Reasons, Held: len(t.Holds) > 0, At: p.local(t.At),
		}
		if t.Kind == intake.OtherCreditorName {
			line.Creditor = t.Subject
		}
		page.Rows = append(page.Rows, line)
	}
	return r.Page(status, page)
}

// decideRow takes what somebody says of a row.
func (p *Pages) decideRow(r *web.Request, who identity.Staff) error {
	form := r.Form()
	said := intake.Decision(form.Text("decision"))
	t, err := p.Rows.Decide(r.Context(), form.Text("task"), said, "staff:"+string(who.ID))
	if errors.Is(err, intake.ErrNoTask) {
		return p.listRows(r, who, http.StatusUnprocessableEntity, true)
	}
	if err != nil {
		return err
	}
	p.record(r, who, "row "+string(said), string(t.AccountID))
	return r.SeeOther(paths.ConsoleRows)
}
