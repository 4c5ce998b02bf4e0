package console

import (
	"errors"
	"net/http"

	"quittance/frontend/pages/console"
	"quittance/frontend/paths"
	"quittance/portal/identity"
	"quittance/portal/web"
)

// security is where a person sees what lets them in, and where they are signed in.
func (p *Pages) security(r *web.Request, who identity.Staff) error {
	return p.showSecurity(r, who, http.StatusOK, nil)
}

func (p *Pages) showSecurity(r *web.Request, who identity.Staff, status int, why error) error {
	has, err := p.Door.FactorsOf(r.Context(), who.ID)
	if err != nil {
		return err
	}
	live, err := p.Sessions.Live(r.Context(), r.Session())
	if err != nil {
		return err
	}
	page := console.Security{
		Base: base(r, who), AppSince: has.AppSince.In(p.Zone), CodesLeft: has.CodesLeft,
		Problem: codeProblems[sentinel(why)], WaitMinutes: waitMinutes(why),
		Recovered: r.Query("by") == "recovery",
	}
	for _, s := range live {
		page.Sessions = append(page.Sessions, console.Seat{
			ID: string(s.ID), Device: s.Device, Since: s.CreatedAt.In(p.Zone), Seen: s.SeenAt.In(p.Zone), Here: s.ID == r.Session().ID,
		})
	}
	return r.Page(status, page)
}

// endSession ends one of the person's own sessions.
func (p *Pages) endSession(r *web.Request, who identity.Staff) error {
	live, err := p.Sessions.Live(r.Context(), r.Session())
	if err != nil {
		return err
	}
	for _, s := range live {
		if string(s.ID) != r.Form().Text("session") {
			continue
		}
		if err := p.Sessions.End(r.Context(), s.ID, "ended elsewhere"); err != nil {
			return err
		}
		if err := p.Audit.Note(r.Context(), "console.session_ended", "", string(s.ID), r.Reference()); err != nil {
			return web.Unready(err)
		}
	}
	return r.SeeOther(paths.ConsoleSecurity)
}

// renewCodes makes ten new recovery codes for a code of the app, or a recovery code.
func (p *Pages) renewCodes(r *web.Request, who identity.Staff) error {
	codes, err := p.Door.RenewRecoveryCodes(r.Context(), who, r.Form().Text("code"), r.StaffFrom())
	switch {
	case errors.Is(err, identity.ErrSecondStep):
		return p.startOver(r)
	case sentinel(err) != nil:
		if noted := p.refusedCode(r, who.Email, err); noted != nil {
			return noted
		}
		return p.showSecurity(r, who, http.StatusUnprocessableEntity, err)
	case err != nil:
		return err
	}
	if err := p.Audit.Note(r.Context(), "console.recovery_codes_renewed", "", string(who.ID), r.Reference()); err != nil {
		return web.Unready(err)
	}
	return p.showCodes(r, who.ID, codes)
}

// newCodes shows recovery codes that were just made; after a few minutes, how many are
// left.
func (p *Pages) newCodes(r *web.Request, who identity.Staff) error {
	codes := p.Door.SealedCodes(who.ID, r.NewCodes())
	if len(codes) == 0 {
		return p.security(r, who)
	}
	return r.Page(http.StatusOK, console.RecoveryCodes{Base: base(r, who), Codes: codes})
}

// nextApp sets up another app in place of the one that somebody has.
func (p *Pages) nextApp(r *web.Request, who identity.Staff) error {
	return p.showApp(r, http.StatusOK, who, "", console.App{Base: base(r, who), Action: paths.ConsoleSecurityApp, Replaces: true})
}

func (p *Pages) postNextApp(r *web.Request, who identity.Staff) error {
	err := p.Door.ReplaceApp(r.Context(), who, r.Form().Typed("enrollment"), r.Form().Text("current"), r.Form().Text("code"), r.StaffFrom())
	problem, known := codeProblems[sentinel(err)]
	switch {
	case errors.Is(err, identity.ErrSecondStep):
		return p.startOver(r)
	case errors.Is(err, identity.ErrEnrollment):
		problem, known = console.CodeLate, true
	}
	if known {
		if noted := p.refusedCode(r, who.Email, err); noted != nil {
			return noted
		}
		return p.showApp(r, http.StatusUnprocessableEntity, who, begun(r, err), console.App{
			Base: base(r, who), Action: paths.ConsoleSecurityApp, Replaces: true, Problem: problem, WaitMinutes: waitMinutes(err),
		})
	}
	if err != nil {
		return err
	}
	if err := p.Audit.Note(r.Context(), "console.app_set_up", "", string(who.ID), r.Reference()); err != nil {
		return web.Unready(err)
	}
	r.StaffSignOut()
	return r.SeeOther(paths.ConsoleSignInNewApp)
}
