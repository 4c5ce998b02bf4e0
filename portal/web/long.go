package web

import (
	"bytes"
	"net/http"
	"time"

	"github.com/valyala/fasthttp"

	"quittance/portal/web/body"
)

// Limits of an answer. Small ones are gone at once; a file, a copy of all
// records or a page of events may have to go over a poor line, and waits in
// memory for as long.
const (
	writeTime    = 30 * time.Second
	slowest      = 16 << 10 // bytes a second that a line must carry: an old phone's
	answerBudget = 64 << 20 // bytes of long answers that are under way, of all together
)

// timeFor is how long an answer of so many bytes may take.
func timeFor(size int) time.Duration {
	return writeTime + time.Duration(size)*time.Second/slowest
}

// long gives a long answer the time that a slow line needs. It holds its bytes
// of the budget until the last one is sent or the time is over; where there is
// no room for it the visitor is asked to come again.
func (s *Server) long(ctx *fasthttp.RequestCtx) {
	answer := &ctx.Response
	content := answer.Body()
	size := len(content)
	if answer.IsBodyStream() || size <= body.Small {
		return
	}
	if !s.answers.Hold(size) {
		answer.Reset()
		answer.SetStatusCode(http.StatusServiceUnavailable)
		answer.Header.Set("Retry-After", "30")
		return
	}
	if err := ctx.SetWriteDeadline(time.Now().Add(timeFor(size))); err != nil {
		ctx.SetConnectionClose() // the connection is gone
	}
	answer.SwapBody(nil) // so that the next answer does not write over it
	answer.SetBodyStream(&held{Reader: bytes.NewReader(content), free: func() { s.answers.Give(size) }}, size)
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
