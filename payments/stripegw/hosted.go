package stripegw

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/stripe/stripe-go/v79"

	"quittance/payments"
	"quittance/payments/money"
)

// OpenPage opens the processor's own page for exactly the payment's amount and
// method, in the language in which the consumer agreed to it. Asking again with
// the same payment and addresses opens the same page.
func (g *Gateway) OpenPage(ctx context.Context, p payments.Payment, returnURL, cancelURL string) (string, string, error) {
	ctx, cancel := g.within(ctx)
	defer cancel()
	s, err := g.sessions.New(&stripe.CheckoutSessionParams{
		Params:               params(ctx, key(p, "checkout/"+language(p))),
		Mode:                 stripe.String("payment"),
		SubmitType:           stripe.String("pay"),
		Locale:               stripe.String(language(p)),
		SuccessURL:           stripe.String(returnURL),
		CancelURL:            stripe.String(cancelURL),
		ClientReferenceID:    stripe.String(string(p.ID)),
		PaymentMethodTypes:   []*string{stripe.String(string(p.Method))},
		PaymentMethodOptions: pageOptions(p.Method),
		LineItems:            []*stripe.CheckoutSessionLineItemParams{g.lineItem(p)},
		Metadata:             metadata(p),
		PaymentIntentData:    &stripe.CheckoutSessionPaymentIntentDataParams{Metadata: metadata(p)},
	})
	if err != nil {
		return "", "", g.failed("open page", err)
	}
	if s.AmountTotal != int64(p.Amount) || s.ID == "" || s.URL == "" {
		return "", "", fmt.Errorf("open page: %w", payments.ErrWrongTruth)
	}
	return s.ID, s.URL, nil
}

// lineItem names the payment by its reference alone: the page says nothing of a
// debt and adds nothing to the amount (AMT-01).
func (g *Gateway) lineItem(p payments.Payment) *stripe.CheckoutSessionLineItemParams {
	return &stripe.CheckoutSessionLineItemParams{
		Quantity: stripe.Int64(1),
		PriceData: &stripe.CheckoutSessionLineItemPriceDataParams{
			Currency:    stripe.String(money.Currency),
			UnitAmount:  stripe.Int64(int64(p.Amount)),
			ProductData: &stripe.CheckoutSessionLineItemPriceDataProductDataParams{Name: stripe.String(g.item(p.Consent.Language, p.Reference))},
		},
	}
}

// language is the processor's name of the consumer's; not known, the browser's.
func language(p payments.Payment) string { return cmp.Or(p.Consent.Language, "auto") }

func pageOptions(m payments.Method) *stripe.CheckoutSessionPaymentMethodOptionsParams {
	if m != payments.BankAccount {
		return nil
	}
	return &stripe.CheckoutSessionPaymentMethodOptionsParams{
		USBankAccount: &stripe.CheckoutSessionPaymentMethodOptionsUSBankAccountParams{
			VerificationMethod: stripe.String("automatic"),
		},
	}
}

// fetchPage reads a payment whose intent is not known yet through its page.
func (g *Gateway) fetchPage(ctx context.Context, p payments.Payment, asked time.Time) (payments.Truth, error) {
	s, err := g.sessions.Get(p.CheckoutID, &stripe.CheckoutSessionParams{
		Params: params(ctx, ""),
		Expand: []*string{stripe.String("payment_intent.latest_charge"), stripe.String("payment_intent.payment_method")},
	})
	if err != nil {
		return payments.Truth{}, g.failed("fetch page", err)
	}
	return g.pageTruth(ctx, p, s, asked)
}

// closePage makes the page useless. One that was completed meanwhile answers
// with its truth. The intent behind a page is given up with it.
func (g *Gateway) closePage(ctx context.Context, p payments.Payment) (payments.Truth, error) {
	asked := g.now()
	s, err := g.sessions.Expire(p.CheckoutID, &stripe.CheckoutSessionExpireParams{
		Params: params(ctx, key(p, fmt.Sprintf("expire/%d", p.Revision))),
		Expand: []*string{stripe.String("payment_intent.latest_charge"), stripe.String("payment_intent.payment_method")},
	})
	if err == nil {
		return g.pageTruth(ctx, p, s, asked)
	}
	if refusedAsDone(err) {
		return g.fetchPage(ctx, p, asked)
	}
	return payments.Truth{}, g.failed("close page", err)
}

// refusedAsDone reports a plain 400: only open pages can be closed.
func refusedAsDone(err error) bool {
	var se *stripe.Error
	return errors.As(err, &se) && se.HTTPStatusCode == http.StatusBadRequest && se.Type == stripe.ErrorTypeInvalidRequest
}

// pageTruth is the truth of the intent behind a page, or what the page says
// while it has none: the consumer is on it, or it is closed.
func (g *Gateway) pageTruth(ctx context.Context, p payments.Payment, s *stripe.CheckoutSession, asked time.Time) (payments.Truth, error) {
	if s.Metadata[metaPayment] != string(p.ID) || s.AmountTotal != int64(p.Amount) || s.Livemode != g.live {
		return payments.Truth{}, fmt.Errorf("page: %w", payments.ErrWrongTruth)
	}
	closed := s.Status == stripe.CheckoutSessionStatusExpired
	if pi := s.PaymentIntent; pi != nil && pi.Status != "" {
		t, err := g.truth(ctx, p, pi, asked)
		if t.ActionURL == "" {
			t.ActionURL = s.URL // but not for the page on which microdeposits are told (STR-11)
		}
		if closed && (t.State == payments.IntentOpen || t.State == payments.IntentNeedsAction) {
			t.State = payments.IntentCanceled
		}
		return t, err
	}
	if closed {
		return nothing(p, payments.IntentCanceled, asked), nil
	}
	if s.Status == stripe.CheckoutSessionStatusComplete {
		return payments.Truth{}, fmt.Errorf("page: %w: it is complete and names no intent", payments.ErrUnknownOutcome)
	}
	t := nothing(p, payments.IntentNeedsAction, asked)
	t.ActionURL = s.URL
	return t, nil
}
