package payments

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"
)

// Handling is what became of one of the processor's events.
type Handling string

// Ways in which an event is handled. Each is final: the processor need not
// send the event again. Where the error says otherwise there is no Handling.
const (
	Applied   Handling = "applied"   // the truth was fetched and decided on, or who watches methods was told
	Duplicate Handling = "duplicate" // recorded before
	Unknown   Handling = "unknown"   // recorded; it is about nothing of ours
	Refused   Handling = "refused"   // nothing moved (with ErrWrongTruth or ErrWrongMode)
)

// Handle takes a signed event as a nudge: it fetches what the processor holds,
// applies it and records the event in the same transaction, so that each event
// has its effects once, in any order. After any error but ErrWrongMode and
// ErrWrongTruth the event is to be sent again.
func (s *Service) Handle(ctx context.Context, e Event) (Handling, error) {
	if e.LiveMode != s.ExpectLive {
		return Refused, ErrWrongMode
	}
	seen, err := s.Inbox.SeenEvent(ctx, e.ID)
	if err != nil || seen {
		return Duplicate, err
	}
	if e.SetupID != "" || e.GoneID != "" {
		return s.nudge(ctx, e)
	}
	p, err := s.about(ctx, e)
	if errors.Is(err, ErrNotFound) {
		return s.record(ctx, e, Unknown, func(ctx context.Context) error { return s.warn(ctx, e, "") })
	}
	if err != nil {
		return "", err
	}
	truth, err := s.fetch(ctx, p)
	if err != nil {
		return "", err
	}
	as, err := s.record(ctx, e, Applied, func(ctx context.Context) error {
		if err := s.warn(ctx, e, p.ID); err != nil {
			return err
		}
		_, err := s.settle(ctx, p.ID, truth)
		if errors.Is(err, ErrWrongTruth) {
			return refusal{err} // the event stays recorded
		}
		return err
	})
	if as == Applied && err == nil {
		err = s.shutPage(ctx, p.ID)
	}
	return as, err
}

// warn passes on what a person has to look at.
func (s *Service) warn(ctx context.Context, e Event, about ID) error {
	if s.Warnings == nil || e.Warning == (Warning{}) {
		return nil
	}
	return s.Warnings.Warn(ctx, e.Warning, about, e.Created)
}

// nudge tells of the saved method that an event is about, and then records the
// event: one that nobody took in is sent again.
func (s *Service) nudge(ctx context.Context, e Event) (Handling, error) {
	as, err := Applied, error(nil)
	switch {
	case s.Methods == nil:
		as = Unknown
	case e.SetupID != "":
		err = s.Methods.SetupChanged(ctx, e.SetupID)
	default:
		err = s.Methods.MethodGone(ctx, e.GoneID)
	}
	if err != nil {
		return "", err
	}
	return s.record(ctx, e, as, func(context.Context) error { return nil })
}

// record stores the event's id together with its effects.
func (s *Service) record(ctx context.Context, e Event, as Handling, effects func(ctx context.Context) error) (Handling, error) {
	err := s.commit(ctx, func(ctx context.Context) error {
		fresh, err := s.Inbox.RecordEvent(ctx, e, s.now())
		if err != nil {
			return err
		}
		if !fresh {
			as = Duplicate
			return nil
		}
		return effects(ctx)
	})
	switch {
	case errors.Is(err, ErrWrongTruth):
		return Refused, err
	case err != nil:
		return "", err
	}
	return as, nil
}

// about finds the payment of an event, with the ids by which the event knows
// it. An intent that is not the one we began is fetched as such and then found
// not to match.
func (s *Service) about(ctx context.Context, e Event) (Payment, error) {
	id, err := e.PaymentID, error(nil)
	if id == "" && e.IntentID == "" && e.CheckoutID == "" {
		return Payment{}, ErrNotFound
	}
	if id == "" {
		id, err = s.Store.PaymentOf(ctx, e.IntentID, e.CheckoutID)
	}
	if err != nil {
		return Payment{}, err
	}
	p, err := s.Store.Payment(ctx, id)
	if e.IntentID != "" {
		p.IntentID = e.IntentID
	}
	if p.CheckoutID == "" {
		p.CheckoutID = e.CheckoutID
	}
	return p, err
}

// Refresh asks the processor what became of a payment and applies it. A
// payment that waited too long is given up, at the processor first; so is the
// intent of an unattended one that failed, which nobody may confirm later
// (STR-08). Orders to give back of which the processor knows nothing are given
// again. The Truth holds what the consumer's browser needs to go on. When the
// processor cannot be asked the payment is returned as it is, with
// ErrUnknownOutcome.
func (s *Service) Refresh(ctx context.Context, id ID) (Payment, Truth, error) {
	p, err := s.Store.Payment(ctx, id)
	if err != nil {
		return p, Truth{}, err
	}
	if !p.known() {
		p, err = s.expire(ctx, p)
		return p, Truth{}, err
	}
	truth, err := s.fetch(ctx, p)
	if err == nil {
		p, err = s.settle(ctx, id, truth)
	}
	if err == nil {
		p, err = s.orderAgain(ctx, p, truth)
	}
	if err != nil {
		return p, Truth{}, errors.Join(err, s.askLater(ctx, p))
	}
	if s.overdue(p) && !truth.Microdeposits || p.Unattended && p.Status.Ended() && truth.State != IntentCanceled {
		return s.recall(ctx, p)
	}
	return p, truth, nil
}

// expire gives up a payment of which the processor knows nothing, once it has
// waited long enough.
func (s *Service) expire(ctx context.Context, p Payment) (Payment, error) {
	if !s.overdue(p) {
		return p, nil
	}
	c, err := s.change(ctx, p.ID, func(_ context.Context, p Payment) (Change, error) {
		return giveUp(p, Canceled, "", s.now()), nil
	})
	return c.After, err
}

// recall gives up a payment at the processor. If the money was taken meanwhile
// the processor says so and it is posted.
func (s *Service) recall(ctx context.Context, p Payment) (Payment, Truth, error) {
	truth, err := s.Gateway.Cancel(ctx, p)
	if err == nil {
		p, err = s.settle(ctx, p.ID, s.answered(p, truth))
	}
	if err != nil {
		return p, Truth{}, errors.Join(err, s.askLater(ctx, p))
	}
	return p, truth, nil
}

// fetch asks what the processor holds. The truth is as old as the question.
func (s *Service) fetch(ctx context.Context, p Payment) (Truth, error) {
	asked := s.after(p)
	truth, err := s.Gateway.Fetch(ctx, p)
	truth.ObservedAt = asked
	return truth, err
}

// answered dates the answer to an order: what the processor did is as new as
// its answer.
func (s *Service) answered(p Payment, t Truth) Truth {
	t.ObservedAt = s.after(p)
	return t
}

// after is now, but always later than what is known of the payment: clocks of
// two machines may differ, and a question asked after reading p is newer than
// what p was told.
func (s *Service) after(p Payment) time.Time {
	now := s.now()
	if least := p.ObservedAt.Add(time.Microsecond); !p.ObservedAt.IsZero() && now.Before(least) {
		return least
	}
	return now
}

// settle applies a truth in one transaction. One that does not match moves
// nothing; the alarms are told and ErrWrongTruth is returned.
func (s *Service) settle(ctx context.Context, id ID, truth Truth) (Payment, error) {
	c, err := s.change(ctx, id, func(ctx context.Context, p Payment) (Change, error) {
		p, err := s.closeOrders(ctx, p, truth)
		if err == nil {
			p, err = s.sift(ctx, p, truth)
		}
		if err != nil {
			return kept(p), err
		}
		c, err := Apply(p, truth, s.now())
		switch {
		case errors.Is(err, ErrWrongTruth):
			if alarm := s.alarm(ctx, mismatch(p, truth, err)); alarm != nil {
				return c, alarm
			}
			return c, refusal{err}
		case err == nil && !c.Moved:
			return c, s.Watch.NoteCheck(ctx, id, c.After.ObservedAt, s.nextCheck(c.After))
		case err == nil:
			return s.beyond(ctx, c)
		}
		return c, err
	})
	return c.After, err
}

// sift asks once more when money has come, under the lock of its debts: what may
// not stand on its debt is held (AMT-06, STS-01).
func (s *Service) sift(ctx context.Context, p Payment, t Truth) (Payment, error) {
	if came := p.ConfirmedAt.IsZero() && t.State == IntentSucceeded && match(p, t) == nil; !came {
		return p, nil
	}
	why, err := s.Accounts.Keep(ctx, p)
	if err != nil {
		return p, err
	}
	p.Allocations = slices.Clone(p.Allocations)
	for i := range p.Allocations {
		p.Allocations[i].Held = why[p.Allocations[i].DebtID]
	}
	return p, nil
}

// mismatch describes a truth that cannot be one of the payment. What was found
// is the money that the processor took, or else what it was asked for.
func mismatch(p Payment, t Truth, reason error) Mismatch {
	m := Mismatch{PaymentID: p.ID, IntentID: t.IntentID, Expected: p.Amount, Found: t.Amount, Reason: reason.Error()}
	if t.State == IntentSucceeded {
		m.Found = t.Received
	}
	return m
}

func (s *Service) alarm(ctx context.Context, m Mismatch) error {
	s.Log.ErrorContext(ctx, "processor's record does not match", slog.String("payment", string(m.PaymentID)), slog.String("reason", m.Reason))
	for _, a := range s.Alarms {
		if err := a.Mismatch(ctx, m); err != nil {
			return err
		}
	}
	return nil
}
