package consumer

import (
	"slices"
	"strings"

	"quittance/frontend/paths"
	"quittance/portal/web"
)

// forSpeakers are the consumer's pages that somebody who speaks for them may open
// (DSC-05): what is owed, paying by hand, disputes, and the frame. Plans,
// mandates, messages, wishes and claims are the consumer's own.
var forSpeakers = []string{
	paths.Account, "/debts/:id", "/debts/:id/notice", "/debts/:id/notice.pdf", "/payments/", paths.Choose, "/receipts/", "/dispute", "/disputes/", paths.Ask, paths.Complain,
	paths.Extend, paths.SignOut,
}

// spoken leads who speaks for the consumer to the account from what is not
// theirs. The services below ask the gate all the same.
func spoken(route web.Route) web.Route {
	if route.Access != web.Consumer || slices.ContainsFunc(forSpeakers, func(open string) bool {
		return route.Pattern == open || strings.HasSuffix(open, "/") && strings.HasPrefix(route.Pattern, open)
	}) {
		return route
	}
	handler := route.Handler
	route.Handler = func(r *web.Request) error {
		if r.Session().Speaker.ID != "" {
			return r.SeeOther(paths.Account)
		}
		return handler(r)
	}
	return route
}
