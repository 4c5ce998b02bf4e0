package payments

import (
	"context"
	"errors"
	"log/slog"
)

// Codes of failures that are our own and not the processor's, but for the
// last, which is both.
const (
	FailureRefused     = "processor_refused"     // the processor would not take the request
	FailureUnreachable = "processor_unreachable" // the processor could not be asked
	// FailureElsewhere is an unattended charge that somebody canceled at the
	// processor: it was meant, and is not asked for again unasked.
	FailureElsewhere = "canceled_at_processor"
	// FailureNeedsConsumer is a charge for which the bank wants the consumer to
	// take part (STR-08).
	FailureNeedsConsumer = "authentication_required"
)

// Submit takes the consumer's word to pay and asks the processor, once: a
// second Submit returns the payment as it is. A decline is no error but a
// failed payment; when the processor's answer is lost the payment is checking.
// ErrNeedsConsent, ErrNotNow, ErrDeclines, ErrPaused and Problems leave it
// unsubmitted.
func (s *Service) Submit(ctx context.Context, accountID string, id ID, consent Consent) (Payment, error) {
	c, err := s.changeOwn(ctx, accountID, id, func(ctx context.Context, p Payment) (Change, error) {
		c, err := submit(p, consent, s.now())
		if err != nil || !c.Moved {
			return c, err
		}
		if err := s.recheck(ctx, p); err != nil {
			return c, err
		}
		return c, s.mayTry(ctx, p) // after the debts are locked, like everywhere
	})
	if err != nil || !c.Moved {
		return c.After, err
	}
	return s.charge(ctx, c.After)
}

// charge asks the processor in two steps: an intent that cannot take money,
// whose id is stored, and then its confirmation. So whenever money can have
// moved the intent is known, whatever dies in between.
func (s *Service) charge(ctx context.Context, p Payment) (Payment, error) {
	ctx = context.WithoutCancel(ctx) // the consumer may leave; the gateway has deadlines of its own
	intentID, err := s.Gateway.Begin(ctx, p)
	if err != nil {
		return s.neverAsked(ctx, p.ID, err)
	}
	c, err := s.change(ctx, p.ID, func(_ context.Context, p Payment) (Change, error) {
		return begin(p, intentID, s.now()), nil
	})
	if err != nil || c.After.Status != Submitting || c.After.IntentID != intentID {
		return c.After, err // given up meanwhile: it must not be charged
	}
	truth, err := s.Gateway.Charge(ctx, c.After)
	if err != nil {
		return s.unanswered(ctx, c.After, err)
	}
	return s.settle(ctx, p.ID, s.answered(c.After, truth))
}

// neverAsked ends a payment for which no intent could be begun.
func (s *Service) neverAsked(ctx context.Context, id ID, cause error) (Payment, error) {
	s.Log.WarnContext(ctx, "payment could not be begun", slog.String("payment", string(id)), slog.Any("error", cause))
	code := FailureUnreachable
	if errors.Is(cause, ErrRefused) {
		code = FailureRefused
	}
	c, err := s.change(ctx, id, func(_ context.Context, p Payment) (Change, error) {
		return giveUp(p, Failed, code, s.now()), nil
	})
	return c.After, err
}

// unanswered notes that nobody knows whether the processor acted. When it said
// that it did not, the intent is given up at once; otherwise Refresh finds out.
func (s *Service) unanswered(ctx context.Context, p Payment, cause error) (Payment, error) {
	s.Log.WarnContext(ctx, "charge was not answered", slog.String("payment", string(p.ID)), slog.Any("error", cause))
	c, err := s.change(ctx, p.ID, func(_ context.Context, p Payment) (Change, error) {
		return lose(p, s.now()), nil
	})
	if err != nil || !errors.Is(cause, ErrRefused) {
		return c.After, err
	}
	truth, err := s.Gateway.Cancel(ctx, c.After)
	if err != nil {
		return c.After, nil //nolint:nilerr // the payment is still being checked, and that is what its state says
	}
	if truth.State == IntentCanceled && truth.Failure == (Failure{}) {
		truth.Failure.Code = FailureRefused
	}
	return s.settle(ctx, p.ID, s.answered(c.After, truth))
}
