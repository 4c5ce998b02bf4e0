package web

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// filesRoute counts what reaches a handler of a form with files.
func filesRoute(t *testing.T, seen *[]string) Route {
	return Route{Method: http.MethodPost, Pattern: "/disputes/about/:id", Access: Consumer, CSRF: true, Body: FilesBody, Deadline: FilesDeadline,
		Handler: func(r *Request) error {
			for {
				f, err := r.NextFile()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					return err
				}
				n, err := io.Copy(io.Discard, io.LimitReader(f, 1<<20))
				if err != nil {
					t.Error(err)
				}
				*seen = append(*seen, fmt.Sprintf("%s %s %d", f.Field, f.Name, n))
			}
			*seen = append(*seen, r.Form().Text("before")+" "+r.Form().Text("behind"))
			return r.Bytes(http.StatusUnprocessableEntity, "text/plain", []byte("a sentence"))
		}}
}

func TestALargeVideoIsReadAwayAndAnsweredWithASentence(t *testing.T) {
	t.Parallel()
	var seen []string
	b := setup(t, nil, filesRoute(t, &seen))
	session, token := "__Host-session=ana", b.token("session", "ses_ana")
	address, _ := b.listen(t)
	head := "--x\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" + token +
		"\r\n--x\r\nContent-Disposition: form-data; name=\"before\"\r\n\r\n1" +
		"\r\n--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n" +
		"\r\n--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"film.mp4\"\r\nContent-Type: video/mp4\r\n\r\n"
	tail := "\r\n--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"slip.jpg\"\r\nContent-Type: image/jpeg\r\n\r\nphoto" +
		"\r\n--x\r\nContent-Disposition: form-data; name=\"behind\"\r\n\r\n2\r\n--x--\r\n"
	const video = 200 << 20
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "POST /disputes/about/1 HTTP/1.1\r\nHost: pay.example\r\nCookie: %s\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n",
		session, len(head)+video+len(tail))
	go func() {
		_, _ = io.WriteString(c, head)
		_, _ = io.Copy(c, io.LimitReader(zeros{}, video))
		_, _ = io.WriteString(c, tail)
	}()
	response, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusUnprocessableEntity || string(body) != "a sentence" {
		t.Fatalf("%d %q, %v", response.StatusCode, body, err)
	}
	if want := "files film.mp4 1048576|files slip.jpg 5|1 2"; strings.Join(seen, "|") != want {
		t.Errorf("seen %q", seen)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestAFormWithFilesIsRefusedWithoutASessionItsTokenOrItsAddress(t *testing.T) {
	t.Parallel()
	var seen []string
	b := setup(t, nil, filesRoute(t, &seen))
	session, token := "__Host-session=ana", b.token("session", "ses_ana")
	part := func(name, value string) string {
		return "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n"
	}
	const end = "--x--\r\n"
	for name, c := range map[string]struct {
		path, cookie, body string
		want               int
	}{
		"no session":         {"/disputes/about/1", "", part("csrf", token) + end, http.StatusForbidden},
		"no token":           {"/disputes/about/1", session, part("before", "1") + end, http.StatusForbidden},
		"a field twice":      {"/disputes/about/1", session, part("csrf", token) + part("csrf", token) + end, http.StatusBadRequest},
		"a field too long":   {"/disputes/about/1", session, part("csrf", token) + part("a", strings.Repeat("a", maxFieldBytes+1)) + end, http.StatusBadRequest},
		"too much of fields": {"/disputes/about/1", session, part("csrf", token) + many(part) + end, http.StatusBadRequest},
		"no such address":    {"/disputes/nowhere", session, part("csrf", token) + end, http.StatusNotFound},
		"all is well":        {"/disputes/about/1", session, part("csrf", token) + end, http.StatusUnprocessableEntity},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://pay.example"+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		if c.cookie != "" {
			request.Header.Set("Cookie", c.cookie)
		}
		response, err := b.Test(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != c.want {
			t.Errorf("%s: %d, want %d", name, response.StatusCode, c.want)
		}
	}
}

// TestSEC07_OfNobodysFilesNoMoreIsReadThanOfAForm announces megabytes, sends a
// little more than anybody may, and waits: the answer comes before the rest.
func TestSEC07_OfNobodysFilesNoMoreIsReadThanOfAForm(t *testing.T) {
	t.Parallel()
	var seen []string
	b := setup(t, nil, filesRoute(t, &seen))
	address, _ := b.listen(t)
	for name, cookie := range map[string]string{"nobody": "", "a session that ended": "Cookie: __Host-session=idle\r\n"} {
		line := raw(t, address, "POST /disputes/about/1 HTTP/1.1\r\nHost: pay.example\r\nContent-Type: multipart/form-data; boundary=x\r\n"+cookie+
			"Content-Length: 20000000\r\n\r\n"+strings.Repeat("a", formLimit+20<<10))
		if !strings.Contains(line, " 403 ") && !strings.Contains(line, " 303 ") || len(seen) > 0 {
			t.Errorf("%s got %q; the handler saw %q", name, line, seen)
		}
	}
}

func many(part func(string, string) string) string {
	var all strings.Builder
	for n := range 20 {
		all.WriteString(part(fmt.Sprint("f", n), strings.Repeat("a", maxFieldBytes)))
	}
	return all.String()
}

func TestOnlyThoseWhoAreSignedInMaySendFiles(t *testing.T) {
	t.Parallel()
	for _, who := range []Access{Public, Pending, Hook} {
		r := Route{Method: http.MethodPost, Pattern: "/x", Access: who, CSRF: true, Body: FilesBody, Handler: func(*Request) error { return nil }}
		if err := r.check(); !errors.Is(err, ErrBadRoute) {
			t.Errorf("%s: %v", who, err)
		}
	}
}
