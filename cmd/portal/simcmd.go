package main

import (
	"context"
	"fmt"
)

// sim is the disaster rehearsal.
func sim(ctx context.Context, p program, args []string) error {
	o, err := simFlags(p, args)
	if err != nil {
		return err
	}
	return rehearseDisasters(ctx, p.env, p.stdout, p.stderr, o)
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
