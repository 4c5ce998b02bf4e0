package consumer

import (
	"context"
	"errors"
	"net/http"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/portal/identity"
	"quittance/portal/web"
)

// Links is what a texted link can do.
type Links interface {
	// Open notes that a person pressed Continue and returns the token of a visit
	// that waits for the personal fact; identity.ErrLinkEnded.
	Open(ctx context.Context, token string) (pending string, err error)
	// NotMe ends a link that reached the wrong person, and texts to that number
	// with it. It says the same of links that never were.
	NotMe(ctx context.Context, token string) error
}

// landing is what the texted link opens. Machines open it too, so it asks the
// store for nothing, changes nothing and shows nothing personal: the words are
// made from the token alone (quality 6.5, SMS-05).
func (p *Pages) landing(r *web.Request) error {
	base := r.Base()
	token := r.Param("token")
	phrase, _, ok := p.Phrases.OfToken(token, base.Lang())
	if !ok {
		return r.Page(http.StatusGone, consumer.LinkEnded{Base: base})
	}
	return r.Page(http.StatusOK, consumer.Landing{Base: base, Token: token, Phrase: phrase})
}

// postLink goes on to the identity page: the link alone never shows an amount.
func (p *Pages) postLink(r *web.Request) error {
	token := r.Param("token")
	pending, err := p.Links.Open(r.Context(), token)
	if errors.Is(err, identity.ErrLinkEnded) {
		return r.Page(http.StatusGone, consumer.LinkEnded{Base: r.Base()})
	}
	if err != nil {
		return err
	}
	r.ClearPending()
	r.SetPending(pending)
	r.SetLinkToken(token)
	return r.SeeOther(paths.Verify)
}

// postNotMe stops texts to this number at once (SMS-03).
func (p *Pages) postNotMe(r *web.Request) error {
	if err := p.Links.NotMe(r.Context(), r.Param("token")); err != nil && !errors.Is(err, identity.ErrLinkEnded) {
		return err
	}
	r.ClearPending()
	return r.Page(http.StatusOK, consumer.NotForMe{Base: r.Base()})
}
