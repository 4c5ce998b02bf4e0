package main

import (
	"context"

	"quittance/payments"
)

// watchReturns is a job: it says which creditors' debits come back too often,
// before the network does (ACH-06).
func (p *portal) watchReturns(ctx context.Context) (int, error) {
	counts, err := p.store.Returns(ctx, p.in.now().Add(-payments.ReturnWindow))
	for _, r := range counts {
		concern := r.Concern()
		if concern == payments.Calm {
			continue
		}
		p.in.log.WarnContext(ctx, "ACH debits come back too often", "creditor", r.CreditorRef, "concern", concern, "debits", r.Debits,
			"unauthorized", r.Unauthorized, "administrative", r.Administrative, "all", r.All)
	}
	return 0, err
}
