package plans

import (
	"context"

	"quittance/payments"
)

// BeginMethod starts the change of a running plan's method. Nothing of the plan
// changes before ChangeMethod; Choose takes the processor's token meanwhile.
func (s *Service) BeginMethod(ctx context.Context, accountID string, id ID, m payments.Method) (Draft, error) {
	p, err := s.own(ctx, accountID, id)
	if err != nil {
		return Draft{}, err
	}
	if !p.Status.Running() {
		return Draft{}, ErrNotNow
	}
	d := Draft{ID: s.NewDraftID(), Plan: id, AccountID: accountID, DebtID: p.Debt.ID, Charging: Automatic, Method: m, CreatedAt: s.now()}
	return d, s.Drafts.CreateDraft(ctx, d)
}

// MethodDraft reads what BeginMethod made, with the plan as it would be if the
// method could be charged at once. Change.Moved says that it still may be.
func (s *Service) MethodDraft(ctx context.Context, accountID string, id ID, draftID string) (Draft, Change, error) {
	d, err := s.Drafts.Draft(ctx, accountID, draftID)
	if err != nil {
		return d, Change{}, err
	}
	p, err := s.own(ctx, accountID, id)
	if err != nil {
		return d, Change{}, err
	}
	if d.Plan != id {
		return d, Change{}, ErrNotFound
	}
	if !p.Status.Running() {
		return d, unmoved(p), ErrNotNow
	}
	c, err := s.take(ctx, p, payments.Setup{ID: d.ID, State: payments.SetupReady, Details: d.Details})
	return d, c, err
}

// take decides as of now; a debt that may have no plan gets no new method.
func (s *Service) take(ctx context.Context, p Plan, setup payments.Setup) (Change, error) {
	subject, err := s.Debts.Subject(ctx, p.AccountID, p.Debt.ID)
	if err != nil {
		return unmoved(p), err
	}
	if subject.Refusal != "" {
		return unmoved(p), &Impossible{Problem: NotAllowed, Refusal: subject.Refusal}
	}
	now := s.now()
	return takeMethod(p, setup, env{today: subject.Today, zones: subject.Zones, signed: now}, now)
}

// ChangeMethod puts the method of a draft into its plan, signed by the consumer.
// The same draft again changes nothing more. ErrStale when the plan is not the
// one that was shown; payments.ErrMethodRefused when the method is declined or
// may not be used for the debt (STR-02). What was signed before is kept.
func (s *Service) ChangeMethod(ctx context.Context, accountID, draftID string, revision int64, name string, consent payments.Consent) (Plan, error) {
	d, err := s.Drafts.Draft(ctx, accountID, draftID)
	switch {
	case err != nil:
		return Plan{}, err
	case d.Plan == "":
		return Plan{}, ErrNotFound
	case d.Token == "":
		return Plan{}, ErrNotNow
	case name == "" || consent.Text == "":
		return Plan{}, ErrNoConsent
	}
	if err := s.Debts.MayUse(ctx, accountID, d.DebtID, d.Details); err != nil {
		return Plan{}, err
	}
	setup, err := s.saveMethod(ctx, d, consent)
	if err != nil {
		return Plan{}, err
	}
	c, err := s.change(ctx, d.Plan, func(ctx context.Context, p Plan) (Change, error) {
		c, err := s.take(ctx, p, setup)
		switch {
		case p.AccountID != accountID:
			return unmoved(p), ErrNotFound
		case err != nil || !c.Moved:
			return c, err
		case p.Revision != revision:
			return unmoved(p), ErrStale
		}
		c.Agreement = signed(c.After, c.Why, name, consent, s.now())
		return c, nil
	})
	if err != nil {
		s.giveUp(ctx, d.Plan, setup.ID)
		return Plan{}, err
	}
	s.replacedBy(ctx, c)
	return c.After, nil
}

// replacedBy gives up at the processor what a change took out of a plan: its
// method, and a setup that still ran. A method whose charge is on its way stays
// there; nothing charges it again.
func (s *Service) replacedBy(ctx context.Context, c Change) {
	was, is := c.Before, c.After
	if !c.Moved {
		return
	}
	ended := is.Status == Canceled
	if setup := was.verifying(); setup != "" && (ended || setup != is.SetupID && setup != is.Incoming.SetupID) {
		s.giveUp(ctx, is.ID, setup)
	}
	if ended || was.Saved.MethodID != is.Saved.MethodID && was.inFlight() == 0 {
		s.forget(ctx, was)
	}
}

func (s *Service) giveUp(ctx context.Context, id ID, setupID string) {
	if err := s.Saver.CancelSetup(context.WithoutCancel(ctx), setupID); err != nil {
		s.Log.WarnContext(ctx, "the saving of a method could not be given up", "plan", id, "error", err)
	}
}
