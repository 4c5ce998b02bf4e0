package demo

import (
	"sync"
	"time"
)

// clock is the time of the demo: the real one and what it was moved by. In a
// rehearsal that must be the same each time it stands still between its moves.
type clock struct {
	mu    sync.Mutex
	moved time.Duration
	still time.Time // where it stands; zero where it runs
}

// newStillClock stands at a time until it is moved.
func newStillClock(at time.Time) *clock { return &clock{still: at} }

// newClock starts at the real time, or, at night in the demo's part of the
// country, at the next morning: texts wait for the day (COM-01), and whoever
// tries the demo should not have to.
func newClock(real time.Time) *clock {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		zone = time.FixedZone("Eastern", -5*60*60)
	}
	local := real.In(zone)
	if h := local.Hour(); h >= 9 && h < 20 {
		return &clock{}
	}
	morning := time.Date(local.Year(), local.Month(), local.Day(), 10, 0, 0, 0, zone)
	if morning.Before(local) {
		morning = morning.AddDate(0, 0, 1)
	}
	return &clock{moved: morning.Sub(local)}
}

// Now returns the demo's time.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.still
	if now.IsZero() {
		now = time.Now()
	}
	return now.Add(c.moved).UTC().Truncate(time.Microsecond)
}

// Move moves the clock on, and returns by how much it is moved in all.
func (c *clock) Move(d time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.moved += d
	return c.moved
}

// days is how many whole days the clock was moved.
func (c *clock) days() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return int(c.moved / (24 * time.Hour))
}
