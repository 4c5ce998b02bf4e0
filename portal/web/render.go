package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

const yearOfCookie = 365 * 24 * time.Hour

// Page is anything that writes itself as HTML.
type Page interface {
	Render(ctx context.Context, w io.Writer) error
}

// Page answers with a page. It is rendered into the answer's own memory, which
// is used again and again, and sent when it is whole: a page that fails half-way
// becomes an error page, not half a page.
func (r *Request) Page(status int, page Page) error {
	answer := r.c.Response()
	answer.ResetBody()
	err := page.Render(r.Context(), answer.BodyWriter())
	if err == nil {
		err = r.witness(status, answer.Body())
	}
	if err != nil {
		answer.ResetBody()
		return err
	}
	answer.SetStatusCode(status)
	answer.Header.SetContentType("text/html; charset=utf-8")
	return nil
}

// Bytes answers with a body of any type.
func (r *Request) Bytes(status int, contentType string, body []byte) error {
	r.c.Status(status)
	r.c.Response().Header.SetContentType(contentType)
	return r.c.Send(body)
}

// JSON answers a program.
func (r *Request) JSON(status int, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return r.Bytes(status, "application/json", body)
}

// SetHeader sets a header of the answer.
func (r *Request) SetHeader(name, value string) { r.c.Set(name, value) }

// SeeOther leads the browser on with a GET, so that neither refresh nor back
// sends a form again. The address is one of ours or the processor's, never one
// that a visitor could choose.
func (r *Request) SeeOther(address string) error {
	r.c.Status(http.StatusSeeOther)
	r.c.Set(fiber.HeaderLocation, address)
	return nil
}

// Back leads to the page that a form says it stood on, if that is one of ours.
func (r *Request) Back(address, fallback string) error {
	if !local(address) {
		address = fallback
	}
	return r.SeeOther(address)
}

// Empty answers that it is done and there is nothing to see.
func (r *Request) Empty() error {
	r.c.Status(http.StatusNoContent)
	return nil
}

// local reports whether an address stays on this site and names a path.
func local(address string) bool {
	return strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") &&
		!strings.ContainsAny(address, "\\\r\n\t\x00") && len(address) < 500
}

// problem is RFC 9457's answer to a program.
type problem struct {
	Type     string `json:"type"`
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Detail   string `json:"detail,omitempty"`
	Instance string `json:"instance,omitempty"`
}

// Problem answers a program that something is wrong, with the number by which
// this request is found in the log.
func (r *Request) Problem(status int) error {
	body, err := json.Marshal(problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Instance: "urn:request:" + r.id,
	})
	if err != nil {
		return err
	}
	return r.Bytes(status, "application/problem+json", body)
}

// Download answers with a file that the browser saves and never shows: whatever
// is in it, it is not a page of ours. The route is one that says it is Large.
func (r *Request) Download(name, contentType string, body []byte) error {
	if !r.route.Large {
		return fmt.Errorf("%w: %s hands out a file and is not marked as large", ErrBadRoute, r.Route())
	}
	r.SetHeader(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	r.SetHeader(fiber.HeaderContentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'; sandbox")
	r.SetHeader(fiber.HeaderXContentTypeOptions, "nosniff")
	r.SetHeader("Cross-Origin-Resource-Policy", "same-origin")
	return r.Bytes(http.StatusOK, contentType, body)
}
