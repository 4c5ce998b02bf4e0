package sandbox

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// delivery is one event on its way to one endpoint.
type delivery struct {
	event   *event
	to      *endpoint
	attempt int
}

// retries are the waits after a refused delivery: about three days in all (STR-05).
var retries = []time.Duration{
	2 * time.Second, 10 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour,
	6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 24 * time.Hour,
}

// tickEvery is how often Run looks at the clock when no event wakes it.
const tickEvery = 200 * time.Millisecond

// Run settles by the clock and sends events until ctx ends. Start it once.
func (s *Server) Run(ctx context.Context) error {
	ticker := time.NewTicker(tickEvery)
	defer ticker.Stop()
	for {
		s.Tick(ctx)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.wake:
		case <-ticker.C:
		}
	}
}

// Tick lets everything happen that the clock has made due, then sends the due
// events. It returns how many deliveries were accepted.
func (s *Server) Tick(ctx context.Context) int {
	s.lock()
	s.unlock()
	return s.Deliver(ctx)
}

// Deliver sends every event that is due and returns how many were accepted. A
// refused one waits for its next turn. What Run or another caller is sending has
// arrived too when Deliver returns.
func (s *Server) Deliver(ctx context.Context) int {
	s.delivers.Lock()
	defer s.delivers.Unlock()
	accepted := 0
	for ctx.Err() == nil {
		batch := s.takeDue()
		if len(batch) == 0 {
			break
		}
		accepted += s.sendAll(ctx, batch)
	}
	return accepted
}

func (s *Server) takeDue() []delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	var batch []delivery
	for now := s.now(); len(batch) < 1000; {
		d, ok := s.sending.pop(now)
		if !ok {
			break
		}
		batch = append(batch, d.val)
	}
	if s.spoil.Shuffle {
		s.spoil.rng.Shuffle(len(batch), func(i, j int) { batch[i], batch[j] = batch[j], batch[i] })
	}
	return batch
}

func (s *Server) sendAll(ctx context.Context, batch []delivery) int {
	next := make(chan delivery)
	var accepted int
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range min(s.cfg.Senders, len(batch)) {
		wg.Go(func() {
			for d := range next {
				if s.send(ctx, d) {
					mu.Lock()
					accepted++
					mu.Unlock()
				}
			}
		})
	}
	for _, d := range batch {
		next <- d
	}
	close(next)
	wg.Wait()
	return accepted
}

// send makes one attempt and books its outcome.
func (s *Server) send(ctx context.Context, d delivery) bool {
	s.mu.Lock()
	e := d.event.copy()
	s.mu.Unlock()
	body := encode(e)
	accepted := s.post(ctx, d.to, body)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case accepted:
		d.event.Pending = max(0, d.event.Pending-1)
		s.delivered++
	case ctx.Err() != nil: // we stopped, the receiver did not refuse
		s.sending.push(s.now(), d)
	case d.attempt < len(retries):
		d.attempt++
		s.sending.push(s.now().Add(retries[d.attempt-1]), d)
	default:
		s.dropped++
	}
	return accepted
}

func (s *Server) post(ctx context.Context, to *endpoint, body []byte) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to.URL, bytes.NewReader(body))
	if err != nil {
		return false
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)")
	req.Header.Set("Stripe-Signature", Signature(s.signedAt(), body, strings.Split(to.Secret, ",")...))
	resp, err := s.cfg.Client.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	return resp.StatusCode >= 200 && resp.StatusCode < 300
}

func (s *Server) signedAt() time.Time {
	if s.cfg.SignedAt != nil {
		return s.cfg.SignedAt()
	}
	return s.clock()
}

// Signature returns the Stripe-Signature header of a body, one v1 for each
// secret, so that a receiver can rotate them. Tests forge events with it.
func Signature(at time.Time, body []byte, secrets ...string) string {
	header := fmt.Sprintf("t=%d", at.Unix())
	for _, secret := range secrets {
		mac := hmac.New(sha256.New, []byte(secret))
		fmt.Fprintf(mac, "%d.", at.Unix())
		mac.Write(body)
		header += ",v1=" + hex.EncodeToString(mac.Sum(nil))
	}
	return header
}
