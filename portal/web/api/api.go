package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"quittance/payments"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/outbox"
	"quittance/portal/web/body"
)

// Limits of one request.
const (
	bodyLimit = body.Small
	// DefaultPlacementsLimit is how large a placements file may be over HTTP;
	// larger ones are for `portal import`.
	DefaultPlacementsLimit = 4 << 20

	deadline     = 10 * time.Second
	longDeadline = 25 * time.Second // placements and long polls; below the server's write timeout
)

// Tokens checks bearer tokens: identity.ErrBadToken, identity.ErrScope.
type Tokens interface {
	CheckToken(ctx context.Context, token string, scope identity.Scope) (identity.APIToken, error)
}

// LinkSender makes and sends links: identity.Refusal when a rule stands
// against one.
type LinkSender interface {
	Send(ctx context.Context, r identity.LinkRequest) (identity.SentLink, error)
}

// LinkReader reads links; identity.ErrNotFound.
type LinkReader interface {
	Link(ctx context.Context, id identity.LinkID) (identity.Link, error)
}

// Accounts reads accounts and what is owed on them.
type Accounts interface {
	// AccountByRef finds by the collector's own number; false when there is none.
	AccountByRef(ctx context.Context, ref string) (debt.Account, bool, error)
	Account(ctx context.Context, id debt.AccountID) (debt.Account, error)
	AccountStatements(ctx context.Context, id debt.AccountID) ([]debt.Statement, error)
}

// Codes tells reference codes, and writes down whose it told;
// identity.ErrNotFound.
type Codes interface {
	ReferenceCode(ctx context.Context, accountRef string) (identity.Letter, error)
}

// Gate says of debts of an account, in their order, what may be paid on each now;
// it is gate.Keeper.
type Gate interface {
	Open(ctx context.Context, account debt.Account, all []debt.Statement) ([]payments.Payable, error)
}

// Payments reads payments; payments.ErrNotFound.
type Payments interface {
	Payment(ctx context.Context, id payments.ID) (payments.Payment, error)
}

// Stopper gives up a payment that is not sent; it is payments.Service. ErrNotNow
// after that; ErrUnknownOutcome where the processor's answer was lost.
type Stopper interface {
	Cancel(ctx context.Context, accountID string, id payments.ID) (payments.Payment, error)
}

// Deps is what the API is made of. All fields are required but
// PlacementsLimit.
type Deps struct {
	Tx              outbox.Transactor
	Keys            Keys
	Sealer          outbox.Sealer // hides kept answers, which may hold secrets
	Tokens          Tokens
	Placements      Placements
	Links           LinkSender
	SentLinks       LinkReader
	Accounts        Accounts // each look is written down by whoever gives them
	Codes           Codes
	Gate            Gate
	Audit           Audit
	Payments        Payments
	Stopper         Stopper
	Plans           Plans
	Losses          Losses
	Validation      Validation
	Terms           TermsDesk
	Claims          ClaimDesk
	Disputes        Disputes
	Representatives Representatives
	LegalHolds      LegalHolds
	History         outbox.History
	Poster          *outbox.Poster
	Desk            *outbox.Desk
	Endpoints       outbox.Endpoints
	Now             func() time.Time
	Log             *slog.Logger
	Version         string
	// PlacementsLimit is in bytes; the server's own limit must not be below it.
	PlacementsLimit int
}

// Audit writes down what programs ask to be done; it is audit.Log.
type Audit interface {
	Note(ctx context.Context, action, accountID, object string, refs ...string) error
}

// server holds the dependencies for the handlers.
type server struct {
	Deps
	api huma.API
}

// Register adds the API's routes to an app. The app must be Immutable: what a
// handler keeps of a request would otherwise change with the next one.
func Register(app *fiber.App, deps Deps) error {
	if !app.Config().Immutable {
		return errors.New("the API needs fiber.Config{Immutable: true}")
	}
	if deps.PlacementsLimit == 0 {
		deps.PlacementsLimit = DefaultPlacementsLimit
	}
	settle()
	s := &server{Deps: deps}
	s.api = humafiber.New(app, s.config())
	s.api.UseMiddleware(s.bounded, s.authorized, s.wellFormed, s.once)
	s.placementRoutes()
	s.codeRoutes()
	s.linkRoutes()
	s.eventRoutes()
	s.paymentRoutes()
	s.planRoutes()
	s.messageRoutes()
	s.validationRoutes()
	s.termsRoutes()
	s.claimRoutes()
	s.disputeRoutes()
	s.representativeRoutes()
	s.legalHoldRoutes()
	s.endpointRoutes()
	return s.documentRoutes(app)
}

// settle sets huma's switches, which are variables of its package.
var settle = sync.OnceFunc(func() {
	huma.DefaultArrayNullable = false // otherwise null passes for a list that needs items
	huma.ValidateStrictCasing = true  // otherwise {"url": 1, "URL": 2} is one field twice
	huma.NewError = newError          // problems that tell nothing they should not
	huma.NewErrorWithContext = newErrorWithContext
})

func (s *server) config() huma.Config {
	json := huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: strict}
	config := huma.DefaultConfig("Quittance API", s.Version)
	config.Info.Description = "Placements and terms in, links out, events and postings. Amounts are whole cents of US dollars; times are RFC 3339 in UTC."
	config.CreateHooks = nil
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.Formats = map[string]huma.Format{"application/json": json, "json": json}
	config.RejectUnknownQueryParameters = true
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer": {Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: "A token made with `portal token issue`, with scopes. It can be revoked at once."},
	}
	return config
}

// operation fills in what all operations share.
func operation(method, path, id, summary string, scope identity.Scope, errs ...int) huma.Operation {
	errs = append(errs, http.StatusUnauthorized, http.StatusForbidden)
	if method == http.MethodPost || method == http.MethodPatch || method == http.MethodPut {
		errs = append(errs, http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType)
	}
	slices.Sort(errs)
	return huma.Operation{
		Method: method, Path: path, OperationID: id, Summary: summary, Errors: slices.Compact(errs),
		Security:     []map[string][]string{{"bearer": {string(scope)}}},
		MaxBodyBytes: -1, // the transport check before it has a limit and a clearer answer
	}
}

// keyed marks an operation as one that asks for an Idempotency-Key.
func keyed(o huma.Operation) huma.Operation {
	o.Metadata = map[string]any{needsKey: true}
	o.Errors = append(o.Errors, http.StatusConflict)
	o.Parameters = append(o.Parameters, &huma.Param{
		Name: keyHeader, In: "header", Required: true,
		Description: "Any text of up to 255 characters, new for each thing you want done. The same request with the same key is done once and answered the same for 72 hours.",
		Schema:      &huma.Schema{Type: "string", MinLength: new(1), MaxLength: new(255)},
	})
	return o
}

// bounded gives every request a deadline; Fiber's own context has none.
func (s *server) bounded(ctx huma.Context, next func(huma.Context)) {
	limit := deadline
	if long, _ := ctx.Operation().Metadata[takesLong].(bool); long {
		limit = longDeadline
	}
	bounded, cancel := context.WithTimeout(ctx.Context(), limit)
	defer cancel()
	ctx.SetHeader("Cache-Control", "no-store")
	next(huma.WithContext(ctx, bounded))
}

// takesLong marks operations with the longer deadline.
const takesLong = "takes long"

// fail turns an error of the domain into a problem by one table; what is not
// in it is our own fault and is logged.
func (s *server) fail(ctx context.Context, err error) error {
	for _, row := range faults {
		if errors.Is(err, row.is) {
			return problem(row.status, row.code, row.detail)
		}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return problem(http.StatusServiceUnavailable, "unavailable", "This took too long. Nothing was lost; ask again.")
	}
	s.Log.ErrorContext(ctx, "api request failed", "error", err)
	return problem(http.StatusInternalServerError, "internal", "")
}

// unescaped is a path parameter as its owner wrote it.
func unescaped(what, escaped string) (string, error) {
	text, err := pathText(escaped)
	if err != nil {
		return "", fmt.Errorf("%w: %s", errNotText, what)
	}
	return text, nil
}
