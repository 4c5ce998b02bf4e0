package plans

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"quittance/payments"
	"quittance/plans/civil"
	"quittance/plans/schedule"
)

// chargeLease is how long a claimed charge belongs to one worker where
// Service.Lease does not say. The processor's deadlines are far shorter.
const chargeLease = 2 * time.Minute

// Run charges what is due, each installment once, however many workers run and
// whatever dies. It returns how many were looked at.
func (s *Service) Run(ctx context.Context, limit int) (int, error) {
	now := s.now()
	due, err := s.Agenda.ClaimDue(ctx, now, now.Add(cmp.Or(s.Lease, chargeLease)), limit)
	if err != nil {
		return 0, err
	}
	var failed error
	for _, d := range due {
		if err := s.collect(ctx, d); err != nil {
			failed = errors.Join(failed, err)
		}
	}
	return len(due), failed
}

// collect charges one installment: what is to be charged is committed first,
// under a key that never charges twice; then the processor is asked.
func (s *Service) collect(ctx context.Context, d Due) error {
	if err := s.askRecord(ctx, d); err != nil {
		return err
	}
	ask, wait := false, false
	c, err := s.change(ctx, d.Plan, func(ctx context.Context, p Plan) (Change, error) {
		subject, ends, err := s.Debts.Unattended(ctx, p)
		if err != nil {
			return unmoved(p), err
		}
		c, yes, err := claim(p, d.Number, subject, ends, s.now())
		ask, wait = yes, subject.Unanswered
		return c, err
	})
	if err != nil {
		return err
	}
	if !ask {
		if i, ok := c.After.Installment(d.Number); ok && wait && i.Unanswered {
			return s.Agenda.Defer(ctx, d, s.now().Add(askAgain(s.now().Sub(i.ChargeAt))))
		}
		return nil
	}
	papers, err := s.Papers.Agreements(ctx, d.Plan)
	if err != nil {
		return err
	}
	var consent payments.Consent
	if n := len(papers); n > 0 {
		consent = papers[n-1].Consent
	}
	_, err = s.Charger.ChargeSaved(ctx, c.After.charge(d.Number, consent))
	if !neverAsked(err) {
		return err // paid, declined, or unknown: the payment's own changes tell
	}
	_, err = s.change(ctx, d.Plan, func(_ context.Context, p Plan) (Change, error) {
		return turnedAway(p, d.Number, s.now()), nil
	})
	return err
}

// askRecord asks the system of record how a debt stands. Whether its answer is
// fresh is decided with everything else; that it gave none is only noted here.
func (s *Service) askRecord(ctx context.Context, d Due) error {
	if s.Record == nil {
		return nil
	}
	p, err := s.Store.Plan(ctx, d.Plan)
	if err != nil {
		return err
	}
	if err := s.Record.Ask(ctx, p); err != nil {
		s.Log.WarnContext(ctx, "the system of record did not say how a debt stands; nothing is charged", "plan", d.Plan, "error", err)
	}
	return nil
}

// Waits for an answer of the system of record: they grow with how long it has
// been silent.
const (
	askSoonest = 2 * time.Minute
	askLatest  = time.Hour
)

func askAgain(waited time.Duration) time.Duration {
	return min(max(waited/2, askSoonest), askLatest)
}

// neverAsked reports whether an error means that no payment was made and the
// processor was not asked.
func neverAsked(err error) bool {
	var problems payments.Problems
	return errors.As(err, &problems) || errors.Is(err, payments.ErrMethodRefused) || errors.Is(err, payments.ErrPaused)
}

// turnedAway gives an installment back that could not be charged after all: it
// is looked at again when its lease has run out.
func turnedAway(p Plan, number int, now time.Time) Change {
	n := p.index(number)
	if n < 0 || p.Installments[n].Status != InFlight || p.Installments[n].PaymentID != "" {
		return unmoved(p)
	}
	next := p.clone()
	next.Installments[n].Status = Scheduled
	return moved(p, next, Housekeeping, now)
}

// Tidy does what the days bring beside charges: notices that go out, grace days
// that end, pauses that are over, cards that end.
func (s *Service) Tidy(ctx context.Context, limit int) (int, error) {
	today := civil.Of(s.now())
	notices, err := s.Agenda.NoticesDue(ctx, today, limit)
	if err != nil {
		return 0, err
	}
	late, err := s.Agenda.Overdue(ctx, today, limit)
	if err != nil {
		return 0, err
	}
	verifying, failed := s.verify(ctx, limit)
	for _, d := range notices {
		_, err := s.change(ctx, d.Plan, func(ctx context.Context, p Plan) (Change, error) { return s.announce(ctx, p, d.Number) })
		failed = errors.Join(failed, err)
	}
	for _, d := range late {
		_, err := s.change(ctx, d.Plan, func(ctx context.Context, p Plan) (Change, error) { return s.lapse(ctx, p, d.Number) })
		failed = errors.Join(failed, err)
	}
	warned, err := s.warn(ctx, today, limit)
	return verifying + len(notices) + len(late) + warned, errors.Join(failed, err)
}

// verifyEvery is how often the processor is asked about a method that is being
// verified: the second path, beside its own events.
const verifyEvery = time.Hour

func (s *Service) verify(ctx context.Context, limit int) (int, error) {
	now := s.now()
	ids, err := s.Index.ClaimVerifying(ctx, now, now.Add(-verifyEvery), limit)
	if err != nil {
		return 0, err
	}
	var failed error
	for _, id := range ids {
		p, err := s.Store.Plan(ctx, id)
		if err == nil {
			err = s.refresh(ctx, p)
		}
		failed = errors.Join(failed, err)
	}
	return len(ids), failed
}

// announce gives the written notice of one charge (PDN-02).
func (s *Service) announce(ctx context.Context, p Plan, number int) (Change, error) {
	n := p.index(number)
	if n < 0 || p.Status != Active || p.Installments[n].Notice.State != NoticeWaiting {
		return unmoved(p), nil
	}
	state, message, err := s.Notices.Announce(ctx, p, p.Installments[n])
	if err != nil {
		return unmoved(p), err
	}
	next := p.clone()
	next.Installments[n].Notice.State, next.Installments[n].Notice.MessageID = state, message
	return moved(p, next, Housekeeping, s.now()), nil
}

// lapse notes that grace days are over, or that a pause is.
func (s *Service) lapse(ctx context.Context, p Plan, number int) (Change, error) {
	today, _, err := s.Debts.Calendar(ctx, p.AccountID)
	if err != nil {
		return unmoved(p), err
	}
	if number == 0 {
		return s.wake(ctx, p, today)
	}
	late := overdue(p, number, today, s.now())
	if !slices.Contains(late.News, NewsBroken) {
		return late, nil
	}
	// Nobody broke a plan on a debt that may not be asked for any more.
	if c, err := s.stood(ctx, p); err != nil || c.Moved {
		return c, err
	}
	return late, nil
}

// wake ends a pause whose last day has come.
func (s *Service) wake(ctx context.Context, p Plan, today civil.Date) (Change, error) {
	if p.Status != Paused || p.Reason != ByConsumer || p.ResumeOn.IsZero() || today.Before(p.ResumeOn) {
		return unmoved(p), nil
	}
	subject, ends, err := s.Debts.Unattended(ctx, p)
	if err != nil {
		return unmoved(p), err
	}
	next := p.clone()
	if subject.Refusal != "" {
		next.Reason, next.ResumeOn = Reason(subject.Refusal), civil.Date{}
		if ends && next.cancel(next.Reason) == nil {
			return moved(p, next, Housekeeping, s.now(), NewsCanceled), nil
		}
		return moved(p, next, Housekeeping, s.now()), nil
	}
	e := env{today: subject.Today, zones: subject.Zones}
	if err := next.resume(e); err != nil {
		return unmoved(p), err
	}
	if err := next.arrange(e); err != nil {
		return unmoved(p), err
	}
	return moved(p, next, Housekeeping, s.now(), NewsResumed), nil
}

// NoticeSent and NoticeLost hear what became of a notice.
func (s *Service) NoticeSent(ctx context.Context, messageID string, at time.Time) error {
	return s.noted(ctx, messageID, func(_ context.Context, _ Plan, i *Installment, today civil.Date) error {
		i.Notice.State, i.Notice.SentAt, i.Notice.On = NoticeGiven, at, today
		return nil
	})
}

// NoticeLost hears that a notice reached nobody: its charge is not made, unless
// one on paper still comes in time (PDN-03).
func (s *Service) NoticeLost(ctx context.Context, messageID string) error {
	return s.noted(ctx, messageID, func(ctx context.Context, p Plan, i *Installment, today civil.Date) error {
		i.Notice.State = NoticeFailed
		if p.Status != Active || i.Status != Scheduled || !schedule.Timely(today, i.Due) {
			return nil
		}
		id, err := s.Notices.Mail(ctx, p, *i)
		i.Notice.State, i.Notice.MessageID = NoticeMail, id
		return err
	})
}

func (s *Service) noted(ctx context.Context, messageID string, note func(ctx context.Context, p Plan, i *Installment, today civil.Date) error) error {
	d, err := s.Index.ByNotice(ctx, messageID)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = s.change(ctx, d.Plan, func(ctx context.Context, p Plan) (Change, error) {
		n := p.index(d.Number)
		if n < 0 || p.Installments[n].Notice.MessageID != messageID {
			return unmoved(p), nil
		}
		today, _, err := s.Debts.Calendar(ctx, p.AccountID)
		if err != nil {
			return unmoved(p), err
		}
		next := p.clone()
		if err := note(ctx, p, &next.Installments[n], today); err != nil {
			return unmoved(p), err
		}
		return moved(p, next, Housekeeping, s.now()), nil
	})
	return err
}

// PaymentChanged implements payments.Watcher, inside the payment's transaction:
// what a payment did to the plans of its debts.
func (s *Service) PaymentChanged(ctx context.Context, c payments.Change) error {
	if !c.Moved {
		return nil
	}
	pay, landed, gaveBack := c.After, c.Landed(), c.Before.Status == payments.Confirmed
	switch {
	case gaveBack && (pay.Status == payments.Reversed || pay.Status == payments.Refunded):
		return errors.Join(s.returned(ctx, pay), s.AccountsChanged(ctx, pay.AccountID))
	case pay.Status == payments.Confirmed && len(landed) == 0:
		return errors.Join(s.stands(ctx, c), s.AccountsChanged(ctx, pay.AccountID))
	}
	if id, number, attempt, ok := chargeOf(pay.RequestKey); ok {
		return errors.Join(s.installment(ctx, id, number, attempt, pay), s.standsSince(ctx, pay))
	}
	if id, number, ok := PurposeOf(pay); ok {
		return errors.Join(s.chosen(ctx, id, number, c), s.standsSince(ctx, pay))
	}
	for _, a := range landed {
		if err := s.elsewhere(ctx, pay.ID, a); err != nil {
			return err
		}
	}
	return s.standsSince(ctx, pay)
}

func (s *Service) installment(ctx context.Context, id ID, number, attempt int, pay payments.Payment) error {
	return s.credit(ctx, id, func(ctx context.Context, p Plan) (Change, []Credit, error) {
		if i, ok := p.Installment(number); ok && i.Attempts != attempt && pay.Status == payments.Confirmed {
			return s.belated(ctx, p, pay)
		}
		c, credits := charged(p, number, attempt, pay, s.now())
		return c, credits, nil
	})
}

// belated credits an attempt that worked after all, although a later one had
// taken its place: the money is the consumer's and pays what is still open.
func (s *Service) belated(ctx context.Context, p Plan, pay payments.Payment) (Change, []Credit, error) {
	today, _, err := s.Debts.Calendar(ctx, p.AccountID)
	if err != nil {
		return unmoved(p), nil, err
	}
	c, credits := paidElsewhere(p, pay.ID, pay.Amount, today, s.now())
	return c, credits, nil
}

func (s *Service) elsewhere(ctx context.Context, pay payments.ID, a payments.Allocation) error {
	p, err := s.Store.RunningPlan(ctx, a.DebtID)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.credit(ctx, p.ID, func(ctx context.Context, p Plan) (Change, []Credit, error) {
		today, _, err := s.Debts.Calendar(ctx, p.AccountID)
		if err != nil {
			return unmoved(p), nil, err
		}
		c, credits := paidElsewhere(p, pay, a.Amount, today, s.now())
		return c, credits, nil
	})
}

func (s *Service) credit(ctx context.Context, id ID, decide func(ctx context.Context, p Plan) (Change, []Credit, error)) error {
	_, err := s.change(ctx, id, func(ctx context.Context, p Plan) (Change, error) {
		c, credits, err := decide(ctx, p)
		if err != nil || len(credits) == 0 {
			return c, err
		}
		return c, s.Credits.AddCredits(ctx, credits)
	})
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

func (s *Service) returned(ctx context.Context, pay payments.Payment) error {
	credits, err := s.Credits.Credits(ctx, pay.ID)
	if err != nil || len(credits) == 0 {
		return err
	}
	seen := map[ID]bool{}
	for _, credit := range credits {
		if seen[credit.Plan] {
			continue
		}
		seen[credit.Plan] = true
		_, err := s.change(ctx, credit.Plan, func(ctx context.Context, p Plan) (Change, error) {
			today, _, err := s.Debts.Calendar(ctx, p.AccountID)
			if err != nil {
				return unmoved(p), err
			}
			replaced, err := s.replaced(ctx, p)
			return cameBack(p, pay, credits, replaced, today, s.now()), err
		})
		if err != nil {
			return err
		}
	}
	return s.Credits.DropCredits(ctx, pay.ID)
}

// replaced reports whether another plan runs on the debt of a plan that ended.
func (s *Service) replaced(ctx context.Context, p Plan) (bool, error) {
	if p.Status.Running() {
		return false, nil
	}
	_, err := s.Store.RunningPlan(ctx, p.Debt.ID)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
