package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"quittance/frontend/pages/console"
	"quittance/frontend/paths"
	"quittance/portal/audit"
	"quittance/portal/identity"
	"quittance/portal/web"
)

// secondStep asks for the code of an app, or leads to where one is set up.
func (p *Pages) secondStep(r *web.Request) error {
	_, hasApp, err := p.Door.Second(r.Context(), r.SecondStep())
	switch {
	case errors.Is(err, identity.ErrSecondStep):
		return p.startOver(r)
	case err != nil:
		return err
	case !hasApp:
		return r.SeeOther(paths.ConsoleApp)
	}
	return r.Page(http.StatusOK, console.SecondStep{Base: r.Desk()})
}

// startOver leads to the first step.
func (p *Pages) startOver(r *web.Request) error {
	r.ClearSecondStep()
	return r.SeeOther(paths.ConsoleSignInLate)
}

// postSecondStep takes the code of an app, or a recovery code.
func (p *Pages) postSecondStep(r *web.Request) error {
	in, err := p.Door.Confirm(r.Context(), r.SecondStep(), r.Form().Text("code"), r.StaffFrom(), p.signedIn(r))
	if errors.Is(err, identity.ErrSecondStep) {
		return p.startOver(r)
	}
	if problem, ok := codeProblems[sentinel(err)]; ok {
		s, _, again := p.Door.Second(r.Context(), r.SecondStep())
		if again != nil {
			return p.startOver(r)
		}
		if again = p.refusedCode(r, s.Email, err); again != nil {
			return again
		}
		return r.Page(http.StatusUnprocessableEntity, console.SecondStep{Base: r.Desk(), Problem: problem, WaitMinutes: waitMinutes(err)})
	}
	if err != nil {
		return err
	}
	if err := p.letIn(r, in); err != nil {
		return err
	}
	if in.ByRecovery {
		return r.SeeOther(paths.ConsoleSecurityRecovered)
	}
	return r.SeeOther(paths.Console)
}

// codeProblems are the answers to a code that does not open.
var codeProblems = map[error]console.CodeProblem{
	identity.ErrMalformedFactorCode: console.CodeMalformed,
	identity.ErrWrongFactorCode:     console.CodeWrong,
	identity.ErrFactorPaused:        console.CodePaused,
	identity.ErrNewAppCode:          console.CodeNew,
}

// sentinel is which of them an error is.
func sentinel(err error) error {
	for known := range codeProblems {
		if errors.Is(err, known) {
			return known
		}
	}
	return nil
}

// waitMinutes is how long no code is compared; zero where one was.
func waitMinutes(err error) int {
	var pause identity.FactorPause
	if !errors.As(err, &pause) {
		return 0
	}
	return int((pause.For + time.Minute - 1) / time.Minute)
}

// refusedCode writes down a code that was compared, or would have been.
func (p *Pages) refusedCode(r *web.Request, email string, why error) error {
	if !errors.Is(why, identity.ErrWrongFactorCode) && !errors.Is(why, identity.ErrFactorPaused) {
		return nil
	}
	if err := p.Refusals.Note(r.Context(), audit.RefusedCode, email, r.Visitor().IP.String(), r.Reference()); err != nil {
		return web.Unready(err)
	}
	return nil
}

// signedIn writes down who was let in, and by what: what cannot be written down is not
// done.
func (p *Pages) signedIn(r *web.Request, more ...string) identity.Noter {
	return func(ctx context.Context, in identity.SignedIn) error {
		action := "console.signed_in"
		if in.ByRecovery {
			action = "console.signed_in_by_recovery_code"
		}
		ctx = audit.As(ctx, "staff:"+in.Session.Subject)
		for _, action := range append(more, action) {
			if err := p.Audit.Note(ctx, action, "", string(in.Session.ID), r.Reference()); err != nil {
				return web.Unready(err)
			}
		}
		return nil
	}
}

// letIn gives a browser the session that both factors opened.
func (p *Pages) letIn(r *web.Request, in identity.SignedIn) error {
	if err := p.Sessions.Arrive(r.Context(), in.Session, r.Visitor().Device(), r.StaffToken()); err != nil {
		return err
	}
	r.SetStaffMark(in.Mark)
	r.ClearSecondStep()
	r.StaffSignIn(in.Cookie)
	return nil
}

// showCodes leads to a page of new recovery codes, which a few minutes long may be loaded
// again.
func (p *Pages) showCodes(r *web.Request, id identity.StaffID, codes []string) error {
	sealed, err := p.Door.SealCodes(id, codes)
	if err != nil {
		return err
	}
	r.SetNewCodes(sealed)
	return r.SeeOther(paths.ConsoleSecurityCodes)
}

// firstApp sets up the app of somebody who has none, after their password.
func (p *Pages) firstApp(r *web.Request) error {
	s, hasApp, err := p.Door.Second(r.Context(), r.SecondStep())
	if errors.Is(err, identity.ErrSecondStep) || err == nil && hasApp {
		return p.startOver(r)
	}
	if err != nil {
		return err
	}
	return p.showApp(r, http.StatusOK, s, "", console.App{Base: r.Desk(), Action: paths.ConsoleApp})
}

// showApp shows an app that is being set up: the one that was begun, or another.
func (p *Pages) showApp(r *web.Request, status int, s identity.Staff, begun string, page console.App) error {
	e, err := p.Door.Resume(s, begun)
	if err != nil {
		e, err = p.Door.NewEnrollment(r.Context(), s)
	}
	if err != nil {
		return err
	}
	page.Secret, page.Enrollment = e.Secret, e.Token
	page.URI = appURI(r.Desk().Name, s.Email, e.Secret)
	return r.Page(status, page)
}

// appURI is what an app reads from the square of dots.
func appURI(agency, email, secret string) string {
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + agency + ":" + email}
	u.RawQuery = "secret=" + secret + "&issuer=" + strings.ReplaceAll(url.QueryEscape(agency), "+", "%20") // apps show a plus as it is
	return u.String()
}

func (p *Pages) postFirstApp(r *web.Request) error {
	in, codes, err := p.Door.Enroll(r.Context(), r.SecondStep(), r.Form().Typed("enrollment"), r.Form().Text("code"), p.signedIn(r, "console.app_set_up"))
	switch {
	case errors.Is(err, identity.ErrSecondStep):
		return p.startOver(r)
	case errors.Is(err, identity.ErrNewAppCode), errors.Is(err, identity.ErrEnrollment):
		s, _, again := p.Door.Second(r.Context(), r.SecondStep())
		if again != nil {
			return p.startOver(r)
		}
		return p.showApp(r, http.StatusUnprocessableEntity, s, begun(r, err), console.App{Base: r.Desk(), Action: paths.ConsoleApp, Problem: setUpProblem(err)})
	case err != nil:
		return err
	}
	if err := p.letIn(r, in); err != nil {
		return err
	}
	return p.showCodes(r, identity.StaffID(in.Session.Subject), codes)
}

// begun is the enrollment that is shown once more: none where it cannot be finished.
func begun(r *web.Request, why error) string {
	if errors.Is(why, identity.ErrEnrollment) {
		return ""
	}
	return r.Form().Typed("enrollment")
}

func setUpProblem(err error) console.CodeProblem {
	if errors.Is(err, identity.ErrEnrollment) {
		return console.CodeLate
	}
	return console.CodeNew
}
