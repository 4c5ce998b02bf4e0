package web

import (
	"context"
	"crypto/rand"
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"

	"quittance/frontend/locale"
	"quittance/portal/identity"
)

// Request is one request as a handler sees it. Every string it hands out is a
// copy, and Fiber's own context never leaves this package.
type Request struct {
	c       *fiber.Ctx
	s       *Server
	id      string // also the reference number of an error page
	visitor *Visitor
	visitID string
	signed  *identity.Session
	form    *Form
	files   *files // of a form that brings some
	route   Route
	failed  bool  // an error is being answered
	logged  error // the fault that the access log should name
}

const requestKey = "request"

// request returns the Request of a context, and makes it on first use.
func (s *Server) request(c *fiber.Ctx) *Request {
	if r, ok := c.Locals(requestKey).(*Request); ok {
		return r
	}
	r := &Request{c: c, s: s, id: reference()}
	c.Locals(requestKey, r)
	return r
}

// reference is an id that can be read aloud: "7KQ2-M9XD".
func reference() string {
	const alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
	b := make([]byte, 8)
	if _, err := rand.Read(b); err != nil {
		panic("web: the system gives no random bytes")
	}
	for i := range b {
		b[i] = alphabet[int(b[i])%len(alphabet)]
	}
	return string(b[:4]) + "-" + string(b[4:])
}

// Context carries the deadline of the request. It ends with the request.
func (r *Request) Context() context.Context { return r.c.UserContext() }

// Reference is the number by which this request is found in the log.
func (r *Request) Reference() string { return r.id }

// Route names the route as the table of routes writes it: "POST /debts/:id".
func (r *Request) Route() string { return r.route.Method + " " + r.route.Pattern }

// Changes reports whether the request may change something.
func (r *Request) Changes() bool { return r.route.changes() }

// Param returns a part of the path that the route names.
func (r *Request) Param(name string) string { return r.c.Params(name) }

// Query returns a parameter of the address.
func (r *Request) Query(name string) string { return clean(r.c.Query(name)) }

// Header returns a header of the request.
func (r *Request) Header(name string) string { return r.c.Get(name) }

// Body returns a copy of the raw body, never decompressed.
func (r *Request) Body() []byte { return append([]byte(nil), r.c.Request().Body()...) }

// Form returns what was sent with a form.
func (r *Request) Form() Form {
	if r.form == nil {
		return Form{}
	}
	return *r.form
}

// Visitor returns who asks.
func (r *Request) Visitor() Visitor {
	if r.visitor == nil {
		r.visitor = &Visitor{
			IP:        r.clientIP(),
			UserAgent: printable(r.c.Get(fiber.HeaderUserAgent), 300),
			Language:  r.language(),
		}
	}
	return *r.visitor
}

func (r *Request) clientIP() netip.Addr {
	peer, _ := netip.AddrFromSlice(r.c.Context().RemoteIP())
	var forwarded []string
	for _, line := range r.c.Request().Header.PeekAll(fiber.HeaderXForwardedFor) {
		forwarded = append(forwarded, string(line))
	}
	return r.s.proxies.Client(peer, forwarded)
}

// language is the one the visitor chose, or else the one the browser asks for.
func (r *Request) language() string {
	chosen := r.cookie(cookieLanguage)
	for _, l := range locale.Languages() {
		if chosen == l {
			return l
		}
	}
	return locale.Match(printable(r.c.Get(fiber.HeaderAcceptLanguage), 200))
}

// SetLanguage remembers the language that the visitor chose for a year.
func (r *Request) SetLanguage(language string) {
	for _, l := range locale.Languages() {
		if l == language {
			r.setCookie(cookieLanguage, l, yearOfCookie)
			r.visitor = nil
		}
	}
}

// ChoseLanguage reports whether the visitor ever chose a language here.
func (r *Request) ChoseLanguage() bool { return r.cookie(cookieLanguage) != "" }

// machine reports whether a program asks: it gets problem+json, not a page.
func (r *Request) machine() bool {
	path := r.c.Path()
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/hooks/") ||
		path == "/healthz" || path == "/readyz"
}
