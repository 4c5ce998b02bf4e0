package store_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"quittance/payments/money"
	"quittance/portal/debt"
	"quittance/portal/outbox"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

func event(id string, t outbox.Type) outbox.Event {
	return outbox.Event{
		ID: outbox.EventID(id), Type: t, AccountID: "acc_1", PaymentID: "pay_a", Creditors: []string{"C 1", "C-2"},
		Facts: []byte(`{"account_ref":"Á-1"}`), OccurredAt: noon,
	}
}

func endpoint(id string) outbox.Endpoint {
	return outbox.Endpoint{
		ID: outbox.EndpointID(id), URL: "https://example.com/hook", Description: "books", Types: []outbox.Type{outbox.PaymentConfirmed},
		Status: outbox.Active, Secrets: []outbox.Secret{{Sealed: []byte{0, 255}}, {Sealed: []byte("old"), NotAfter: noon}}, CreatedAt: noon,
	}
}

// numbered appends events and numbers them for one endpoint.
func numbered(t *testing.T, s *store.Store, to outbox.EndpointID, ids ...string) {
	t.Helper()
	for _, id := range ids {
		must(t, s.AppendEvent(t.Context(), event(id, outbox.PaymentConfirmed)))
	}
	must(t, s.InTx(t.Context(), func(ctx context.Context) error {
		last, err := s.LockSequence(ctx)
		if err != nil {
			return err
		}
		events, err := s.Unsequenced(ctx, 100)
		n := outbox.Numbering{Positions: map[outbox.EventID]int64{}, Last: last, Sequences: map[outbox.EndpointID]int64{}}
		for i, e := range events {
			n.Last++
			n.Positions[e.ID] = n.Last
			n.Deliveries = append(n.Deliveries, outbox.Delivery{
				Endpoint: to, Sequence: int64(i + 1), Event: e.ID, Type: e.Type, Body: []byte(`{"é":1}`),
				OccurredAt: e.OccurredAt, State: outbox.Pending, NextAt: noon,
			})
			n.Sequences[to] = int64(i + 1)
		}
		return errors.Join(err, s.SaveNumbering(ctx, n))
	}))
}

func TestEventsAreNumberedInTheOrderInWhichTheyWereWritten(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		must(t, s.CreateEndpoint(t.Context(), endpoint("ep_1")))
		numbered(t, s, "ep_1", "evt_b", "evt_a", "evt_c")
		got, err := s.Event(t.Context(), "evt_a")
		want := event("evt_a", outbox.PaymentConfirmed)
		want.Position = 2
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v", got, err)
		}
		feed, err := s.Feed(t.Context(), debt.OnlyCreditors("C 1", "C 9"), outbox.FeedQuery{After: 1, Since: noon, Limit: 1})
		if err != nil || len(feed) != 1 || feed[0].ID != "evt_a" {
			t.Errorf("feed %+v, %v", feed, err)
		}
		for _, c := range []debt.Creditors{{}, debt.OnlyCreditors("C"), debt.OnlyCreditors("c-2", "*")} {
			if feed, err := s.Feed(t.Context(), c, outbox.FeedQuery{Limit: 9}); err != nil || len(feed) != 0 {
				t.Errorf("%v: %d events, %v", c.Words(), len(feed), err)
			}
		}
		for _, q := range []outbox.FeedQuery{{Since: noon.Add(1e3), Limit: 9}, {After: 3, Limit: 9}} {
			if feed, err := s.Feed(t.Context(), debt.AllCreditors(), q); err != nil || len(feed) != 0 {
				t.Errorf("%+v: %d events, %v", q, len(feed), err)
			}
		}
		if id, err := s.LatestEvent(t.Context(), "pay_a", outbox.PaymentConfirmed); err != nil || id != "evt_c" {
			t.Errorf("latest %q, %v", id, err)
		}
		if _, err := s.LatestEvent(t.Context(), "", outbox.PaymentConfirmed); !errors.Is(err, outbox.ErrNoEvent) {
			t.Errorf("latest of nothing: %v", err)
		}
		if _, err := s.Event(t.Context(), "evt_z"); !errors.Is(err, outbox.ErrNoEvent) {
			t.Errorf("unknown: %v", err)
		}
		open, err := s.OpenEndpoints(t.Context())
		if err != nil || len(open) != 1 || open[0].LastSequence != 3 {
			t.Errorf("open %+v, %v", open, err)
		}
	})
}

func TestOnlyOneSequencerWorksAtATime(t *testing.T) {
	t.Parallel()
	s := storetest.Postgres(t)
	must(t, s.InTx(t.Context(), func(ctx context.Context) error {
		if _, err := s.LockSequence(ctx); err != nil {
			return err
		}
		other := context.WithoutCancel(t.Context())
		return s.InTx(other, func(ctx context.Context) error {
			if _, err := s.LockSequence(ctx); !errors.Is(err, outbox.ErrBusy) {
				t.Errorf("a second one: %v", err)
			}
			return nil
		})
	}))
}

func TestADeliveryIsClaimedOnceAndRecorded(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000)
		mustCreate(t, s, payment("a", 100))
		must(t, confirm(t.Context(), s, "pay_a"))
		must(t, s.CreateEndpoint(t.Context(), endpoint("ep_1")))
		var ids []string
		for i := range 12 {
			ids = append(ids, fmt.Sprintf("evt_%02d", i))
		}
		numbered(t, s, "ep_1", ids...)
		if due, err := s.DueEndpoints(t.Context(), noon); err != nil || !reflect.DeepEqual(due, []outbox.EndpointID{"ep_1"}) {
			t.Errorf("due %v, %v", due, err)
		}
		var mu sync.Mutex
		claimed := map[int64]int{}
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				to, list, err := s.Claim(t.Context(), outbox.Claim{Endpoint: "ep_1", Now: noon, Until: noon.Add(time.Minute), Limit: 2})
				must(t, err)
				want := endpoint("ep_1")
				want.LastSequence = 12
				if !reflect.DeepEqual(to, want) {
					t.Errorf("endpoint %+v", to)
				}
				mu.Lock()
				defer mu.Unlock()
				for _, d := range list {
					claimed[d.Sequence]++
					if string(d.Body) != `{"é":1}` || !d.LeasedUntil.Equal(noon.Add(time.Minute)) {
						t.Errorf("delivery %+v", d)
					}
				}
			})
		}
		wg.Wait()
		for sequence, times := range claimed {
			if times != 1 {
				t.Errorf("delivery %d was claimed %d times", sequence, times)
			}
		}
		tried := outbox.Attempt{At: noon, Duration: 20 * time.Millisecond, Status: 200, Class: outbox.ClassOK, Reply: "thanks"}
		booked := &outbox.Posting{Event: "evt_00", TransactionID: "T-1", PostedAt: noon.Add(time.Second)}
		must(t, s.Record(t.Context(), []outbox.Result{
			{Endpoint: "ep_1", Sequence: 1, State: outbox.Delivered, Attempts: 1, DeliveredAt: noon, Attempt: tried, Event: "evt_00", Posting: booked},
			{Endpoint: "ep_1", Sequence: 2, State: outbox.Pending, Attempts: 1, NextAt: noon.Add(time.Hour), Attempt: outbox.Attempt{At: noon, Class: outbox.ClassTimeout}},
		}))
		must(t, s.Record(t.Context(), []outbox.Result{{Endpoint: "ep_1", Sequence: 1, State: outbox.Exhausted, Attempts: 9, Attempt: outbox.Attempt{At: noon, Class: outbox.ClassTimeout}}}))
		list, err := s.Deliveries(t.Context(), "ep_1", 0, 2)
		if err != nil || len(list) != 2 || list[0].State != outbox.Delivered || list[1].Attempts != 1 || !list[1].NextAt.Equal(noon.Add(time.Hour)) {
			t.Errorf("recorded %+v, %v", list, err)
		}
		attempts, err := store.History{Store: s}.Attempts(t.Context(), "ep_1", 1)
		if err != nil || len(attempts) != 2 || attempts[0] != tried {
			t.Errorf("attempts %+v, %v", attempts, err)
		}
		if st := statement(t, s); len(st.OnTheWay) != 1 {
			t.Errorf("booked after the snapshot, so still on the way: %+v", st.OnTheWay)
		}
		later := owing(1, 1, 49900)
		later.Snapshot.AsOf = noon.Add(time.Hour)
		later.Itemization.Amount = 49900 + 700 - 250
		save(t, s, batchOf(later))
		if st := statement(t, s); len(st.OnTheWay) != 0 {
			t.Errorf("a later snapshot contains it: %+v", st.OnTheWay)
		}
	})
}

func TestWhatIsReceivedButNotPostedIsListed(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		must(t, s.CreateEndpoint(t.Context(), endpoint("ep_1")))
		numbered(t, s, "ep_1", "evt_1", "evt_2", "evt_3")
		for i, id := range []outbox.EventID{"evt_1", "evt_2", "evt_3"} {
			must(t, s.Record(t.Context(), []outbox.Result{{Endpoint: "ep_1", Sequence: int64(i + 1), State: outbox.Delivered, Attempts: 1,
				DeliveredAt: noon.Add(time.Duration(i) * time.Minute), Attempt: outbox.Attempt{At: noon, Class: outbox.ClassOK}, Event: id}}))
		}
		must(t, s.SavePosting(t.Context(), outbox.Posting{Event: "evt_1", Refusal: "no such account", PostedAt: noon}))
		must(t, s.SavePosting(t.Context(), outbox.Posting{Event: "evt_2", TransactionID: "T-2", PostedAt: noon}))
		must(t, s.SavePosting(t.Context(), outbox.Posting{Event: "evt_3", PostedAt: noon})) // booked by its receipt
		err := s.SavePosting(t.Context(), outbox.Posting{Event: "evt_2", TransactionID: "T-9", PostedAt: noon})
		if !errors.Is(err, outbox.ErrPosted) {
			t.Errorf("another transaction: %v", err)
		}
		got, err := s.Unposted(t.Context(), outbox.PostingTypes(), noon, noon.Add(3*time.Minute), 9)
		want := []outbox.Unposted{{Event: "evt_1", Type: outbox.PaymentConfirmed, PaymentID: "pay_a", Endpoint: "ep_1", Sequence: 1, DeliveredAt: noon, Refusal: "no such account"}}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("unposted %+v, %v", got, err)
		}
		for from, want := range map[time.Time]int{{}: 1, noon.Add(time.Second): 0} {
			if got, err := s.Unposted(t.Context(), outbox.PostingTypes(), from, noon.Add(3*time.Minute), 9); err != nil || len(got) != want {
				t.Errorf("unposted since %v: %+v, %v", from, got, err)
			}
		}
		if p, err := s.Posting(t.Context(), "evt_2", ""); err != nil || p.TransactionID != "T-2" {
			t.Errorf("posting %+v, %v", p, err)
		}
		if _, err := s.Posting(t.Context(), "evt_2", "C-1"); !errors.Is(err, outbox.ErrNoPosting) {
			t.Errorf("of a creditor: %v", err)
		}
	})
}

func TestDeliveriesAreSentAgainAsSelected(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		must(t, s.CreateEndpoint(t.Context(), endpoint("ep_1")))
		numbered(t, s, "ep_1", "evt_1", "evt_2", "evt_3")
		must(t, s.Record(t.Context(), []outbox.Result{{Endpoint: "ep_1", Sequence: 1, State: outbox.Delivered, Attempts: 1, DeliveredAt: noon, Attempt: outbox.Attempt{At: noon, Class: outbox.ClassOK}}}))
		for _, c := range []struct {
			want int64
			sel  outbox.Selection
		}{
			{0, outbox.Selection{Endpoint: "ep_2"}},
			{0, outbox.Selection{Endpoint: "ep_1", To: noon}},
			{0, outbox.Selection{Endpoint: "ep_1", Types: []outbox.Type{outbox.PaymentFailed}}},
			{2, outbox.Selection{Endpoint: "ep_1", Undelivered: true, From: noon}},
			{1, outbox.Selection{Endpoint: "ep_1", Event: "evt_1", Types: outbox.PostingTypes()}},
			{3, outbox.Selection{Endpoint: "ep_1"}},
		} {
			if n, err := s.Requeue(t.Context(), c.sel, noon.Add(time.Hour)); n != c.want || err != nil {
				t.Errorf("%+v: %d, %v", c.sel, n, err)
			}
		}
		if list, err := s.Deliveries(t.Context(), "ep_1", 0, 1); err != nil || list[0].State != outbox.Pending || list[0].Attempts != 0 || !list[0].DeliveredAt.IsZero() {
			t.Errorf("requeued %+v, %v", list, err)
		}
	})
}

func TestAnEndpointThatRestsIsNotSentAnything(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		must(t, s.CreateEndpoint(t.Context(), endpoint("ep_1")))
		numbered(t, s, "ep_1", "evt_1")
		e, err := s.Endpoint(t.Context(), "ep_1")
		must(t, err)
		e.HoldUntil, e.Failures, e.FailingSince, e.AlertedAt, e.Types, e.Reason = noon.Add(time.Minute), 3, noon, noon, nil, "failing"
		must(t, s.SaveEndpoint(t.Context(), e))
		if got, err := s.Endpoint(t.Context(), "ep_1"); err != nil || !reflect.DeepEqual(got, e) {
			t.Errorf("got %+v, %v", got, err)
		}
		if due, err := s.DueEndpoints(t.Context(), noon); err != nil || len(due) != 0 {
			t.Errorf("held: %v, %v", due, err)
		}
		if _, list, err := s.Claim(t.Context(), outbox.Claim{Endpoint: "ep_1", Now: noon, Until: noon, Limit: 5}); err != nil || len(list) != 0 {
			t.Errorf("held: %v, %v", list, err)
		}
		e.HoldUntil, e.Status = time.Time{}, outbox.Closed
		must(t, s.SaveEndpoint(t.Context(), e))
		if _, list, err := s.Claim(t.Context(), outbox.Claim{Endpoint: "ep_1", Now: noon, Until: noon, Limit: 5}); err != nil || len(list) != 0 {
			t.Errorf("closed: %v, %v", list, err)
		}
		if open, err := s.OpenEndpoints(t.Context()); err != nil || len(open) != 0 {
			t.Errorf("open: %v, %v", open, err)
		}
		if _, err := s.Endpoint(t.Context(), "ep_2"); !errors.Is(err, outbox.ErrNoEndpoint) {
			t.Errorf("unknown: %v", err)
		}
	})
}

func TestTheBooksKnowWhatThisTransactionPosted(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		place(t, s, 50000, 300)
		mustCreate(t, s, payment("a", 100))
		must(t, s.InTx(t.Context(), func(ctx context.Context) error {
			if err := confirm(ctx, s, "pay_a"); err != nil {
				return err
			}
			owed, err := s.Owed(ctx, []string{"dbt_1", "dbt_2", "dbt_none"})
			want := map[string]money.Cents{"dbt_1": 49900, "dbt_2": 300, "dbt_none": 0}
			if !reflect.DeepEqual(owed, want) {
				t.Errorf("owed %v", owed)
			}
			return err
		}))
		if ref, err := s.AccountRef(t.Context(), "acc_1"); ref != "A-1" || err != nil {
			t.Errorf("ref %q, %v", ref, err)
		}
	})
}

func TestAnIdempotencyKeyIsBegunOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		k := store.Key{Token: "tok_1", Route: "POST /api/v1/links", Key: "k", BodyHash: []byte("h"), At: noon, LeasedUntil: noon.Add(time.Minute)}
		begin := func(k store.Key) (store.Key, bool) {
			held, begun, err := s.BeginKey(t.Context(), k, k.At.Add(-72*time.Hour))
			must(t, err)
			return held, begun
		}
		var mu sync.Mutex
		count := 0
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if _, begun := begin(k); begun {
					mu.Lock()
					count++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if count != 1 {
			t.Errorf("begun %d times", count)
		}
		k.Status, k.ContentType, k.Location, k.Answer = 201, "application/json", "/x", []byte("{}")
		must(t, s.FinishKey(t.Context(), k))
		if err := s.FinishKey(t.Context(), k); !errors.Is(err, store.ErrNoKey) {
			t.Errorf("finished twice: %v", err)
		}
		later := k
		later.At = noon.Add(time.Hour)
		if held, begun := begin(later); begun || !reflect.DeepEqual(held, k) {
			t.Errorf("held %+v", held)
		}
		later.At, later.LeasedUntil = noon.Add(73*time.Hour), noon.Add(74*time.Hour)
		if _, begun := begin(later); !begun {
			t.Error("an old answer was not forgotten")
		}
		later.At = noon.Add(75 * time.Hour)
		if _, begun := begin(later); !begun {
			t.Error("a dead lease was not taken over")
		}
		must(t, s.DropKey(t.Context(), k))
		if err := s.DropKey(t.Context(), k); !errors.Is(err, store.ErrNoKey) {
			t.Errorf("dropped twice: %v", err)
		}
	})
}
