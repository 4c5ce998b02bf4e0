package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"quittance/cmd/app"
	"quittance/portal/config"
)

// serve runs the portal until it is told to stop, then drains.
func serve(ctx context.Context, p program, args []string) error {
	f := p.flags("serve")
	role := f.String("role", "web,worker", "what this process does: web, worker, or both")
	if err := parse(f, args); err != nil {
		return err
	}
	roles := strings.Split(*role, ",")
	for _, r := range roles {
		if r != "web" && r != "worker" {
			return fmt.Errorf("%w: -role takes web, worker or both parted by a comma, not %q", errUsage, r)
		}
	}
	return wired(ctx, p, config.Whole, func(whole *app.Portal) error {
		if _, err := whole.Books.Check(ctx); err != nil {
			return err
		}
		may, err := whole.Store.MayAlter(ctx)
		if err != nil {
			return err
		}
		if may {
			app.NewLogger().WarnContext(ctx, mayAlter)
		}
		return whole.Run(ctx, app.RunOptions{Web: slices.Contains(roles, "web"), Work: slices.Contains(roles, "worker")})
	})
}
