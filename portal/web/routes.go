package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"quittance/portal/web/body"
)

// Access says who may ask for a route. There is no default: a route without an
// access is refused when the server is built.
type Access string

// The kinds of access.
const (
	Public   Access = "public"   // anyone
	Pending  Access = "pending"  // has given a code or followed a link, not yet verified
	Consumer Access = "consumer" // verified
	Staff    Access = "staff"    // signed in to the console
	Hook     Access = "hook"     // proves itself by signing the body
	System   Access = "system"   // proves itself by a bearer token
	Operator Access = "operator" // health of this process; says nothing else
)

// Body is the one content type that a route reads. Anything else is answered
// with 415, so that no form can pose as a document and no document as a form.
type Body string

// The content types there are.
const (
	NoBody   Body = ""
	FormBody Body = "application/x-www-form-urlencoded"
	JSONBody Body = "application/json"
	// ReportBody is what a browser sends when a page's policy kept something out.
	ReportBody Body = "application/csp-report"
	// AnyForm takes a form of either encoding, whose fields nobody reads: all
	// that counts stands in the address.
	AnyForm Body = "form"
	// FilesBody is a form with files. It is read as it arrives, under limits of
	// its own: see Request.NextFile.
	FilesBody Body = "multipart/form-data"
)

// Route is one row of the table of addresses.
type Route struct {
	Method  string
	Pattern string // as Fiber writes it: "/debts/:id"
	Access  Access
	Handler func(*Request) error
	// CSRF asks for the token of this session or visit. Every route that changes
	// something and is reached by a browser asks for it.
	CSRF bool
	Body Body
	// MostBytes is how much a body may bring; zero is what is usual for its kind.
	MostBytes int
	// Keeps is the kind of evidence that the page is: what was shown is kept, and
	// what cannot be kept is not shown (REC-02). Empty for pages without legal
	// effect.
	Keeps string
	// Quiet marks what a page asks by itself, again and again: it is no sign of
	// life of the person, and the session ends in spite of it (G03).
	Quiet bool
	// Large marks what answers with a file. Only so many are made at once, and a
	// person may have only so many under way.
	Large bool
	// Page names the page in the gallery; empty for what shows none.
	Page string
	// Deadline bounds the request; zero is DefaultDeadline.
	Deadline time.Duration
}

// DefaultDeadline bounds a request whose route says nothing else.
const DefaultDeadline = 10 * time.Second

// PayDeadline bounds requests that wait for the processor. It is below the
// server's write timeout, and the gateway's own deadlines are below it.
const PayDeadline = 25 * time.Second

// FilesDeadline bounds requests that bring files: a phone with a poor signal
// needs minutes for a few photos.
const FilesDeadline = 5 * time.Minute

// Limits of a body, in bytes. Nobody sends more than a form before they are
// known; a hook is known by the signature of all that it sent.
const (
	formLimit = body.Small
	hookLimit = 256 << 10
	// filesLimit is how much a form with files may bring before it is cut off. It
	// is far above what is kept: a file that is too large is read and thrown away,
	// so that the person gets a sentence and not a broken connection.
	filesLimit = 400 << 20
)

// mostBytes is what is usual for a kind of body. A route that reads none is
// not in it.
var mostBytes = map[Body]int{FormBody: formLimit, AnyForm: formLimit, JSONBody: formLimit, ReportBody: reportLimit, FilesBody: filesLimit}

// mayBring is the most that a route may read of those who come to it.
func (r Route) mayBring() int {
	switch {
	case r.Body == NoBody:
		return 0
	case r.Body == FilesBody:
		return filesLimit
	case r.Access == Hook:
		return hookLimit
	}
	return formLimit
}

var accesses = []Access{Public, Pending, Consumer, Staff, Hook, System, Operator}

// ErrBadRoute says that a row of the table is not one the server may serve.
var ErrBadRoute = errors.New("route is not safe to serve")

// check refuses a route without access, and one that changes something without
// a token or a content type.
func (r Route) check() error {
	fault := func(why string) error { return fmt.Errorf("%w: %s %s: %s", ErrBadRoute, r.Method, r.Pattern, why) }
	switch {
	case r.Handler == nil:
		return fault("it has no handler")
	case !slices.Contains(accesses, r.Access):
		return fault("it does not say who may ask")
	case r.Method == http.MethodGet && (r.CSRF || r.Body != NoBody):
		return fault("a GET has neither body nor token")
	case r.Method == http.MethodHead:
		return fault("HEAD is answered by the server")
	case r.changes() && r.byBrowser() && !r.CSRF:
		return fault("it changes something without a token")
	case r.changes() && r.byBrowser() && r.Body != FormBody && r.Body != FilesBody:
		return fault("a browser sends forms only")
	case r.Body == FilesBody && r.Access != Consumer && r.Access != Staff:
		return fault("files are taken of those alone who are signed in")
	case r.Keeps != "" && r.Access != Consumer:
		return fault("only what a verified person sees is kept")
	case r.Access == Hook && r.Body == NoBody:
		return fault("a hook says what it reads")
	case r.MostBytes < 0 || r.MostBytes > r.mayBring():
		return fault("it reads more than those may send who come to it")
	}
	return nil
}

// changes reports whether the method may change something.
func (r Route) changes() bool {
	return r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodOptions
}

// byBrowser reports whether the route is reached with cookies.
func (r Route) byBrowser() bool {
	return r.Access == Public || r.Access == Pending || r.Access == Consumer || r.Access == Staff
}
