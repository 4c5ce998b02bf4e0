package demo

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"quittance/payments/money"
)

// road is the way to the system of record: it is closed for days, and now and
// then the answer is lost on it after the work was done.
type road struct {
	mu      sync.Mutex
	seed    uint64
	closed  bool
	calmed  bool
	arrived map[int64]int // whole deliveries by sequence
	heard   heard
}

// before stands the road before the system of record.
func (d *road) before(record http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		closed := d.closed
		d.mu.Unlock()
		switch {
		case closed:
			panic(http.ErrAbortHandler) // the connection breaks, nothing is answered
		case r.Method == http.MethodPost && d.losesAnswer(r):
			record.ServeHTTP(nowhere{}, r)
			panic(http.ErrAbortHandler)
		}
		record.ServeHTTP(w, r)
	})
}

// losesAnswer counts a delivery and says whether its answer is lost: of every
// fourth event the first one is. Which they are hangs on the seed alone.
func (d *road) losesAnswer(r *http.Request) bool {
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	var hook webhook
	if err != nil || json.Unmarshal(body, &hook) != nil {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	sequence := hook.Data.Sequence
	if d.arrived[sequence]++; d.arrived[sequence] == 1 {
		d.heard.hear(body)
	}
	chance := rand.New(rand.NewPCG(d.seed, uint64(sequence))) //nolint:gosec // a story, no secret
	return !d.calmed && d.arrived[sequence] == 1 && chance.IntN(4) == 0
}

// close breaks the road, or mends it.
func (d *road) close(closed bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = closed
}

// calm ends every fault of the road.
func (d *road) calm() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed, d.calmed = false, true
}

// gaps counts the events that never arrived, and those that did more than once.
func (d *road) gaps() (arrived, missing, again int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	last := int64(0)
	for sequence, times := range d.arrived {
		last = max(last, sequence)
		if times > 1 {
			again++
		}
	}
	return len(d.arrived), int(last) - len(d.arrived), again
}

// nowhere is an answer that nobody gets.
type nowhere struct{}

func (nowhere) Header() http.Header         { return http.Header{} }
func (nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (nowhere) WriteHeader(int)             {}

// paidBook returns a copy of what the events told of each payment.
func (d *road) paidBook() book {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := book{}
	for id, s := range d.heard.paid {
		all[id] = maps.Clone(s)
	}
	return all
}

// unread counts the events that could not be read.
func (d *road) unread() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.heard.unread
}

// tell says what the events told.
func (d *road) tell(f facts, refs []string, stated map[string]time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.heard.tell(f, refs, stated)
}

// letGo is what the events say that is not asked for any more, by debt.
func (d *road) letGo() map[string]money.Cents {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.heard.letGo()
}

// installment is what the events told of one amount of a plan.
func (d *road) installment(plan string, number int) (money.Cents, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	amount, known := d.heard.plans[plan].installments[number]
	return amount, known
}
