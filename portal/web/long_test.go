package web

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"quittance/portal/web/body"
)

// watched is a connection that tells until when it may be written to.
type watched struct {
	net.Conn
	mu    sync.Mutex
	until time.Time
}

func (w *watched) SetWriteDeadline(t time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.until = t
	return w.Conn.SetWriteDeadline(t)
}

func (w *watched) left() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Until(w.until)
}

// one hands out one connection.
type one struct {
	net.Listener
	conn chan net.Conn
}

func (o one) Accept() (net.Conn, error) {
	c, open := <-o.conn
	if !open {
		return nil, net.ErrClosed
	}
	return c, nil
}

// TestALongAnswerIsNotCutOffOnASlowLine reads the first byte of an answer and
// looks at how long the rest may take: the pipe holds nothing, so the server is
// still writing.
func TestALongAnswerIsNotCutOffOnASlowLine(t *testing.T) {
	t.Parallel()
	const megabytes = 10 << 20
	b := setup(t, nil, Route{Method: http.MethodGet, Pattern: "/long", Access: Public, Handler: func(r *Request) error {
		return r.Download("a.pdf", "application/pdf", make([]byte, megabytes))
	}})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	theirs, ours := net.Pipe()
	conn := &watched{Conn: ours}
	from := one{l, make(chan net.Conn, 1)}
	from.conn <- conn
	go func() { _ = b.Serve(t.Context(), from) }()
	go func() {
		_, _ = io.WriteString(theirs, "GET /long HTTP/1.1\r\nHost: pay.example\r\n\r\nGET / HTTP/1.1\r\nHost: pay.example\r\n\r\n")
	}()
	reader := bufio.NewReader(theirs)
	answer, err := http.ReadResponse(reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if want, left := timeFor(megabytes), conn.left(); answer.StatusCode != http.StatusOK || left < want-time.Minute || left > want {
		t.Errorf("%d: %v are left of %v", answer.StatusCode, left, want)
	}
	if held := b.answers.Held(); held != megabytes {
		t.Errorf("%d bytes are held while they are sent", held)
	}
	if n, err := io.Copy(io.Discard, answer.Body); n != megabytes || err != nil {
		t.Errorf("%d bytes came: %v", n, err)
	}
	next, err := http.ReadResponse(reader, nil) // the connection goes on, under the usual time
	if err != nil {
		t.Fatal(err)
	}
	_ = next.Body.Close()
	if left := conn.left(); next.StatusCode != http.StatusOK || left > writeTime {
		t.Errorf("%d: a short answer has %v", next.StatusCode, left)
	}
	if held := b.answers.Held(); held != 0 {
		t.Errorf("%d bytes are held after they were sent", held)
	}
	theirs.Close()
}

func TestALongAnswerForWhichThereIsNoRoomComesLater(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, Route{Method: http.MethodGet, Pattern: "/long", Access: Public, Handler: func(r *Request) error {
		return r.Bytes(http.StatusOK, "text/plain", make([]byte, body.Small+1))
	}})
	b.answers = body.New(2 * body.Small)
	b.answers.Hold(body.Small)
	if a := b.do(t, http.MethodGet, "/long", ""); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("%d %v", a.status, a.header)
	}
	b.answers = body.New(body.Small) // it is larger than all there is, and alone
	if a := b.do(t, http.MethodGet, "/long", ""); a.status != http.StatusOK || len(a.body) != body.Small+1 || b.answers.Held() != 0 {
		t.Errorf("%d, %d bytes, %d held", a.status, len(a.body), b.answers.Held())
	}
}
