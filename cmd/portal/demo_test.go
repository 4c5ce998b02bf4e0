package main

import (
	"testing"
	"time"
)

func TestCOM01_TheDemoStartsByDaySoThatTextsMayBeSent(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for hour := range 24 {
		real := time.Date(2026, 11, 22, hour, 30, 0, 0, time.UTC)
		moved := newClock(real).moved
		if at := real.Add(moved).In(zone); at.Hour() < 9 || at.Hour() >= 20 {
			t.Errorf("started at %s it is %s", real, at)
		}
		if moved < 0 || moved >= 24*time.Hour {
			t.Errorf("started at %s the clock is moved by %s", real, moved)
		}
	}
}

func TestTheDemoListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "example.com:0"} {
		if l, err := listenLoopback(t.Context(), addr); err == nil {
			l.Close()
			t.Errorf("the demo listens on %s", addr)
		}
	}
}
