//go:build rig

package main

import (
	"context"
	"os"
	"strings"
	"time"

	"quittance/cmd/app"
	"quittance/portal/config"
)

// rigCommands gives the crash rig its child: `serve` with short waits and a
// receiver on loopback. No release is built with the tag rig, so nothing in an
// environment can open loopback for webhooks.
func rigCommands() []command {
	return []command{{"rig-serve", "", rigServe}}
}

func rigServe(ctx context.Context, p program, _ []string) error {
	cfg, err := config.Load(p.env)
	if err != nil {
		return err
	}
	cfg.WebhookLoopback = strings.Split(os.Getenv("RIG_RECEIVER"), ",")
	whole, err := app.Open(ctx, cfg, app.Surroundings{
		Now: time.Now, Stamp: time.Now, Log: app.NewLogger(), StaleAfter: 400 * time.Millisecond, AbandonAfter: 3 * time.Second, Lease: 2 * time.Second,
	}, false)
	if err != nil {
		return err
	}
	defer whole.Store.Close()
	return whole.Run(ctx, app.RunOptions{Web: true, Work: true})
}
