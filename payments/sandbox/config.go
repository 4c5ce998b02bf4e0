package sandbox

import (
	"net/http"
	"time"
)

// APIVersion is the one version this server speaks; a request or an endpoint
// that asks for another is refused.
const APIVersion = "2024-06-20"

// Config says who may call the server and where its events go. The zero value
// works: keys get test defaults, no events are sent, the clock is the machine's.
type Config struct {
	// SecretKey and PublishableKey are the only two keys accepted.
	SecretKey, PublishableKey string
	// WebhookURL receives the events, signed with WebhookSecret. Empty: none are sent.
	WebhookURL, WebhookSecret string
	// BaseURL is this server's own origin as a browser sees it, without a
	// trailing slash. Empty: taken from each request's Host.
	BaseURL string
	// AgencyName stands on the hosted pages.
	AgencyName string
	// Now is the clock that decides when a debit settles. Nil: time.Now.
	Now func() time.Time
	// SignedAt is the clock of the webhook signature. Nil: the same clock. A test
	// whose Now stands in the past passes time.Now, or the SDK calls it stale.
	SignedAt func() time.Time
	// Seed makes identifiers and faults repeatable. Zero: random.
	Seed uint64
	// ACHBusinessDays is how long a debit stays processing. Zero: 4 (STR-10).
	ACHBusinessDays int
	// LateReturnBusinessDays is how long after success an R10 arrives. Zero: 5.
	LateReturnBusinessDays int
	// Senders is how many events are sent at once. Zero: 1, which keeps their order.
	Senders int
	// MaxEvents and MaxKeys bound the memory of events and idempotency keys.
	// Zero: 20,000 and 200,000. The oldest are forgotten first.
	MaxEvents, MaxKeys int
	// HangFor bounds a request broken with a hang mode. Zero: one minute.
	HangFor time.Duration
	// Client sends the events. Nil: one with a deadline of ten seconds.
	Client *http.Client
}

func (c Config) withDefaults() Config {
	c.SecretKey = orString(c.SecretKey, "sk_test_sandbox")
	c.PublishableKey = orString(c.PublishableKey, "pk_test_sandbox")
	c.WebhookSecret = orString(c.WebhookSecret, "whsec_sandbox")
	c.AgencyName = orString(c.AgencyName, "Sandbox agency")
	c.ACHBusinessDays = orInt(c.ACHBusinessDays, 4)
	c.LateReturnBusinessDays = orInt(c.LateReturnBusinessDays, 5)
	c.Senders = orInt(c.Senders, 1)
	c.MaxEvents = orInt(c.MaxEvents, 20_000)
	c.MaxKeys = orInt(c.MaxKeys, 200_000)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.HangFor == 0 {
		c.HangFor = time.Minute
	}
	if c.Client == nil {
		c.Client = &http.Client{Timeout: 10 * time.Second, CheckRedirect: noRedirects}
	}
	return c
}

// noRedirects makes a redirecting receiver a failed delivery, as Stripe does.
func noRedirects(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func orString(v, fallback string) string {
	if v == "" {
		return fallback
	}
	return v
}

func orInt(v, fallback int) int {
	if v == 0 {
		return fallback
	}
	return v
}
