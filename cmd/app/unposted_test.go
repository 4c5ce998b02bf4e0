package app

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"quittance/portal/outbox"
)

// lateBooks have one event of 16 minutes ago that nobody booked.
type lateBooks struct {
	outbox.Postings
	received time.Time
}

func (l lateBooks) Unposted(_ context.Context, _ []outbox.Type, _, before time.Time, _ int) ([]outbox.Unposted, error) {
	if !l.received.Before(before) {
		return nil, nil
	}
	return []outbox.Unposted{{Event: "evt_1", DeliveredAt: l.received}}, nil
}

func TestW12_WhatIsNotPostedAfterAQuarterOfAnHourIsToldAndCounted(t *testing.T) {
	t.Parallel()
	received := time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)
	for minutes, want := range map[int]float64{15: 0, 16: 1} {
		var log bytes.Buffer
		p := &Portal{Poster: &outbox.Poster{Store: lateBooks{received: received}}}
		p.in.Log = slog.New(slog.NewTextHandler(&log, nil))
		p.in.Now = func() time.Time { return received.Add(time.Duration(minutes) * time.Minute) }
		p.unposted.n.Store(7)
		if _, err := p.watchUnposted(t.Context()); err != nil || p.unposted.gauge() != want || strings.Contains(log.String(), "evt_1") != (want > 0) {
			t.Errorf("after %d minutes: %v are counted, %v, %s", minutes, p.unposted.gauge(), err, &log)
		}
	}
}
