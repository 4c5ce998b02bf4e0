package plans

import (
	"context"
	"errors"
	"fmt"
	"time"

	"quittance/payments"
	"quittance/plans/civil"
)

// Options says what the consumer is offered on a debt. ErrNotFound for a debt
// of another account.
func (s *Service) Options(ctx context.Context, accountID, debtID string) (Options, error) {
	subject, terms, err := s.subject(ctx, accountID, debtID)
	if err != nil {
		return Options{}, err
	}
	o := Offers(subject, terms)
	running, err := s.Store.RunningPlan(ctx, debtID)
	switch {
	case err == nil && running.AccountID == accountID:
		return Options{Subject: subject, Terms: terms, Running: &running}, nil
	case err == nil: // of somebody else who owes the debt too, which is not told
		return o, nil
	case !errors.Is(err, ErrNotFound):
		return Options{}, err
	}
	return o, nil
}

func (s *Service) subject(ctx context.Context, accountID, debtID string) (Subject, Terms, error) {
	subject, err := s.Debts.Subject(ctx, accountID, debtID)
	if err != nil {
		return Subject{}, Terms{}, err
	}
	all, err := s.Terms.TermsFor(ctx, subject.Debt.CreditorRef, subject.DebtType, subject.Debt.Ref)
	if err != nil {
		return Subject{}, Terms{}, err
	}
	terms := Effective(all, subject)
	latest, err := s.Latest(ctx, accountID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Subject{}, Terms{}, err
	}
	return subject, terms.relaxed(latest.Finding.Ceiling, err == nil), nil
}

// Begin keeps a wish as a draft and shows what it would be. What cannot be is
// *Impossible.
func (s *Service) Begin(ctx context.Context, accountID, debtID string, w Wish) (Draft, Quote, error) {
	q, err := s.quote(ctx, accountID, debtID, w)
	if err != nil {
		return Draft{}, Quote{}, err
	}
	d := Draft{ID: s.NewDraftID(), AccountID: accountID, DebtID: debtID, Wish: fixed(w, q), CreatedAt: s.now()}
	return d, q, s.Drafts.CreateDraft(ctx, d)
}

// fixed is a wish whose first day no longer depends on when it is asked.
func fixed(w Wish, q Quote) Wish {
	w.Rule = q.Rule
	return w
}

func (s *Service) quote(ctx context.Context, accountID, debtID string, w Wish) (Quote, error) {
	subject, terms, err := s.subject(ctx, accountID, debtID)
	if err != nil {
		return Quote{}, err
	}
	if _, err := s.Store.RunningPlan(ctx, debtID); !errors.Is(err, ErrNotFound) {
		if err == nil {
			err = ErrRunning
		}
		return Quote{}, err
	}
	return Make(subject, terms, w)
}

// Draft reads a draft with its quote as it stands today.
func (s *Service) Draft(ctx context.Context, accountID, id string) (Draft, Quote, error) {
	d, err := s.Drafts.Draft(ctx, accountID, id)
	if err == nil && d.Plan != "" {
		err = ErrNotFound // of a plan's method, and no wish
	}
	if err != nil {
		return Draft{}, Quote{}, err
	}
	q, err := s.quote(ctx, accountID, d.DebtID, d.Wish)
	if err == nil {
		q, err = stands(d, q)
	}
	return d, q, err
}

// stands holds a settlement to the days for which it was promised, counted from
// when it was shown.
func stands(d Draft, q Quote) (Quote, error) {
	if q.Kind != Settlement {
		return q, nil
	}
	valid := civil.DaysBetween(q.Today, q.Expires)
	q.Expires = notBefore(civil.Of(d.CreatedAt).AddDays(valid), q.Until)
	if q.Today.After(q.Expires) {
		return Quote{}, &Impossible{Problem: NoSettlement}
	}
	return q, nil
}

// Revise changes the wish of a draft, for instance its first day.
func (s *Service) Revise(ctx context.Context, accountID, id string, w Wish) (Draft, Quote, error) {
	d, err := s.Drafts.Draft(ctx, accountID, id)
	if err != nil {
		return Draft{}, Quote{}, err
	}
	q, err := s.quote(ctx, accountID, d.DebtID, w)
	if err != nil {
		return d, Quote{}, err
	}
	d.Wish = fixed(w, q)
	return d, q, s.Drafts.SaveDraft(ctx, d)
}

// Choose notes who starts each payment and, where a method is to be charged,
// the processor's token of it. payments.ErrMethodRefused when it may not be used
// for this debt (STR-02). Without a token only the choice is noted.
func (s *Service) Choose(ctx context.Context, accountID, id string, c Charging, m payments.Method, token string) (Draft, error) {
	d, err := s.Drafts.Draft(ctx, accountID, id)
	if err != nil {
		return Draft{}, err
	}
	d.Charging, d.Method, d.Token, d.Details = c, m, token, payments.Details{}
	if c == ByHand {
		d.Method, d.Token = "", ""
		return d, s.Drafts.SaveDraft(ctx, d)
	}
	if token == "" {
		return d, s.Drafts.SaveDraft(ctx, d)
	}
	if d.Details, err = s.Inspect(ctx, token); err != nil {
		return d, err
	}
	if d.Details.Type != m {
		return d, payments.ErrMethodRefused
	}
	if err := s.Debts.MayUse(ctx, accountID, d.DebtID, d.Details); err != nil {
		return d, err
	}
	return d, s.Drafts.SaveDraft(ctx, d)
}

// Enroll makes the plan that a draft describes, signed by the consumer. The same
// draft again is the same plan. A declined method is payments.ErrMethodRefused;
// what can no longer be is *Impossible; ErrRunning when the debt got a plan
// meanwhile.
func (s *Service) Enroll(ctx context.Context, accountID, draftID, name string, c payments.Consent) (Plan, error) {
	d, q, err := s.Draft(ctx, accountID, draftID)
	if errors.Is(err, ErrRunning) {
		return s.enrolled(ctx, accountID, draftID)
	}
	if err != nil {
		return Plan{}, err
	}
	if d.Charging == "" || d.Charging == Automatic && d.Token == "" {
		return Plan{}, ErrNotNow
	}
	if name == "" || c.Text == "" {
		return Plan{}, ErrNoConsent
	}
	setup, err := s.saveMethod(ctx, d, c)
	if err != nil {
		return Plan{}, err
	}
	return s.create(ctx, d, q, setup, name, c)
}

// enrolled finds the plan that a draft became.
func (s *Service) enrolled(ctx context.Context, accountID, draftID string) (Plan, error) {
	all, err := s.Store.PlansOfAccount(ctx, accountID)
	if err != nil {
		return Plan{}, err
	}
	for _, p := range all {
		if p.RequestKey == draftID {
			return p, nil
		}
	}
	return Plan{}, ErrRunning
}

// saveMethod asks the processor to keep the method for later charges. Its key
// is the draft's, so that asking again after a crash saves it once.
func (s *Service) saveMethod(ctx context.Context, d Draft, c payments.Consent) (payments.Setup, error) {
	if d.Charging == ByHand {
		return payments.Setup{}, nil
	}
	setup, err := s.Saver.SaveMethod(ctx, payments.SaveRequest{
		Key: d.ID, AccountID: d.AccountID, Method: d.Method, Token: d.Token, Consent: c,
	})
	switch {
	case err != nil:
		return payments.Setup{}, err
	case setup.State == payments.SetupFailed:
		return payments.Setup{}, payments.ErrMethodRefused
	}
	if setup.Details == (payments.Details{}) {
		setup.Details = d.Details
	}
	return setup, nil
}

func (s *Service) create(ctx context.Context, d Draft, q Quote, setup payments.Setup, name string, c payments.Consent) (Plan, error) {
	var made Plan
	err := s.commit(ctx, func(ctx context.Context) error {
		// Asked again under lock: the debt may have been disputed or paid since, or be
		// closed by a file at this very moment.
		if err := s.Debts.Lock(ctx, d.AccountID); err != nil {
			return err
		}
		subject, terms, err := s.subject(ctx, d.AccountID, d.DebtID)
		if err != nil {
			return err
		}
		if q, err = Make(subject, terms, d.Wish); err == nil {
			q, err = stands(d, q)
		}
		if err != nil {
			return err
		}
		id, reference := s.NewID()
		change, err := agree(id, reference, d, subject, q, setup, name, c, s.now())
		if err != nil {
			return err
		}
		kept, created, err := s.Store.CreatePlan(ctx, change.After, *change.Agreement)
		made = kept
		if err != nil || !created {
			return err
		}
		return s.tell(ctx, change)
	})
	return made, err
}

// now is the time as it is stored: UTC, in microseconds.
func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// refusal is an error that moves nothing but commits its transaction, so that
// what was decided on the way to it is kept (GEN-01).
type refusal struct{ error }

// commit runs fn in a transaction; what is *Impossible commits it and is
// returned, so that the gate's decision is kept.
func (s *Service) commit(ctx context.Context, fn func(ctx context.Context) error) error {
	var refused refusal
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		err := fn(ctx)
		var impossible *Impossible
		if errors.As(err, &impossible) {
			refused.error = err
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	return refused.error
}

// change is the one shape in which a plan changes: load under lock, decide
// once, save what was decided, tell the watchers, all in one transaction.
func (s *Service) change(ctx context.Context, id ID, decide func(ctx context.Context, p Plan) (Change, error)) (Change, error) {
	var c Change
	err := s.commit(ctx, func(ctx context.Context) error {
		p, err := s.Store.Plan(ctx, id)
		if err != nil {
			return err
		}
		if c, err = decide(ctx, p); err != nil || !c.Moved {
			return err
		}
		if err := s.Store.SavePlan(ctx, c); err != nil {
			return err
		}
		return s.tell(ctx, c)
	})
	if err != nil && c.Moved {
		c = unmoved(c.Before) // it was undone
	}
	return c, err
}

func (s *Service) tell(ctx context.Context, c Change) error {
	for _, w := range s.Watchers {
		if err := w.PlanChanged(ctx, c); err != nil {
			return fmt.Errorf("plan %s: %w", c.After.ID, err)
		}
	}
	return nil
}
