package consumer_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"quittance/payments/paymentstest"
	"quittance/portal/identity"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// served is a portal behind a socket, to which whoever connects is a trusted
// proxy.
func served(t *testing.T, s *store.Store) *bundle {
	t.Helper()
	b := setupWith(t, s, options{proxy: "127.0.0.1"})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	address := listener.Addr().String()
	b.listen(t, listener)
	wire := &http.Transport{MaxIdleConnsPerHost: guessers + 4, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", address)
	}}
	t.Cleanup(wire.CloseIdleConnections)
	b.wire = wire
	return b
}

// guessers is how many strangers are at the door at the same time.
const guessers = 16

// crowd is strangers who guess, each a ZIP code of their own, and wait where the
// page says so: from when all of them have guessed once, and did enough, until
// they are stopped.
func (b *bundle) crowd(t *testing.T, strangers int, address func(int) string, code func(int) string, enough func() bool) (stop func() int64) {
	t.Helper()
	var next atomic.Int64
	var over atomic.Bool
	var all sync.WaitGroup
	var once sync.Once
	there := make(chan struct{})
	for range guessers {
		all.Go(func() {
			var held []stranger
			for !over.Load() {
				i := int(next.Add(1)) - 1
				guess := stranger{zip: fmt.Sprint(10000 + i%30000)}
				var a view
				if len(held) > 0 && !b.now().Before(held[0].free) {
					guess, held = held[0], held[1:]
					a = guess.post("/verify", "zip", guess.zip)
				} else {
					guess.browser, a = b.tries(t, address(i%strangers), code(i), guess.zip)
				}
				switch {
				case a.status == 429 && len(held) < 50:
					guess.free = b.now().Add(identity.TicketWait)
					held = append(held, guess)
				case a.status != 422 && a.status != 429:
					t.Errorf("guess %d led to %d %q", i, a.status, a.location)
					return
				}
				if i >= strangers && i%8 == 0 && enough() {
					once.Do(func() { close(there) })
				}
			}
		})
	}
	<-there
	return func() int64 {
		over.Store(true)
		all.Wait()
		return next.Load()
	}
}

// stranger is one who waits.
type stranger struct {
	*browser
	zip  string
	free time.Time
}

// TestF4_AThousandStrangersGuess is the trial of the issue, three ways through a
// trusted proxy: from as many addresses, from one, and from the right person's
// own; all the while the right person comes. PROOF_STRANGERS=1000 is the whole
// of it.
func TestF4_AThousandStrangersGuess(t *testing.T) {
	paymentstest.Long(t)
	strangers := 100
	if n, err := strconv.Atoi(os.Getenv("PROOF_STRANGERS")); err == nil {
		strangers = n
	}
	within := promptly()
	const home = "198.51.100.77"
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for _, way := range []struct {
			name    string
			address func(i int) string
		}{
			{"many addresses", func(i int) string { return fmt.Sprintf("10.%d.%d.9", i/250, i%250) }},
			{"one address", func(int) string { return "203.0.113.5" }},
			{"the right person's own address", func(int) string { return home }},
		} {
			b := served(t, s)
			var others []string
			for range 20 {
				others = append(others, b.place(t, owing(15000)).code)
				nobody, _, _ := b.codes.New()
				others = append(others, nobody)
			}
			stop := b.crowd(t, strangers, way.address, func(i int) string { return others[i%len(others)] }, func() bool { return true })
			took := []time.Duration{b.in(t, way.name+", at other codes", home, b.place(t, owing(15000)), within)}
			guesses := stop()

			p := b.place(t, owing(15000))
			link := b.sendLink(t, p)
			stop = b.crowd(t, strangers, way.address, func(int) string { return p.code }, func() bool {
				state, err := b.verifier.Access(t.Context(), p.account.ID)
				return err != nil || state.Misses >= 3
			})
			took = append(took, b.inByLink(t, way.name, home, link), b.inByDigits(t, way.name, home, p))
			guesses += stop()
			b.bench.Sandbox.Advance(time.Hour)
			took = append(took, b.in(t, way.name+", at the own code, after the pause that the page names", home, p, within))
			t.Logf("%s: %d guesses of %d strangers; in by ZIP code %s, by link %s, by digits %s, by ZIP code after the pause %s",
				way.name, guesses, strangers, took[0], took[1], took[2], took[3])
		}
	})
}

// promptly is how long the right person waits at most. Beside the race detector
// and a browser nothing is prompt: time is held where the trial is whole.
func promptly() time.Duration {
	if os.Getenv("PROOF_STRANGERS") == "" {
		return time.Minute
	}
	return 5 * time.Second
}

// inByLink lets the right person in by a texted link.
func (b *bundle) inByLink(t *testing.T, way, address, link string) time.Duration {
	t.Helper()
	from := b.now()
	v := b.visit(t)
	v.header.Set("X-Forwarded-For", address)
	v.get(link)
	v.post(link)
	v.get("/verify")
	a := v.post("/verify", "zip", "45501")
	took := b.now().Sub(from)
	if a.location != "/account" || took > promptly() {
		t.Errorf("%s, at the own code, by link: %d %q after %s", way, a.status, a.location, took)
	}
	return took
}

// inByDigits lets the right person in by six digits, which the job sends that
// serve runs each half second.
func (b *bundle) inByDigits(t *testing.T, way, address string, p person) time.Duration {
	t.Helper()
	from := b.now()
	v, a := b.tries(t, address, p.code, "45501")
	if !strings.Contains(a.body, `formaction="/verify/digits"`) {
		t.Fatalf("%s: no way to ask: %d %q", way, a.status, a.location)
	}
	a = v.post("/verify/digits", "zip", "45501")
	for a.status == 429 && b.now().Sub(from) < 10*time.Second {
		b.bench.Sandbox.Advance(2 * time.Second)
		a = v.post("/verify/digits", "zip", "45501")
	}
	b.bench.Sandbox.Advance(500 * time.Millisecond)
	if n := b.delivered(t); n != 1 {
		t.Fatalf("%s: asking led to %d %q and %d messages", way, a.status, a.location, n)
	}
	v.get("/verify/code")
	a = v.post("/verify/code", "code", b.sent.last(t))
	took := b.now().Sub(from)
	if a.location != "/account" || took > promptly() {
		t.Errorf("%s, at the own code, by digits: %d %q after %s", way, a.status, a.location, took)
	}
	return took
}
