package console

import (
	"context"
	"io"
	"time"

	"github.com/a-h/templ"

	"quittance/frontend/components/summary"
	"quittance/frontend/locale"
	"quittance/frontend/pages"
	"quittance/frontend/pages/consumer"
	"quittance/frontend/paths"
	"quittance/plans/civil"
)

// CodeProblem is why a code was not taken.
type CodeProblem string

// Problems.
const (
	CodeMalformed CodeProblem = "malformed"
	CodeWrong     CodeProblem = "wrong"
	CodePaused    CodeProblem = "paused" // nothing was compared
	CodeNew       CodeProblem = "new"    // it is not of the app that is being set up
	CodeLate      CodeProblem = "late"   // the app must be set up anew
)

var codeProblems = map[CodeProblem]locale.Key{
	CodeMalformed: "console.code_malformed", CodeWrong: "console.code_wrong",
	CodeNew: "console.code_new", CodeLate: "console.code_late",
}

// words says what is wrong; empty for nothing.
func (p CodeProblem) words(b Base, waitMinutes int) string {
	if p == CodePaused {
		wait := b.T("console.code_paused", "n", waitMinutes)
		if hours := (waitMinutes + 59) / 60; hours > 1 {
			wait = b.T("console.code_paused_hours", "n", hours)
		}
		return wait + " " + b.T("console.code_paused_ways")
	}
	if key, ok := codeProblems[p]; ok {
		return b.T(key)
	}
	return ""
}

func (p CodeProblem) lines(b Base, field string, waitMinutes int) []summary.Line {
	if p == "" {
		return nil
	}
	return []summary.Line{{ID: field, Words: p.words(b, waitMinutes)}}
}

// SecondStep asks for the second factor after the password.
//
// POST /console/code with "code": six digits of the app, or a recovery code.
type SecondStep struct {
	Base
	Problem     CodeProblem
	WaitMinutes int // of CodePaused
}

// Render writes the page.
func (p SecondStep) Render(ctx context.Context, w io.Writer) error {
	return secondStepPage(p).Render(ctx, w)
}

// App sets up an authenticator app.
//
// POST to Action with "enrollment", "code" of the new app, and where it comes in
// another's place "current": a code of that one, or a recovery code.
type App struct {
	Base
	Action      string
	Secret      string // base 32
	URI         string // "otpauth://totp/…", what the app reads from the picture
	Enrollment  string
	Replaces    bool
	Problem     CodeProblem
	WaitMinutes int // of CodePaused
}

// Render writes the page.
func (p App) Render(ctx context.Context, w io.Writer) error { return appPage(p).Render(ctx, w) }

// ofCurrent reports whether what is wrong is at the code of the app that they have.
func (p App) ofCurrent() bool { return p.Problem != CodeNew && p.Problem != CodeLate }

func (p App) lines() []summary.Line {
	if p.ofCurrent() {
		return p.Problem.lines(p.Base, "current", p.WaitMinutes)
	}
	return p.Problem.lines(p.Base, "code", p.WaitMinutes)
}

func (p App) at(current bool) string {
	if p.ofCurrent() == current {
		return p.Problem.words(p.Base, p.WaitMinutes)
	}
	return ""
}

// groups parts a secret so that people can type it.
func (p App) groups() string {
	out := ""
	for i, r := range p.Secret {
		if i > 0 && i%4 == 0 {
			out += " "
		}
		out += string(r)
	}
	return out
}

// RecoveryCodes shows ten codes, once.
type RecoveryCodes struct {
	Base
	Codes []string
}

// Render writes the page.
func (p RecoveryCodes) Render(ctx context.Context, w io.Writer) error {
	return recoveryCodesPage(p).Render(ctx, w)
}

// Security is what lets a person in, and where they are signed in.
//
// POST /console/security/codes with "code"; POST /console/security/sessions with
// "session".
type Security struct {
	Base
	AppSince    time.Time // zero without an app
	CodesLeft   int
	Sessions    []Seat
	Recovered   bool // a recovery code opened this session
	Problem     CodeProblem
	WaitMinutes int // of CodePaused
}

// Seat is one place where the person is signed in.
type Seat struct {
	ID, Device  string // in words of ours, "windows edge"
	Since, Seen time.Time
	Here        bool
}

// Render writes the page.
func (p Security) Render(ctx context.Context, w io.Writer) error {
	return securityPage(p).Render(ctx, w)
}

func (p Security) device(s Seat) string { return consumer.DeviceName(p.Words, s.Device) }

func (p Security) moment(at time.Time) string {
	return p.Words.Date(civil.Of(at)) + ", " + p.Words.Clock(at)
}

// sampleSecret is nobody's.
const sampleSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

func secondFactors(show func(page, state, title, path string, build func(Base) templ.Component) pages.Example, signedOut func(Base) Base, at func(minute, second int) time.Time) []pages.Example {
	app := func(b Base) App {
		return App{
			Base: b, Action: paths.ConsoleApp, Secret: sampleSecret, Enrollment: "sample",
			URI: "otpauth://totp/Acme%20Services:maria@acme.example?secret=" + sampleSecret + "&issuer=Acme%20Services",
		}
	}
	all := []pages.Example{
		show("code", "empty", "The second step", paths.ConsoleSecondStep, func(b Base) templ.Component { return SecondStep{Base: signedOut(b)} }),
		show("app", "first", "Set up an app", paths.ConsoleApp, func(b Base) templ.Component { return app(signedOut(b)) }),
		show("app", "next", "Another app", paths.ConsoleSecurityApp, func(b Base) templ.Component {
			a := app(b)
			a.Action, a.Replaces = paths.ConsoleSecurityApp, true
			return a
		}),
		show("app", "current", "The code of the app they have is wrong", paths.ConsoleSecurityApp, func(b Base) templ.Component {
			a := app(b)
			a.Action, a.Replaces, a.Problem = paths.ConsoleSecurityApp, true, CodeWrong
			return a
		}),
		show("recovery-codes", "ten", "Ten recovery codes", paths.ConsoleApp, func(b Base) templ.Component {
			return RecoveryCodes{Base: signedOut(b), Codes: []string{
				"K7Q2-9MXD-4F3A", "2N5P-T8VB-71QC", "H4JZ-06RW-XK9D", "9DMS-3EYG-B2T5", "WQ71-5CNF-8HPA",
				"Z0TK-6VXJ-R4MD", "3B8G-YS2E-NQ7W", "F5P9-HD1C-06TZ", "XJ4V-2MKR-E8BS", "7AGN-W3QY-5D9F",
			}}
		}),
		show("security", "some", "What lets you in", paths.ConsoleSecurity, func(b Base) templ.Component { return security(b, at) }),
		show("security", "recovered", "Signed in by a recovery code", paths.ConsoleSecurityRecovered, func(b Base) templ.Component {
			s := security(b, at)
			s.Recovered, s.CodesLeft, s.Sessions = true, 1, s.Sessions[:1]
			return s
		}),
		show("security", "none", "No codes left", paths.ConsoleSecurity, func(b Base) templ.Component {
			s := security(b, at)
			s.CodesLeft, s.Problem = 0, CodeWrong
			return s
		}),
	}
	for _, problem := range []CodeProblem{CodeMalformed, CodeWrong, CodePaused} {
		all = append(all, show("code", string(problem), "A code that does not open", paths.ConsoleSecondStep, func(b Base) templ.Component {
			return SecondStep{Base: signedOut(b), Problem: problem, WaitMinutes: 42}
		}))
	}
	all = append(all, show("code", "day", "Too many codes of a day", paths.ConsoleSecondStep, func(b Base) templ.Component {
		return SecondStep{Base: signedOut(b), Problem: CodePaused, WaitMinutes: 23 * 60}
	}))
	for _, problem := range []CodeProblem{CodeNew, CodeLate} {
		all = append(all, show("app", string(problem), "A code that is not the new app's", paths.ConsoleApp, func(b Base) templ.Component {
			a := app(signedOut(b))
			a.Problem = problem
			return a
		}))
	}
	return all
}

func security(b Base, at func(minute, second int) time.Time) Security {
	return Security{Base: b, AppSince: at(0, 0), CodesLeft: 9, Sessions: []Seat{
		{ID: "ses_1", Device: "windows edge", Since: at(0, 0), Seen: at(30, 0), Here: true},
		{ID: "ses_2", Device: "android chrome", Since: at(5, 0), Seen: at(12, 0)},
	}}
}
