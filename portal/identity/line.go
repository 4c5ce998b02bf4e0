package identity

import (
	"context"
	"errors"
	"sync"
)

// ErrCrowded is returned when so many passwords are being checked that one more
// would wait too long. The password was not looked at, and no try was counted.
var ErrCrowded = errors.New("too many passwords are being checked at this moment")

// Places of the line in which passwords wait to be checked. Strangers are
// checked one at a time, in about a tenth of a second each: whoever has a place
// waits for a second or so.
const (
	placesForAll   = 8
	placesForKnown = 8 // more, for browsers that were in before
)

// line is the line before the door. Each visitor has one place in it, so that
// nobody fills it alone, and strangers together never take the places of those
// who were in before. Make it with newLine.
type line struct {
	turns chan struct{} // of strangers

	mu      sync.Mutex
	waiting map[string]bool
	all     int // strangers who wait
	known   int
}

func newLine() line { return line{turns: make(chan struct{}, 1)} }

// turn waits until a password may be checked; over ends it. Whoever was in before
// does not wait for strangers, whose checks never take every core.
func (l *line) turn(ctx context.Context, known bool) (over func(), err error) {
	if known {
		return func() {}, nil
	}
	select {
	case l.turns <- struct{}{}:
		return func() { <-l.turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// enter takes a place for a visitor until leave is called; ErrCrowded. Known is
// a browser that was in before.
func (l *line) enter(visitor string, known bool) (leave func(), err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	place, most := &l.all, placesForAll
	if known {
		place, most, visitor = &l.known, placesForKnown, "known/"+visitor
	}
	if l.waiting[visitor] || *place >= most {
		return nil, ErrCrowded
	}
	if l.waiting == nil {
		l.waiting = map[string]bool{}
	}
	l.waiting[visitor] = true
	*place++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.waiting, visitor)
		*place--
	}, nil
}
