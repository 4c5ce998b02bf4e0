package sandbox

import (
	"net/http"
	"sync"
	"time"
)

// keyLife is how long Stripe promises to remember an idempotency key (STR-07).
const keyLife = 24 * time.Hour

// keys remembers the first answer to each Idempotency-Key.
type keys struct {
	mu    sync.Mutex
	max   int
	byKey map[string]*keyed
	order []string
}

type keyed struct {
	path        string
	fingerprint [32]byte
	done        bool
	at          time.Time
	answer      answer
}

// reserve claims the key for this request. It returns the kept answer where the
// same request was answered before, and Stripe's errors where the key belongs
// to another request or to one still under way.
func (k *keys) reserve(c *call) (kept answer, replayed bool, err *apiError) {
	if c.key == "" || c.r.Method != http.MethodPost {
		return answer{}, false, nil
	}
	fingerprint, now := c.fingerprint(), c.s.clock()
	k.mu.Lock()
	defer k.mu.Unlock()
	old := k.byKey[c.key]
	if old != nil && old.done && now.Sub(old.at) >= keyLife {
		delete(k.byKey, c.key)
		old = nil
	}
	switch {
	case old == nil:
		k.byKey[c.key] = &keyed{path: c.r.URL.Path, fingerprint: fingerprint, at: now}
		return answer{}, false, nil
	case old.path != c.r.URL.Path:
		return answer{}, false, reused("Keys for idempotent requests can only be used for the same endpoint they were first used for ('"+old.path+"').", c.key)
	case old.fingerprint != fingerprint:
		return answer{}, false, reused("Keys for idempotent requests can only be used with the same parameters they were first used with.", c.key)
	case !old.done:
		return answer{}, false, inUse(c.key)
	}
	return old.answer, true, nil
}

// finish keeps the answer, or frees the key where the operation never began
// (wrong parameters, a broken connection), as Stripe does.
func (k *keys) finish(c *call, a answer, keep bool, now time.Time) {
	if c.key == "" || c.r.Method != http.MethodPost {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	held := k.byKey[c.key]
	if held == nil {
		return
	}
	if !keep {
		delete(k.byKey, c.key)
		return
	}
	held.done, held.at, held.answer = true, now, a
	k.order = append(k.order, c.key)
	if len(k.order) > k.max+k.max/4 {
		k.forget(len(k.order) - k.max)
	}
}

func (k *keys) forget(n int) {
	for _, key := range k.order[:n] {
		delete(k.byKey, key)
	}
	k.order = append([]string(nil), k.order[n:]...)
}

func reused(message, key string) *apiError {
	e := invalid("", "%s Try using a key other than '%s' if you meant to execute a different request.", message, key)
	e.Type = "idempotency_error"
	return e
}

func inUse(key string) *apiError {
	e := invalid("idempotency_key_in_use", "There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): %s. Please try again later.", key)
	e.Type, e.status = "idempotency_error", http.StatusConflict
	return e
}

// clock is now for callers that do not hold the lock.
func (s *Server) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}
