package consumer

import (
	"errors"
	"net/http"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/portal/identity"
	"quittance/portal/web"
)

// access shows where the person is signed in, and asks for the personal detail
// before it shows their code. It is no page of legal effect, so no copy of a
// code is kept.
func (p *Pages) access(r *web.Request) error {
	page, err := p.accessPage(r, web.Form{})
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, page)
}

// postAccessCode shows the person's own code to whoever gives the personal
// detail once more: a session that somebody left open tells nobody the code. A
// wrong one counts like a link's.
func (p *Pages) postAccessCode(r *web.Request) error {
	page, err := p.accessPage(r, r.Form())
	if err != nil {
		return err
	}
	factor, ok := p.readFactor(&page.Verify, r.Form())
	if !ok {
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	page.Code, err = p.Visits.OwnCode(r.Context(), me(r), factor, r.Visitor().IP.String())
	if errors.Is(err, identity.ErrNoMatch) {
		page.Verify.Failed = true
		return r.Page(http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, page)
}

// postEverywhere signs the person out wherever they are signed in, and links
// that were sent lead back no more: whoever holds them may be why.
func (p *Pages) postEverywhere(r *web.Request) error {
	if err := p.Links.RevokeAll(r.Context(), me(r)); err != nil {
		return err
	}
	if err := p.Sessions.EndEverywhere(r.Context(), r.Session()); err != nil {
		return err
	}
	r.ForgetDevice()
	r.SignOut()
	return r.SeeOther(paths.SignedOut)
}

func (p *Pages) accessPage(r *web.Request, form web.Form) (consumer.Access, error) {
	page := consumer.Access{Base: r.Base(), Verify: p.verifyPage(r, form)}
	live, err := p.Sessions.Live(r.Context(), r.Session())
	for _, s := range live {
		page.Sessions = append(page.Sessions, consumer.SignedIn{
			Device: s.Device, Since: s.CreatedAt.In(p.Zone), Seen: s.SeenAt.In(p.Zone), Here: s.ID == r.Session().ID,
		})
	}
	return page, err
}
