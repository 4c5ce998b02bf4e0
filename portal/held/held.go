// Package held is money that was taken and may not stand on its debt: it came
// after a dispute, a bankruptcy, a recall or the like (AMT-06, STS-01). Package
// payments books it apart when it comes; here it is listed, put on its debt, or
// given back. In come the words of people and of the consumer; out go releases
// and refunds of payments. What is given back by itself goes once no bank can
// take it back any more (STR-13); a person may take that risk.
package held

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans/civil"
	"quittance/portal/debt"
	"quittance/portal/gate"
)

// ErrNotFound is returned for money that is not held.
var ErrNotFound = errors.New("no such held money")

// ErrChanged is returned where another amount is held than was shown.
var ErrChanged = errors.New("another amount is held than was shown")

// Consumer is who gives money back by the consumer's own word.
const Consumer = "consumer"

// Money is one debt's held part of a payment.
type Money struct {
	PaymentID       payments.ID
	Reference       string // of the payment
	AccountID       debt.AccountID
	AccountRef      string
	DebtID          debt.ID
	DebtRef         string
	CreditorRef     string
	Reason          string      // in the gate's word
	Amount          money.Cents // held now
	At              time.Time   // when it came
	ReversibleUntil time.Time   // until then a bank may take it back
	Disputed        bool        // the bank has a part of the payment: nothing of it goes back (STR-13)
	SentBackBy      string      // who said that it goes back; empty: nobody
	SentBackAt      time.Time
	AskedAt         time.Time           // when the processor was told to give it back; SentBackAt: it was to be told then, and no answer is known
	Order           payments.OrderState // of what was decided last; empty: none is kept
	Ordered         money.Cents         // by it
}

// Key is of the order to the processor that follows from what was decided last: asked
// twice it gives back once.
func (m Money) Key() string {
	return fmt.Sprintf("held/%s/%s/%d", m.PaymentID, m.DebtID, m.SentBackAt.UnixMicro())
}

// nothing reports whether the order came to nothing: under its key it is made no more.
func (m Money) nothing() bool {
	return m.Order == payments.OrderFailed || m.Order == payments.OrderRefused
}

// spent reports whether no order may follow under the same key any more. What was
// refused may be asked for again under it, as long as it is the same amount.
func (m Money) spent() bool {
	return m.Order == payments.OrderFailed || m.Order == payments.OrderRefused && m.Ordered != m.Amount
}

// another reports whether another amount is on its way than is held now.
func (m Money) another() bool { return m.Order == payments.OrderOpen && m.Ordered != m.Amount }

// Store keeps what was decided of held money. It runs in the caller's
// transaction.
type Store interface {
	// HeldMoney lists what is held, of one account or, where that is empty, of
	// all; the longest held first.
	HeldMoney(ctx context.Context, of debt.AccountID, most int) ([]Money, error)
	// HeldOf lists what is held of one payment.
	HeldOf(ctx context.Context, id payments.ID) ([]Money, error)
	// HeldDue lists payments of which something is to be given back that was not
	// asked for at the processor and that no bank can take back any more, or whose
	// order has no answer.
	HeldDue(ctx context.Context, now time.Time, most int) ([]payments.ID, error)
	// SendBackHeld notes that what is held of a payment for a debt goes back, or,
	// where asked is not zero, when the processor was told.
	SendBackHeld(ctx context.Context, id payments.ID, of debt.ID, by string, at, asked time.Time) error
}

// Payments moves held money.
type Payments interface {
	Release(ctx context.Context, id payments.ID, debtID, waived string) (payments.Payment, error)
	Refund(ctx context.Context, id payments.ID, b payments.Back) (payments.Payment, error)
	RefundFinal(ctx context.Context, id payments.ID, b payments.Back) (payments.Payment, error)
}

// Service decides about held money. All fields are required.
type Service struct {
	Tx       payments.Transactor
	Store    Store
	Payments Payments
	Zone     *time.Location // of the agency
	Days     int            // within which somebody is to decide
	Now      func() time.Time
}

// Due is the day by which held money is to be on no list any more: somebody
// decides within the days that the agency set; what is to go back goes on the day
// on which no bank can take it back; and it is there when the processor had its
// time.
func (s *Service) Due(m Money) civil.Date {
	switch {
	case m.SentBackBy == "":
		return civil.Of(m.At.In(s.Zone)).AddDays(s.Days)
	case m.nothing() && !m.AskedAt.IsZero():
		return civil.Of(m.AskedAt.In(s.Zone)).AddDays(s.Days)
	case !m.AskedAt.IsZero():
		return civil.Of(m.AskedAt.Add(takes).In(s.Zone))
	case m.ReversibleUntil.After(m.SentBackAt):
		return civil.Of(m.ReversibleUntil.In(s.Zone))
	}
	return civil.Of(m.SentBackAt.In(s.Zone))
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// List lists what is held, the longest held first.
func (s *Service) List(ctx context.Context, most int) ([]Money, error) {
	return s.Store.HeldMoney(ctx, "", most)
}

// mostOfOne bounds what is held of one account.
const mostOfOne = 100

// Of lists what is held of an account.
func (s *Service) Of(ctx context.Context, id debt.AccountID) ([]Money, error) {
	return s.Store.HeldMoney(ctx, id, mostOfOne)
}

// Release puts held money, as much as was shown, on its debt. While the debt may still not be paid it is
// payments.ErrDebtClosed; payments.ErrNotNow once it is to go back.
func (s *Service) Release(ctx context.Context, id payments.ID, of debt.ID, shown money.Cents) error {
	return s.release(ctx, id, of, shown, "")
}

// Count is the consumer's own word that what came for a debt they dispute shall
// count all the same (AMT-06). Said again, nothing more happens.
func (s *Service) Count(ctx context.Context, who debt.AccountID, id payments.ID, of debt.ID) error {
	one, err := s.own(ctx, who, id, of)
	if err != nil {
		return err
	}
	return s.release(ctx, id, of, one.Amount, string(gate.IsDisputed))
}

func (s *Service) release(ctx context.Context, id payments.ID, of debt.ID, shown money.Cents, waived string) error {
	var closed error
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		one, err := s.find(ctx, id, of)
		if err != nil {
			return err
		}
		switch {
		case one.SentBackBy != "":
			return payments.ErrNotNow
		case one.Amount != shown:
			return ErrChanged
		}
		if _, err = s.Payments.Release(ctx, id, string(of), waived); errors.Is(err, payments.ErrDebtClosed) {
			closed = err // what the gate decided is kept (GEN-01)
			return nil
		}
		return err
	})
	return errors.Join(err, closed)
}

// Return is the consumer's own word that what came for a debt they dispute goes
// back to them (AMT-06): once no bank can take it back any more.
func (s *Service) Return(ctx context.Context, who debt.AccountID, id payments.ID, of debt.ID) error {
	one, err := s.own(ctx, who, id, of)
	switch {
	case err != nil:
		return err
	case one.SentBackBy != "":
		return nil
	}
	return s.SendBack(ctx, id, of, one.Amount, Consumer, false)
}

// own finds disputed held money of an account; ErrNotFound for any other.
func (s *Service) own(ctx context.Context, who debt.AccountID, id payments.ID, of debt.ID) (Money, error) {
	one, err := s.find(ctx, id, of)
	if err == nil && (one.AccountID != who || one.Reason != string(gate.IsDisputed)) {
		err = ErrNotFound
	}
	return one, err
}

func (s *Service) find(ctx context.Context, id payments.ID, of debt.ID) (Money, error) {
	all, err := s.Store.HeldOf(ctx, id)
	if err != nil {
		return Money{}, err
	}
	i := slices.IndexFunc(all, func(m Money) bool { return m.DebtID == of })
	if i < 0 {
		return Money{}, ErrNotFound
	}
	return all[i], nil
}

// takes is how long a refund may be on its way of which no order is kept: after that
// it has failed, and is asked for anew.
const takes = 14 * 24 * time.Hour

// unanswered reports whether the order to give the money back was made, and whether
// the processor heard it is not known: its answer was lost, or we died.
func (m Money) unanswered() bool { return m.SentBackBy != "" && m.AskedAt.Equal(m.SentBackAt) }

// UnderWay reports whether the processor is giving the money back.
func (m Money) UnderWay(now time.Time) bool {
	return m.Order == payments.OrderOpen || !m.nothing() && !m.AskedAt.IsZero() && now.Sub(m.AskedAt) < takes
}

// SendBack says that what is held, as much as was shown, of a payment for a debt goes back to the
// consumer: once no bank can take it back any more or, at risk, at once. While the
// processor is giving it back it is payments.ErrNotNow. While the bank has a part of the payment
// nothing goes back (STR-13): at risk it is payments.ErrRefused. Said again before the
// processor has answered, it is the same decision: the processor is asked under
// the same key, and gives back once.
func (s *Service) SendBack(ctx context.Context, id payments.ID, of debt.ID, shown money.Cents, by string, atRisk bool) error {
	var one Money
	err := s.Tx.InTx(ctx, func(ctx context.Context) (err error) {
		if one, err = s.find(ctx, id, of); err != nil {
			return err
		}
		switch {
		case one.Amount != shown:
			return ErrChanged
		case one.another(), one.UnderWay(s.now()) && !one.unanswered():
			return payments.ErrNotNow
		case one.Disputed && atRisk:
			return payments.ErrRefused
		case one.SentBackBy == "" || one.nothing() || !one.AskedAt.IsZero() && !one.unanswered():
			one.SentBackBy, one.SentBackAt, one.AskedAt = by, s.now(), time.Time{}
		}
		if atRisk { // the order is kept before it is made: should we die over it, Run makes it
			one.AskedAt = one.SentBackAt
		}
		return s.Store.SendBackHeld(ctx, id, of, one.SentBackBy, one.SentBackAt, one.AskedAt)
	})
	if err != nil || one.Disputed {
		return err
	}
	err = s.give(ctx, one, atRisk)
	if errors.Is(err, payments.ErrTooEarly) || errors.Is(err, payments.ErrUnknownOutcome) || errors.Is(err, payments.ErrPaused) {
		return nil // Run gives it back
	}
	return err
}

// Run gives back what is to go back and may go now. It returns how many payments
// it looked at.
func (s *Service) Run(ctx context.Context, most int) (int, error) {
	due, err := s.Store.HeldDue(ctx, s.now(), most)
	if err != nil {
		return 0, err
	}
	var failed error
	for _, id := range due {
		if err := s.giveAll(ctx, id); err != nil {
			failed = errors.Join(failed, fmt.Errorf("give back payment %s: %w", id, err))
		}
	}
	return len(due), failed
}

// giveAll gives back what is to go back of a payment and was not asked for yet.
func (s *Service) giveAll(ctx context.Context, id payments.ID) (failed error) {
	all, err := s.Store.HeldOf(ctx, id)
	if err != nil {
		return err
	}
	for _, one := range all {
		due := one.SentBackBy != "" && (one.AskedAt.IsZero() || one.unanswered()) && !one.another()
		if due && one.spent() {
			if err := s.renew(ctx, &one); err != nil {
				return err
			}
			due = one.AskedAt.IsZero() && !s.now().Before(one.ReversibleUntil)
		}
		if due {
			failed = errors.Join(failed, s.give(ctx, one, one.unanswered()))
		}
	}
	return failed
}

// renew makes the same decision once more where its order came to nothing, so that an
// order of its own follows from it, once no bank can take the money back any more.
func (s *Service) renew(ctx context.Context, one *Money) error {
	return s.Tx.InTx(ctx, func(ctx context.Context) (err error) {
		if *one, err = s.find(ctx, one.PaymentID, one.DebtID); err != nil || !one.spent() {
			return err
		}
		one.SentBackAt, one.AskedAt, one.Order = later(s.now(), one.SentBackAt), time.Time{}, ""
		return s.Store.SendBackHeld(ctx, one.PaymentID, one.DebtID, one.SentBackBy, one.SentBackAt, one.AskedAt)
	})
}

// give asks the processor to give back what is held of a payment for one debt,
// under the key of that decision.
func (s *Service) give(ctx context.Context, one Money, atRisk bool) error {
	refund := s.Payments.RefundFinal
	if atRisk {
		refund = s.Payments.Refund
	}
	_, err := refund(ctx, one.PaymentID, payments.Back{DebtID: string(one.DebtID), Amount: one.Amount, Key: one.Key(), By: one.SentBackBy})
	asked := time.Time{}
	switch {
	case err == nil:
		asked = later(s.now(), one.SentBackAt)
	case !atRisk || !refused(err):
		return err
	}
	// What was refused at risk goes back once no bank can take it back any more.
	return errors.Join(err, s.Tx.InTx(context.WithoutCancel(ctx), func(ctx context.Context) error {
		return s.Store.SendBackHeld(ctx, one.PaymentID, one.DebtID, one.SentBackBy, one.SentBackAt, asked)
	}))
}

// refused reports whether nothing is given back by the order, now or later.
func refused(err error) bool {
	return errors.Is(err, payments.ErrRefused) || errors.Is(err, payments.ErrTooMuch) || errors.Is(err, payments.ErrNotNow)
}

// later is a time, but always after another one.
func later(t, than time.Time) time.Time {
	if t.After(than) {
		return t
	}
	return than.Add(time.Microsecond)
}
