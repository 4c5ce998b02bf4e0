package main

import (
	"context"
	"fmt"

	"quittance/cmd/demo"
)

// sim is the disaster rehearsal.
func sim(ctx context.Context, p program, args []string) error {
	o, err := simFlags(p, args)
	if err != nil {
		return err
	}
	return demo.Rehearse(ctx, p.env, p.stdout, p.stderr, o)
}

func simFlags(p program, args []string) (demo.Story, error) {
	f := p.flags("sim")
	var o demo.Story
	f.Uint64Var(&o.Seed, "seed", 1, "chooses the story: the same seed tells the same one")
	f.IntVar(&o.Days, "days", demo.UsualDays, fmt.Sprintf("how many days to rehearse, up to %d", demo.MostDays))
	f.BoolVar(&o.Lose, "lose", false, "let the system of record lose a posting, to see how a difference is told")
	switch err := parse(f, args); {
	case err != nil:
		return o, err
	case f.NArg() > 0:
		return o, fmt.Errorf("%w: portal sim takes no argument %q", errUsage, f.Arg(0))
	case o.Days < 1 || o.Days > demo.MostDays:
		return o, fmt.Errorf("%w: -days is a number from 1 to %d", errUsage, demo.MostDays)
	}
	return o, nil
}
