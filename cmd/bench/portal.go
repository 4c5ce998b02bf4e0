package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"quittance/cmd/app"
	"quittance/payments"
	"quittance/portal/config"
	"quittance/portal/intake"
	"quittance/portal/outbox"
	"quittance/portal/pack"
	"quittance/portal/web"
)

// What the portal's deliverer does unless it is told otherwise.
const (
	deliveryBatch = outbox.DefaultBatch
	deliveryLanes = outbox.DefaultLanes
)

// webhookSecret is the processor's; nothing outside of the benchmark believes it.
const webhookSecret = "whsec_benchmark0000000000000000"

// portal is the product as `portal serve` wires it, on one database.
type portal struct {
	*app.Portal
	importer *intake.Importer
	server   *web.Server
	log      io.Closer
}

// naming makes the ids of what is placed. The product's are random.
type naming func(prefix string) string

func randomName(prefix string) string { return prefix + "_" + rand.Text() }

// processor is the gateway with an answer at hand: what the processor would
// take to answer is none of the portal's time.
type processor struct{ payments.Gateway }

// Fetch says that the payment went well.
func (processor) Fetch(_ context.Context, p payments.Payment) (payments.Truth, error) {
	return payments.Truth{
		PaymentID: p.ID, IntentID: p.IntentID, State: payments.IntentSucceeded, Amount: p.Amount, Received: p.Amount,
		Currency: "usd", ChargeID: "py_" + p.IntentID, Details: p.Details,
	}, nil
}

// environment is that of an agency that works everywhere.
func environment(database string) map[string]string {
	return map[string]string{
		"PORTAL_DATABASE_URL": database, "PORTAL_PUBLIC_URL": "http://127.0.0.1", "PORTAL_SECRET_KEY": "tE5vA7mQ2xKd9LrWc3yHf8ZsPb6uGj1nYwVo4iXeRqM=",
		"PORTAL_AGENCY_NAME": "Lakeside Recovery", "PORTAL_AGENCY_LEGAL_NAME": "Lakeside Recovery LLC",
		"PORTAL_AGENCY_ADDRESS": "PO Box 100; Dayton, OH 45401", "PORTAL_AGENCY_PHONE": "(800) 555-0134",
		"PORTAL_AGENCY_HOURS": "Monday to Friday, 8 to 6", "PORTAL_AGENCY_EMAIL": "help@lakeside.example",
		"PORTAL_AGENCY_LICENSES": "California 10123-99; North Carolina 113456; New York City 2091234-DCA",
		"PORTAL_STATES":          strings.Join(pack.States(), ","),
		"STRIPE_SECRET_KEY":      "sk_test_benchmark0000000000000", "STRIPE_PUBLISHABLE_KEY": "pk_test_benchmark0000000000000",
		"STRIPE_WEBHOOK_SECRET": webhookSecret,
	}
}

// openPortal wires the portal on the database of a URL, which is brought to the
// current schema. Webhooks may go to the receivers, which are on loopback.
func openPortal(ctx context.Context, url string, conns int32, name naming, receivers ...string) (*portal, error) {
	values := environment(url)
	cfg, err := config.Load(config.Environment{Lookup: func(name string) (string, bool) { v, ok := values[name]; return v, ok }})
	if err != nil {
		return nil, err
	}
	cfg.WebhookLoopback = receivers
	sink, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	p := &portal{log: sink}
	p.Portal, err = app.Open(ctx, cfg, app.Surroundings{
		Now: time.Now, Stamp: time.Now, Log: slog.New(slog.NewJSONHandler(sink, nil)), MaxConns: conns,
		Processor: func(g payments.Gateway) payments.Gateway { return processor{g} },
	}, true)
	if err != nil {
		return nil, errors.Join(err, sink.Close())
	}
	named := *p.Importer
	named.NewID = name
	p.importer = &named
	if p.server, err = p.Server(); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

func (p *portal) close() error { return errors.Join(p.Store.Close(), p.log.Close()) }

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
