package web

import (
	"time"

	"quittance/frontend/layouts"
	"quittance/portal/identity"
)

// warnBefore is how long before the end of a session the page warns: far above
// the 20 seconds that A11-05 asks for.
const warnBefore = 2 * time.Minute

// Base is what every consumer page knows.
func (r *Request) Base() layouts.Base {
	language := r.Visitor().Language
	session := r.Session()
	base := layouts.Base{
		Words:       r.s.words.Printer(language),
		Assets:      r.s.assets,
		Agency:      r.s.agency(language),
		Path:        r.page(),
		SignedIn:    session.Audience == identity.Consumers,
		Speaking:    string(session.Speaker.Role),
		CSRF:        r.FormToken(),
		PaymentsOff: r.s.paymentsOff(),
		Demo:        r.s.demo,
	}
	if base.SignedIn {
		base.Idle = idle(session, r.s.now())
	}
	return base
}

// Desk is what every page of the console and the demo knows. Who is signed in,
// and where they may go, the handler adds.
func (r *Request) Desk() layouts.Desk {
	return layouts.Desk{
		Words: r.s.words.Printer(r.Visitor().Language), Assets: r.s.assets, Name: r.s.agency("en").Name,
		CSRF: r.FormToken(), Path: r.page(), Version: r.s.version,
	}
}

// page is the address at which this page is found by a GET: that of a form's
// answer is the page with the form.
func (r *Request) page() string {
	if r.route.changes() {
		return r.s.pageOf(r.route, r.c.Path())
	}
	return r.c.Path()
}

// idle says when the page should warn and when the session ends, whichever of
// its two limits comes first.
func idle(session identity.Session, now time.Time) layouts.Idle {
	left := ends(session).Sub(now)
	if left <= 0 {
		return layouts.Idle{}
	}
	return layouts.Idle{
		WarnAfterSeconds: int(max(left-warnBefore, time.Second) / time.Second),
		EndAfterSeconds:  int(left / time.Second),
	}
}

func ends(s identity.Session) time.Time {
	if idle := s.IdleAt(); idle.Before(s.ExpiresAt) {
		return idle
	}
	return s.ExpiresAt
}
