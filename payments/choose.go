package payments

import (
	"context"
	"errors"
)

// Choose takes the processor's one-time token of a payment method, looks at
// what it stands for and, when that may be used for these debts (STR-02),
// makes the payment ready for review. ErrMethodRefused when it may not, ErrDeclines
// where too many cards were declined.
func (s *Service) Choose(ctx context.Context, accountID string, id ID, token string) (Payment, error) {
	if token == "" {
		return Payment{}, ErrMethodRefused
	}
	p, err := s.Payment(ctx, accountID, id)
	if err != nil {
		return Payment{}, err
	}
	if !May(p.Status, Ready) {
		return p, ErrNotNow
	}
	details, err := s.Gateway.Inspect(ctx, token)
	if err != nil {
		return p, err
	}
	if details.Type != p.Method {
		return p, ErrMethodRefused
	}
	c, err := s.changeOwn(ctx, accountID, id, func(ctx context.Context, p Payment) (Change, error) {
		if err := mayUse(ctx, s.Accounts, p, details); err != nil {
			return kept(p), err
		}
		chosen := p
		chosen.Details = details
		if err := s.mayTry(ctx, chosen); err != nil {
			return kept(p), err
		}
		return choose(p, token, details, s.now())
	})
	return c.After, err
}

// mayUse asks whether the method may be used; the answer is kept.
func mayUse(ctx context.Context, accounts Accounts, p Payment, d Details) error {
	err := accounts.MayUse(ctx, p, d)
	if errors.Is(err, ErrMethodRefused) {
		return refusal{err}
	}
	return err
}

// OpenPage takes the consumer's word to pay, sends them to the processor's own
// page for the payment and returns its address. What card they will use there is
// not known, so it is refused where any card would be (STR-02). ErrNeedsConsent
// without what they agreed to: they pay on a page that is not ours, so it is
// shown and kept before, for every method (AMT-08, ACH-03).
func (s *Service) OpenPage(ctx context.Context, accountID string, id ID, consent Consent, returnURL, cancelURL string) (string, error) {
	var next Payment
	_, err := s.changeOwn(ctx, accountID, id, func(ctx context.Context, p Payment) (Change, error) {
		c, err := open(p, consent, p.CheckoutID, s.now())
		if err != nil {
			return kept(p), err
		}
		if err := s.recheck(ctx, p); err != nil {
			return kept(p), err
		}
		if err := s.mayTry(ctx, p); err != nil {
			return kept(p), err
		}
		next = c.After
		return kept(p), mayUse(ctx, s.Accounts, p, Details{Type: p.Method})
	})
	if err != nil {
		return "", err
	}
	checkoutID, url, err := s.Hosted.OpenPage(ctx, next, returnURL, cancelURL)
	if err != nil {
		return "", err
	}
	_, err = s.change(ctx, id, func(ctx context.Context, p Payment) (Change, error) {
		c, err := open(p, next.Consent, checkoutID, s.now())
		if err == nil && c.Moved { // again, under the lock under which it begins to count
			err = s.recheck(ctx, p)
		}
		if err == nil && c.Moved {
			err = s.mayTry(ctx, p)
		}
		return c, err
	})
	if err != nil {
		return "", err // the page was never shown, so nobody can pay on it
	}
	return url, nil
}
