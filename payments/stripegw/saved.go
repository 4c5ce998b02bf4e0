package stripegw

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/stripe/stripe-go/v79"

	"quittance/payments"
)

// setupStates is the processor's word for a setup, in ours.
var setupStates = map[stripe.SetupIntentStatus]payments.SetupState{
	stripe.SetupIntentStatusRequiresPaymentMethod: payments.SetupOpen,
	stripe.SetupIntentStatusRequiresConfirmation:  payments.SetupOpen,
	stripe.SetupIntentStatusRequiresAction:        payments.SetupNeedsAction,
	stripe.SetupIntentStatusProcessing:            payments.SetupOpen,
	stripe.SetupIntentStatusSucceeded:             payments.SetupReady,
	stripe.SetupIntentStatusCanceled:              payments.SetupFailed,
}

// verifyWithin is how long a consumer has to tell what the micro-deposits said
// (STR-11).
const verifyWithin = 10 * 24 * time.Hour

var setupExpanded = []*string{stripe.String("payment_method")}

// SaveMethod makes the account's customer, where it has none, and one setup
// that is confirmed at once. Both have keys of their own made from the
// request's: asking again answers with the same two.
func (g *Gateway) SaveMethod(ctx context.Context, r payments.SaveRequest) (payments.Setup, error) {
	if r.Key == "" || !plainID(r.Token, "ctoken_") {
		return payments.Setup{}, fmt.Errorf("save: %w: it has no key or no method", payments.ErrRefused)
	}
	ctx, cancel := g.within(ctx)
	defer cancel()
	if r.CustomerID == "" {
		c, err := g.customers.New(&stripe.CustomerParams{
			Params: params(ctx, r.Key+"/customer"), Metadata: map[string]string{metaAccount: r.AccountID},
		})
		if err != nil {
			return payments.Setup{}, g.failed("customer", err)
		}
		r.CustomerID = c.ID
	}
	si, err := g.setups.New(g.setupParams(ctx, r))
	if se, ok := declined(err); ok && se.SetupIntent != nil {
		return g.refusedSetup(se)
	}
	if err != nil {
		return payments.Setup{}, g.failed("save", err)
	}
	return g.setup(si)
}

func (g *Gateway) setupParams(ctx context.Context, r payments.SaveRequest) *stripe.SetupIntentParams {
	p := &stripe.SetupIntentParams{
		Params:             params(ctx, r.Key+"/setup"),
		Customer:           stripe.String(r.CustomerID),
		PaymentMethodTypes: []*string{stripe.String(string(r.Method))},
		ConfirmationToken:  stripe.String(r.Token),
		Usage:              stripe.String(string(stripe.SetupIntentUsageOffSession)),
		Confirm:            stripe.Bool(true),
		UseStripeSDK:       stripe.Bool(false),
		ReturnURL:          stripe.String(g.back("")),
		Metadata:           map[string]string{metaAccount: r.AccountID},
		Expand:             setupExpanded,
	}
	if r.Method != payments.BankAccount {
		return p
	}
	p.MandateData = &stripe.SetupIntentMandateDataParams{
		CustomerAcceptance: &stripe.SetupIntentMandateDataCustomerAcceptanceParams{
			Type: stripe.MandateCustomerAcceptanceTypeOnline,
			Online: &stripe.SetupIntentMandateDataCustomerAcceptanceOnlineParams{
				IPAddress: stripe.String(r.Consent.IP), UserAgent: stripe.String(r.Consent.UserAgent),
			},
		},
	}
	// The account is verified before it is ever debited (ACH-01).
	p.PaymentMethodOptions = &stripe.SetupIntentPaymentMethodOptionsParams{
		USBankAccount: &stripe.SetupIntentPaymentMethodOptionsUSBankAccountParams{VerificationMethod: stripe.String("automatic")},
	}
	return p
}

// FetchSetup returns what the processor holds about a setup.
func (g *Gateway) FetchSetup(ctx context.Context, id string) (payments.Setup, error) {
	if !plainID(id, "seti_") {
		return payments.Setup{}, fmt.Errorf("fetch setup: %w: not a setup", payments.ErrRefused)
	}
	ctx, cancel := g.within(ctx)
	defer cancel()
	si, err := g.setups.Get(id, &stripe.SetupIntentParams{Params: params(ctx, ""), Expand: setupExpanded})
	if err != nil {
		return payments.Setup{}, g.failed("fetch setup", err)
	}
	return g.setup(si)
}

// CancelSetup gives up a setup. One that ended stays as it is, and what it
// saved is forgotten.
func (g *Gateway) CancelSetup(ctx context.Context, id string) error {
	s, err := g.FetchSetup(ctx, id)
	if err != nil {
		return err
	}
	if s.State != payments.SetupReady {
		err = g.cancelSetup(ctx, id)
	}
	if err != nil || s.Saved.MethodID == "" {
		return err
	}
	return g.Forget(ctx, s.Saved)
}

func (g *Gateway) cancelSetup(ctx context.Context, id string) error {
	ctx, cancel := g.within(ctx)
	defer cancel()
	_, err := g.setups.Cancel(id, &stripe.SetupIntentCancelParams{
		Params: params(ctx, id+"/cancel"), CancellationReason: stripe.String("abandoned"),
	})
	if err != nil && !movedOn(err) {
		return g.failed("cancel setup", err)
	}
	return nil
}

// Forget takes a method off its customer. The processor refuses one that is off
// already, or was never on; then nothing is left to do. It needs no key: twice is
// once.
func (g *Gateway) Forget(ctx context.Context, saved payments.Saved) error {
	if !plainID(saved.MethodID, "pm_") {
		return fmt.Errorf("forget: %w: not a method", payments.ErrRefused)
	}
	ctx, cancel := g.within(ctx)
	defer cancel()
	_, err := g.methods.Detach(saved.MethodID, &stripe.PaymentMethodDetachParams{Params: params(ctx, "")})
	if err == nil {
		return nil
	}
	failed := g.failed("forget", err)
	if !errors.Is(failed, payments.ErrRefused) {
		return failed
	}
	m, err := g.methods.Get(saved.MethodID, &stripe.PaymentMethodParams{Params: params(ctx, "")})
	if err != nil {
		return g.failed("forget", err)
	}
	if m.Customer != nil {
		return failed
	}
	return nil
}

// setup reads a setup.
func (g *Gateway) setup(si *stripe.SetupIntent) (payments.Setup, error) {
	state, known := setupStates[si.Status]
	if !known {
		return payments.Setup{}, fmt.Errorf("setup: %w: its state is new to us", payments.ErrUnknownOutcome)
	}
	if si.Livemode != g.live {
		return payments.Setup{}, fmt.Errorf("setup: %w", payments.ErrWrongMode)
	}
	s := payments.Setup{ID: si.ID, State: state}
	if si.Customer != nil {
		s.Saved.CustomerID = si.Customer.ID
	}
	if si.Mandate != nil {
		s.Saved.MandateID = si.Mandate.ID
	}
	if si.PaymentMethod != nil {
		s.Saved.MethodID, s.Details = si.PaymentMethod.ID, g.methodDetails(si.PaymentMethod)
	}
	if e := si.LastSetupError; e != nil && state == payments.SetupOpen {
		s.State, s.Failure = payments.SetupFailed, setupFailure(e)
	}
	addStep(&s, si)
	return s, nil
}

// addStep tells what the consumer has to do next.
func addStep(s *payments.Setup, si *stripe.SetupIntent) {
	if s.State != payments.SetupNeedsAction || si.NextAction == nil {
		return
	}
	switch a := si.NextAction; {
	case a.VerifyWithMicrodeposits != nil:
		s.State, s.VerifyURL = payments.SetupVerifying, a.VerifyWithMicrodeposits.HostedVerificationURL
		s.VerifyBy = time.Unix(si.Created, 0).UTC().Add(verifyWithin)
	case a.RedirectToURL != nil:
		s.ActionURL = a.RedirectToURL.URL
	}
}

// refusedSetup reads the setup that came inside the bank's refusal.
func (g *Gateway) refusedSetup(se *stripe.Error) (payments.Setup, error) {
	s, err := g.setup(se.SetupIntent)
	if err != nil || s.State == payments.SetupReady {
		return s, err
	}
	s.State, s.Failure = payments.SetupFailed, setupFailure(se)
	if s.Details.Type == "" && se.PaymentMethod != nil {
		s.Details = g.methodDetails(se.PaymentMethod)
	}
	return s, nil
}

func setupFailure(se *stripe.Error) payments.Failure {
	var method payments.Method
	if se.PaymentMethod != nil {
		method = payments.Method(se.PaymentMethod.Type)
	}
	return failure(se, nil, method)
}
