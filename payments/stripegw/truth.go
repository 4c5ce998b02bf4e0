package stripegw

import (
	"context"
	"fmt"
	"time"

	"github.com/stripe/stripe-go/v79"

	"quittance/payments"
	"quittance/payments/banking"
	"quittance/payments/money"
)

// states is the processor's word for an intent, in ours. requires_capture is
// missing on purpose: nothing here asks for it.
var states = map[stripe.PaymentIntentStatus]payments.IntentState{
	stripe.PaymentIntentStatusRequiresPaymentMethod: payments.IntentOpen,
	stripe.PaymentIntentStatusRequiresConfirmation:  payments.IntentOpen,
	stripe.PaymentIntentStatusRequiresAction:        payments.IntentNeedsAction,
	stripe.PaymentIntentStatusProcessing:            payments.IntentProcessing,
	stripe.PaymentIntentStatusSucceeded:             payments.IntentSucceeded,
	stripe.PaymentIntentStatusCanceled:              payments.IntentCanceled,
}

// ourReasons are why an intent is canceled by us, or by nobody.
var ourReasons = map[stripe.PaymentIntentCancellationReason]bool{
	stripe.PaymentIntentCancellationReasonAbandoned: true, stripe.PaymentIntentCancellationReasonAutomatic: true,
}

// nothing is the truth of a payment that the processor holds no money of and
// has no intent for.
func nothing(p payments.Payment, state payments.IntentState, asked time.Time) payments.Truth {
	return payments.Truth{
		PaymentID: p.ID, CheckoutID: p.CheckoutID, State: state,
		Amount: p.Amount, Currency: money.Currency, ObservedAt: asked,
	}
}

// truth reads an intent with its charge, refunds and disputes.
func (g *Gateway) truth(ctx context.Context, p payments.Payment, pi *stripe.PaymentIntent, asked time.Time) (payments.Truth, error) {
	t, err := g.intentTruth(p, pi, asked)
	if err != nil || pi.LatestCharge == nil || t.State != payments.IntentSucceeded {
		return t, err
	}
	if pi.LatestCharge.AmountRefunded != 0 || p.Refunded > 0 || p.Ordered() > 0 {
		if err := g.addRefunds(ctx, &t, pi.LatestCharge); err != nil {
			return payments.Truth{}, err
		}
	}
	return t, g.addDisputes(ctx, &t, pi.LatestCharge)
}

// listFor bounds a listing of many pages.
const listFor = 10 * time.Minute

// Payments implements payments.Lister. What stands in a state that nothing here
// asks for was made by others and is left out.
func (g *Gateway) Payments(ctx context.Context, from, to time.Time, most int) ([]payments.Truth, error) {
	ctx, cancel := context.WithTimeout(ctx, listFor)
	defer cancel()
	asked := g.now().UTC()
	list := g.intents.List(&stripe.PaymentIntentListParams{
		ListParams:   stripe.ListParams{Context: ctx, Limit: stripe.Int64(100)},
		CreatedRange: &stripe.RangeQueryParams{GreaterThanOrEqual: from.Unix(), LesserThan: to.Unix()},
	})
	var out []payments.Truth
	for list.Next() {
		if len(out) >= most {
			return nil, fmt.Errorf("more than %d payments: %w", most, payments.ErrUnknownOutcome)
		}
		if t, err := g.intentTruth(payments.Payment{}, list.PaymentIntent(), asked); err == nil {
			out = append(out, t)
		}
	}
	if err := list.Err(); err != nil {
		return nil, g.failed("payments", err)
	}
	return out, nil
}

// intentTruth is what an intent alone says.
func (g *Gateway) intentTruth(p payments.Payment, pi *stripe.PaymentIntent, asked time.Time) (payments.Truth, error) {
	state, known := states[pi.Status]
	if !known {
		return payments.Truth{}, fmt.Errorf("intent: %w: its state is new to us", payments.ErrUnknownOutcome)
	}
	if pi.Livemode != g.live {
		return payments.Truth{}, fmt.Errorf("intent: %w", payments.ErrWrongMode)
	}
	t := payments.Truth{
		PaymentID: payments.ID(pi.Metadata[metaPayment]), IntentID: pi.ID, CheckoutID: p.CheckoutID,
		State: state, Amount: money.Cents(pi.Amount), Received: money.Cents(pi.AmountReceived),
		Currency: string(pi.Currency), Details: g.intentDetails(pi), ObservedAt: asked,
	}
	if pi.LatestCharge != nil {
		t.ChargeID = pi.LatestCharge.ID
	}
	t.Elsewhere = state == payments.IntentCanceled && !ourReasons[pi.CancellationReason]
	if state == payments.IntentOpen && pi.LastPaymentError != nil {
		t.Failure = failure(pi.LastPaymentError, pi, t.Details.Type)
	}
	if state == payments.IntentProcessing && t.Details.Type == payments.BankAccount {
		t.ExpectedBy = banking.ClearsBy(started(pi, asked))
	}
	addAction(&t, pi.NextAction)
	return t, nil
}

// started is when the bank was first asked for the money.
func started(pi *stripe.PaymentIntent, asked time.Time) time.Time {
	if pi.LatestCharge != nil && pi.LatestCharge.Created > 0 {
		return time.Unix(pi.LatestCharge.Created, 0).UTC()
	}
	return asked
}

// addAction tells where the consumer goes next: to their bank's check of a card
// (3-D Secure), or to where the two small deposits are told. Whatever needs the
// processor's script has no address.
func addAction(t *payments.Truth, a *stripe.PaymentIntentNextAction) {
	if t.State != payments.IntentNeedsAction || a == nil {
		return
	}
	switch {
	case a.VerifyWithMicrodeposits != nil:
		t.Microdeposits = true
		t.ActionURL = a.VerifyWithMicrodeposits.HostedVerificationURL
	case a.RedirectToURL != nil:
		t.ActionURL = a.RedirectToURL.URL
	}
}

// declinedTruth reads the intent that came inside the bank's refusal.
func (g *Gateway) declinedTruth(ctx context.Context, p payments.Payment, se *stripe.Error, asked time.Time) (payments.Truth, error) {
	t, err := g.intentTruth(p, se.PaymentIntent, asked)
	if err != nil || t.State != payments.IntentOpen {
		// Something else happened to the intent: ask for all of it.
		return g.Fetch(ctx, p)
	}
	if t.Details.Type == "" && se.PaymentMethod != nil {
		t.Details = g.methodDetails(se.PaymentMethod)
	}
	t.Failure = failure(se, se.PaymentIntent, t.Details.Type)
	return t, nil
}

// addRefunds adds the refunds that succeeded, and from which debts those are that
// say so; pending and failed ones gave nothing back (STR-13), and are told of their
// orders.
func (g *Gateway) addRefunds(ctx context.Context, t *payments.Truth, ch *stripe.Charge) error {
	list := g.refunds.List(&stripe.RefundListParams{
		ListParams: stripe.ListParams{Context: ctx, Limit: stripe.Int64(100)}, Charge: stripe.String(ch.ID),
	})
	for list.Next() {
		r := list.Refund()
		if key := r.Metadata[metaOrder]; key != "" {
			t.Orders = append(t.Orders, payments.Ordered{Key: key, State: orderState(r.Status)})
		}
		if r.Status != stripe.RefundStatusSucceeded {
			continue
		}
		t.Refunded += money.Cents(r.Amount)
		if debt := r.Metadata[metaDebt]; debt != "" {
			t.Directed = append(t.Directed, payments.Amount{DebtID: debt, Amount: money.Cents(r.Amount)})
		}
	}
	if err := list.Err(); err != nil {
		return g.failed("refunds", err)
	}
	return nil
}

// orderState is what became of an order, by the processor's word for its refund.
func orderState(s stripe.RefundStatus) payments.OrderState {
	switch s {
	case stripe.RefundStatusSucceeded:
		return payments.OrderDone
	case stripe.RefundStatusFailed, stripe.RefundStatusCanceled:
		return payments.OrderFailed
	}
	return payments.OrderOpen
}

// addDisputes adds what the bank holds back or took: every dispute but an
// inquiry and one that was won (STR-12, STR-14).
func (g *Gateway) addDisputes(ctx context.Context, t *payments.Truth, ch *stripe.Charge) error {
	if !ch.Disputed {
		return nil
	}
	list := g.disputes.List(&stripe.DisputeListParams{
		ListParams: stripe.ListParams{Context: ctx, Limit: stripe.Int64(100)}, Charge: stripe.String(ch.ID),
	})
	for list.Next() {
		if d := list.Dispute(); withdraws(d.Status) {
			t.Withdrawn = min(t.Withdrawn+money.Cents(d.Amount), t.Amount)
			t.Failure = disputeFailure(d, t.Details.Type)
		}
	}
	if err := list.Err(); err != nil {
		return g.failed("disputes", err)
	}
	return nil
}

func withdraws(s stripe.DisputeStatus) bool {
	switch s {
	case stripe.DisputeStatusNeedsResponse, stripe.DisputeStatusUnderReview, stripe.DisputeStatusLost:
		return true
	}
	return false
}
