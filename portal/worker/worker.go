// Package worker runs the portal's background work: each Job by itself, again
// at once while there is something to do, else after a pause.
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
	log  *slog.Logger
}

// New returns a runner of the jobs.
func New(log *slog.Logger, jobs ...Job) *Runner {
	return &Runner{jobs: jobs, log: log}
}

// Run works until ctx ends and every job has finished its current piece.
func (r *Runner) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, job := range r.jobs {
		all.Go(func() { r.loop(ctx, job) })
	}
	all.Wait()
}

// failurePause keeps a failing job from spinning.
const failurePause = time.Second

func (r *Runner) loop(ctx context.Context, job Job) {
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
		wait(ctx, pause)
	}
}

func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
