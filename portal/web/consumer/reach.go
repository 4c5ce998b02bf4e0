package consumer

import (
	"net/http"

	"quittance/portal/web"
)

// contactRoutes are the addresses about how people are reached.
func (p *Pages) contactRoutes(get, post route) []web.Route {
	return []web.Route{
		get("/o/:token", web.Public, "Stop", p.stop),
		{Method: http.MethodPost, Pattern: "/o/:token", Access: web.Hook, Body: web.AnyForm, Page: "Stopped", Handler: p.postStop},
	}
}

// route makes a row of the table of addresses.
type route func(pattern string, who web.Access, page string, h func(*web.Request) error) web.Route
