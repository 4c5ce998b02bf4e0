package web

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"quittance/frontend/pages/consumer"
	"quittance/portal/audit"
	"quittance/portal/evidence"
	"quittance/portal/represent"
	"quittance/portal/web/body"
)

// Errors of the guards. They say nothing of who asked.
var (
	errCrossSite   = errors.New("request came from another site")
	errNoToken     = errors.New("form carries no token of this session")
	errContentType = errors.New("content type is not the one this address reads")
	errSmuggled    = errors.New("request can be read in two ways")
)

// guard is what stands before every handler, in this order: where the request
// comes from, what it carries, who asks, and whether the form is ours. A small
// form is read before it is known who asks, so that it can be kept for them;
// files after.
func (s *Server) guard(route Route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		r := s.request(c)
		r.route = route
		for _, step := range []func() error{r.sameSite, r.contentType, r.readForm, r.admit, r.takeFiles, r.ourForm} {
			if err := step(); err != nil || r.answered() {
				return err
			}
		}
		made, err := r.makeLarge()
		if err != nil {
			return err
		}
		defer made()
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

// contentType refuses a body of another kind than the route reads, by what its
// header says.
func (r *Request) contentType() error {
	if r.route.Body == NoBody {
		return nil
	}
	sent, _, _ := strings.Cut(r.c.Get(fiber.HeaderContentType), ";")
	sent = strings.ToLower(strings.TrimSpace(sent))
	right := sent == string(r.route.Body)
	switch {
	case r.route.Body == AnyForm:
		right = sent == "" || sent == string(FormBody) || sent == string(FilesBody)
	case sent == "" && r.route.Body != FilesBody:
		right = r.c.Request().Header.ContentLength() <= 0 && len(r.c.Request().Header.Peek(fiber.HeaderTransferEncoding)) == 0
	}
	if !right || r.c.Get(fiber.HeaderContentEncoding) != "" {
		return errContentType
	}
	return nil
}

// readForm reads a body whole, but for files, and parses forms.
func (r *Request) readForm() error {
	if r.route.Body == NoBody || r.route.Body == FilesBody {
		return nil
	}
	all, err := body.Read(r.c.Context(), r.route.MostBytes)
	if err != nil || r.route.Body != FormBody {
		return err
	}
	form, err := parseForm(string(all))
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
	if r.cookieless() {
		return r.cookiesOff()
	}
	return errNoToken
}

// cookieless reports whether a form of ours came without any cookie of ours: the
// browser keeps none. It says itself that our own page sent it; what does not is
// told no more than that it has no token.
func (r *Request) cookieless() bool {
	ours := r.c.Get("Sec-Fetch-Site") == "same-origin" || r.c.Get(fiber.HeaderOrigin) == r.s.publicOrigin
	return ours && r.route.Body == FormBody && r.cookie(cookieVisit) == "" && r.cookie(cookieSession) == "" && r.cookie(cookieStaff) == ""
}

// cookiesOff says so, and how to go on (G05). What was typed stands in the page,
// to be sent again once cookies are kept; a password does not.
func (r *Request) cookiesOff() error {
	page := consumer.CookiesOff{Base: r.Base(), Action: r.c.Path()}
	for _, name := range slices.Sorted(maps.Keys(r.Form().values)) {
		if value := r.Form().values[name]; !slices.Contains(unkept, name) && name != "password" {
			page.Typed = append(page.Typed, consumer.TypedField{Name: name, Value: value})
		}
	}
	return r.Page(http.StatusForbidden, page)
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
