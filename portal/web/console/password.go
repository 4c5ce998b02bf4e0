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

// invitation lets whoever was invited, or lost their password, choose one.
func (p *Pages) invitation(r *web.Request) error {
	who, err := p.Door.Invited(r.Context(), r.Param("token"))
	if err != nil {
		return p.chosen(r, console.Password{}, err)
	}
	return r.Page(http.StatusOK, console.Password{Base: r.Desk(), Action: paths.ConsoleInvitation(r.Param("token")), Email: who.Email})
}

func (p *Pages) postInvitation(r *web.Request) error {
	who, err := p.Door.Invited(r.Context(), r.Param("token"))
	if err == nil {
		_, err = p.Door.Accept(r.Context(), r.Param("token"), r.Form().Typed("password"))
	}
	if err == nil {
		err = p.Audit.Note(audit.As(r.Context(), "staff:"+string(who.ID)), "console.password_chosen", "", string(who.ID), r.Reference())
	}
	return p.chosen(r, console.Password{Base: r.Desk(), Action: paths.ConsoleInvitation(r.Param("token")), Email: who.Email}, err)
}

func (p *Pages) password(r *web.Request, who identity.Staff) error {
	return r.Page(http.StatusOK, console.Password{Base: base(r, who), Action: paths.ConsolePassword, Email: who.Email, Changes: true})
}

// postPassword takes the password they have and the next.
func (p *Pages) postPassword(r *web.Request, who identity.Staff) error {
	err := p.Door.ChangePassword(r.Context(), who.Email, r.Form().Typed("current"), r.Form().Typed("password"), r.StaffFrom())
	if err == nil {
		r.StaffSignOut()
		err = p.Audit.Note(r.Context(), "console.password_changed", "", string(who.ID), r.Reference())
	}
	if errors.Is(err, identity.ErrSignIn) {
		if err := p.Refusals.Note(r.Context(), audit.RefusedSignIn, who.Email, r.Visitor().IP.String(), r.Reference()); err != nil {
			return web.Unready(err)
		}
	}
	return p.chosen(r, console.Password{Base: base(r, who), Action: paths.ConsolePassword, Email: who.Email, Changes: true}, err)
}

// chosen says what became of a password.
func (p *Pages) chosen(r *web.Request, page console.Password, err error) error {
	status := http.StatusUnprocessableEntity
	switch {
	case err == nil:
		return r.SeeOther(paths.ConsolePasswordChosen)
	case errors.Is(err, identity.ErrInvitation):
		return r.Page(http.StatusGone, console.InvitationOver{Base: r.Desk()})
	case errors.Is(err, identity.ErrWeakPassword):
		page.Problem = console.PasswordLength
	case errors.Is(err, identity.ErrCommonPassword):
		page.Problem = console.PasswordCommon
	case errors.Is(err, identity.ErrSignIn):
		page.Problem = console.PasswordWrong
	case errors.Is(err, identity.ErrCrowded):
		r.SetHeader("Retry-After", "3")
		status, page.Problem = http.StatusTooManyRequests, console.PasswordCrowded
	default:
		return err
	}
	return r.Page(status, page)
}
