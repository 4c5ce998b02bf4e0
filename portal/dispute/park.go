package dispute

import (
	"context"
	"errors"
	"slices"
	"time"

	"quittance/payments"
	"quittance/payments/money"
	"quittance/portal/debt"
)

// Choice is what the consumer wants done with a payment that cleared on a debt
// they had disputed by then.
type Choice string

// The choices. Until one is made the payment counts, marked as disputed, and
// nobody moves it to another debt (AMT-06).
const (
	Unasked Choice = ""
	KeepIt  Choice = "keep"
	GiveIt  Choice = "return"
)

// Parked is a payment that was sent before a dispute and cleared after it.
type Parked struct {
	PaymentID payments.ID
	Reference string // of the payment
	AccountID debt.AccountID
	DebtID    debt.ID
	DisputeID ID
	Amount    money.Cents
	At        time.Time
	Choice    Choice
	ChosenAt  time.Time
}

// Parking keeps parked payments. It runs in the caller's transaction.
type Parking interface {
	// Park keeps a payment once.
	Park(ctx context.Context, p Parked) error
	// ParkedOf lists those of a dispute, oldest first.
	ParkedOf(ctx context.Context, id ID) ([]Parked, error)
	// ChooseParked keeps what the consumer wants; false when they chose before.
	ChooseParked(ctx context.Context, p Parked) (bool, error)
}

// Returner gives money back.
type Returner interface {
	Refund(ctx context.Context, id payments.ID, amount money.Cents, key string) (payments.Payment, error)
	Payment(ctx context.Context, accountID string, id payments.ID) (payments.Payment, error)
}

// Park asks again at settlement (AMT-06): a payment that was sent before a
// dispute and clears after it is posted to the debt that the consumer named, is
// marked as disputed to the system of record, and the consumer is asked whether
// it shall count. It is never moved to another debt.
type Park struct {
	Store   Store
	Parking Parking
	Return  Returner
	Now     func() time.Time
}

var _ payments.Watcher = (*Park)(nil)

// PaymentChanged implements payments.Watcher.
func (p *Park) PaymentChanged(ctx context.Context, c payments.Change) error {
	if !c.Moved || !slices.Contains(c.News, payments.NewsConfirmed) {
		return nil
	}
	behind, err := p.behind(ctx, c.After)
	if err != nil {
		return err
	}
	for _, a := range c.After.Allocations {
		id, disputed := behind[a.DebtID]
		if !disputed {
			continue
		}
		err := p.Parking.Park(ctx, Parked{
			PaymentID: c.After.ID, Reference: c.After.Reference, AccountID: debt.AccountID(c.After.AccountID), DebtID: debt.ID(a.DebtID),
			DisputeID: id, Amount: a.Amount, At: p.Now().UTC().Truncate(time.Microsecond),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Disputed says on which debts of a payment a dispute stands that came after it
// was sent.
func (p *Park) Disputed(ctx context.Context, pay payments.Payment) (map[string]bool, error) {
	behind, err := p.behind(ctx, pay)
	if err != nil {
		return nil, err
	}
	marked := map[string]bool{}
	for id := range behind {
		marked[id] = true
	}
	return marked, nil
}

func (p *Park) behind(ctx context.Context, pay payments.Payment) (map[string]ID, error) {
	all, err := p.Store.DisputesOf(ctx, debt.AccountID(pay.AccountID))
	if err != nil {
		return nil, err
	}
	found := map[string]ID{}
	for _, d := range all {
		if d.Kind == OfDebt && d.State() == Open && !d.OpenedAt.Before(pay.SubmittedAt) {
			found[string(d.DebtID)] = d.ID
		}
	}
	return found, nil
}

// Of lists what is parked behind a dispute.
func (p *Park) Of(ctx context.Context, id ID) ([]Parked, error) { return p.Parking.ParkedOf(ctx, id) }

// Returnable reports whether a parked payment can be given back here: a refund
// of a payment over several debts would come off all of them, so that is done by
// people.
func (p *Park) Returnable(ctx context.Context, of Parked) (bool, error) {
	pay, err := p.Return.Payment(ctx, string(of.AccountID), of.PaymentID)
	return err == nil && len(pay.Allocations) == 1 && pay.Status == payments.Confirmed, err
}

// Choose does what the consumer wants with a parked payment of theirs. Asked
// again it does nothing more; ErrNotFound for another's.
func (p *Park) Choose(ctx context.Context, d Dispute, id payments.ID, choice Choice) error {
	all, err := p.Parking.ParkedOf(ctx, d.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(one Parked) bool { return one.PaymentID == id })
	if i < 0 || choice != KeepIt && choice != GiveIt {
		return ErrNotFound
	}
	one := all[i]
	if one.Choice == KeepIt || one.Choice == Unasked && choice == KeepIt {
		one.Choice, one.ChosenAt = KeepIt, p.Now().UTC().Truncate(time.Microsecond)
		_, err := p.Parking.ChooseParked(ctx, one)
		return err
	}
	open, err := p.Returnable(ctx, one)
	if err != nil {
		return err
	}
	if !open {
		return ErrNotNow
	}
	one.Choice, one.ChosenAt = GiveIt, p.Now().UTC().Truncate(time.Microsecond)
	if _, err := p.Parking.ChooseParked(ctx, one); err != nil {
		return err
	}
	// The same key is the same refund, however often this is asked.
	_, err = p.Return.Refund(ctx, one.PaymentID, one.Amount, "parked/"+string(one.PaymentID)+"/"+string(one.DebtID))
	if errors.Is(err, payments.ErrUnknownOutcome) {
		return nil // the processor is asked until it is known
	}
	return err
}
