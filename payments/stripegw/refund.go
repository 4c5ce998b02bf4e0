package stripegw

import (
	"context"
	"errors"
	"fmt"

	"github.com/stripe/stripe-go/v79"

	"quittance/payments"
	"quittance/payments/money"
)

// Refund gives part or all of a payment back. The refund itself carries the debt
// that it is from. It is refused while the bank disputes the payment, and where
// other orders, which may still be on their way, leave less on the debt: the
// consumer would get the money twice (STR-13).
func (g *Gateway) Refund(ctx context.Context, p payments.Payment, b payments.Back) (payments.Truth, error) {
	now, err := g.Fetch(ctx, p)
	if err != nil {
		return payments.Truth{}, unseen(err)
	}
	switch {
	case now.State != payments.IntentSucceeded:
		return payments.Truth{}, fmt.Errorf("refund: %w: nothing was taken", payments.ErrRefused)
	case b.Key == "" || b.Amount <= 0 || b.Amount > now.Amount:
		return payments.Truth{}, fmt.Errorf("refund: %w: its amount or key is not usable", payments.ErrRefused)
	}
	others, made, err := g.ordered(ctx, now.IntentID, b)
	if err != nil {
		return payments.Truth{}, unseen(err)
	}
	p.IntentID = now.IntentID
	if made { // the processor forgets keys after a day; its refunds it keeps
		return g.seen(ctx, p)
	}
	switch {
	case now.Withdrawn > 0:
		return payments.Truth{}, fmt.Errorf("refund: %w: the bank disputes the payment", payments.ErrRefused)
	case others > 0 && b.Amount > paidOn(p, b.DebtID)-others:
		return payments.Truth{}, fmt.Errorf("refund: %w: other refunds leave less on the debt", payments.ErrRefused)
	}
	if err := g.refund(ctx, p, b, now.IntentID); err != nil {
		return payments.Truth{}, err
	}
	return g.seen(ctx, p)
}

// seen looks at a payment of which a refund was ordered.
func (g *Gateway) seen(ctx context.Context, p payments.Payment) (payments.Truth, error) {
	t, err := g.Fetch(ctx, p)
	return t, unseen(err)
}

// unseen is the error of a look: that a payment could not be looked at says nothing
// of an order, which is not refused by it.
func unseen(err error) error {
	if errors.Is(err, payments.ErrRefused) {
		return fmt.Errorf("refund: %w: the payment could not be looked at", payments.ErrUnknownOutcome)
	}
	return err
}

// ordered is what other orders give back of the same debt, done or on its way: of
// a bank payment it takes days until a refund counts as made. It reports as well
// whether this very order was made before, also where it failed: it is never made
// again under its key.
func (g *Gateway) ordered(ctx context.Context, intent string, b payments.Back) (sum money.Cents, made bool, err error) {
	ctx, cancel := g.within(ctx)
	defer cancel()
	list := g.refunds.List(&stripe.RefundListParams{
		ListParams: stripe.ListParams{Context: ctx, Limit: stripe.Int64(100)}, PaymentIntent: stripe.String(intent),
	})
	for list.Next() {
		r := list.Refund()
		given := r.Status != stripe.RefundStatusFailed && r.Status != stripe.RefundStatusCanceled
		switch {
		case r.Metadata[metaOrder] == b.Key:
			made = made || r.Amount == int64(b.Amount)
		case given && r.Metadata[metaDebt] == b.DebtID:
			sum += money.Cents(r.Amount)
		}
	}
	if err := list.Err(); err != nil {
		return 0, false, g.failed("refunds", err)
	}
	return sum, made, nil
}

// paidOn is what of a payment was paid on a debt.
func paidOn(p payments.Payment, debtID string) (sum money.Cents) {
	for _, a := range p.Allocations {
		if a.DebtID == debtID {
			sum += a.Amount
		}
	}
	return sum
}

func (g *Gateway) refund(ctx context.Context, p payments.Payment, b payments.Back, intent string) error {
	ctx, cancel := g.within(ctx)
	defer cancel()
	says := metadata(p)
	says[metaOrder] = b.Key
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
