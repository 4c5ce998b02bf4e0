package web

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"quittance/portal/identity"
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
	b := setup(t, nil, Route{Method: http.MethodGet, Pattern: "/long", Access: Public, Large: true, Handler: func(r *Request) error {
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
	if held := b.answers.all(); held != megabytes {
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
	if held := b.answers.all(); held != 0 {
		t.Errorf("%d bytes are held after they were sent", held)
	}
	theirs.Close()
}

// all is how many bytes of answers are under way.
func (o *room) all() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.held
}

// threePeople knows three consumers, each by a cookie of their own.
type threePeople struct{ oneSession }

func (p threePeople) Check(ctx context.Context, token string) (identity.Session, error) {
	session, err := p.oneSession.Check(ctx, "ana")
	if !slices.Contains([]string{"ana", "ben", "eve"}, token) {
		return identity.Session{}, identity.ErrNoSession
	}
	session.Subject, session.ID = "acc_"+token, identity.SessionID("ses_"+token)
	return session, err
}

const megabyte = 1 << 20

// lending is a server from which signed-in people download a file of so many bytes.
func lending(t *testing.T, size int) bundle {
	t.Helper()
	return setup(t, func(c *Config) { c.Sessions = threePeople{} }, Route{Method: http.MethodGet, Pattern: "/file", Access: Consumer, Large: true, Handler: func(r *Request) error {
		r.SetHeader("Content-Encoding", "identity")
		return r.Download("a.pdf", "application/pdf", make([]byte, size))
	}})
}

// slow asks for the file and reads no more than the head of the answer; the rest
// is read by the returned function.
func slow(t *testing.T, address, who string) (head *http.Response, rest func() (int64, error)) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := errors.Join(c.(*net.TCPConn).SetReadBuffer(256<<10), c.SetDeadline(time.Now().Add(30*time.Second))); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, "GET /file HTTP/1.1\r\nHost: pay.example\r\nConnection: close\r\nCookie: __Host-session="+who+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	head, err = http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	return head, func() (int64, error) { return io.Copy(io.Discard, head.Body) }
}

// TestSEC07_SlowDownloadsOfOnePersonLeaveRoomForThoseOfOthers lets one person hold
// their whole share, and asks what is left to them and to somebody else.
func TestSEC07_SlowDownloadsOfOnePersonLeaveRoomForThoseOfOthers(t *testing.T) {
	t.Parallel()
	b := lending(t, 10*megabyte)
	address, _ := b.listen(t)
	var ends []func() (int64, error)
	for range 2 {
		head, rest := slow(t, address, "eve")
		if head.StatusCode != http.StatusOK {
			t.Fatalf("a download within the share: %d", head.StatusCode)
		}
		ends = append(ends, rest)
	}
	for range 5 {
		head, rest := slow(t, address, "eve")
		if head.StatusCode != http.StatusServiceUnavailable || head.Header.Get("Retry-After") != "30" {
			t.Errorf("above the share: %d %v", head.StatusCode, head.Header)
		}
		if _, err := rest(); err != nil {
			t.Error(err)
		}
	}
	for _, who := range []string{"ana", "ben"} {
		head, rest := slow(t, address, who)
		if n, err := rest(); head.StatusCode != http.StatusOK || n != 10*megabyte || err != nil {
			t.Errorf("%s beside a person who reads slowly: %d, %d bytes: %v", who, head.StatusCode, n, err)
		}
	}
	for _, rest := range ends {
		if n, err := rest(); n != 10*megabyte || err != nil {
			t.Errorf("%d bytes came: %v", n, err)
		}
	}
	if head, rest := slow(t, address, "eve"); head.StatusCode != http.StatusOK {
		t.Errorf("once all is sent: %d", head.StatusCode)
	} else if _, err := rest(); err != nil {
		t.Error(err)
	}
}

// TestALongAnswerForWhichThereIsNoRoomComesLater asks for a file while none has
// room: the answer is a page like any other, and no file.
func TestALongAnswerForWhichThereIsNoRoomComesLater(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]int{"known before it is made": largeAnswer, "known when it is made": body.Small + 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := lending(t, 12*megabyte)
			b.answers.hold("others", answerBudget-size)
			a := b.do(t, http.MethodGet, "/file", "", "Cookie", "__Host-session=ana", "Accept-Language", "es")
			if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") != "30" || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") ||
				!strings.Contains(a.body, "Intente") || a.header.Get("Content-Disposition") != "" || a.header.Get("Content-Encoding") != "" {
				t.Errorf("%d %v %.300s", a.status, a.header, a.body)
			}
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Content-Security-Policy": b.policy.plain} {
				if got := a.header.Get(name); got != want {
					t.Errorf("%s is %q", name, got)
				}
			}
			if id := a.header.Get("X-Request-Id"); id == "" || !strings.Contains(b.log.String(), "status=503") || !strings.Contains(b.log.String(), id) {
				t.Errorf("the log does not name it: %q: %s", id, b.log.String())
			}
			b.answers.give("others", answerBudget-size)
			if a := b.do(t, http.MethodGet, "/file", "", "Cookie", "__Host-session=ana"); a.status != http.StatusOK || len(a.body) != 12*megabyte || len(b.answers.of) != 0 {
				t.Errorf("with room: %d, %d bytes; %v hold some", a.status, len(a.body), b.answers.of)
			}
		})
	}
	b := lending(t, answerBudget+1) // it is larger than all there is, and alone
	if a := b.do(t, http.MethodGet, "/file", "", "Cookie", "__Host-session=ana"); a.status != http.StatusOK || len(a.body) != answerBudget+1 || b.answers.all() != 0 {
		t.Errorf("%d, %d bytes, %d held", a.status, len(a.body), b.answers.all())
	}
}

// TestOnlySoManyLargeAnswersAreMadeAtOnce stops two in the making: a third waits,
// and of one person no more wait than a form has files.
func TestOnlySoManyLargeAnswersAreMadeAtOnce(t *testing.T) {
	t.Parallel()
	making, goOn := make(chan string, 20), make(chan struct{})
	b := setup(t, func(c *Config) { c.Sessions = threePeople{} }, Route{Method: http.MethodGet, Pattern: "/file", Access: Consumer, Large: true, Handler: func(r *Request) error {
		making <- r.Session().Subject
		<-goOn
		return r.Download("a.pdf", "application/pdf", []byte("%PDF"))
	}})
	address, _ := b.listen(t)
	statuses := make(chan int, 20)
	ask := func(who string) {
		head, rest := slow(t, address, who)
		if _, err := rest(); err != nil {
			t.Error(err)
		}
		statuses <- head.StatusCode
	}
	for range madeAtOnce {
		go ask("eve")
		<-making
	}
	for range mostWaits + 3 {
		go ask("eve")
	}
	for range 3 { // they are told at once; six wait
		if status := <-statuses; status != http.StatusServiceUnavailable {
			t.Errorf("one too many: %d", status)
		}
	}
	select {
	case who := <-making:
		t.Errorf("a third was made for %s", who)
	default:
	}
	close(goOn)
	for range madeAtOnce + mostWaits {
		if status := <-statuses; status != http.StatusOK {
			t.Errorf("one who waited: %d", status)
		}
	}
}

func TestADownloadComesOnlyFromARouteThatSaysItIsLarge(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, Route{Method: http.MethodGet, Pattern: "/file", Access: Public, Handler: func(r *Request) error {
		return r.Download("a.pdf", "application/pdf", []byte("%PDF"))
	}})
	if a := b.do(t, http.MethodGet, "/file", ""); a.status != http.StatusInternalServerError || !strings.Contains(b.log.String(), "not marked as large") {
		t.Errorf("%d %s", a.status, b.log.String())
	}
}
