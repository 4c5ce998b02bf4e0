package consumer

import (
	"errors"
	"net/http"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/portal/identity"
	"quittance/portal/web"
)

// landing is what the texted link opens. Machines open it too, so it changes
// nothing and shows nothing personal (quality 6.5, SMS-05). Its words are shown of
// links that were really sent alone.
func (p *Pages) landing(r *web.Request) error {
	base := r.Base()
	token := identity.TrimToken(r.Param("token"))
	phrase, err := p.Phrases.OfToken(r.Context(), token, base.Lang())
	if errors.Is(err, identity.ErrLinkEnded) {
		return r.Page(http.StatusGone, consumer.LinkEnded{Base: base, Token: token})
	}
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, consumer.Landing{Base: base, Token: token, Phrase: phrase})
}

// postLink goes on to the identity page: the link alone never shows an amount.
// Who is signed in already goes to the account, and the browser in which a link
// was used may use it again (consumer F5).
func (p *Pages) postLink(r *web.Request) error {
	token := identity.TrimToken(r.Param("token"))
	held, err := p.Links.Holder(r.Context(), token)
	if err != nil {
		return p.linkEnded(r, token, err)
	}
	if s := r.Session(); s.Subject == string(held.AccountID) && s.Speaker.ID == "" {
		return r.SeeOther(paths.Account)
	}
	pending, err := p.Links.Open(r.Context(), token)
	if errors.Is(err, identity.ErrLinkEnded) && r.KnowsDevice(string(held.AccountID)) {
		pending, err = p.Links.Return(r.Context(), token)
	}
	if err != nil {
		return p.linkEnded(r, token, err)
	}
	r.ClearPending()
	r.SetPending(pending)
	return r.SeeOther(paths.Verify)
}

// linkEnded is one page for links that were used elsewhere, are too old, were
// ended or never were: what it says is true of each.
func (p *Pages) linkEnded(r *web.Request, token string, err error) error {
	if !errors.Is(err, identity.ErrLinkEnded) {
		return err
	}
	return r.Page(http.StatusGone, consumer.LinkEnded{Base: r.Base(), Token: token})
}

// postLinkAgain takes the wish for a new link. Everybody gets the same answer,
// after the same work.
func (p *Pages) postLinkAgain(r *web.Request) error {
	if err := p.Links.Ask(r.Context(), identity.TrimToken(r.Param("token"))); err != nil {
		return err
	}
	return r.Page(http.StatusOK, consumer.LinkAsked{Base: r.Base()})
}

// postNotMe stops texts to this number at once (SMS-03).
func (p *Pages) postNotMe(r *web.Request) error {
	return notMe(r, p.Links.NotMe(r.Context(), r.Param("token")))
}

// postVerifyNotMe does so one page later, where the link is known by the visit.
func (p *Pages) postVerifyNotMe(r *web.Request) error {
	return notMe(r, p.Links.NotMePending(r.Context(), r.PendingToken()))
}

// notMe thanks whoever says so, also for a link that is over or never was.
func notMe(r *web.Request, err error) error {
	if err != nil && !errors.Is(err, identity.ErrLinkEnded) && !errors.Is(err, identity.ErrPending) {
		return err
	}
	r.ClearPending()
	r.ForgetDevice()
	return r.Page(http.StatusOK, consumer.NotForMe{Base: r.Base()})
}
