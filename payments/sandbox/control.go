package sandbox

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// The steering of a sandbox from another process. All bodies are JSON; a POST
// must say so, which keeps other sites' pages in a browser from steering it.
//
//	GET  /sandbox/clock                    {"now"}
//	POST /sandbox/advance                  {"days", "hours", "seconds"} -> {"now"}
//	POST /sandbox/deliver                  sends what is due -> {"accepted"}
//	GET  /sandbox/charges[?status=pending] {"charges": [Charge]}
//	GET  /sandbox/charges/{payment_id}     {"count"}
//	GET  /sandbox/stats                    Stats
//	POST /sandbox/faults                   {"clear", "next": [{"mode", "n", "path"}], "percent", "modes", "seed",
//	                                        "latency_ms", "events": {"delay_ms", "duplicate_percent", "drop_percent", "shuffle", "seed"}}
//	POST /sandbox/return                   {"payment_intent", "code": "R10"}
//	POST /sandbox/dispute                  {"payment_intent", "reason"} -> {"dispute"}
//	POST /sandbox/decide                   {"dispute", "won"}
//	POST /sandbox/emit                     {"type", "object": "pm_1…"}: an event of any type about a stored object
func (s *Server) controlRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /sandbox/clock", func(w http.ResponseWriter, _ *http.Request) { s.tellClock(w) })
	mux.HandleFunc("GET /sandbox/stats", func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, s.Stats()) })
	mux.HandleFunc("GET /sandbox/charges", s.tellCharges)
	mux.HandleFunc("GET /sandbox/charges/{id}", func(w http.ResponseWriter, r *http.Request) {
		reply(w, http.StatusOK, map[string]int{"count": s.ChargeCount(r.PathValue("id"))})
	})
	mux.HandleFunc("POST /sandbox/advance", steer(s.advance))
	mux.HandleFunc("POST /sandbox/faults", steer(s.setFaults))
	mux.HandleFunc("POST /sandbox/deliver", steer(func(ctx context.Context, _ struct{}) (any, string) {
		return map[string]int{"accepted": s.Tick(ctx)}, ""
	}))
	mux.HandleFunc("POST /sandbox/return", steer(s.orderReturn))
	mux.HandleFunc("POST /sandbox/dispute", steer(s.orderDispute))
	mux.HandleFunc("POST /sandbox/decide", steer(s.orderDecision))
	mux.HandleFunc("POST /sandbox/emit", steer(s.orderEvent))
}

// steer decodes a JSON body into T, refusing fields it does not know, and
// replies with what do returns or with its complaint.
func steer[T any](do func(context.Context, T) (any, string)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			reply(w, http.StatusUnsupportedMediaType, map[string]string{"error": "send application/json"})
			return
		}
		var in T
		dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&in); err != nil {
			reply(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
			return
		}
		out, complaint := do(r.Context(), in)
		if complaint != "" {
			reply(w, http.StatusUnprocessableEntity, map[string]string{"error": complaint})
			return
		}
		reply(w, http.StatusOK, out)
	}
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	put(w, encode(v))
}

func (s *Server) tellClock(w http.ResponseWriter) {
	reply(w, http.StatusOK, map[string]time.Time{"now": s.Now()})
}

func (s *Server) tellCharges(w http.ResponseWriter, r *http.Request) {
	reply(w, http.StatusOK, map[string][]Charge{"charges": s.chargesWith(orString(r.URL.Query().Get("status"), "succeeded"))})
}

type advanceOrder struct{ Days, Hours, Seconds int }

func (s *Server) advance(_ context.Context, in advanceOrder) (any, string) {
	d := time.Duration(in.Days)*24*time.Hour + time.Duration(in.Hours)*time.Hour + time.Duration(in.Seconds)*time.Second
	if d < 0 || d > 10*365*24*time.Hour {
		return nil, "the clock moves forward only, by ten years at most"
	}
	s.Advance(d)
	return map[string]time.Time{"now": s.Now()}, ""
}

type faultOrder struct {
	Clear bool
	Next  []struct {
		Mode Mode
		N    int
		Path string
	}
	Percent   int
	Modes     []Mode
	Seed      uint64
	LatencyMS int `json:"latency_ms"`
	Events    *struct {
		DelayMS          int `json:"delay_ms"`
		DuplicatePercent int `json:"duplicate_percent"`
		DropPercent      int `json:"drop_percent"`
		Shuffle          bool
		Seed             uint64
	}
}

func (s *Server) setFaults(_ context.Context, in faultOrder) (any, string) {
	for _, mode := range in.Modes {
		if !mode.known() {
			return nil, "unknown mode " + string(mode)
		}
	}
	for _, next := range in.Next {
		if !next.Mode.known() {
			return nil, "unknown mode " + string(next.Mode)
		}
	}
	if in.Clear {
		s.ClearFaults()
	}
	for _, next := range in.Next {
		s.FailNextOn(next.Path, max(1, next.N), next.Mode)
	}
	if in.Percent > 0 {
		s.FailSome(in.Percent, in.Seed, in.Modes...)
	}
	if in.LatencyMS > 0 {
		s.Latency(time.Duration(in.LatencyMS) * time.Millisecond)
	}
	if e := in.Events; e != nil {
		s.SetEventFaults(EventFaults{Delay: time.Duration(e.DelayMS) * time.Millisecond, DuplicatePercent: e.DuplicatePercent, DropPercent: e.DropPercent, Shuffle: e.Shuffle, Seed: e.Seed})
	}
	return struct{}{}, ""
}

type returnOrder struct {
	PaymentIntent string `json:"payment_intent"`
	Code          string
}

func (s *Server) orderReturn(_ context.Context, in returnOrder) (any, string) {
	if !s.Return(in.PaymentIntent, in.Code) {
		return nil, "there is no bank debit of that payment_intent that this code could return"
	}
	return struct{}{}, ""
}

type disputeOrder struct {
	PaymentIntent string `json:"payment_intent"`
	Reason        string
}

func (s *Server) orderDispute(_ context.Context, in disputeOrder) (any, string) {
	id := s.Dispute(in.PaymentIntent, orString(in.Reason, "fraudulent"))
	if id == "" {
		return nil, "there is no successful card charge of that payment_intent that can be disputed"
	}
	return map[string]string{"dispute": id}, ""
}

type decideOrder struct {
	Dispute string
	Won     bool
}

func (s *Server) orderDecision(_ context.Context, in decideOrder) (any, string) {
	if !s.DecideDispute(in.Dispute, in.Won) {
		return nil, "there is no such open dispute"
	}
	return struct{}{}, ""
}

type eventOrder struct{ Type, Object string }

func (s *Server) orderEvent(_ context.Context, in eventOrder) (any, string) {
	if in.Type == "" || !s.Emit(in.Type, in.Object) {
		return nil, "name a type and an object that exists"
	}
	return struct{}{}, ""
}
