package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"quittance/portal/config"
)

// errDiffers ends a rehearsal in which the books do not agree.
var errDiffers = errors.New("the books do not agree; what differs stands above")

// Bounds of a rehearsal, in days.
const (
	UsualDays = 75
	MostDays  = 730
)

// Story are how a rehearsal is run.
type Story struct {
	Seed uint64 // chooses the story: the same seed tells the same one
	Days int
	Lose bool // the system of record loses a posting
}

// Rehearse runs the whole product on embedded parts, on a clock that is
// moved, under faults that the seed chooses. Within it and at the end five books
// must tell the same of each fact that they know: the processor's, the portal's
// ledger, the events, the system of record, and the pages that people and the
// console get. The story goes to out, how long it took to said.
func Rehearse(ctx context.Context, env config.Environment, out, said io.Writer, o Story) error {
	dir, remove, err := demoFolder("")
	if err != nil {
		return err
	}
	defer remove()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	began := time.Now()
	s, err := newSimulation(ctx, alone(env), dir, o)
	if err != nil {
		return err
	}
	defer s.shut()
	if err := s.play(ctx, out); err != nil {
		return err
	}
	v, err := s.verdict(ctx)
	if err == nil {
		err = s.five(ctx, &v, false)
	}
	if err != nil {
		return err
	}
	v.print(out)
	fmt.Fprintf(said, "Rehearsed %d days in %s.\n", o.Days, time.Since(began).Round(100*time.Millisecond))
	if v.faulty() {
		return errDiffers
	}
	return nil
}

// alone hides the environment from a rehearsal, lest it writes to a database of
// somebody's: it sees Stripe's keys alone, to refuse live ones.
func alone(env config.Environment) config.Environment {
	return config.Environment{ReadFile: env.ReadFile, Lookup: func(name string) (string, bool) {
		if !strings.HasPrefix(name, "STRIPE_") {
			return "", false
		}
		return env.Lookup(name)
	}}
}

// line prints one day of the story.
func (s *simulation) line(w io.Writer, day int) {
	said := append(s.said, s.news.words()...)
	if len(said) == 0 {
		said = []string{"nothing"}
	}
	fmt.Fprintf(w, "day %3d  %s  %s\n", day, s.Clock.Now().In(s.Portal.Zone()).Format("Mon 2006-01-02"), strings.Join(said, "; "))
	s.said, s.news = nil, tally{}
}
