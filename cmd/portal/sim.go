package main

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
	usualDays  = 75
	mostSimmed = 730
)

// simOptions are how a rehearsal is run.
type simOptions struct {
	seed uint64
	days int
	lose bool // the system of record loses a posting
}

// sim is the disaster rehearsal: the whole product on embedded parts, on a clock
// that is moved, under faults that the seed chooses. At the end the books of the
// processor, of the portal and of the system of record must say the same.
func sim(ctx context.Context, p program, args []string) error {
	o, err := simFlags(p, args)
	if err != nil {
		return err
	}
	dir, remove, err := demoFolder("")
	if err != nil {
		return err
	}
	defer remove()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	began := time.Now()
	s, err := newSimulation(ctx, p.alone(), dir, o)
	if err != nil {
		return err
	}
	defer s.shut()
	if err := s.play(ctx, p.stdout); err != nil {
		return err
	}
	v, err := s.verdict(ctx)
	if err != nil {
		return err
	}
	v.print(p.stdout)
	fmt.Fprintf(p.stderr, "Rehearsed %d days in %s.\n", o.days, time.Since(began).Round(100*time.Millisecond))
	if v.faulty() {
		return errDiffers
	}
	return nil
}

func simFlags(p program, args []string) (simOptions, error) {
	f := p.flags("sim")
	var o simOptions
	f.Uint64Var(&o.seed, "seed", 1, "chooses the story: the same seed tells the same one")
	f.IntVar(&o.days, "days", usualDays, fmt.Sprintf("how many days to rehearse, up to %d", mostSimmed))
	f.BoolVar(&o.lose, "lose", false, "let the system of record lose a posting, to see how a difference is told")
	switch err := parse(f, args); {
	case err != nil:
		return o, err
	case f.NArg() > 0:
		return o, fmt.Errorf("%w: portal sim takes no argument %q", errUsage, f.Arg(0))
	case o.days < 1 || o.days > mostSimmed:
		return o, fmt.Errorf("%w: -days is a number from 1 to %d", errUsage, mostSimmed)
	}
	return o, nil
}

// alone hides the environment from a rehearsal, lest it writes to a database of
// somebody's: it sees Stripe's keys alone, to refuse live ones.
func (p program) alone() program {
	lookup := p.env.Lookup
	p.env = config.Environment{ReadFile: p.env.ReadFile, Lookup: func(name string) (string, bool) {
		if !strings.HasPrefix(name, "STRIPE_") {
			return "", false
		}
		return lookup(name)
	}}
	return p
}

// line prints one day of the story.
func (s *simulation) line(w io.Writer, day int) {
	said := append(s.said, s.news.words()...)
	if len(said) == 0 {
		said = []string{"nothing"}
	}
	fmt.Fprintf(w, "day %3d  %s  %s\n", day, s.clock.Now().In(s.portal.Zone()).Format("Mon 2006-01-02"), strings.Join(said, "; "))
	s.said, s.news = nil, tally{}
}
