package app

import (
	"context"

	"quittance/payments"
)

// watchReturns is a job: it says which creditors' debits come back too often,
// before the network does (ACH-06).
func (p *Portal) watchReturns(ctx context.Context) (int, error) {
	counts, err := p.Store.Returns(ctx, p.in.Now().Add(-payments.ReturnWindow))
	for _, r := range counts {
		concern := r.Concern()
		if concern == payments.Calm {
			continue
		}
		p.in.Log.WarnContext(ctx, "ACH debits come back too often", "creditor", r.CreditorRef, "concern", concern, "debits", r.Debits,
			"unauthorized", r.Unauthorized, "administrative", r.Administrative, "all", r.All)
	}
	return 0, err
}
