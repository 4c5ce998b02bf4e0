package web

import (
	"context"
	"errors"
	"sync"
)

// What large answers take, in bytes.
const (
	answerBudget = 64 << 20         // that are under way, of all together
	answerShare  = answerBudget / 3 // of one person: two files, and what is small beside them
	largeAnswer  = 10 << 20         // a large answer is reckoned with so much before it is made
)

// How many large answers are made at once, each in twice its own memory and more,
// and how many one person may wait for: as many as a form has files.
const (
	madeAtOnce = 2
	mostWaits  = 6
)

// errNoRoom is returned where large answers take all the memory that they may, or
// those of one person their share.
var errNoRoom = errors.New("too many large answers are under way at this moment")

// room bounds what large answers take of the memory while they are made and while
// they are sent, and how much of it one person has: whoever reads slowly, on many
// connections, keeps nobody else from their papers. Make it with newRoom.
type room struct {
	slots chan struct{}

	mu   sync.Mutex
	held int
	of   map[string]guest
}

type guest struct{ waits, held int }

func newRoom() *room { return &room{slots: make(chan struct{}, madeAtOnce), of: map[string]guest{}} }

// enter waits until a large answer may be made; errNoRoom, or the error of ctx.
func (o *room) enter(ctx context.Context, who string) (leave func(), err error) {
	if !o.wait(who) {
		return nil, errNoRoom
	}
	defer o.change(who, guest{waits: -1})
	select {
	case o.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if !o.fits(who, largeAnswer) { // now that those before have theirs
		<-o.slots
		return nil, errNoRoom
	}
	return func() { <-o.slots }, nil
}

func (o *room) wait(who string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	g := o.of[who]
	g.waits++
	if g.waits > mostWaits {
		return false
	}
	o.of[who] = g
	return true
}

func (o *room) fits(who string, n int) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.has(who, n)
}

// has reports whether n bytes more have room. What is larger than all there is has
// room while nothing else is held: a person's whole file goes out too.
func (o *room) has(who string, n int) bool {
	mine := o.of[who].held
	return (mine == 0 || mine+n <= answerShare) && (o.held == 0 || o.held+n <= answerBudget)
}

// hold takes n bytes for an answer on its way; false where there is no room.
func (o *room) hold(who string, n int) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.has(who, n) {
		return false
	}
	o.held += n
	g := o.of[who]
	g.held += n
	o.of[who] = g
	return true
}

// give gives back what hold took.
func (o *room) give(who string, n int) {
	o.mu.Lock()
	o.held -= n
	o.mu.Unlock()
	o.change(who, guest{held: -n})
}

func (o *room) change(who string, by guest) {
	o.mu.Lock()
	defer o.mu.Unlock()
	g := o.of[who]
	g.waits, g.held = g.waits+by.waits, g.held+by.held
	if o.of[who] = g; g == (guest{}) {
		delete(o.of, who)
	}
}
