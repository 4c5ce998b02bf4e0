package stripegw

import (
	"context"
	"errors"
	"fmt"

	"github.com/stripe/stripe-go/v79"
)

// ErrNoEndpoint means that the processor has no enabled endpoint at the
// portal's address: no events will come, only polling finds outcomes.
var ErrNoEndpoint = errors.New("the processor has no webhook endpoint at the portal's address")

// CheckVersion asks the processor whether it will send its events to hookURL at
// APIVersion (STR-03). It returns ErrVersion, ErrNoEndpoint, or why it could
// not ask.
func (g *Gateway) CheckVersion(ctx context.Context, hookURL string) error {
	ctx, cancel := g.within(ctx)
	defer cancel()
	list := g.endpoints.List(&stripe.WebhookEndpointListParams{
		ListParams: stripe.ListParams{Context: ctx, Limit: stripe.Int64(100)},
	})
	found := false
	for list.Next() {
		e := list.WebhookEndpoint()
		if e.URL != hookURL || e.Status != "enabled" {
			continue
		}
		found = true
		if e.APIVersion != APIVersion {
			return fmt.Errorf("endpoint %s: %w: %q", e.ID, ErrVersion, e.APIVersion)
		}
	}
	if err := list.Err(); err != nil {
		return g.failed("check version", err)
	}
	if !found {
		return ErrNoEndpoint
	}
	return nil
}
