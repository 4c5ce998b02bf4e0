package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"quittance/portal/debt"
	"quittance/portal/identity"
	"quittance/portal/intake"
	"quittance/portal/outbox"
	"quittance/portal/store"
	"quittance/portal/store/storetest"
)

// plant is an outbox over a real database.
type plant struct {
	store *store.Store
	clock *clock
	ids   *counterID
}

type counterID struct {
	mu sync.Mutex
	n  int
}

func (c *counterID) next(prefix string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return fmt.Sprintf("%s%06d", prefix, c.n)
}

func newPlant(t *testing.T, s *store.Store) *plant {
	t.Helper()
	p := &plant{store: s, clock: &clock{at: time.Date(2026, 11, 22, 18, 4, 5, 0, time.UTC)}, ids: &counterID{}}
	batch := intake.Batch{At: p.clock.Now(), NewAccounts: []intake.NewAccount{{
		Account: debt.Account{ID: "acc_1", Ref: "A-20417"}, CodeHash: []byte("hash"), CodeSealed: []byte("sealed"),
	}}}
	err := s.InTx(t.Context(), func(ctx context.Context) error { return s.SavePlacements(ctx, batch) })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *plant) recorder() *outbox.Recorder {
	return &outbox.Recorder{Events: p.store, Books: p.store, Now: p.clock.Now, NewID: func() outbox.EventID { return outbox.EventID(p.ids.next("evt_")) }}
}

// process stands for one of several processes: it shares nothing but the
// database.
func (p *plant) process(t *testing.T, in *inbox) (*outbox.Sequencer, *outbox.Deliverer, *outbox.Desk) {
	t.Helper()
	client, err := outbox.NewClient([]string{in.Listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	s := p.store
	d := &outbox.Deliverer{
		Tx: s, Queue: s, Endpoints: s, Recorder: p.recorder(), Sealer: boxSealer{}, Client: client, Now: p.clock.Now,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	desk := &outbox.Desk{
		Tx: s, Store: s, Recorder: p.recorder(), Sealer: boxSealer{}, Client: client, Now: p.clock.Now,
		NewID: func() outbox.EndpointID { return outbox.EndpointID(p.ids.next("ep_")) },
	}
	return &outbox.Sequencer{Tx: s, Store: s, Now: p.clock.Now}, d, desk
}

// errUndone makes a domain transaction fail after its event was appended.
var errUndone = errors.New("undone")

// TestWHK03_EveryCommittedEventIsDeliveredOnceAndNoUndoneOneEver runs writers,
// some of whose transactions are undone, beside two processes that number and
// deliver.
func TestWHK03_EveryCommittedEventIsDeliveredOnceAndNoUndoneOneEver(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		in := newInbox(t)
		p := newPlant(t, s)
		_, _, desk := p.process(t, in)
		e, _, err := desk.Create(t.Context(), outbox.NewEndpoint{URL: in.URL})
		if err != nil {
			t.Fatal(err)
		}
		const writers, each = 4, 20
		var writing, working sync.WaitGroup
		recorder := p.recorder()
		for w := range writers {
			writing.Go(func() {
				for i := range each {
					err := s.InTx(t.Context(), func(ctx context.Context) error {
						change := identity.Change{Kind: identity.ConsumerVerified, AccountID: "acc_1", Via: identity.ByCode}
						if err := recorder.IdentityChanged(ctx, change); err != nil {
							return err
						}
						if (w+i)%4 == 0 {
							return errUndone
						}
						return nil
					})
					if err != nil && !errors.Is(err, errUndone) {
						t.Error(err)
					}
				}
			})
		}
		stop, cancel := context.WithCancel(t.Context())
		for range 2 {
			sequencer, deliverer, _ := p.process(t, in)
			working.Go(func() {
				for stop.Err() == nil {
					if _, err := sequencer.Step(t.Context()); err != nil {
						t.Error(err)
					}
					if err := deliverer.Drain(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		writing.Wait()
		cancel()
		working.Wait()
		sequencer, deliverer, _ := p.process(t, in)
		if _, err := sequencer.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := deliverer.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		const committed = writers * each * 3 / 4
		p.expect(t, in, e.ID, committed)
	})
}

// expect checks that an endpoint got sequences 1 to n, each once, and that the
// feed holds the same.
func (p *plant) expect(t *testing.T, in *inbox, id outbox.EndpointID, n int) {
	t.Helper()
	seen := map[int64]int{}
	for _, m := range in.messages() {
		seen[sequenceOf(t, m.body)]++
	}
	for i := range int64(n) {
		if seen[i+1] != 1 {
			t.Errorf("sequence %d arrived %d times", i+1, seen[i+1])
		}
	}
	if len(seen) != n {
		t.Errorf("%d sequences arrived, not %d", len(seen), n)
	}
	feed, err := p.store.Feed(t.Context(), debt.AllCreditors(), outbox.FeedQuery{Limit: 10 * n})
	if err != nil || len(feed) != n {
		t.Fatalf("the feed has %d events, %v", len(feed), err)
	}
	deliveries, err := p.store.Deliveries(t.Context(), id, 0, 10*n)
	if err != nil || len(deliveries) != n {
		t.Fatalf("%d deliveries, %v", len(deliveries), err)
	}
	for i, e := range feed {
		if e.Position != int64(i+1) || deliveries[i].Event != e.ID || deliveries[i].State != outbox.Delivered {
			t.Fatalf("place %d: position %d, delivery %+v", i+1, e.Position, deliveries[i])
		}
	}
}

// TestWHK03_WhatADeadProcessHadClaimedIsSentByAnother claims and stops, as a
// process that is killed does.
func TestWHK03_WhatADeadProcessHadClaimedIsSentByAnother(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		in := newInbox(t)
		p := newPlant(t, s)
		sequencer, deliverer, desk := p.process(t, in)
		e, _, err := desk.Create(t.Context(), outbox.NewEndpoint{URL: in.URL})
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if err := p.recorder().IdentityChanged(t.Context(), identity.Change{Kind: identity.ConsumerVerified, AccountID: "acc_1", Via: identity.ByCode}); err != nil {
				t.Fatal(err)
			}
		}
		if n, err := sequencer.Step(t.Context()); n != 3 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
		now := p.clock.Now()
		_, claimed, err := s.Claim(t.Context(), outbox.Claim{Endpoint: e.ID, Now: now, Until: now.Add(time.Minute), Limit: 10})
		if err != nil || len(claimed) != 3 {
			t.Fatalf("%d claimed, %v", len(claimed), err)
		}
		p.clock.Move(time.Minute - time.Second)
		if err := deliverer.Drain(t.Context()); err != nil || len(in.messages()) != 0 {
			t.Fatalf("%d sent under another's lease, %v", len(in.messages()), err)
		}
		p.clock.Move(time.Second)
		if err := deliverer.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		p.expect(t, in, e.ID, 3)
	})
}

// TestW4_AnEndpointThatIsDownForThreeDaysGetsEverythingOnBothEngines goes
// through failing, pausing, resuming and posting with real rows.
func TestW4_AnEndpointThatIsDownForThreeDaysGetsEverythingOnBothEngines(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		in := newInbox(t)
		in.answers(status(http.StatusBadGateway))
		p := newPlant(t, s)
		sequencer, deliverer, desk := p.process(t, in)
		e, secret, err := desk.Create(t.Context(), outbox.NewEndpoint{URL: in.URL, Types: []outbox.Type{outbox.ConsumerVerified}})
		if err != nil {
			t.Fatal(err)
		}
		for range 80 {
			if err := p.recorder().IdentityChanged(t.Context(), identity.Change{Kind: identity.ConsumerVerified, AccountID: "acc_1", Via: identity.ByCode}); err != nil {
				t.Fatal(err)
			}
			if _, err := sequencer.Step(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := deliverer.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			p.clock.Move(time.Hour)
		}
		if e, err = s.Endpoint(t.Context(), e.ID); err != nil || e.Status != outbox.Paused || e.LastSequence != 80 {
			t.Fatalf("%+v, %v", e, err)
		}
		in.answers(nil)
		before := len(in.messages())
		if _, err := desk.Resume(t.Context(), e.ID); err != nil {
			t.Fatal(err)
		}
		if err := deliverer.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := in.messages()[before:]
		if len(got) != 80 {
			t.Errorf("%d of 80 arrived after resuming", len(got))
		}
		for _, m := range got {
			if !verifies(t, secret, m) {
				t.Fatal("a message is not signed with the endpoint's secret")
			}
		}
		attempts, err := store.History{Store: s}.Attempts(t.Context(), e.ID, 1)
		if err != nil || len(attempts) < 8 || attempts[0].Class != outbox.ClassThrottle || attempts[len(attempts)-1].Class != outbox.ClassOK {
			t.Errorf("attempts %+v, %v", attempts, err)
		}
	})
}
