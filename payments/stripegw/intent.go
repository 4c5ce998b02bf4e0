package stripegw

import (
	"context"
	"fmt"

	"github.com/stripe/stripe-go/v79"

	"quittance/payments"
	"quittance/payments/money"
)

// Keys of what the processor's objects carry: the id of the payment or, where a
// method is saved, of the account; of a refund also that of the debt it is from
// and the key of the order that asked for it.
const (
	metaPayment = "payment_id"
	metaAccount = "account_id"
	metaDebt    = "debt_id"
	metaOrder   = "order_key"
)

// expanded is what a Truth is read from beside the intent itself.
var expanded = []*string{stripe.String("latest_charge"), stripe.String("payment_method")}

// Inspect reads what kind of method a one-time token stands for (STR-02).
func (g *Gateway) Inspect(ctx context.Context, token string) (payments.Details, error) {
	ctx, cancel := g.within(ctx)
	defer cancel()
	if !plainID(token, "ctoken_") {
		return payments.Details{}, fmt.Errorf("inspect: %w: not a confirmation token", payments.ErrRefused)
	}
	t, err := g.tokens.Get(token, &stripe.ConfirmationTokenParams{Params: params(ctx, "")})
	if err != nil {
		return payments.Details{}, g.failed("inspect", err)
	}
	if t.PaymentMethodPreview == nil {
		return payments.Details{}, fmt.Errorf("inspect: %w: the token has no method", payments.ErrRefused)
	}
	return g.previewDetails(t.PaymentMethodPreview), nil
}

// Begin creates the payment's intent, not yet confirmed.
func (g *Gateway) Begin(ctx context.Context, p payments.Payment) (string, error) {
	if p.IntentID != "" {
		return p.IntentID, nil
	}
	ctx, cancel := g.within(ctx)
	defer cancel()
	pi, err := g.intents.New(&stripe.PaymentIntentParams{
		Customer:             optional(p.Saved.CustomerID),
		Params:               params(ctx, key(p, "begin")),
		Amount:               stripe.Int64(int64(p.Amount)),
		Currency:             stripe.String(money.Currency),
		PaymentMethodTypes:   []*string{stripe.String(string(p.Method))},
		PaymentMethodOptions: intentOptions(p.Method),
		Metadata:             metadata(p),
	})
	if err != nil {
		return "", g.failed("begin", err)
	}
	if pi.Amount != int64(p.Amount) || string(pi.Currency) != money.Currency || pi.Metadata[metaPayment] != string(p.ID) {
		return "", fmt.Errorf("begin: %w", payments.ErrWrongTruth)
	}
	return pi.ID, nil
}

// intentOptions makes the processor verify a bank account before it is debited
// (ACH-01): at once through the bank, or with micro-deposits.
func intentOptions(m payments.Method) *stripe.PaymentIntentPaymentMethodOptionsParams {
	if m != payments.BankAccount {
		return nil
	}
	return &stripe.PaymentIntentPaymentMethodOptionsParams{
		USBankAccount: &stripe.PaymentIntentPaymentMethodOptionsUSBankAccountParams{
			VerificationMethod: stripe.String("automatic"),
		},
	}
}

// Charge confirms the payment's intent with its token or its saved method. An
// intent that was confirmed before answers with its truth.
func (g *Gateway) Charge(ctx context.Context, p payments.Payment) (payments.Truth, error) {
	if p.IntentID == "" || p.Token+p.Saved.MethodID == "" {
		return payments.Truth{}, fmt.Errorf("charge: %w: it has no intent or no method", payments.ErrRefused)
	}
	ctx, cancel := g.within(ctx)
	defer cancel()
	asked := g.now()
	pi, err := g.intents.Confirm(p.IntentID, g.confirmation(ctx, p))
	if se, ok := declined(err); ok && se.PaymentIntent != nil {
		return g.declinedTruth(ctx, p, se, asked)
	}
	if err == nil {
		return g.truth(ctx, p, pi, asked)
	}
	if _, ok := declined(err); ok || movedOn(err) {
		return g.Fetch(ctx, p)
	}
	if unauthorized(err) {
		return g.unauthorizedTruth(ctx, p)
	}
	return payments.Truth{}, g.failed("charge", err)
}

// unauthorizedTruth is that of a debit that was not tried, because the bank ended
// the mandate after an earlier one (STR-12).
func (g *Gateway) unauthorizedTruth(ctx context.Context, p payments.Payment) (payments.Truth, error) {
	t, err := g.Fetch(ctx, p)
	if err == nil && t.State == payments.IntentOpen {
		t.Failure.Code = string(stripe.ErrorCodePaymentIntentMandateInvalid)
	}
	return t, err
}

// confirmation is how an intent is confirmed. Where nobody is watching no bank
// may ask the consumer for anything: it declines instead (STR-08). Where somebody
// is, the bank asks on a page of its own, whatever the token says of scripts.
func (g *Gateway) confirmation(ctx context.Context, p payments.Payment) *stripe.PaymentIntentConfirmParams {
	c := &stripe.PaymentIntentConfirmParams{
		Params: params(ctx, key(p, "confirm")), Expand: expanded,
		ConfirmationToken: optional(p.Token), PaymentMethod: optional(p.Saved.MethodID), Mandate: optional(p.Saved.MandateID),
	}
	if p.Unattended {
		c.OffSession = stripe.Bool(true)
		return c
	}
	// A mandate that is spent would take the saved account off its plan, so there the
	// one it was saved with stands; that this debit was authorized is ours to show.
	if c.Mandate == nil {
		c.MandateData = mandate(p)
	}
	c.UseStripeSDK, c.ReturnURL = stripe.Bool(false), stripe.String(g.back(p.ID))
	return c
}

// optional leaves out what is empty.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return stripe.String(s)
}

// mandate is the proof that the consumer authorized the debit (ACH-03).
func mandate(p payments.Payment) *stripe.PaymentIntentMandateDataParams {
	if p.Method != payments.BankAccount {
		return nil
	}
	return &stripe.PaymentIntentMandateDataParams{
		CustomerAcceptance: &stripe.PaymentIntentMandateDataCustomerAcceptanceParams{
			Type: stripe.String("online"),
			Online: &stripe.PaymentIntentMandateDataCustomerAcceptanceOnlineParams{
				IPAddress: stripe.String(p.Consent.IP),
				UserAgent: stripe.String(p.Consent.UserAgent),
			},
		},
	}
}

// Fetch returns what the processor holds now. A payment without an intent or a
// hosted page was never begun: no money can have moved.
func (g *Gateway) Fetch(ctx context.Context, p payments.Payment) (payments.Truth, error) {
	ctx, cancel := g.within(ctx)
	defer cancel()
	asked := g.now()
	switch {
	case p.IntentID != "":
		pi, err := g.intents.Get(p.IntentID, &stripe.PaymentIntentParams{Params: params(ctx, ""), Expand: expanded})
		if err != nil {
			return payments.Truth{}, g.failed("fetch", err)
		}
		return g.truth(ctx, p, pi, asked)
	case p.CheckoutID != "":
		return g.fetchPage(ctx, p, asked)
	}
	return nothing(p, payments.IntentOpen, asked), nil
}

// Cancel gives up the payment's intent or hosted page and returns what is true
// afterwards: money that was taken meanwhile stays taken.
func (g *Gateway) Cancel(ctx context.Context, p payments.Payment) (payments.Truth, error) {
	ctx, cancel := g.within(ctx)
	defer cancel()
	switch {
	case p.CheckoutID != "":
		return g.closePage(ctx, p)
	case p.IntentID == "":
		return nothing(p, payments.IntentCanceled, g.now()), nil
	}
	asked := g.now()
	pi, err := g.intents.Cancel(p.IntentID, &stripe.PaymentIntentCancelParams{
		Params:             params(ctx, key(p, fmt.Sprintf("cancel/%d", p.Revision))),
		CancellationReason: stripe.String("abandoned"),
		Expand:             expanded,
	})
	if err == nil {
		return g.truth(ctx, p, pi, asked)
	}
	if movedOn(err) {
		return g.Fetch(ctx, p)
	}
	return payments.Truth{}, g.failed("cancel", err)
}

// key is the idempotency key of one step of a payment.
func key(p payments.Payment, step string) string { return string(p.ID) + "/" + step }

// metadata ties the processor's object to the payment; it names nobody.
func metadata(p payments.Payment) map[string]string {
	return map[string]string{metaPayment: string(p.ID), "reference": p.Reference}
}

// plainID reports whether an id that came from a browser has the processor's
// form, so that it cannot reach another address of its API.
func plainID(id, prefix string) bool {
	if len(id) <= len(prefix) || len(id) > 255 || id[:len(prefix)] != prefix {
		return false
	}
	for _, r := range id {
		if r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return false
		}
	}
	return true
}
