package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net"
	"slices"
	"time"

	"quittance/cmd/app"
	"quittance/frontend/locale"
	"quittance/payments/sandbox"
	"quittance/plans/civil"
	"quittance/portal/config"
	"quittance/portal/debt"
	"quittance/portal/outbox"
	"quittance/portal/worker"
)

// simulation is the demo on a clock that stands still between its moves, with
// everybody's work done step by step, so that the same seed tells the same
// story.
type simulation struct {
	*Rehearsal
	options Story
	ctx     context.Context // of the parts that run by themselves
	first   civil.Date
	road    *road
	shut    func()
	failed  int // background work that was tried again

	said     []string // of the day
	news     tally
	position int64                // of the feed, up to which news were told
	ran      map[string]time.Time // when the jobs that are seldom due ran last
	cast     cast
	words    *locale.Book
	early    []string // what differed on days within
	looks    int      // how often the books were held against each other
	wrongs   []string // what should not have been possible
}

// hours at which the clock stops each day, in UTC: at night, when the banks have
// settled; in the morning, when people act; in the afternoon.
var hours = []time.Duration{5*time.Hour + 30*time.Minute, 15 * time.Hour, 20 * time.Hour}

const acting = 1 // the stop at which people act

func newSimulation(ctx context.Context, env config.Environment, dir string, o Story) (*simulation, error) {
	s := &simulation{options: o, ctx: ctx, shut: func() {}, ran: map[string]time.Time{}}
	r := rand.New(rand.NewPCG(o.Seed, 1)) //nolint:gosec // a story, no secret
	s.first = firstDay(r)
	s.cast = newCast(r)
	s.road = &road{seed: o.Seed, arrived: map[int64]int{}}
	s.Rehearsal = &Rehearsal{
		Clock: newStillClock(s.first.In(time.UTC).Add(hours[0])), People: s.cast.people(), log: slog.New(slog.DiscardHandler),
		seed: o.Seed, between: s.road.before,
	}
	var err error
	if s.words, err = locale.Load(); err != nil {
		return nil, err
	}
	_, listener, err := s.Set(ctx, env, "127.0.0.1:0", dir)
	if err != nil {
		return nil, err
	}
	s.Processor.SetEventFaults(sandbox.EventFaults{Delay: 10 * time.Hour, DuplicatePercent: 20, DropPercent: 10, Shuffle: true, Seed: o.Seed})
	return s, s.open(listener)
}

// firstDay is a Monday of 2027 on whose week the banks have no holiday.
func firstDay(r *rand.Rand) civil.Date {
	day := civil.Of(time.Date(2027, time.January, 4, 0, 0, 0, 0, time.UTC)).AddDays(7 * r.IntN(50))
	for slices.ContainsFunc([]int{0, 1, 2, 3, 4}, func(n int) bool { return !civil.IsBankingDay(day.AddDays(n)) }) {
		day = day.AddDays(7)
	}
	return day
}

// open lets the portal's web serve: the processor's webhooks come in over HTTP.
func (s *simulation) open(listener net.Listener) error {
	server, err := s.Portal.Server()
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(s.ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(ctx, listener) // a webhook that is not taken shows in the story
	}()
	s.shut = func() { stop(); <-done }
	return nil
}

// restart ends the portal and starts it anew on its database, as an upgrade
// does. Whatever it held in memory is gone.
func (s *simulation) restart() error {
	s.shut()
	cfg := s.Portal.Config
	if err := s.Portal.Store.Close(); err != nil {
		return err
	}
	if err := s.wire(s.ctx, cfg); err != nil {
		return err
	}
	clear(s.ran) // each job runs as the portal starts
	listener, err := app.Listen(s.ctx, cfg.Addr)
	if err != nil {
		return err
	}
	return s.open(listener)
}

// play goes through the days, and then lets everything come to rest.
func (s *simulation) play(ctx context.Context, w io.Writer) error {
	fmt.Fprintf(w, "Seed %d: %d days from %s, %d people. The processor's webhooks come up to 10 hours late, out of order, some twice, some never.\n\n",
		s.options.Seed, s.options.Days, s.first, len(s.People))
	script := s.script()
	for day := range s.options.Days {
		err := s.live(ctx, day, script[day])
		if err == nil && day%lookEvery == lookEvery/2 {
			err = s.look(ctx, day)
		}
		if err != nil {
			return fmt.Errorf("day %d: %w", day, err)
		}
		s.line(w, day)
	}
	return s.rest(ctx, w)
}

// live goes through one day: its stops, and at one of them what people do.
func (s *simulation) live(ctx context.Context, day int, acts []act) error {
	for i, hour := range hours {
		s.moveTo(s.first.AddDays(day).In(time.UTC).Add(hour))
		if i == acting {
			for _, a := range acts {
				if err := a(ctx, s); err != nil {
					return err
				}
			}
		}
		if err := s.work(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *simulation) moveTo(at time.Time) { s.Clock.Move(at.Sub(s.Clock.Now())) }

// rounds bounds how often the jobs are asked for more at one stop.
const rounds = 50

// work lets the banks, the processor's webhooks and each background job of the
// portal do what is due. A job that fails is tried again at the next stop, as
// the workers do.
func (s *simulation) work(ctx context.Context) error {
	s.Processor.Tick(ctx)
	for range rounds { // what one job did may be another's work
		did := 0
		for _, job := range s.Portal.Jobs() {
			if !s.due(job) {
				continue
			}
			n, err := job.Run(ctx)
			s.Portal.Deliverer.Wait()
			did += n
			if err != nil {
				s.failed++
			}
		}
		if did == 0 {
			break
		}
	}
	return errors.Join(ctx.Err(), s.hear(ctx))
}

// seldom is the interval from which on a job keeps it on the clock that stands
// still. Those that come more often run until nothing is left to do.
const seldom = 5 * time.Minute

func (s *simulation) due(job worker.Job) bool {
	if job.Every < seldom {
		return true
	}
	now := s.Clock.Now()
	if last, ok := s.ran[job.Name]; ok && now.Before(last.Add(job.Every)) {
		return false
	}
	s.ran[job.Name] = now
	return true
}

// tally counts the news of a day by what they say.
type tally map[string]int

func (t tally) words() []string {
	var all []string
	for _, what := range slices.Sorted(maps.Keys(t)) {
		all = append(all, fmt.Sprintf("%d %s", t[what], what))
	}
	return all
}

// hear reads the feed of events since it was read last.
func (s *simulation) hear(ctx context.Context) error {
	for {
		events, err := s.Portal.Store.Feed(ctx, debt.AllCreditors(), outbox.FeedQuery{After: s.position, Limit: 200})
		if err != nil || len(events) == 0 {
			return err
		}
		for _, e := range events {
			s.position = e.Position
			what, err := newsOf(e)
			if err != nil {
				return err
			}
			if s.news == nil {
				s.news = tally{}
			}
			s.news[what]++
		}
	}
}

// newsOf is the type of an event, with the bank's code where money came back.
func newsOf(e outbox.Event) (string, error) {
	var facts outbox.Data
	if err := json.Unmarshal(e.Facts, &facts); err != nil {
		return "", err
	}
	if p := facts.Payment; p != nil && p.Failure != nil && p.Failure.ReturnCode != "" {
		return string(e.Type) + " (" + p.Failure.ReturnCode + ")", nil
	}
	return string(e.Type), nil
}

// say adds a sentence to the day.
func (s *simulation) say(format string, args ...any) {
	s.said = append(s.said, fmt.Sprintf(format, args...))
}

// mostRest is how many days everything may take to come to rest: the longest
// wait between two questions to the processor about a payment of the rehearsal,
// and the days of the banks.
const mostRest = 30

// rest ends the faults, and lets days pass until nothing is on its way and the
// books agree; people do nothing new, plans go on.
func (s *simulation) rest(ctx context.Context, w io.Writer) error {
	s.Processor.ClearFaults()
	s.road.calm()
	for day := s.options.Days; day < s.options.Days+mostRest; day++ {
		if err := s.live(ctx, day, nil); err != nil {
			return err
		}
		v, err := s.verdict(ctx)
		if err != nil {
			return err
		}
		if len(s.news) > 0 {
			s.said = []string{"afterwards"}
			s.line(w, day)
		}
		if !v.open() {
			break
		}
	}
	return nil
}
