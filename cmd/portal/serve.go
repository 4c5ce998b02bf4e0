package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"quittance/portal/audit"
	"quittance/portal/config"
	"quittance/portal/store"
	"quittance/portal/terms"
	"quittance/portal/web"
	"quittance/portal/web/api"
	"quittance/portal/web/console"
	"quittance/portal/web/consumer"
	"quittance/portal/web/hooks"
	"quittance/portal/worker"
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
	return wired(ctx, p, func(whole *portal) error {
		if _, err := whole.books.check(ctx); err != nil {
			return err
		}
		may, err := whole.store.MayAlter(ctx)
		if err != nil {
			return err
		}
		if may {
			whole.in.log.WarnContext(ctx, mayAlter)
		}
		return whole.run(ctx, runOptions{web: slices.Contains(roles, "web"), work: slices.Contains(roles, "worker")})
	})
}

// runOptions say what one process does. The listener is made from PORTAL_ADDR
// where none is given.
type runOptions struct {
	web, work bool
	listener  net.Listener
	extra     []web.Route
}

// run serves and works until ctx ends and everything under way is done.
func (p *portal) run(ctx context.Context, o runOptions) (err error) {
	config.RoomyHeap()
	ctx, stop := context.WithCancel(audit.As(ctx, audit.System))
	defer stop()
	var all sync.WaitGroup
	var failures [2]error
	if p.cfg.MetricsAddr != "" {
		listener, err := listen(ctx, p.cfg.MetricsAddr)
		if err != nil {
			return fmt.Errorf("PORTAL_METRICS_ADDR: %w", err)
		}
		all.Go(func() { failures[0] = p.metrics.Serve(ctx, listener, p.store.Ping); stop() })
	}
	if o.web {
		listener := o.listener
		if listener == nil {
			if listener, err = listen(ctx, p.cfg.Addr); err != nil {
				return fmt.Errorf("PORTAL_ADDR: %w", err)
			}
		}
		server, err := p.server(o.extra...)
		if err != nil {
			return err
		}
		p.in.log.InfoContext(ctx, "serving", "address", listener.Addr().String())
		all.Go(func() { failures[1] = server.Serve(ctx, listener); stop() })
	}
	if o.work {
		all.Go(func() {
			worker.New(p.in.log, p.jobs()...).Run(ctx)
			p.deliverer.Wait()
		})
	}
	<-ctx.Done()
	all.Wait()
	return errors.Join(failures[:]...)
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	var config net.ListenConfig
	return config.Listen(ctx, "tcp", addr)
}

// server puts the pages, the API and the hooks on one table of routes.
func (p *portal) server(extra ...web.Route) (*web.Server, error) {
	proxies, err := web.ParseProxies(p.cfg.TrustedProxies)
	if err != nil {
		return nil, fmt.Errorf("%w: PORTAL_TRUSTED_PROXIES: %w", config.ErrUnsafe, err)
	}
	routes := slices.Concat(p.consumerPages().Routes(), p.consolePages().Routes(), (&hooks.Stripe{Parser: p.gateway, Handler: p.payments, Log: p.in.log}).Routes(), p.textRoutes(), extra)
	return web.New(web.Config{
		PublicURL: p.cfg.PublicURL, Proxies: proxies,
		Processor: web.Processor{ScriptURL: p.cfg.Stripe.JSURL, APIURL: p.cfg.Stripe.APIURL, PageOrigins: p.pageOrigins()},
		Words:     p.words, Assets: p.assets, Agency: p.agency, Sessions: p.sessions, Staff: p.staff,
		Keep: p.keepEvidence().Keep, FormKey: p.cfg.Key("form"), KeptKey: p.cfg.Key("kept"), Log: p.in.log, Now: p.in.now, Metrics: p.metrics,
		PaymentsOff: p.books.off, Demo: p.in.demo,
	}, []web.Mount{p.api()}, routes...)
}

// pageOrigins are where the processor's hosted page may live: a redirect after
// a form must be allowed by the page's own policy.
func (p *portal) pageOrigins() []string {
	if strings.HasSuffix(p.cfg.Stripe.APIURL, "//api.stripe.com") {
		return []string{"https://checkout.stripe.com"}
	}
	return []string{p.cfg.Stripe.APIURL}
}

// placementsLimit is the largest body of placements that the API takes; files
// of any size go through `portal import`.
const placementsLimit = 4 << 20

// api mounts the collectors' API.
func (p *portal) api() web.Mount {
	return api.Mount(api.Deps{
		Tx: p.store, Keys: answers{p.store}, Sealer: p.box, Tokens: p.tokens, Placements: p.importer, Links: p.links, SentLinks: p.store,
		Accounts: looked{p.store, p.audit}, Codes: p.codebook(), Audit: p.audit, Payments: p.store, Plans: p.store, Losses: p.reports,
		Claims: p.claims, Disputes: p.disputes, Representatives: p.speakers, LegalHolds: p.legalHolds(),
		Terms:   &terms.Desk{Tx: p.store, Book: p.store, Now: p.in.now},
		History: store.History{Store: p.store}, Poster: p.poster, Desk: p.endpoints, Endpoints: p.store,
		Now: p.in.now, Log: p.in.log, Version: release, PlacementsLimit: placementsLimit,
		Validation: p.validation,
	})
}

// answers is the store as the API's memory of idempotency keys.
type answers struct{ *store.Store }

// BeginKey implements api.Keys.
func (a answers) BeginKey(ctx context.Context, k api.Key) (api.Key, bool, error) {
	held, begun, err := a.Store.BeginKey(ctx, store.Key(k), k.At.Add(-api.KeyLife))
	return api.Key(held), begun, err
}

// FinishKey implements api.Keys.
func (a answers) FinishKey(ctx context.Context, k api.Key) error {
	return keyError(a.Store.FinishKey(ctx, store.Key(k)))
}

// DropKey implements api.Keys.
func (a answers) DropKey(ctx context.Context, k api.Key) error {
	return keyError(a.Store.DropKey(ctx, store.Key(k)))
}

func keyError(err error) error {
	if errors.Is(err, store.ErrNoKey) {
		return api.ErrNoKey
	}
	return err
}

// zone is the agency's: days are days there.
func (p *portal) zone() *time.Location {
	zone, err := time.LoadLocation(p.cfg.Agency.TimeZone)
	if err != nil {
		return time.UTC // config has refused any other
	}
	return zone
}

func (p *portal) consolePages() *console.Pages {
	return &console.Pages{
		Messages: p.store,
		Accounts: looked{p.store, p.audit}, Law: p.places, Audit: p.audit, Refusals: p.newRefusals(), LookKey: p.cfg.Key("look"), Claims: p.claims, People: p.store, Webhooks: store.History{Store: p.store}, Codes: p.codes, Links: p.links, Thread: p.thread, Door: p.desk,
		Disputes: p.disputes, Representatives: p.speakers, BornFactor: p.cfg.Factor == config.DateOfBirth,
		Notices:  p.validation,
		Letters:  p.papers,
		Sights:   p.store,
		Access:   p.visits,
		Doors:    p.store,
		Holds:    p.legalHolds(),
		Alerts:   p.alerts,
		Sessions: p.staff, Outbox: p.endpoints, Zone: p.zone(), Now: p.in.now, Log: p.in.log,
	}
}

func (p *portal) consumerPages() *consumer.Pages {
	return &consumer.Pages{
		Accounts: p.store, Law: p.places, Payments: p.store, Pay: p.payments, Plans: p.plans, Claims: p.claims, ClaimRecords: p.store, Visits: p.visits, Links: p.links,
		Disputes: p.disputes, Parked: p.parked,
		Sessions: p.sessions, Phrases: p.phrases, Factor: p.visits.Factor, Assets: p.assets, Zone: p.zone(), Now: p.in.now,
		Reach:          p.reach(),
		PublicURL:      func(path string) string { return p.cfg.PublicURL + path },
		Validation:     p.validation,
		Archives:       archives{p},
		Letters:        p.papers,
		PublishableKey: p.cfg.Stripe.PublishableKey, ScriptURL: p.cfg.Stripe.JSURL, Ready: p.store.Ping,
	}
}
