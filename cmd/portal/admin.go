package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"quittance/cmd/app"
	"quittance/portal/config"
	"quittance/portal/outbox"
)

// withPortal gives an administrative command the wired product, and notes in
// the audit log that it was used. It asks for no more of the settings than the
// database and its keys.
func withPortal(ctx context.Context, p program, fn func(*app.Portal) error) error {
	return withPart(ctx, p, config.Books, fn)
}

// withPart is withPortal for a command that uses more of the settings.
func withPart(ctx context.Context, p program, part config.Part, fn func(*app.Portal) error) error {
	return wired(ctx, p, part, func(whole *app.Portal) error {
		if err := whole.Audit.Note(ctx, "command", "", p.command); err != nil {
			return err
		}
		return fn(whole)
	})
}

// wired reads a part of the environment, opens the database and builds the product
// on it.
func wired(ctx context.Context, p program, part config.Part, fn func(*app.Portal) error) error {
	cfg, err := config.LoadPart(p.env, part)
	if err != nil {
		return err
	}
	whole, err := app.Open(ctx, cfg, app.Surroundings{Now: time.Now, Stamp: time.Now, Log: app.NewLogger()}, false)
	if err != nil {
		return err
	}
	defer whole.Store.Close()
	return fn(whole)
}

// choose runs one of a command's actions.
func choose(args []string, actions map[string]func(args []string) error) error {
	if len(args) > 0 {
		if run, ok := actions[args[0]]; ok {
			return run(args[1:])
		}
	}
	var names []string
	for name := range actions {
		names = append(names, name)
	}
	slices.Sort(names)
	return fmt.Errorf("%w: say one of %s", errUsage, strings.Join(names, ", "))
}

// endpoint manages webhook receivers.
func endpoint(ctx context.Context, p program, args []string) error {
	return choose(args, map[string]func([]string) error{
		"add": func(args []string) error { return p.addEndpoint(ctx, args) },
		"list": func([]string) error {
			return withPortal(ctx, p, func(w *app.Portal) error { return p.listEndpoints(ctx, w) })
		},
		"rotate": func(args []string) error { return p.rotateEndpoint(ctx, args) },
		"resume": func(args []string) error { return p.resumeEndpoint(ctx, args) },
	})
}

func (p program) addEndpoint(ctx context.Context, args []string) error {
	f := p.flags("endpoint add")
	creditor := f.String("creditor", "", "only this creditor's debts (its creditor_ref)")
	about := f.String("about", "", "a name for people")
	names, err := parseMixed(f, args)
	if err != nil {
		return err
	}
	if len(names) != 1 {
		return fmt.Errorf("%w: portal endpoint add https://…", errUsage)
	}
	return withPortal(ctx, p, func(w *app.Portal) error {
		e, secret, err := w.Endpoints.Create(ctx, outbox.NewEndpoint{URL: names[0], Description: *about, CreditorRef: *creditor})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(p.stdout, "endpoint %s\nsecret   %s\nThe secret is shown this once. Verify deliveries with any Standard Webhooks library.\n", e.ID, secret)
		return err
	})
}

func (p program) listEndpoints(ctx context.Context, w *app.Portal) error {
	all, err := w.Store.Endpoints(ctx)
	for _, e := range all {
		fmt.Fprintf(p.stdout, "%s  %-8s  sent up to %d  %s\n", e.ID, e.Status, e.LastSequence, e.URL)
	}
	return err
}

func (p program) rotateEndpoint(ctx context.Context, args []string) error {
	id, err := one(args, "portal endpoint rotate ep_…")
	if err != nil {
		return err
	}
	return withPortal(ctx, p, func(w *app.Portal) error {
		_, secret, err := w.Endpoints.Rotate(ctx, outbox.EndpointID(id))
		if err == nil {
			_, err = fmt.Fprintf(p.stdout, "secret %s\nThe old secret goes on signing beside it for %s.\n", secret, outbox.Overlap)
		}
		return err
	})
}

func (p program) resumeEndpoint(ctx context.Context, args []string) error {
	id, err := one(args, "portal endpoint resume ep_…")
	if err != nil {
		return err
	}
	return withPortal(ctx, p, func(w *app.Portal) error {
		e, err := w.Endpoints.Resume(ctx, outbox.EndpointID(id))
		if err == nil {
			_, err = fmt.Fprintf(p.stdout, "endpoint %s is %s; what waited is being sent\n", e.ID, e.Status)
		}
		return err
	})
}

func one(args []string, usage string) (string, error) {
	if len(args) != 1 {
		return "", fmt.Errorf("%w: %s", errUsage, usage)
	}
	return args[0], nil
}
