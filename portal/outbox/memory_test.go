package outbox_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/outbox"
)

// memory keeps everything in maps behind one lock, which InTx holds.
type memory struct {
	mu         sync.Mutex
	events     []outbox.Event
	endpoints  []outbox.Endpoint
	deliveries []outbox.Delivery
	attempts   map[string][]outbox.Attempt
	postings   map[string]outbox.Posting
	last       int64
	owed       map[string]money.Cents
	claims     int
	records    int
}

type inTx struct{}

func (m *memory) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	if ctx.Value(inTx{}) != nil {
		return fn(ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return fn(context.WithValue(ctx, inTx{}, true))
}

func (m *memory) lock(ctx context.Context) func() {
	if ctx.Value(inTx{}) != nil {
		return func() {}
	}
	m.mu.Lock()
	return m.mu.Unlock
}

func (m *memory) AppendEvent(ctx context.Context, e outbox.Event) error {
	defer m.lock(ctx)()
	m.events = append(m.events, e)
	return nil
}

func (m *memory) LatestEvent(ctx context.Context, id payments.ID, t outbox.Type) (outbox.EventID, error) {
	defer m.lock(ctx)()
	for _, e := range slices.Backward(m.events) {
		if e.PaymentID == id && e.Type == t {
			return e.ID, nil
		}
	}
	return "", outbox.ErrNoEvent
}

func (m *memory) AccountRef(context.Context, string) (string, error) { return "A-20417", nil }

func (m *memory) PlanReversibleUntil(context.Context, string) (time.Time, error) {
	return time.Date(2027, 1, 22, 18, 4, 5, 0, time.UTC), nil
}

func (m *memory) Owed(ctx context.Context, ids []string) (map[string]money.Cents, error) {
	defer m.lock(ctx)()
	return maps.Clone(m.owed), nil
}

func (m *memory) LockSequence(context.Context) (int64, error) { return m.last, nil }

func (m *memory) Unsequenced(ctx context.Context, limit int) ([]outbox.Event, error) {
	defer m.lock(ctx)()
	var waiting []outbox.Event
	for _, e := range m.events {
		if e.Position == 0 && len(waiting) < limit {
			waiting = append(waiting, e)
		}
	}
	return waiting, nil
}

func (m *memory) OpenEndpoints(context.Context) ([]outbox.Endpoint, error) {
	return slices.DeleteFunc(slices.Clone(m.endpoints), func(e outbox.Endpoint) bool { return e.Status == outbox.Closed }), nil
}

func (m *memory) SaveNumbering(_ context.Context, n outbox.Numbering) error {
	for i := range m.events {
		if p, ok := n.Positions[m.events[i].ID]; ok {
			m.events[i].Position = p
		}
	}
	for i := range m.endpoints {
		if s, ok := n.Sequences[m.endpoints[i].ID]; ok {
			m.endpoints[i].LastSequence = s
		}
	}
	m.last, m.deliveries = n.Last, append(m.deliveries, n.Deliveries...)
	return nil
}

func (m *memory) due(d outbox.Delivery, id outbox.EndpointID, now time.Time) bool {
	return d.Endpoint == id && d.State == outbox.Pending && !d.NextAt.After(now) && !d.LeasedUntil.After(now)
}

func (m *memory) open(e outbox.Endpoint, now time.Time) bool {
	return e.Status == outbox.Active && !e.HoldUntil.After(now)
}

func (m *memory) DueEndpoints(ctx context.Context, now time.Time) ([]outbox.EndpointID, error) {
	defer m.lock(ctx)()
	var ids []outbox.EndpointID
	for _, e := range m.endpoints {
		if m.open(e, now) && slices.ContainsFunc(m.deliveries, func(d outbox.Delivery) bool { return m.due(d, e.ID, now) }) {
			ids = append(ids, e.ID)
		}
	}
	return ids, nil
}

func (m *memory) Claim(ctx context.Context, c outbox.Claim) (outbox.Endpoint, []outbox.Delivery, error) {
	defer m.lock(ctx)()
	m.claims++
	e, err := m.endpoint(c.Endpoint)
	if err != nil || !m.open(e, c.Now) {
		return e, nil, err
	}
	var got []outbox.Delivery
	for i := range m.deliveries {
		if m.deliveries[i].Sequence > c.After && m.due(m.deliveries[i], c.Endpoint, c.Now) && len(got) < c.Limit {
			m.deliveries[i].LeasedUntil = c.Until
			got = append(got, m.deliveries[i])
		}
	}
	return e, got, nil
}

func (m *memory) Record(ctx context.Context, results []outbox.Result) error {
	defer m.lock(ctx)()
	m.records++
	for _, r := range results {
		for i := range m.deliveries {
			d := &m.deliveries[i]
			if d.Endpoint != r.Endpoint || d.Sequence != r.Sequence {
				continue
			}
			if d.State == outbox.Pending || r.State == outbox.Delivered {
				d.State, d.Attempts, d.NextAt, d.DeliveredAt = r.State, r.Attempts, r.NextAt, r.DeliveredAt
			}
			d.LeasedUntil = time.Time{}
		}
		key := fmt.Sprint(r.Endpoint, r.Sequence)
		m.attempts[key] = append(m.attempts[key], r.Attempt)
		if p := r.Posting; p != nil && m.postings[postingKey(p.Event, p.CreditorRef)].TransactionID == "" {
			m.postings[postingKey(p.Event, p.CreditorRef)] = *p
		}
	}
	return nil
}

func (m *memory) CreateEndpoint(ctx context.Context, e outbox.Endpoint) error {
	defer m.lock(ctx)()
	m.endpoints = append(m.endpoints, e)
	return nil
}

func (m *memory) endpoint(id outbox.EndpointID) (outbox.Endpoint, error) {
	for _, e := range m.endpoints {
		if e.ID == id {
			e.Secrets = slices.Clone(e.Secrets)
			return e, nil
		}
	}
	return outbox.Endpoint{}, outbox.ErrNoEndpoint
}

func (m *memory) Endpoint(ctx context.Context, id outbox.EndpointID) (outbox.Endpoint, error) {
	defer m.lock(ctx)()
	return m.endpoint(id)
}

func (m *memory) Endpoints(ctx context.Context) ([]outbox.Endpoint, error) {
	defer m.lock(ctx)()
	return slices.Clone(m.endpoints), nil
}

func (m *memory) SaveEndpoint(ctx context.Context, e outbox.Endpoint) error {
	defer m.lock(ctx)()
	for i := range m.endpoints {
		if m.endpoints[i].ID == e.ID {
			e.LastSequence, e.CreatedAt = m.endpoints[i].LastSequence, m.endpoints[i].CreatedAt
			m.endpoints[i] = e
			return nil
		}
	}
	return outbox.ErrNoEndpoint
}

func (m *memory) Requeue(ctx context.Context, s outbox.Selection, at time.Time) (int64, error) {
	defer m.lock(ctx)()
	var n int64
	for i := range m.deliveries {
		d := &m.deliveries[i]
		switch {
		case d.Endpoint != s.Endpoint, s.Event != "" && d.Event != s.Event, s.Undelivered && d.State == outbox.Delivered,
			len(s.Types) > 0 && !slices.Contains(s.Types, d.Type),
			!s.From.IsZero() && d.OccurredAt.Before(s.From), !s.To.IsZero() && !d.OccurredAt.Before(s.To):
			continue
		}
		d.State, d.Attempts, d.NextAt, d.LeasedUntil = outbox.Pending, 0, at, time.Time{}
		n++
	}
	return n, nil
}

func postingKey(e outbox.EventID, creditor string) string { return string(e) + "|" + creditor }

func (m *memory) Posting(ctx context.Context, e outbox.EventID, creditor string) (outbox.Posting, error) {
	defer m.lock(ctx)()
	if p, ok := m.postings[postingKey(e, creditor)]; ok {
		return p, nil
	}
	return outbox.Posting{}, outbox.ErrNoPosting
}

func (m *memory) SavePosting(ctx context.Context, p outbox.Posting) error {
	defer m.lock(ctx)()
	if m.postings[postingKey(p.Event, p.CreditorRef)].TransactionID != "" {
		return outbox.ErrPosted
	}
	m.postings[postingKey(p.Event, p.CreditorRef)] = p
	return nil
}

func (m *memory) Unposted(ctx context.Context, types []outbox.Type, from, before time.Time, limit int) ([]outbox.Unposted, error) {
	defer m.lock(ctx)()
	var all []outbox.Unposted
	for _, d := range m.deliveries {
		p := m.postings[postingKey(d.Event, "")]
		if d.State == outbox.Delivered && slices.Contains(types, d.Type) && !d.DeliveredAt.Before(from) && d.DeliveredAt.Before(before) && p.TransactionID == "" && len(all) < limit {
			all = append(all, outbox.Unposted{Event: d.Event, Type: d.Type, Endpoint: d.Endpoint, Sequence: d.Sequence, DeliveredAt: d.DeliveredAt, Refusal: p.Refusal})
		}
	}
	return all, nil
}

func (m *memory) Event(ctx context.Context, id outbox.EventID) (outbox.Event, error) {
	defer m.lock(ctx)()
	for _, e := range m.events {
		if e.ID == id {
			return e, nil
		}
	}
	return outbox.Event{}, outbox.ErrNoEvent
}

func (m *memory) Feed(context.Context, debt.Creditors, outbox.FeedQuery) ([]outbox.Event, error) {
	return nil, errors.New("not used here")
}

func (m *memory) Deliveries(ctx context.Context, id outbox.EndpointID, after int64, limit int) ([]outbox.Delivery, error) {
	defer m.lock(ctx)()
	var all []outbox.Delivery
	for _, d := range m.deliveries {
		if d.Endpoint == id && d.Sequence > after {
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b outbox.Delivery) int { return cmp.Compare(a.Sequence, b.Sequence) })
	return all[:min(limit, len(all))], nil
}

func (m *memory) Attempts(ctx context.Context, id outbox.EndpointID, sequence int64) ([]outbox.Attempt, error) {
	defer m.lock(ctx)()
	return slices.Clone(m.attempts[fmt.Sprint(id, sequence)]), nil
}

// boxSealer stands for encryption: it binds the purpose and hides nothing.
type boxSealer struct{}

func (boxSealer) Seal(plain []byte, purpose string) ([]byte, error) {
	return []byte(purpose + "\n" + string(plain)), nil
}

func (boxSealer) Open(sealed []byte, purpose string) ([]byte, error) {
	plain, ok := strings.CutPrefix(string(sealed), purpose+"\n")
	if !ok {
		return nil, errors.New("sealed for another purpose")
	}
	return []byte(plain), nil
}

// clock is moved by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func (c *clock) Set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// bench is one outbox with everything around it.
type bench struct {
	*memory
	clock     *clock
	recorder  *outbox.Recorder
	sequencer *outbox.Sequencer
	deliverer *outbox.Deliverer
	desk      *outbox.Desk
	poster    *outbox.Poster
	alerts    *alertList
}

type alertList struct{ got []outbox.Alert }

func (a *alertList) EndpointAlert(_ context.Context, _ outbox.Endpoint, alert outbox.Alert) error {
	a.got = append(a.got, alert)
	return nil
}

// setup builds an outbox whose deliveries may reach the given servers on this
// machine and nothing else.
func setup(t *testing.T, receivers ...*httptest.Server) *bench {
	t.Helper()
	var loopback []string
	for _, r := range receivers {
		loopback = append(loopback, r.Listener.Addr().String())
	}
	client, err := outbox.NewClient(loopback)
	if err != nil {
		t.Fatal(err)
	}
	m := &memory{attempts: map[string][]outbox.Attempt{}, postings: map[string]outbox.Posting{}, owed: map[string]money.Cents{}}
	c := &clock{at: time.Date(2026, 11, 22, 18, 4, 5, 0, time.UTC)}
	var ids sync.Mutex
	n := 0
	next := func(prefix string) string {
		ids.Lock()
		defer ids.Unlock()
		n++
		return fmt.Sprintf("%s%06d", prefix, n)
	}
	b := &bench{memory: m, clock: c, alerts: &alertList{}}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	b.recorder = &outbox.Recorder{Events: m, Books: m, Now: c.Now, NewID: func() outbox.EventID { return outbox.EventID(next("evt_")) }}
	b.sequencer = &outbox.Sequencer{Tx: m, Store: m, Now: c.Now}
	b.deliverer = &outbox.Deliverer{Tx: m, Queue: m, Endpoints: m, Recorder: b.recorder, Sealer: boxSealer{}, Client: client, Alerts: b.alerts, Now: c.Now, Log: log}
	b.desk = &outbox.Desk{Tx: m, Store: m, Recorder: b.recorder, Sealer: boxSealer{}, Client: client, Now: c.Now, NewID: func() outbox.EndpointID { return outbox.EndpointID(next("ep_")) }}
	b.poster = &outbox.Poster{Tx: m, Store: m, Events: m, Now: c.Now}
	return b
}

// endpoint makes an endpoint at a receiver and returns it with its secret.
func (b *bench) add(t *testing.T, n outbox.NewEndpoint) (outbox.EndpointID, string) {
	t.Helper()
	e, secret, err := b.desk.Create(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return e.ID, secret
}

// verified appends n events that reach every endpoint without a creditor.
func (b *bench) verified(t *testing.T, n int) {
	t.Helper()
	for range n {
		b.identified(t, identity.ConsumerVerified)
	}
}

// identified tells the recorder of one change.
func (b *bench) identified(t *testing.T, kind identity.Kind) {
	t.Helper()
	c := identity.Change{Kind: kind, AccountID: "acc_1", LinkID: "lnk_01", Channel: contact.SMS, Via: identity.ByCode}
	if err := b.recorder.IdentityChanged(t.Context(), c); err != nil {
		t.Error(err)
	}
}

// sequence numbers all that waits.
func (b *bench) sequence(t *testing.T) {
	t.Helper()
	for {
		n, err := b.sequencer.Step(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// pump numbers and delivers all that is due now.
func (b *bench) pump(t *testing.T) {
	t.Helper()
	b.sequence(t)
	if err := b.deliverer.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) of(t *testing.T, id outbox.EndpointID) []outbox.Delivery {
	t.Helper()
	all, err := b.Deliveries(t.Context(), id, 0, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// message is what a receiver got.
type message struct {
	header http.Header
	body   string
}

// inbox is a receiver that keeps what it gets and answers as told.
type inbox struct {
	*httptest.Server
	mu     sync.Mutex
	got    []message
	answer func(w http.ResponseWriter, nth int)
}

func newInbox(t *testing.T) *inbox {
	t.Helper()
	in := &inbox{}
	in.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		in.mu.Lock()
		in.got = append(in.got, message{header: r.Header.Clone(), body: string(body)})
		nth, answer := len(in.got), in.answer
		in.mu.Unlock()
		if answer != nil {
			answer(w, nth)
		}
	}))
	t.Cleanup(in.Close)
	return in
}

func (in *inbox) messages() []message {
	in.mu.Lock()
	defer in.mu.Unlock()
	return slices.Clone(in.got)
}

func (in *inbox) answers(fn func(w http.ResponseWriter, nth int)) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.answer = fn
}

func status(code int) func(http.ResponseWriter, int) {
	return func(w http.ResponseWriter, _ int) { w.WriteHeader(code) }
}
