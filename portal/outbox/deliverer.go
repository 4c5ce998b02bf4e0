package outbox

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"time"
)

const (
	// DefaultBatch is how many deliveries one lane claims, posts side by side
	// and records together. It is small: what a slow answer holds up, and what
	// is sent twice after a crash, is one batch of each lane at most.
	DefaultBatch = 4
	// DefaultLanes is how many batches of one endpoint are on their way at once.
	// DefaultLanes × DefaultBatch is the most requests an endpoint sees at once
	// from one process.
	DefaultLanes = 8
	// leaseFor outlasts a POST and its recording: what a process that died had
	// claimed is claimed again after it.
	leaseFor = time.Minute
	// rewind is how many batches a lane goes forward before it looks at the
	// front of the queue again, where retries come due.
	rewind = 32
)

// Alerts is told, inside the transaction, when an endpoint needs its owner.
type Alerts interface {
	EndpointAlert(ctx context.Context, e Endpoint, a Alert) error
}

// Deliverer sends what is due. Each endpoint has lanes of its own, so that one
// that hangs holds up nobody else (W3). Any number of processes may deliver at
// once. Batch, Lanes, Stamp, Alerts and Watchers are optional, the rest is required.
type Deliverer struct {
	Tx        Transactor
	Queue     Queue
	Endpoints Endpoints
	Recorder  *Recorder
	Sealer    Sealer
	Client    *Client
	Alerts    Alerts
	Now       func() time.Time
	// Stamp is the clock of signatures, which receivers compare with their own.
	// It differs from Now only where Now is moved by hand, as in the demo.
	Stamp        func() time.Time
	Log          *slog.Logger
	Batch, Lanes int
	Watchers     []PostingWatcher

	mu   sync.Mutex
	busy map[EndpointID]bool
	done sync.WaitGroup
}

// Start sets every endpoint with due deliveries going that is not going
// already, returns at once and says how many it started. It is a job of package
// worker.
func (d *Deliverer) Start(ctx context.Context) (int, error) {
	due, err := d.Queue.DueEndpoints(ctx, d.Now())
	if err != nil {
		return 0, fmt.Errorf("due endpoints: %w", err)
	}
	started := 0
	for _, id := range due {
		if !d.take(id) {
			continue
		}
		started++
		d.done.Go(func() {
			defer d.release(id)
			d.work(ctx, id)
		})
	}
	return started, nil
}

// Wait returns when what was started is posted and recorded: 15 seconds and a
// little at most once the context of Start has ended.
func (d *Deliverer) Wait() { d.done.Wait() }

// Drain delivers all that is due now and waits for it. What is under way is
// waited for first: it may have looked before the last delivery came.
func (d *Deliverer) Drain(ctx context.Context) error {
	d.Wait()
	if _, err := d.Start(ctx); err != nil {
		return err
	}
	d.Wait()
	return nil
}

func (d *Deliverer) take(id EndpointID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.busy == nil {
		d.busy = map[EndpointID]bool{}
	}
	if d.busy[id] {
		return false
	}
	d.busy[id] = true
	return true
}

func (d *Deliverer) release(id EndpointID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.busy, id)
}

// work runs the lanes of one endpoint until there is nothing left to claim.
func (d *Deliverer) work(ctx context.Context, id EndpointID) {
	var lanes sync.WaitGroup
	for range max(1, orDefault(d.Lanes, DefaultLanes)) {
		lanes.Go(func() { d.lane(ctx, id) })
	}
	lanes.Wait()
}

// lane claims forward from where it was last: a database is slow to walk past
// what has just been delivered. At the end it looks at the front once more.
func (d *Deliverer) lane(ctx context.Context, id EndpointID) {
	posters := hire(d.batchSize())
	defer posters.dismiss()
	var after int64
	for turn := 1; ctx.Err() == nil; turn++ {
		n, last, err := d.batch(ctx, id, after, posters)
		if err != nil {
			if ctx.Err() == nil {
				d.Log.ErrorContext(ctx, "webhook batch failed", "endpoint", id, "error", err)
			}
			return
		}
		full := n == d.batchSize()
		switch {
		case full && turn%rewind != 0:
			after = last
		case full || after > 0:
			after = 0
		default:
			return
		}
	}
}

// batch claims, posts and records once. It returns how many were claimed and
// the last one's sequence.
func (d *Deliverer) batch(ctx context.Context, id EndpointID, after int64, posters crew) (n int, last int64, err error) {
	now := d.Now()
	e, claimed, err := d.Queue.Claim(ctx, Claim{Endpoint: id, After: after, Now: now, Until: now.Add(leaseFor), Limit: d.batchSize()})
	if err != nil {
		return 0, 0, fmt.Errorf("claim: %w", err)
	}
	if len(claimed) == 0 {
		return 0, 0, nil
	}
	// What was claimed is carried through even when the process is told to
	// stop: it takes 15 seconds at most.
	ctx = context.WithoutCancel(ctx)
	replies := d.post(ctx, e, claimed, posters)
	if err := d.record(ctx, e, claimed, replies); err != nil {
		return 0, 0, fmt.Errorf("record: %w", err)
	}
	return len(claimed), claimed[len(claimed)-1].Sequence, nil
}

func (d *Deliverer) post(ctx context.Context, e Endpoint, claimed []Delivery, posters crew) []reply {
	replies := make([]reply, len(claimed))
	keys, err := keysAt(e, d.Sealer, d.Now())
	if err != nil {
		d.Log.ErrorContext(ctx, "signing secret cannot be opened", "endpoint", e.ID)
		for i := range replies {
			replies[i] = reply{Attempt: Attempt{At: d.Now(), Class: ClassSecret}}
		}
		return replies
	}
	ctx, cancel := context.WithTimeout(ctx, postTimeout) // all of them start now
	defer cancel()
	var posts sync.WaitGroup
	for i, c := range claimed {
		posts.Add(1)
		posters <- func() {
			defer posts.Done()
			replies[i] = d.Client.attempt(ctx, e.URL, c.Event, c.Body, keys, d.stamp(), d.Now())
		}
	}
	posts.Wait()
	return replies
}

// crew posts for one lane, all of a batch at once. It lives as long as the
// lane: a goroutine made for one POST spends a quarter of it growing its stack.
type crew chan func()

func hire(n int) crew {
	jobs := make(crew)
	for range n {
		go func() {
			for job := range jobs {
				job()
			}
		}()
	}
	return jobs
}

func (c crew) dismiss() { close(c) }

// record keeps a batch's results. The endpoint is touched only when its health
// is or was in question, so that a healthy one costs no extra statement.
func (d *Deliverer) record(ctx context.Context, e Endpoint, claimed []Delivery, replies []reply) error {
	results := make([]Result, len(claimed))
	for i := range claimed {
		results[i] = outcome(e, claimed[i], replies[i], rand.Float64()) //nolint:gosec // jitter is no secret
		if results[i].Posting != nil {
			results[i].Posting.CreditorRef = e.CreditorRef
		}
	}
	sick := e.Failures > 0 || !e.FailingSince.IsZero() || slices.ContainsFunc(replies, func(r reply) bool { return !r.ok() })
	return d.Tx.InTx(ctx, func(ctx context.Context) error {
		if sick {
			if err := d.judge(ctx, e.ID, replies); err != nil {
				return err
			}
		}
		if err := d.Queue.Record(ctx, results); err != nil {
			return err
		}
		for i, r := range results {
			if r.Posting == nil {
				continue
			}
			if err := told(ctx, d.Watchers, claimed[i].Type, *r.Posting); err != nil {
				return err
			}
		}
		return nil
	})
}

// judge saves what the replies mean for the endpoint itself and tells of it.
func (d *Deliverer) judge(ctx context.Context, id EndpointID, replies []reply) error {
	e, err := d.Endpoints.Endpoint(ctx, id)
	if err != nil {
		return err
	}
	next, alert := health(e, replies, d.Now().UTC().Truncate(time.Microsecond))
	if e.Status != Active {
		// Stopped while these were on their way: only a success still counts.
		next.Status, next.Reason, alert = e.Status, e.Reason, ""
	}
	if reflect.DeepEqual(e, next) {
		return nil
	}
	if err := d.Endpoints.SaveEndpoint(ctx, next); err != nil {
		return err
	}
	if next.Status != e.Status {
		if err := d.Recorder.endpointChanged(ctx, EndpointPaused, next); err != nil {
			return err
		}
	}
	if alert == "" {
		return nil
	}
	d.Log.WarnContext(ctx, "webhook endpoint is failing", "endpoint", id, "alert", alert)
	if d.Alerts == nil {
		return nil
	}
	return d.Alerts.EndpointAlert(ctx, next, alert)
}

func (d *Deliverer) stamp() time.Time {
	if d.Stamp != nil {
		return d.Stamp()
	}
	return d.Now()
}

func (d *Deliverer) batchSize() int { return max(1, orDefault(d.Batch, DefaultBatch)) }

func orDefault(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}
