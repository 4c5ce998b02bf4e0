package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"testing"
	"time"

	"quittance/cmd/demo"
	"quittance/portal/config"
	"quittance/portal/store/storetest"
)

// TestAContainerOfAWorkerIsHealthyWhileItWorksAndNotAfter asks as the image's
// health check does.
func TestAContainerOfAWorkerIsHealthyWhileItWorksAndNotAfter(t *testing.T) {
	t.Parallel()
	free := func() string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		return l.Addr().String()
	}
	settings := demo.Settings("http://127.0.0.1:1", "http://127.0.0.1:1", free(), storetest.SQLiteURL(t))
	settings["PORTAL_SECRET_KEY"] = "first-key-0123456789-abcdefghijklmnopqrstuvwxyz"
	settings["PORTAL_METRICS_ADDR"] = free()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	lookup := func(name string) (string, bool) { v, ok := settings[name]; return v, ok }
	p := program{env: config.Environment{Lookup: lookup, ReadFile: os.ReadFile}, stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}}
	go func() { ended <- run(ctx, p, []string{"serve", "-role", "worker"}) }()
	deadline := time.After(20 * time.Second)
	for said, code := order(t, settings, "check", "-ready"); code != exitDone; said, code = order(t, settings, "check", "-ready") {
		select {
		case code := <-ended:
			t.Fatalf("the worker ended with %d: %s", code, p.stderr)
		case <-deadline:
			t.Fatalf("never ready: %s", said)
		case <-time.After(20 * time.Millisecond):
		}
	}
	stop()
	if code := <-ended; code != exitDone {
		t.Errorf("the worker ended with %d: %s", code, p.stderr)
	}
	if said, code := order(t, settings, "check", "-ready"); code != exitFaults {
		t.Errorf("a worker that ended: exit %d: %s", code, said)
	}
}
