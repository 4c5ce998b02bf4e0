package payments

import (
	"context"
	"errors"
	"time"
)

// Saved is the processor's ids of a method that may be charged later; zero
// when there is none. No number of a card or account is in it.
type Saved struct {
	CustomerID string
	MethodID   string
	MandateID  string // of a bank account (ACH-03)
}

// SetupState is where the saving of a method stands, in our words.
type SetupState string

// States of a setup.
const (
	SetupOpen        SetupState = "open"         // the processor waits for a method
	SetupNeedsAction SetupState = "needs_action" // 3-D Secure waits for the consumer
	SetupVerifying   SetupState = "verifying"    // micro-deposits are on their way to the account (STR-11)
	SetupReady       SetupState = "ready"        // the method may be charged
	SetupFailed      SetupState = "failed"       // it was refused, given up or never verified
)

// Setup is what the processor holds about the saving of one method. Saved may
// be charged only when State is SetupReady.
type Setup struct {
	ID      string
	State   SetupState
	Saved   Saved
	Details Details
	Failure Failure
	// VerifyURL is the processor's page on which the consumer tells what the
	// micro-deposits said, and VerifyBy the time until which it can be told.
	VerifyURL string
	VerifyBy  time.Time
	// ActionURL is the page on which the consumer goes on, as with Truth.
	ActionURL string
}

// SaveRequest is the consumer's wish that a method be saved. Key is stored
// before the processor is asked: the same key saves once. Without a CustomerID
// the processor makes a customer for the account.
type SaveRequest struct {
	Key        string
	AccountID  string
	CustomerID string
	Method     Method
	Token      string // the processor's one-time token of the method
	Consent    Consent
}

// Saver saves methods for later charges (STR-08). Its errors are those of
// Gateway.
type Saver interface {
	// SaveMethod confirms a setup of the one-time token, with the proof of the
	// mandate (ACH-03). A decline is a Setup with SetupFailed, not an error.
	SaveMethod(ctx context.Context, r SaveRequest) (Setup, error)
	// FetchSetup returns what the processor holds now.
	FetchSetup(ctx context.Context, id string) (Setup, error)
	// CancelSetup gives up a setup. A method that was saved meanwhile is
	// forgotten, so that afterwards nothing can be charged.
	CancelSetup(ctx context.Context, id string) error
	// Forget takes a saved method off the account: it can never be charged
	// again. One that is gone already is no error.
	Forget(ctx context.Context, saved Saved) error
}

// MethodWatcher is told, outside of any transaction, that something about a
// saved method may have changed: a nudge to ask the processor. The same nudge
// may come more than once. An error makes the processor send its event again.
type MethodWatcher interface {
	// SetupChanged is about a setup, ours or not.
	SetupChanged(ctx context.Context, setupID string) error
	// MethodGone is about a method that may not be charged any more: it was
	// removed or its mandate has ended.
	MethodGone(ctx context.Context, methodID string) error
}

// SavedRequest is the wish to charge a saved method. While nobody is watching
// Consent is that of the agreement under which it is charged (REG-02).
type SavedRequest struct {
	Request
	Saved   Saved
	Details Details
	Consent Consent
}

func (r SavedRequest) complete() bool {
	return r.Saved.CustomerID != "" && r.Saved.MethodID != "" && r.Method != "" && r.Details.Type == r.Method
}

// ChargeSaved makes one unattended payment of a saved method and asks the
// processor, once. The same request key never charges twice, whatever died in
// between: it returns the payment that it made before, whatever became of it.
// A decline is a failed payment, not an error. Problems, ErrPaused,
// ErrMethodRefused, ErrNeedsConsent and ErrNoKey make no payment, nor does
// ErrNotNow, which says that nothing may be charged unattended. Beside
// ErrKeyReused the payment of that key is returned.
func (s *Service) ChargeSaved(ctx context.Context, r SavedRequest) (Payment, error) {
	switch {
	case r.RequestKey == "":
		return Payment{}, ErrNoKey
	case s.Unattended == nil:
		return Payment{}, ErrNotNow
	case !r.complete():
		return Payment{}, ErrMethodRefused
	}
	c, err := s.order(ctx, r)
	if err != nil || !c.Moved {
		return c.After, err
	}
	p, err := s.charge(ctx, c.After)
	if err != nil || !p.Status.Ended() || !p.known() {
		return p, err
	}
	p, _, err = s.recall(context.WithoutCancel(ctx), p)
	if err != nil {
		return p, nil //nolint:nilerr // it has failed; Sweep closes its intent
	}
	return p, nil
}

// hash differs from that of an attended request, so that a key of a form never
// stands for a charge of ours.
func (r SavedRequest) hash() string { return digest("unattended\n" + r.content()) }

// order stores the payment as submitted, in one transaction, or returns the one
// that the key made before, unmoved.
func (s *Service) order(ctx context.Context, r SavedRequest) (c Change, err error) {
	err = s.commit(ctx, func(ctx context.Context) error {
		c = Change{}
		payables, err := s.Unattended.Payables(ctx, r.AccountID, debtsOf(r.Amounts), "")
		if err != nil {
			return err
		}
		p, err := s.Store.PaymentByKey(ctx, r.AccountID, r.RequestKey)
		if errors.Is(err, ErrNotFound) {
			c, err = s.submitSaved(ctx, r, payables)
			return err
		}
		c = kept(p)
		return err
	})
	switch {
	case err != nil:
		return Change{}, err
	case c.After.RequestHash != r.hash():
		return c, ErrKeyReused
	}
	return c, nil
}

// submitSaved makes the payment and submits it in the caller's transaction.
func (s *Service) submitSaved(ctx context.Context, r SavedRequest, payables []Payable) (Change, error) {
	if err := s.judge(r.Amounts, payables); err != nil {
		return Change{}, err
	}
	p := s.newPayment(r.Request, payables)
	p.RequestHash, p.Status = r.hash(), Ready
	p.Saved, p.Details, p.Unattended = r.Saved, r.Details, true
	if err := mayUse(ctx, s.Unattended, p, r.Details); err != nil {
		return Change{}, err
	}
	p, _, err := s.Store.CreatePayment(ctx, p)
	if err != nil {
		return Change{}, err
	}
	return s.change(ctx, p.ID, func(_ context.Context, p Payment) (Change, error) {
		return submit(p, r.Consent, s.now())
	})
}
