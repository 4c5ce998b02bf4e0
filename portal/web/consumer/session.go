package consumer

import (
	"errors"
	"net/http"
	"time"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/portal/web"
)

// extend is a sign of life: the guard has counted it already (A11-05).
func (p *Pages) extend(r *web.Request) error { return r.Empty() }

// standing answers a page that asks, before it says so, whether its session is
// over. Asking is no sign of life.
func (p *Pages) standing(r *web.Request) error {
	left, next := r.Standing(r.Header("X-CSRF-Token"))
	if left <= 0 && next == "" {
		return web.Unready(errNoStanding)
	}
	return r.JSON(http.StatusOK, struct {
		LeftSeconds int    `json:"left_seconds"`
		Next        string `json:"next,omitempty"`
	}{int((left + time.Second - 1) / time.Second), next})
}

var errNoStanding = errors.New("whether the session goes on is not known")

// signOut ends the session here and on the server, so that a copy of the
// cookie opens nothing (ASVS 7.4.1).
func (p *Pages) signOut(r *web.Request) error {
	if err := p.Sessions.End(r.Context(), r.Session().ID, "signed out"); err != nil {
		return err
	}
	r.SignOut()
	return r.SeeOther(paths.SignedOut)
}

func (p *Pages) signedOut(r *web.Request) error {
	return r.Page(http.StatusOK, consumer.SignedOut{Base: r.Base()})
}

// language changes the language and comes back to the same page, with what was
// typed there (U9). Where that cannot come along the language stays.
func (p *Pages) language(r *web.Request) error {
	if err := r.BackTyped(r.Form().Text("next"), paths.Start); err != nil {
		return err
	}
	r.SetLanguage(r.Form().Text("lang"))
	return nil
}
