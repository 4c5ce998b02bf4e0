package plans

import (
	"context"
	"errors"

	"quittance/payments"
)

// Plan reads a plan of the account; ErrNotFound for another's. One whose method
// is still being verified is asked about first.
func (s *Service) Plan(ctx context.Context, accountID string, id ID) (Plan, error) {
	p, err := s.own(ctx, accountID, id)
	if err != nil || p.verifying() == "" {
		return p, err
	}
	if err := s.refresh(ctx, p); err != nil {
		s.Log.WarnContext(ctx, "a plan's method could not be asked about", "plan", id, "error", err)
		return p, nil
	}
	return s.own(ctx, accountID, id)
}

func (s *Service) own(ctx context.Context, accountID string, id ID) (Plan, error) {
	p, err := s.Store.Plan(ctx, id)
	if err == nil && p.AccountID != accountID {
		return Plan{}, ErrNotFound
	}
	return p, err
}

// PlansOf lists an account's plans, the newest first.
func (s *Service) PlansOf(ctx context.Context, accountID string) ([]Plan, error) {
	return s.Store.PlansOfAccount(ctx, accountID)
}

// Agreements lists what was signed for a plan of the account, the oldest first.
func (s *Service) Agreements(ctx context.Context, accountID string, id ID) ([]Agreement, error) {
	if _, err := s.own(ctx, accountID, id); err != nil {
		return nil, err
	}
	return s.Papers.Agreements(ctx, id)
}

// Preview shows what a change would make of a plan. Nothing is saved.
func (s *Service) Preview(ctx context.Context, accountID string, id ID, b Bend) (Change, error) {
	p, err := s.own(ctx, accountID, id)
	if err != nil {
		return Change{}, err
	}
	return s.bent(ctx, p, b)
}

// Bend changes a plan as the consumer signed it. The revision is that of the
// plan they were shown: when it was changed meanwhile nothing moves (ErrStale).
// The same change again after it was made is ErrStale too.
func (s *Service) Bend(ctx context.Context, accountID string, id ID, b Bend, revision int64, name string, consent payments.Consent) (Plan, error) {
	if consent.Text == "" && b.Action != Cancel {
		return Plan{}, ErrNoConsent
	}
	c, err := s.change(ctx, id, func(ctx context.Context, p Plan) (Change, error) {
		switch {
		case p.AccountID != accountID:
			return Change{}, ErrNotFound
		case b.Action == Cancel && p.Status == Canceled:
			return unmoved(p), nil
		case b.Action != Cancel && p.Revision != revision:
			return unmoved(p), ErrStale
		}
		c, err := s.bent(ctx, p, b)
		if err != nil {
			return c, err
		}
		c.Agreement = signed(c.After, c.Why, name, consent, s.now())
		return c, nil
	})
	if err == nil {
		s.replacedBy(ctx, c)
	}
	return c.After, err
}

// forget gives a saved method up at the processor; a plan that ended charges
// nothing, whether this works or not.
func (s *Service) forget(ctx context.Context, p Plan) {
	if p.Saved.MethodID == "" {
		return
	}
	if err := s.Saver.Forget(context.WithoutCancel(ctx), p.Saved); err != nil {
		s.Log.WarnContext(ctx, "a saved method could not be given up", "plan", p.ID, "error", err)
	}
}

// bent decides a change as of now. Stopping, resting and going on by hand are
// always possible; everything else asks whether the debt may have a plan.
func (s *Service) bent(ctx context.Context, p Plan, b Bend) (Change, error) {
	subject, err := s.Debts.Subject(ctx, p.AccountID, p.Debt.ID)
	if err != nil {
		return unmoved(p), err
	}
	free := b.Action == Cancel || b.Action == Pause || b.Action == Hand
	if subject.Refusal != "" && !free {
		return unmoved(p), &Impossible{Problem: NotAllowed, Refusal: subject.Refusal}
	}
	now := s.now()
	return bend(p, b, env{today: subject.Today, zones: subject.Zones, signed: now}, now)
}

// Verify says where and how the bank account of an awaiting plan is verified.
func (s *Service) Verify(ctx context.Context, accountID string, id ID) (payments.Setup, error) {
	p, err := s.own(ctx, accountID, id)
	if err != nil {
		return payments.Setup{}, err
	}
	setupID := p.verifying()
	if setupID == "" {
		return payments.Setup{}, ErrNotNow
	}
	return s.Saver.FetchSetup(ctx, setupID)
}

// verifying is the setup that a plan waits for; empty when it waits for none.
func (p Plan) verifying() string {
	switch {
	case p.Incoming.Pending():
		return p.Incoming.SetupID
	case p.Status == Awaiting:
		return p.SetupID
	}
	return ""
}

// SetupChanged hears that the processor's setup of a method may have changed.
func (s *Service) SetupChanged(ctx context.Context, setupID string) error {
	id, err := s.Index.BySetup(ctx, setupID)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	p, err := s.Store.Plan(ctx, id)
	if err != nil {
		return err
	}
	return s.refresh(ctx, p)
}

// refresh asks the processor about the method that a plan waits for.
func (s *Service) refresh(ctx context.Context, p Plan) error {
	setupID := p.verifying()
	if setupID == "" {
		return nil
	}
	setup, err := s.Saver.FetchSetup(ctx, setupID)
	if err != nil {
		return err
	}
	c, err := s.change(ctx, p.ID, func(ctx context.Context, p Plan) (Change, error) {
		today, zones, err := s.Debts.Calendar(ctx, p.AccountID)
		if err != nil {
			return unmoved(p), err
		}
		e := env{today: today, zones: zones}
		if p.Incoming.Pending() {
			return arrived(p, setup, e, s.now())
		}
		return verified(p, setup, e, s.now())
	})
	if err == nil {
		s.replacedBy(ctx, c)
	}
	return err
}

// MethodGone hears that a saved method can no longer be charged: it was removed
// or its mandate ended.
func (s *Service) MethodGone(ctx context.Context, methodID string) error {
	ids, err := s.Index.ByMethod(ctx, methodID)
	if err != nil {
		return err
	}
	for _, id := range ids {
		_, err := s.change(ctx, id, func(_ context.Context, p Plan) (Change, error) {
			return methodGone(p, methodID, s.now()), nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
