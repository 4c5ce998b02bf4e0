package web

import (
	"quittance/portal/evidence"
)

// witness keeps a page of legal effect before it is shown. A page that cannot be
// kept is not shown: nobody could say afterwards what the person saw (REC-02).
func (r *Request) witness(status int, page []byte) error {
	if r.route.Keeps == "" || r.s.keeper == nil || r.failed || r.signed == nil || r.signed.Subject == "" {
		return nil // also where the session ended meanwhile: then the page says only that
	}
	err := r.s.keeper(r.Context(), evidence.Sight{
		AccountID: r.signed.Subject, SessionID: string(r.signed.ID), Kind: r.route.Keeps, Route: r.route.Method + " " + r.route.Pattern,
		Status: status, Language: r.Visitor().Language,
	}, page)
	if err != nil {
		return Unready(err)
	}
	return nil
}
