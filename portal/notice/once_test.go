package notice_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/notice"
)

// dying is a carrier whose process is killed at one of two moments: before the
// message is handed over, or after it was and before that is written down.
type dying struct {
	*carrier
	after bool
}

var errKilled = errors.New("killed")

func (d dying) Send(ctx context.Context, m notice.Message) (string, error) {
	if d.after {
		_, _ = d.carrier.Send(ctx, m)
	}
	panic(errKilled)
}

func TestSMS08_ATextIsSentAtMostOnceWhereverItsSenderDies(t *testing.T) {
	t.Parallel()
	for name, after := range map[string]bool{"before it was handed over": false, "after it was handed over": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.add(t)
			b.worker.Senders[contact.SMS] = dying{b.carrier, after}
			func() {
				defer func() { _ = recover() }()
				_, _ = b.worker.Run(t.Context())
			}()
			if b.rows[0].Status != notice.Sending {
				t.Fatalf("the intent was not written down: %+v", b.rows[0])
			}
			b.worker.Senders[contact.SMS] = b.carrier // another process
			handed := len(b.carrier.sent)
			for range 5 {
				b.now = b.now.Add(3 * time.Minute)
				b.run(t)
			}
			row := b.rows[0]
			if len(b.carrier.sent) != handed || row.Status != notice.Failed || row.Problem != notice.ProblemUnknown || len(b.carrier.changed) != 1 {
				t.Errorf("sent %d times, told %d times, row %+v", len(b.carrier.sent), len(b.carrier.changed), row)
			}
		})
	}
}

func TestSMS08_ATextThatAnotherWorkerIsSendingIsLeftToIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t)
	claimed, _ := b.ClaimOutgoing(t.Context(), b.now, b.now, 1) // a lease that is over at once
	if ours, err := b.BeginSending(t.Context(), claimed[0]); err != nil || !ours {
		t.Fatal(ours, err)
	}
	if n, err := b.worker.Run(t.Context()); err != nil || n != 0 || len(b.carrier.sent) != 0 {
		t.Errorf("took %d, sent %d, %v", n, len(b.carrier.sent), err)
	}
}

func TestCOM06_AMessageWithoutAWayOutIsNotTaken(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, m := range []notice.Message{
		{Channel: contact.SMS, Kind: notice.KindLink, Text: notice.Text{Plain: "a link"}},
		{Channel: contact.Email, Kind: notice.KindLink, Text: notice.Text{Plain: "Reply STOP"}},
		{Channel: contact.Email, Kind: notice.KindCharge, Text: notice.Text{Plain: "no way out"}},
		{Channel: contact.SMS, Kind: notice.KindStepUp, Text: notice.Text{Plain: "123456"}},
	} {
		if _, err := b.queue.Add(t.Context(), m); !errors.Is(err, notice.ErrNoWayOut) {
			t.Errorf("%+v: %v", m, err)
		}
	}
	b.add(t, func(m *notice.Message) {
		m.Channel, m.To, m.Plain = contact.Email, "ana@example.com", "Hello\n"+notice.StopMark
	})
	m, err := notice.Open(b.box, b.rows[0])
	if err != nil || m.Plain != "Hello\nhttps://pay.example/o/token" || m.StopURL != "https://pay.example/o/token" {
		t.Errorf("stored %+v, %v", m, err)
	}
	b.add(t, func(m *notice.Message) { m.Kind, m.Plain = notice.KindStopped, "We will not text you again." })
}

func TestCOM01_AMessageThatMayWaitDoes(t *testing.T) {
	t.Parallel()
	for _, why := range []contact.Reason{contact.QuietHours, contact.Inconvenient, contact.TooMany} {
		for kind, waits := range map[notice.Kind]bool{notice.KindCharge: true, notice.KindThread: true, notice.KindChanged: true, notice.KindLink: false} {
			b := setup(t)
			b.add(t, func(m *notice.Message) { m.Kind = kind })
			b.carrier.reason = string(why)
			row := b.run(t)
			if (row.Status == notice.Queued) != waits {
				t.Errorf("%s, %s: %s", kind, why, row.Status)
			}
			if !waits {
				continue
			}
			b.carrier.reason, b.now = "", b.now.Add(time.Hour)
			if row = b.run(t); row.Status != notice.Sent {
				t.Errorf("%s after %s: %s", kind, why, row.Status)
			}
		}
	}
}

func TestVAL12_AMessageThatCameBackIsReportedOnceAndItsAddressShut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.worker.Senders[contact.Email] = b.carrier
	b.add(t, func(m *notice.Message) { m.Channel, m.Plain = contact.Email, notice.StopMark })
	b.run(t)
	shut := &shutter{}
	reports := &notice.Reports{Tx: b.shelf, Records: b.shelf, Watchers: []notice.Watcher{notice.Bounces{Book: shut}, b.carrier}}
	for range 2 {
		if err := reports.Lost(t.Context(), b.rows[0].ID); err != nil {
			t.Fatal(err)
		}
	}
	last := b.carrier.changed[len(b.carrier.changed)-1]
	if len(b.carrier.changed) != 2 || last.Status != notice.Failed || last.Problem != notice.ProblemBounced || len(shut.hashes) != 1 {
		t.Errorf("told %d times, last %+v, shut %d", len(b.carrier.changed), last, len(shut.hashes))
	}
	if err := reports.Lost(t.Context(), "msg_none"); !errors.Is(err, notice.ErrUnknown) {
		t.Errorf("an unknown message: %v", err)
	}
}

type shutter struct{ hashes, stops [][]byte }

func (s *shutter) Gone(_ context.Context, _ debt.AccountID, _ contact.Channel, hash []byte, _ string) error {
	s.hashes = append(s.hashes, hash)
	return nil
}

func (s *shutter) Stop(_ context.Context, _ debt.AccountID, _ contact.Channel, hash []byte, _, _ string) error {
	s.stops = append(s.stops, hash)
	return nil
}

func TestVAL12_OnlyAMailboxThatIsBadEndsTheUseOfItsAddress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fails       error
		problem     string
		gone, stops int
	}{
		{notice.ErrBounced, notice.ProblemBounced, 1, 0},
		{notice.ErrStopped, notice.ProblemStopped, 0, 1},
		{notice.ErrRefused, notice.ProblemRefused, 0, 0},
		{notice.ErrUndeliverable, notice.ProblemUndeliverable, 0, 0},
	} {
		b := setup(t)
		shut := &shutter{}
		b.worker.Watchers = append(b.worker.Watchers, notice.Bounces{Book: shut})
		b.add(t)
		b.carrier.fails = c.fails
		if row := b.run(t); row.Status != notice.Failed || row.Problem != c.problem || len(shut.hashes) != c.gone || len(shut.stops) != c.stops {
			t.Errorf("%v: %s %q, gone %d, stopped %d", c.fails, row.Status, row.Problem, len(shut.hashes), len(shut.stops))
		}
	}
}

func TestSMS03_ATextThatReachedNobodyIsKeptWithTheCarriersReason(t *testing.T) {
	t.Parallel()
	for problem, gone := range map[string]int{notice.ProblemUndeliverable: 0, notice.ProblemBounced: 1} {
		b := setup(t)
		b.add(t)
		b.run(t)
		shut := &shutter{}
		reports := &notice.Reports{Tx: b.shelf, Records: b.shelf, Watchers: []notice.Watcher{notice.Bounces{Book: shut}, b.carrier}}
		for range 2 {
			if err := reports.LostBy(t.Context(), "carrier-1", problem); err != nil {
				t.Fatal(err)
			}
		}
		if b.rows[0].Problem != problem || len(shut.hashes) != gone || len(b.carrier.changed) != 2 {
			t.Errorf("%s: %+v, gone %d", problem, b.rows[0], len(shut.hashes))
		}
	}
}
