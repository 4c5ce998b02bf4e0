package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"quittance/payments/sandbox"
)

const (
	secretKey     = "sk_test_harness"
	publicKey     = "pk_test_harness"
	webhookSecret = "whsec_harness"
)

// monday is a Monday without a holiday in the week that follows.
var monday = time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)

// harness is a sandbox behind real HTTP, with a receiver of its events.
type harness struct {
	t *testing.T
	*sandbox.Server
	url string

	mu       sync.Mutex
	now      time.Time
	received []received
	refuse   int // how many deliveries the receiver answers with 500
}

type received struct {
	header http.Header
	body   []byte
	kind   string
	object reply
}

// reply is a decoded JSON object.
type reply map[string]any

func start(t *testing.T, change ...func(*sandbox.Config)) *harness {
	t.Helper()
	h := &harness{t: t, now: monday}
	receiver := httptest.NewServer(http.HandlerFunc(h.receive))
	t.Cleanup(receiver.Close)
	cfg := sandbox.Config{
		SecretKey: secretKey, PublishableKey: publicKey, WebhookSecret: webhookSecret,
		WebhookURL: receiver.URL, Now: h.clock, Seed: 7,
	}
	for _, f := range change {
		f(&cfg)
	}
	h.Server = sandbox.New(cfg)
	srv := httptest.NewServer(h.Handler())
	t.Cleanup(srv.Close)
	h.url = srv.URL
	return h
}

func (h *harness) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

// setClock moves the injected clock.
func (h *harness) setClock(now time.Time) {
	h.mu.Lock()
	h.now = now
	h.mu.Unlock()
}

func (h *harness) receive(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var e struct {
		Type string `json:"type"`
		Data struct {
			Object reply `json:"object"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &e); err != nil {
		h.t.Errorf("an event is no JSON: %v", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.refuse > 0 {
		h.refuse--
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	h.received = append(h.received, received{r.Header.Clone(), body, e.Type, e.Data.Object})
}

// events settles, delivers, and returns the types received so far.
func (h *harness) events() []string {
	h.t.Helper()
	h.Tick(h.t.Context())
	h.mu.Lock()
	defer h.mu.Unlock()
	var kinds []string
	for _, e := range h.received {
		kinds = append(kinds, e.kind)
	}
	return kinds
}

// last returns the object of the newest event of that type.
func (h *harness) last(kind string) reply {
	h.t.Helper()
	h.events()
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := len(h.received) - 1; i >= 0; i-- {
		if h.received[i].kind == kind {
			return h.received[i].object
		}
	}
	h.t.Fatalf("no %s was received", kind)
	return nil
}

// form turns "amount=100&metadata[a]=b" into the same, escaped.
func form(text string) url.Values {
	out := url.Values{}
	for pair := range strings.SplitSeq(text, "&") {
		if name, value, ok := strings.Cut(pair, "="); ok {
			out.Add(name, value)
		}
	}
	return out
}

// request is one API request that has not been sent.
type request struct {
	method, path, fields, key, bearer string
}

func (h *harness) send(q request) (int, http.Header, reply, error) {
	body := form(q.fields).Encode()
	address := h.url + q.path
	var reader io.Reader
	if q.method == http.MethodPost {
		reader = strings.NewReader(body)
	} else if body != "" {
		address += "?" + body
	}
	r, err := http.NewRequestWithContext(h.t.Context(), q.method, address, reader)
	if err != nil {
		return 0, nil, nil, err
	}
	if q.method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if q.bearer == "" {
		q.bearer = secretKey
	}
	r.Header.Set("Authorization", "Bearer "+q.bearer)
	if q.key != "" {
		r.Header.Set("Idempotency-Key", q.key)
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return 0, nil, nil, err
	}
	defer resp.Body.Close()
	var out reply
	err = json.NewDecoder(resp.Body).Decode(&out)
	return resp.StatusCode, resp.Header, out, err
}

// post sends a POST that must be answered with status.
func (h *harness) post(status int, path, fields string) reply {
	h.t.Helper()
	return h.must(status, request{method: http.MethodPost, path: path, fields: fields})
}

func (h *harness) get(path, fields string) reply {
	h.t.Helper()
	return h.must(http.StatusOK, request{method: http.MethodGet, path: path, fields: fields})
}

func (h *harness) must(status int, q request) reply {
	h.t.Helper()
	got, _, out, err := h.send(q)
	if err != nil {
		h.t.Fatalf("%s %s: %v", q.method, q.path, err)
	}
	if got != status {
		h.t.Fatalf("%s %s (%s): status %d, want %d: %v", q.method, q.path, q.fields, got, status, out)
	}
	return out
}

// text follows keys into nested objects; "" where there is nothing.
func (o reply) text(keys ...string) string {
	s, _ := o.at(keys...).(string)
	return s
}

func (o reply) int(keys ...string) int64 {
	n, _ := o.at(keys...).(float64)
	return int64(n)
}

func (o reply) at(keys ...string) any {
	var v any = map[string]any(o)
	for _, key := range keys {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[key]
	}
	return v
}

func (o reply) data() []reply {
	var out []reply
	items, _ := o["data"].([]any)
	for _, item := range items {
		out = append(out, item.(map[string]any))
	}
	return out
}

const cardIntent = "amount=15000&currency=usd&payment_method_types[]=card&confirm=true&metadata[payment_id]=pay_1&payment_method="

const bankIntent = "amount=15000&currency=usd&payment_method_types[]=us_bank_account&confirm=true&metadata[payment_id]=pay_1" +
	"&mandate_data[customer_acceptance][type]=online&mandate_data[customer_acceptance][online][ip_address]=192.0.2.1" +
	"&mandate_data[customer_acceptance][online][user_agent]=test&payment_method=pm_usBankAccount_"

func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func sameList(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("%s:\n got %s\nwant %s", what, strings.Join(got, " "), strings.Join(want, " "))
	}
}
