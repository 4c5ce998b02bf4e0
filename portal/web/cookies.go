package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/gofiber/fiber/v2"
)

// The cookies there are. On https each carries the __Host- prefix, so that no
// other host of the domain can set or read it.
const (
	cookieSession    = "session"  // the consumer's signed-in session
	cookiePending    = "pending"  // between the code and the personal detail
	cookieStepUp     = "code"     // while six digits are on their way
	cookieDevice     = "device"   // a keyed hash: who was let in here today
	cookieOwner      = "owner"    // a keyed hash: whose session was last here
	cookieStaff      = "staff"    // the console's session
	cookieVisit      = "visit"    // binds the form token before there is a session
	cookieKnown      = "known"    // signed: who was let in here before; opens nothing
	cookieKnownStaff = "desk"     // the same of the console
	cookieSecondStep = "step"     // of the console, between the password and the code
	cookieNewCodes   = "codes"    // sealed: recovery codes that were just made
	cookieLanguage   = "language" // en or es
	cookieKept       = "kept"     // sealed: what was typed when a session ended
	cookieTyped      = "typed"    // sealed: what was typed when the language changed
)

// cookieName returns the name as the browser knows it.
func (s *Server) cookieName(name string) string {
	if s.secure {
		return "__Host-" + name
	}
	return name
}

func (r *Request) cookie(name string) string { return r.c.Cookies(r.s.cookieName(name)) }

// setCookie sets a cookie that scripts cannot read. Without an age it ends
// with the browser.
func (r *Request) setCookie(name, value string, age time.Duration) {
	cookie := &fiber.Cookie{
		Name: r.s.cookieName(name), Value: value, Path: "/",
		HTTPOnly: true, Secure: r.s.secure, SameSite: fiber.CookieSameSiteLaxMode,
	}
	if age > 0 {
		cookie.MaxAge = int(age / time.Second)
	}
	r.c.Cookie(cookie)
}

func (r *Request) dropCookie(name string) {
	if r.cookie(name) == "" {
		return
	}
	r.c.Cookie(&fiber.Cookie{
		Name: r.s.cookieName(name), Path: "/", MaxAge: -1, Expires: time.Unix(1, 0),
		HTTPOnly: true, Secure: r.s.secure, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

// visit returns the random id that the form token of a visitor without a
// session hangs on, and makes one where there is none.
func (r *Request) visit() string {
	if r.visitID == "" {
		r.visitID = r.cookie(cookieVisit)
	}
	if len(r.visitID) != 26 {
		r.visitID = rand.Text()
		r.setCookie(cookieVisit, r.visitID, 0)
	}
	return r.visitID
}

// token binds forms to a session or a visit.
func (s *Server) token(kind, id string) string {
	mac := hmac.New(sha256.New, s.formKey)
	mac.Write([]byte(kind + "/" + id))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func sameToken(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }
