package consumer

import (
	"strings"

	"quittance/portal/web"
)

// keeps is the kind of evidence that a page is, by the page's name or how it
// begins: what is owed, what is authorized, what was signed, what is noticed,
// what was answered, and what is wished.
var keeps = []struct{ page, kind string }{
	{"Account", "balance"}, {"Debt", "debt"}, {"Choose", "amount"}, {"PayMethod", "method"}, {"Review", "authorization"},
	{"Outcome", "outcome"}, {"Receipt", "receipt"}, {"Plan", "plan"}, {"Validation", "validation notice"}, {"Notice", "validation notice"},
	{"Dispute", "dispute"}, {"Complaint", "complaint"}, {"Life", "life event"}, {"Preference", "preferences"}, {"Contact", "preferences"},
	{"Stop", "preferences"}, {"Message", "messages"}, {"Letter", "letter"},
}

// kept marks a route whose page is of legal effect (REC-02).
func kept(r web.Route) web.Route {
	if r.Access != web.Consumer || r.Page == "" {
		return r
	}
	for _, k := range keeps {
		if strings.HasPrefix(r.Page, k.page) {
			r.Keeps = k.kind
			return r
		}
	}
	return r
}
