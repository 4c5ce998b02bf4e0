package web

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// raw sends bytes as they are and returns the status line, or "" when the
// connection was closed without an answer.
func raw(t *testing.T, address, request string) string {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(15 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, request); err != nil {
		return ""
	}
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil {
		return ""
	}
	return strings.TrimSpace(line)
}

func TestS12_RequestsThatCanBeReadInTwoWaysAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	b.app.Server().ReadTimeout = time.Second // bare line feeds end no header: the server waits for more
	address, _ := b.listen(t)
	vectors := map[string]string{
		"two lengths":              "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\nhello",
		"two hosts":                "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
		"no host":                  "GET / HTTP/1.1\r\n\r\n",
		"bare line feeds":          "GET / HTTP/1.1\nHost: a\n\n",
		"a chunk with a line feed": "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n2;\nxx\r\n0\r\n\r\n",
		"a space before the colon": "GET / HTTP/1.1\r\nHost: a\r\nX-A : 1\r\n\r\n",
		"a length beside chunks":   "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG",
		"a transfer as it is":      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n",
		"a transfer in two lines":  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
		"a header in two lines":    "GET / HTTP/1.1\r\nHost: a\r\nX-A: 1\r\n\tX-B: 2\r\n\r\n",
		"a protocol of the future": "GET / HTTP/1.9\r\nHost: a\r\n\r\n",
	}
	for name, request := range vectors {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			line := raw(t, address, request)
			if line != "" && !strings.Contains(line, " 400 ") && !strings.Contains(line, " 408 ") {
				t.Errorf("answered %q", line)
			}
		})
	}
}

func TestS12_NothingOfTheAddressReachesAHeader(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	a := b.do(t, "GET", "/payments/new?x=%0d%0aSet-Cookie:%20evil=1", "")
	for name, values := range a.header {
		if strings.Contains(strings.Join(values, " "), "evil") {
			t.Errorf("%s: %v", name, values)
		}
	}
}

func TestS12_ABodyOverTheLimitGetsAnAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	address, _ := b.listen(t)
	tests := map[string]struct {
		path, kind string
		size       int
		want       int
	}{
		"five megabytes of form":       {"/", "application/x-www-form-urlencoded", 5 << 20, 413},
		"a form just over the limit":   {"/", "application/x-www-form-urlencoded", 64<<10 + 1, 413},
		"five megabytes of event":      {"/hooks/stripe", "application/json", 5 << 20, 413},
		"an event larger than a form":  {"/hooks/stripe", "application/json", 200 << 10, 200},
		"five megabytes of text":       {"/", "text/plain", 5 << 20, 415},
		"megabytes for no page at all": {"/nowhere", "text/plain", 5 << 20, 404},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			response, err := http.Post("http://"+address+tt.path, tt.kind, bytes.NewReader(make([]byte, tt.size)))
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			if response.StatusCode != tt.want {
				t.Errorf("got %d, want %d", response.StatusCode, tt.want)
			}
			if response.Header.Get("Content-Security-Policy") == "" {
				t.Error("the answer lacks the headers")
			}
		})
	}
}

func TestS12_HalfOpenRequestsAreNotHeld(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	b.app.Server().ReadTimeout = 200 * time.Millisecond
	address, _ := b.listen(t)
	const many = 300
	open := make([]net.Conn, 0, many)
	for range many {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "); err != nil {
			t.Fatal(err)
		}
		open = append(open, c)
	}
	for i, c := range open {
		if err := c.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, c); err != nil {
			t.Fatalf("connection %d was held: %v", i, err)
		}
	}
}
