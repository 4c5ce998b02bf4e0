package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"quittance/portal/identity"
)

// doorGauges tells how the doors of consumers stand, without an id.
func (p *Portal) doorGauges() error {
	doors := &lastDoors{read: p.Store.Doors, now: p.in.Now}
	var errs []error
	for name, g := range map[string]struct {
		help string
		of   func(identity.Doors) int
	}{
		"portal_sign_in_failures":     {"Failures at codes that exist within an hour.", func(d identity.Doors) int { return d.Failed }},
		"portal_sign_in_budget":       {"How many of those an hour bears before possession is asked for.", func(d identity.Doors) int { return d.Budget }},
		"portal_sign_in_nobody":       {"Tries within the hour at codes and addresses that nobody has.", func(d identity.Doors) int { return d.Nobody }},
		"portal_sign_in_paused":       {"Tries within the hour that were not looked at.", func(d identity.Doors) int { return d.Paused }},
		"portal_codes_under_guessing": {"Accounts whose code had five misses within a day.", func(d identity.Doors) int { return len(d.Under) }},
	} {
		errs = append(errs, p.Metrics.Gauge(name, g.help, func() float64 {
			d, err := doors.get()
			if err != nil {
				return -1
			}
			return float64(g.of(d))
		}))
	}
	return errors.Join(errs...)
}

// lastDoors reads how the doors stand once for all the gauges of one look.
type lastDoors struct {
	read func(context.Context, time.Time) (identity.Doors, error)
	now  func() time.Time

	mu    sync.Mutex
	at    time.Time
	doors identity.Doors
	err   error
}

// DoorsFor is how long one reading serves.
const DoorsFor = 2 * time.Second

func (l *lastDoors) get() (identity.Doors, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if old := now.Sub(l.at); old >= 0 && old < DoorsFor {
		return l.doors, l.err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	l.doors, l.err = l.read(ctx, now)
	l.at = now
	return l.doors, l.err
}
