package web

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/portal/identity"
)

// keptFor is how long what was typed waits for its owner to sign in again.
const keptFor = 30 * time.Minute

// typedFor is how long what was typed waits for the page in the other language,
// which the browser asks for at once.
const typedFor = 5 * time.Minute

// keptMost bounds the cookie, sealed and written in letters: browsers drop one
// above 4096 bytes with its name. It is packed, so three thousand characters of
// any language that people write have room in it.
const keptMost = 3950

// errTooLong is a form that has no room in the cookie.
var errTooLong = errors.New("too long to be kept")

// kept is what a person was doing when the session ended or the language
// changed: the page to come back to and, for a form, what was typed. It waits in a sealed cookie of the
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
		r.fieldsBeforeFiles()
		held := r.keep(cookieKept, r.s.pageOf(r.route, r.c.Path()), r.Form().values)
		return r.Page(http.StatusForbidden, consumer.SessionExpired{Base: r.Base(), Kept: held})
	}
	r.keep(cookieKept, r.c.Path(), nil)
	switch {
	case errors.Is(why, identity.ErrExpired):
		return r.SeeOther(paths.Start + "?ended=expired")
	case errors.Is(why, identity.ErrIdle):
		return r.SeeOther(paths.Start + "?ended=idle")
	case had:
		return r.SeeOther(paths.Start + "?ended=over")
	}
	return r.SeeOther(paths.Start)
}

// over reports whether an error means that there is no session, rather than
// that we could not find out.
func over(err error) bool {
	return errors.Is(err, identity.ErrNoSession) || errors.Is(err, identity.ErrIdle) || errors.Is(err, identity.ErrExpired)
}

// BackTyped leads to the page that a form says it stood on, if that is one of
// ours, and gives it what was typed there, once. What is too long for that is
// an error, which a page answers: nothing is lost unsaid. A session that ended
// keeps what it has: that is another cookie.
func (r *Request) BackTyped(address, fallback string) error {
	r.dropCookie(cookieTyped)
	if values := typed(r.Form().values); local(address) && len(values) > 0 && !r.keep(cookieTyped, address, values) {
		return errTooLong
	}
	return r.Back(address, fallback)
}

// unkept are the fields that nobody types.
var unkept = []string{"csrf", "once", "confirmation_token", "wait", "lang", "next"}

// typed is what a person filled in.
func typed(values map[string]string) map[string]string {
	kept := map[string]string{}
	for name, value := range values {
		if value != "" && !slices.Contains(unkept, name) {
			kept[name] = value
		}
	}
	return kept
}

// keep seals a page and what was typed on it into a cookie.
func (r *Request) keep(cookie, path string, values map[string]string) bool {
	age := keptFor
	if cookie == cookieTyped {
		age = typedFor
	}
	plain, err := json.Marshal(kept{Path: path, Values: typed(values), Owner: r.cookie(cookieOwner), Until: r.s.now().Add(age)})
	if err != nil || len(plain) > formLimit { // more would not be read again
		return false
	}
	sealed, err := r.s.sealer.Seal(pack(plain), cookie)
	value := base64.RawURLEncoding.EncodeToString(sealed)
	if err != nil || len(value) > keptMost {
		return false
	}
	r.setCookie(cookie, value, age)
	return true
}

func pack(plain []byte) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression) // fails on an unknown level alone
	_, _ = w.Write(plain)                              // memory does not fail
	_ = w.Close()
	return b.Bytes()
}

// unpack reads what pack wrote, and no more of it than a form may hold.
func unpack(packed []byte) ([]byte, error) {
	return io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), formLimit))
}

func (r *Request) kept(cookie string) (kept, bool) {
	var k kept
	sealed, err := base64.RawURLEncoding.DecodeString(r.cookie(cookie))
	if err != nil || len(sealed) == 0 {
		return k, false
	}
	packed, err := r.s.sealer.Open(sealed, cookie)
	if err != nil {
		return k, false
	}
	plain, err := unpack(packed)
	if err != nil || json.Unmarshal(plain, &k) != nil || r.s.now().After(k.Until) {
		return kept{}, false
	}
	return k, local(k.Path)
}

// KeptPath is the page that this person was on when the session ended, or
// otherwise the fallback. What another person left behind is not theirs.
func (r *Request) KeptPath(fallback string) string {
	k, ok := r.kept(cookieKept)
	switch {
	case !ok:
		return fallback
	case r.foreign(k):
		r.dropCookie(cookieKept)
		return fallback
	}
	return k.Path
}

// foreign reports whether another person left it behind.
func (r *Request) foreign(k kept) bool {
	return k.Owner != "" && !sameToken(k.Owner, r.s.owner(r.Session()))
}

// KeptForm returns, once, what was typed on this very page when the language
// changed or the session ended.
func (r *Request) KeptForm() (Form, bool) {
	for _, cookie := range []string{cookieTyped, cookieKept} {
		k, ok := r.kept(cookie)
		if !ok || k.Path != r.c.Path() {
			continue
		}
		r.dropCookie(cookie)
		if len(k.Values) > 0 && (r.Session().Subject == "" || !r.foreign(k)) {
			return FormOf(k.Values), true
		}
	}
	return Form{}, false
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
