package outbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"quittance/portal/identity"
	"quittance/portal/outbox"
)

func TestADeliveryIsSignedNumberedAndRecorded(t *testing.T) {
	t.Parallel()
	in := newInbox(t)
	b := setup(t, in.Server)
	id, secret := b.add(t, outbox.NewEndpoint{URL: in.URL})
	b.clock.Set(time.Now())
	b.verified(t, 1)
	b.pump(t)
	got := in.messages()
	if len(got) != 1 {
		t.Fatalf("%d messages", len(got))
	}
	m := got[0]
	library, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	if err := library.Verify([]byte(m.body), m.header); err != nil {
		t.Error(err)
	}
	if m.header.Get("webhook-id") != "evt_000002" || m.header.Get("Content-Type") != "application/json" {
		t.Errorf("headers %v", m.header)
	}
	if !strings.Contains(m.body, `"sequence":1,`) {
		t.Errorf("body %s", m.body)
	}
	d := b.of(t, id)[0]
	attempts, err := b.Attempts(t.Context(), id, 1)
	if err != nil {
		t.Fatal(err)
	}
	if d.State != outbox.Delivered || d.DeliveredAt.IsZero() || len(attempts) != 1 || attempts[0].Status != 200 || attempts[0].Class != outbox.ClassOK {
		t.Errorf("delivery %+v, attempts %+v", d, attempts)
	}
}

// TestW5_TheScheduleIsExactUnderAMovedClock stands on the second before each
// attempt is due, where nothing may be sent, and within the jitter after it.
func TestW5_TheScheduleIsExactUnderAMovedClock(t *testing.T) {
	t.Parallel()
	waits := []time.Duration{
		5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
		10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
	}
	var total time.Duration
	for _, w := range waits {
		total += w
	}
	if total != 75*time.Hour+35*time.Minute+5*time.Second {
		t.Fatalf("the schedule covers %v", total)
	}
	in := newInbox(t)
	in.answers(status(http.StatusInternalServerError))
	b := setup(t, in.Server)
	id, _ := b.add(t, outbox.NewEndpoint{URL: in.URL, Types: []outbox.Type{outbox.ConsumerVerified}})
	b.verified(t, 1)
	b.pump(t)
	for i, wait := range waits {
		if n := len(in.messages()); n != i+1 {
			t.Fatalf("%d attempts after %d waits", n, i)
		}
		last := b.clock.Now()
		next := b.of(t, id)[0].NextAt
		if next.Before(last.Add(wait)) || next.After(last.Add(wait+wait/10)) {
			t.Fatalf("attempt %d is due after %v, not %v and at most a tenth", i+2, next.Sub(last), wait)
		}
		b.clock.Set(next.Add(-time.Microsecond))
		b.pump(t)
		if n := len(in.messages()); n != i+1 {
			t.Fatalf("attempt %d came early", i+2)
		}
		b.clock.Set(next)
		b.pump(t)
	}
	d := b.of(t, id)[0]
	if d.State != outbox.Exhausted || d.Attempts != 10 || len(in.messages()) != 10 {
		t.Errorf("after ten attempts: %s, %d attempts, %d received", d.State, d.Attempts, len(in.messages()))
	}
	b.clock.Move(1000 * time.Hour)
	b.pump(t)
	if len(in.messages()) != 10 {
		t.Error("an eleventh attempt was made")
	}
}

func TestW5_TheIDAndBytesStayAndTheTimestampIsTheAttempts(t *testing.T) {
	t.Parallel()
	in := newInbox(t)
	in.answers(func(w http.ResponseWriter, nth int) {
		if nth == 1 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	b := setup(t, in.Server)
	b.add(t, outbox.NewEndpoint{URL: in.URL})
	b.verified(t, 1)
	b.pump(t)
	b.clock.Move(6 * time.Second)
	b.pump(t)
	got := in.messages()
	if len(got) != 2 {
		t.Fatalf("%d messages", len(got))
	}
	first, second := got[0], got[1]
	if first.body != second.body || first.header.Get("webhook-id") != second.header.Get("webhook-id") {
		t.Error("the retry is another message")
	}
	if stampOf(t, second)-stampOf(t, first) != 6 {
		t.Error("the timestamp is not the attempt's")
	}
}

func TestW5_OnlyTwoHundredsAreSuccess(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]outbox.Class{
		200: outbox.ClassOK, 204: outbox.ClassOK, 299: outbox.ClassOK,
		301: outbox.ClassRedirect, 302: outbox.ClassRedirect, 304: outbox.ClassRedirect, 307: outbox.ClassRedirect,
		400: outbox.ClassStatus, 404: outbox.ClassStatus, 409: outbox.ClassStatus, 500: outbox.ClassStatus, 503: outbox.ClassStatus,
		410: outbox.ClassGone, 429: outbox.ClassThrottle, 502: outbox.ClassThrottle, 504: outbox.ClassThrottle,
	} {
		in, elsewhere := newInbox(t), newInbox(t)
		in.answers(func(w http.ResponseWriter, _ int) {
			w.Header().Set("Location", elsewhere.URL)
			w.WriteHeader(code)
		})
		b := setup(t, in.Server, elsewhere.Server)
		id, _ := b.add(t, outbox.NewEndpoint{URL: in.URL})
		b.verified(t, 1)
		b.pump(t)
		attempts, err := b.Attempts(t.Context(), id, 1)
		if err != nil || len(attempts) != 1 {
			t.Fatalf("%d: %d attempts, %v", code, len(attempts), err)
		}
		if attempts[0].Class != want || attempts[0].Status != code {
			t.Errorf("%d: %+v, want %s", code, attempts[0], want)
		}
		if delivered := b.of(t, id)[0].State == outbox.Delivered; delivered != (want == outbox.ClassOK) {
			t.Errorf("%d: delivered is %v", code, delivered)
		}
		if len(elsewhere.messages()) != 0 {
			t.Errorf("%d: the redirect was followed", code)
		}
	}
}

func TestW5_RetryAfterIsHonored(t *testing.T) {
	t.Parallel()
	in := newInbox(t)
	in.answers(func(w http.ResponseWriter, _ int) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	b := setup(t, in.Server)
	id, _ := b.add(t, outbox.NewEndpoint{URL: in.URL})
	b.verified(t, 1)
	b.pump(t)
	if wait := b.of(t, id)[0].NextAt.Sub(b.clock.Now()); wait != time.Hour {
		t.Errorf("the delivery waits %v", wait)
	}
	b.verified(t, 1)
	b.clock.Move(time.Hour - time.Second)
	b.pump(t)
	if n := len(in.messages()); n != 1 {
		t.Fatalf("%d messages inside the hour that was asked for", n)
	}
	b.clock.Move(time.Second)
	b.pump(t)
	if n := len(in.messages()); n != 3 {
		t.Errorf("%d messages after it, not 3", n)
	}
}

func TestW5_AnOverloadedReceiverIsLeftAloneLongerAndLonger(t *testing.T) {
	t.Parallel()
	in := newInbox(t)
	in.answers(status(http.StatusTooManyRequests))
	b := setup(t, in.Server)
	id, _ := b.add(t, outbox.NewEndpoint{URL: in.URL})
	b.verified(t, 3)
	b.pump(t)
	e, err := b.Endpoint(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if held := e.HoldUntil.Sub(b.clock.Now()); held != 20*time.Second {
		t.Errorf("held for %v after three", held)
	}
	b.verified(t, 1)
	b.clock.Move(19 * time.Second)
	b.pump(t)
	if n := len(in.messages()); n != 3 {
		t.Errorf("%d messages while it is left alone", n)
	}
}

func TestW5_GoneDisablesAndResumingSendsWhatWasKept(t *testing.T) {
	t.Parallel()
	in := newInbox(t)
	in.answers(status(http.StatusGone))
	b := setup(t, in.Server)
	id, _ := b.add(t, outbox.NewEndpoint{URL: in.URL, Types: []outbox.Type{outbox.ConsumerVerified}})
	b.verified(t, 1)
	b.pump(t)
	b.verified(t, 4)
	b.clock.Move(200 * time.Hour)
	b.pump(t)
	if n := len(in.messages()); n != 1 {
		t.Fatalf("%d messages after 410", n)
	}
	if e, _ := b.Endpoint(t.Context(), id); e.Status != outbox.Disabled || e.Reason != "gone" || !slices.Equal(b.alerts.got, []outbox.Alert{outbox.AlertGone}) {
		t.Errorf("%+v, alerts %v", e, b.alerts.got)
	}
	in.answers(nil)
	if _, err := b.desk.Resume(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	b.pump(t)
	if n := len(in.messages()); n != 6 {
		t.Errorf("%d messages after resuming, not 1 + 5", n)
	}
	for _, d := range b.of(t, id) {
		if d.State != outbox.Delivered {
			t.Errorf("%d is %s", d.Sequence, d.State)
		}
	}
}

func TestW4_SeventyTwoHoursOfFailuresPauseAndNothingIsLost(t *testing.T) {
	t.Parallel()
	in := newInbox(t)
	in.answers(status(http.StatusInternalServerError))
	b := setup(t, in.Server)
	id, _ := b.add(t, outbox.NewEndpoint{URL: in.URL, Types: []outbox.Type{outbox.ConsumerVerified}})
	const hours = 73
	for range hours {
		b.verified(t, 1)
		b.pump(t)
		b.clock.Move(time.Hour)
	}
	e, err := b.Endpoint(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if e.Status != outbox.Paused || e.Reason != "failing" {
		t.Fatalf("%s %s after %d hours", e.Status, e.Reason, hours)
	}
	if want := []outbox.Alert{outbox.AlertHour, outbox.AlertDay, outbox.AlertPaused}; !slices.Equal(b.alerts.got, want) {
		t.Errorf("alerts %v, want %v", b.alerts.got, want)
	}
	if last := b.events[len(b.events)-1]; last.Type != outbox.EndpointPaused {
		t.Errorf("the last event is %s", last.Type)
	}
	before := len(in.messages())
	in.answers(nil)
	b.clock.Move(time.Hour)
	b.pump(t)
	if len(in.messages()) != before {
		t.Error("a paused endpoint was sent to")
	}
	if _, err := b.desk.Resume(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	b.pump(t)
	sequences := map[int64]bool{}
	for _, m := range in.messages()[before:] {
		sequences[sequenceOf(t, m.body)] = true
	}
	if len(sequences) != hours {
		t.Errorf("%d of %d events arrived after resuming", len(sequences), hours)
	}
}

func TestASuccessResetsTheSeventyTwoHours(t *testing.T) {
	t.Parallel()
	in := newInbox(t)
	in.answers(func(w http.ResponseWriter, nth int) {
		if nth%50 != 0 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	b := setup(t, in.Server)
	id, _ := b.add(t, outbox.NewEndpoint{URL: in.URL, Types: []outbox.Type{outbox.ConsumerVerified}})
	for range 100 {
		b.verified(t, 1)
		b.pump(t)
		b.clock.Move(time.Hour)
	}
	if e, _ := b.Endpoint(t.Context(), id); e.Status != outbox.Active {
		t.Errorf("%s although some arrived", e.Status)
	}
}

// TestW3_AHangingEndpointHoldsUpNobodyElse keeps one receiver busy until the
// other one has everything.
func TestW3_AHangingEndpointHoldsUpNobodyElse(t *testing.T) {
	t.Parallel()
	hanging, healthy := newInbox(t), newInbox(t)
	free := make(chan struct{})
	hanging.answers(func(http.ResponseWriter, int) { <-free })
	b := setup(t, hanging.Server, healthy.Server)
	b.add(t, outbox.NewEndpoint{URL: hanging.URL})
	b.add(t, outbox.NewEndpoint{URL: healthy.URL})
	arrived := make(chan struct{})
	const events = 200
	healthy.answers(func(_ http.ResponseWriter, nth int) {
		if nth == events {
			close(arrived)
		}
	})
	b.verified(t, events)
	b.sequence(t)
	if _, err := b.deliverer.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-arrived
	if n := len(hanging.messages()); n > outbox.DefaultBatch*outbox.DefaultLanes {
		t.Errorf("the hanging endpoint got %d requests at once", n)
	}
	close(free)
	if err := b.deliverer.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestTheBreakerOpensAfterTenFailuresInARow(t *testing.T) {
	t.Parallel()
	in := newInbox(t)
	in.answers(status(http.StatusInternalServerError))
	b := setup(t, in.Server)
	b.deliverer.Lanes = 1
	b.add(t, outbox.NewEndpoint{URL: in.URL})
	b.verified(t, 500)
	b.pump(t)
	first := 10 + outbox.DefaultBatch - 10%outbox.DefaultBatch // whole batches
	if n := len(in.messages()); n != first {
		t.Errorf("%d requests went to an endpoint that only fails", n)
	}
	b.clock.Move(30 * time.Second)
	b.pump(t)
	if n := len(in.messages()); n != first+outbox.DefaultBatch {
		t.Errorf("%d requests after half a minute", n)
	}
}

func TestDeliveriesAreClaimedAndRecordedInBatches(t *testing.T) {
	t.Parallel()
	in := newInbox(t)
	b := setup(t, in.Server)
	b.deliverer.Lanes = 1
	b.add(t, outbox.NewEndpoint{URL: in.URL})
	b.verified(t, 160)
	b.pump(t)
	if batches := 160 / outbox.DefaultBatch; b.claims > batches+2 || b.records > batches || len(in.messages()) != 160 {
		t.Errorf("%d claims and %d records for %d messages", b.claims, b.records, len(in.messages()))
	}
}

// TestW7_ARotationRejectsNothing sends a thousand deliveries over a rotation to
// a receiver that knows the old secret and one that knows the new.
func TestW7_ARotationRejectsNothing(t *testing.T) {
	t.Parallel()
	in := newInbox(t)
	b := setup(t, in.Server)
	id, old := b.add(t, outbox.NewEndpoint{URL: in.URL, Types: []outbox.Type{outbox.ConsumerVerified}})
	b.verified(t, 500)
	b.pump(t)
	_, fresh, err := b.desk.Rotate(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	b.clock.Move(24*time.Hour - time.Second)
	b.verified(t, 500)
	b.pump(t)
	got := in.messages()
	if len(got) != 1000 {
		t.Fatalf("%d messages", len(got))
	}
	for i, m := range got {
		if !verifies(t, old, m) {
			t.Fatalf("message %d is refused with the old secret", i)
		}
		if verifies(t, fresh, m) != (i >= 500) {
			t.Fatalf("message %d and the new secret", i)
		}
	}
	b.clock.Move(time.Second)
	b.verified(t, 1)
	b.pump(t)
	last := in.messages()[1000]
	if verifies(t, old, last) || !verifies(t, fresh, last) {
		t.Error("the old secret outlived its day")
	}
}

func TestW8_ReplaysHaveTheSameIDAndAFreshTimestamp(t *testing.T) {
	t.Parallel()
	in := newInbox(t)
	b := setup(t, in.Server)
	id, secret := b.add(t, outbox.NewEndpoint{URL: in.URL})
	var at []time.Time
	for range 5 {
		at = append(at, b.clock.Now())
		b.verified(t, 1)
		b.identified(t, identity.LinkOpened)
		b.pump(t)
		b.clock.Move(time.Hour)
	}
	first := in.messages()
	for _, c := range []struct {
		name string
		s    outbox.Selection
		want int64
	}{
		{"one", outbox.Selection{Event: outbox.EventID(first[0].header.Get("webhook-id"))}, 1},
		{"by type", outbox.Selection{Types: []outbox.Type{outbox.LinkOpened}}, 5},
		{"by time", outbox.Selection{From: at[1], To: at[3]}, 4},
		{"what did not arrive", outbox.Selection{Undelivered: true}, 0},
		{"all", outbox.Selection{}, 10},
	} {
		before := len(in.messages())
		c.s.Endpoint = id
		n, err := b.desk.Replay(t.Context(), c.s)
		if err != nil || n != c.want {
			t.Fatalf("%s: %d, %v", c.name, n, err)
		}
		b.pump(t)
		again := in.messages()[before:]
		if int64(len(again)) != c.want {
			t.Fatalf("%s: %d arrived", c.name, len(again))
		}
		for _, m := range again {
			i := slices.IndexFunc(first, func(f message) bool { return f.header.Get("webhook-id") == m.header.Get("webhook-id") })
			if i < 0 || first[i].body != m.body || stampOf(t, m) <= stampOf(t, first[i]) || !verifies(t, secret, m) {
				t.Fatalf("%s: the replay is not the same message with a fresh time", c.name)
			}
		}
	}
}

// TestW9_SequencesAreGaplessUnderConcurrency appends, numbers and delivers from
// many goroutines at once.
func TestW9_SequencesAreGaplessUnderConcurrency(t *testing.T) {
	t.Parallel()
	all, some := newInbox(t), newInbox(t)
	b := setup(t, all.Server, some.Server)
	one, _ := b.add(t, outbox.NewEndpoint{URL: all.URL})
	two, _ := b.add(t, outbox.NewEndpoint{URL: some.URL, Types: []outbox.Type{outbox.LinkOpened}})
	var work sync.WaitGroup
	for range 8 {
		work.Go(func() {
			for range 50 {
				b.verified(t, 1)
				b.identified(t, identity.LinkOpened)
				b.sequence(t)
				if _, err := b.deliverer.Start(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	work.Wait()
	b.pump(t)
	for id, want := range map[outbox.EndpointID]int{one: 800, two: 400} {
		for i, d := range b.of(t, id) {
			if d.Sequence != int64(i+1) || sequenceOf(t, string(d.Body)) != d.Sequence {
				t.Fatalf("%s: place %d has sequence %d", id, i+1, d.Sequence)
			}
		}
		if n := len(b.of(t, id)); n != want {
			t.Errorf("%s got %d, not %d", id, n, want)
		}
	}
	if len(all.messages()) != 800 || len(some.messages()) != 400 {
		t.Errorf("%d and %d arrived", len(all.messages()), len(some.messages()))
	}
}

// TestDSC06_ACreditorSeesItsOwnDebtsOnly reads every byte that a creditor's
// endpoint is sent over the whole life of a shared payment.
func TestDSC06_ACreditorSeesItsOwnDebtsOnly(t *testing.T) {
	t.Parallel()
	in := newInbox(t)
	b := setup(t, in.Server)
	id, _ := b.add(t, outbox.NewEndpoint{URL: in.URL, CreditorRef: "mercy"})
	stranger, _ := b.add(t, outbox.NewEndpoint{URL: in.URL, CreditorRef: "somebody"})
	b.paymentStory(t)
	b.verified(t, 1)
	b.sequence(t)
	deliveries := b.of(t, id)
	var types []outbox.Type
	for _, d := range deliveries {
		types = append(types, d.Type)
		for _, secret := range []string{"northside", "D-1002", "pi_3QAbc", "R01", "R10", "15000", "5000,", "insufficient"} {
			if strings.Contains(string(d.Body), secret) {
				t.Errorf("%s tells a creditor %q: %s", d.Type, secret, d.Body)
			}
		}
		for _, problem := range validateBody(t, d.Type, d.Body) {
			t.Errorf("%s: %s", d.Type, problem)
		}
	}
	// The refund came off the other creditor's debt: it is not told here.
	want := []outbox.Type{outbox.PaymentSubmitted, outbox.PaymentConfirmed, outbox.PaymentReversed, outbox.PaymentReinstated, outbox.PaymentFailed}
	if !slices.Equal(types, want) {
		t.Errorf("told %v, want %v", types, want)
	}
	if n := len(b.of(t, stranger)); n != 0 {
		t.Errorf("a creditor without a debt was told %d events", n)
	}
}

func TestW12_AnAnswerWithATransactionIDIsThePosting(t *testing.T) {
	t.Parallel()
	in := newInbox(t)
	in.answers(func(w http.ResponseWriter, nth int) { fmt.Fprintf(w, `{"posted":{"transaction_id":"T-%d"}}`, nth) })
	b := setup(t, in.Server)
	b.deliverer.Batch, b.deliverer.Lanes = 1, 1
	b.add(t, outbox.NewEndpoint{URL: in.URL})
	b.paymentStory(t)
	b.pump(t)
	confirmed := b.events[1]
	p, err := b.Posting(t.Context(), confirmed.ID, "")
	if err != nil || p.TransactionID != "T-2" || p.PostedAt.IsZero() {
		t.Errorf("posting %+v, %v", p, err)
	}
	if _, err := b.Posting(t.Context(), b.events[0].ID, ""); err == nil {
		t.Error("payment.submitted counts as posted")
	}
	b.clock.Move(time.Hour)
	if waiting, err := b.poster.Waiting(t.Context(), time.Time{}, b.clock.Now(), 10); err != nil || len(waiting) != 0 {
		t.Errorf("%d wait for posting, %v", len(waiting), err)
	}
}

func TestM3_APlainAnswerBooksAPaymentOnlyWhereTheCollectorSaidSo(t *testing.T) {
	t.Parallel()
	for _, setting := range []bool{false, true} {
		in := newInbox(t)
		b := setup(t, in.Server)
		id, _ := b.add(t, outbox.NewEndpoint{URL: in.URL, PostsOnReceipt: !setting})
		if e, err := b.desk.Change(t.Context(), id, outbox.Edit{PostsOnReceipt: &setting}); err != nil || e.PostsOnReceipt != setting {
			t.Fatalf("%+v, %v", e, err)
		}
		b.add(t, outbox.NewEndpoint{URL: in.URL, CreditorRef: "mercy", PostsOnReceipt: true}) // speaks for nobody else
		b.paymentStory(t)
		b.pump(t)
		p, err := b.Posting(t.Context(), b.events[1].ID, "")
		if booked := err == nil && p.TransactionID == "" && p.Refusal == "" && !p.PostedAt.IsZero(); booked != setting {
			t.Errorf("%v: %+v, %v", setting, p, err)
		}
		if _, err := b.Posting(t.Context(), b.events[1].ID, "mercy"); err == nil {
			t.Errorf("%v: a creditor's answer booked it", setting)
		}
	}
}

func TestATestEventIsSignedAndInNoSequence(t *testing.T) {
	t.Parallel()
	in := newInbox(t)
	in.answers(func(w http.ResponseWriter, _ int) {
		w.WriteHeader(http.StatusTeapot)
		fmt.Fprint(w, strings.Repeat("x", 5000)+"\x00\xff")
	})
	b := setup(t, in.Server)
	id, secret := b.add(t, outbox.NewEndpoint{URL: in.URL})
	a, err := b.desk.Test(t.Context(), id)
	if err != nil || a.Status != http.StatusTeapot || len(a.Reply) != 1024 {
		t.Errorf("%+v, %v", a, err)
	}
	if got := in.messages(); len(got) != 1 || !verifies(t, secret, got[0]) || len(b.of(t, id)) != 0 || len(b.events) != 0 {
		t.Error("the test event is not what it should be")
	}
}

func stampOf(t *testing.T, m message) int64 {
	t.Helper()
	n, err := strconv.ParseInt(m.header.Get("webhook-timestamp"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func sequenceOf(t *testing.T, body string) int64 {
	t.Helper()
	var b struct{ Data struct{ Sequence int64 } }
	if err := json.Unmarshal([]byte(body), &b); err != nil {
		t.Fatal(err)
	}
	return b.Data.Sequence
}

func verifies(t *testing.T, secret string, m message) bool {
	t.Helper()
	library, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	return library.VerifyIgnoringTimestamp([]byte(m.body), m.header) == nil
}
