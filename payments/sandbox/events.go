package sandbox

import (
	"math/rand/v2"
	"slices"
	"time"
)

// event says that an object changed, with the object as it then was.
type event struct {
	head
	APIVersion string       `json:"api_version"`
	Data       eventData    `json:"data"`
	Pending    int          `json:"pending_webhooks"`
	Request    eventRequest `json:"request"`
	Type       string       `json:"type"`
}

// eventData holds a copy: objects replace their maps and pointers, never change
// what those point to, so a shallow one keeps the moment. It becomes JSON only
// when it is sent or listed.
type eventData struct {
	Object object `json:"object"`
}

type eventRequest struct {
	ID             maybe `json:"id"`
	IdempotencyKey maybe `json:"idempotency_key"`
}

func (e *event) copy() object { c := *e; return &c }

// endpoint is where events go.
type endpoint struct {
	head
	APIVersion    maybe             `json:"api_version"`
	Application   *struct{}         `json:"application"`
	Description   maybe             `json:"description"`
	EnabledEvents []string          `json:"enabled_events"`
	Metadata      map[string]string `json:"metadata"`
	Secret        string            `json:"secret,omitempty"`
	Status        string            `json:"status"`
	URL           string            `json:"url"`
}

func (e *endpoint) copy() object { c := *e; return &c }

func (e *endpoint) wants(kind string) bool {
	return e.Status == "enabled" && (slices.Contains(e.EnabledEvents, "*") || slices.Contains(e.EnabledEvents, kind))
}

// EventFaults spoils the delivery of events from now on. Percentages are of
// events; a dropped one is never sent but stays in the list of events.
type EventFaults struct {
	Delay            time.Duration // each waits a random part of this, by the sandbox's clock
	DuplicatePercent int
	DropPercent      int
	Shuffle          bool // what is due at once leaves in random order
	Seed             uint64

	rng *rand.Rand
}

// SetEventFaults replaces the faults of events. The zero value ends them.
func (s *Server) SetEventFaults(f EventFaults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.rng = rand.New(rand.NewPCG(f.Seed, 2))
	s.spoil = f
}

func (f *EventFaults) chance(percent int) bool { return percent > 0 && f.rng.IntN(100) < percent }

// emit records an event and queues it for each endpoint that wants it.
func (s *Server) emit(kind string, o object) {
	e := &event{head: s.head("evt_3", "event"), APIVersion: APIVersion, Data: eventData{o.copy()}, Type: kind}
	if s.current != nil {
		e.Request = eventRequest{maybe(s.current.requestID), maybe(s.current.key)}
	}
	s.events.add(e)
	s.events.forgetOldest(s.cfg.MaxEvents)
	for _, to := range s.endpoints.rows {
		if to.wants(kind) {
			e.Pending++
			s.queueEvent(e, to)
		}
	}
}

func (s *Server) queueEvent(e *event, to *endpoint) {
	if s.spoil.chance(s.spoil.DropPercent) || s.sending.len() >= s.cfg.MaxEvents {
		s.dropped++
		return
	}
	s.sending.push(s.dueTime(), delivery{event: e, to: to})
	if s.spoil.chance(s.spoil.DuplicatePercent) {
		s.sending.push(s.dueTime(), delivery{event: e, to: to})
	}
	s.nudge()
}

func (s *Server) dueTime() time.Time {
	if s.spoil.Delay <= 0 {
		return s.now()
	}
	return s.now().Add(time.Duration(s.spoil.rng.Int64N(int64(s.spoil.Delay))))
}

func (s *Server) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func getEvent(c *call) (any, *apiError) {
	e, ok := c.s.events.get(c.id())
	if !ok {
		return nil, unknownID("event", c.id(), "id")
	}
	return e, nil
}

func listEvents(c *call) (any, *apiError) {
	kinds := c.list("types")
	if kind := c.get("type"); kind != "" {
		kinds = append(kinds, kind)
	}
	success := c.get("delivery_success")
	return list(&c.s.events, c, func(e *event) bool {
		return (len(kinds) == 0 || slices.Contains(kinds, e.Type)) &&
			(success == "" || (success == "true") == (e.Pending == 0))
	})
}

func (s *Server) addEndpoint(url, secret string, kinds []string) *endpoint {
	e := &endpoint{head: s.head("we_1", "webhook_endpoint"), APIVersion: APIVersion, EnabledEvents: kinds, Metadata: map[string]string{}, Secret: secret, Status: "enabled", URL: url}
	s.endpoints.add(e)
	return e
}

// maxEndpoints is Stripe's own limit.
const maxEndpoints = 16

func createEndpoint(c *call) (any, *apiError) {
	if v := c.get("api_version"); v != "" && v != APIVersion {
		return nil, invalid("", "Invalid API version: %s. This server sends events of %s.", v, APIVersion).at("api_version")
	}
	if len(c.s.endpoints.rows) >= maxEndpoints {
		return nil, invalid("", "You have reached the maximum of %d test webhook endpoints.", maxEndpoints)
	}
	e := c.s.addEndpoint(c.get("url"), "whsec_"+c.s.random(32), c.list("enabled_events"))
	e.Description, e.Metadata = maybe(c.get("description")), c.merged("metadata", nil)
	return e, nil
}

// listEndpoints keeps the secrets to itself, as Stripe does after creation.
func listEndpoints(c *call) (any, *apiError) {
	public := table[*endpoint]{}
	for _, e := range c.s.endpoints.rows {
		view := *e
		view.Secret = ""
		public.add(&view)
	}
	return list(&public, c, nil)
}
