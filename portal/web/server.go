// Package web is the edge: the only package that knows Fiber. It takes a table
// of routes, guards each of them alike, and hands handlers a Request, so that
// nothing of Fiber reaches the packages below, whose strings would change when
// the request ends.
//
// What every request passes, in order: a name and the security headers; the
// checks of where it comes from, what it carries and who asks; the handler,
// which parses, calls and renders; and, for errors, one table.
package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"quittance/frontend"
	"quittance/frontend/layouts"
	"quittance/frontend/locale"
	"quittance/portal/evidence"
	"quittance/portal/seal"
	"quittance/portal/web/body"
)

// bodyBudget is how many bytes of bodies are held at once, of all requests
// together.
const bodyBudget = 64 << 20

// drainTime is how long requests that are under way may take while stopping.
const drainTime = 20 * time.Second

// Config is what the edge needs. All fields are required but those marked.
type Config struct {
	PublicURL string // the address consumers open; links and origins come from it alone
	Proxies   Proxies
	Processor Processor
	Words     *locale.Book
	Assets    *frontend.Assets
	Agency    func(language string) layouts.Agency
	Sessions  Sessions
	Staff     Sessions // optional: no console without it
	FormKey   []byte   // 32 bytes, of its own purpose
	KeptKey   []byte   // 32 bytes, of its own purpose
	Log       *slog.Logger
	Now       func() time.Time
	Metrics   *Metrics
	// PaymentsOff reports whether payments are paused (R18). Optional.
	PaymentsOff func() bool
	// Keep keeps pages of legal effect. Optional: without it none is kept.
	Keep    func(ctx context.Context, s evidence.Sight, page []byte) error
	Demo    bool
	Version string // "Quittance 0.1.0", in the foot of the console. Optional.
}

// App is Fiber's application, under a name that others may write without
// importing Fiber.
type App = *fiber.App

// Mount adds routes that another library keeps, below a prefix: the collectors'
// API documents and serves itself.
type Mount func(App) error

// Server serves a table of routes.
type Server struct {
	app      *fiber.App
	table    []Route
	pages    map[string]bool // patterns with a GET
	policy   policies
	secure   bool
	sealer   *seal.Box
	formKey  []byte
	proxies  Proxies
	words    *locale.Book
	assets   *frontend.Assets
	agency   func(string) layouts.Agency
	sessions Sessions
	staff    Sessions
	log      *slog.Logger
	now      func() time.Time
	metrics  *Metrics
	demo     bool
	version  string

	publicOrigin string
	reports      reports
	bodies       *body.Budget
	answers      *room
	paymentsOff  func() bool
	keeper       func(ctx context.Context, s evidence.Sight, page []byte) error
}

// New builds a server. A route that is not safe to serve is refused with
// ErrBadRoute.
func New(config Config, mounts []Mount, routes ...Route) (*Server, error) {
	s, err := prepare(config)
	if err != nil {
		return nil, err
	}
	s.app = fiber.New(s.fiberConfig())
	s.harden(s.app.Server())
	s.app.Use(s.around)
	for _, route := range append(routes, s.reportRoute()) {
		if err := s.add(route); err != nil {
			return nil, err
		}
	}
	for _, mount := range mounts {
		if err := mount(s.app); err != nil {
			return nil, err
		}
	}
	s.app.Use(s.forgive)
	return s, nil
}

func prepare(config Config) (*Server, error) {
	policy, err := newPolicies(config.Processor)
	if err != nil {
		return nil, err
	}
	public, err := origin(config.PublicURL)
	if err != nil {
		return nil, fmt.Errorf("the public address: %w", err)
	}
	if len(config.FormKey) < 32 {
		return nil, errors.New("the key of form tokens is shorter than 32 bytes")
	}
	sealer, err := seal.New(map[byte][]byte{1: config.KeptKey})
	if err != nil {
		return nil, fmt.Errorf("the key of kept forms: %w", err)
	}
	s := &Server{
		pages: map[string]bool{}, policy: policy, publicOrigin: public, secure: strings.HasPrefix(public, "https://"),
		sealer: sealer, formKey: config.FormKey, proxies: config.Proxies, words: config.Words, assets: config.Assets,
		agency: config.Agency, sessions: config.Sessions, staff: config.Staff, log: config.Log, now: config.Now,
		metrics: config.Metrics, demo: config.Demo, keeper: config.Keep, version: config.Version, paymentsOff: config.PaymentsOff,
		bodies: body.New(bodyBudget), answers: newRoom(),
	}
	if s.paymentsOff == nil {
		s.paymentsOff = func() bool { return false }
	}
	return s, nil
}

func (s *Server) fiberConfig() fiber.Config {
	return fiber.Config{
		Immutable: true, CaseSensitive: true, StrictRouting: true,
		ReadTimeout: 10 * time.Second, WriteTimeout: writeTime, IdleTimeout: 60 * time.Second,
		BodyLimit: formLimit, ReadBufferSize: 16 << 10,
		StreamRequestBody:     true, // each route reads its body itself, once it knows who asks
		ErrorHandler:          s.answerError,
		DisableStartupMessage: true,
		// A form of parts is answered with 415, not read into memory first.
		DisablePreParseMultipartForm: true,
		EnableTrustedProxyCheck:      true, // and an empty list: Fiber believes no forwarded header at all
	}
}

// harden sets what Fiber's own configuration does not reach: one request gets
// one answer, whatever went wrong on the way. A body that nobody read to its end
// would be taken for the next request, so the connection ends with the answer.
// It is not read away either: a stream of chunks can block for ever.
func (s *Server) harden(server *fasthttp.Server) {
	server.CloseOnShutdown = true
	next := server.Handler
	server.Handler = func(ctx *fasthttp.RequestCtx) {
		share := s.bodies.Open(ctx)
		defer share.Free()
		defer s.part(ctx)
		if slices.Contains(fiber.DefaultMethods, string(ctx.Method())) {
			next(ctx)
			return
		}
		s.refuseMethod(ctx)
	}
}

// part ends the connection where the next request cannot be told from what is
// left of this one. A panic outside of every handler ends one request, not the
// process.
func (s *Server) part(ctx *fasthttp.RequestCtx) {
	if p := recover(); p != nil {
		s.log.Error("panic outside of a handler", "stack", string(debug.Stack()))
		ctx.Response.Reset()
		ctx.SetStatusCode(http.StatusInternalServerError)
		ctx.SetConnectionClose()
	}
	if ctx.Request.IsBodyStream() {
		ctx.SetConnectionClose()
	}
}

// refuseMethod answers a method that no route can have: Fiber would answer it
// without any of our headers.
func (s *Server) refuseMethod(ctx *fasthttp.RequestCtx) {
	c := s.app.AcquireCtx(ctx)
	defer s.app.ReleaseCtx(c)
	if err := s.answerError(c, fiber.ErrMethodNotAllowed); err != nil {
		ctx.SetStatusCode(http.StatusMethodNotAllowed)
	}
}

func (s *Server) add(route Route) error {
	if err := route.check(); err != nil {
		return err
	}
	if route.Deadline == 0 {
		route.Deadline = DefaultDeadline
	}
	if route.MostBytes == 0 {
		route.MostBytes = mostBytes[route.Body]
	}
	s.table = append(s.table, route)
	s.app.Add(route.Method, route.Pattern, deadline(route.Deadline, s.guard(route)))
	if route.Method == http.MethodGet {
		s.pages[route.Pattern] = true
		s.app.Add(http.MethodHead, route.Pattern, s.head(route))
	}
	return nil
}

// head answers what link previews and robots ask, without running the page's
// handler: the same for every address that a GET could have, whoever asks.
func (s *Server) head(route Route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		s.request(c).route = route
		c.Response().Header.SetContentType("text/html; charset=utf-8")
		return c.SendStatus(http.StatusOK)
	}
}

// Routes returns the table, for tests that walk it.
func (s *Server) Routes() []Route { return append([]Route(nil), s.table...) }

// Test answers one request without a network, for tests.
func (s *Server) Test(request *http.Request) (*http.Response, error) { return s.app.Test(request, -1) }

// Serve answers requests until the context ends, then finishes those that are
// under way.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	drained := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() { drained <- s.app.ShutdownWithTimeout(drainTime) })
	err := s.app.Listener(lingering{listener})
	if stop() {
		return err
	}
	if err := <-drained; err != nil {
		s.log.Warn("some requests were cut off while stopping", "error", err)
	}
	return nil
}

// PublicURL returns the absolute address of a path of ours. It is made from
// the configuration alone: no header of a request can change it (S5).
func (s *Server) PublicURL(path string) string {
	u, err := url.JoinPath(s.publicOrigin, path)
	if err != nil {
		return s.publicOrigin
	}
	return u
}
