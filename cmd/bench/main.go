// Command bench measures what the portal does on this machine as ratios to
// what the same machine does without it, and writes README's table of figures.
// It starts a PostgreSQL cluster of its own and is no part of the product.
//
// The portal is the real one behind its real server. The ceilings are pgbench
// with the very statements that the portal was heard to send, and COPY.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/pprof"
	"strings"
	"syscall"

	"quittance/portal/config"
)

// errMissed says that the machine or the portal is too slow.
var errMissed = errors.New("a goal is missed")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func command(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	readme := flags.String("readme", "", "write the table into this file")
	small := flags.Bool("quick", false, "tiny sizes: shows that it works, not how fast")
	only := flags.String("only", "", "measure only these, parted by commas: page, money, import, plans")
	scripts := flags.String("scripts", "", "keep pgbench's scripts in this folder")
	debts := flags.Int("debts", whole().debts, "debts in the large database of the balance page")
	active := flags.Int("plans", whole().activePlans, "active plans that a day's charges are claimed among")
	rounds := flags.Int("rounds", whole().rounds, "rounds of each measurement")
	profile := flags.String("cpuprofile", "", "write a CPU profile of this process to this file")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s := whole()
	s.debts, s.activePlans, s.rounds = *debts, *active, *rounds
	if *small {
		s = quick()
	}
	if *profile != "" {
		f, err := os.Create(*profile)
		if err != nil {
			return err
		}
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer func() { pprof.StopCPUProfile(); err = errors.Join(err, f.Close()) }()
	}
	return measureAll(ctx, s, options{only: *only, readme: *readme, scripts: *scripts}, stdout, stderr)
}

// options are the flags that say what to measure and what to write.
type options struct{ only, readme, scripts string }

func measureAll(ctx context.Context, s sizes, o options, stdout, stderr io.Writer) (err error) {
	config.RoomyHeap() // as portal serve does
	b, err := newBench(ctx, s, stderr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	b.scripts = o.scripts
	var figures []figure
	for _, m := range b.measures() {
		if o.only != "" && !strings.Contains(","+o.only+",", ","+m.name+",") {
			continue
		}
		some, err := m.run(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		figures = append(figures, some...)
	}
	machine, err := b.machine(ctx)
	if err != nil {
		return err
	}
	text := table(figures, machine)
	fmt.Fprint(stdout, text)
	if o.readme != "" {
		if err := writeTable(o.readme, text); err != nil {
			return err
		}
	}
	return missed(figures)
}

// missed names each goal that was not reached.
func missed(figures []figure) error {
	var errs []error
	for _, f := range figures {
		if !f.met() {
			errs = append(errs, fmt.Errorf("%w: %s: %.2f, the goal is %.2f", errMissed, f.name, f.ratio, f.goal))
		}
	}
	return errors.Join(errs...)
}
