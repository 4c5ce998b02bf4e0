package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics counts what the portal does. Its labels are routes and statuses,
// never a path or anything of a person.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	keptOut  *prometheus.CounterVec
}

// NewMetrics returns an empty set. Other areas add theirs through Register.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "portal_http_request_seconds", Help: "Time to answer a request, by route.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 30},
		}, []string{"method", "route", "status"}),
		keptOut: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "portal_policy_reports_total", Help: "Browsers' reports of what a page's policy kept out, by directive.",
		}, []string{"directive"}),
	}
	m.registry.MustRegister(m.requests, m.keptOut, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Gauge adds a figure that is read when somebody asks for it, such as the
// number of webhooks that wait.
func (m *Metrics) Gauge(name, help string, read func() float64) error {
	return m.registry.Register(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
}

func (m *Metrics) count(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

func (m *Metrics) kept(directive string) { m.keptOut.WithLabelValues(directive).Inc() }

// Serve answers /metrics, and /readyz by ready, on a listener of its own, which
// no consumer reaches, until the context ends. A process without the web is
// asked here whether it works.
func (m *Metrics) Serve(ctx context.Context, listener net.Listener, ready func(context.Context) error) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if ready(r.Context()) != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	server := &http.Server{Handler: mux, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
