package sandbox

import (
	"crypto/subtle"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// maxBody bounds a request's body.
const maxBody = 1 << 20

// call is one API request on its way through an endpoint. Its params are
// checked; the server's lock is held.
type call struct {
	params
	s         *Server
	r         *http.Request
	requestID string
	key       string // Idempotency-Key
	public    bool   // made with the publishable key
	base      string // this server's origin as the caller sees it
}

// id returns the {id} of the address.
func (c *call) id() string { return c.r.PathValue("id") }

// answer is a finished response, as it is sent and kept under its key.
type answer struct {
	status int
	body   []byte
}

type handler func(c *call) (any, *apiError)

// serveAPI returns the HTTP handler of one endpoint.
func (s *Server) serveAPI(e endpointSpec) http.HandlerFunc {
	accepts := newSpec(e.params)
	return func(w http.ResponseWriter, r *http.Request) {
		c := &call{s: s, r: r, key: r.Header.Get("Idempotency-Key"), base: s.base(r)}
		s.mu.Lock()
		c.requestID = "req_" + s.random(14)
		s.mu.Unlock()
		writeHeaders(w, c)
		if err := s.admit(c, w, e); err != nil {
			write(w, errorAnswer(err))
			return
		}
		broken := s.faults.next(r)
		if broken.before(s, w, c) {
			return
		}
		kept, replayed, err := s.keys.reserve(c)
		if err != nil {
			write(w, errorAnswer(err))
			return
		}
		if replayed {
			w.Header().Set("Idempotent-Replayed", "true")
			broken.after(s, w, r, kept)
			return
		}
		var done answer
		var keep bool
		if broken == ModeErrorStored {
			done, keep = errorAnswer(serverError()), true
		} else {
			s.faults.delay(r)
			done, keep = s.execute(c, accepts, e.run)
		}
		s.keys.finish(c, done, keep, s.clock())
		broken.after(s, w, r, done)
	}
}

// execute runs the endpoint under the lock and renders its result there, so an
// answer is one consistent moment. keep says whether its key holds the answer.
func (s *Server) execute(c *call, accepts spec, run handler) (done answer, keep bool) {
	s.lock()
	defer s.unlock()
	if err := accepts.check(c.params); err != nil {
		return errorAnswer(err), false
	}
	s.current = c
	defer func() { s.current = nil }()
	result, err := run(c)
	if err == nil {
		if o, ok := result.(object); ok {
			result, err = s.show(o, c.list("expand"))
		}
	}
	if err != nil {
		return errorAnswer(err), err.began
	}
	return answer{http.StatusOK, encode(result)}, true
}

func encode(v any) []byte {
	body, err := json.Marshal(v)
	if err != nil {
		return []byte(`{"error":{"type":"api_error","message":"the sandbox could not encode its answer"}}`)
	}
	return body
}

func errorAnswer(err *apiError) answer {
	return answer{err.status, encode(map[string]*apiError{"error": err})}
}

func write(w http.ResponseWriter, a answer) {
	w.WriteHeader(a.status)
	put(w, a.body)
}

// put writes a body. Who hung up does not read why.
func put(w io.Writer, body []byte) { _, _ = w.Write(body) }

func writeHeaders(w http.ResponseWriter, c *call) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-cache, no-store")
	h.Set("Request-Id", c.requestID)
	h.Set("Stripe-Version", APIVersion)
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "Request-Id")
	if c.key != "" {
		h.Set("Idempotency-Key", c.key)
	}
}

// admit reads the request and checks who sends it and in which version.
func (s *Server) admit(c *call, w http.ResponseWriter, e endpointSpec) *apiError {
	text := c.r.URL.RawQuery
	if c.r.Method == http.MethodPost {
		body, err := io.ReadAll(http.MaxBytesReader(w, c.r.Body, maxBody))
		if err != nil {
			return invalid("", "The request body could not be read or is larger than 1 MB.")
		}
		if kind := c.r.Header.Get("Content-Type"); len(body) > 0 && !strings.HasPrefix(kind, "application/x-www-form-urlencoded") {
			return invalid("", "Invalid content type: %s. This API takes application/x-www-form-urlencoded.", kind)
		}
		text = joined(text, string(body))
	}
	var err *apiError
	if c.params, err = parseForm(text); err != nil {
		return err
	}
	if v := c.r.Header.Get("Stripe-Version"); v != "" && v != APIVersion {
		return invalid("", "Invalid Stripe API version: %s. This server speaks %s.", v, APIVersion)
	}
	if len(c.key) > 255 {
		return invalid("", "Idempotency keys can have up to 255 characters.")
	}
	return s.authenticate(c, e)
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "&" + b
}

// authenticate accepts the key as Bearer, as the Basic user name, or (the
// publishable one only) as the field "key" that browsers send.
func (s *Server) authenticate(c *call, e endpointSpec) *apiError {
	key, ok := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		key, _, ok = c.r.BasicAuth()
	}
	if !ok {
		key = c.take("key")
	}
	switch {
	case key == "":
		return unauthorized("", "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth.")
	case same(key, s.cfg.SecretKey):
		return nil
	case !same(key, s.cfg.PublishableKey):
		return unauthorized("", "Invalid API Key provided: "+masked(key))
	case !e.public:
		return unauthorized("secret_key_required", "This API call cannot be made with a publishable API key. Please use a secret API key.")
	}
	c.public = true
	return nil
}

// take removes a field and returns its value.
func (c *call) take(name string) string {
	for i, p := range c.params {
		if p.flat == name {
			c.params = append(c.params[:i:i], c.params[i+1:]...)
			return p.value
		}
	}
	return ""
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func masked(key string) string {
	if len(key) < 12 {
		return "****"
	}
	return key[:7] + "****" + key[len(key)-4:]
}

// base is this server's own origin: configured, or as the caller reached it.
func (s *Server) base(r *http.Request) string {
	if s.cfg.BaseURL != "" {
		return strings.TrimSuffix(s.cfg.BaseURL, "/")
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
