package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"quittance/portal/audit"
	"quittance/portal/identity"
	"quittance/portal/web/body"
)

// refuse answers with a problem.
func (s *server) refuse(ctx huma.Context, p *Problem) {
	if err := writeProblem(ctx, p); err != nil {
		s.Log.ErrorContext(ctx.Context(), "api problem could not be written", "error", err)
	}
}

func writeProblem(ctx huma.Context, p *Problem) error {
	ctx.SetStatus(p.Status)
	ctx.SetHeader("Content-Type", problemType)
	return huma.DefaultJSONFormat.Marshal(ctx.BodyWriter(), p)
}

// wellFormed refuses a body of the wrong kind, packed, or too large. Nobody's
// body is read before their token was believed.
func (s *server) wellFormed(ctx huma.Context, next func(huma.Context)) {
	operation := ctx.Operation()
	if p := announced(ctx, operation); p != nil {
		s.refuse(ctx, p)
		return
	}
	all, err := body.Read(humafiber.Unwrap(ctx).Context(), mostBytes(operation))
	switch {
	case errors.Is(err, body.ErrTooLarge):
		s.refuse(ctx, tooLarge(operation))
	case errors.Is(err, body.ErrBusy):
		ctx.SetHeader("Retry-After", "5")
		s.refuse(ctx, problem(http.StatusServiceUnavailable, "unavailable", "Too much is being read at this moment. Send it again."))
	case err != nil:
		s.refuse(ctx, problem(http.StatusBadRequest, "unreadable", "The body ends early or cannot be read."))
	case bytes.IndexByte(all, 0) >= 0:
		s.refuse(ctx, problem(http.StatusBadRequest, "unreadable", "The body holds a NUL byte."))
	default:
		next(whole{ctx, all})
	}
}

// announced looks at a body by its headers; nil: it may be read.
func announced(ctx huma.Context, operation *huma.Operation) *Problem {
	length := humafiber.Unwrap(ctx).Request().Header.ContentLength()
	brings := length > 0 || ctx.Header("Transfer-Encoding") != ""
	switch {
	case ctx.Header("Content-Encoding") != "":
		return problem(http.StatusUnsupportedMediaType, "media-type", "Send the body as it is, without a content encoding.")
	case brings && operation.RequestBody == nil:
		return problem(http.StatusBadRequest, "unreadable", "This address takes no body.")
	case brings && !takes(operation, ctx.Header("Content-Type")):
		return problem(http.StatusUnsupportedMediaType, "media-type", "Send "+strings.Join(kinds(operation), " or ")+" in UTF-8.")
	case length > mostBytes(operation):
		return tooLarge(operation)
	}
	return nil
}

func tooLarge(o *huma.Operation) *Problem {
	return problem(http.StatusRequestEntityTooLarge, "too-large", fmt.Sprintf("The body may have %d bytes.", mostBytes(o)))
}

// mostBytes is how many bytes the body of an operation may have.
func mostBytes(o *huma.Operation) int {
	if n, ok := o.Metadata[takesBytes].(int); ok {
		return n
	}
	if o.RequestBody == nil {
		return 0
	}
	return bodyLimit
}

type humaContext huma.Context

// whole is a request whose body was read. The server hands bodies out as
// streams, and a stream is empty once it was read.
type whole struct {
	humaContext
	body []byte
}

// BodyReader implements huma.Context.
func (w whole) BodyReader() io.Reader { return bytes.NewReader(w.body) }

// Unwrap leads to Fiber's own request.
func (w whole) Unwrap() huma.Context { return w.humaContext }

// takesBytes is the body limit of an operation that has one of its own.
const takesBytes = "takes bytes"

func kinds(o *huma.Operation) []string {
	var all []string
	for _, kind := range []string{"application/json", "text/csv"} {
		if o.RequestBody.Content[kind] != nil {
			all = append(all, kind)
		}
	}
	return all
}

func takes(o *huma.Operation, header string) bool {
	kind, params, err := mime.ParseMediaType(header)
	if err != nil || o.RequestBody.Content[kind] == nil {
		return false
	}
	charset, given := params["charset"]
	return !given || strings.EqualFold(charset, "utf-8")
}

// callerKey is where a request's context keeps who asks.
type callerKey struct{}

// caller is who asks.
func caller(ctx context.Context) identity.APIToken {
	t, _ := ctx.Value(callerKey{}).(identity.APIToken)
	return t
}

// authorized asks for a token with the operation's scope.
func (s *server) authorized(ctx huma.Context, next func(huma.Context)) {
	scheme, raw, _ := strings.Cut(ctx.Header("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || raw == "" {
		s.unauthorized(ctx, `Bearer realm="quittance"`, "Send a token: Authorization: Bearer …")
		return
	}
	token, err := s.Tokens.CheckToken(ctx.Context(), raw, scopeOf(ctx.Operation()))
	switch {
	case errors.Is(err, identity.ErrBadToken):
		s.unauthorized(ctx, `Bearer realm="quittance", error="invalid_token"`, "The token is not valid: it may have expired or been revoked.")
	case errors.Is(err, identity.ErrScope):
		ctx.SetHeader("WWW-Authenticate", `Bearer realm="quittance", error="insufficient_scope", scope="`+string(scopeOf(ctx.Operation()))+`"`)
		s.refuse(ctx, problem(http.StatusForbidden, "forbidden", "The token does not have the scope "+string(scopeOf(ctx.Operation()))+"."))
	case err != nil:
		s.Log.ErrorContext(ctx.Context(), "api token could not be checked", "error", err)
		s.refuse(ctx, problem(http.StatusServiceUnavailable, "unavailable", "The token could not be checked. Ask again."))
	case !token.Creditors.All() && agencyOnly(ctx.Operation()):
		s.refuse(ctx, problem(http.StatusForbidden, "forbidden", "A creditor's token does not allow this."))
	default:
		s.admitted(huma.WithValue(ctx, callerKey{}, token), token, next)
	}
}

// admitted goes on in the token's name. What it asks to be changed is written
// down before.
func (s *server) admitted(ctx huma.Context, token identity.APIToken, next func(huma.Context)) {
	ctx = huma.WithContext(ctx, audit.As(ctx.Context(), "token:"+string(token.ID)))
	if o := ctx.Operation(); o.Method != http.MethodGet {
		if err := s.Audit.Note(ctx.Context(), "api."+o.OperationID, "", ""); err != nil {
			s.Log.ErrorContext(ctx.Context(), "the audit log could not be written", "error", err)
			s.refuse(ctx, problem(http.StatusServiceUnavailable, "unavailable", "The request could not be recorded. Ask again."))
			return
		}
	}
	next(ctx)
}

func (s *server) unauthorized(ctx huma.Context, challenge, detail string) {
	ctx.SetHeader("WWW-Authenticate", challenge)
	s.refuse(ctx, problem(http.StatusUnauthorized, "unauthorized", detail))
}

// scopeOf is the scope that the operation's security names. An operation
// without one asks for a scope that no token has.
func scopeOf(o *huma.Operation) identity.Scope {
	for _, requirement := range o.Security {
		for _, scope := range requirement["bearer"] {
			return identity.Scope(scope)
		}
	}
	return "none"
}

// agencyOnly reports whether an operation reaches beyond one creditor's debts.
func agencyOnly(o *huma.Operation) bool {
	scope := scopeOf(o)
	return scope == identity.PlacementsWrite || scope == identity.LinksWrite || scope == identity.DisputesWrite || scope == identity.LinksRead ||
		scope == identity.RecordsWrite || scope == identity.CodesRead || scope == identity.PaymentsWrite
}
