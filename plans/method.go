package plans

import (
	"time"

	"quittance/payments"
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
		next.postpone(e.today)
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
