package web

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// reportPath is where browsers tell what a page's policy kept out (SEC-03).
const reportPath = "/hooks/policy"

const (
	reportLimit    = 8 << 10 // bytes of one report
	reportsAMinute = 20      // that are logged; all are counted
)

// directives are those that reports are counted by: anybody may send a report,
// and a figure has only labels of ours.
var directives = []string{
	"base-uri", "connect-src", "default-src", "font-src", "form-action", "frame-ancestors", "frame-src", "img-src", "media-src", "object-src",
	"script-src", "script-src-attr", "script-src-elem", "style-src", "style-src-attr", "style-src-elem", "worker-src",
}

// report is the little that is read of one: no address outside of ours, no
// sample of a script, and of our own address the route alone.
type report struct {
	Body struct {
		Page      string `json:"document-uri"`
		Directive string `json:"effective-directive"`
		Violated  string `json:"violated-directive"` // the same, of older browsers
	} `json:"csp-report"`
}

// reports counts what came in during a minute.
type reports struct {
	mu    sync.Mutex
	since time.Time
	n     int
}

// room reports whether one more may be logged.
func (r *reports) room(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Sub(r.since) >= time.Minute {
		r.since, r.n = now, 0
	}
	r.n++
	return r.n <= reportsAMinute
}

func (s *Server) reportRoute() Route {
	return Route{Method: http.MethodPost, Pattern: reportPath, Access: Hook, Body: ReportBody, Handler: s.takeReport}
}

// takeReport counts a report and logs its directive and route.
func (s *Server) takeReport(r *Request) error {
	var sent report
	if json.Unmarshal(r.Body(), &sent) != nil {
		return r.Problem(http.StatusBadRequest)
	}
	directive, _, _ := strings.Cut(cmp.Or(sent.Body.Directive, sent.Body.Violated), " ")
	if !slices.Contains(directives, directive) {
		directive = "other"
	}
	s.metrics.kept(directive)
	if s.reports.room(s.now()) {
		s.log.Warn("a browser kept out what a page's policy does not allow", "directive", directive, "route", s.routeOf(sent.Body.Page))
	}
	return r.Empty()
}

// routeOf is the pattern of a page's address, which may hold a token; "other"
// where there is none.
func (s *Server) routeOf(page string) string {
	u, err := url.Parse(page)
	if err != nil {
		return "other"
	}
	path := strings.Split(u.Path, "/")
	for _, route := range s.table {
		fits := func(part, want string) bool { return part == want || part != "" && strings.HasPrefix(want, ":") }
		if pattern := strings.Split(route.Pattern, "/"); route.Method == http.MethodGet && slices.EqualFunc(path, pattern, fits) {
			return route.Pattern
		}
	}
	return "other"
}
