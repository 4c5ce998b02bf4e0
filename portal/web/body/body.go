// Package body reads what requests bring, under one bound for all of them: no
// number of requests, however large, takes more memory than the budget has.
package body

import (
	"bytes"
	"errors"
	"io"
	"sync"

	"github.com/valyala/fasthttp"
)

// Small is the most bytes that anybody may send without saying who they are. A
// part of the budget is kept for bodies of this size: whoever fills it with
// files keeps nobody from signing in.
const Small = 64 << 10

// Why a body is not read.
var (
	ErrTooLarge = errors.New("body is larger than this address takes")
	ErrBroken   = errors.New("body ends early or cannot be read")
	ErrBusy     = errors.New("too much is being read at this moment")
)

// Budget bounds the bytes of all bodies that are held at once. Make it with
// New.
type Budget struct {
	most, kept int // bytes; what is kept is for small bodies alone

	mu   sync.Mutex
	held int
}

// New returns a budget of most bytes, a quarter of which is kept for small
// bodies.
func New(most int) *Budget { return &Budget{most: most, kept: most / 4} }

// Held is how many bytes are held at this moment.
func (b *Budget) Held() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.held
}

func (b *Budget) take(n int, small bool) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	most := b.most
	if !small {
		most -= b.kept
	}
	if b.held+n > most {
		return false
	}
	b.held += n
	return true
}

func (b *Budget) give(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.held -= n
}

// Share is what one request holds of the budget.
type Share struct {
	budget *Budget
	held   int
}

type shareKey struct{}

const ownBudget = 16 << 20

// Open gives a request a share, with nothing in it.
func (b *Budget) Open(ctx *fasthttp.RequestCtx) *Share {
	s := &Share{budget: b}
	ctx.SetUserValue(shareKey{}, s)
	return s
}

// Of returns the share of a request. One that Open has not seen, in an app that
// is not our server's, has a budget of its own.
func Of(ctx *fasthttp.RequestCtx) *Share {
	if s, ok := ctx.UserValue(shareKey{}).(*Share); ok {
		return s
	}
	return &Share{budget: New(ownBudget)}
}

// Free gives back all that is held.
func (s *Share) Free() {
	s.budget.give(s.held)
	s.held = 0
}

// Read reads at most most bytes from a part of a body: ErrTooLarge when there
// are more, ErrBroken, ErrBusy. They are held until Free.
func (s *Share) Read(from io.Reader, most int) ([]byte, error) {
	all, err := io.ReadAll(&counted{from: io.LimitReader(from, int64(most)+1), share: s})
	switch {
	case errors.Is(err, ErrBusy):
		return nil, ErrBusy
	case err != nil:
		return nil, ErrBroken
	case len(all) > most:
		return nil, ErrTooLarge
	}
	return all, nil
}

// counted takes of the budget what has arrived, not what was announced: whoever
// opens a connection and sends nothing takes nothing.
type counted struct {
	from  io.Reader
	share *Share
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	if n == 0 {
		return 0, err
	}
	if !c.share.budget.take(n, c.share.held+n <= Small) {
		return 0, ErrBusy
	}
	c.share.held += n
	return n, err
}

// Read reads the body of a request whole and leaves it there, no stream any
// more: ErrTooLarge, ErrBroken, ErrBusy. After an error the rest is still on the
// connection, which has to end with the answer.
func Read(ctx *fasthttp.RequestCtx, most int) ([]byte, error) {
	r := &ctx.Request
	if !r.IsBodyStream() {
		return bytes.Clone(r.Body()), nil
	}
	if r.Header.ContentLength() > most {
		return nil, ErrTooLarge
	}
	all, err := Of(ctx).Read(r.BodyStream(), most)
	if err != nil {
		return nil, err
	}
	r.SetBodyRaw(all)
	return all, nil
}
