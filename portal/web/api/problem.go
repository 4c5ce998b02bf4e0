package api

import (
	"errors"
	"net/http"
	"strings"
	"unicode"

	"github.com/danielgtaylor/huma/v2"

	"quittance/payments"
	"quittance/plans"
	"quittance/portal/claim"
	"quittance/portal/contact"
	"quittance/portal/dispute"
	"quittance/portal/identity"
	"quittance/portal/intake"
	"quittance/portal/outbox"
	"quittance/portal/represent"
	"quittance/portal/retention"
	"quittance/portal/validation"
)

// Problem is an RFC 9457 problem. It names fields, never their values.
type Problem struct {
	Type   string  `json:"type" doc:"What kind of problem, explained at this address." example:"/api/docs#invalid"`
	Title  string  `json:"title" example:"Unprocessable Entity"`
	Status int     `json:"status" example:"422"`
	Detail string  `json:"detail,omitempty" doc:"What to do about it."`
	Errors []Fault `json:"errors,omitempty" doc:"The fields that are at fault."`
}

// Fault is one field that is at fault.
type Fault struct {
	Location string `json:"location" example:"body.url"`
	Message  string `json:"message"`
}

// Error implements error.
func (p *Problem) Error() string { return p.Title + ": " + p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return problemType }

const (
	problemType = "application/problem+json"
	docsPath    = "/api/docs"
	// mostFaults bounds the list in one problem.
	mostFaults = 100
)

func problem(status int, code, detail string, faults ...Fault) *Problem {
	return &Problem{Type: docsPath + "#" + code, Title: http.StatusText(status), Status: status, Detail: detail, Errors: faults}
}

// invalid is a problem with one field.
func invalid(location, message string) *Problem {
	return problem(http.StatusUnprocessableEntity, "invalid", "Some fields are not as they should be.", Fault{Location: location, Message: message})
}

// codes are the kinds of problems by status, where the code is not given.
var codes = map[int]string{
	http.StatusBadRequest: "unreadable", http.StatusUnauthorized: "unauthorized", http.StatusForbidden: "forbidden",
	http.StatusNotFound: "not-found", http.StatusConflict: "conflict", http.StatusRequestEntityTooLarge: "too-large",
	http.StatusUnsupportedMediaType: "media-type", http.StatusUnprocessableEntity: "invalid",
	http.StatusTooManyRequests: "too-many", http.StatusNotAcceptable: "media-type", http.StatusServiceUnavailable: "unavailable",
}

func newErrorWithContext(_ huma.Context, status int, message string, errs ...error) huma.StatusError {
	return newError(status, message, errs...)
}

// newError replaces huma's, which answers with the values that were sent and
// with the text of any error a handler returns.
func newError(status int, message string, errs ...error) huma.StatusError {
	code, known := codes[status]
	if !known || status >= http.StatusInternalServerError {
		code = "internal"
	}
	p := problem(status, code, message)
	if status >= http.StatusInternalServerError {
		p.Detail = ""
		return p
	}
	if status == http.StatusUnprocessableEntity {
		p.Detail = "Some fields are not as they should be."
	}
	for _, err := range errs[:min(len(errs), mostFaults)] {
		p.Errors = append(p.Errors, fault(err))
	}
	return p
}

// fault keeps where and what, and drops the value.
func fault(err error) Fault {
	var detailer huma.ErrorDetailer
	if errors.As(err, &detailer) {
		d := detailer.ErrorDetail()
		return Fault{Location: printable(d.Location), Message: printable(d.Message)}
	}
	return Fault{Location: "body", Message: "is not as it should be"}
}

// printable keeps a location readable: it may hold a name the caller made up.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, s)
	if len(s) > 200 {
		s = strings.ToValidUTF8(s[:200], "") + "…"
	}
	return s
}

var errNotText = errors.New("address is not text")

// faults is what the domain's errors mean to a caller.
var faults = []struct {
	is     error
	status int
	code   string
	detail string
}{
	{payments.ErrNotFound, http.StatusNotFound, "not-found", "There is no such payment."},
	{payments.ErrNotNow, http.StatusConflict, "conflict", "The payment was sent. It cannot be stopped; once it is confirmed it can be refunded."},
	{payments.ErrRefused, http.StatusConflict, "conflict", "The processor does not stop this payment. Look at it again."},
	{payments.ErrUnknownOutcome, http.StatusServiceUnavailable, "unavailable", "The processor did not answer. Ask again; asking twice does no harm."},
	{plans.ErrNotFound, http.StatusNotFound, "not-found", "There is no such plan."},
	{plans.ErrStale, http.StatusConflict, "conflict", "Somebody else changed the same in between. Look again and ask again."},
	{claim.ErrNotFound, http.StatusNotFound, "not-found", "There is no such claim."},
	{claim.ErrCleared, http.StatusConflict, "conflict", "This claim is over. What is new is claimed anew."},
	{claim.ErrOver, http.StatusConflict, "conflict", "A pause ends by itself on its day and is not confirmed. It can be cleared."},
	{claim.ErrDecision, http.StatusUnprocessableEntity, "invalid", "Send state, by, and on: a day that has come, YYYY-MM-DD."},
	{represent.ErrNotFound, http.StatusNotFound, "not-found", "There is no such representative."},
	{represent.ErrRole, http.StatusConflict, "conflict", "An executor speaks for somebody who died, a parent for a minor. Place that status first."},
	{validation.ErrNotFound, http.StatusNotFound, "not-found", "There is no such debt."},
	{validation.ErrItemized, http.StatusConflict, "itemization-fixed", "The itemization date and its type were used with the consumer and do not change."},
	{identity.ErrNotFound, http.StatusNotFound, "not-found", "There is no such link."},
	{outbox.ErrNoEvent, http.StatusNotFound, "not-found", "There is no such event."},
	{outbox.ErrNoEndpoint, http.StatusNotFound, "not-found", "There is no such endpoint."},
	{dispute.ErrNotFound, http.StatusNotFound, "not-found", "There is no such dispute."},
	{dispute.ErrNotNow, http.StatusConflict, "conflict", "It has ended. What ended it stands."},
	{dispute.ErrNoProof, http.StatusUnprocessableEntity, "no-proof", "A hold ends on a document alone: its number, how it was sent, and a day that is not to come. duplicative needs possible_duplicate_of."},
	{dispute.ErrNoConsent, http.StatusUnprocessableEntity, "no-consent", "This consumer has not agreed to answers by electronic means alone. Send it by mail."},
	{dispute.ErrNoFavor, http.StatusConflict, "not-in-favor", "The debt does not stand as the consumer said. Place it as recalled, paid or with a newer balance first."},
	{dispute.ErrFileType, http.StatusUnprocessableEntity, "invalid", "The document is no JPEG, PNG or WebP picture and no PDF."},
	{dispute.ErrFileSize, http.StatusUnprocessableEntity, "invalid", "The document is too large."},
	{dispute.ErrFileHEIC, http.StatusUnprocessableEntity, "invalid", "The document is a HEIC picture. Send it as JPEG, PNG, WebP or PDF."},
	{dispute.ErrFilePixels, http.StatusUnprocessableEntity, "invalid", "The document has more than 50 million pixels, or takes too much memory to be drawn."},
	{dispute.ErrFileBroken, http.StatusUnprocessableEntity, "invalid", "The document cannot be opened. It has to be a whole JPEG, PNG or WebP picture or PDF."},
	{dispute.ErrFileActive, http.StatusUnprocessableEntity, "invalid", "The document is a PDF that does something by itself or carries another file. Print it to a plain PDF."},
	{dispute.ErrFileLocked, http.StatusUnprocessableEntity, "invalid", "The document is a PDF that is locked. Send it without a password."},
	{dispute.ErrFileEmpty, http.StatusUnprocessableEntity, "invalid", "The document is empty."},
	{retention.ErrHold, http.StatusUnprocessableEntity, "invalid", "Say by whom and why."},
	{errNotText, http.StatusNotFound, "not-found", "There is nothing at this address."},
	{errBooks, http.StatusUnprocessableEntity, "several-creditors", "The event is about several creditors of this token. Post it with a token of one of them."},
	{outbox.ErrPosted, http.StatusConflict, "already-posted", "This event was posted before under another transaction id, which stands."},
	{outbox.ErrNotPosted, http.StatusUnprocessableEntity, "not-posted", "Events of this type are not posted; there is nothing to acknowledge."},
	{outbox.ErrEmptyPosting, http.StatusUnprocessableEntity, "invalid", "Send either transaction_id or refusal_reason, 1 to 255 printable characters."},
	{outbox.ErrClosed, http.StatusConflict, "closed", "This endpoint was closed. Make a new one."},
	{outbox.ErrBadStatus, http.StatusUnprocessableEntity, "invalid", "An endpoint can be made active, paused or closed."},
	{outbox.ErrBadURL, http.StatusUnprocessableEntity, "endpoint-address", "The url must be https and lead to a public host: no user name, no fragment, no private address."},
	{outbox.ErrBadType, http.StatusUnprocessableEntity, "invalid", "One of the types is not an event's name."},
	{intake.ErrConflict, http.StatusServiceUnavailable, "unavailable", "Other changes came in between. Send the file again; what was taken in stays."},
	{contact.ErrBasis, http.StatusUnprocessableEntity, "invalid", "The basis is not a ground for writing by this channel."},
}
