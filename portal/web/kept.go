package web

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/portal/identity"
)

// keptFor is how long what was typed waits for its owner to sign in again.
const keptFor = 30 * time.Minute

// keptMost bounds the cookie; browsers drop larger ones.
const keptMost = 3000

// kept is what a person was doing when the session ended: the page to come
// back to and, for a form, what was typed. It waits in a sealed cookie of the
// same browser, so the server stores nothing for people who never return.
type kept struct {
	Path   string            `json:"p"`
	Values map[string]string `json:"v,omitempty"`
	Owner  string            `json:"o,omitempty"` // keyed hash of whose session it was
	Until  time.Time         `json:"u"`
}

// signedOut sends a visitor without a session to the start, and remembers
// where they were going. A form is answered with a page that says that nothing
// was sent.
func (r *Request) signedOut(why error) error {
	if !over(why) {
		return why
	}
	r.signed = &identity.Session{}
	had := r.cookie(cookieSession) != ""
	r.dropCookie(cookieSession)
	if r.route.changes() {
		held := r.keep(r.s.pageOf(r.route, r.c.Path()), r.Form().values)
		return r.Page(http.StatusForbidden, consumer.SessionExpired{Base: r.Base(), Kept: held})
	}
	r.keep(r.c.Path(), nil)
	switch {
	case errors.Is(why, identity.ErrExpired):
		return r.SeeOther(paths.Start + "?ended=expired")
	case had:
		return r.SeeOther(paths.Start + "?ended=idle")
	}
	return r.SeeOther(paths.Start)
}

// over reports whether an error means that there is no session, rather than
// that we could not find out.
func over(err error) bool {
	return errors.Is(err, identity.ErrNoSession) || errors.Is(err, identity.ErrIdle) || errors.Is(err, identity.ErrExpired)
}

// keep seals a page and what was typed on it into a cookie.
func (r *Request) keep(path string, values map[string]string) bool {
	typed := map[string]string{}
	for name, value := range values {
		if name != "csrf" && name != "confirmation_token" && value != "" {
			typed[name] = value
		}
	}
	plain, err := json.Marshal(kept{Path: path, Values: typed, Owner: r.cookie(cookieOwner), Until: r.s.now().Add(keptFor)})
	if err != nil || len(plain) > keptMost {
		return false
	}
	sealed, err := r.s.sealer.Seal(plain, cookieKept)
	if err != nil {
		return false
	}
	r.setCookie(cookieKept, base64.RawURLEncoding.EncodeToString(sealed), keptFor)
	return true
}

func (r *Request) kept() (kept, bool) {
	var k kept
	sealed, err := base64.RawURLEncoding.DecodeString(r.cookie(cookieKept))
	if err != nil || len(sealed) == 0 {
		return k, false
	}
	plain, err := r.s.sealer.Open(sealed, cookieKept)
	if err != nil || json.Unmarshal(plain, &k) != nil || r.s.now().After(k.Until) {
		return kept{}, false
	}
	return k, local(k.Path)
}

// KeptPath is the page that this person was on when the session ended, or
// otherwise the fallback. What another person left behind is not theirs.
func (r *Request) KeptPath(fallback string) string {
	k, ok := r.kept()
	switch {
	case !ok:
		return fallback
	case k.Owner != "" && !sameToken(k.Owner, r.s.token("owner", r.Session().Subject)):
		r.dropCookie(cookieKept)
		return fallback
	}
	return k.Path
}

// KeptForm returns, once, what was typed on this very page when the session
// ended.
func (r *Request) KeptForm() (Form, bool) {
	k, ok := r.kept()
	if !ok || k.Path != r.c.Path() {
		return Form{}, false
	}
	r.dropCookie(cookieKept)
	return FormOf(k.Values), len(k.Values) > 0
}

// pageOf is the page on which the form of a route stands: the one at the same
// address, or the nearest above it.
func (s *Server) pageOf(route Route, path string) string {
	pattern := route.Pattern
	if pattern == paths.Start {
		return paths.Start
	}
	for pattern != "/" && pattern != "" {
		if s.pages[pattern] {
			return path
		}
		pattern = pattern[:strings.LastIndexByte(pattern, '/')]
		path = path[:strings.LastIndexByte(path, '/')]
	}
	return paths.Account
}
