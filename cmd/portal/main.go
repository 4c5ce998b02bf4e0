// Command portal is the whole product in one binary: the web, the workers, the
// migrations, the import of placements, and a demo of all of it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"quittance/cmd/demo"
	"quittance/portal/audit"
	"quittance/portal/config"
	"quittance/portal/identity"
)

// Exit codes, as contract for scripts.
const (
	exitDone   = 0
	exitFaults = 1 // ran and found faults
	exitUsage  = 2 // wrong usage or unsafe configuration
)

// program is what a command gets from the outside.
type program struct {
	env            config.Environment
	stdout, stderr io.Writer
	command        string // its first two words, for the audit log
}

// errUsage wraps mistakes in how a command was called.
var errUsage = errors.New("wrong usage")

type command struct {
	name, help string
	run        func(ctx context.Context, p program, args []string) error
}

func commands() []command {
	return []command{
		{"demo", "run the whole product on this machine with sample accounts", demoCommand},
		{"serve", "run the portal: web, workers and webhooks", serve},
		{"migrate", "bring the database's schema up to date, or show where it stands", migrate},
		{"import", "take in placements and balance updates from files", importPlacements},
		{"codes", "write the reference codes of accounts, for letters; unlock or renew one", codesCommand},
		{"terms", "set what plans may look like from a file, or list it", termsCommand},
		{"packs", "list, show, compare and check the law of each place", packsCommand},
		{"endpoint", "add a webhook receiver, list them or rotate a secret", endpoint},
		{"token", "issue or revoke a token for the API", token},
		{"staff", "add, unlock or disable people who may sign in to the console, or list them", staff},
		{"audit", "check the audit log, or say whose data somebody read", auditCommand},
		{"reseal", "seal personal data again after a change of the secret key", reseal},
		{"retention", "erase what is past, say what would be, or hold an account", retentionCommand},
		{"export", "write everything kept of one account into one file, or check it", exportCommand},
		{"sim", "rehearse disasters on made-up accounts and compare the books", sim},
		{"check", "say what is missing or unsafe in this environment", checkCommand},
		{"version", "print version, commit, Go version and Stripe API version", version},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	p := program{
		env:    config.Environment{Lookup: os.LookupEnv, ReadFile: os.ReadFile},
		stdout: os.Stdout, stderr: os.Stderr,
	}
	code := run(ctx, p, os.Args[1:])
	stop()
	os.Exit(code)
}

// run finds the command and turns its error into one sentence and an exit code.
func run(ctx context.Context, p program, args []string) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		usage(p.stdout)
		return exitDone
	}
	ctx = audit.As(ctx, "command")
	for _, c := range append(commands(), rigCommands()...) {
		if c.name == args[0] {
			p.command = strings.Join(args[:min(2, len(args))], " ")
			return exitCode(p, c.name, c.run(ctx, p, args[1:]))
		}
	}
	fmt.Fprintf(p.stderr, "portal: there is no command %q; run `portal help`.\n", args[0])
	return exitUsage
}

func exitCode(p program, name string, err error) int {
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitDone
	case errors.Is(err, errUsage), errors.Is(err, identity.ErrRolesApart), errors.Is(err, demo.ErrUsage), errors.Is(err, config.ErrUnsafe):
		fmt.Fprintf(p.stderr, "portal %s: %s\n", name, err)
		return exitUsage
	}
	fmt.Fprintf(p.stderr, "portal %s: %s\n", name, err)
	return exitFaults
}

func usage(w io.Writer) {
	fmt.Fprint(w, "portal is a self-service payment portal for people in debt collection.\n\nCommands:\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  portal %-9s %s\n", c.name, c.help)
	}
	fmt.Fprint(w, "\nSettings come from the environment; README.md lists them, `portal check` reads them.\n")
}

// flags returns a flag set that reports mistakes as errUsage.
func (p program) flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet("portal "+name, flag.ContinueOnError)
	f.SetOutput(p.stderr)
	return f
}

func parse(f *flag.FlagSet, args []string) error {
	err := f.Parse(args)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	return err
}

// parseMixed lets flags stand before and after the arguments, as people type
// them: `portal import file.csv -dry-run`.
func parseMixed(f *flag.FlagSet, args []string) ([]string, error) {
	var names []string
	for {
		if err := parse(f, args); err != nil {
			return nil, err
		}
		if f.NArg() == 0 {
			return names, nil
		}
		names, args = append(names, f.Arg(0)), f.Args()[1:]
	}
}
