package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// nginxConfig is a proxy as an agency runs one: connections to the portal are
// kept and shared by all visitors, and the console is for nobody outside. One
// kept connection alone makes each visitor follow the one before. The second
// address hands bodies on as they arrive.
const nginxConfig = `daemon off; master_process off; worker_processes 1; pid %[1]s/pid; error_log %[1]s/error.log crit;
events { worker_connections 512; }
http {
  access_log off; client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
  client_max_body_size 0; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;
  upstream held { server %[2]s; keepalive 1; }
  upstream streamed { server %[2]s; keepalive 1; }
  server { listen %[3]s; location / { proxy_pass http://held; } location /console { deny all; } }
  server { listen %[4]s; proxy_request_buffering off; location / { proxy_pass http://streamed; } location /console { deny all; } }
}
`

// behindNginx starts a real nginx before the portal and returns its two
// addresses.
func behindNginx(t *testing.T, f *front) []string {
	t.Helper()
	binary, err := exec.LookPath("nginx")
	if err != nil {
		if binary, err = exec.LookPath("/usr/sbin/nginx"); err != nil {
			t.Fatalf("nginx is missing (.ci/deps installs it): %v", err)
		}
	}
	dir, addresses := t.TempDir(), []string{freeAddress(t), freeAddress(t)}
	path := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(path, fmt.Appendf(nil, nginxConfig, dir, f.address, addresses[0], addresses[1]), 0o600); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	command := exec.Command(binary, "-p", dir, "-c", path, "-e", filepath.Join(dir, "start.log"))
	command.Stdout, command.Stderr = &said, &said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
	until := time.Now().Add(20 * time.Second)
	for {
		if answer, err := http.Get("http://" + addresses[0] + "/healthz"); err == nil {
			_ = answer.Body.Close()
			return addresses
		}
		if time.Now().After(until) {
			t.Fatalf("nginx does not answer: %s", said.String())
		}
	}
}

// asks sends one request on a connection of its own and returns the answer.
func asks(t *testing.T, address, path, headers string) reply {
	t.Helper()
	all := replies(t, address, http.MethodGet, fmt.Sprintf("GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n", path, headers))
	if len(all) != 1 {
		t.Errorf("%s got %d answers", path, len(all))
		return reply{}
	}
	return all[0]
}

// allVectors sends every vector to every address through nginx, and floods for as
// long as an attacker would; otherwise every fourth pair is sent.
var allVectors = flag.Bool("whole", false, "send all vectors through nginx and hold all floods")

// leaves sends one request and goes once it was answered.
func leaves(t *testing.T, address, bytes string) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.WriteString(c, bytes) }()
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
}

// TestS12_BehindNginxThatKeepsConnectionsNobodyGetsAnothersAnswer sends every
// vector through nginx; after each of them somebody else asks for a page, on the
// connection to the portal that both share.
func TestS12_BehindNginxThatKeepsConnectionsNobodyGetsAnothersAnswer(t *testing.T) {
	t.Parallel()
	f := newFront(t)
	every := 4
	if *allVectors {
		every = 1
	}
	for _, address := range behindNginx(t, f) {
		f.attack(t, every, func(v vector, to target) string {
			bytes := v.make(f, to)
			method, _, _ := strings.Cut(bytes, " ")
			all := replies(t, address, method, bytes)
			if len(all) == 0 || len(all) > 2 {
				return fmt.Sprintf("%d answers", len(all))
			}
			if other := asks(t, address, "/healthz", ""); other.status != http.StatusOK || strings.Contains(other.kind, "html") {
				return fmt.Sprintf("the next visitor got %+v", other)
			}
			return ""
		})
	}
}

// ways are requests whose answer comes before their body was read, as an
// attacker sends them to leave the rest behind.
var ways = map[string]func(rest string) string{
	"parts to nobody": func(rest string) string {
		return request(http.MethodPost, "/disputes/zzz/zzz/zzz", ofParts, prime+padding+rest)
	},
	"parts to the files of a dispute, from another site": func(rest string) string {
		return request(http.MethodPost, "/disputes/D-1/files", ofParts+"Sec-Fetch-Site: cross-site\r\n", prime+padding+rest)
	},
	"a form that is too large": func(rest string) string {
		return request(http.MethodPost, "/", aForm, strings.Repeat("a", 8192)+strings.Repeat("\r\n", 29000)+rest)
	},
	"chunks that are too large": func(rest string) string {
		long := strings.Repeat("a", 65536) + rest
		return chunked(http.MethodPost, "/", aForm, fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(long), long))
	},
}

// TestS12_TheNextVisitorsRequestIsNotStolenThroughNginx is the theft of a
// session: the attacker leaves an unfinished message of their own behind, to
// which the victim's request would be appended, cookie and all.
func TestS12_TheNextVisitorsRequestIsNotStolenThroughNginx(t *testing.T) {
	t.Parallel()
	f := newFront(t)
	victim := f.visitor(t, f.Accounts[1].Ref)
	cookies := cookiesOf(t, victim)
	tried := 0
	for _, address := range behindNginx(t, f) {
		for name, way := range ways {
			for _, length := range []int{200, 300, 400, 500} {
				start := "csrf=" + f.csrf + "&words=STOLEN"
				rest := fmt.Sprintf("POST /messages HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n%sContent-Length: %d\r\n\r\n%s", f.consumer, aForm, len(start)+length, start)
				tried++
				leaves(t, address, way(rest))
				got := asks(t, address, "/account", "Cookie: "+cookies+"\r\nX-Rest: "+strings.Repeat("a", 600)+"\r\n")
				if got.status != http.StatusOK || !strings.Contains(got.body, "Hello "+victimName(f)) {
					t.Errorf("%s: the victim's page is not theirs: %d", name, got.status)
				}
			}
		}
	}
	thread := asks(t, f.address, "/messages", "Cookie: "+f.consumer+"\r\n")
	if thread.status != http.StatusOK || strings.Contains(thread.body, "STOLEN") {
		t.Errorf("a request that was left behind was executed after %d tries; the victim's cookie is in the attacker's thread: %v",
			tried, strings.Contains(thread.body, "session="))
	}
	t.Logf("%d thefts tried", tried)
}

func victimName(f *front) string {
	first, _, _ := strings.Cut(f.Accounts[1].Name, " ")
	return first
}

// TestS12_WhatNginxDeniesIsNotReachedThroughWhatItAllows asks for the console
// within the body of a request for something else.
func TestS12_WhatNginxDeniesIsNotReachedThroughWhatItAllows(t *testing.T) {
	t.Parallel()
	f := newFront(t)
	for _, address := range behindNginx(t, f) {
		if got := asks(t, address, "/console/sign-in", ""); got.status != http.StatusForbidden {
			t.Fatalf("nginx lets everybody to the console: %d", got.status)
		}
		for name, way := range ways {
			leaves(t, address, way("GET /console/sign-in HTTP/1.1\r\nX-Forwarded-For: 203.0.113.9\r\nX-Rest: "))
			if got := asks(t, address, "/is-this-real", ""); got.status != http.StatusOK || strings.Contains(got.body, `action="/console/sign-in"`) {
				t.Errorf("%s: the next visitor got %d, the console's door: %v", name, got.status, strings.Contains(got.body, `action="/console/sign-in"`))
			}
		}
	}
}
