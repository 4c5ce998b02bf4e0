package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"quittance/portal/store/storetest"
)

// Limits of a flood: what a small machine has, and what a collector waits for.
const (
	mostMegabytes = 400
	signInWithin  = 2 * time.Second
)

const collectorAt, collectorPassword = "sam@acme.example", "seven green rivers run"

// flood is one way to take the memory or the processors. It says when it is under
// way, goes on until ctx ends, and tells what it did.
type flood struct {
	name string
	// known: the collector's browser was in before. A stranger's may be asked to
	// come again while strangers fill the line.
	known bool
	want  string // what its answers show if it was one
	run   func(ctx context.Context, f *flooded, under func()) string
}

// TestSEC07_NoFloodTakesTheMemoryOrTheDoor holds each flood of the attack against
// a process of its own, while a collector signs in again and again. What one
// flood left behind counts for the next. The short form holds the memory, on
// SQLite; the whole one also how long a collector waits, on both engines.
func TestSEC07_NoFloodTakesTheMemoryOrTheDoor(t *testing.T) {
	binary := buildRig(t, "")
	many, long := 4, time.Second
	if *allVectors {
		many, long = 1, 15*time.Second
	}
	var alone sync.Mutex // two at once would ask twice as much of the machine
	flood := func(t *testing.T, url string) {
		alone.Lock()
		defer alone.Unlock()
		f := newFlooded(t, url, binary)
		for _, one := range floods(many) {
			t.Run(one.name, func(t *testing.T) { f.hold(t, one, long) })
		}
	}
	if !*allVectors {
		flood(t, storetest.SQLiteURL(t))
		return
	}
	storetest.EachURL(t, flood)
}

// flooded is a serving process of its own, whose memory the system counts.
type flooded struct {
	*rig
	pid   int
	known *stranger // in whose browser the collector was in before
	file  string    // the address of a person's large file
	owner *payer    // who may read it
}

func newFlooded(t *testing.T, database, binary string) *flooded {
	t.Helper()
	f := &flooded{rig: newRig(t, database, binary, 0, "PORTAL_TRUSTED_PROXIES", "127.0.0.1")}
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte(collectorPassword), 0o600); err != nil {
		t.Fatal(err)
	}
	add := exec.Command(binary, "staff", "add", "-email", collectorAt, "-name", "Sam Agent", "-password-file", password)
	add.Env = f.env
	if said, err := add.CombinedOutput(); err != nil { // by the program: its hashes cost what they cost
		t.Fatalf("%v\n%s", err, said)
	}
	child := f.start()
	t.Cleanup(func() { _ = child.Process.Kill(); _ = child.Wait() })
	f.pid, f.known = child.Process.Pid, f.browser("203.0.113.200")
	if status, _, err := f.known.signsIn(t.Context(), collectorAt, collectorPassword); status != http.StatusSeeOther {
		t.Fatalf("a collector's sign-in got %d: %v", status, err)
	}
	_, codes, err := f.portal.Desk.Issue(t.Context(), collectorAt)
	if err != nil {
		t.Fatal(err)
	}
	page, _ := f.known.get("/console/code")
	form := url.Values{"csrf": {field(csrfField, page)}, "code": {codes[0]}}
	if status, _, err := f.known.types(t.Context(), "/console/code", form); status != http.StatusSeeOther {
		t.Fatalf("a collector's second step got %d: %v", status, err)
	}
	f.file = f.keepsFile(t)
	return f
}

// hold lets one flood run for as long as it says, and a collector sign in
// meanwhile.
func (f *flooded) hold(t *testing.T, one flood, long time.Duration) {
	t.Helper()
	before, collector := f.peak(t), f.known
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	begun, did := make(chan struct{}), make(chan string, 1)
	var once sync.Once
	go func() { did <- one.run(ctx, f, func() { once.Do(func() { close(begun) }) }) }()
	select {
	case <-begun:
	case <-time.After(time.Minute):
		t.Errorf("%s: it never began", one.name)
	}
	var took []time.Duration
	for end := time.Now().Add(long); time.Now().Before(end) || len(took) < 3; {
		if !one.known {
			collector = f.browser("203.0.113.200")
		}
		began := time.Now()
		status, _, err := collector.signsIn(t.Context(), collectorAt, collectorPassword)
		took = append(took, time.Since(began))
		if status != http.StatusSeeOther {
			t.Errorf("%s: a collector's sign-in got %d: %v", one.name, status, err)
		}
	}
	stop()
	what := <-did
	peak := f.peak(t)
	slices.Sort(took)
	middle, most := took[len(took)/2].Round(time.Millisecond), took[len(took)-1].Round(time.Millisecond)
	t.Logf("row: %s: peak %d MB (%d before), %d sign-ins, p50 %v, longest %v; %s", one.name, peak, before, len(took), middle, most, what)
	if !strings.Contains(what, one.want) {
		t.Errorf("%s: it was none: %s", one.name, what)
	}
	if peak > mostMegabytes {
		t.Errorf("%s: the process had %d MB at its peak", one.name, peak)
	}
	if *allVectors && most > signInWithin { // beside other tests time says more of them
		t.Errorf("%s: a collector waited %v", one.name, most)
	}
}

// peak is the most memory that the process had since it was asked last, in
// megabytes.
func (f *flooded) peak(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", f.pid))
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if m == nil {
		t.Fatalf("the system does not tell the memory of a process: %s", status)
	}
	kilobytes, err := strconv.Atoi(string(m[1]))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", f.pid), []byte("5"), 0o200); err != nil {
		t.Fatal(err)
	}
	return kilobytes >> 10
}

// stranger is a browser behind a proxy that says where it stands. Each request has a
// connection of its own, as those of strangers have.
type stranger struct{ *payer }

func (f *flooded) browser(from string) *stranger {
	jar, err := cookiejar.New(nil)
	if err != nil {
		f.t.Fatal(err)
	}
	return &stranger{&payer{rig: f.rig, base: "http://" + f.addr, client: &http.Client{Jar: jar, Timeout: 30 * time.Second, Transport: forwarded(from),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}}
}

// forwarded is a proxy's word of who asks.
type forwarded string

var unkept = &http.Transport{DisableKeepAlives: true}

// RoundTrip implements http.RoundTripper.
func (f forwarded) RoundTrip(r *http.Request) (*http.Response, error) {
	r.Header.Set("X-Forwarded-For", string(f))
	return unkept.RoundTrip(r)
}

// signsIn opens the console's door, types an address and a password and returns
// the status.
func (d *stranger) signsIn(ctx context.Context, email, password string) (int, http.Header, error) {
	page, _ := d.get("/console/sign-in")
	return d.types(ctx, "/console/sign-in", url.Values{"csrf": {field(csrfField, page)}, "email": {email}, "password": {password}})
}

func (d *stranger) types(ctx context.Context, path string, form url.Values) (int, http.Header, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, d.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := d.client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, answer.Header, err
}
