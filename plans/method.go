package plans

import (
	"time"

	"quittance/payments"
	"quittance/plans/civil"
)

// verified notes what became of the setup of an awaiting plan's method. What
// was due meanwhile moves to the end.
func verified(p Plan, setup payments.Setup, e env, now time.Time) (Change, error) {
	if p.Status != Awaiting || setup.ID != p.SetupID {
		return unmoved(p), nil
	}
	next := p.clone()
	switch setup.State {
	case payments.SetupReady:
		next.Status, next.Saved, next.ActivatedAt = Active, setup.Saved, now
		if setup.Details != (payments.Details{}) {
			next.Details = setup.Details
		}
		next.postpone(e.today, e)
		if err := next.arrange(e); err != nil {
			return unmoved(p), err
		}
		return moved(p, next, MethodChanged, now, NewsChanged), nil
	case payments.SetupFailed:
		if err := next.cancel(VerifyFailed); err != nil {
			return unmoved(p), err
		}
		return moved(p, next, MethodChanged, now, NewsCanceled), nil
	}
	return unmoved(p), nil
}

// takeMethod puts another method into a running plan, as the consumer signed
// it. One that is still being verified takes its place later, and the plan goes
// on as before until then (STR-11).
func takeMethod(p Plan, setup payments.Setup, e env, now time.Time) (Change, error) {
	switch {
	case p.SetupID == setup.ID || p.Incoming.SetupID == setup.ID:
		return unmoved(p), nil // the same form again
	case !p.Status.Running():
		return unmoved(p), ErrNotNow
	case setup.State == payments.SetupFailed:
		return unmoved(p), payments.ErrMethodRefused
	}
	next := p.clone()
	next.Incoming = Incoming{SetupID: setup.ID, Details: setup.Details, SignedAt: now}
	next.Version++
	news := NewsChanged
	switch {
	case setup.State == payments.SetupReady:
		news = next.arrive(setup, e, now)
	case p.Status == Awaiting:
		// Nothing was charged yet: the plan waits for this method and no other.
		next.SetupID, next.Details, next.Incoming = setup.ID, setup.Details, Incoming{}
	}
	if err := next.arrange(e); err != nil {
		return unmoved(p), err
	}
	return moved(p, next, MethodChanged, now, news), nil
}

// arrived notes what became of the setup of an incoming method. A plan whose
// new method could not be verified goes on as it was; the consumer is told.
func arrived(p Plan, setup payments.Setup, e env, now time.Time) (Change, error) {
	if !p.Incoming.Pending() || setup.ID != p.Incoming.SetupID {
		return unmoved(p), nil
	}
	next := p.clone()
	switch setup.State {
	case payments.SetupReady:
		// What is to come was signed then; what has to move now is not.
		asSigned := env{today: e.today, zones: e.zones, signed: p.Incoming.SignedAt}
		if p.Charging != Automatic {
			next.Charging = Automatic
			if err := next.arrange(asSigned); err != nil {
				return unmoved(p), err
			}
			next.postpone(e.today, e)
		}
		news := next.arrive(setup, e, now)
		if err := next.arrange(e); err != nil {
			return unmoved(p), err
		}
		return moved(p, next, MethodChanged, now, news), nil
	case payments.SetupFailed:
		next.Incoming.SetupID = ""
		return moved(p, next, MethodChanged, now, NewsChanged), nil
	}
	return unmoved(p), nil
}

// arrive makes the incoming method the plan's own. A plan that stood still for
// want of one goes on, and what did not work or was missed moves to the end.
func (p *Plan) arrive(setup payments.Setup, e env, now time.Time) News {
	if setup.Details == (payments.Details{}) {
		setup.Details = p.Incoming.Details
	}
	late := p.Charging != Automatic
	p.SetupID, p.Saved, p.Details, p.Charging, p.Incoming = setup.ID, setup.Saved, setup.Details, Automatic, Incoming{}
	news := NewsChanged
	switch {
	case p.Status == Awaiting:
		p.Status, p.ActivatedAt, late = Active, now, true
	case p.Status == Broken, p.Status == Paused && forMethod(p.Reason):
		p.Status, p.Reason, p.ResumeOn = Active, "", civil.Date{}
		news, late = NewsResumed, true
	}
	if late {
		p.postpone(e.today, e)
	}
	for n := range p.Installments {
		if i := &p.Installments[n]; i.Status == Failed && i.Owed() > 0 {
			p.toEnd(i, civil.AddRegFDays(e.today, noticeAhead))
		}
	}
	return news
}

// forMethod reports whether a plan stands still because of its method.
func forMethod(r Reason) bool { return r == MethodFailed || r == NeedsSignIn || r == StopPayment }

// methodGone pauses a plan whose method can no longer be charged. The consumer
// may give another or go on by hand.
func methodGone(p Plan, methodID string, now time.Time) Change {
	if p.Saved.MethodID != methodID || p.Charging != Automatic || p.Status != Active && p.Status != Awaiting {
		return unmoved(p)
	}
	next := p.clone()
	if p.Status == Awaiting {
		if next.cancel(VerifyFailed) != nil {
			return unmoved(p)
		}
		return moved(p, next, MethodChanged, now, NewsCanceled)
	}
	next.Status, next.Reason = Paused, MethodFailed
	return moved(p, next, MethodChanged, now, NewsPaused)
}
