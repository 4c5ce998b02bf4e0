package sandbox

import (
	crand "crypto/rand"
	"encoding/binary"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// Server is the whole processor: its objects, its clock and its queue of events.
// All methods may be called at once.
type Server struct {
	cfg  Config
	mux  *http.ServeMux
	wake chan struct{} // an event waits to be sent

	faults faults
	keys   keys

	delivers sync.Mutex // held while events are sent: one sends, who comes next waits

	mu        sync.Mutex // guards everything below
	rng       *rand.Rand
	offset    time.Duration // how far Advance moved the clock
	at        time.Time     // the time of the thing being settled; zero otherwise
	current   *call         // the request being answered; nil while settling
	tasks     queue[func()]
	sending   queue[delivery]
	delivered int
	dropped   int
	spoil     EventFaults

	intents   table[*intent]
	charges   table[*charge]
	methods   table[*method]
	tokens    table[*confirmationToken]
	customers table[*customer]
	mandates  table[*mandate]
	refunds   table[*refund]
	disputes  table[*dispute]
	balance   table[*balanceTransaction]
	events    table[*event]
	setups    table[*setupIntent]
	sessions  table[*session]
	endpoints table[*endpoint]

	byPayment map[string][]*intent // metadata[payment_id] -> its intents
	bySession map[string]*session  // intent -> the session it belongs to
}

// New returns a server that is ready to be mounted. Run must be started for
// events to leave by themselves.
func New(cfg Config) *Server {
	seed := cfg.Seed
	if seed == 0 {
		var b [8]byte
		crand.Read(b[:])
		seed = binary.LittleEndian.Uint64(b[:])
	}
	s := &Server{cfg: cfg.withDefaults(), wake: make(chan struct{}, 1), byPayment: map[string][]*intent{}, bySession: map[string]*session{}}
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	s.rng = rand.New(rand.NewChaCha8(key))
	s.keys = keys{max: s.cfg.MaxKeys, byKey: map[string]*keyed{}}
	if s.cfg.WebhookURL != "" {
		s.addEndpoint(s.cfg.WebhookURL, s.cfg.WebhookSecret, []string{"*"})
	}
	s.mux = s.routes()
	return s
}

// Handler serves everything under one origin; doc.go lists the addresses.
func (s *Server) Handler() http.Handler { return s.mux }

// lock takes the state and first lets happen what the clock made due, so that
// nobody ever sees a debit that should have settled yesterday.
func (s *Server) lock() {
	s.mu.Lock()
	s.settle()
}

func (s *Server) unlock() { s.mu.Unlock() }

// now is the sandbox's clock; while something settles, the moment it fell due.
func (s *Server) now() time.Time {
	if !s.at.IsZero() {
		return s.at
	}
	return s.cfg.Now().Add(s.offset)
}

func (s *Server) settle() {
	now := s.cfg.Now().Add(s.offset)
	before := s.current
	s.current = nil
	for {
		task, ok := s.tasks.pop(now)
		if !ok {
			break
		}
		s.at = task.at
		task.val()
	}
	s.at, s.current = time.Time{}, before
}

// later runs f, under the lock, when the clock reaches at. A time that has come
// already means with the next request or Tick.
func (s *Server) later(at time.Time, f func()) { s.tasks.push(at, f) }

const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// random returns n characters that cannot be guessed.
func (s *Server) random(n int) string {
	out := make([]byte, n)
	for i := 0; i < n; {
		bits := s.rng.Uint64()
		for k := 0; k < 10 && i < n; k++ {
			if v := bits & 63; v < uint64(len(letters)) {
				out[i] = letters[v]
				i++
			}
			bits >>= 6
		}
	}
	return string(out)
}

func (s *Server) newID(prefix string) string { return prefix + s.random(24) }
