package outbox

import "time"

// schedule is how long after each failed attempt the next one follows (W5):
// ten attempts over 75 h 35 min 5 s.
var schedule = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
	10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

const (
	// pauseAfter is how long an endpoint may do nothing but fail.
	pauseAfter = 72 * time.Hour
	// jitterPart is the largest part of a wait that is added at random, so that
	// many deliveries that failed together do not come back together.
	jitterPart = 10
	// maxRetryAfter bounds what a receiver may ask for.
	maxRetryAfter = 24 * time.Hour
	// breakAfter is how many failures in a row open the breaker: from then on
	// the endpoint is left alone for breakFor after each batch that failed.
	breakAfter = 10
	breakFor   = 30 * time.Second
	// throttleFrom doubles with each failure in a row up to throttleMost.
	throttleFrom = 5 * time.Second
	throttleMost = 5 * time.Minute
)

// reply is what came of one POST.
type reply struct {
	Attempt
	RetryAfter    time.Duration // 0 when not asked for
	TransactionID string        // what the receiver says it posted
}

func (r reply) ok() bool { return r.Class == ClassOK }

// posts reports whether a good reply books the event.
func posts(e Endpoint, d Delivery, r reply) bool {
	return d.Type.Posts() && (r.TransactionID != "" || e.PostsOnReceipt && e.CreditorRef == "" && d.Type.AboutPayment())
}

// outcome decides what becomes of a delivery. random is in [0, 1).
func outcome(e Endpoint, d Delivery, r reply, random float64) Result {
	res := Result{Endpoint: d.Endpoint, Sequence: d.Sequence, Event: d.Event, Attempts: d.Attempts + 1, Attempt: r.Attempt}
	done := r.At.Add(r.Duration).UTC().Truncate(time.Microsecond)
	switch {
	case r.ok():
		res.State, res.DeliveredAt = Delivered, done
		if posts(e, d, r) {
			res.Posting = &Posting{Event: d.Event, TransactionID: r.TransactionID, PostedAt: done}
		}
	case res.Attempts > len(schedule):
		res.State = Exhausted
	default:
		wait := schedule[res.Attempts-1]
		wait += time.Duration(random * float64(wait/jitterPart))
		res.State, res.NextAt = Pending, r.At.Add(max(wait, r.RetryAfter)).UTC().Truncate(time.Microsecond)
	}
	return res
}

// Alert is a warning to the people who own an endpoint.
type Alert string

// Alerts, in the order in which a failing endpoint raises them.
const (
	AlertHour   Alert = "failing_1h"
	AlertDay    Alert = "failing_24h"
	AlertPaused Alert = "paused"
	AlertGone   Alert = "gone"
)

// health decides what a batch of replies makes of their endpoint, and which
// alert is due, if any.
func health(e Endpoint, replies []reply, now time.Time) (Endpoint, Alert) {
	good, failed := false, 0
	var asked time.Duration
	for _, r := range replies {
		switch {
		case r.ok():
			good = true
		case r.Class == ClassSecret:
			// Our own fault is not held against the endpoint.
		case r.Class == ClassGone:
			e.Status, e.Reason = Disabled, "gone"
			return e, AlertGone
		default:
			failed++
			asked = max(asked, r.RetryAfter, throttle(r.Class, e.Failures+failed))
		}
	}
	if asked > 0 {
		e.HoldUntil = now.Add(asked)
	}
	if good {
		e.FailingSince, e.AlertedAt, e.Failures = time.Time{}, time.Time{}, 0
		return e, ""
	}
	if failed == 0 {
		return e, ""
	}
	return failing(e, failed, now)
}

// failing decides about an endpoint whose whole batch failed.
func failing(e Endpoint, failed int, now time.Time) (Endpoint, Alert) {
	e.Failures += failed
	if e.FailingSince.IsZero() {
		e.FailingSince = now
	}
	if e.Failures >= breakAfter && e.HoldUntil.Before(now.Add(breakFor)) {
		e.HoldUntil = now.Add(breakFor)
	}
	since := now.Sub(e.FailingSince)
	switch {
	case since >= pauseAfter:
		e.Status, e.Reason, e.AlertedAt = Paused, "failing", now
		return e, AlertPaused
	case since >= 24*time.Hour && e.AlertedAt.Before(e.FailingSince.Add(24*time.Hour)):
		e.AlertedAt = now
		return e, AlertDay
	case since >= time.Hour && e.AlertedAt.Before(e.FailingSince.Add(time.Hour)):
		e.AlertedAt = now
		return e, AlertHour
	}
	return e, ""
}

// throttle is how long to leave an endpoint alone that said it is overloaded.
func throttle(c Class, failures int) time.Duration {
	if c != ClassThrottle {
		return 0
	}
	wait := throttleFrom
	for i := 1; i < failures && wait < throttleMost; i++ {
		wait *= 2
	}
	return min(wait, throttleMost)
}
