package notice_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"quittance/portal/contact"
	"quittance/portal/debt"
	"quittance/portal/notice"
	"quittance/portal/notice/inbox"
	"quittance/portal/seal"
)

// shelf is a store in memory.
type shelf struct{ rows []notice.Outgoing }

func (s *shelf) InTx(ctx context.Context, fn func(ctx context.Context) error) error { return fn(ctx) }

func (s *shelf) AddOutgoing(_ context.Context, m notice.Outgoing) error {
	s.rows = append(s.rows, m)
	return nil
}

func (s *shelf) ClaimOutgoing(_ context.Context, now, until time.Time, limit int) ([]notice.Outgoing, error) {
	var claimed []notice.Outgoing
	for i, m := range s.rows {
		if m.Status == notice.Queued && !now.Before(m.NextAt) && !now.Before(m.LeasedUntil) && len(claimed) < limit {
			s.rows[i].LeasedUntil, s.rows[i].Tries = until, m.Tries+1
			claimed = append(claimed, s.rows[i])
		}
	}
	return claimed, nil
}

func (s *shelf) SaveOutgoing(_ context.Context, m notice.Outgoing) (bool, error) {
	for i := range s.rows {
		if open := s.rows[i].Status == notice.Queued || s.rows[i].Status == notice.Sending; open && s.rows[i].ID == m.ID && s.rows[i].Tries == m.Tries {
			s.rows[i] = m
			return true, nil
		}
	}
	return false, nil
}

func (s *shelf) BeginSending(_ context.Context, m notice.Outgoing) (bool, error) {
	for i := range s.rows {
		if s.rows[i].ID == m.ID && s.rows[i].Tries == m.Tries && s.rows[i].Status == notice.Queued {
			s.rows[i].Status = notice.Sending
			return true, nil
		}
	}
	return false, nil
}

func (s *shelf) LeftSending(_ context.Context, now time.Time, _ int) ([]notice.Outgoing, error) {
	var left []notice.Outgoing
	for _, m := range s.rows {
		if m.Status == notice.Sending && !now.Before(m.LeasedUntil) {
			left = append(left, m)
		}
	}
	return left, nil
}

func (s *shelf) find(fits func(notice.Outgoing) bool) (notice.Outgoing, error) {
	for _, m := range s.rows {
		if fits(m) {
			return m, nil
		}
	}
	return notice.Outgoing{}, notice.ErrUnknown
}

func (s *shelf) Outgoing(_ context.Context, id string) (notice.Outgoing, error) {
	return s.find(func(m notice.Outgoing) bool { return m.ID == id })
}

func (s *shelf) OutgoingOf(_ context.Context, id string) (notice.Outgoing, error) {
	return s.find(func(m notice.Outgoing) bool { return m.ProviderID == id })
}

func (s *shelf) FailOutgoing(_ context.Context, id, problem string) (bool, error) {
	for i := range s.rows {
		if s.rows[i].ID == id && s.rows[i].Status == notice.Sent {
			s.rows[i].Status, s.rows[i].Problem = notice.Failed, problem
			return true, nil
		}
	}
	return false, nil
}

// ways makes the same way out for everybody.
type ways struct{}

func (ways) Way(context.Context, debt.AccountID, contact.Channel, string, string) (string, error) {
	return "token", nil
}

func (ways) Hash(ch contact.Channel, address string) []byte { return []byte(string(ch) + address) }

func (s *shelf) OutgoingMessages(context.Context, int) ([]notice.Outgoing, error) { return s.rows, nil }

// carrier is a Sender, a Guard and a Watcher that does as it is told.
type carrier struct {
	sent    []notice.Message
	fails   error
	reason  string
	changed []notice.Outgoing
}

func (c *carrier) Send(_ context.Context, m notice.Message) (string, error) {
	if c.fails != nil {
		return "", c.fails
	}
	c.sent = append(c.sent, m)
	return "carrier-1", nil
}

func (c *carrier) MaySend(context.Context, notice.Message) (string, error) { return c.reason, nil }

func (c *carrier) MessageChanged(_ context.Context, m notice.Outgoing) error {
	c.changed = append(c.changed, m)
	return nil
}

type bundle struct {
	*shelf
	carrier *carrier
	queue   *notice.Queue
	worker  *notice.Worker
	box     *seal.Box
	now     time.Time
	log     bytes.Buffer
}

func setup(t *testing.T) *bundle {
	t.Helper()
	box, err := seal.New(map[byte][]byte{1: bytes.Repeat([]byte{3}, seal.KeySize)})
	if err != nil {
		t.Fatal(err)
	}
	b := &bundle{shelf: &shelf{}, carrier: &carrier{}, box: box, now: time.Date(2026, 11, 23, 19, 0, 0, 0, time.UTC)}
	now := func() time.Time { return b.now }
	b.queue = &notice.Queue{Store: b.shelf, Sealer: box, Ways: ways{}, PublicURL: "https://pay.example", Now: now}
	b.worker = &notice.Worker{Tx: b.shelf, Store: b.shelf, Sealer: box, Guard: b.carrier, Watchers: []notice.Watcher{b.carrier}, Now: now,
		Senders: map[contact.Channel]notice.Sender{contact.SMS: b.carrier}, Log: slog.New(slog.NewTextHandler(&b.log, nil))}
	return b
}

func (b *bundle) add(t *testing.T, change ...func(*notice.Message)) {
	t.Helper()
	m := notice.Message{AccountID: "acc_1", To: "+12125550123", Channel: contact.SMS, Kind: notice.KindLink, Language: "es",
		Text: notice.Text{Plain: "https://pay.example/l/secret STOP"}}
	for _, c := range change {
		c(&m)
	}
	if _, err := b.queue.Add(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

func (b *bundle) run(t *testing.T) notice.Outgoing {
	t.Helper()
	if _, err := b.worker.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b.rows[0]
}

func TestREC02_SEC08_AMessageIsKeptSealedAndOnceItIsSentWithoutWhatOpensADoor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t)
	if row := string(b.rows[0].Sealed); strings.Contains(row, "secret") || strings.Contains(row, "2125550123") {
		t.Error("the row is readable")
	}
	row := b.run(t)
	if row.Status != notice.Sent || row.ProviderID != "carrier-1" || !row.SentAt.Equal(b.now) {
		t.Errorf("row = %+v", row)
	}
	if kept, err := notice.Open(b.worker.Sealer, row); err != nil || kept.Plain != "https://pay.example/l/… STOP" || kept.To != "+12125550123" {
		t.Errorf("kept %+v, %v", kept, err)
	}
	if m := b.carrier.sent[0]; m.To != "+12125550123" || m.Plain != "https://pay.example/l/secret STOP" || m.Language != "es" {
		t.Errorf("sent %+v", m)
	}
	if len(b.carrier.changed) != 1 {
		t.Errorf("watchers heard %v", b.carrier.changed)
	}
	if n, _ := b.worker.Run(t.Context()); n != 0 || len(b.carrier.sent) != 1 {
		t.Error("it was sent twice")
	}
}

func TestSTA02_WordsOfTheLawStandInEachMessageAboutADebtAndInNoOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.queue.Law = func(_ context.Context, m notice.Message) ([]string, error) {
		return map[string][]string{"es": {"Palabras de la ley.", "Otras palabras."}}[m.Language], nil
	}
	b.add(t)
	b.add(t, func(m *notice.Message) { m.Language = "en" })
	b.add(t, func(m *notice.Message) { m.Kind = notice.KindStopped })
	if _, err := b.worker.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	const plain = "https://pay.example/l/secret STOP"
	for i, want := range []string{plain + "\n\nPalabras de la ley.\n\nOtras palabras.", plain, plain} {
		if got := b.carrier.sent[i].Plain; got != want {
			t.Errorf("message %d: %q", i, got)
		}
	}
}

func TestREC02_ACopyOfAMessageOpensNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind       notice.Kind
		text, kept string
	}{
		{notice.KindLink, "Acme: https://pay.example/l/Qx7_-9 Call 8005550134. STOP", "Acme: https://pay.example/l/… Call 8005550134. STOP"},
		{notice.KindStepUp, "123456 is your code for 10 minutes. Call (800) 555-0134.", "•••••• is your code for 10 minutes. Call (800) 555-0134."},
		{notice.KindStepUpFor, "Su código es 654321.", "Su código es ••••••."},
		{notice.KindCheck, "<b>654321</b>", "<b>••••••</b>"},
		{notice.KindCharge, "We take $123456 on May 1. https://pay.example/o/abc", "We take $123456 on May 1. https://pay.example/o/…"},
	} {
		m := notice.Message{Kind: c.kind, Text: notice.Text{Subject: c.text, Plain: c.text, HTML: c.text}, StopURL: "https://pay.example/o/abc"}.Copy()
		if m.Plain != c.kept || m.HTML != c.kept || m.Subject != c.kept || m.StopURL != "https://pay.example/o/…" {
			t.Errorf("%s: %q", c.kind, m.Plain)
		}
	}
}

func TestAMessageIsTriedFourTimesThenGivenUp(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t)
	b.carrier.fails = errors.New("the carrier sleeps")
	for try, pause := range []time.Duration{5 * time.Second, 30 * time.Second, 2 * time.Minute} {
		row := b.run(t)
		if row.Status != notice.Queued || row.Tries != try+1 || !row.NextAt.Equal(b.now.Add(pause)) || len(row.Sealed) == 0 {
			t.Fatalf("after try %d: %+v", try+1, row)
		}
		if again := b.run(t); again.Tries != row.Tries {
			t.Fatal("it did not wait")
		}
		b.now = b.now.Add(pause)
	}
	if row := b.run(t); row.Status != notice.Failed || row.Problem != "gave_up" || len(row.Sealed) > 0 {
		t.Errorf("after the last: %+v", row)
	}
	if strings.Contains(b.log.String(), "2125550123") {
		t.Errorf("the number is in the log: %s", b.log.String())
	}
}

func TestAMessageThatMustNotLeaveIsWithheld(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(b *bundle)
		status notice.Status
		why    string
	}{
		"the guard says no": {func(b *bundle) { b.carrier.reason = "quiet_hours" }, notice.Withheld, "quiet_hours"},
		"no such channel":   {func(b *bundle) { delete(b.worker.Senders, contact.SMS) }, notice.Withheld, "channel_off"},
		"too late":          {func(b *bundle) { b.rows[0].ExpiresAt = b.now }, notice.Withheld, "expired"},
		"undeliverable":     {func(b *bundle) { b.carrier.fails = notice.ErrUndeliverable }, notice.Failed, "undeliverable"},
		"another's words":   {func(b *bundle) { b.rows[0].ID = "msg_other" }, notice.Failed, "unreadable"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.add(t)
			c.change(b)
			row := b.run(t)
			if row.Status != c.status || row.Problem != c.why || len(b.carrier.sent) != 0 || len(b.carrier.changed) != 1 || len(row.Sealed) > 0 {
				t.Errorf("row = %+v", row)
			}
		})
	}
}

func TestAMessageWhoseWorkerDiedIsTakenUpAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.add(t)
	if claimed, _ := b.ClaimOutgoing(t.Context(), b.now, b.now.Add(2*time.Minute), 1); len(claimed) != 1 {
		t.Fatal("nothing to claim")
	}
	if row := b.run(t); row.Status != notice.Queued {
		t.Fatalf("sent under another's lease: %+v", row)
	}
	b.now = b.now.Add(2 * time.Minute)
	if row := b.run(t); row.Status != notice.Sent {
		t.Errorf("row = %+v", row)
	}
}

func TestThePhoneInboxKeepsWhatItGot(t *testing.T) {
	t.Parallel()
	b := setup(t)
	phone := &inbox.Inbox{Store: b.shelf, Sealer: b.box}
	b.worker.Senders[contact.SMS], b.worker.Keep = phone, true
	b.add(t)
	if row := b.run(t); row.Status != notice.Sent {
		t.Fatalf("row = %+v", row)
	}
	items, err := phone.Items(t.Context(), 10)
	if err != nil || len(items) != 1 || items[0].Plain != "https://pay.example/l/secret STOP" || items[0].Stored.Status != notice.Sent {
		t.Errorf("items = %+v, %v", items, err)
	}
}
