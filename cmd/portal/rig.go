//go:build rig

package main

import (
	"context"
	"os"
	"strings"
	"time"

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
	log := newLogger()
	db, err := openStore(ctx, cfg, log, false)
	if err != nil {
		return err
	}
	defer db.Close()
	whole, err := build(cfg, db, surroundings{
		now: time.Now, stamp: time.Now, log: log, staleAfter: 400 * time.Millisecond, abandonAfter: 3 * time.Second, lease: 2 * time.Second,
	})
	if err != nil {
		return err
	}
	return whole.run(ctx, runOptions{web: true, work: true})
}
