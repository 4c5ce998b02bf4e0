package web

import (
	"context"
	"errors"
	"strings"
	"time"

	"quittance/frontend/paths"
	"quittance/portal/identity"
)

// Sessions finds the session of a cookie, and counts the visit as a sign of
// life. It is identity.Sessions of one audience.
type Sessions interface {
	Check(ctx context.Context, cookie string) (identity.Session, error)
	// Look is Check, and no sign of life.
	Look(ctx context.Context, cookie string) (identity.Session, error)
}

// Session returns who is signed in; the zero session when nobody is. Routes
// with access Consumer or Staff are never reached without one.
func (r *Request) Session() identity.Session {
	if r.signed == nil {
		r.signed = &identity.Session{}
		if session, err := r.findSession(cookieSession, r.s.sessions); err == nil {
			r.signed = &session
		}
	}
	return *r.signed
}

func (r *Request) findSession(cookie string, sessions Sessions) (identity.Session, error) {
	token := r.cookie(cookie)
	if token == "" || sessions == nil {
		return identity.Session{}, identity.ErrNoSession
	}
	if r.route.Quiet {
		return sessions.Look(r.Context(), token)
	}
	return sessions.Check(r.Context(), token)
}

// Standing says, without a sign of life, how long the session of a page goes on:
// until when unless there is one, or where the page should lead that has none.
// form is the form token of the page, for another session may have begun.
func (r *Request) Standing(form string) (left time.Duration, next string) {
	session, err := r.findSession(cookieSession, r.s.sessions)
	switch {
	case errors.Is(err, identity.ErrIdle):
		return 0, paths.Start + "?ended=idle"
	case errors.Is(err, identity.ErrExpired):
		return 0, paths.Start + "?ended=expired"
	case over(err):
		return 0, paths.SignedOut
	case err != nil:
		return 0, ""
	case !sameToken(form, r.s.token("session", string(session.ID))):
		return 0, paths.Account
	}
	return ends(session).Sub(r.s.now()), ""
}

// SignIn starts the consumer's session: the cookie carries its token. Pages
// that were opened before still work, so the visit stays.
func (r *Request) SignIn(session identity.Session, token string) {
	r.setCookie(cookieSession, token, 0)
	r.setCookie(cookieOwner, r.s.owner(session), 0)
	r.setCookie(cookieDevice, r.s.device(session.Subject, string(session.Speaker.ID)), identity.LinkFor)
	for _, name := range []string{cookiePending, cookieStepUp, cookieTyped} {
		r.dropCookie(name)
	}
	r.signed = &session
}

// owner is the token of whose session it is: the consumer, or one who speaks for
// them.
func (s *Server) owner(of identity.Session) string {
	return s.token("owner", of.Subject+"/"+string(of.Speaker.ID))
}

// device is the token of a browser in which somebody was let in. It outlives the
// session, so that their own link leads back, and opens nothing by itself.
func (s *Server) device(subject, speaker string) string {
	return s.token("device", subject+"/"+speaker)
}

// KnowsDevice reports whether the consumer of an account was let in by this
// browser within a day.
func (r *Request) KnowsDevice(subject string) bool {
	return subject != "" && sameToken(r.cookie(cookieDevice), r.s.device(subject, ""))
}

// ForgetDevice lets no link lead back here.
func (r *Request) ForgetDevice() { r.dropCookie(cookieDevice) }

// SignOut forgets the consumer on this device, with everything that was kept.
func (r *Request) SignOut() {
	for _, name := range []string{cookieSession, cookiePending, cookieStepUp, cookieKept, cookieTyped, cookieOwner, cookieVisit} {
		r.dropCookie(name)
	}
	r.signed = &identity.Session{}
}

// SessionToken is what the consumer's session cookie holds.
func (r *Request) SessionToken() string { return r.cookie(cookieSession) }

// PendingToken is what identity keeps in the browser between the code and the
// personal detail.
func (r *Request) PendingToken() string { return r.cookie(cookiePending) }

// SetPending keeps it; it ends with the browser or when identity refuses it.
func (r *Request) SetPending(token string) { r.setCookie(cookiePending, token, 0) }

// ClearPending forgets how far the visitor had come.
func (r *Request) ClearPending() {
	for _, name := range []string{cookiePending, cookieStepUp} {
		r.dropCookie(name)
	}
}

// StepUp is what identity keeps in the browser while six digits are on their
// way, and the channel they went by.
func (r *Request) StepUp() (channel, token string) {
	channel, token, _ = strings.Cut(r.cookie(cookieStepUp), ".")
	return channel, token
}

// SetStepUp keeps it.
func (r *Request) SetStepUp(channel, token string) { r.setCookie(cookieStepUp, channel+"."+token, 0) }

// SecondStep is what identity keeps in a collector's browser between the password and
// the second factor.
func (r *Request) SecondStep() string { return r.cookie(cookieSecondStep) }

// SetSecondStep keeps it.
func (r *Request) SetSecondStep(token string) {
	r.setCookie(cookieSecondStep, token, identity.SecondStepFor)
}

// ClearSecondStep forgets it.
func (r *Request) ClearSecondStep() { r.dropCookie(cookieSecondStep) }

// SetNewCodes keeps recovery codes that were just made, sealed, for a few minutes.
func (r *Request) SetNewCodes(sealed string) { r.setCookie(cookieNewCodes, sealed, 10*time.Minute) }

// NewCodes is what SetNewCodes kept.
func (r *Request) NewCodes() string { return r.cookie(cookieNewCodes) }

// StaffSignIn starts a collector's session.
func (r *Request) StaffSignIn(token string) { r.setCookie(cookieStaff, token, 0) }

// StaffToken is what the collector's session cookie holds.
func (r *Request) StaffToken() string { return r.cookie(cookieStaff) }

// StaffSignOut forgets the collector on this device.
func (r *Request) StaffSignOut() {
	r.dropCookie(cookieStaff)
	r.dropCookie(cookieNewCodes)
}
