package outbox

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// counter is a listener on this machine that counts who connects.
func counter(t *testing.T) (port string, hits *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	hits = &atomic.Int64{}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			hits.Add(1)
			c.Close()
		}
	}()
	_, port, err = net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port, hits
}

// spellings are ways to write an address that is not on the public internet.
var spellings = []string{
	"127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "127.0.0.1.",
	"0.0.0.0", "0", "localhost", "LOCALHOST.", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::127.0.0.1]",
	"[64:ff9b::7f00:1]", "[2002:7f00:1::]", "169.254.169.254", "100.100.100.200", "[fd00:ec2::254]",
}

func TestW6_TwentyOneSpellingsOfThisMachineAreRefusedWhenAnEndpointIsMade(t *testing.T) {
	t.Parallel()
	if len(spellings) != 21 {
		t.Fatalf("%d spellings", len(spellings))
	}
	for _, host := range spellings {
		for _, scheme := range []string{"http", "https"} {
			if err := (guard{}).checkURL(scheme + "://" + host + ":8443/hook"); !errors.Is(err, ErrBadURL) {
				t.Errorf("%s://%s: %v", scheme, host, err)
			}
		}
	}
}

// TestW6_TwentyOneSpellingsNeverConnect posts to each of them as if it had
// been stored: nothing may reach the listener, which a client that lists it
// does reach.
func TestW6_TwentyOneSpellingsNeverConnect(t *testing.T) {
	t.Parallel()
	port, hits := counter(t)
	client, err := NewClient(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range spellings {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		r := client.post(ctx, "https://"+host+":"+port+"/", "evt_1", []byte("{}"), [][]byte{make([]byte, 32)}, time.Now(), time.Now())
		cancel()
		if r.ok() || r.Status != 0 {
			t.Errorf("%s answered: %+v", host, r.Attempt)
		}
	}
	if n := hits.Load(); n != 0 {
		t.Errorf("%d connections were made", n)
	}
	listed, err := NewClient([]string{"127.0.0.1:" + port})
	if err != nil {
		t.Fatal(err)
	}
	listed.post(t.Context(), "http://127.0.0.1:"+port+"/", "evt_1", []byte("{}"), [][]byte{make([]byte, 32)}, time.Now(), time.Now())
	if hits.Load() == 0 {
		t.Error("the listener counts nothing: the test could not fail")
	}
}

// TestW6_ANameThatLeadsHereIsRefusedWhenItIsDialed uses a name that passed for
// good and now resolves to this machine, as a rebinding name does.
func TestW6_ANameThatLeadsHereIsRefusedWhenItIsDialed(t *testing.T) {
	t.Parallel()
	port, hits := counter(t)
	client, err := NewClient(nil)
	if err != nil {
		t.Fatal(err)
	}
	r := client.post(t.Context(), "https://localhost:"+port+"/", "evt_1", []byte("{}"), [][]byte{make([]byte, 32)}, time.Now(), time.Now())
	if r.Class != ClassBlocked || hits.Load() != 0 {
		t.Errorf("%s, %d connections", r.Class, hits.Load())
	}
}

func TestW6_OnlyPublicAddressesOfOthersAreDialed(t *testing.T) {
	t.Parallel()
	for _, a := range []string{
		"0.1.2.3", "10.0.0.1", "100.64.0.1", "127.255.255.254", "169.254.1.1", "172.16.0.1", "192.0.0.8", "192.0.2.1", "192.88.99.1",
		"192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:a00:1::",
		"fc00::1", "fe80::1", "fec0::1", "ff02::1", "fe80::1%lo",
	} {
		if public(netip.MustParseAddr(a)) {
			t.Errorf("%s passes for public", a)
		}
	}
	for _, a := range []string{"93.184.216.34", "8.8.8.8", "1.1.1.1", "100.128.0.1", "172.32.0.1", "2606:4700:4700::1111", "2a00:1450:4001::1"} {
		if !public(netip.MustParseAddr(a)) {
			t.Errorf("%s is refused", a)
		}
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil || len(addresses) == 0 {
		t.Fatal("this machine has no address")
	}
	if own, _ := netip.AddrFromSlice(addresses[0].(*net.IPNet).IP); !ours(own.Unmap()) {
		t.Errorf("%s is not known for our own", own)
	}
	if ours(netip.MustParseAddr("93.184.216.34")) {
		t.Error("somebody else's address is taken for our own")
	}
}

func TestW6_PlainHTTPPasswordsAndOddURLsAreRefused(t *testing.T) {
	t.Parallel()
	for _, u := range []string{
		"", "hooks.example.com", "http://hooks.example.com/", "ftp://hooks.example.com/", "https://", "https:///path",
		"https://user:pass@hooks.example.com/", "https://hooks.example.com/#part", "https://intranet/", "https://db.internal/",
		"https://printer.local/", "javascript:alert(1)", "https://hooks.example.com/" + strings.Repeat("x", 2100), "https://a b.example.com/",
	} {
		if err := (guard{}).checkURL(u); !errors.Is(err, ErrBadURL) {
			t.Errorf("%.60s: %v", u, err)
		}
	}
	for _, u := range []string{"https://hooks.example.com/quittance?key=1", "https://hooks.example.com:8443", "https://93.184.216.34/", "https://[2606:4700::1111]/"} {
		if err := (guard{}).checkURL(u); err != nil {
			t.Errorf("%s: %v", u, err)
		}
	}
}

func TestW6_OnlyExactLoopbackReceiversCanBeListed(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "127.0.0.1", "127.0.0.1:0", "127.0.0.2:80", "localhost:80", "10.0.0.1:80", "0.0.0.0:80", "[::1]:80", "127.0.0.0/8"} {
		if _, err := NewClient([]string{s}); err == nil {
			t.Errorf("%q was listed", s)
		}
	}
	g, err := newGuard([]string{"127.0.0.1:9001"})
	if err != nil {
		t.Fatal(err)
	}
	if err := g.checkURL("http://127.0.0.1:9001/hook"); err != nil {
		t.Errorf("the listed receiver: %v", err)
	}
	if err := g.control("tcp4", "127.0.0.1:9001", nil); err != nil {
		t.Errorf("the listed receiver is not dialed: %v", err)
	}
	for _, a := range []string{"127.0.0.1:9002", "127.0.0.2:9001", "[::1]:9001", "10.0.0.1:9001", "nonsense"} {
		if g.control("tcp4", a, nil) == nil {
			t.Errorf("%s is dialed", a)
		}
	}
}

// TestW5_AReceiverHasFifteenSeconds runs on a clock of its own: the answer
// never comes.
func TestW5_AReceiverHasFifteenSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, err := NewClient(nil)
		if err != nil {
			t.Fatal(err)
		}
		client.transport = silence{}
		begun := time.Now()
		r := client.post(t.Context(), "https://hooks.example.com/", "evt_1", []byte("{}"), [][]byte{make([]byte, 32)}, begun, begun)
		if r.Class != ClassTimeout || time.Since(begun) != 15*time.Second || r.Duration != 15*time.Second {
			t.Errorf("%s after %v", r.Class, time.Since(begun))
		}
	})
}

// silence is a transport that never answers.
type silence struct{}

func (silence) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestW11_FailuresOnTheWayHaveTheirClass(t *testing.T) {
	t.Parallel()
	tlsServer := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(tlsServer.Close)
	closed, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	client, err := NewClient([]string{tlsServer.Listener.Addr().String(), closed.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]Class{
		tlsServer.URL:                             ClassTLS,
		"http://" + closed.Addr().String():        ClassRefused,
		"https://no-such-host.invalid/":           ClassDNS,
		"http://hooks.example.com/":               ClassBlocked,
		"https://10.0.0.1/":                       ClassBlocked,
		"https://169.254.169.254/latest/metadata": ClassBlocked,
	} {
		r := client.post(t.Context(), address, "evt_1", []byte("{}"), [][]byte{make([]byte, 32)}, time.Now(), time.Now())
		if r.Class != want {
			t.Errorf("%s: %s, want %s", address, r.Class, want)
		}
	}
}

func TestW5_RetryAfterIsReadAsSecondsOrDateAndBounded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"": 0, "120": 2 * time.Minute, "-5": 0, "soon": 0, "999999": maxRetryAfter,
		now.Add(90 * time.Second).Format(http.TimeFormat): 90 * time.Second,
		now.Add(-time.Hour).Format(http.TimeFormat):       0,
	} {
		if got := retryAfter(header, now); got != want {
			t.Errorf("%q: %v, want %v", header, got, want)
		}
	}
}
