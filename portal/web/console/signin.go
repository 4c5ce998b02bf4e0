package console

import (
	"errors"
	"net/http"

	"quittance/frontend/pages/console"
	"quittance/frontend/paths"
	"quittance/portal/audit"
	"quittance/portal/identity"
	"quittance/portal/web"
)

func (p *Pages) signIn(r *web.Request) error {
	return r.Page(http.StatusOK, console.SignIn{Base: r.Desk(), Chosen: r.Query("password") == "chosen",
		Late: r.Query("step") == "late", NewApp: r.Query("app") == "new"})
}

// postSignIn takes the first of two factors; every refusal reads the same.
// While too many are being checked nothing is looked at, and the page says so.
func (p *Pages) postSignIn(r *web.Request) error {
	email := r.Form().Text("email")
	step, err := p.Door.SignIn(r.Context(), email, r.Form().Typed("password"), r.StaffFrom())
	if errors.Is(err, identity.ErrSignIn) {
		if err := p.Refusals.Note(r.Context(), audit.RefusedSignIn, email, r.Visitor().IP.String(), r.Reference()); err != nil {
			return web.Unready(err)
		}
		return r.Page(http.StatusUnprocessableEntity, console.SignIn{Base: r.Desk(), Email: email, Failed: true})
	}
	if errors.Is(err, identity.ErrCrowded) {
		r.SetHeader("Retry-After", "3")
		return r.Page(http.StatusTooManyRequests, console.SignIn{Base: r.Desk(), Email: email, Crowded: true})
	}
	if err != nil {
		return err
	}
	r.SetSecondStep(step)
	return r.SeeOther(paths.ConsoleSecondStep)
}

func (p *Pages) signOut(r *web.Request) error {
	what, end := "console.signed_out", func() error { return p.Sessions.End(r.Context(), r.Session().ID, "signed out") }
	if r.Form().Text("everywhere") == "yes" {
		what, end = "console.signed_out_everywhere", func() error { return p.Sessions.EndEverywhere(r.Context(), r.Session()) }
	}
	if err := end(); err != nil {
		return err
	}
	if err := p.Audit.Note(r.Context(), what, "", string(r.Session().ID), r.Reference()); err != nil {
		return web.Unready(err)
	}
	r.StaffSignOut()
	return r.SeeOther(paths.ConsoleSignIn)
}
