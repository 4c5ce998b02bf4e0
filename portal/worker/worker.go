// Package worker runs the portal's background work: each Job by itself, again
// at once while there is something to do, else after a pause or when woken.
// What a job claims it claims in the database, so any number of processes may
// run the same jobs.
package worker

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Job is one kind of background work. Run does a bounded piece of it and says
// how much it did.
type Job struct {
	Name  string
	Every time.Duration
	Run   func(ctx context.Context) (did int, err error)
}

// Runner runs jobs until its context ends.
type Runner struct {
	jobs []Job
	wake []chan struct{}
	log  *slog.Logger
}

// New returns a runner of the jobs.
func New(log *slog.Logger, jobs ...Job) *Runner {
	r := &Runner{jobs: jobs, log: log}
	for range jobs {
		r.wake = append(r.wake, make(chan struct{}, 1))
	}
	return r
}

// Wake makes every job look for work now. It never blocks.
func (r *Runner) Wake() {
	for _, w := range r.wake {
		select {
		case w <- struct{}{}:
		default: // it is awake already
		}
	}
}

// Run works until ctx ends and every job has finished its current piece.
func (r *Runner) Run(ctx context.Context) {
	var all sync.WaitGroup
	for i, job := range r.jobs {
		all.Go(func() { r.loop(ctx, job, r.wake[i]) })
	}
	all.Wait()
}

// failurePause keeps a failing job from spinning.
const failurePause = time.Second

func (r *Runner) loop(ctx context.Context, job Job, wake <-chan struct{}) {
	for ctx.Err() == nil {
		did, err := job.Run(ctx)
		pause := job.Every
		switch {
		case err != nil && ctx.Err() == nil:
			r.log.ErrorContext(ctx, "background work failed; it will be tried again", "job", job.Name, "error", err)
			pause = max(pause, failurePause)
		case did > 0:
			continue
		}
		wait(ctx, pause, wake)
	}
}

func wait(ctx context.Context, d time.Duration, wake <-chan struct{}) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-t.C:
	}
}
