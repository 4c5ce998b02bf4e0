package sandbox

import (
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Mode is one way a request goes wrong.
type Mode string

// The modes. "after" means the work was done and only the answer is lost, which
// is the case that charges twice when a caller retries blindly.
const (
	ModeError       Mode = "500"         // 500, nothing done, key free
	ModeErrorStored Mode = "500_stored"  // 500, nothing done, and the key replays the 500
	ModeErrorAfter  Mode = "500_after"   // done, answered 500; the key replays the real answer
	ModeHang        Mode = "hang"        // no answer, nothing done
	ModeHangAfter   Mode = "hang_after"  // done, no answer
	ModeReset       Mode = "reset"       // connection reset, nothing done
	ModeResetAfter  Mode = "reset_after" // done, connection reset
	ModeRateLimit   Mode = "429"         // 429 rate_limit, nothing done
)

// Modes lists every mode, for rigs that pick at random.
var Modes = []Mode{ModeError, ModeErrorStored, ModeErrorAfter, ModeHang, ModeHangAfter, ModeReset, ModeResetAfter, ModeRateLimit}

func (m Mode) known() bool {
	for _, mode := range Modes {
		if m == mode {
			return true
		}
	}
	return false
}

// faults decides which requests go wrong. It has its own lock, so a hanging
// request holds up nobody.
type faults struct {
	mu      sync.Mutex
	planned []planned
	percent int
	modes   []Mode
	rng     *rand.Rand
	latency time.Duration
}

type planned struct {
	path string // part of the address; empty: any POST
	left int
	mode Mode
}

// FailNext breaks the next n POST requests to the API.
func (s *Server) FailNext(n int, mode Mode) { s.FailNextOn("", n, mode) }

// FailNextOn breaks the next n requests, of any method, whose address contains path.
func (s *Server) FailNextOn(path string, n int, mode Mode) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.planned = append(s.faults.planned, planned{path, n, mode})
}

// FailSome breaks percent of the POST requests, picking one of modes (all of
// them if none is named) with a generator seeded by seed.
func (s *Server) FailSome(percent int, seed uint64, modes ...Mode) {
	if len(modes) == 0 {
		modes = Modes
	}
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.percent, s.faults.modes, s.faults.rng = percent, modes, rand.New(rand.NewPCG(seed, 1))
}

// Latency makes every API request take d before it is carried out. Its
// idempotency key counts as in use meanwhile.
func (s *Server) Latency(d time.Duration) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.latency = d
}

// ClearFaults ends every fault of requests and of events.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	s.faults.planned, s.faults.percent, s.faults.latency = nil, 0, 0
	s.faults.mu.Unlock()
	s.SetEventFaults(EventFaults{})
}

// next says how this request goes wrong; the empty mode means it does not.
func (f *faults) next(r *http.Request) Mode {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.planned {
		p := &f.planned[i]
		if p.left > 0 && p.fits(r) {
			p.left--
			return p.mode
		}
	}
	if r.Method == http.MethodPost && f.percent > 0 && f.rng.IntN(100) < f.percent {
		return f.modes[f.rng.IntN(len(f.modes))]
	}
	return ""
}

func (p *planned) fits(r *http.Request) bool {
	if p.path == "" {
		return r.Method == http.MethodPost
	}
	return strings.Contains(r.URL.Path, p.path)
}

func (f *faults) delay(r *http.Request) {
	f.mu.Lock()
	d := f.latency
	f.mu.Unlock()
	if d > 0 {
		pause(r, d)
	}
}

// before carries out the modes in which nothing is done, and says whether it did.
func (m Mode) before(s *Server, w http.ResponseWriter, c *call) bool {
	switch m {
	case ModeError:
		write(w, errorAnswer(serverError()))
	case ModeRateLimit:
		write(w, errorAnswer(rateLimited()))
	case ModeHang:
		hang(s, w, c.r)
	case ModeReset:
		reset(w)
	default:
		return false
	}
	return true
}

// after sends the answer, or loses it.
func (m Mode) after(s *Server, w http.ResponseWriter, r *http.Request, a answer) {
	switch m {
	case ModeErrorAfter:
		write(w, errorAnswer(serverError()))
	case ModeHangAfter:
		hang(s, w, r)
	case ModeResetAfter:
		reset(w)
	default:
		write(w, a)
	}
}

func rateLimited() *apiError {
	e := invalid("rate_limit", "Too many requests hit the API too quickly. We recommend an exponential backoff of your requests.")
	e.Type, e.status = "rate_limit_error", http.StatusTooManyRequests
	return e
}

// hang waits until the caller gives up, then drops the connection.
func hang(s *Server, w http.ResponseWriter, r *http.Request) {
	pause(r, s.cfg.HangFor)
	reset(w)
}

func pause(r *http.Request, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
}

// reset closes the connection so that the caller sees a TCP reset.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // without it the close is a plain one
	}
	conn.Close()
}
