package console

import (
	"context"
	"errors"
	"net/http"
	"strings"

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
	// DecideList returns what it decided of less strict statuses.
	DecideList(ctx context.Context, ids []string, said intake.Decision, by string) ([]intake.Task, error)
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
		switch {
		case t.Kind == intake.OtherCreditorName:
			line.Creditor = t.Subject
		case t.Kind == intake.LessStrict && line.Held:
			line.Until = string(t.Holds[0].Status)
		}
		page.Rows = append(page.Rows, line)
	}
	return r.Page(status, page)
}

// decideRow takes what somebody says of a row, or of a list of rows as they saw
// it. Each that was decided stands in the audit log, whatever comes after it.
func (p *Pages) decideRow(r *web.Request, who identity.Staff) error {
	form := r.Form()
	said, by := intake.Decision(form.Text("decision")), "staff:"+string(who.ID)
	var decided []intake.Task
	var err error
	if list := strings.Fields(form.Text("tasks")); len(list) > 0 {
		decided, err = p.Rows.DecideList(r.Context(), list, said, by)
	} else {
		var t intake.Task
		if t, err = p.Rows.Decide(r.Context(), form.Text("task"), said, by); err == nil {
			decided = append(decided, t)
		}
	}
	for _, t := range decided {
		p.record(r, who, "row "+string(said), string(t.AccountID))
	}
	switch {
	case errors.Is(err, intake.ErrNoTask) || err == nil && len(decided) == 0:
		return p.listRows(r, who, http.StatusUnprocessableEntity, true)
	case err != nil:
		return err
	}
	return r.SeeOther(paths.ConsoleRows)
}
