package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/gofiber/fiber/v2"
)

var errPanic = errors.New("handler stopped in a panic")

// around is the first thing every request meets and the last thing every
// answer passes: it names the request, sets the headers, turns panics and
// errors into answers, and writes one line of log.
func (s *Server) around(c *fiber.Ctx) error {
	started := s.now()
	r := s.request(c)
	r.protect()
	err := s.next(c, r)
	if err == nil {
		err = r.long()
	}
	if err != nil {
		if err := s.answerError(c, err); err != nil {
			return err
		}
	}
	s.observe(r, s.now().Sub(started))
	return nil
}

func (s *Server) next(c *fiber.Ctx, r *Request) (err error) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("panic", "reference", r.id, "route", r.pattern(), "stack", string(debug.Stack()))
			err = fmt.Errorf("%w in %s", errPanic, r.pattern())
		}
	}()
	if ambiguous(c) {
		c.Context().SetConnectionClose()
		return errSmuggled
	}
	return c.Next()
}

// ambiguous reports whether a proxy could read another request than we do: a
// transfer that is not in chunks (RFC 9112 6.1), chunks beside a length, a line
// that goes on in the next (5.2), or a protocol that does not exist.
func ambiguous(c *fiber.Ctx) bool {
	header := &c.Request().Header
	protocol := string(header.Protocol())
	if protocol != "HTTP/1.1" && protocol != "HTTP/1.0" {
		return true
	}
	raw := bytes.ToLower(header.RawHeaders())
	if bytes.Contains(raw, []byte("\n ")) || bytes.Contains(raw, []byte("\n\t")) {
		return true
	}
	transfers := bytes.Contains(raw, []byte("transfer-encoding:"))
	return transfers && (bytes.Contains(raw, []byte("content-length:")) || header.ContentLength() != chunked)
}

// chunked is what fasthttp calls the length of a body in chunks.
const chunked = -1

// deadline bounds the work of one route. Fiber's own context would never end.
func deadline(limit time.Duration, next fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		c.SetUserContext(ctx)
		return next(c)
	}
}

// pattern is the route as the table writes it: never the path, which may hold
// a token (ASVS 14.2.1).
func (r *Request) pattern() string {
	if r.route.Pattern != "" {
		return r.route.Pattern
	}
	if p := r.c.Route().Path; p != "/" && p != "" {
		return p
	}
	return "unknown"
}

func (s *Server) observe(r *Request, took time.Duration) {
	status := r.c.Response().StatusCode()
	s.metrics.count(r.c.Method(), r.pattern(), status, took)
	level := slog.LevelInfo
	if status >= 500 {
		level = slog.LevelError
	}
	attributes := []slog.Attr{
		slog.String("method", r.c.Method()), slog.String("route", r.pattern()), slog.Int("status", status),
		slog.Duration("took", took), slog.String("reference", r.id),
	}
	if r.logged != nil {
		attributes = append(attributes, slog.String("error", r.logged.Error()))
	}
	s.log.LogAttrs(context.Background(), level, "request", attributes...)
}
