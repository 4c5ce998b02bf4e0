package worker

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestAJobRunsAgainAtOnceWhileThereIsWorkAndThenPauses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		var runs atomic.Int32
		r := New(slog.New(slog.DiscardHandler), Job{Name: "count", Every: time.Minute, Run: func(context.Context) (int, error) {
			if runs.Add(1) < 3 {
				return 1, nil
			}
			return 0, nil
		}})
		go r.Run(ctx)
		synctest.Wait()
		if got := runs.Load(); got != 3 {
			t.Errorf("ran %d times at once; want 3", got)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := runs.Load(); got != 4 {
			t.Errorf("after the pause it had run %d times; want 4", got)
		}
		stop()
		synctest.Wait()
	})
}

func TestAFailingJobNeitherSpinsNorStopsTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		var failures, others atomic.Int32
		r := New(slog.New(slog.DiscardHandler),
			Job{Name: "fails", Every: time.Millisecond, Run: func(context.Context) (int, error) { failures.Add(1); return 0, errors.New("no") }},
			Job{Name: "works", Every: time.Millisecond, Run: func(context.Context) (int, error) { others.Add(1); return 0, nil }},
		)
		go r.Run(ctx)
		time.Sleep(3*time.Second + time.Millisecond/2)
		if f := failures.Load(); f != 4 {
			t.Errorf("the failing job ran %d times in 3 s; want 4", f)
		}
		if o := others.Load(); o < 1000 {
			t.Errorf("the other job ran only %d times", o)
		}
		stop()
		synctest.Wait()
	})
}
