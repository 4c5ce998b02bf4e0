package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"time"

	"quittance/frontend"
	"quittance/frontend/layouts"
	"quittance/frontend/locale"
	"quittance/payments"
	"quittance/payments/stripegw"
	"quittance/portal/audit"
	"quittance/portal/config"
	"quittance/portal/gate"
	"quittance/portal/identity"
	"quittance/portal/intake"
	"quittance/portal/outbox"
	"quittance/portal/pack/packtest"
	"quittance/portal/seal"
	"quittance/portal/store"
	"quittance/portal/web"
	"quittance/portal/web/consumer"
	"quittance/portal/web/hooks"
)

// What the portal's deliverer does unless it is told otherwise.
const (
	deliveryBatch = outbox.DefaultBatch
	deliveryLanes = outbox.DefaultLanes
)

// Secrets of the benchmark; nothing outside of it believes them.
const (
	portalSecret  = "benchmark-9f1c27d4b8e36a50-key-material"
	stripeKey     = "sk_test_benchmark0000000000000"
	webhookSecret = "whsec_benchmark0000000000000000"
)

// portal is the product's own parts, wired like cmd/portal wires them, on one
// database.
type portal struct {
	store     *store.Store
	codes     *identity.Codes
	visits    *identity.Verifier
	importer  *intake.Importer
	server    *web.Server
	sequencer *outbox.Sequencer
	deliverer *outbox.Deliverer
	desk      *outbox.Desk
	box       *seal.Box
	log       io.Closer
}

// naming makes the ids of what is placed. The product's are random.
type naming func(prefix string) string

func randomName(prefix string) string { return prefix + "_" + rand.Text() }

// processor is the gateway with an answer at hand: what the processor would
// take to answer is none of the portal's time.
type processor struct{ *stripegw.Gateway }

// Fetch says that the payment went well.
func (processor) Fetch(_ context.Context, p payments.Payment) (payments.Truth, error) {
	return payments.Truth{
		PaymentID: p.ID, IntentID: p.IntentID, State: payments.IntentSucceeded, Amount: p.Amount, Received: p.Amount,
		Currency: "usd", ChargeID: "py_" + p.IntentID, Details: p.Details,
	}, nil
}

// openPortal wires the portal on the database of a URL, which is brought to
// the current schema.
func openPortal(ctx context.Context, url string, conns int32, name naming, receivers ...string) (*portal, error) {
	sink, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	p := &portal{log: sink}
	log := slog.New(slog.NewJSONHandler(sink, nil))
	cfg := config.Config{SecretKey: portalSecret}
	if p.box, err = seal.Ring(cfg.Key("vault")); err != nil {
		return nil, errors.Join(err, sink.Close())
	}
	if p.store, err = store.Open(ctx, url, store.Options{Log: log, MaxConns: conns, Box: p.box}); err != nil {
		return nil, errors.Join(err, sink.Close())
	}
	if _, err = p.store.Migrate(ctx); err == nil {
		err = p.store.Root(ctx, cfg.Root())
	}
	p.store.Count = gate.Counting{Law: packtest.Everywhere().Book, Now: time.Now}.Count
	if err == nil {
		err = p.wire(log, name, receivers)
	}
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

func (p *portal) close() error { return errors.Join(p.store.Close(), p.log.Close()) }

func (p *portal) wire(log *slog.Logger, name naming, receivers []string) error {
	cfg := config.Config{SecretKey: portalSecret}
	keys, err := identity.NewKeys(cfg.Key)
	if err != nil {
		return err
	}
	if p.codes, err = identity.NewCodes(keys); err != nil {
		return err
	}
	recorder := &outbox.Recorder{
		Events: p.store, Books: p.store, Now: time.Now,
		NewID: func() outbox.EventID { return outbox.EventID(randomName("evt")) },
	}
	sessions := identity.NewSessions(p.store, identity.Consumers, &gate.Keeper{Records: p.store, Law: packtest.Everywhere(), Now: time.Now}, keys, time.Now)
	p.visits = &identity.Verifier{
		Tx: p.store, People: p.store, Attempts: p.store, Tallies: p.store, Links: p.store, Sessions: sessions, Codes: p.codes, Keys: keys,
		Factor: identity.PostalCode, Now: time.Now,
	}
	p.importer = &intake.Importer{Tx: p.store, Store: p.store, Codes: p.codes, NewID: name, Now: time.Now}
	if err := p.wireOutbox(log, recorder, receivers); err != nil {
		return err
	}
	return p.wirePages(log, cfg, recorder, sessions)
}

func (p *portal) wireOutbox(log *slog.Logger, recorder *outbox.Recorder, receivers []string) error {
	client, err := outbox.NewClient(receivers)
	if err != nil {
		return err
	}
	p.sequencer = &outbox.Sequencer{Tx: p.store, Store: p.store, Now: time.Now}
	p.deliverer = &outbox.Deliverer{
		Tx: p.store, Queue: p.store, Endpoints: p.store, Recorder: recorder, Sealer: p.box, Client: client,
		Now: time.Now, Log: log,
	}
	p.desk = &outbox.Desk{
		Tx: p.store, Store: p.store, Recorder: recorder, Sealer: p.box, Client: client, Now: time.Now,
		NewID: func() outbox.EndpointID { return outbox.EndpointID(randomName("ep")) },
	}
	return nil
}

func (p *portal) wirePages(log *slog.Logger, cfg config.Config, recorder *outbox.Recorder, sessions *identity.Sessions) error {
	gateway, err := stripegw.New(stripegw.Config{
		SecretKey: stripeKey, WebhookSecrets: []string{webhookSecret}, APIURL: "http://127.0.0.1:1", Now: time.Now, Log: log,
		Back: func(id payments.ID) string { return "http://127.0.0.1/payments/" + string(id) },
	})
	if err != nil {
		return err
	}
	pay := &payments.Service{
		Tx: p.store, Store: p.store, Watch: p.store, Inbox: p.store, Accounts: &gate.Keeper{Records: p.store, Law: packtest.Everywhere(), Now: time.Now},
		Gateway: processor{gateway}, Hosted: gateway, Refunds: gateway, Watchers: []payments.Watcher{recorder, &audit.Log{Store: p.store, Now: time.Now}},
		Now: time.Now, Log: log, StaleAfter: 30 * time.Second, AbandonAfter: 30 * time.Minute,
	}
	words, err := locale.Load()
	if err != nil {
		return err
	}
	assets, err := frontend.Load("#1f5f8b")
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		return err
	}
	pages := &consumer.Pages{
		Accounts: p.store, Law: packtest.Everywhere(), Payments: p.store, Pay: pay, Visits: p.visits, Sessions: sessions, Factor: identity.PostalCode,
		Reach: consumer.Reach{Lettered: p.store}, Assets: assets, Zone: zone, Now: time.Now, PublicURL: func(path string) string { return path },
	}
	routes := append(pages.Routes(), (&hooks.Stripe{Parser: gateway, Handler: pay, Log: log}).Routes()...)
	p.server, err = web.New(web.Config{
		PublicURL: "http://127.0.0.1", Processor: web.Processor{ScriptURL: "https://js.stripe.com/v3/", APIURL: "https://api.stripe.com"},
		Words: words, Assets: assets, Agency: agency, Sessions: sessions, FormKey: cfg.Key("form"), KeptKey: cfg.Key("kept"),
		Log: log, Now: time.Now, Metrics: web.NewMetrics(),
	}, nil, routes...)
	return err
}

func agency(string) layouts.Agency {
	return layouts.Agency{
		Name: "Lakeside Recovery", LegalName: "Lakeside Recovery LLC", AddressLines: []string{"PO Box 100", "Dayton, OH 45401"},
		Phone: "(800) 555-0134", Hours: "Monday to Friday, 8 to 6", Licenses: []string{"New York City 2091234-DCA"},
	}
}

// serving runs the portal's server on a free port while fn runs.
func (p *portal) serving(ctx context.Context, fn func(address string) error) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- p.server.Serve(ctx, listener) }()
	err = fn(listener.Addr().String())
	stop()
	return errors.Join(err, <-done)
}
