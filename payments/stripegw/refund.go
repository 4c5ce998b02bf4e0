package stripegw

import (
	"context"
	"fmt"

	"github.com/stripe/stripe-go/v79"

	"quittance/payments"
)

// Refund gives part or all of a payment back. The refund itself carries the debt
// that it is from. It is refused while the bank disputes the payment: the consumer
// would get the money twice (STR-13).
func (g *Gateway) Refund(ctx context.Context, p payments.Payment, b payments.Back) (payments.Truth, error) {
	now, err := g.Fetch(ctx, p)
	if err != nil {
		return payments.Truth{}, err
	}
	switch {
	case now.State != payments.IntentSucceeded:
		return payments.Truth{}, fmt.Errorf("refund: %w: nothing was taken", payments.ErrRefused)
	case now.Withdrawn > 0:
		return payments.Truth{}, fmt.Errorf("refund: %w: the bank disputes the payment", payments.ErrRefused)
	case b.Key == "" || b.Amount <= 0 || b.Amount > now.Amount:
		return payments.Truth{}, fmt.Errorf("refund: %w: its amount or key is not usable", payments.ErrRefused)
	}
	if err := g.refund(ctx, p, b, now.IntentID); err != nil {
		return payments.Truth{}, err
	}
	p.IntentID = now.IntentID
	return g.Fetch(ctx, p)
}

func (g *Gateway) refund(ctx context.Context, p payments.Payment, b payments.Back, intent string) error {
	ctx, cancel := g.within(ctx)
	defer cancel()
	says := metadata(p)
	if b.DebtID != "" {
		says[metaDebt] = b.DebtID
	}
	_, err := g.refunds.New(&stripe.RefundParams{
		Params:        params(ctx, b.Key),
		PaymentIntent: stripe.String(intent),
		Amount:        stripe.Int64(int64(b.Amount)),
		Reason:        stripe.String("requested_by_customer"),
		Metadata:      says,
	})
	if err != nil {
		return g.failed("refund", err)
	}
	return nil
}
