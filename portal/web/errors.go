package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"quittance/frontend/layouts"
	"quittance/frontend/pages/consumer"
	"quittance/payments"
	"quittance/portal/identity"
	"quittance/portal/outbox"
	"quittance/portal/web/body"
)

// fault is one row of the table that turns errors into answers.
type fault struct {
	is     error
	status int
	page   func(layouts.Base) Page
}

func notFound(b layouts.Base) Page    { return consumer.NotFound{Base: b} }
func forbidden(b layouts.Base) Page   { return consumer.Forbidden{Base: b} }
func unavailable(b layouts.Base) Page { return consumer.Unavailable{Base: b} }
func tooLong(b layouts.Base) Page     { return consumer.TooLong{Base: b} }

// faults is the whole table, in order. What is not in it is our own fault: a
// 500 with a reference number. Errors that stand beside a field are answered
// by the handler of the form and never come this far.
var faults = []fault{
	{ErrNotFound, http.StatusNotFound, notFound},
	{payments.ErrNotFound, http.StatusNotFound, notFound},
	{identity.ErrNotFound, http.StatusNotFound, notFound},
	{outbox.ErrNoEndpoint, http.StatusNotFound, notFound},
	{errCrossSite, http.StatusForbidden, forbidden},
	{errNoToken, http.StatusForbidden, forbidden},
	{errContentType, http.StatusUnsupportedMediaType, forbidden},
	{ErrBadForm, http.StatusBadRequest, forbidden},
	{errSmuggled, http.StatusBadRequest, forbidden},
	{body.ErrTooLarge, http.StatusRequestEntityTooLarge, forbidden},
	{body.ErrBroken, http.StatusBadRequest, forbidden},
	{body.ErrBusy, http.StatusServiceUnavailable, unavailable},
	{errNoRoom, http.StatusServiceUnavailable, unavailable},
	{errTooLong, http.StatusUnprocessableEntity, tooLong},
	{payments.ErrPaused, http.StatusServiceUnavailable, unavailable},
	{errUnready, http.StatusServiceUnavailable, unavailable},
	{context.DeadlineExceeded, http.StatusServiceUnavailable, unavailable},
}

// ErrNotFound is what a handler returns for what does not exist, or is not the
// asker's: both read the same (S10).
var ErrNotFound = errors.New("no such page")

// errUnready is behind every answer of a process that should get no requests.
var errUnready = errors.New("not ready")

// Unready says that the portal cannot serve now, and why, for the log.
func Unready(why error) error { return fmt.Errorf("%w: %w", errUnready, why) }

// answerError answers with what the table says of an error.
func (s *Server) answerError(c *fiber.Ctx, err error) error {
	r := s.request(c)
	r.protect()
	r.failed = true
	c.SetUserContext(context.Background()) // the handler's has ended with it
	status, page := s.decide(r, err)
	if status >= http.StatusInternalServerError {
		r.logged = err
	}
	switch {
	case errors.Is(err, body.ErrBusy):
		r.SetHeader(fiber.HeaderRetryAfter, "5")
	case errors.Is(err, errNoRoom):
		r.SetHeader(fiber.HeaderRetryAfter, "30")
	}
	c.Response().ResetBody()
	if r.machine() {
		return r.Problem(status)
	}
	if err := r.Page(status, page(r.errorBase())); err != nil {
		r.logged = errors.Join(r.logged, err)
		return r.Bytes(status, "text/plain; charset=utf-8", []byte(http.StatusText(status)))
	}
	return nil
}

func (s *Server) decide(r *Request, err error) (int, func(layouts.Base) Page) {
	for _, f := range faults {
		if errors.Is(err, f.is) {
			return f.status, f.page
		}
	}
	var refused *fiber.Error
	if errors.As(err, &refused) && refused.Code < http.StatusInternalServerError {
		return refused.Code, pageOfStatus(refused.Code)
	}
	return http.StatusInternalServerError, func(b layouts.Base) Page {
		return consumer.Error{Base: b, Reference: r.id, Paying: strings.HasPrefix(r.pattern(), "/payments/")}
	}
}

func pageOfStatus(status int) func(layouts.Base) Page {
	if status == http.StatusNotFound || status == http.StatusMethodNotAllowed {
		return notFound
	}
	return forbidden
}

// errorBase is the frame of an error page. It must not fail the way the
// request did, so it asks the database for nothing: a session that was found
// before the fault is used, none is looked up.
func (r *Request) errorBase() layouts.Base {
	if r.signed == nil {
		r.signed = &identity.Session{}
	}
	return r.Base()
}
