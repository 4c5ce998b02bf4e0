package web

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

func TestMetricsNameRoutesAndNobody(t *testing.T) {
	t.Parallel()
	metrics := NewMetrics()
	b := setup(t, func(c *Config) { c.Metrics = metrics })
	if err := metrics.Gauge("portal_webhooks_waiting", "Webhooks that wait.", func() float64 { return 7 }); err != nil {
		t.Fatal(err)
	}
	b.do(t, "GET", "/l/s3cr3t-token", "")
	b.do(t, "GET", "/nowhere/s3cr3t-token", "")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	var down error
	go func() { done <- metrics.Serve(ctx, listener, func(context.Context) error { return down }) }()
	for want, why := range map[int]error{http.StatusOK: nil, http.StatusServiceUnavailable: errors.New("no database")} {
		down = why
		response, err := http.Get("http://" + listener.Addr().String() + "/readyz")
		if err != nil {
			t.Fatal(err)
		}
		if response.Body.Close(); response.StatusCode != want {
			t.Errorf("/readyz answers %d, want %d", response.StatusCode, want)
		}
	}
	response, err := http.Get("http://" + listener.Addr().String() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	response.Body.Close()
	cancel()
	if err != nil || <-done != nil {
		t.Fatal("the listener did not stop in peace")
	}
	for _, want := range []string{`route="/l/:token",status="200"`, `route="unknown",status="404"`, "portal_webhooks_waiting 7"} {
		if !strings.Contains(string(body), want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(string(body), "s3cr3t") {
		t.Error("a path stands in a label")
	}
	if a := b.do(t, "GET", "/metrics", ""); a.status != 404 {
		t.Errorf("consumers can read the metrics: %d", a.status)
	}
}
