package consumer

import (
	"errors"
	"net/http"

	"quittance/frontend/pages/consumer"
	"quittance/portal/contact"
	"quittance/portal/web"
)

// stop asks before messages to an address end. Machines open the link too: it
// changes nothing and shows nothing personal (COM-06).
func (p *Pages) stop(r *web.Request) error {
	way, err := p.Reach.Book.ReadWay(r.Context(), r.Param("token"))
	if err != nil {
		return noWay(err)
	}
	return r.Page(http.StatusOK, consumer.Stop{Base: r.Base(), Token: r.Param("token"), Channel: consumer.Channel(way.Channel)})
}

// postStop ends them at once, for whoever holds the token: it asks for no
// session and no form of ours, since mail programs press it too (RFC 8058).
func (p *Pages) postStop(r *web.Request) error {
	way, err := p.Reach.Book.StopBy(r.Context(), r.Param("token"))
	if err != nil {
		return noWay(err)
	}
	return r.Page(http.StatusOK, consumer.Stopped{Base: r.Base(), Channel: consumer.Channel(way.Channel)})
}

func noWay(err error) error {
	if errors.Is(err, contact.ErrNoStop) {
		return web.ErrNotFound
	}
	return err
}
