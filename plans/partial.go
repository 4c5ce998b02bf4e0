package plans

import (
	"context"
	"errors"
	"slices"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/plans/civil"
)

// Books says what is owed on debts by the ledger, whatever plans say.
type Books interface {
	Owed(ctx context.Context, debtIDs []string) (map[string]money.Cents, error)
}

// stands follows a payment of which less stands than before, or more again, and
// that has not gone back as a whole.
func (s *Service) stands(ctx context.Context, c payments.Change) error {
	before, after := payments.Spread(c.Before.Allocations, c.Before.Net()), payments.Spread(c.After.Allocations, c.After.Net())
	for i, a := range c.After.Allocations {
		var err error
		switch {
		case a.Held != "": // it stands on no debt
		case after[i] < before[i]:
			err = s.fell(ctx, c.After, a.DebtID, after[i])
		case after[i] > before[i]:
			a.Amount = after[i] - before[i]
			err = s.rose(ctx, c.After.ID, a)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// standsSince follows what of a payment is gone by the time it lands: it is credited
// as a whole first.
func (s *Service) standsSince(ctx context.Context, pay payments.Payment) error {
	if pay.Status != payments.Confirmed || pay.Net() == pay.Amount {
		return nil
	}
	whole := pay
	whole.Refunded, whole.Withdrawn, whole.Allocations = 0, 0, slices.Clone(pay.Allocations)
	for i := range whole.Allocations {
		whole.Allocations[i].Refunded = 0
	}
	return s.stands(ctx, payments.Change{Before: whole, After: pay})
}

// rose credits what of a payment stands again. It may pay more of an installment
// that the payment paid in part already.
func (s *Service) rose(ctx context.Context, pay payments.ID, a payments.Allocation) error {
	had, err := s.Credits.Credits(ctx, pay)
	if err != nil {
		return err
	}
	if err := errors.Join(s.Credits.DropCredits(ctx, pay), s.elsewhere(ctx, pay, a)); err != nil {
		return err
	}
	all, err := s.Credits.Credits(ctx, pay)
	if err != nil {
		return err
	}
	for _, c := range had {
		i := slices.IndexFunc(all, func(other Credit) bool { return other.Plan == c.Plan && other.Number == c.Number })
		if i < 0 {
			all = append(all, c)
			continue
		}
		all[i].Amount += c.Amount
	}
	return errors.Join(s.Credits.DropCredits(ctx, pay), s.Credits.AddCredits(ctx, all))
}

// fell takes credits of a payment away, the last first, until they are no more
// than what stands of it on the debt; but no more than is owed on the debt by then,
// for what was paid too much and sent back is owed by nobody.
func (s *Service) fell(ctx context.Context, pay payments.Payment, debtID string, stands money.Cents) error {
	all, err := s.Credits.Credits(ctx, pay.ID)
	if err != nil {
		return err
	}
	var ids []ID
	for _, c := range all {
		ids = append(ids, c.Plan)
	}
	for _, id := range slices.Compact(ids) {
		_, err := s.change(ctx, id, func(ctx context.Context, p Plan) (Change, error) {
			if p.Debt.ID != debtID {
				return unmoved(p), nil
			}
			owed, err := s.owed(ctx, debtID)
			if err != nil {
				return unmoved(p), err
			}
			less, left := taken(p, all, min(credited(p, all)-stands, owed))
			if len(less) == 0 {
				return unmoved(p), nil
			}
			today, _, err := s.Debts.Calendar(ctx, p.AccountID)
			if err != nil {
				return unmoved(p), err
			}
			replaced, err := s.replaced(ctx, p)
			if err != nil {
				return unmoved(p), err
			}
			all = left
			err = errors.Join(s.Credits.DropCredits(ctx, pay.ID), s.Credits.AddCredits(ctx, all))
			return partBack(p, less, replaced, today, s.now()), err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// owed is what is owed on a debt; without books there is no bound.
func (s *Service) owed(ctx context.Context, debtID string) (money.Cents, error) {
	if s.Books == nil {
		return money.Max, nil
	}
	all, err := s.Books.Owed(ctx, []string{debtID})
	return all[debtID], err
}

func credited(p Plan, credits []Credit) (sum money.Cents) {
	for _, c := range credits {
		if c.Plan == p.ID {
			sum += money.Cents(c.Amount)
		}
	}
	return sum
}

// taken parts a payment's credits: less is what is taken from a plan, the last
// first, left what stays.
func taken(p Plan, credits []Credit, amount money.Cents) (less, left []Credit) {
	for _, c := range slices.Backward(credits) {
		if part := min(amount, money.Cents(c.Amount)); c.Plan == p.ID && part > 0 {
			amount -= part
			cut := c
			cut.Amount, c.Amount = int64(part), c.Amount-int64(part)
			less = append(less, cut)
		}
		if c.Amount > 0 {
			left = append(left, c)
		}
	}
	return less, left
}

// partBack takes some of what was paid away again: it was sent back, and is owed
// on the same installments. An automatic plan charges it only on a new day of the
// consumer's choice; one that another plan replaced asks for nothing.
func partBack(p Plan, less []Credit, replaced bool, today civil.Date, now time.Time) Change {
	next := p.clone()
	for _, c := range less {
		if n := next.index(c.Number); n >= 0 {
			next.Installments[n].owedAgain(money.Cents(c.Amount), replaced, next.Charging == ByHand && next.Installments[n].Due.After(today))
		}
	}
	next.reopen(replaced)
	return moved(p, next, PaymentReturned, now, NewsChanged)
}

// owedAgain takes something of what was paid on an installment back.
func (i *Installment) owedAgain(amount money.Cents, replaced, toCome bool) {
	i.Paid -= amount
	switch {
	case i.Status == Dropped || i.Status == InFlight:
	case replaced:
		i.Status = Dropped
	case toCome:
		i.Status = Scheduled
	default:
		i.Status = Failed
	}
}
