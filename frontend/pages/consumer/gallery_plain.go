package consumer

import (
	"github.com/a-h/templ"

	"quittance/frontend/pages"
	"quittance/frontend/paths"
)

func (s sample) helping() []pages.Example {
	var all []pages.Example
	for _, about := range []About{AboutCode, AboutIdentity} {
		all = append(all, s.show("help", string(about), "Help before the identity check", false, helpPath(about), func(b Base) templ.Component {
			return Help{b, about}
		}))
	}
	for _, about := range []About{AboutPlan, AboutWrong, AboutProof, AboutCredit} {
		all = append(all, s.show("help", string(about), "Help for those who are signed in", true, helpPath(about), func(b Base) templ.Component {
			return Help{b, about}
		}))
	}
	return all
}

func (s sample) plain() []pages.Example {
	plain := func(page, state, title string, signedIn bool, build func(Base) templ.Component) pages.Example {
		return s.show(page, state, title, signedIn, paths.Start, build)
	}
	return []pages.Example{
		plain("privacy", "visitor", "Privacy", false, func(b Base) templ.Component { return Privacy{b} }),
		plain("privacy", "signed-in", "Privacy, signed in", true, func(b Base) templ.Component { return Privacy{b} }),
		plain("signed-out", "done", "Signed out", false, func(b Base) templ.Component { return SignedOut{b} }),
		plain("session-expired", "plain", "The session ended before a form was sent", false, func(b Base) templ.Component { return SessionExpired{Base: b} }),
		plain("session-expired", "kept", "The same, and what was typed is kept", false, func(b Base) templ.Component { return SessionExpired{b, true} }),
		plain("not-found", "visitor", "No such page", false, func(b Base) templ.Component { return NotFound{b} }),
		plain("not-found", "signed-in", "No such page, signed in", true, func(b Base) templ.Component { return NotFound{b} }),
		plain("error", "visitor", "A fault of ours", false, func(b Base) templ.Component { return Error{Base: b, Reference: "ERR-4Q7XK2MD"} }),
		plain("error", "paying", "A fault of ours while paying", true, func(b Base) templ.Component { return Error{b, "ERR-4Q7XK2MD", true} }),
		plain("too-many", "wait", "Too many requests", false, func(b Base) templ.Component { return TooMany{b, 5} }),
		plain("too-many", "plain", "Too many requests, no time given", false, func(b Base) templ.Component { return TooMany{Base: b} }),
		plain("unavailable", "plain", "The database cannot be reached", false, func(b Base) templ.Component { return Unavailable{b} }),
		plain("too-long", "plain", "Too much is typed to change the language", false, func(b Base) templ.Component { return TooLong{b} }),
		plain("cookies", "off", "The browser keeps no cookies", false, func(b Base) templ.Component {
			return CookiesOff{Base: b, Action: paths.Start, Typed: []TypedField{{"code", "K7Q2-9MXD-4F"}}}
		}),
		plain("forbidden", "plain", "A form that is not ours", false, func(b Base) templ.Component { return Forbidden{b} }),
	}
}
