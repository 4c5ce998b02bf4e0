package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"quittance/portal/audit"
	"quittance/portal/evidence"
	"quittance/portal/represent"
)

// Errors of the guards. They say nothing of who asked.
var (
	errCrossSite   = errors.New("request came from another site")
	errNoToken     = errors.New("form carries no token of this session")
	errContentType = errors.New("content type is not the one this address reads")
	errSmuggled    = errors.New("request can be read in two ways")
)

// guard is what stands before every handler, in this order: where the request
// comes from, what it carries, who asks, and whether the form is ours.
func (s *Server) guard(route Route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		r := s.request(c)
		r.route = route
		for _, step := range []func() error{r.sameSite, r.contentType, r.admit, r.ourForm} {
			if err := step(); err != nil || r.answered() {
				return err
			}
		}
		r.act()
		return route.Handler(r)
	}
}

// answered reports whether a guard has sent the visitor elsewhere.
func (r *Request) answered() bool { return r.c.Response().StatusCode() != http.StatusOK }

// act says in whose name everything below is done, for the audit log.
func (r *Request) act() {
	actor := "visitor"
	switch r.route.Access {
	case Consumer:
		actor = "consumer:" + r.signed.Subject
		if who := r.signed.Speaker; who.ID != "" {
			actor = "representative:" + string(who.ID)
		}
	case Staff:
		actor = "staff:" + r.signed.Subject
	case Hook:
		actor = "processor"
	default:
	}
	ctx := audit.As(r.c.UserContext(), actor)
	if r.route.Keeps != "" {
		ctx = evidence.Collect(ctx)
	}
	if r.route.Access == Consumer && r.signed.Speaker.ID != "" {
		ctx = represent.As(ctx, r.signed.Speaker)
		evidence.Decided(ctx, "by "+string(r.signed.Speaker.Role)+" "+string(r.signed.Speaker.ID))
	}
	r.c.SetUserContext(ctx)
}

// sameSite refuses what another site made the browser send. Browsers say where
// a request comes from in Sec-Fetch-Site; older ones in Origin. A program that
// sends neither still needs the token of a form.
func (r *Request) sameSite() error {
	if !r.route.changes() || !r.route.byBrowser() {
		return nil
	}
	switch r.c.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return nil
	case "":
		return r.sameOrigin()
	}
	return errCrossSite
}

func (r *Request) sameOrigin() error {
	from := r.c.Get(fiber.HeaderOrigin)
	if from == "" || from == r.s.publicOrigin {
		return nil
	}
	// Under no-referrer, as on the texted link, older browsers write "null".
	if from == "null" && strings.HasPrefix(r.route.Pattern, "/l/") {
		return nil
	}
	if u, err := url.Parse(from); err == nil && u.Host != "" && u.Host == string(r.c.Request().Host()) {
		return nil
	}
	return errCrossSite
}

// contentType refuses a body of another kind than the route reads, and parses
// forms.
func (r *Request) contentType() error {
	if r.route.Body == NoBody || r.route.Access == System {
		return nil
	}
	sent, _, _ := strings.Cut(r.c.Get(fiber.HeaderContentType), ";")
	sent = strings.ToLower(strings.TrimSpace(sent))
	if r.route.Body == AnyForm {
		if sent == "" || sent == string(FormBody) || sent == string(FilesBody) {
			return nil
		}
		return errContentType
	}
	if sent == string(FilesBody) {
		return r.openFiles()
	}
	body := r.c.Request().Body()
	if sent != string(r.route.Body) && (sent != "" || len(body) > 0) {
		return errContentType
	}
	if r.c.Get(fiber.HeaderContentEncoding) != "" {
		return errContentType
	}
	if r.route.Body != FormBody {
		return nil
	}
	form, err := parseForm(string(body))
	if err != nil {
		return err
	}
	r.form = &form
	return nil
}

// ourForm asks for the token. Before sign-in it hangs on the visit; a page that
// was opened before keeps working after, but what only a signed-in person may
// do asks for the token of that very session.
func (r *Request) ourForm() error {
	if !r.route.CSRF {
		return nil
	}
	sent := r.Form().Typed("csrf")
	if sent == "" {
		sent = r.c.Get("X-CSRF-Token")
	}
	for _, token := range r.tokens() {
		if sameToken(sent, token) {
			return nil
		}
	}
	return errNoToken
}

func (r *Request) tokens() []string {
	var tokens []string
	if id := r.Session().ID; id != "" {
		tokens = append(tokens, r.s.token("session", string(id)))
	}
	if r.route.Access == Public || r.route.Access == Pending {
		if visit := r.cookie(cookieVisit); visit != "" {
			tokens = append(tokens, r.s.token("visit", visit))
		}
	}
	return tokens
}

// FormToken is the token for the forms of a page.
func (r *Request) FormToken() string {
	if id := r.Session().ID; id != "" {
		return r.s.token("session", string(id))
	}
	return r.s.token("visit", r.visit())
}

// admit asks who may come in.
func (r *Request) admit() error {
	switch r.route.Access {
	case Pending:
		if r.PendingToken() == "" {
			return r.SeeOther("/")
		}
	case Consumer:
		session, err := r.findSession(cookieSession, r.s.sessions)
		if err != nil {
			return r.signedOut(err)
		}
		r.signed = &session
	case Staff:
		session, err := r.findSession(cookieStaff, r.s.staff)
		if err != nil {
			return r.staffSignedOut(err)
		}
		r.signed = &session
	default:
	}
	return nil
}

// staffSignedOut sends a collector without a session to the console's door.
func (r *Request) staffSignedOut(why error) error {
	if !over(why) {
		return why
	}
	r.StaffSignOut()
	return r.SeeOther("/console/sign-in")
}
