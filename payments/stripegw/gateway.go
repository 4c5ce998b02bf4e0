// Package stripegw speaks to Stripe, or to any server that answers like it, at
// API version 2024-06-20. It is the only importer of the processor's SDK: no
// type of it leaves this package.
//
// Three rules hold for every call:
//
//   - The id of the payment is stored before the call and the idempotency key is
//     made from it ("pay_…/begin", "pay_…/confirm", "pay_…/checkout"), so asking
//     again after a crash cannot charge twice. What is saved has a key of who
//     asks ("…/customer", "…/setup").
//   - Each call has a deadline and is made once. A lost answer is reported as
//     payments.ErrUnknownOutcome and never retried here: who asked looks up
//     what became of it. (Go's transport alone repeats a request, with the same
//     key, when a kept connection turns out to be dead before any answer.)
//   - Neither an error nor a log line carries personal data: of the processor's
//     words only codes and its request id are kept.
package stripegw

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v79"
	"github.com/stripe/stripe-go/v79/checkout/session"
	"github.com/stripe/stripe-go/v79/confirmationtoken"
	"github.com/stripe/stripe-go/v79/customer"
	"github.com/stripe/stripe-go/v79/dispute"
	"github.com/stripe/stripe-go/v79/event"
	"github.com/stripe/stripe-go/v79/paymentintent"
	"github.com/stripe/stripe-go/v79/paymentmethod"
	"github.com/stripe/stripe-go/v79/refund"
	"github.com/stripe/stripe-go/v79/setupintent"
	"github.com/stripe/stripe-go/v79/webhookendpoint"

	"quittance/payments"
)

// APIVersion is the one version of the processor's API that is spoken, in
// requests and in events (STR-03).
const APIVersion = stripe.APIVersion

// Deadline is how long one call may take when Config names no other time.
const Deadline = 15 * time.Second

// Errors of New.
var (
	ErrNoSecretKey     = errors.New("the processor's secret key is empty")
	ErrNoWebhookSecret = errors.New("a webhook signing secret is missing or shorter than 16 characters")
	ErrNoWayBack       = errors.New("no address is named to which a bank's check of a card leads back")
)

// Config says whom to call and whose events to believe.
type Config struct {
	SecretKey string
	// WebhookSecrets are all accepted, so that a secret can be rotated (STR-04).
	WebhookSecrets []string
	// APIURL is the server's address; empty means Stripe's own.
	APIURL     string
	HTTPClient *http.Client // nil: one with Deadline that follows no redirects
	Now        func() time.Time
	Deadline   time.Duration // of one call; 0: the constant
	Log        *slog.Logger
	// Item names a payment on the hosted page, by its reference and in the
	// consumer's language; it must say nothing of a debt. Nil: the reference alone.
	Item func(language, reference string) string
	// FingerprintKey hides the fingerprints by which cards are known again; empty:
	// they are not.
	FingerprintKey []byte
	// Back is the whole address to which a bank's check of a card (3-D Secure)
	// leads back: of a payment, or, where the id is empty, of a method that is
	// being saved. The check is a page of its own, so that no script of ours or
	// of the processor stands between a person and their bank.
	Back func(payments.ID) string
}

// Gateway is the processor as package payments sees it.
type Gateway struct {
	intents   paymentintent.Client
	tokens    confirmationtoken.Client
	sessions  session.Client
	refunds   refund.Client
	disputes  dispute.Client
	events    event.Client
	endpoints webhookendpoint.Client
	customers customer.Client
	setups    setupintent.Client
	methods   paymentmethod.Client

	secrets  []string
	live     bool
	now      func() time.Time
	deadline time.Duration
	log      *slog.Logger
	item     func(language, reference string) string
	back     func(payments.ID) string

	fingerprints []byte // the key of their hashes
}

var (
	_ payments.Gateway  = (*Gateway)(nil)
	_ payments.Hosted   = (*Gateway)(nil)
	_ payments.Refunder = (*Gateway)(nil)
	_ payments.Lister   = (*Gateway)(nil)
	_ payments.Saver    = (*Gateway)(nil)
)

// New builds a gateway. It refuses empty keys: an empty webhook secret would
// accept events of anybody.
func New(cfg Config) (*Gateway, error) {
	if strings.TrimSpace(cfg.SecretKey) == "" {
		return nil, ErrNoSecretKey
	}
	if err := checkSecrets(cfg.WebhookSecrets); err != nil {
		return nil, err
	}
	if cfg.Back == nil {
		return nil, ErrNoWayBack
	}
	cfg = cfg.withDefaults()
	b, key := backend(cfg), cfg.SecretKey
	return &Gateway{
		intents:   paymentintent.Client{B: b, Key: key},
		tokens:    confirmationtoken.Client{B: b, Key: key},
		sessions:  session.Client{B: b, Key: key},
		refunds:   refund.Client{B: b, Key: key},
		disputes:  dispute.Client{B: b, Key: key},
		events:    event.Client{B: b, Key: key},
		endpoints: webhookendpoint.Client{B: b, Key: key},
		customers: customer.Client{B: b, Key: key},
		setups:    setupintent.Client{B: b, Key: key},
		methods:   paymentmethod.Client{B: b, Key: key},
		secrets:   cfg.WebhookSecrets,
		live:      isLive(key),
		now:       cfg.Now,
		deadline:  cfg.Deadline,
		log:       cfg.Log,
		item:      cfg.Item,
		back:      cfg.Back,

		fingerprints: cfg.FingerprintKey,
	}, nil
}

func checkSecrets(secrets []string) error {
	if len(secrets) == 0 {
		return ErrNoWebhookSecret
	}
	for _, s := range secrets {
		if len(strings.TrimSpace(s)) < 16 {
			return ErrNoWebhookSecret
		}
	}
	return nil
}

func (c Config) withDefaults() Config {
	if c.Deadline <= 0 {
		c.Deadline = Deadline
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Item == nil {
		c.Item = func(_, reference string) string { return reference }
	}
	if c.HTTPClient == nil {
		c.HTTPClient = &http.Client{Timeout: c.Deadline, CheckRedirect: noRedirects}
	}
	return c
}

func noRedirects(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// isLive reports whether a secret or restricted key moves real money.
func isLive(key string) bool {
	return strings.HasPrefix(key, "sk_live_") || strings.HasPrefix(key, "rk_live_")
}

// backend makes one attempt a call, sends no telemetry and stays silent: the
// SDK's log lines quote the processor's words, which may name a person.
func backend(cfg Config) stripe.Backend {
	bc := &stripe.BackendConfig{
		HTTPClient:        cfg.HTTPClient,
		MaxNetworkRetries: stripe.Int64(0),
		EnableTelemetry:   stripe.Bool(false),
		LeveledLogger:     silent{},
	}
	if cfg.APIURL != "" {
		bc.URL = stripe.String(strings.TrimSuffix(cfg.APIURL, "/"))
	}
	return stripe.GetBackendWithConfig(stripe.APIBackend, bc)
}

type silent struct{}

func (silent) Debugf(string, ...any) {}
func (silent) Infof(string, ...any)  {}
func (silent) Warnf(string, ...any)  {}
func (silent) Errorf(string, ...any) {}

// within gives a call its deadline.
func (g *Gateway) within(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, g.deadline)
}

// params are a call's context, idempotency key ("" for reads).
func params(ctx context.Context, key string) stripe.Params {
	p := stripe.Params{Context: ctx}
	if key != "" {
		p.IdempotencyKey = stripe.String(key)
	}
	return p
}
