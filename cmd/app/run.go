package app

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

// RunOptions say what one process does. The listener is made from PORTAL_ADDR
// where none is given.
type RunOptions struct {
	Web, Work bool
	Listener  net.Listener
	Extra     []web.Route
}

// Run serves and works until ctx ends and everything under way is done.
func (p *Portal) Run(ctx context.Context, o RunOptions) (err error) {
	config.RoomyHeap()
	ctx, stop := context.WithCancel(audit.As(ctx, audit.System))
	defer stop()
	var all sync.WaitGroup
	var failures [2]error
	if p.Config.MetricsAddr != "" {
		listener, err := Listen(ctx, p.Config.MetricsAddr)
		if err != nil {
			return fmt.Errorf("PORTAL_METRICS_ADDR: %w", err)
		}
		all.Go(func() { failures[0] = p.Metrics.Serve(ctx, listener, p.Store.Ping); stop() })
	}
	if o.Web {
		listener := o.Listener
		if listener == nil {
			if listener, err = Listen(ctx, p.Config.Addr); err != nil {
				return fmt.Errorf("PORTAL_ADDR: %w", err)
			}
		}
		server, err := p.Server(o.Extra...)
		if err != nil {
			return err
		}
		p.in.Log.InfoContext(ctx, "serving", "address", listener.Addr().String())
		all.Go(func() { failures[1] = server.Serve(ctx, listener); stop() })
	}
	if o.Work {
		all.Go(func() {
			worker.New(p.in.Log, p.Jobs()...).Run(ctx)
			p.Deliverer.Wait()
		})
	}
	<-ctx.Done()
	all.Wait()
	return errors.Join(failures[:]...)
}

func Listen(ctx context.Context, addr string) (net.Listener, error) {
	var config net.ListenConfig
	return config.Listen(ctx, "tcp", addr)
}

// Server puts the pages, the API and the hooks on one table of routes.
func (p *Portal) Server(extra ...web.Route) (*web.Server, error) {
	proxies, err := web.ParseProxies(p.Config.TrustedProxies)
	if err != nil {
		return nil, fmt.Errorf("%w: PORTAL_TRUSTED_PROXIES: %w", config.ErrUnsafe, err)
	}
	routes := slices.Concat(p.consumerPages().Routes(), p.ConsolePages().Routes(), (&hooks.Stripe{Parser: p.Gateway, Handler: p.Payments, Log: p.in.Log}).Routes(), p.textRoutes(), extra)
	return web.New(web.Config{
		PublicURL: p.Config.PublicURL, Proxies: proxies,
		Processor: web.Processor{ScriptURL: p.Config.Stripe.JSURL, APIURL: p.Config.Stripe.APIURL, PageOrigins: p.pageOrigins()},
		Words:     p.words, Assets: p.assets, Agency: p.agency, Sessions: p.sessions, Staff: p.Staff,
		Keep: p.keepEvidence().Keep, FormKey: p.Config.Key("form"), KeptKey: p.Config.Key("kept"), Log: p.in.Log, Now: p.in.Now, Metrics: p.Metrics,
		PaymentsOff: p.Books.off, Demo: p.in.Demo,
	}, []web.Mount{p.api()}, routes...)
}

// pageOrigins are where the processor's hosted page may live: a redirect after
// a form must be allowed by the page's own policy.
func (p *Portal) pageOrigins() []string {
	if strings.HasSuffix(p.Config.Stripe.APIURL, "//api.stripe.com") {
		return []string{"https://checkout.stripe.com"}
	}
	return []string{p.Config.Stripe.APIURL}
}

// placementsLimit is the largest body of placements that the API takes; files
// of any size go through `portal import`.
const placementsLimit = 4 << 20

// api mounts the collectors' API.
func (p *Portal) api() web.Mount {
	return api.Mount(api.Deps{
		Tx: p.Store, Keys: answers{p.Store}, Sealer: p.Box, Tokens: p.Tokens, Placements: p.Importer, Links: p.Links, SentLinks: p.Store,
		Accounts: p.Accounts(), Codes: p.Codebook(), Gate: p.keeper, Audit: p.Audit, Payments: p.Store, Stopper: p.Payments, Plans: p.Store, Losses: p.Reports,
		Claims: p.Claims, Disputes: p.Disputes, Representatives: p.Speakers, LegalHolds: p.LegalHolds(),
		Terms:   &terms.Desk{Tx: p.Store, Book: p.Store, Now: p.in.Now},
		History: store.History{Store: p.Store}, Poster: p.Poster, Desk: p.Endpoints, Endpoints: p.Store,
		Now: p.in.Now, Log: p.in.Log, Version: Release, PlacementsLimit: placementsLimit,
		Validation: p.Validation,
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

// Zone is the agency's: days are days there.
func (p *Portal) Zone() *time.Location {
	zone, err := time.LoadLocation(p.Config.Agency.TimeZone)
	if err != nil {
		return time.UTC // config has refused any other
	}
	return zone
}

func (p *Portal) ConsolePages() *console.Pages {
	return &console.Pages{
		Messages: p.Store,
		Accounts: p.Accounts(), Law: p.places, Audit: p.Audit, Refusals: p.NewRefusals(), LookKey: p.Config.Key("look"), Claims: p.Claims, People: p.Store, Webhooks: store.History{Store: p.Store}, Codes: p.Codes, Links: p.Links, Thread: p.Thread, Door: p.Desk,
		Disputes: p.Disputes, Representatives: p.Speakers, BornFactor: p.Config.Factor == config.DateOfBirth,
		Notices:  p.Validation,
		Letters:  p.Papers,
		Sights:   p.Store,
		Access:   p.Visits,
		Doors:    p.Store,
		Holds:    p.LegalHolds(),
		Alerts:   p.Alerts,
		Rows:     p.rows,
		Held:     p.Held,
		Credits:  p.Credits,
		Refunds:  p.Payments,
		Stopper:  p.Payments,
		Paid:     p.Store,
		Sessions: p.Staff, Outbox: p.Endpoints, Zone: p.Zone(), Now: p.in.Now, Log: p.in.Log,
	}
}

func (p *Portal) consumerPages() *consumer.Pages {
	return &consumer.Pages{
		Accounts: p.Store, Law: p.places, Payments: p.Store, Pay: p.Payments, Plans: p.Plans, Claims: p.Claims, ClaimRecords: p.Store, Visits: p.Visits, Links: p.Links,
		Disputes: p.Disputes, Held: p.Held,
		Sessions: p.sessions, Phrases: p.Phrases, Factor: p.Visits.Factor, Assets: p.assets, Zone: p.Zone(), Now: p.in.Now,
		Reach:          p.reach(),
		PublicURL:      func(path string) string { return p.Config.PublicURL + path },
		Validation:     p.Validation,
		Archives:       archives{p},
		Letters:        p.Papers,
		PublishableKey: p.Config.Stripe.PublishableKey, ScriptURL: p.Config.Stripe.JSURL, Ready: p.Store.Ping,
	}
}
