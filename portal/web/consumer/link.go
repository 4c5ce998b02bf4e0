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
	token := r.Param("token")
	phrase, err := p.Phrases.OfToken(r.Context(), token, base.Lang())
	if errors.Is(err, identity.ErrLinkEnded) {
		return r.Page(http.StatusGone, consumer.LinkEnded{Base: base})
	}
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, consumer.Landing{Base: base, Token: token, Phrase: phrase})
}

// postLink goes on to the identity page: the link alone never shows an amount.
func (p *Pages) postLink(r *web.Request) error {
	pending, err := p.Links.Open(r.Context(), r.Param("token"))
	if errors.Is(err, identity.ErrLinkEnded) {
		return r.Page(http.StatusGone, consumer.LinkEnded{Base: r.Base()})
	}
	if err != nil {
		return err
	}
	r.ClearPending()
	r.SetPending(pending)
	return r.SeeOther(paths.Verify)
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
	return r.Page(http.StatusOK, consumer.NotForMe{Base: r.Base()})
}
