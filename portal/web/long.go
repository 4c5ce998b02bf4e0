package web

import (
	"bytes"
	"time"

	"github.com/gofiber/fiber/v2"

	"quittance/portal/web/body"
)

// Limits of an answer. Small ones are gone at once; a file, a copy of all
// records or a page of events may have to go over a poor line, and waits in
// memory for as long.
const (
	writeTime = 30 * time.Second
	slowest   = 16 << 10 // bytes a second that a line must carry: an old phone's
)

// timeFor is how long an answer of so many bytes may take.
func timeFor(size int) time.Duration {
	return writeTime + time.Duration(size)*time.Second/slowest
}

// makeLarge waits until the route's large answer may be made, and says when it
// is.
func (r *Request) makeLarge() (made func(), err error) {
	if !r.route.Large {
		return func() {}, nil
	}
	return r.s.answers.enter(r.Context(), r.asker())
}

// asker is who has a share of what large answers take: a person, or else the
// place where somebody is.
func (r *Request) asker() string {
	if r.signed != nil && r.signed.Subject != "" {
		return r.signed.Subject
	}
	return r.Visitor().IP.String()
}

// long gives a long answer the time that a slow line needs. It holds its bytes
// until the last one is sent or the time is over; errNoRoom where there is no
// room for them.
func (r *Request) long() error {
	answer, who := r.c.Response(), r.asker()
	content := answer.Body()
	size := len(content)
	if answer.IsBodyStream() || size <= body.Small {
		return nil
	}
	if !r.s.answers.hold(who, size) {
		r.c.Response().Header.Del(fiber.HeaderContentDisposition) // the page that says so is no file
		r.c.Response().Header.Del(fiber.HeaderContentEncoding)
		return errNoRoom
	}
	if err := r.c.Context().SetWriteDeadline(time.Now().Add(timeFor(size))); err != nil {
		r.c.Context().SetConnectionClose() // the connection is gone
	}
	answer.SwapBody(nil) // so that the next answer does not write over it
	answer.SetBodyStream(&held{Reader: bytes.NewReader(content), free: func() { r.s.answers.give(who, size) }}, size)
	return nil
}

// held is an answer on its way; fasthttp closes it when it is sent, or cannot be.
type held struct {
	*bytes.Reader
	free func()
}

// Close gives the bytes back.
func (h *held) Close() error {
	if h.free != nil {
		h.free()
		h.free = nil
	}
	return nil
}
